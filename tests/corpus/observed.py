"""The process behind `observe.Observer`: forks, imports one application, prints its table."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import enum
import importlib
import inspect
import io
import json
import os
import resource
import sys
import traceback
import types
import typing
import uuid
from typing import Any

_COMMON = (
    "flama",
    "flama.endpoints",
    "flama.http",
    "flama.routing",
    "flama.schemas",
    "flama.types",
    "flama.websockets",
    "pydantic",
    "starlette.applications",
    "starlette.staticfiles",
)
"""Imported once, before the first fork; projects import them faster then."""

WORDS = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    uuid.UUID: "uuid",
    decimal.Decimal: "decimal",
    datetime.date: "date",
    datetime.time: "time",
    datetime.datetime: "datetime",
}


def main() -> None:
    """Answer requests until the input ends."""
    for name in _COMMON:
        importlib.import_module(name)

    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _answer(json.loads(line), writer)
        os.close(writer)
        with open(reader, encoding="utf-8") as stream:
            answer = stream.read()
        _, status = os.waitpid(child, 0)
        if not answer:
            answer = json.dumps({"error": f"the process of the application ended: {status}"})
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _answer(request: dict[str, Any], writer: int) -> typing.NoReturn:
    """Import the application and write its table; the forked process ends here."""
    # What an application prints or forks, and how long it loops, must not touch the others.
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    noise = io.StringIO()
    answer: dict[str, Any]
    try:
        with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
            answer = _replay(request) if "compiled" in request else _observe(request)
    except BaseException as error:
        lines = traceback.format_exception_only(error)
        answer = {"error": "".join(lines).strip(), "trace": traceback.format_exc()}
    with open(writer, "w", encoding="utf-8") as stream:
        json.dump(answer, stream)
        stream.flush()
    os._exit(0)


def _observe(request: dict[str, Any]) -> dict[str, Any]:
    """The rows of an application, and why it would not start."""
    from flama import Flama
    from flama.exceptions import ApplicationError

    app, rows = _table(request)
    refused = ""
    if isinstance(app, Flama):
        try:
            app.prepare()
        except ApplicationError as error:
            refused = str(error)
    return {"rows": rows, "refused": refused}


def _replay(request: dict[str, Any]) -> dict[str, Any]:
    """Load the compiled module and ask both applications the same questions."""
    differences = importlib.import_module("replayed").differences
    app, rows = _table(request)
    compiled = importlib.import_module(request["compiled"])
    return {"differences": differences(app, compiled.app, rows)}


def _table(request: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """The application of a request and its rows."""
    os.chdir(request["folder"])
    os.environ.update(request["env"])
    sys.path[:0] = [os.path.abspath(folder) for folder in request["path"]]
    module_name, _, attribute = request["app"].partition(":")
    before = set(sys.modules)
    app = importlib.import_module(module_name)
    for part in attribute.split("."):
        app = getattr(app, part)
    own = [sys.modules[name] for name in sorted(set(sys.modules) - before)]
    return app, _rows(app, "", own)


def _rows(app: Any, prefix: str, modules: list[types.ModuleType]) -> list[dict[str, Any]]:
    return [_row(route, prefix, modules) for route in app.routes]


def _row(route: Any, prefix: str, modules: list[types.ModuleType]) -> dict[str, Any]:
    import flama
    from flama.routing import Mount, WebSocketRoute

    row: dict[str, Any] = {"name": route.name, "include_in_schema": route.include_in_schema}
    if isinstance(route, Mount):
        whole = prefix + route.path.removesuffix("/")
        target = route.app
        row |= {"kind": "mount", "path": whole, "aliases": _aliases(target, modules)}
        row["children"] = None
        if isinstance(target, flama.Flama | flama.Router):
            row["children"] = _rows(target, whole, modules)
        return row
    endpoint = route.endpoint
    row["path"] = prefix + route.path
    row["kind"] = "websocket" if isinstance(route, WebSocketRoute) else "http"
    row["methods"] = [] if row["kind"] == "websocket" else sorted(route.methods)
    module = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    qualname = getattr(endpoint, "__qualname__", None) or type(endpoint).__qualname__
    row["handler"] = f"{module}:{qualname}"
    row["parameters"] = _parameters(endpoint)
    return row


def _aliases(target: Any, modules: list[types.ModuleType]) -> list[str]:
    """Every `module:attribute` below which the modules of the project hold an object."""
    kind = type(target)
    found = [
        f"{module.__name__}:{name}"
        for module in modules
        for name, value in vars(module).items()
        if value is target
    ]
    if isinstance(target, types.FunctionType):
        found.append(f"{target.__module__}:{target.__qualname__}")
    return [*found, f"{kind.__module__}:{kind.__qualname__}"]


def _parameters(endpoint: Any) -> dict[str, list[list[str]]] | None:
    """Name, kind, type and default of all parameters, by verb; None where that cannot be told."""
    if not inspect.isclass(endpoint):
        return {"": _signature(endpoint)} if inspect.isfunction(endpoint) else None
    names = [name for name in dir(endpoint) if name in _VERBS or name.startswith("on_")]
    return {
        name: _signature(getattr(endpoint, name))
        for name in names
        if callable(getattr(endpoint, name))
    }


_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "connect", "trace", "query")

_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.VAR_POSITIONAL: "var-positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword-only",
    inspect.Parameter.VAR_KEYWORD: "var-keyword",
}


def _signature(function: Any) -> list[list[str]]:
    try:
        hints = typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    except (NameError, TypeError):
        hints = {}
    return [
        [
            parameter.name,
            _KINDS[parameter.kind],
            word(hints[parameter.name]) if parameter.name in hints else "",
            "" if parameter.default is parameter.empty else repr(parameter.default),
        ]
        for parameter in inspect.signature(function).parameters.values()
    ]


def word(annotation: Any) -> str:
    """The canonical text of a resolved annotation, as `flama_compile.ir.routes` defines it."""
    if isinstance(annotation, typing.NewType):
        if annotation.__module__ == "flama.types":
            return f"flama.types:{annotation.__name__}"
        return word(annotation.__supertype__)
    if type(annotation).__name__ == "TypeAliasType":
        return word(annotation.__value__)
    origin, members = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return word(members[0]) + _model(members[1:])
    if origin is list and members:
        return f"list[{word(members[0])}]"
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(_literal, members))}]"
    if origin in (typing.Union, types.UnionType):
        rest = [word(member) for member in members if member is not type(None)]
        text = "|".join(dict.fromkeys(rest))
        if len(rest) == len(members):
            return text
        return f"({text})?" if "|" in text else f"{text}?"
    if annotation in WORDS:
        return WORDS[annotation]
    if inspect.isclass(annotation) and origin is None:
        return f"{annotation.__module__}:{annotation.__qualname__}"
    return "*"


def _model(metadata: tuple[Any, ...]) -> str:
    """The model of a schema, which is what a body is checked against."""
    for item in metadata:
        if type(item).__name__ == "SchemaMetadata":
            return f"[{word(item.schema)}{', partial' if item.partial else ''}]"
    return ""


def _literal(value: Any) -> str:
    return repr(value.value) if isinstance(value, enum.Enum) else repr(value)


if __name__ == "__main__":
    main()
