from decimal import Decimal
from typing import TypedDict


class Line(TypedDict):
    account: str
    amount: Decimal


class Entry(TypedDict, total=False):
    lines: list[Line]
    text: str
