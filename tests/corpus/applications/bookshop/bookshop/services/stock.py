from bookshop.domain import Book
from bookshop.repositories.base import Repository


class StockService:
    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def get(self, isbn: str) -> Book | None:
        return self.repository.find(isbn)
