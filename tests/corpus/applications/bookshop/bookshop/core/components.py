from flama import Component

from bookshop.domain.customers import Customer
from bookshop.repositories.memory import MemoryRepository
from bookshop.services.orders import OrderService
from bookshop.services.stock import StockService


class StockComponent(Component):
    def resolve(self) -> StockService:
        return StockService(MemoryRepository())


class OrderComponent(Component):
    def resolve(self, stock: StockService) -> OrderService:
        return OrderService(stock)


class CustomerComponent(Component):
    async def resolve(self, token: str = "") -> Customer:
        return Customer(name=token or "guest")


COMPONENTS = [StockComponent(), OrderComponent(), CustomerComponent()]
