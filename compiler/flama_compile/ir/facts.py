"""Facts: what one file says, statement by statement, with places, and without syntax trees.

A file becomes the ordered list of the statements that matter to the order and the content of
registrations. `link` executes them. Expressions keep the shape of the source::

    app.add_route("/a", view)   ->   Call(Attribute(Name("app"), "add_route"),
                                          (Argument("", Constant("/a")),
                                           Argument("", Name("view"))))

They are tuples because they are made by the hundred thousand: a named tuple costs a third of a
frozen dataclass to build, to pickle and to load again.

The file is above 400 lines: one record of each kind of syntax stands in it, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

__all__ = [
    "AnnotatedAssignment",
    "Argument",
    "Assert",
    "Assignment",
    "At",
    "Attribute",
    "AugmentedAssignment",
    "Await",
    "Binary",
    "Boolean",
    "Break",
    "Call",
    "Case",
    "Class",
    "Clause",
    "Comparison",
    "Comprehension",
    "Conditional",
    "Constant",
    "Continue",
    "Delete",
    "Dictionary",
    "Ellipsis_",
    "Evaluate",
    "Expression",
    "For",
    "Formatted",
    "FromImport",
    "Function",
    "Global",
    "Handler",
    "If",
    "Import",
    "Joined",
    "Lambda",
    "List",
    "Match",
    "ModuleFacts",
    "Name",
    "Opaque",
    "Parameter",
    "Parameters",
    "Pattern",
    "Problem",
    "Quoted",
    "Raise",
    "Return",
    "Set",
    "Slice",
    "Starred",
    "Statement",
    "Subscript",
    "Try",
    "Tuple",
    "TypeAliasStatement",
    "Unary",
    "Walrus",
    "While",
    "With",
    "Yield",
]

At = tuple[int, int, int, int]
"""Line, column, end line, end column; characters from 1, the end exclusive."""


class Name(NamedTuple):
    id: str
    at: At


class Constant(NamedTuple):
    value: str | bytes | int | float | complex | bool | None
    at: At


class Ellipsis_(NamedTuple):
    """`...`."""

    at: At


class Formatted(NamedTuple):
    """One `{value!r:spec}` of an f-string."""

    value: Expression
    conversion: str
    spec: Expression | None
    at: At


class Joined(NamedTuple):
    """An f-string: constants and formatted values."""

    parts: tuple[Expression, ...]
    at: At


class Attribute(NamedTuple):
    value: Expression
    name: str
    at: At


class Argument(NamedTuple):
    """One argument of a call: `kind` is "", "*", "**" or "=" with `name`."""

    kind: Literal["", "*", "**", "="]
    value: Expression
    name: str = ""


class Call(NamedTuple):
    function: Expression
    arguments: tuple[Argument, ...]
    at: At


class Subscript(NamedTuple):
    value: Expression
    index: Expression
    at: At


class Slice(NamedTuple):
    lower: Expression | None
    upper: Expression | None
    step: Expression | None
    at: At


class Tuple(NamedTuple):
    items: tuple[Expression, ...]
    at: At


class List(NamedTuple):
    items: tuple[Expression, ...]
    at: At


class Set(NamedTuple):
    items: tuple[Expression, ...]
    at: At


class Starred(NamedTuple):
    value: Expression
    at: At


class Dictionary(NamedTuple):
    """Pairs; a key of None stands for `**value`."""

    items: tuple[tuple[Expression | None, Expression], ...]
    at: At


class Binary(NamedTuple):
    operator: str
    left: Expression
    right: Expression
    at: At


class Unary(NamedTuple):
    operator: str
    value: Expression
    at: At


class Boolean(NamedTuple):
    """`and` or `or` of two values or more."""

    operator: str
    values: tuple[Expression, ...]
    at: At


class Comparison(NamedTuple):
    left: Expression
    rest: tuple[tuple[str, Expression], ...]
    at: At


class Conditional(NamedTuple):
    test: Expression
    body: Expression
    otherwise: Expression
    at: At


class Parameter(NamedTuple):
    """A declared parameter; `default` is None when there is none."""

    name: str
    kind: Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]
    annotation: Expression | None
    default: Expression | None
    default_text: str
    """The default as it is written, in one line."""
    at: At


Parameters: TypeAlias = tuple[Parameter, ...]


class Lambda(NamedTuple):
    parameters: Parameters
    body: Expression
    at: At


class Clause(NamedTuple):
    """`for target in iterable if …` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool


class Comprehension(NamedTuple):
    """`kind` says what it makes; `key` only for dicts."""

    kind: Literal["list", "set", "dict", "generator"]
    key: Expression | None
    value: Expression
    clauses: tuple[Clause, ...]
    at: At


