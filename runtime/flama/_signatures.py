"""What a callable takes, read without `inspect.signature` where it is a plain function.

`read(view)` keeps annotations as they stand (perhaps strings): that is enough, and cheap enough,
to compare a registered view with what was compiled. `resolve(signature)` evaluates the strings.

Wrapped views (`functools.wraps`) are read as the wrapper can be called: a wrapper that takes
`*args, **kwargs` passes on the parameters of what it wraps; parameters of its own come first.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from functools import partial
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any, Literal
from weakref import WeakKeyDictionary

from flama.exceptions import ApplicationError

__all__ = [
    "EMPTY",
    "Kind",
    "Parameter",
    "Signature",
    "describe",
    "read",
    "read_method",
    "remember_names",
    "resolve",
]

EMPTY: Any = inspect.Parameter.empty
"""Stands for no annotation and for no default."""

Kind = Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]

_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE
_KINDS: Mapping[Any, Kind] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.VAR_POSITIONAL: "var-positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword-only",
    inspect.Parameter.VAR_KEYWORD: "var-keyword",
}


class Parameter:
    """One parameter of a view or of a component's `resolve`."""

    __slots__ = ("annotation", "default", "kind", "name")

    empty = EMPTY

    def __init__(
        self,
        name: str,
        annotation: Any = EMPTY,
        default: Any = EMPTY,
        kind: Kind = "positional",
    ) -> None:
        self.name = name
        self.annotation = annotation
        self.default = default
        self.kind = kind

    @property
    def type(self) -> Any:
        """The annotation, under the name that older Flama gives it."""
        return self.annotation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameter) and (
            (self.name, self.kind) == (other.name, other.kind)
            and self.annotation == other.annotation
            and (self.default is other.default or self.default == other.default)
        )

    def __hash__(self) -> int:
        return hash((self.name, self.kind))

    def __repr__(self) -> str:
        shown = [repr(self.name)]
        if self.annotation is not EMPTY:
            shown.append(f"annotation={self.annotation!r}")
        if self.default is not EMPTY:
            shown.append(f"default={self.default!r}")
        return f"Parameter({', '.join(shown)})"


class Signature:
    """What a callable takes and gives.

    `scope` is the function whose globals and closure its string annotations are evaluated in.
    """

    __slots__ = ("awaits", "owner", "parameters", "returns", "scope")

    def __init__(
        self,
        parameters: tuple[Parameter, ...],
        returns: Any,
        awaits: bool,
        scope: Any,
        owner: type | None = None,
    ) -> None:
        self.parameters = parameters
        self.returns = returns
        self.awaits = awaits
        self.scope = scope
        self.owner = owner


def read(view: Callable[..., Any]) -> Signature:
    """The signature of any callable, string annotations left alone.

    :raises ApplicationError: The callable does not tell what it takes.
    """
    kind = type(view)
    if kind is FunctionType:
        if hasattr(view, "__wrapped__") or hasattr(view, "__signature__"):
            return _read_wrapper(view)
        return _read_function(view)  # type: ignore[arg-type]
    if kind is MethodType:
        signature = read(view.__func__)  # type: ignore[attr-defined]
        return _without_first(signature)
    if isinstance(view, partial):
        return _read_partial(view)
    call = getattr(kind, "__call__", None)  # noqa: B004
    if type(call) is FunctionType and not isinstance(view, type):
        return _without_first(read(call))
    return _read_other(view)


def read_method(owner: type, name: str) -> Signature:
    """The signature of a method as its instances are called: without `self`.

    :raises ApplicationError: The method does not tell what it takes.
    """
    found = inspect.getattr_static(owner, name)
    if isinstance(found, staticmethod):
        signature = read(found.__func__)
    elif isinstance(found, classmethod | FunctionType):
        signature = _without_first(
            read(found.__func__ if isinstance(found, classmethod) else found)
        )
    else:
        signature = read(found)
    signature.owner = owner
    return signature


