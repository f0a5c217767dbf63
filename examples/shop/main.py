"""The shop: everything comes together here.

flama-compile build shop.main:app
uvicorn shop.main_compiled:app
"""

from __future__ import annotations

from pathlib import Path

from flama import Flama
from flama.http import HTMLResponse
from flama.middleware import Middleware
from starlette.staticfiles import StaticFiles

from shop import admin, feed, items, orders
from shop.middleware import RequestId
from shop.store import StoreComponent

app = Flama(
    openapi={"info": {"title": "Shop", "version": "1.0", "description": "Kettles and lamps"}},
    components=[StoreComponent()],
    middleware=[Middleware(RequestId)],
)


@app.get("/", include_in_schema=False)
def home() -> HTMLResponse:
    return HTMLResponse('<link rel="stylesheet" href="/static/shop.css"><h1>Shop</h1>')


@app.get("/health/")
async def health() -> dict[str, str]:
    return {"status": "open"}


app.mount("/items", items.router, name="items")
app.mount("/orders", orders.app, name="orders")
app.mount("/admin", admin.app, name="admin")
app.add_websocket_route("/feed/{topic}/", feed.stream, name="feed")
app.add_websocket_route("/prices/", feed.PriceFeed)
app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
