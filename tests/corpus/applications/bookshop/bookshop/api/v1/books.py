from __future__ import annotations

from flama import Router, exceptions

from bookshop.domain import Book, Condition
from bookshop.services.stock import StockService

router = Router()


@router.get("/", name="list")
async def list_books(
    stock: StockService,
    condition: Condition = Condition.GOOD,
    limit: int = 20,
    author: list[str] = [],
) -> list[Book]:
    return stock.repository.all()[:limit]


@router.post("/", name="create")
async def create_book(book: Book, stock: StockService) -> Book:
    return book


@router.get("/bestsellers/")
async def bestsellers() -> list[Book]:
    return []


@router.get("/{isbn}/", name="show")
async def show_book(isbn: str, stock: StockService) -> Book:
    if (book := stock.get(isbn)) is None:
        raise exceptions.HTTPException(404)
    return book


@router.put("/{isbn}/", name="replace")
async def replace_book(isbn: str, book: Book) -> Book:
    return book


@router.delete("/{isbn}/", name="remove")
async def remove_book(isbn: str) -> None:
    return None


@router.get("/{isbn}/cover.jpg")
@router.get("/{isbn}/cover/", name="cover")
async def cover(isbn: str, width: int | None = None):
    return {}
