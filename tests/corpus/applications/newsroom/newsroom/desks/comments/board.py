import typing as t

from flama import Router

from .moderation import moderation


class Board(Router):
    """A router that brings its routes along."""

    actions: t.ClassVar[dict[str, str]] = {"like": "POST", "flag": "POST", "unflag": "DELETE"}

    def __init__(self, what: str):
        super().__init__()
        self.add_get(f"/{what}/{{article:int}}/", self.read)
        self.add_post(f"/{what}/{{article:int}}/", self.write)
        for action, verb in self.actions.items():
            self.add_route(
                f"/{what}/{{article:int}}/{{comment:int}}/{action}/",
                getattr(self, "act"),
                methods=[verb],
                name=action,
            )
        self.mount("/moderation", moderation)

    async def read(self, article: int, page: int = 1): ...

    async def write(self, article: int): ...

    async def act(self, article: int, comment: int): ...
