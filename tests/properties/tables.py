"""Random route tables and requests that are likely to meet them."""

from __future__ import annotations

from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Param,
    Route,
    RouteTable,
    Segment,
    Template,
    View,
)
from hypothesis import strategies as st

LITERALS = ("a", "b", "users", "1", "2.5", "it's", 'x"y', "{z}", "é")
TYPES = ("str", "int", "float", "decimal", "uuid")
UUID = "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"
TEXTS = (*LITERALS, "", "-7", "007", "٣", "1.", "-1.5", "1\n", "nan", UUID, UUID.upper(), "²", "-")
METHODS = ("GET", "HEAD", "POST", "PUT")


def table_of(root: App) -> RouteTable:
    return RouteTable("shop.main:app", root)


def _text(template: Template) -> str:
    return "".join(
        f"/{{{part.name}:{part.type}}}" if isinstance(part, Param) else f"/{part}"
        for part in template
    )


@st.composite
def templates(draw: st.DrawFn, used: int, most: int = 3) -> Template:
    """Segments without trailing slash; parameters have names of their own."""
    parts: list[Segment] = []
    for number in range(draw(st.integers(0, most))):
        if draw(st.booleans()):
            parts.append(draw(st.sampled_from(LITERALS)))
        else:
            parts.append(Param(f"p{used + number}", draw(st.sampled_from(TYPES))))
    return tuple(parts)


@st.composite
def routes(draw: st.DrawFn, prefix: Template, number: int) -> Route:
    own = draw(templates(len(prefix)))
    if draw(st.booleans()) or (not own and draw(st.booleans())):
        own = (*own, "")
    kind = draw(st.sampled_from(("http", "http", "http", "websocket")))
    methods = draw(
        st.sampled_from([("GET", "HEAD"), ("POST",), ("PUT",), ("POST", "PUT"), ("HEAD",), ()])
    )
    return Route(
        kind=kind,  # type: ignore[arg-type]
        own=_text(own),
        path=_text(prefix + own),
        segments=prefix + own,
        methods=methods if kind == "http" else (),
        handler=Handler("shop.main", f"view_{number}"),
        is_class=False,
        views=(View("", (), True, ""),),
        name=f"view_{number}",
        include_in_schema=True,
        span=None,
    )


@st.composite
def apps(draw: st.DrawFn, prefix: Template = (), level: int = 0) -> App:
    entries: list[Entry] = []
    for number in range(draw(st.integers(0, 5 if level == 0 else 3))):
        kind = draw(st.sampled_from("rrrrrmfd" if level < 2 else "rrrrrf"))
        if kind == "r":
            entries.append(draw(routes(prefix, level * 100 + number)))
        elif kind == "d" and draw(st.integers(0, 3)) == 0:
            entries.append(DynamicSite("loop-over-unknown", "", None))
        elif kind in "mf":
            own = draw(templates(len(prefix), 2))
            below = draw(apps(prefix + own, level + 1)) if kind == "m" else None
            entries.append(
                Mount(
                    own=_text(own),
                    path=_text(prefix + own),
                    segments=prefix + own,
                    target=Handler("shop.sub", f"app_{level}_{number}"),
                    app=below,
                    name=None,
                    late_name=False,
                    span=None,
                )
            )
    group = level > 0 and draw(st.integers(0, 3)) == 0
    ref = Handler("shop.main", f"app_{level}")
    return App(ref, "flama", group, (), tuple(entries), None)


def _segment(part: Segment) -> st.SearchStrategy[str]:
    if isinstance(part, str):
        return st.sampled_from((part, part, part, "a", ""))
    fit = {"str": "users", "int": "1", "float": "2.5", "decimal": "-1.5", "uuid": UUID}[part.type]
    return st.sampled_from((fit, fit, *TEXTS))


@st.composite
def requests(draw: st.DrawFn, table: RouteTable) -> tuple[str, str, str]:
    """Protocol, method and path: near a template of the table, or of any texts."""
    protocol = draw(st.sampled_from(("http", "http", "http", "websocket")))
    method = draw(st.sampled_from(METHODS))
    places = [entry for entry in table.walk() if not isinstance(entry, DynamicSite)]
    if places and draw(st.integers(0, 9)):
        template = draw(st.sampled_from(places)).segments
        texts = [draw(_segment(part)) for part in template]
        change = draw(st.integers(0, 7))
        if change == 0:
            texts.append(draw(st.sampled_from(TEXTS)))
        elif change == 1 and texts:
            texts.pop()
        elif change == 2:
            texts.append("")
        return protocol, method, "".join("/" + text for text in texts)
    if draw(st.integers(0, 5)) == 0:
        return protocol, method, draw(st.sampled_from(("", "*", "a", "a/b", "/", "//")))
    texts = draw(st.lists(st.sampled_from(TEXTS), max_size=4))
    return protocol, method, "".join("/" + text for text in texts)
