from flama.websockets import Data, WebSocket, WebSocketDisconnect

ROOMS = {"general": 100, "trade": 50}


def size_of(number):
    def size():
        return number

    return size


async def room(websocket: WebSocket, name: str):
    await websocket.accept()
    try:
        async for text in websocket.iter_text():
            await websocket.send_text(text)
    except WebSocketDisconnect:
        pass


async def broadcast(websocket: WebSocket, data: Data):
    await websocket.send_text(data)


def setup(app):
    for name, size in ROOMS.items():
        app.websocket_route(f"/rooms/{name}", name=f"room-{name}")(broadcast)
        app.add_get(f"/rooms/{name}/size", size_of(size), name=f"size-{name}")
    app.add_websocket_route("/rooms/{name}", room)
