"""Types to annotate parameters of views with, and the types of the ASGI protocol.

    async def show(method: types.Method, cookies: types.Cookies, body: types.Body): ...

Each of them is filled from the connection. `URL`, `Headers` and `QueryParams` are Starlette's and
are loaded when first touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Annotated, Any, NewType

if TYPE_CHECKING:
    from starlette.datastructures import URL, Headers, QueryParams

__all__ = [
    "ASGIApp",
    "Body",
    "Code",
    "Cookies",
    "Data",
    "Encoding",
    "Headers",
    "Message",
    "Method",
    "OpenAPISpec",
    "Path",
    "PathParams",
    "QueryParams",
    "QueryString",
    "Receive",
    "RequestData",
    "Schema",
    "SchemaList",
    "SchemaMetadata",
    "Scheme",
    "Scope",
    "Send",
    "Server",
    "URL",
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

Method = NewType("Method", str)
Scheme = NewType("Scheme", str)
Path = NewType("Path", str)
"""The whole path of the request, prefixes of mounts included."""
QueryString = NewType("QueryString", str)
Body = NewType("Body", bytes)

Code = NewType("Code", int)
"""The code a websocket was closed with."""
Encoding = NewType("Encoding", str)
"""The `encoding` of a websocket endpoint."""

OpenAPISpec = dict[str, Any]

if TYPE_CHECKING:
    # For a type checker a message is what the view makes of it: bytes, text or parsed JSON.
    Data = Any
    Server = tuple[str, int | None]
    PathParams = dict[str, Any]
    Cookies = dict[str, str]
else:
    Data = NewType("Data", bytes)
    Server = NewType("Server", tuple)
    PathParams = NewType("PathParams", dict)
    Cookies = NewType("Cookies", dict)


class RequestData:
    """The parsed body of a request: JSON, or the fields of a form; None for an empty body."""

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RequestData) and self.data == other.data

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RequestData(data={self.data!r})"


class SchemaMetadata:
    """Names the model of a `Schema`: `Annotated[Schema, SchemaMetadata(Model)]`.

    :param schema: A pydantic model, a dataclass, a `msgspec.Struct` or a `TypedDict`.
    :param partial: Every field may be missing, and only those that were sent are delivered.
    """

    __slots__ = ("partial", "schema")

    def __init__(self, schema: Any, partial: bool = False) -> None:
        self.schema = schema
        self.partial = partial

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SchemaMetadata)
            and self.schema is other.schema
            and self.partial == other.partial
        )

    def __hash__(self) -> int:
        return hash((self.schema, self.partial))

    def __repr__(self) -> str:
        return f"SchemaMetadata({self.schema!r}, partial={self.partial})"


class Schema(dict[str, Any]):
    """One object that fits a model. `Schema[Model]` is `Annotated[Schema, SchemaMetadata(Model)]`.

    What is delivered, and what a view returns, is a plain `dict`.
    """

    if not TYPE_CHECKING:

        def __class_getitem__(cls, model: Any) -> Any:
            return Annotated[cls, SchemaMetadata(model)]


class SchemaList(list[dict[str, Any]]):
    """A list of objects that each fit a model."""

    if not TYPE_CHECKING:

        def __class_getitem__(cls, model: Any) -> Any:
            return Annotated[cls, SchemaMetadata(model)]


def __getattr__(name: str) -> Any:
    if name in ("URL", "Headers", "QueryParams"):
        from starlette import datastructures

        value = getattr(datastructures, name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
