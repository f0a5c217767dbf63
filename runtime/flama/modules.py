"""Modules: parts of an application with a name, a start and an end.

class Database(Module):
    name = "database"

    async def on_startup(self): ...

app = Flama(modules=[Database()])
app.database        # the module
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from flama._arguments import items_of
from flama.exceptions import ApplicationError

if TYPE_CHECKING:
    from flama.applications import Flama

__all__ = ["Module", "Modules"]


class Module:
    """A part of an application. Its `name` is the attribute of the application that holds it."""

    name: ClassVar[str]
    app: Flama

    async def on_startup(self) -> None:
        """Runs before the application's own start-up events."""

    async def on_shutdown(self) -> None:
        """Runs after the application's own shutdown events."""


class Modules(dict[str, Module]):
    """The modules of one application by name, in the order that they start in.

    :raises ApplicationError: Something is not a module, has no name, or has one that is taken.
    """

    def __init__(self, app: Flama, modules: Iterable[Module | type[Module]] | None) -> None:
        super().__init__()
        for given in items_of("modules", modules):
            module: Any = given() if isinstance(given, type) else given
            if not isinstance(module, Module):
                raise ApplicationError(f"modules: {given!r} is not a Module")
            name = getattr(module, "name", None)
            if not isinstance(name, str) or not name:
                raise ApplicationError(f"modules: {type(module).__name__} has no 'name'")
            if name in self:
                first = type(self[name]).__name__
                raise ApplicationError(
                    f"modules: the name {name!r} is used by {first} and {type(module).__name__}"
                )
            if hasattr(type(app), name) or name in vars(app):
                raise ApplicationError(
                    f"modules: the name {name!r} of {type(module).__name__} is taken by an "
                    "attribute of the application"
                )
            module.app = app
            self[name] = module
            vars(app)[name] = module
