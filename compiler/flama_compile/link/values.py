"""What names stand for while a project is linked.

Strings, numbers, `None`, booleans, bytes, ranges, slices and tuples stand for themselves. All else
is one of the classes below. Whatever can change has its contents in one attribute, so that the
machine can put the contents back when a branch turns out to be one of two (see `journal`).

The file is above 400 lines because every kind of value stands in it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.source import Span
from flama_compile.workspace import Found

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "Arguments",
    "Keywords",
    "LOOP_LIMIT",
    "MISSING",
    "Alias",
    "Bound",
    "Builtin",
    "ClassMethod",
    "ClassValue",
    "Context",
    "Coroutine",
    "DictValue",
    "EnumMember",
    "External",
    "ExternalObject",
    "FunctionValue",
    "Held",
    "Instance",
    "Lazy",
    "ListValue",
    "LiveView",
    "Method",
    "ModuleValue",
    "OneShot",
    "Overlay",
    "Partial",
    "Property",
    "Scope",
    "SetValue",
    "StaticMethod",
    "Suspect",
    "Super",
    "TypeName",
    "Unknown",
    "Value",
]

LOOP_LIMIT = 20_000
"""Iterations of one loop that are unrolled."""

Value = Any
"""One of the classes below, or a Python constant."""


Arguments = list[Value]
"""What a call is given by position."""

Keywords = dict[str, Value]
"""What a call is given by name."""


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A value that the source cannot tell."""

    span: Span | None
    reason: str
    """Kebab-case: `environment`, `unknown-call`, …"""
    detail: str
    about: Value = None
    """What it was made from, when that is known: the function below an unknown decorator."""


class Scope:
    """The names of one running function, class body or module, and those around it."""

    __slots__ = (
        "cls",
        "first",
        "globals",
        "is_class",
        "is_comprehension",
        "names",
        "on_yield",
        "outer",
        "owner",
        "redirected",
        "yielded",
    )

    def __init__(
        self, globals_: ModuleValue, outer: Scope | None, owner: str, is_class: bool = False
    ) -> None:
        self.names: dict[str, Value] = {}
        self.globals = globals_
        self.outer = outer
        """The scope of the enclosing function; class bodies are not seen from below."""
        self.owner = owner
        """Prefix of the qualified names of what is defined here."""
        self.redirected: dict[str, Scope | None] = {}
        """`global` names (None) and `nonlocal` ones (the scope that holds them)."""
        self.yielded: list[Value] | None = None
        """What a generator has given so far; None in all other scopes."""
        self.on_yield: Callable[[Value], object] | None = None
        """What a context manager runs at its `yield`: the body of the `with`."""
        self.is_class = is_class
        self.is_comprehension = False
        self.cls: ClassValue | None = None
        """For `super()`: the class whose method runs here, and its first argument."""
        self.first: Value = None


@dataclass(slots=True, eq=False)
class ModuleValue:
    """A module of the project that is executed."""

    name: str
    found: Found
    names: dict[str, Value] = field(default_factory=dict)
    state: str = "new"
    """`new`, `running`, `done`, `failed`."""
    facts: facts.ModuleFacts | None = None
    opaque: Unknown | None = None
    """Why it may hold names that we do not know (`exec`, a star import of unknown names)."""
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class FunctionValue:
    """A function of the project."""

    fact: facts.Function | facts.Lambda
    module: ModuleValue
    scope: Scope | None
    """Where it was defined, when that is a function."""
    name: str
    qualname: str
    defaults: dict[str, Value]
    annotations: dict[str, Value]
    attributes: dict[str, Value] = field(default_factory=dict)
    owner: ClassValue | None = None
    """The class whose body defines it, for `super()`."""
    wrapped: Value = None
    """What `functools.wraps` said that it stands for."""
    renamed: bool = False
    """Its name was assigned something that we do not know."""
    remembers: bool = False
    """`functools.cache`: called once per arguments."""
    results: dict[Any, Value] = field(default_factory=dict)
    cases: Any = None
    """`functools.singledispatch`: classes and what is called for them; None for other functions."""

    @property
    def is_async(self) -> bool:
        return isinstance(self.fact, facts.Function) and self.fact.is_async

    @property
    def closed(self) -> bool:
        """Whether it is not an attribute of its module under its own name."""
        return "<" in self.qualname