def resolve(signature: Signature, names: Mapping[str, Any] | None = None) -> Signature:
    """The signature with string annotations evaluated where the function was written.

    :param names: More names that annotations may use.
    :raises ApplicationError: An annotation of a parameter names something that is not there.
        A return annotation of that kind counts as none.
    """
    parameters = []
    for parameter in signature.parameters:
        if _is_text(parameter.annotation):
            try:
                annotation = _evaluate(parameter.annotation, signature, names)
            except Exception as error:
                raise ApplicationError(
                    f"the annotation {parameter.annotation!r} of the parameter {parameter.name!r} "
                    f"of {describe(signature.scope)} cannot be evaluated: {error}"
                ) from error
            parameter = Parameter(parameter.name, annotation, parameter.default, parameter.kind)
        parameters.append(parameter)
    returns = signature.returns
    if _is_text(returns):
        try:
            returns = _evaluate(returns, signature, names)
        except Exception:
            # Nothing is delivered by it; a component says so itself where it needs it.
            returns = EMPTY
    return Signature(tuple(parameters), returns, signature.awaits, signature.scope, signature.owner)


def remember_names(view: Any) -> None:
    """Keep the local names that a view's string annotations use, while its function still runs.

    Only a view that is defined inside a function needs it: with annotations as strings (PEP 563)
    its models are local names, which nobody can look up once that function has returned.
    """
    if "<locals>" not in getattr(view, "__qualname__", ""):
        return
    for function in vars(view).values() if isinstance(view, type) else (view,):
        function = getattr(function, "__func__", function)
        annotations = getattr(function, "__annotations__", None)
        words = {
            word
            for annotation in (annotations or {}).values()
            if isinstance(annotation, str)
            for word in _words(annotation)
        }
        if not words:
            continue
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("flama."):
            frame = frame.f_back
        found = {word: frame.f_locals[word] for word in words if word in frame.f_locals}
        if found:
            _local_names[function] = found


def _words(annotation: str) -> tuple[str, ...]:
    try:
        return compile(annotation, "<annotation>", "eval").co_names
    except (SyntaxError, ValueError):
        return ()


_local_names: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def describe(view: Any) -> str:
    """`module:qualname` of a callable, for people."""
    while isinstance(view, partial):
        view = view.func
    if not hasattr(view, "__qualname__"):
        view = type(view)
    return f"{view.__module__}:{view.__qualname__}"


def _read_function(function: FunctionType) -> Signature:
    code = function.__code__
    annotations = function.__annotations__
    names = code.co_varnames
    count = code.co_argcount
    positional_only = code.co_posonlyargcount
    defaults = function.__defaults__ or ()
    first_default = count - len(defaults)
    parameters = []
    for index in range(count):
        name = names[index]
        parameters.append(
            Parameter(
                name,
                annotations.get(name, EMPTY),
                defaults[index - first_default] if index >= first_default else EMPTY,
                "positional-only" if index < positional_only else "positional",
            )
        )
    flags = code.co_flags
    keyword_only = count + code.co_kwonlyargcount
    rest = keyword_only
    if flags & inspect.CO_VARARGS:
        parameters.append(
            Parameter(names[rest], annotations.get(names[rest], EMPTY), EMPTY, "var-positional")
        )
        rest += 1
    keyword_defaults = function.__kwdefaults__ or {}
    for name in names[count:keyword_only]:
        parameters.append(
            Parameter(
                name,
                annotations.get(name, EMPTY),
                keyword_defaults.get(name, EMPTY),
                "keyword-only",
            )
        )
    if flags & inspect.CO_VARKEYWORDS:
        parameters.append(
            Parameter(names[rest], annotations.get(names[rest], EMPTY), EMPTY, "var-keyword")
        )
    awaits = bool(flags & _COROUTINE) or hasattr(function, "_is_coroutine_mark")
    return Signature(tuple(parameters), annotations.get("return", EMPTY), awaits, function)


