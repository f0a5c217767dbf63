from __future__ import annotations

from decimal import Decimal
from typing import Literal


async def search(
    q: str,
    sort: Literal["title", "price"] = "title",
    max_price: Decimal | None = None,
    page: int = 1,
):
    return {"q": q, "sort": sort, "page": page}


async def suggest(q: str):
    return []
