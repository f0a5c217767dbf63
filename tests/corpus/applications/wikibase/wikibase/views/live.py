from flama.websockets import WebSocket, WebSocketDisconnect

from ..registry import socket

watchers = set()


@socket('/live/{title}')
async def watch(websocket: WebSocket, title: str):
    await websocket.accept()
    watchers.add(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        watchers.discard(websocket)


@socket('/live')
async def everything(websocket: WebSocket):
    await websocket.accept()
    await websocket.close()
