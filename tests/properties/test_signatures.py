"""Invented signatures: compiled and interpreted fill them alike, whatever is sent.

A signature is a list of parameters of all kinds, types, defaults and orders. It becomes a function
or a class view, under a path that takes some of the parameters. Every view returns the `repr` of
all its arguments, and every request is made in both modes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from conformance.compile import build
from conformance.form import Application, HttpExchange, LifespanExpectation, http
from conformance.harness import Transcript, load, perform, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = """
from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import uuid
from typing import Annotated, Literal, Optional, Union

from flama import Component, Flama, types
from flama.endpoints import HTTPEndpoint
from flama.http import Request
from notes import note

class Colour(enum.Enum):
    RED = "red"
    ONE = 1

@dataclasses.dataclass
class Item:
    name: str
    price: float = 1.0

class Token:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return f"Token({self.text!r})"

class TokenComponent(Component):
    def resolve(self, token: str = "no token", level: int = 1) -> Token:
        note(["token", token, level])
        return Token(f"{token} {level}")

app = Flama(schema=None, docs=None, components=[TokenComponent()])
"""

TEXTS = {
    "int": ["7", "-1", "+1", "007", "1_0", " 4 ", "1.0", "1.5", "x", "", "9" * 5000],
    "float": ["1", ".5", "1e3", "nan", "-inf", "x", ""],
    "str": ["a", "", "a b", "\u00fc", "%", "\x00"],
    "bool": ["true", "0", "YES", "off", "2", ""],
    "uuid.UUID": ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B8109DAD11D180B400C04FD430C8", "x"],
    "decimal.Decimal": ["1.50", "-3", "NaN", "1e2", "x"],
    "datetime.date": ["2024-02-29", "20240229", "2023-02-29", ""],
    "datetime.time": ["12:30", "12:30:01.5+02:00", "25:00"],
    "datetime.datetime": ["2024-02-29T12:30:00", "2024-02-29", "2024-02-29 12:30Z", "x"],
    "Colour": ["red", "1", "RED", "blue"],
    'Literal["a", 1, "b"]': ["a", "1", "01", "c"],
}
"""Types that fit a path or a query, and texts that they like or do not."""

DEFAULTS = {
    "int": "3",
    "float": "1.5",
    "str": '"default"',
    "bool": "True",
    "uuid.UUID": "uuid.UUID(int=0)",
    "decimal.Decimal": 'decimal.Decimal("1")',
    "datetime.date": "datetime.date(2024, 1, 1)",
    "datetime.time": "datetime.time(1)",
    "datetime.datetime": "datetime.datetime(2024, 1, 1)",
    "Colour": "Colour.RED",
    'Literal["a", 1, "b"]': '"a"',
}

INJECTED = {
    "Request": "{name}.method",
    "types.Method": "{name}",
    "types.QueryString": "{name}",
    "types.PathParams": "sorted({name})",
    "types.Headers": '{name}.get("host")',
    "Token": "{name}",
    "Flama": "{name} is app",
}
"""Types that are not in path or query, and what a view shows of them."""

PATH_TYPES = ("", ":str", ":int", ":float", ":decimal", ":uuid")


@dataclass(frozen=True)
class Parameter:
    """One parameter as it is written, and texts to send for it."""

    name: str
    annotation: str
    default: str
    kind: int
    """0 positional-only, 1 positional, 2 keyword-only: the order of a signature."""
    texts: tuple[str, ...]
    shown: str


@dataclass(frozen=True)
class View:
    """One view under a path of its own."""

    parameters: tuple[Parameter, ...]
    path: tuple[tuple[str, str], ...]
    awaits: bool
    is_class: bool
    variadic: bool

    def source(self, number: int) -> str:
        """The view, registered."""
        route = f"/v{number}" + "".join(f"/{{{name}{kind}}}" for name, kind in self.path)
        shown = ", ".join(parameter.shown for parameter in self.parameters)
        define = "async def" if self.awaits else "def"
        body = f"return [repr(value) for value in [{shown}]]"
        if self.is_class:
            return (
                f"@app.route({route!r})\nclass V{number}(HTTPEndpoint):\n"
                f"    {define} post({self.signature('self')}):\n        {body}\n"
            )
        return f"@app.post({route!r})\n{define} v{number}({self.signature()}):\n    {body}\n"

    def signature(self, first: str = "") -> str:
        """Everything between the parentheses."""
        parts = [first] if first else []
        by_kind = [[p for p in self.parameters if p.kind == kind] for kind in range(3)]
        parts += [_written(p) for p in by_kind[0]]
        if by_kind[0]:
            parts.append("/")
        parts += [_written(p) for p in by_kind[1]]
        if self.variadic:
            parts.append("*args")
        elif by_kind[2]:
            parts.append("*")
        parts += [_written(p) for p in by_kind[2]]
        if self.variadic:
            parts.append("**kwargs")
        return ", ".join(parts)


def _written(parameter: Parameter) -> str:
    default = f" = {parameter.default}" if parameter.default else ""
    return f"{parameter.name}: {parameter.annotation}{default}"


@st.composite
def parameters(draw: st.DrawFn, name: str) -> Parameter:
    """A parameter of path or query, of a type or of something made of it."""
    base = draw(st.sampled_from(sorted(TEXTS)))
    shape = draw(st.sampled_from(["{}", "{}", "Optional[{}]", "list[{}]", "Union[{}, str]"]))
    annotation = shape.format(base)
    if draw(st.booleans()) and "|" not in annotation:
        annotation = f'Annotated[{annotation}, "a note"]' if draw(st.booleans()) else annotation
    default = ""
    if draw(st.booleans()):
        default = {"{}": DEFAULTS[base], "list[{}]": "[]"}.get(shape, "None")
    return Parameter(name, annotation, default, draw(st.integers(0, 2)), tuple(TEXTS[base]), name)


@st.composite
def injected(draw: st.DrawFn, name: str) -> Parameter:
    """A parameter that the connection or a component fills."""
    annotation = draw(st.sampled_from(sorted(INJECTED)))
    shown = INJECTED[annotation].format(name=name)
    return Parameter(name, annotation, "", draw(st.integers(0, 2)), (), shown)


@st.composite
def views(draw: st.DrawFn) -> View:
    """A view with up to six parameters, in an order that Python accepts."""
    names = draw(st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True))
    made = [draw(st.one_of(parameters(n), parameters(n), injected(n))) for n in names]
    if draw(st.booleans()):
        default = draw(st.sampled_from(["", 'Item("default")', "None"]))
        annotation = "Item | None" if default == "None" else "Item"
        made.append(Parameter("item", annotation, default, draw(st.integers(0, 2)), (), "item"))
    # Without a default after one with a default is no Python, among those passed by position.
    made = [
        *sorted((p for p in made if p.kind < 2), key=lambda p: (bool(p.default), p.kind)),
        *(p for p in made if p.kind == 2),
    ]
    if any(p.default for p in made if p.kind == 0):
        made = [
            Parameter(p.name, p.annotation, p.default, max(p.kind, 1), p.texts, p.shown)
            for p in made
        ]
    fits = [
        p.name for p in made if p.texts and not p.annotation.startswith(("list", "Annotated[list"))
    ]
    taken = draw(st.lists(st.sampled_from(fits), max_size=2, unique=True)) if fits else []
    path = [(name, draw(st.sampled_from(PATH_TYPES))) for name in taken]
    if draw(st.booleans()):
        path.append(("unused", draw(st.sampled_from(PATH_TYPES))))
    return View(
        tuple(made), tuple(path), draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    )


BODIES = (
    b"",
    b"null",
    b"{}",
    b'{"name":"x","more":1}',
    b'{"name":5}',
    b"[]",
    b"{",
    b'{"name":"\xff"}',
)


@st.composite
def requests(draw: st.DrawFn, view: View, number: int, name: str) -> HttpExchange:
    """A request to a view, good or bad."""
    by_name = {parameter.name: parameter for parameter in view.parameters}
    any_text = st.sampled_from(["1", "x", "1.5", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"])

    def text(parameter: Parameter | None) -> str:
        known = parameter.texts if parameter is not None else ()
        return str(draw(st.one_of(st.sampled_from(known), any_text) if known else any_text))

    segments = [text(by_name.get(taken)) for taken, _ in view.path]
    path = f"/v{number}" + "".join("/" + quote(segment, safe="") for segment in segments)
    query: list[str] = []
    for parameter in view.parameters:
        if parameter.texts:
            for _ in range(draw(st.integers(0, 2))):
                query.append(f"{parameter.name}={quote(text(parameter), safe='')}")
    query += draw(st.lists(st.sampled_from(["token=t", "level=2", "level=x", "z=1"]), max_size=2))
    target = path + ("?" + "&".join(draw(st.permutations(query))) if query else "")
    method = draw(st.sampled_from(["POST", "POST", "POST", "GET"]))
    return http(name, f"{method} {target}", None, content=draw(st.sampled_from(BODIES)))


@st.composite
def applications(draw: st.DrawFn) -> tuple[str, tuple[HttpExchange, ...]]:
    """The source of an application of several views, and requests to each."""
    made = draw(st.lists(views(), min_size=1, max_size=5))
    source = HEADER + "\n".join(view.source(number) for number, view in enumerate(made))
    exchanges = []
    for number, view in enumerate(made):
        for turn in range(draw(st.integers(1, 6))):
            exchanges.append(draw(requests(view, number, f"{number}.{turn}")))
    return source, tuple(exchanges)


_NUMBERS = itertools.count()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(invented=applications())
def test_both_modes_fill_invented_signatures_alike(
    invented: tuple[str, tuple[HttpExchange, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    source, exchanges = invented
    name = f"signatures {next(_NUMBERS)}"
    application = Application(name, {"main.py": source}, exchanges, LifespanExpectation())
    root = tmp_path_factory.mktemp("signatures")
    interpreted = _run(application, root / "interpreted", "interpreted")
    compiled = _run(application, root / "compiled", "compiled")
    for exchange in exchanges:
        answer = interpreted.exchanges[exchange.name]
        assert compiled.exchanges[exchange.name] == answer, source
        statuses = [e[2]["status"] for e in answer if e[:2] == ("send", "http.response.start")]
        assert statuses and statuses[0] in (200, 400, 404, 405), (answer, source)


def _run(application: Application, folder: Path, mode: str) -> Transcript:
    write(application, folder)
    target = application.target
    if mode == "compiled":
        target = build(folder, target)
    return perform(application, load(folder, target), mode)
