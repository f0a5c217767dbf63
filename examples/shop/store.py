"""Where things are kept, and the component that gives views access to it."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from flama import Component

from shop.models import Basket, Item, NewItem, Order


class Store:
    """Everything in memory."""

    def __init__(self) -> None:
        self.items = {1: Item(1, "kettle", Decimal("24.90")), 2: Item(2, "lamp", Decimal("39"))}
        self.orders: dict[uuid.UUID, Order] = {}

    def add(self, new: NewItem) -> Item:
        item = Item(max(self.items) + 1, new.name, new.price, new.colour)
        self.items[item.id] = item
        return item

    def place(self, basket: Basket) -> Order:
        placed = datetime.datetime.now(datetime.UTC)
        order = Order(uuid.uuid4(), basket.items, placed)
        self.orders[order.id] = order
        return order


STORE = Store()


class StoreComponent(Component):
    """Fills every parameter annotated with `Store`."""

    def resolve(self) -> Store:
        return STORE