class Walrus(NamedTuple):
    name: str
    value: Expression
    at: At


class Await(NamedTuple):
    value: Expression
    at: At


class Yield(NamedTuple):
    """`yield value`, or `yield from value`."""

    value: Expression | None
    from_: bool
    at: At


class Quoted(NamedTuple):
    """An annotation in a string; it is evaluated when somebody asks."""

    text: str
    value: Expression
    at: At


class Opaque(NamedTuple):
    """An expression whose value the source cannot tell: a template string."""

    what: str
    at: At


Expression: TypeAlias = Any
"""One of the classes above.

NOTE: not their union, because mypy takes exponential time over tuples that hold themselves.
"""


class Import(NamedTuple):
    """`import a.b as c`: pairs of dotted name and alias ("" for none)."""

    names: tuple[tuple[str, str], ...]
    at: At


class FromImport(NamedTuple):
    """`from ..module import name as alias`; the name `*` is a star import."""

    module: str
    level: int
    names: tuple[tuple[str, str, At], ...]
    at: At


class Assignment(NamedTuple):
    targets: tuple[Expression, ...]
    value: Expression
    at: At


class AugmentedAssignment(NamedTuple):
    target: Expression
    operator: str
    value: Expression
    at: At


class AnnotatedAssignment(NamedTuple):
    target: Expression
    annotation: Expression
    value: Expression | None
    at: At


class Delete(NamedTuple):
    targets: tuple[Expression, ...]
    at: At


class Function(NamedTuple):
    """A definition. `body` is None when it was left out: ask for the file's deep facts."""

    name: str
    parameters: Parameters
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...] | None
    is_async: bool
    is_generator: bool
    type_parameters: tuple[str, ...]
    digest: str
    """Of the text from `def` on, without the name and the docstring."""
    at: At
    """From `def` to the end of the name."""


class Class(NamedTuple):
    name: str
    bases: tuple[Argument, ...]
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...]
    type_parameters: tuple[str, ...]
    digest: str
    at: At


class Evaluate(NamedTuple):
    """An expression that stands alone."""

    value: Expression
    at: At


class If(NamedTuple):
    test: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: At


class For(NamedTuple):
    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: At


class While(NamedTuple):
    test: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: At


class Handler(NamedTuple):
    """`except type as name:`."""

    type: Expression | None
    name: str
    body: tuple[Statement, ...]
    at: At


class Try(NamedTuple):
    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    otherwise: tuple[Statement, ...]
    final: tuple[Statement, ...]
    at: At


class With(NamedTuple):
    """Pairs of context expression and target."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: tuple[Statement, ...]
    at: At
    is_async: bool = False


class Pattern(NamedTuple):
    """A `case` pattern.

    A `class` pattern has as many of its patterns by keyword as it has `keywords`, the last ones.
    """

    kind: Literal["value", "capture", "as", "or", "sequence", "star", "mapping", "class"]
    value: Expression | None
    """The value, or the class."""
    name: str
    """What is bound: by `name`, `… as name`, `*name`, `**name`; "" for nothing."""
    parts: tuple[Pattern, ...]
    """The patterns inside."""
    keys: tuple[Expression, ...] = ()
    """Keys of a mapping, one for each pattern inside."""
    keywords: tuple[str, ...] = ()


class Case(NamedTuple):
    pattern: Pattern
    guard: Expression | None
    body: tuple[Statement, ...]


class Match(NamedTuple):
    subject: Expression
    cases: tuple[Case, ...]
    at: At


class Return(NamedTuple):
    value: Expression | None
    at: At


class Raise(NamedTuple):
    value: Expression | None
    at: At


class Break(NamedTuple):
    at: At


class Continue(NamedTuple):
    at: At


class Assert(NamedTuple):
    test: Expression
    at: At


class Global(NamedTuple):
    names: tuple[str, ...]
    nonlocal_: bool
    at: At


class TypeAliasStatement(NamedTuple):
    name: str
    value: Expression
    type_parameters: tuple[str, ...]
    at: At


Statement: TypeAlias = Any
"""One of the statements above; see `Expression`."""


class Problem(NamedTuple):
    """Why a file cannot be read, or cannot be imported by Python."""

    code: str
    message: str
    label: str
    at: At | None


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """Everything that one file says."""

    body: tuple[Statement, ...]
    future_annotations: bool
    imports: tuple[tuple[str, int, tuple[str, ...]], ...]
    """What importing the module may import: dotted name, level, names after `from`."""
    markers: tuple[tuple[int, str], ...]
    """Lines with `# flama-compile: …` and the words after the colon."""
    deep: bool
    """Whether every function has its body."""
    problem: Problem | None = None
