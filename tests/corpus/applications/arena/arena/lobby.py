from __future__ import annotations

import typing as t

from flama import types, websockets

from arena.components import Player

if t.TYPE_CHECKING:
    from flama import Flama

REGIONS = ("EU", "US", "AP")


async def waiting_room(websocket: websockets.WebSocket, player: Player, skill: int = 0):
    await websocket.accept()
    await websocket.send_json({"player": player.name, "skill": skill})
    await websocket.close()


async def relay(websocket: websockets.WebSocket, data: websockets.Data):
    await websocket.send_bytes(data)


def open_on(app: Flama) -> None:
    app.add_websocket_route("/lobby", waiting_room)
    app.add_websocket_route("/lobby/relay", relay)

    @app.get("/lobby")
    async def regions(query: types.QueryParams):
        return REGIONS

    app.websocket_route("/lobby/{code}")(waiting_room)
