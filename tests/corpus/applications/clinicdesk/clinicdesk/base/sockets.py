from flama import types, websockets
from flama.endpoints import WebSocketEndpoint


class Channel(WebSocketEndpoint):
  encoding = "json"

  async def on_connect(self, websocket: websockets.WebSocket):
    await websocket.accept()

  async def on_receive(self, websocket: websockets.WebSocket, data: types.Data):
    await websocket.send_json(data)
