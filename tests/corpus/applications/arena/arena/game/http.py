from flama import endpoints
from flama.routing import Route, WebSocketRoute

from arena.game import sockets


class Match(endpoints.HTTPEndpoint):
    async def get(self, match_id):
        return {}

    async def delete(self, match_id):
        return None


async def start(mode: str = "ranked"):
    return {"mode": mode}


match_routes = (
    Route("/match", start, methods=["POST"], name="start"),
    Route("/match/{match_id:uuid}", Match),
    WebSocketRoute("/replay/{number:int}", sockets.ReplaySocket, name="replay"),
)
