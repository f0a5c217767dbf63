from .books import Book, Condition
from .customers import Customer
from .orders import Order, OrderLine

__all__ = ["Book", "Condition", "Customer", "Order", "OrderLine"]
