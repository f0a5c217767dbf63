"""The back office: an application that mounts another one."""

from __future__ import annotations

from flama import Flama

from shop.admin.reports import app as reports
from shop.store import Store

app = Flama(schema=None, docs=None)


@app.get("/", name="home")
async def home(store: Store) -> dict[str, int]:
    return {"items": len(store.items), "orders": len(store.orders)}


app.mount("/reports", reports, name="reports")
