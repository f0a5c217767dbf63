from functools import partial

from flama import Router
from flama.websockets import WebSocket

moderation = Router()
queue = partial(moderation.route, methods=("GET", "POST"))


@queue("/queue/")
def waiting(): ...


@queue("/queue/{level:int}/", name="level")
def of_level(level: int): ...


@moderation.websocket_route("/live/")
async def live(websocket: WebSocket): ...
