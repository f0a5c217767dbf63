"""Orders: an application of its own, with its own errors."""

from __future__ import annotations

import uuid

from flama import Flama
from flama.http import JSONResponse, Request

from shop.models import Basket, Order
from shop.store import Store


class UnknownOrder(Exception):
    def __init__(self, order_id: uuid.UUID) -> None:
        self.order_id = order_id
        super().__init__(str(order_id))


async def unknown_order(request: Request, error: UnknownOrder) -> JSONResponse:
    return JSONResponse({"unknown": str(error.order_id)}, status_code=404)


app = Flama(schema=None, docs=None)
app.add_exception_handler(UnknownOrder, unknown_order)


@app.post("/")
async def place(store: Store, basket: Basket) -> Order:
    return store.place(basket)


@app.get("/{order_id:uuid}/")
async def order(store: Store, order_id: uuid.UUID) -> Order:
    try:
        return store.orders[order_id]
    except KeyError:
        raise UnknownOrder(order_id) from None
