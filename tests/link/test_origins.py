"""Where parameters come from: the linker says what the framework's planner does.

One view per annotation, protocol and kind of path; the planner is asked about the live objects.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flama._planning import Reach, plan
from flama._signatures import read, resolve
from flama.exceptions import ApplicationError
from flama.types import Code, Data, Encoding
from flama_compile.ir.routes import Parameter
from flama_compile.options import Options
from flama_compile.pipeline import analyse

HEAD = """
from __future__ import annotations
import uuid, decimal, enum, pathlib, typing as t, datetime as dt
from dataclasses import dataclass
import msgspec, pydantic
import starlette.requests, starlette.websockets, starlette.datastructures
import flama, flama.injection
from flama import Flama, Router, Route, Mount, WebSocketRoute, Component, http, types, websockets
from flama.routing import BaseRoute
class Color(enum.Enum): A="a"
class IntColor(enum.IntEnum): A=1
class StrColor(enum.StrEnum): A="a"
UserId = t.NewType("UserId", int)
@dataclass
class Puppy: name: str
class Card(msgspec.Struct): n: int
class Pet(pydantic.BaseModel): n: int
class TD(t.TypedDict): n: int
class Plain: ...
class User: ...
class Abstract(t.Protocol): ...
class MyFlama(Flama): ...
class MyRequest(http.Request): ...
T = t.TypeVar("T")
@dataclass
class Page(t.Generic[T]): x: T
class GPage(pydantic.BaseModel, t.Generic[T]): x: T
class NT(t.NamedTuple): a: int
class Sub(str): ...
class SubInt(int): ...
class Exc(Exception): ...
NewModel = t.NewType("NewModel", Pet)
class Users(Component):
    def resolve(self, token: str = "x") -> User: ...
class UserLists(Component):
    def resolve(self) -> list[User]: ...
