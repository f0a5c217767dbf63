"""The dispatch plan: what the generated module does, before it is text.

A plan has one *unit* for the application and one for every group below it (an application with
middleware or exception handlers of its own, which matches for itself). A unit has a matcher for
each protocol. A matcher is a table of whole paths and functions made of blocks; a block runs from
top to bottom, and whatever it does not answer falls to what follows::

    static "/items/"                      GET,HEAD 2 · POST 3
    function items
        when count == 4 and int 2 and literal 3 ""
            answer GET,HEAD 4

Numbers are places: positions in `DispatchPlan.entries`, which is the table's order. Position `p`
of a segment is its index in `path.split("/")`, so the first segment has position 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flama_compile.ir.routes import App, DynamicSite, Entry, Mount, Route

__all__ = [
    "PRIMITIVES",
    "Answer",
    "Argument",
    "Binding",
    "Block",
    "Call",
    "Count",
    "DispatchPlan",
    "Each",
    "Function",
    "Is",
    "Longer",
    "Matcher",
    "OfType",
    "Resource",
    "Row",
    "Rows",
    "Step",
    "Switch",
    "Table",
    "Test",
    "Unit",
    "Verb",
    "When",
    "functions_of",
]


# --- What answers -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resource:
    """All that answers one path: a place for each method, and what the other methods get.

    `rest` is "405", "404" (nothing matched, or a mount answered so: it is final), or the place of
    a foreign application, a group or a dynamic site, which takes the whole request. A websocket
    has the one method "".
    """

    methods: tuple[tuple[str, int], ...] = ()
    rest: int | Literal["404", "405"] = "404"

    @property
    def places(self) -> tuple[int, ...]:
        """The routes that answer, in registration order, each once."""
        return tuple(sorted({place for _, place in self.methods}))

    @property
    def nothing(self) -> bool:
        """Whether every request gets a 404."""
        return not self.methods and self.rest == "404"


# --- What is tested ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """`path.split("/")` has exactly this many parts."""

    number: int


@dataclass(frozen=True, slots=True)
class Longer:
    """`path.split("/")` has more than this many parts."""

    number: int


@dataclass(frozen=True, slots=True)
class Is:
    """The segment is this text."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class OfType:
    """The segment fits this type of parameter; for `str`, it is not empty."""

    position: int
    type: str


Test = Count | Longer | Is | OfType


# --- What is done -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """The search ends with this resource."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class When:
    """The block runs if all tests hold."""

    tests: tuple[Test, ...]
    then: Block


@dataclass(frozen=True, slots=True)
class Table:
    """A look-up of one segment after the other gives the resource, which answers if all tests
    hold."""

    words: tuple[str, ...]
    positions: tuple[int, ...]
    rows: Rows
    """Nested as deeply as there are positions."""
    tests: tuple[Test, ...]

    @property
    def resources(self) -> Iterator[Resource]:
        """The resources of all rows, in order."""
        return _resources_of(self.rows)


@dataclass(frozen=True, slots=True)
class Switch:
    """One look-up of a segment gives the function to go on with."""

    words: tuple[str, ...]
    position: int
    rows: tuple[tuple[str, Function], ...]
    final: bool
    """Nothing follows: what the function says, stands."""


@dataclass(frozen=True, slots=True)
class Call:
    """Goes on in a function, to keep nesting low and functions small."""

    function: Function
    final: bool


