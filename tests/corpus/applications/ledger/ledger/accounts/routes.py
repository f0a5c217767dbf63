from flama import Router

from ..common.audit import audited
from ..common.pagination import paginated
from .schemas import Account, AccountPatch

accounts = Router()


@accounts.get("/", name="list")
@paginated(limit=500)
async def list_accounts(currency: str | None = None) -> list[Account]:
    return []


@accounts.post("/", name="open")
@audited("account-opened")
async def open_account(account: Account) -> Account:
    return account


@accounts.patch("/{number}/", name="change")
@audited("account-changed")
async def change_account(number: str, patch: AccountPatch) -> Account:
    return Account(number)


@accounts.get("/{number}/", name="show")
async def show_account(number: str) -> Account:
    return Account(number)