app = Flama(schema=None, docs=None, components=[Users(), UserLists()])
"""

ANNOTATIONS = [
    "int",
    "str",
    "float",
    "bool",
    "uuid.UUID",
    "decimal.Decimal",
    "dt.date",
    "dt.time",
    "dt.datetime",
    "dt.timedelta",
    "bytes",
    "dict",
    "list",
    "tuple",
    "set",
    "object",
    "t.Any",
    "None",
    "Color",
    "IntColor",
    "StrColor",
    't.Literal["a"]',
    "t.Literal[1, None]",
    "t.Optional[int]",
    "t.Optional[str]",
    '"int"',
    't.Optional["Color"]',
    "list[int]",
    "list[str]",
    "list[Color]",
    'list[t.Literal["a"]]',
    "list[t.Optional[int]]",
    "list[list[int]]",
    "t.List[int]",
    "t.Sequence[int]",
    "set[int]",
    "tuple[int, ...]",
    "dict[str, int]",
    "t.Optional[list[int]]",
    "t.Union[int, str]",
    "int | str",
    "int | None",
    "t.Union[int, list[int]]",
    "list[int | str]",
    "UserId",
    "t.Optional[UserId]",
    't.Annotated[int, "x"]',
    't.Annotated[t.Optional[int], "x"]',
    "t.Optional[t.Annotated[int, 1]]",
    "Puppy",
    "Card",
    "Pet",
    "TD",
    "t.Optional[Puppy]",
    "Puppy | None",
    "list[Puppy]",
    "t.List[Pet]",
    "t.Optional[list[Puppy]]",
    "t.Union[Puppy, Pet]",
    't.Annotated[Puppy, "x"]',
    "t.Annotated[types.Schema, types.SchemaMetadata(Pet)]",
    "t.Annotated[types.SchemaList, types.SchemaMetadata(Pet)]",
    "types.Schema[Pet]",
    "types.Schema",
    "types.SchemaList",
    "Plain",
    "t.Optional[Plain]",
    "http.Request",
    "starlette.requests.Request",
    "starlette.requests.HTTPConnection",
    "http.Headers",
    "http.QueryParams",
    "types.Headers",
    "types.URL",
    "types.QueryParams",
    "types.Method",
    "types.Scheme",
    "types.Server",
    "types.Path",
    "types.PathParams",
    "types.QueryString",
    "types.Cookies",
    "types.Body",
    "types.RequestData",
    "types.Scope",
    "types.Receive",
    "types.Send",
    "types.Message",
    "Flama",
    "MyFlama",
    "Router",
    "Route",
    "BaseRoute",
    "Mount",
    "WebSocketRoute",
    "websockets.WebSocket",
    "starlette.websockets.WebSocket",
    "types.Data",
    "types.Code",
    "types.Encoding",
    "t.Optional[http.Request]",
    "User",
    "t.Optional[User]",
    "list[User]",
    "Abstract",
    "Exception",
    "enum.Enum",
    "pydantic.BaseModel",
    "int | Puppy",
    "t.Optional[types.Headers]",
    "Page",
    "Page[int]",
    "GPage[int]",
    "NT",
    "Later",
    "flama.injection.Parameter",
    "bool | None",
    "t.Type[int]",
    "t.Callable[[], int]",
    "pathlib.Path",
    "complex",
    "Sub",
    "SubInt",
    "MyRequest",
    "starlette.datastructures.State",
    "Exc",
    "NewModel",
]


def source() -> str:
    """An application with three views for each annotation."""
    parts = [HEAD.lstrip()]
    for number, annotation in enumerate(ANNOTATIONS):
        parts.append(
            f"def h{number}(p: {annotation}): ...\n"
            f"async def w{number}(p: {annotation}): ...\n"
            f"app.add_get('/h{number}', h{number})\n"
            f"app.add_get('/p{number}/{{p}}', h{number})\n"
            f"app.add_websocket_route('/w{number}', w{number})\n"
        )
    parts.append(
        "def bare(p): ...\n"
        "app.add_get('/bare', bare)\n"
        "app.add_get('/bare/{p:int}', bare)\n"
        "def stars(*args, **kwargs): ...\n"
        "app.add_get('/stars', stars)\n"
        "def typed(*args: int): ...\n"
        "app.add_get('/typed', typed)\n"
        "class Later(enum.Enum): B = 'b'\n"
    )
    return "\n".join(parts)


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("origins_app", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Models look their names up in the module, so it stays while views are planned.
    sys.modules["origins_app"] = module
    spec.loader.exec_module(module)
    return module


def planned(app: object, route: object) -> str:
    """Where the planner takes the parameter from; `other` is the connection or a component."""
    params = {part.name: part.type for part in route.segments if not isinstance(part, str)}  # type: ignore[attr-defined]
    protocol = route.kind  # type: ignore[attr-defined]
    given = frozenset((Data, Code, Encoding)) if protocol == "websocket" else frozenset()
    try:
        made = plan(resolve(read(route.endpoint)), Reach((app,), params, protocol, given), "view")  # type: ignore[attr-defined]
    except ApplicationError:
        return "unfillable"
    return next((one.origin for one in made.inputs if one.parameter.name == "p"), "other")


def said(parameters: tuple[Parameter, ...]) -> str:
    origins = {one.origin for one in parameters}
    if origins & {"connection", "component", "empty"}:
        return "other"
    (origin,) = origins
    return origin


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Routes whose parameter comes from somewhere else than was said."""
    folder = tmp_path_factory.mktemp("origins")
    path = folder / "app.py"
    path.write_text(source())
    table = analyse(Options(folder, "app:app", cache=False)).table
    assert table is not None
    live = imported(path).app
    assert [route.path for route in table.routes] == [route.path for route in live.routes]
    pairs = {
        route.path: (said(route.views[0].parameters), planned(live, there))
        for route, there in zip(table.routes, live.routes, strict=True)
    }
    del sys.modules["origins_app"]
    assert len({origin for _, origin in pairs.values()}) == 5
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("number", range(len(ANNOTATIONS)), ids=ANNOTATIONS)
def test_parameters_come_from_where_the_linker_says(
    number: int, wrong: dict[str, tuple[str, str]]
) -> None:
    own = {f"/h{number}", f"/p{number}/{{p}}", f"/w{number}"}
    assert {path: pair for path, pair in wrong.items() if path in own} == {}


def test_parameters_without_annotation_and_stars(wrong: dict[str, tuple[str, str]]) -> None:
    assert {path: pair for path, pair in wrong.items() if path[1] in "bst"} == {}