@dataclass(frozen=True, slots=True)
class Each:
    """Tests every row in registration order; all that hold answer together.

    Stands where so many templates overlap that a tree of decisions would explode. The last row
    that held says what other methods get; a row that ends, ends the search.
    """

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One template of an `Each`."""

    tests: tuple[Test, ...]
    resource: Resource
    ends: bool


Step = Answer | When | Table | Switch | Call | Each
Block = tuple[Step, ...]
Rows = tuple[tuple[str, "Resource | Rows"], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the path's parts; a block that answers nothing is a 404."""

    words: tuple[str, ...]
    """The literal segments that lead here, for its name."""
    shape: str
    """The paths that lead here, for people: `/items/…`."""
    block: Block
    final: bool
    """Falling off its end is the answer 404; else it is "nothing", and the caller goes on."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """The decision for one protocol in one unit."""

    static: tuple[tuple[str, Resource], ...]
    """Whole paths, in registration order, that no parameter has to be read for."""
    outside: Resource
    """Answers a path that does not start with a slash, and the empty one if it is not static."""
    block: Block
    """What to do with other paths; may look at position 1 without asking for the count."""

    @property
    def resources(self) -> list[Resource]:
        """Every resource that the matcher names, each once, in order of appearance."""
        found = dict.fromkeys(resource for _, resource in self.static)
        found.update(dict.fromkeys((self.outside,)))
        found.update(dict.fromkeys(_resources(self.block)))
        return [resource for resource in found if not resource.nothing]


# --- How a view is called ----------------------------------------------------------------------


PRIMITIVES = frozenset(
    ("int", "float", "str", "bool", "uuid", "decimal", "date", "time", "datetime")
)
"""Words of the types that one text can be read as; they are part of the fingerprint."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a view and where it comes from."""

    name: str
    source: Literal["path", "query", "body"]
    type: str
    """The primitive's word, "" for an unannotated part of the path (it then has the type of its
    segment), `*` where the live annotation says how to read the text."""
    position: int = 0
    """Of the segment, for `path`; 0 where the segment lies in the prefix of a group."""
    segment: str = ""
    """The type of the path's parameter, for `path`."""
    required: bool = True
    """Has no default, for `query`."""
    positional: bool = False
    """Cannot be given by name."""


@dataclass(frozen=True, slots=True)
class Verb:
    """How the parameters of one verb of an endpoint class are filled."""

    name: str
    """`get`, `post`, …"""
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """How the parameters of one route's view are filled."""

    live: bool
    """The runtime's planner fills them; `arguments` is then empty."""
    late: bool = False
    """Of a live binding: only live objects tell how, so it is made at load and may be refused."""
    arguments: tuple[Argument, ...] = ()
    """All that the view is given, in the order of its parameters."""
    is_class: bool = False
    """A view is made of an endpoint class for each HTTP method."""
    verbs: tuple[Verb, ...] = ()
    """Of a class: the verbs that are filled by text, in the order of the class; the runtime's
    planner fills the others."""


# --- The whole ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """An application that matches for itself: the outermost one, or a group."""

    place: int | None
    """The mount that leads to the group; None for the outermost application."""
    app: App
    path: str
    """The whole prefix of the group, "" for the outermost application."""
    http: Matcher
    websocket: Matcher


@dataclass(frozen=True, slots=True)
class DispatchPlan:
    """All that the generated module does."""

    app: str
    """`package.module:attribute`."""
    entries: tuple[Entry, ...]
    """Every route, mount and dynamic site, depth first in registration order."""
    bindings: tuple[Binding | None, ...]
    """One for each entry; None for what is no route and no foreign application or group."""
    units: tuple[Unit, ...]
    """The outermost application, then groups in registration order."""

    def route(self, place: int) -> Route:
        """The route at a place; TypeError for anything else."""
        entry = self.entries[place]
        if not isinstance(entry, Route):
            raise TypeError(f"place {place} is no route")
        return entry

    def end(self, place: int) -> Mount | DynamicSite:
        """The mount or dynamic site at a place; TypeError for a route."""
        entry = self.entries[place]
        if isinstance(entry, Route):
            raise TypeError(f"place {place} is a route")
        return entry


def functions_of(block: Block) -> Iterator[Function]:
    """Every function that a block leads to, callers before those they call."""
    for step in block:
        match step:
            case When(then=then):
                yield from functions_of(then)
            case Call(function=function):
                yield function
                yield from functions_of(function.block)
            case Switch(rows=rows):
                for _, function in rows:
                    yield function
                    yield from functions_of(function.block)
            case _:
                pass


def _resources_of(rows: Rows) -> Iterator[Resource]:
    for _, target in rows:
        if isinstance(target, Resource):
            yield target
        else:
            yield from _resources_of(target)


def _resources(block: Block) -> Iterator[Resource]:
    for step in block:
        match step:
            case Answer(resource=resource):
                yield resource
            case When(then=then):
                yield from _resources(then)
            case Table():
                yield from step.resources
            case Call(function=function):
                yield from _resources(function.block)
            case Switch(rows=branches):
                for _, function in branches:
                    yield from _resources(function.block)
            case Each(rows=tests):
                for row in tests:
                    yield row.resource
