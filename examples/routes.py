"""Every way to register a route: decorators, calls, lists, a Router and mounted applications.

flama-compile run routes:app
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import flama
from flama import Flama, websockets
from flama.http import HTMLResponse, JSONResponse
from flama.routing import Route, Router

app = Flama(
    openapi={
        "info": {"title": "Library", "version": "1.0", "description": "Books and their readers"},
    },
)


# Decorators, one for each method, and parameters of the path.


@app.get("/")
async def home() -> HTMLResponse:
    """A response goes out as it is."""
    return HTMLResponse("<h1>Library</h1>")


@app.get("/books/{book_id:int}/")
async def book(book_id: int) -> JSONResponse:
    """Only whole numbers match; `/books/new/` is no book."""
    return JSONResponse({"book": book_id, "type": type(book_id).__name__})


@app.post("/books/")
async def add_book() -> JSONResponse:
    return JSONResponse({"message": "noted"}, status_code=201)


@app.put("/books/{book_id:int}/")
async def replace_book(book_id: int) -> dict[str, int]:
    return {"replaced": book_id}


@app.patch("/books/{book_id:int}/")
async def change_book(book_id: int) -> dict[str, int]:
    return {"changed": book_id}


@app.delete("/books/{book_id:int}/")
async def remove_book(book_id: int) -> dict[str, int]:
    return {"removed": book_id}


@app.options("/books/")
async def about_books() -> dict[str, list[str]]:
    return {"methods": ["OPTIONS", "POST"]}


@app.head("/alive/")
async def alive() -> None:
    return None


@app.get("/readers/{name:str}/profile/")
async def reader(name: str) -> dict[str, str]:
    """Anything else is encoded as JSON."""
    return {"name": name, "email": f"{name}@example.com"}


@app.get("/loans/{loan:uuid}/")
async def loan(loan: uuid.UUID) -> dict[str, uuid.UUID]:
    return {"loan": loan}


@app.get("/fines/{amount:float}/", name="fine", include_in_schema=False)
async def fine(amount: float) -> dict[str, float]:
    return {"amount": amount, "with_fee": amount + 1.5}


@app.route("/search/", methods=["GET", "POST"])
async def search(q: str = "", limit: int = 10) -> dict[str, Any]:
    """What the path does not name comes from the query."""
    return {"q": q, "limit": limit}


# Calls.


async def status() -> dict[str, Any]:
    return {"status": "open", "time": datetime.datetime.now()}


app.add_route("/system/status/", status, methods=["GET"], name="system_status")


# A Router: routes as a list, and decorators of its own. It is mounted twice.


async def shelves() -> list[dict[str, str]]:
    return [{"id": "a", "topic": "gardens"}, {"id": "b", "topic": "engines"}]


async def shelf(topic: str) -> dict[str, str]:
    return {"topic": topic, "title": topic.title()}


shelf_router = Router(
    routes=[
        Route("/shelves/", shelves, methods=["GET"]),
        Route("/shelf/", shelf, methods=["GET"]),
    ]
)


@shelf_router.get("/shelves/{place:int}/")
async def shelf_at(place: int) -> dict[str, int]:
    return {"place": place}


app.mount("/reading-room", shelf_router)
app.mount("/api/v1/stacks", shelf_router, name="stacks")


# A websocket.


@app.websocket_route("/desk/")
async def desk(websocket: websockets.WebSocket) -> None:
    """Greets, then answers each line."""
    await websocket.accept()
    await websocket.send_text("The desk is open.")
    async for line in websocket.iter_text():
        await websocket.send_text(f"You said: {line}")


async def bell(websocket: websockets.WebSocket) -> None:
    async with websocket:
        await websocket.send_text("ding")


app.add_websocket_route("/bell/", bell, name="bell")


# A complete application below a prefix.

cafe_app = Flama()


@cafe_app.get("/menu/")
async def menu() -> list[str]:
    return ["tea", "coffee"]


@cafe_app.get("/menu/{item}/")
async def menu_item(item: str) -> dict[str, str]:
    return {"item": item}


app.mount("/cafe", cafe_app, name="cafe")


if __name__ == "__main__":
    flama.run(flama_app=app, server_host="0.0.0.0", server_port=8000)
