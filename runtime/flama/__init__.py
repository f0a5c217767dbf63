"""Declare routes and views, and serve them interpreted or compiled.

    from flama import Flama

    app = Flama()

    @app.get("/items/{item_id:int}/")
    def show(item_id: int):
        return {"id": item_id}

Every name is loaded when it is first touched, so that `import flama` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flama import (
        background,
        endpoints,
        exceptions,
        http,
        injection,
        middleware,
        modules,
        routing,
        schemas,
        types,
        websockets,
    )
    from flama._run import run
    from flama.applications import Flama
    from flama.injection import Component
    from flama.middleware import Middleware
    from flama.modules import Module
    from flama.routing import Mount, Route, Router, WebSocketRoute

__all__ = [
    "Component",
    "Flama",
    "Middleware",
    "Module",
    "Mount",
    "Route",
    "Router",
    "WebSocketRoute",
    "background",
    "endpoints",
    "exceptions",
    "http",
    "injection",
    "middleware",
    "modules",
    "routing",
    "run",
    "schemas",
    "types",
    "websockets",
]

__version__ = "0.1.0"

_HOMES = {
    "Component": "flama.injection",
    "Flama": "flama.applications",
    "Middleware": "flama.middleware",
    "Module": "flama.modules",
    "Mount": "flama.routing",
    "Route": "flama.routing",
    "Router": "flama.routing",
    "WebSocketRoute": "flama.routing",
    "run": "flama._run",
}
# NOTE: `client` is no part of `__all__`: without httpx, a star import would fail for it.
_SUBMODULES = frozenset(name for name in __all__ if name.islower()) - {"run"} | {"client"}


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"flama.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