@dataclass(slots=True, eq=False)
class ClassValue:
    """A class of the project."""

    name: str
    module: ModuleValue
    qualname: str
    bases: list[Value]
    names: dict[str, Value]
    fact: facts.Class
    span: Span
    keywords: dict[str, Value] = field(default_factory=dict)
    order: list[Value] = field(default_factory=list)
    """Itself and all that it derives from, in the order in which attributes are looked up."""
    open: Unknown | None = None
    """Why attributes may come from somewhere else (a base or a decorator that is not known)."""
    annotations: dict[str, Value] = field(default_factory=dict)
    decorated: set[str] = field(default_factory=set)
    """`dataclass`, and other decorators that change what a class is."""


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the project."""

    cls: ClassValue
    attributes: dict[str, Value] = field(default_factory=dict)
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lazy:
    """An annotation that is evaluated when somebody asks (PEP 563)."""

    fact: facts.Expression
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A value of which the settings declare some attributes."""

    base: Value
    known: dict[str, Value]
    """By name; `limits.size` is the attribute of an attribute."""


@dataclass(slots=True, eq=False)
class EnumMember:
    """A member of an enum, with what its `__init__` assigned."""

    cls: ClassValue
    name: str
    value: Value
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class External:
    """A name outside the project: `External("starlette.staticfiles", "StaticFiles")`.

    The name "" stands for the module itself.
    """

    module: str
    name: str = ""

    def __hash__(self) -> int:
        # PERF: asked for many times a route; the name alone tells most of them apart.
        return hash(self.name)

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(slots=True, eq=False)
class ExternalObject:
    """What came out of calling a class outside the project."""

    cls: External
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]
    span: Span


@dataclass(slots=True, eq=False)
class ListValue:
    """A list, or what went over something into one."""

    items: list[Value]
    unknown: Unknown | None = None
    """Why it may hold something else."""


@dataclass(slots=True, eq=False)
class SetValue:
    """A set; its order is never relied on."""

    items: list[Value]
    unknown: Unknown | None = None


@dataclass(slots=True, eq=False)
class DictValue:
    """Keys are constants, tuples of them, or values with identity."""

    items: dict[Any, Value]
    unknown: Unknown | None = None
    factory: Value = None
    """What makes a missing value (`defaultdict`)."""


@dataclass(slots=True, eq=False)
class OneShot:
    """An iterator. Its items are made by `thunk` when somebody asks, and given once."""

    items: list[Value]
    thunk: Callable[[], Value] | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """`keys`, `values` or `items` of a dict: it sees what happens to the dict later."""

    owner: DictValue
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A function together with its first argument."""

    function: Value
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """`functools.partial`."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """A property, or a cached one."""

    getter: Value
    cached: bool = False
    setter: Value = None


@dataclass(frozen=True, slots=True, eq=False)
class ClassMethod:
    """A `classmethod`."""

    function: Value


@dataclass(frozen=True, slots=True, eq=False)
class StaticMethod:
    """A `staticmethod`."""

    function: Value


@dataclass(frozen=True, slots=True, eq=False)
class Super:
    """`super()`: what comes after a class in the order of an object's classes."""

    after: ClassValue
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class Coroutine:
    """A call of an `async def` that nobody awaited yet."""

    function: FunctionValue
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A call of a `contextmanager` function, which runs around the body of a `with`."""

    function: FunctionValue
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A function that the machine performs itself."""

    name: str
    call: Callable[[Machine, list[Value], dict[str, Value], Span], Value]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A method that registers, of something that is not known: see `Unknown.about`."""

    name: str
    applied: bool
    """Whether the next call registers; decorators are called twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What something unknown comes from, and the applications that were given to that: see
    `Unknown.about`."""

    by: Value
    applications: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of an object that the machine knows: an application."""

    receiver: Value
    name: str
    call: Callable[..., Value]
    """Takes the machine, the receiver, positional and keyword values, the place of the call, and
    the places of its arguments by position and name."""


@dataclass(frozen=True, slots=True, eq=False)
class TypeName:
    """A `NewType`, a type variable, or a `type` alias: a name for a type."""

    name: str
    value: Value
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Alias:
    """A type with arguments: `list[int]`, `Annotated[…]`, `Union[…]`; `A | B` has origin "|"."""

    origin: Value
    arguments: tuple[Value, ...]
