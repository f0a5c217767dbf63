import typing as t

from flama import Flama

from . import versions
from .accounts.routes import accounts
from .common.errors import NotBalanced, not_balanced
from .common.versions import Version
from .entries.routes import entries, entries_v2
from .reports import reports

api = Flama(openapi={"info": {"title": "Ledger", "version": versions.CURRENT}})
api.add_exception_handler(NotBalanced, not_balanced)

v1 = Flama(openapi={"info": {"title": "Ledger v1", "version": "1"}}, docs=None)
v1.mount("/accounts", accounts, name="accounts")
v1.mount("/entries", entries, name="entries")

v2 = Flama(openapi={"info": {"title": "Ledger v2", "version": "2"}}, docs=None)
v2.mount("/accounts", accounts, name="accounts")
v2.mount("/books/{book:int}/entries", entries_v2, name="entries")
v2.mount("/reports", reports, name="reports")

VERSIONS: t.Final[dict[str, Flama]] = {Version.V1: v1, Version.V2: v2}

for version, app in VERSIONS.items():
    api.mount(f"/{version.value}", app, name=version.value)

api.mount("/latest", VERSIONS[Version.V2], name="latest")


@api.get("/", name="versions")
async def list_versions() -> list[str]:
    return [version.value for version in VERSIONS]


# Added after the mounts on purpose: both versions see it.
@accounts.get("/{number}/statement/", name="statement")
async def statement(number: str, month: t.Optional[int] = None):
    return {"number": number, "month": month}
