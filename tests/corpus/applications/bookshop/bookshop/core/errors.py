from flama import Flama
from flama.http import JSONResponse, Request


class OutOfStock(Exception):
    def __init__(self, isbn: str) -> None:
        super().__init__(isbn)
        self.isbn = isbn


async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"isbn": exc.isbn, "error": "out-of-stock"}, status_code=409)


def install_error_handlers(app: Flama) -> None:
    app.add_exception_handler(OutOfStock, out_of_stock)
