from flama import types, websockets

from arena.game.base import Socket


class Console(Socket):
    encoding = "bytes"

    async def on_receive(self, websocket: websockets.WebSocket, data: types.Data, token: str = ""):
        await websocket.send_bytes(data)
