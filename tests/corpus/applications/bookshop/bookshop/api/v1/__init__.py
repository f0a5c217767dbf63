"""Version one of the public interface."""

from flama import Router

from . import books, carts, orders, search

api_v1 = Router()
api_v1.mount("/books", books.router, name="books")
api_v1.mount("/carts", carts.router, name="carts")
api_v1.mount("/orders", orders.router, name="orders")
api_v1.add_get("/search/", search.search)
api_v1.add_get("/search/suggest/", search.suggest)
