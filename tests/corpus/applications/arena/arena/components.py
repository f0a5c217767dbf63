from flama import Component
from flama.types import Scope


class Player:
    def __init__(self, name: str):
        self.name = name


class World:
    instance = None


class PlayerComponent(Component):
    cacheable = False

    def resolve(self, scope: Scope, player: str = "anonymous") -> Player:
        return Player(player)


class WorldComponent(Component):
    async def resolve(self) -> World:
        World.instance = World.instance or World()
        return World.instance
