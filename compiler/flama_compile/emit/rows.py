"""The lines of `ROUTES` and of the docstring, from the plan's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flama._fingerprint import UNKNOWN, mount_row, parameters_text, quoted, route_row

from flama_compile.ir.plan import PRIMITIVES
from flama_compile.ir.routes import App, DynamicSite, Entry, Mount, Parameter, Route, View

__all__ = ["docstring_lines", "fingerprint_lines"]


def fingerprint_lines(app: App, indent: str = "") -> Iterator[str]:
    """What the loader compares with the live application, in its order."""
    for entry in app.entries:
        match entry:
            case Route():
                yield indent + _route(entry)
            case DynamicSite():
                yield f"{indent}DYNAMIC {quoted(_site(entry))}"
            case Mount():
                name = UNKNOWN if entry.late_name else entry.name
                # A name that is not known stays unquoted.
                row = mount_row(entry.own.rstrip("/"), name, _kind(entry.app))
                if entry.late_name:
                    row = row.replace(f" {quoted(UNKNOWN)} ", f" {UNKNOWN} ")
                yield indent + row
                if entry.app is not None:
                    yield from fingerprint_lines(entry.app, indent + "  ")


def _kind(app: App | None) -> str:
    if app is None:
        return "foreign"
    if app.group_late:
        return UNKNOWN
    return "group" if app.group else "app"


def docstring_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Methods, whole path and handler of every entry, in registration order."""
    for entry in entries:
        match entry:
            case Route():
                kind = "WS" if entry.kind == "websocket" else ",".join(entry.methods) or "-"
                yield _columns(kind, quoted(entry.path), str(entry.handler))
            case Mount():
                yield _columns("MOUNT", quoted(entry.path or "/"), str(entry.target))
            case DynamicSite():
                yield _columns("DYNAMIC", "-", _site(entry))


def _columns(first: str, second: str, third: str) -> str:
    # Fixed widths: an added route must not move the lines of all others.
    return f"{first:<9} {second:<36} {third}".rstrip()


def _site(site: DynamicSite) -> str:
    return site.file or (site.span.file if site.span else site.reason)


def _route(route: Route) -> str:
    methods = "WS" if route.kind == "websocket" else ",".join(route.methods) or "-"
    row = route_row(
        methods,
        route.own,
        UNKNOWN if route.handler.late else str(route.handler),
        UNKNOWN if route.name is None else route.name,
        _parameters(route),
        route.encoding,
    )
    unknown = quoted(UNKNOWN)
    return row.replace(f" {unknown}", f" {UNKNOWN}") if unknown in row else row


def _parameters(route: Route) -> str:
    if route.handler.late:
        return UNKNOWN
    if route.is_class:
        return ";".join(view.verb + _view(view) for view in route.views) or "()"
    return _view(route.views[0]) if route.views else UNKNOWN


def _view(view: View) -> str:
    if view.late:
        return f"({UNKNOWN})"
    return f"({_texts(view.parameters)})"


def _texts(parameters: Sequence[Parameter]) -> str:
    return parameters_text(
        (p.name, p.kind, _word(p.type), p.default is not None) for p in parameters
    )


def _word(type: str) -> str:
    if not type or type in PRIMITIVES:
        return type
    return UNKNOWN if type == "*" else "*"
