"""Items: a Router, with a class for the views of one item."""

from __future__ import annotations

from flama.endpoints import HTTPEndpoint
from flama.exceptions import HTTPException
from flama.routing import Router

from shop.models import Colour, Item, NewItem
from shop.store import Store

router = Router()


@router.get("/", name="list")
async def index(
    store: Store, q: str | None = None, colour: Colour | None = None, limit: int = 20
) -> list[Item]:
    found = [item for item in store.items.values() if q is None or q in item.name]
    return [item for item in found if colour in (None, item.colour)][:limit]


@router.post("/", name="add")
async def add(store: Store, item: NewItem) -> Item:
    return store.add(item)


@router.route("/{item_id:int}/", name="one")
class ItemViews(HTTPEndpoint):
    async def get(self, store: Store, item_id: int) -> Item:
        return _found(store, item_id)

    async def delete(self, store: Store, item_id: int) -> dict[str, int]:
        _found(store, item_id)
        del store.items[item_id]
        return {"removed": item_id}


def _found(store: Store, item_id: int) -> Item:
    item = store.items.get(item_id)
    if item is None:
        raise HTTPException(404, f"no item {item_id}")
    return item
