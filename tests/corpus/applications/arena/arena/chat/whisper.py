from flama import Router

router = Router()


@router.websocket_route("/{a}/{b}")
async def whisper(websocket, a: str, b: str):
    await websocket.accept()
    await websocket.close(4000)


@router.websocket_route("/{a}")
@router.websocket_route("/")
async def nobody(websocket):
    await websocket.close()
