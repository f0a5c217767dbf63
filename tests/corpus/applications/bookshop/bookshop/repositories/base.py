from typing import Protocol

from bookshop.domain import Book


class Repository(Protocol):
    def find(self, isbn: str) -> Book | None: ...

    def all(self) -> list[Book]: ...
