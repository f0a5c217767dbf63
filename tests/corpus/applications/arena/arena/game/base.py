from flama import types, websockets
from flama.endpoints import WebSocketEndpoint


class Socket(WebSocketEndpoint):
    encoding: types.Encoding = "json"
    limit = 64

    async def on_connect(self, websocket: websockets.WebSocket) -> None:
        await websocket.accept(subprotocol="arena.1")

    async def on_disconnect(
        self, websocket: websockets.WebSocket, websocket_code: websockets.Code
    ) -> None:
        await self.leave(websocket_code)

    async def leave(self, code):
        return code
