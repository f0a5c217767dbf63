from flama import Flama
from flama.routing import Mount, WebSocketRoute
from flama.websockets import WebSocket

from arena import lobby
from arena.admin.console import Console
from arena.chat.app import chat
from arena.components import PlayerComponent, WorldComponent
from arena.game.sockets import MatchSocket, SpectatorSocket
from arena.game.http import match_routes
from arena.voice import voice

app = Flama(
    routes=[
        WebSocketRoute("/match/{match_id:uuid}", MatchSocket, name="match"),
        WebSocketRoute("/match/{match_id:uuid}/watch", SpectatorSocket),
        *match_routes,
        Mount("/chat", chat, name="chat"),
        Mount("/voice", app=voice),
    ],
    components=[PlayerComponent(), WorldComponent()],
    docs=None,
)

lobby.open_on(app)
app.websocket_route("/admin/console", name="console")(Console)

for region in lobby.REGIONS:
    app.add_websocket_route(f"/lobby/{region.lower()}", lobby.waiting_room, name=f"lobby-{region}")


@app.websocket_route("/ping")
async def ping(websocket: WebSocket):
    async with websocket:
        await websocket.send_text("pong")
