"""What the framework offers: names and their homes, methods that register, types that are filled.

It is written down, not imported: compiling must not load what a server loads. A test compares it
with the framework itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from flama_compile.link.values import External

__all__ = [
    "ASGI",
    "ATTRIBUTES",
    "BASE_ROUTE",
    "COMPONENT",
    "CONNECTION",
    "FLAMA",
    "HOMES",
    "HOOKS",
    "HTTP_ENDPOINT",
    "INJECTED",
    "MIDDLEWARE",
    "MODULE",
    "MOUNT",
    "PARAMETER",
    "PARAMETERS",
    "PRIMITIVE_INSIDE",
    "ROUTE",
    "ROUTER",
    "SHORTHANDS",
    "VERBS",
    "WEBSOCKET_ENDPOINT",
    "WEBSOCKET_ONLY",
    "WEBSOCKET_ROUTE",
    "WITHOUT_METHODS",
    "home",
]

HOMES: Mapping[str, str] = {
    "Flama": "flama.applications",
    "Component": "flama.injection",
    "Components": "flama.injection",
    "Parameter": "flama._signatures",
    "Middleware": "flama.middleware",
    "Module": "flama.modules",
    "BaseRoute": "flama.routing",
    "Mount": "flama.routing",
    "Route": "flama.routing",
    "Router": "flama.routing",
    "WebSocketRoute": "flama.routing",
    "HTTPEndpoint": "flama.endpoints",
    "WebSocketEndpoint": "flama.endpoints",
    "Request": "flama.http",
    "WebSocket": "flama.websockets",
    "run": "flama._run",
    "URL": "starlette.datastructures",
    "Headers": "starlette.datastructures",
    "QueryParams": "starlette.datastructures",
    "Schema": "flama.types",
    "SchemaList": "flama.types",
    "SchemaMetadata": "flama.types",
    "RequestData": "flama.types",
    "Scope": "flama.types",
    "Message": "flama.types",
    "Receive": "flama.types",
    "Send": "flama.types",
    "ASGIApp": "flama.types",
    "Method": "flama.types",
    "Scheme": "flama.types",
    "Server": "flama.types",
    "Path": "flama.types",
    "PathParams": "flama.types",
    "QueryString": "flama.types",
    "Cookies": "flama.types",
    "Body": "flama.types",
    "Data": "flama.types",
    "Code": "flama.types",
    "Encoding": "flama.types",
    "OpenAPISpec": "flama.types",
}
"""Where a name of the framework is defined, whichever module it is imported from."""

FLAMA = External("flama.applications", "Flama")
ROUTER = External("flama.routing", "Router")
BASE_ROUTE = External("flama.routing", "BaseRoute")
ROUTE = External("flama.routing", "Route")
WEBSOCKET_ROUTE = External("flama.routing", "WebSocketRoute")
MOUNT = External("flama.routing", "Mount")
COMPONENT = External("flama.injection", "Component")
PARAMETER = External("flama._signatures", "Parameter")
HTTP_ENDPOINT = External("flama.endpoints", "HTTPEndpoint")
WEBSOCKET_ENDPOINT = External("flama.endpoints", "WebSocketEndpoint")

MIDDLEWARE = External("flama.middleware", "Middleware")
MODULE = External("flama.modules", "Module")

WITHOUT_METHODS = frozenset({COMPONENT, HTTP_ENDPOINT, WEBSOCKET_ENDPOINT, MODULE})
"""Classes that the project derives from, whose objects cannot be called."""

VERBS = ("get", "head", "post", "put", "patch", "delete", "options", "connect", "trace", "query")
"""Methods of an `HTTPEndpoint` that are verbs."""

HOOKS = ("on_connect", "on_receive", "on_disconnect")

SHORTHANDS = frozenset(VERBS)
"""Methods of applications that register for one method; `add_get` and its like stand beside."""

_VIEW = ("name", "include_in_schema", "tags")

ATTRIBUTES = frozenset(
    [
        *VERBS,
        *(f"add_{verb}" for verb in VERBS),
        *("route", "add_route", "websocket_route", "add_websocket_route", "mount", "add_entry"),
        *("add_component", "add_middleware", "add_exception_handler", "add_event_handler"),
        *("on_event", "resolve_url", "routes", "components", "router", "middleware", "debug"),
        *("exception_handlers", "events", "parent", "openapi", "schema_path", "docs_path"),
        *("layers", "begin", "prepare", "freeze", "enter"),
    ]
)
"""Attributes of a `Flama` when its modules are given: names that no module may have."""

PARAMETERS: Mapping[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "Flama": (
        (),
        frozenset(
            {
                "routes",
                "components",
                "modules",
                "middleware",
                "debug",
                "events",
                "lifespan",
                "openapi",
                "schema",
                "docs",
                "parent",
            }
        ),
    ),
    "Router": (("routes",), frozenset({"components", "middleware", "app"})),
    "Route": (("path", "endpoint"), frozenset({"methods", *_VIEW})),
    "WebSocketRoute": (("path", "endpoint"), frozenset(_VIEW)),
    "Mount": (("path", "app"), frozenset({"name", "routes", "tags"})),
    "route": (
        ("path", "methods", "name", "include_in_schema"),
        frozenset({"tags", "pagination"}),
    ),
    "websocket_route": (
        ("path", "name", "include_in_schema"),
        frozenset({"tags", "pagination"}),
    ),
    "add_route": (
        ("path", "endpoint", "methods", "name", "include_in_schema"),
        frozenset({"tags", "pagination", "route"}),
    ),
    "add_websocket_route": (
        ("path", "endpoint", "name", "include_in_schema"),
        frozenset({"tags", "pagination", "route"}),
    ),
    "mount": (
        ("path", "app", "name"),
        frozenset({"path_prefix", "app_to_mount", "mount", "tags"}),
    ),
}
"""Parameters of classes and methods: those that may be given by position, and the others."""

REQUEST = External("flama.http", "Request")
WEBSOCKET = External("flama.websockets", "WebSocket")
ASGI = frozenset(External("flama.types", name) for name in ("Scope", "Message", "Receive", "Send"))
"""Aliases; `Message` is the same type as `Scope`, and filled like it."""

CONNECTION: Mapping[External, frozenset[str]] = {
    REQUEST: frozenset({"http"}),
    External("starlette.requests", "Request"): frozenset({"http"}),
    External("starlette.requests", "HTTPConnection"): frozenset({"http", "websocket"}),
    WEBSOCKET: frozenset({"websocket"}),
    External("starlette.websockets", "WebSocket"): frozenset({"websocket"}),
    **{one: frozenset({"http", "websocket"}) for one in ASGI},
}
"""Types of the connection itself, by the protocols in which they are filled."""

_EITHER = ("Scheme", "Server", "Path", "PathParams", "QueryString", "Cookies")
_HTTP = ("Method", "Body", "RequestData")
_WEBSOCKET = ("Data", "Code", "Encoding")

INJECTED: Mapping[External, frozenset[str]] = {
    **{External("flama.types", name): frozenset({"http", "websocket"}) for name in _EITHER},
    **{External("flama.types", name): frozenset({"http"}) for name in _HTTP},
    **{External("flama.types", name): frozenset({"websocket"}) for name in _WEBSOCKET},
    **{
        External("starlette.datastructures", name): frozenset({"http", "websocket"})
        for name in ("URL", "Headers", "QueryParams")
    },
    External("flama.routing", "BaseRoute"): frozenset({"http", "websocket"}),
    ROUTE: frozenset({"http", "websocket"}),
    WEBSOCKET_ROUTE: frozenset({"http", "websocket"}),
    MOUNT: frozenset({"http", "websocket"}),
}
"""The other types that are filled by the framework."""

WEBSOCKET_ONLY = frozenset(External("flama.types", name) for name in _WEBSOCKET)

PRIMITIVE_INSIDE = frozenset(
    External("flama.types", name) for name in ("Method", "Code", "Encoding")
)
"""New types of primitives: where the framework does not fill them, they are those primitives."""


def home(external: External) -> External:
    """A name of the framework where it is defined; other names as they are."""
    if external.module.partition(".")[0] != "flama" or not external.name:
        return external
    head, dot, rest = external.name.partition(".")
    where = HOMES.get(head)
    return external if where is None else External(where, f"{head}{dot}{rest}")
