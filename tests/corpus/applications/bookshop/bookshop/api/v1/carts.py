from __future__ import annotations

from uuid import UUID

from flama import Router

from bookshop.domain import OrderLine
from bookshop.domain.customers import Customer

router = Router()


@router.post("/")
async def open_cart(customer: Customer):
    return {"owner": customer.name}


@router.get("/{cart_id:uuid}/")
async def show_cart(cart_id: UUID):
    return {}


@router.post("/{cart_id:uuid}/lines/")
async def add_line(cart_id: UUID, line: OrderLine):
    return {}


@router.route("/{cart_id:uuid}/lines/{position:int}/", methods=["PATCH", "DELETE"])
async def change_line(cart_id: UUID, position: int):
    return {}