def _read_wrapper(wrapper: Any) -> Signature:
    """A function with `__wrapped__` or `__signature__`."""
    stated = wrapper.__dict__.get("__signature__")
    own = _read_function(wrapper)
    if isinstance(stated, inspect.Signature):
        return _from_inspect(stated, own.awaits, wrapper)
    inner = read(wrapper.__wrapped__)
    kinds = {parameter.kind for parameter in own.parameters}
    mine = [p for p in own.parameters if p.kind not in ("var-positional", "var-keyword")]
    taken = {parameter.name for parameter in mine}
    passed: list[Parameter] = []
    if "var-keyword" in kinds or "var-positional" in kinds:
        for parameter in inner.parameters:
            if parameter.name in taken:
                continue
            kind = parameter.kind
            if kind == "positional" and "var-keyword" not in kinds:
                kind = "positional-only"
            elif kind == "positional" and mine and "var-positional" not in kinds:
                kind = "keyword-only"
            passed.append(Parameter(parameter.name, parameter.annotation, parameter.default, kind))
    order = ("positional-only", "positional", "var-positional", "keyword-only", "var-keyword")
    parameters = sorted([*mine, *passed], key=lambda parameter: order.index(parameter.kind))
    return Signature(tuple(parameters), inner.returns, own.awaits, inner.scope, inner.owner)


def _read_partial(view: partial[Any]) -> Signature:
    """What a partial still takes: neither its positions nor the keywords that it fixes."""
    signature = read(view.func)
    left = list(signature.parameters)
    for _ in view.args:
        if left and left[0].kind in ("positional-only", "positional"):
            left.pop(0)
    parameters = []
    fixed = False
    for parameter in left:
        if parameter.name in view.keywords and parameter.kind != "positional-only":
            fixed = True
            continue
        if fixed and parameter.kind == "positional":
            parameter = Parameter(
                parameter.name, parameter.annotation, parameter.default, "keyword-only"
            )
        parameters.append(parameter)
    return Signature(
        tuple(parameters), signature.returns, signature.awaits, signature.scope, signature.owner
    )


def _read_other(view: Any) -> Signature:
    try:
        stated = inspect.signature(view)
    except (TypeError, ValueError) as error:
        raise ApplicationError(
            f"{describe(view)} does not tell which parameters it takes: {error}"
        ) from error
    call = getattr(view, "__call__", None)  # noqa: B004
    awaits = inspect.iscoroutinefunction(view) or inspect.iscoroutinefunction(call)
    return _from_inspect(stated, awaits, inspect.unwrap(view))


def _from_inspect(stated: inspect.Signature, awaits: bool, scope: Any) -> Signature:
    parameters = tuple(
        Parameter(p.name, p.annotation, p.default, _KINDS[p.kind])
        for p in stated.parameters.values()
    )
    return Signature(parameters, stated.return_annotation, awaits, scope)


def _without_first(signature: Signature) -> Signature:
    parameters = signature.parameters
    if parameters and parameters[0].kind in ("positional-only", "positional"):
        parameters = parameters[1:]
    return Signature(
        parameters, signature.returns, signature.awaits, signature.scope, signature.owner
    )


def _is_text(annotation: Any) -> bool:
    """Whether a string, or a forward reference inside it, is still to be evaluated."""
    if isinstance(annotation, str | typing.ForwardRef):
        return True
    return any(_is_text(part) for part in typing.get_args(annotation) if not _is_value(annotation))


def _is_value(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Literal, typing.Annotated) and not (
        typing.get_origin(annotation) is typing.Annotated and _is_text(annotation.__origin__)
    )


def _evaluate(annotation: Any, signature: Signature, names: Mapping[str, Any] | None) -> Any:
    scope = inspect.unwrap(signature.scope) if callable(signature.scope) else signature.scope
    function = getattr(scope, "__func__", scope)
    local: dict[str, Any] = {}
    if signature.owner is not None:
        local.update(vars(signature.owner))
    code = getattr(function, "__code__", None)
    for name, cell in zip(
        getattr(code, "co_freevars", ()), getattr(function, "__closure__", None) or (), strict=False
    ):
        try:
            local[name] = cell.cell_contents
        except ValueError:
            continue
    if function.__hash__ is not None:
        local = {**_local_names.get(function, {}), **local}
    local.update(names or {})
    holder = SimpleNamespace(__annotations__={"it": annotation})
    module_names = getattr(function, "__globals__", {})
    return typing.get_type_hints(holder, module_names, local, include_extras=True)["it"]
