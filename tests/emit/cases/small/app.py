"""A small application: every way in which a view is called."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flama import Flama, websockets
from flama.endpoints import HTTPEndpoint
from flama.http import Request

app = Flama()


@dataclass
class Item:
    name: str
    price: float = 0.0


@app.get("/")
async def home():
    return {"hello": "world"}


@app.get("/items/")
def index(q: str = "", limit: int = 10):
    return [q, limit]


@app.post("/items/")
async def create(item: Item) -> Item:
    return item


@app.get("/items/{item_id:int}/")
async def show(item_id: int):
    return {"item_id": item_id}


@app.put("/items/{name}/")
async def rename(name: str, page: int | None = None):
    return {"name": name, "page": page}


@app.get("/orders/{order_id}/lines/{line:int}")
async def line(order_id: UUID, line: int):
    return {"order_id": order_id, "line": line}


@app.get("/whoami")
async def whoami(request: Request):
    return {"agent": request.headers.get("user-agent")}


@app.route("/stock/{item_id:int}/")
class Stock(HTTPEndpoint):
    """Verbs on the loop are called by binders; the runtime binds the others at load."""

    async def get(self, item_id: int, unit: str = "piece"):
        return {"item_id": item_id, "unit": unit}

    async def put(self, item_id: int, body: Item):
        return {"item_id": item_id, "price": body.price}

    def delete(self, item_id: int):
        return {"item_id": item_id}


@app.websocket_route("/feed/{topic}/")
async def feed(websocket: websockets.WebSocket, topic: str):
    await websocket.accept()
