from flama import websockets

from .results import router


@router.websocket_route("/ticker/{match:int}/")
async def ticker(websocket: websockets.WebSocket, match: int):
    async with websocket:
        await websocket.send_json({"match": match})
