from flama import types
from flama.endpoints import WebSocketEndpoint
from flama.websockets import WebSocket


class WireSocket(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: WebSocket, data: types.Data, urgent: bool = False):
        await websocket.send_text("ack")
