from decimal import Decimal
from uuid import UUID

from .schemas import Entry


def index(after: UUID | None = None, min_amount: Decimal = Decimal(0)):
    return []


def create(entry: Entry):
    return entry


def show(entry_id: UUID):
    return {}


def reverse(entry_id: UUID, reason: str):
    return {}


def index_of_book(book: int):
    return []
