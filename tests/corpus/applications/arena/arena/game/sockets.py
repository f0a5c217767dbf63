from uuid import UUID

from flama import types, websockets

from arena.components import Player, World

from .base import Socket


class MatchSocket(Socket):
    async def on_receive(
        self,
        websocket: websockets.WebSocket,
        data: types.Data,
        match_id: UUID,
        player: Player,
        world: World,
    ) -> None:
        await websocket.send_json({"from": player.name, "data": data})


class SpectatorSocket(Socket):
    encoding = "text"

    async def on_receive(self, websocket: websockets.WebSocket, data: types.Data) -> None:
        """Spectators are silent."""


class ReplaySocket(SpectatorSocket):
    encoding = None
