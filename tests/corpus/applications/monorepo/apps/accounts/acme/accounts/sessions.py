from flama.routing import Route, Router
from flama.websockets import WebSocket


async def login(user: str, password: str):
    return {"token": user}


async def logout():
    return None


router = Router(
    routes=[
        Route("/login", login, methods=["POST"]),
        Route("/logout", logout, methods=["POST", "DELETE"]),
    ]
)


@router.websocket_route("/presence/{user}")
async def presence(websocket: WebSocket, user: str): ...
