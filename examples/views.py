"""The four kinds of view: functions and classes, for HTTP and for websockets.

flama-compile run views:app
"""

from __future__ import annotations

from typing import Any

from flama import Flama, websockets
from flama.endpoints import HTTPEndpoint, WebSocketEndpoint

app = Flama()

NOTES = {1: "buy flour", 2: "call the printer"}


@app.route("/notes/", methods=["GET"])
def notes() -> dict[str, Any]:
    """All notes. A synchronous view runs in a thread."""
    return {"notes": list(NOTES.values())}


@app.route("/notes/{note_id:int}/", methods=["GET"])
async def note(note_id: int, loud: bool = False) -> dict[str, Any]:
    """One note: `note_id` comes from the path, `loud` from the query."""
    text = NOTES.get(note_id, "")
    return {"id": note_id, "text": text.upper() if loud else text}


@app.route("/counter/", methods=["GET", "POST"])
class Counter(HTTPEndpoint):
    """A class is a set of views: one method for each verb, synchronous or not."""

    total = 0

    def get(self) -> dict[str, int]:
        return {"total": Counter.total}

    async def post(self, step: int = 1) -> dict[str, int]:
        Counter.total += step
        return {"total": Counter.total}


@app.websocket_route("/relay/")
async def relay(websocket: websockets.WebSocket, data: websockets.Data) -> None:
    """Called once for every message, because it declares `data`."""
    await websocket.send_bytes(data)


@app.websocket_route("/dialogue/")
async def dialogue(websocket: websockets.WebSocket) -> None:
    """Owns the connection, from the first message to the last."""
    await websocket.accept()
    try:
        while True:
            name = await websocket.receive_text()
            await websocket.send_text(f"Hello, {name}")
    except websockets.WebSocketDisconnect:
        return


@app.websocket_route("/mirror/")
class Mirror(WebSocketEndpoint):
    """One instance for each connection; only `on_receive` has to be written."""

    async def on_connect(self, websocket: websockets.WebSocket) -> None:
        await websocket.accept()

    async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data) -> None:
        await websocket.send_bytes(data[::-1])

    async def on_disconnect(
        self, websocket: websockets.WebSocket, websocket_code: websockets.Code
    ) -> None:
        await websocket.close(websocket_code)
