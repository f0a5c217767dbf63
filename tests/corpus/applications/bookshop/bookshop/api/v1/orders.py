from flama import Router
from flama.routing import Route

from bookshop.domain import Order
from bookshop.services.orders import OrderService


def place(order: Order, orders: OrderService):
    return {"lines": orders.place(order)}


def show(number: int):
    return {"number": number}


def cancel(number: int, reason: str = ""):
    return {"number": number, "reason": reason}


router = Router(
    routes=[
        Route("/", place, methods=["POST"]),
        Route("/{number:int}/", show),
        Route("/{number:int}/", cancel, methods=["DELETE"], name="cancel"),
    ]
)
