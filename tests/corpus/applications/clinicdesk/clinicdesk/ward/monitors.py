from flama import types, websockets

from clinicdesk.base.sockets import Channel


class BedMonitor(Channel):
  encoding = "bytes"

  async def on_receive(self, websocket: websockets.WebSocket, data: types.Data, bed: int):
    await websocket.send_bytes(data)

  async def on_disconnect(self, websocket: websockets.WebSocket, websocket_code: types.Code):
    pass


class AlarmChannel(Channel):
  pass
