"""The application that real clients talk to."""

from __future__ import annotations

import asyncio
import dataclasses

from flama import Flama, Router, types, websockets
from flama.endpoints import HTTPEndpoint, WebSocketEndpoint
from flama.exceptions import HTTPException
from flama.http import PlainTextResponse, Request, StreamingResponse

app = Flama(openapi={"info": {"title": "Served", "version": "1"}})
shop = Router()

STREAMED: list[str] = []
"""What became of streams whose client may have left."""
ENDED: list[object] = []
"""How websocket connections ended."""


@dataclasses.dataclass
class Item:
    name: str
    price: float = 1.0


@app.get("/items/{item_id:int}/")
async def show(item_id: int, q: str = "none") -> dict:
    """Show an item.

    It comes with the query.
    """
    return {"id": item_id, "q": q}


@app.post("/items/")
async def create(item: Item) -> Item:
    """Make an item."""
    return item


@app.get("/sync/")
def sync(request: Request) -> str:
    return request.method


@app.post("/length/")
async def length(body: types.Body) -> int:
    return len(body)


@app.get("/stream/")
async def stream() -> StreamingResponse:
    async def parts():
        for number in range(3):
            yield f"part {number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(parts(), media_type="text/plain")


@app.get("/endless/")
async def endless() -> StreamingResponse:
    async def parts():
        try:
            while True:
                yield b"x" * 65536
                await asyncio.sleep(0)
        finally:
            STREAMED.append("stopped")

    return StreamingResponse(parts())


@app.get("/streamed/")
async def streamed() -> list:
    return STREAMED


@app.get("/headers/")
async def headers(headers: types.Headers) -> list:
    return headers.getlist("x-many")


@app.get("/path/{text}")
async def path(text: str) -> str:
    return text


@app.get("/crash/")
async def crash() -> None:
    raise ValueError("secret")


@app.get("/unencodable/")
async def unencodable() -> object:
    return object()


@app.route("/class/")
class Verbs(HTTPEndpoint):
    async def get(self) -> str:
        return "get"

    async def delete(self) -> PlainTextResponse:
        return PlainTextResponse("deleted", 202)


@shop.get("/{number:int}/")
async def shop_item(number: int) -> int:
    return number


app.mount("/shop", shop)


@app.websocket_route("/relay/")
async def relay(websocket: websockets.WebSocket, data: websockets.Data):
    await websocket.send_bytes(data)


@app.websocket_route("/owned/{room:int}/")
async def owned(websocket: websockets.WebSocket, room: int):
    await websocket.accept()
    try:
        while True:
            frame = await websocket.receive_frame()
            if isinstance(frame, str):
                await websocket.send_text(f"{room}: {frame}")
            else:
                await websocket.send_bytes(frame)
    except websockets.WebSocketDisconnect as gone:
        ENDED.append(gone.code)


@app.websocket_route("/ended/")
async def ended(websocket: websockets.WebSocket):
    async with websocket:
        await websocket.send_json(ENDED)


@app.websocket_route("/refuses/")
async def refuses(websocket: websockets.WebSocket):
    raise HTTPException(403, "not you")


@app.websocket_route("/closes/{code:int}/")
async def closes(websocket: websockets.WebSocket, code: int):
    await websocket.accept()
    await websocket.close(code, "reason")


@app.websocket_route("/crashes/{when}/")
async def crashes(websocket: websockets.WebSocket, when: str):
    if when == "after":
        await websocket.accept()
    raise ValueError("secret")


@app.websocket_route("/class/{name}/")
class Chat(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data, name: str):
        await websocket.send_text(f"{name}: {data}")

    async def on_disconnect(self, websocket: websockets.WebSocket, code: websockets.Code):
        ENDED.append(["class", code])
        await websocket.close(code)


@app.websocket_route("/waits/{hook}/")
class Waits(WebSocketEndpoint):
    """Gives the client time to leave in the middle of each hook."""

    encoding = "text"

    async def on_connect(self, websocket: websockets.WebSocket, hook: str):
        await websocket.accept()
        if hook == "on_connect":
            await asyncio.sleep(0.05)
            await websocket.send_text("connected")

    async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data, hook: str):
        if hook == "on_receive":
            await asyncio.sleep(0.05)
            await websocket.send_text(data)

    async def on_disconnect(
        self, websocket: websockets.WebSocket, code: websockets.Code, hook: str
    ):
        if hook == "on_disconnect":
            await asyncio.sleep(0.05)
        ENDED.append([hook, code])
        await websocket.close(code)
