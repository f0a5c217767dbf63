"""Random route tables, and requests that are likely to meet them.

Everything is drawn from one `random.Random`, which hypothesis provides in the normal run (so that
failures shrink) and a plain seed in the long one.
"""

from __future__ import annotations

import itertools
import uuid
from random import Random

from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Param,
    Parameter,
    Route,
    RouteTable,
    Segment,
    Template,
    View,
)

LITERALS = ("a", "b", "users", "1", "2.5", "it's", 'x"y', "\\n", "é", "..")
TYPES = ("str", "str", "int", "float", "decimal", "uuid")
UUID = "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"
TEXTS = (
    *LITERALS,
    "{p0}",
    "",
    "-7",
    "007",
    "٣",
    "1.",
    "-1.5",
    "1\n",
    "nan",
    UUID,
    UUID.upper(),
    "²",
    "-",
)
METHODS = ("GET", "HEAD", "POST", "PUT")
SETS = (("GET", "HEAD"), ("GET", "HEAD"), ("POST",), ("PUT",), ("POST", "PUT"), ("HEAD",), ())

SEND = Parameter("send", "positional", "flama.types:Send", None, "connection")

Request = tuple[str, str, str]


class Tables:
    """Draws tables; views are numbered in the order in which they are drawn."""

    def __init__(self, random: Random, *, dynamic: bool = False) -> None:
        self.random = random
        self.dynamic = dynamic
        self.views = 0

    def table(self) -> RouteTable:
        """One table, up to three applications deep."""
        return RouteTable("shop.main:app", self._app((), 0))

    def _app(self, prefix: Template, level: int) -> App:
        entries: list[Entry] = []
        for _ in range(self.random.randint(0, 7 if level == 0 else 4)):
            kind = self.random.choice("rrrrrrmmfg" if level < 2 else "rrrrrrf")
            if kind == "r":
                entries.append(self._route(prefix, self._own(len(prefix))))
            elif kind == "g":
                entries += [self._route(prefix, own) for own in self._grid(len(prefix))]
            elif self.dynamic and self.random.random() < 0.05:
                entries.append(DynamicSite("loop-over-unknown", "", None))
            else:
                entries.append(self._mount(prefix, level, kind == "m"))
        group = level > 0 and self.random.random() < 0.3
        kind = "flama" if level == 0 or self.random.random() < 0.6 else "router"
        ref = Handler("shop.main", f"app_{level}")
        return App(ref, kind, group, (), tuple(entries), None)  # type: ignore[arg-type]

    def _mount(self, prefix: Template, level: int, ours: bool) -> Mount:
        own = self._template(len(prefix), 2)
        self.views += 1
        return Mount(
            own=text_of(own),
            path=text_of(prefix + own),
            segments=prefix + own,
            target=Handler("shop.sub", f"app_{self.views}"),
            app=self._app(prefix + own, level + 1) if ours else None,
            name=None,
            late_name=False,
            span=None,
        )

    def _own(self, used: int) -> Template:
        own = self._template(used, 3)
        if self.random.random() < 0.5 or (not own and self.random.random() < 0.7):
            own = (*own, "")
        return own

    def _grid(self, used: int) -> list[Template]:
        """Templates that differ in their literals only, as those of real applications do."""
        first, second = (self.random.sample(LITERALS, self.random.randint(2, 5)) for _ in range(2))
        found: list[Template] = []
        for _ in range(self.random.randint(1, 3)):
            type = self.random.choice(TYPES)
            slots: list[list[Segment]] = []
            for at in range(self.random.randint(1, 4)):
                choices: tuple[list[Segment], ...] = (
                    [*first],
                    [*second],
                    [Param(f"p{used + at}", type)],
                )
                slots.append(self.random.choice(choices))
            grid = itertools.product(*slots)
            found += [own for own in itertools.islice(grid, 40) if self.random.random() < 0.9]
        self.random.shuffle(found)
        return found

    def _route(self, prefix: Template, own: Template) -> Route:
        websocket = self.random.random() < 0.2
        segments = prefix + own
        self.views += 1
        # The view takes some of the path, annotated with the type of the segment, or not at all.
        names = {part.name: part.type for part in segments if isinstance(part, Param)}
        parameters = tuple(
            Parameter(name, "keyword-only", self.random.choice((type, "")), None, "path")
            for name, type in names.items()
            if self.random.random() < 0.8
        )
        return Route(
            kind="websocket" if websocket else "http",
            own=text_of(own),
            path=text_of(segments),
            segments=segments,
            methods=() if websocket else self.random.choice(SETS),
            handler=Handler("shop.main", f"view_{self.views}"),
            is_class=False,
            views=(View("", (SEND,) if websocket else parameters, True, ""),),
            name=f"view_{self.views}",
            include_in_schema=True,
            span=None,
        )

    def _template(self, used: int, most: int) -> Template:
        """Segments without a trailing slash; names are used again below a mount at times."""
        parts: list[Segment] = []
        start = used if self.random.random() < 0.8 else 0
        for number in range(start, start + self.random.randint(0, most)):
            if self.random.random() < 0.5:
                parts.append(self.random.choice(LITERALS))
            else:
                name = f"p{number}"
                parts.append(Param(name, self.random.choice(TYPES)))
        return tuple(parts)


def requests(random: Random, table: RouteTable, count: int) -> list[Request]:
    """Protocol, method and decoded path of some requests, most of them near a template."""
    places = [entry for entry in table.walk() if not isinstance(entry, DynamicSite)]
    return [_request(random, places) for _ in range(count)]


def _request(random: Random, places: list[Route | Mount]) -> Request:
    protocol = "websocket" if random.random() < 0.2 else "http"
    method = random.choice(METHODS)
    if places and random.random() < 0.9:
        texts = [_text(random, part) for part in random.choice(places).segments]
        change = random.randint(0, 7)
        if change == 0:
            texts.append(random.choice(TEXTS))
        elif change == 1 and texts:
            texts.pop()
        elif change == 2:
            texts.append("")
        return protocol, method, "".join("/" + text for text in texts)
    if random.random() < 0.2:
        return protocol, method, random.choice(("", "*", "a", "a/b", "/", "//"))
    texts = [random.choice(TEXTS) for _ in range(random.randint(0, 4))]
    return protocol, method, "".join("/" + text for text in texts)


def _text(random: Random, part: Segment) -> str:
    if isinstance(part, str):
        return random.choice((part, part, part, part, "a", ""))
    match part.type:
        case "int":
            fit = str(random.randint(-20, 2000))
        case "float" | "decimal":
            fit = f"{random.randint(-20, 200)}.{random.randint(0, 99)}"
        case "uuid":
            fit = str(uuid.UUID(int=random.getrandbits(128)))
        case _:
            fit = random.choice(("users", "abc", "1"))
    return random.choice((fit, fit, fit, random.choice(TEXTS)))


def text_of(template: Template) -> str:
    """The template as it is registered."""
    return "".join(
        f"/{{{part.name}:{part.type}}}" if isinstance(part, Param) else f"/{part}"
        for part in template
    )
