"""The text form of a route table::

app shop.main:app
flama shop.main:app
  http GET,HEAD /items/{item_id:int}/ shop.items:show name=show at shop/items.py:12:1
    async show(item_id: int <- path, limit: int = 10 <- query) -> list[shop.items:Item]
  websocket /feed/{topic}/ shop.feed:stream name=stream at shop/feed.py:5:1
    async stream(websocket: flama.websockets:WebSocket <- connection)
  mount /static starlette.staticfiles:StaticFiles name=static at shop/main.py:9:1
  dynamic loop-over-unknown at shop/plugins.py:8:1: the list comes from the environment
"""

from __future__ import annotations

from collections.abc import Iterator

from flama_compile.ir.routes import App, DynamicSite, Mount, Parameter, Route, RouteTable, View
from flama_compile.source import Span

__all__ = ["routes_text"]

_STARS = {"var-positional": "*", "var-keyword": "**"}


def routes_text(table: RouteTable, places: bool = True) -> str:
    """A whole table; without `places`, no line depends on where things stand in files."""
    lines = [f"app {table.app}", *_app(table.root, "", places)]
    return "".join(line + "\n" for line in lines)


def _app(app: App, indent: str, places: bool) -> Iterator[str]:
    words = [app.kind, str(app.ref)]
    if app.group:
        words.append("group=?" if app.group_late else "group")
    if app.components is None:
        words.append("components=?")
    elif app.components:
        words.append("components=" + ",".join(map(str, app.components)))
    yield indent + " ".join(words)
    indent += "  "
    for entry in app.entries:
        match entry:
            case Route():
                yield from _route(entry, indent, places)
            case Mount():
                yield indent + _mount(entry, places)
                if entry.app is not None:
                    yield from _app(entry.app, indent + "  ", places)
            case DynamicSite():
                declared = " declared" if entry.declared else ""
                where = _at(entry.span, places) or (f" in {entry.file}" if entry.file else "")
                yield f"{indent}dynamic {entry.reason}{declared}{where}: {entry.detail}"


def _route(route: Route, indent: str, places: bool) -> Iterator[str]:
    words: list[str] = [route.kind]
    if route.methods:
        words.append(",".join(route.methods))
    words += [_path(route.path), _handler(route.handler.late, str(route.handler))]
    words.append(f"name={'?' if route.name is None else route.name}")
    if route.include_in_schema is not True:
        words.append("schema=?" if route.include_in_schema is None else "schema=no")
    if route.encoding is not None:
        words.append(f"encoding={route.encoding}")
    if route.deprecated is not False:
        words.append("deprecated=?" if route.deprecated is None else "deprecated")
    if route.sunset is not None:
        words.append(f"sunset={route.sunset}")
    yield indent + " ".join(words) + _at(route.span, places)
    for view in route.views:
        yield f"{indent}  {_view(view, route.handler.qualname)}"


def _mount(mount: Mount, places: bool) -> str:
    words = ["mount", _path(mount.path or "/"), _handler(mount.target.late, str(mount.target))]
    if mount.late_name:
        words.append("name=?")
    elif mount.name is not None:
        words.append(f"name={mount.name}")
    return " ".join(words) + _at(mount.span, places)


def _view(view: View, qualname: str) -> str:
    words = {True: "async ", False: "", None: "sync-or-async "}[view.awaits]
    name = view.verb or qualname.rpartition(".")[2]
    if view.late:
        return f"{words}{name}(?)"
    returns = f" -> {view.returns}" if view.returns else ""
    return f"{words}{name}({', '.join(_parameters(view.parameters))}){returns}"


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    """As in a definition, each followed by what fills it."""
    previous = ""
    for parameter in parameters:
        if previous == "positional-only" and parameter.kind != "positional-only":
            yield "/"
        if parameter.kind == "keyword-only" and previous not in ("keyword-only", "var-positional"):
            yield "*"
        text = _STARS.get(parameter.kind, "") + parameter.name
        if parameter.type:
            text += f": {parameter.type}"
        if parameter.default is not None:
            text += f" = {parameter.default}"
        yield f"{text} <- {parameter.origin}"
        previous = parameter.kind
    if previous == "positional-only":
        yield "/"


def _handler(late: bool, text: str) -> str:
    return f"{text} late" if late else text


def _path(path: str) -> str:
    """A path as it is, or as a literal where it would not be one word."""
    plain = path and path.isprintable() and " " not in path
    return path if plain else repr(path)


def _at(span: Span | None, places: bool) -> str:
    return f" at {span}" if span is not None and places else ""
