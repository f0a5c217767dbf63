"""The back office: its own application, with its own rules."""

from __future__ import annotations

from flama import Flama
from flama.endpoints import HTTPEndpoint
from flama.middleware import Middleware

from bookshop.core.middleware import TimingMiddleware

admin = Flama(schema="/openapi/", docs=None, middleware=[Middleware(TimingMiddleware)])


class ReportEndpoint(HTTPEndpoint):
    async def get(self, year: int, month: int = 1):
        return {"year": year, "month": month}

    async def post(self, year: int):
        return {"queued": year}


@admin.route("/users/{name}/", methods=["GET", "DELETE"])
async def user(name: str):
    return name


admin.add_route("/reports/{year:int}/", ReportEndpoint, name="reports")
