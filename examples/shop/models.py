"""What the shop speaks of."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum


class Colour(Enum):
    RED = "red"
    GREEN = "green"


@dataclass
class Item:
    id: int
    name: str
    price: Decimal
    colour: Colour = Colour.GREEN


@dataclass
class NewItem:
    """The body of a request that adds an item."""

    name: str
    price: Decimal
    colour: Colour = Colour.GREEN


@dataclass
class Order:
    id: uuid.UUID
    items: list[int]
    placed: datetime.datetime


@dataclass
class Basket:
    """The body of a request that places an order."""

    items: list[int] = field(default_factory=list)
