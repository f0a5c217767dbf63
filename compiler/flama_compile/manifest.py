"""The manifest: a route table as text that people review and tools read back.

One entry per line, in registration order, no indices and no line numbers, so that a change touches
one line. A mount's entries follow it, indented by two spaces, with their whole paths::

    # flama routes 1 · shop.main:app
    GET,HEAD   /items/{id:int}/        shop.items:show   name=show query=q:str? body=- schema=yes
    WS         /feed/{topic}/          shop.feed:stream  name=stream
    MOUNT      /admin                  shop.admin:app    name=admin
      GET,HEAD /admin/users/{id:uuid}/ shop.admin:user   name=admin:user
    DYNAMIC    -                       shop/plugins.py   reason=loop-over-unknown

Columns have fixed widths, so that a longer path elsewhere moves nothing. What a line leaves out has
its usual value: no query, no body, shown in the schema. `?` is what only the loaded application
can tell. `design.md` section 5 is the rule; `stored` says what of a table a manifest keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Mount,
    Parameter,
    Route,
    RouteTable,
    View,
)
from flama_compile.manifest_cells import ABSENT, FORMAT, KINDS, UNKNOWN, quote
from flama_compile.manifest_load import ManifestError, load

__all__ = ["FORMAT", "ManifestError", "dump", "load", "stored"]


def dump(table: RouteTable) -> str:
    """The text of a table's manifest, with a final newline."""
    lines = [f"# flama routes {FORMAT} · {table.app}"]
    lines += _rows(table.root, "", "")
    return "\n".join(lines) + "\n"


def stored(table: RouteTable) -> RouteTable:
    """The table reduced to what its manifest keeps: `load(dump(table)) == stored(table)`.

    Left out: places in the source, bodies of functions, components, whether a view awaits, what
    a websocket returns, and every parameter that a client cannot see.
    """
    return RouteTable(table.app, _stored_app(replace(table.root, kind="flama", group=False)))


def _rows(app: App, indent: str, prefix: str) -> Iterator[str]:
    for entry in app.entries:
        match entry:
            case Route():
                yield _row(indent, _methods(entry), entry.path, entry, _route_fields(entry, prefix))
            case Mount():
                yield _row(indent, "MOUNT", entry.path, entry, _mount_fields(entry, prefix))
                if entry.app is not None:
                    below = prefix if entry.name is None else f"{prefix}{entry.name}:"
                    yield from _rows(entry.app, indent + "  ", below)
            case DynamicSite():
                yield _row(indent, "DYNAMIC", "-", entry, [f"reason={quote(entry.reason)}"])


def _row(indent: str, first: str, path: str, entry: Entry, fields: list[str]) -> str:
    shown = path if path == "-" else quote(path)
    match entry:
        case Route():
            what = str(entry.handler)
        case Mount():
            what = str(entry.target)
        case DynamicSite():
            what = _file(entry)
    line = f"{indent + first:<10} {shown:<23} {quote(what):<16}  {' '.join(fields)}"
    return line.rstrip()


def _methods(route: Route) -> str:
    if route.kind == "websocket":
        return "WS"
    return ",".join(quote(method, KINDS) for method in route.methods) or "-"


def _route_fields(route: Route, prefix: str) -> list[str]:
    fields = ["name=?" if route.name is None else f"name={quote(prefix + route.name, UNKNOWN)}"]
    if route.handler.late:
        fields.append("handler=?")
    schema = f"schema={_flag(route.include_in_schema)}"
    usual = route.include_in_schema is True
    if route.is_class:
        verbs = ",".join(quote(view.verb, ABSENT) for view in route.views)
        fields.append(f"class={verbs or '-'}")
    for view in _views(route):
        at = f"{view.verb}." if route.is_class else ""
        query, body = _parameters(view, "query"), _parameters(view, "body")
        if route.kind == "http" and not route.is_class and (query, body, usual) != ("-", "-", True):
            # The three stand together, so that the line says what there is not as well.
            fields += [f"query={query}", f"body={body}", schema]
            usual = True
        else:
            fields += [f"{at}query={query}"] * (query != "-")
            fields += [f"{at}body={body}"] * (body != "-")
        returns = _returns(route, view)
        fields += [f"{at}returns={quote(returns)}"] * bool(returns)
    fields += [] if usual else [schema]
    if route.encoding is not None:
        fields.append(f"encoding={quote(route.encoding)}")
    if route.deprecated is not False:
        fields.append(f"deprecated={_flag(route.deprecated)}")
    if route.sunset is not None:
        fields.append(f"sunset={quote(route.sunset)}")
    return fields


def _flag(value: bool | None) -> str:
    return "?" if value is None else "yes" if value else "no"


def _mount_fields(mount: Mount, prefix: str) -> list[str]:
    fields = []
    if mount.name is not None:
        fields.append(f"name={quote(prefix + mount.name, UNKNOWN)}")
    elif mount.late_name:
        fields.append("name=?")
    if mount.target.late:
        fields.append("handler=?")
    if mount.app is not None:
        if mount.app.kind == "router" or not mount.app.entries:
            fields.append(f"app={mount.app.kind}")
        if mount.app.group:
            fields.append("group=?" if mount.app.group_late else "group=yes")
    return fields


def _parameters(view: View, origin: str) -> str:
    if view.late:
        return "?"
    chosen = [each for each in view.parameters if each.origin == origin]
    return ",".join(map(_parameter, chosen)) or "-"


def _parameter(parameter: Parameter) -> str:
    text = quote(parameter.name)
    if parameter.type:
        text += f":{quote(parameter.type)}"
    if parameter.default is not None:
        text += f"={quote(parameter.default)}"
    return text


def _views(route: Route) -> tuple[View, ...]:
    """The route's views; a function of which nothing is known has one late view."""
    return route.views if route.views or route.is_class else (View("", (), None, "", late=True),)


def _stored_app(app: App) -> App:
    entries = tuple(map(_stored_entry, app.entries))
    return replace(app, components=None, entries=entries, span=None)


def _stored_entry(entry: Entry) -> Entry:
    match entry:
        case Route():
            views = tuple(_stored_view(entry, view) for view in _views(entry))
            return replace(entry, views=views, span=None, body_digest="")
        case Mount():
            app = entry.app and _stored_app(replace(entry.app, ref=entry.target))
            late = entry.late_name and entry.name is None
            return replace(entry, app=app, late_name=late, span=None, body_digest="")
        case DynamicSite():
            return DynamicSite(entry.reason, "", None, _file(entry))


def _returns(route: Route, view: View) -> str:
    """What a client can rely on: nothing of a websocket, nor what the source does not tell."""
    return "" if route.kind == "websocket" or view.returns == "*" else view.returns


def _stored_view(route: Route, view: View) -> View:
    kept = () if view.late else view.parameters
    parameters = tuple(
        Parameter(each.name, "positional", each.type, each.default, each.origin)
        for origin in ("query", "body")
        for each in kept
        if each.origin == origin
    )
    return View(view.verb, parameters, None, _returns(route, view), view.late)


def _file(site: DynamicSite) -> str:
    return site.span.file if site.span is not None else site.file
