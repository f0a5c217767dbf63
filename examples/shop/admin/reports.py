"""Reports, two mounts below the shop."""

from __future__ import annotations

import datetime
from decimal import Decimal

from flama import Flama

from shop.store import Store

app = Flama(schema=None, docs=None)


@app.get("/stock/")
async def stock(store: Store) -> dict[str, Decimal]:
    return {item.name: item.price for item in store.items.values()}


@app.get("/sales/{year:int}/")
async def sales(store: Store, year: int, since: datetime.date | None = None) -> dict[str, int]:
    orders = [order for order in store.orders.values() if order.placed.year == year]
    late = [order for order in orders if since is None or order.placed.date() >= since]
    return {"year": year, "orders": len(late)}
