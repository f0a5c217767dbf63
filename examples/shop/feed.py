"""Live prices over websockets."""

from __future__ import annotations

from typing import Any

from flama import websockets
from flama.endpoints import WebSocketEndpoint

from shop.store import Store


async def stream(websocket: websockets.WebSocket, store: Store, topic: str) -> None:
    """Sends the names that fit the topic, then what the client asks for."""
    async with websocket:
        names = [item.name for item in store.items.values() if topic in ("all", item.name)]
        await websocket.send_json({"topic": topic, "names": names})
        async for question in websocket.iter_text():
            await websocket.send_text(question[::-1])


class PriceFeed(WebSocketEndpoint):
    """Answers `{"item": 1}` with a price."""

    encoding = "json"

    async def on_receive(
        self, websocket: websockets.WebSocket, store: Store, data: websockets.Data
    ) -> None:
        asked: Any = data
        item = store.items.get(asked["item"])
        await websocket.send_json({"price": str(item.price) if item else None})
