"""Reading a manifest back: lines to a route table, or an error that names the line and the way out.

Tolerated: any widths of columns, blank lines, comments, a byte order mark, CRLF. Refused: a newer
format, an unknown field or reason to doubt a line, for a table that is wrong is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from flama.paths import parse

from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Parameter,
    Route,
    RouteTable,
    Template,
    View,
)
from flama_compile.manifest_cells import (
    FORMAT,
    KINDS,
    CellError,
    list_of,
    split_at,
    split_cells,
    unquote,
)
from flama_compile.source import Span

__all__ = ["ManifestError", "load"]

_HEADER = re.compile(r"# flama routes (\d+)(?: · (\S+)( · .*)?)?")
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")
_ROUTE_FIELDS = frozenset(
    {"name", "handler", "class", "query", "body", "schema", "returns", "encoding"}
    | {"deprecated", "sunset"}
)
_VIEW_FIELDS = frozenset({"query", "body", "returns"})
_MOUNT_FIELDS = frozenset({"name", "handler", "app", "group"})
_DYNAMIC_FIELDS = frozenset({"reason"})


class ManifestError(ValueError):
    """A manifest that cannot be read. `line` counts from 1; `help` is something to do about it."""

    def __init__(self, file: str, line: int, problem: str, help: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file, self.line, self.problem, self.help = file, line, problem, help


def load(text: str | bytes, file: str = "") -> RouteTable:
    """The route table that a manifest describes.

    With `file`, entries carry the place of their line. ManifestError for text that is damaged, in
    a newer format, or no manifest at all.
    """
    return _Reader(file).read(text)


@dataclass(slots=True)
class _Open:
    """A mount (or the root) whose rows are being read."""

    path: str
    segments: Template
    names: str
    entries: list[Entry] = field(default_factory=list)
    mount: Mount | None = None
    """None for the root."""
    kind: Literal["flama", "router"] | None = None
    """As the row says; None when it says nothing, and rows decide."""
    group: bool | None = False


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._line = 0
        self._templates: dict[str, Template] = {}

    def read(self, text: str | bytes) -> RouteTable:
        if isinstance(text, bytes):
            text = self._decoded(text)
        lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
        name = self._header(lines[0])
        module, _, attribute = name.partition(":")
        stack = [_Open("", (), "")]
        for self._line, line in enumerate(lines[1:], 2):
            body = line.lstrip(" ")
            if not body.strip() or body[0] == "#":
                continue
            if _CONFLICT.match(line):
                raise self._error(
                    "the manifest has the marks of a merge conflict",
                    f"take either side and run `flama-compile build {name}`",
                )
            depth, odd = divmod(len(line) - len(body), 2)
            if odd or depth >= len(stack):
                raise self._damaged("the line is indented below no mount")
            while len(stack) > depth + 1:
                self._close(stack)
            try:
                self._row(body, stack)
            except CellError as error:
                raise self._damaged(str(error)) from None
        while len(stack) > 1:
            self._close(stack)
        root = App(Handler(module, attribute), "flama", False, None, tuple(stack[0].entries), None)
        return RouteTable(name, root)

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._line = data[: error.start].count(b"\n") + 1
            raise self._damaged("the line is not UTF-8") from None

    def _header(self, line: str) -> str:
        self._line = 1
        found = _HEADER.fullmatch(line.rstrip())
        if found is None:
            raise self._error(
                "this is not a manifest: the first line is not `# flama routes 1 · module:app`",
                "write it anew with `flama-compile build`",
            )
        if int(found[1]) > FORMAT:
            raise self._error(
                f"the manifest has format {found[1]}, and this flama-compile reads up to {FORMAT}",
                "upgrade flama-compile, or write the manifest anew with `flama-compile build`",
            )
        if not int(found[1]) or found[2] is None or ":" not in found[2]:
            raise self._damaged("the first line does not name the application")
        return found[2]

    def _row(self, body: str, stack: list[_Open]) -> None:
        cells = split_cells(body)
        if len(cells) < 3:
            raise CellError("the line has fewer than three columns")
        first, path, what = cells[:3]
        fields = self._fields(cells[3:])
        span = None
        if self._file:
            span = Span(self._file, self._line, 1, self._line, len(body) + 1)
        if first == "DYNAMIC":
            _known(fields, _DYNAMIC_FIELDS)
            reason = unquote(fields.get("reason", ""))
            stack[-1].entries.append(DynamicSite(reason, "", span, unquote(what)))
            return
        handler = _handler(unquote(what), fields)
        if first == "MOUNT":
            stack.append(self._mount(unquote(path), handler, fields, stack[-1], span))
        else:
            route = self._route(first, unquote(path), handler, fields, stack[-1], span)
            stack[-1].entries.append(route)

    def _mount(
        self, path: str, handler: Handler, fields: dict[str, str], above: _Open, span: Span | None
    ) -> _Open:
        _known(fields, _MOUNT_FIELDS)
        own = _below(path, above)
        segments = above.segments + self._template(own)
        late = fields.get("name") == "?"
        name = None if late or "name" not in fields else _own_name(fields["name"], above)
        kind = fields.get("app")
        if kind not in (None, "flama", "router"):
            raise CellError(f"app={kind} is neither flama nor router")
        group = _late_flag(fields, "group", "no")
        mount = Mount(own, path, segments, handler, None, name, late, span)
        names = above.names if name is None else f"{above.names}{name}:"
        known = cast(
            Literal["flama", "router"] | None, kind or ("flama" if group is not False else None)
        )
        return _Open(path, segments, names, [], mount, known, group)

    def _close(self, stack: list[_Open]) -> None:
        done = stack.pop()
        mount = done.mount
        assert mount is not None  # The root is never closed.
        app = None
        if done.kind is not None or done.entries:
            kind = done.kind or "flama"
            app = App(
                mount.target,
                kind,
                done.group is not False,
                None,
                tuple(done.entries),
                None,
                group_late=done.group is None,
            )
        stack[-1].entries.append(replace(mount, app=app))

    def _route(
        self,
        first: str,
        path: str,
        handler: Handler,
        fields: dict[str, str],
        above: _Open,
        span: Span | None,
    ) -> Route:
        is_class = "class" in fields
        verbs = [unquote(verb) for verb in list_of(fields.get("class", "-"))]
        per_view = {f"{verb}.{key}" for verb in verbs for key in _VIEW_FIELDS}
        _known(fields, (_ROUTE_FIELDS - _VIEW_FIELDS | per_view) if is_class else _ROUTE_FIELDS)
        own = _below(path, above)
        if "name" not in fields:
            raise CellError("the route has no name")
        late = fields["name"] == "?"
        return Route(
            kind="websocket" if first == "WS" else "http",
            own=own,
            path=path,
            segments=above.segments + self._template(own),
            methods=() if first == "WS" else _methods(first),
            handler=handler,
            is_class=is_class,
            views=(
                tuple(_view(verb, fields, f"{verb}.") for verb in verbs)
                if is_class
                else (_view("", fields, ""),)
            ),
            name=None if late else _own_name(fields["name"], above),
            include_in_schema=_late_flag(fields, "schema", "yes"),
            span=span,
            encoding=unquote(fields["encoding"]) if "encoding" in fields else None,
            deprecated=_late_flag(fields, "deprecated", "no"),
            sunset=unquote(fields["sunset"]) if "sunset" in fields else None,
        )

    def _template(self, own: str) -> Template:
        if (known := self._templates.get(own)) is None:
            try:
                known = parse(own)
            except ValueError as error:
                raise CellError(str(error)) from None
            self._templates[own] = known
        return known

    def _fields(self, cells: Iterable[str]) -> dict[str, str]:
        fields: dict[str, str] = {}
        for cell in cells:
            key, found, value = cell.partition("=")
            if not found or not key or '"' in key:
                raise CellError(f"{cell} is not of the form key=value")
            if key in fields:
                raise CellError(f"{key} stands twice")
            fields[key] = value
        return fields

    def _error(self, problem: str, help: str) -> ManifestError:
        return ManifestError(self._file or "manifest", self._line, problem, help)

    def _damaged(self, problem: str) -> ManifestError:
        return self._error(problem, "write the manifest anew with `flama-compile build`")


def _known(fields: dict[str, str], allowed: Iterable[str]) -> None:
    for key in fields:
        if key not in allowed:
            raise CellError(f"{key} is no field of this kind of line")


def _below(path: str, above: _Open) -> str:
    if not path.startswith(above.path):
        raise CellError(f"{path} is not below the mount {above.path}")
    own = path[len(above.path) :]
    if own and not own.startswith("/"):
        raise CellError(f"{path} is not below the mount {above.path}")
    return own


def _own_name(cell: str, above: _Open) -> str:
    name = unquote(cell)
    if not name.startswith(above.names):
        raise CellError(f"the name {name} does not start with {above.names}")
    return name[len(above.names) :]


def _handler(text: str, fields: dict[str, str]) -> Handler:
    module, found, qualname = text.partition(":")
    if not found:
        raise CellError(f"{text} is not of the form module:name")
    mark = fields.get("handler")
    if mark not in (None, "?"):
        raise CellError(f"handler={mark} can only be ?")
    return Handler(module, qualname, late=mark == "?")


def _methods(cell: str) -> tuple[str, ...]:
    if cell in KINDS - {"-"}:
        raise CellError(f"{cell} is not a method")
    return tuple(unquote(item) for item in list_of(cell))


def _late_flag(fields: dict[str, str], key: str, usual: str) -> bool | None:
    """Yes or no; None for `?`, which is known only at load."""
    value = fields.get(key, usual)
    if value not in ("yes", "no", "?"):
        raise CellError(f"{key}={value} is neither yes nor no")
    return None if value == "?" else value == "yes"


def _view(verb: str, fields: dict[str, str], at: str) -> View:
    query, body = fields.get(f"{at}query", "-"), fields.get(f"{at}body", "-")
    returns = unquote(fields.get(f"{at}returns", ""))
    if "?" in (query, body):
        return View(verb, (), None, returns, late=True)
    parameters = [_parameter(item, "query") for item in list_of(query)]
    parameters += [_parameter(item, "body") for item in list_of(body)]
    return View(verb, tuple(parameters), None, returns)


def _parameter(item: str, origin: Literal["query", "body"]) -> Parameter:
    head, default = split_at(item, "=")
    name, type = split_at(head, ":")
    if not name:
        raise CellError(f"{item} names no parameter")
    return Parameter(
        unquote(name),
        "positional",
        "" if type is None else unquote(type),
        None if default is None else unquote(default),
        origin,
    )
