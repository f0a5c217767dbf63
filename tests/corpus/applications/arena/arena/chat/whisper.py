from flama import Router, websockets

router = Router()


@router.websocket_route("/{a}/{b}")
async def whisper(websocket: websockets.WebSocket, a: str, b: str):
    await websocket.accept()
    await websocket.close(4000)


@router.websocket_route("/{a}")
@router.websocket_route("/")
async def nobody(websocket: websockets.WebSocket):
    await websocket.close()
