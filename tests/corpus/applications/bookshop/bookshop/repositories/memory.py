from bookshop.domain import Book


class MemoryRepository:
    def __init__(self) -> None:
        self._books: dict[str, Book] = {}

    def find(self, isbn: str) -> Book | None:
        return self._books.get(isbn)

    def all(self) -> list[Book]:
        return list(self._books.values())
