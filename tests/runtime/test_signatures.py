"""Signatures are read from code objects; `inspect.signature` is the second opinion."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flama._signatures import _KINDS, read, read_method, resolve
from flama.exceptions import ApplicationError


def plain(a: int, b: str = "x") -> dict[str, Any]:
    return {"a": a, "b": b}


def every_kind(a: int, /, b: int = 1, *args: int, c: int, d: int = 2, **kwargs: int) -> None: ...


async def asynchronous(a: int) -> None: ...


def unannotated(a, b=None):  # type: ignore[no-untyped-def]
    return a, b


class Callable_:
    def __call__(self, a: int) -> None: ...


class Methods:
    def method(self, a: int) -> None: ...

    @classmethod
    def of_class(cls, a: int) -> None: ...

    @staticmethod
    async def static(a: int) -> None: ...


@pytest.mark.parametrize(
    "view",
    [
        plain,
        every_kind,
        asynchronous,
        unannotated,
        Callable_(),
        Methods().method,
        Methods.of_class,
        Methods.static,
        lambda a, *, b=1: (a, b),
    ],
)
def test_signatures_are_those_that_inspect_tells(view: Callable[..., Any]) -> None:
    signature = read(view)
    told = inspect.signature(view)
    assert [(p.name, p.kind, p.annotation, p.default) for p in signature.parameters] == [
        (p.name, _KINDS[p.kind], p.annotation, p.default) for p in told.parameters.values()
    ]
    assert signature.returns == told.return_annotation
    assert signature.awaits == inspect.iscoroutinefunction(view)


@pytest.mark.parametrize("name", ["method", "of_class", "static"])
def test_methods_are_read_from_their_class_without_self(name: str) -> None:
    assert [parameter.name for parameter in read_method(Methods, name).parameters] == ["a"]


def names(view: Callable[..., Any]) -> list[tuple[str, str]]:
    return [(parameter.name, parameter.kind) for parameter in read(view).parameters]


def test_a_partial_takes_neither_its_positions_nor_its_keywords() -> None:
    def view(a: int, b: int, c: int, d: int) -> None: ...

    assert names(functools.partial(view, 1)) == [
        ("b", "positional"),
        ("c", "positional"),
        ("d", "positional"),
    ]
    assert names(functools.partial(view, 1, c=3)) == [("b", "positional"), ("d", "keyword-only")]


def test_a_wrapper_takes_its_own_parameters_and_those_it_passes_on() -> None:
    @functools.wraps(plain)
    def passes_all(*args: Any, **kwargs: Any) -> Any: ...

    @functools.wraps(plain)
    def passes_positions(*args: Any) -> Any: ...

    @functools.wraps(plain)
    def adds_one(request: Any, *args: Any, **kwargs: Any) -> Any: ...

    @functools.wraps(plain)
    def passes_none(b: str) -> Any: ...

    assert names(passes_all) == [("a", "positional"), ("b", "positional")]
    assert names(passes_positions) == [("a", "positional-only"), ("b", "positional-only")]
    assert [name for name, _ in names(adds_one)] == ["request", "a", "b"]
    assert names(passes_none) == [("b", "positional")]


def test_a_stated_signature_wins() -> None:
    def view(*args: Any, **kwargs: Any) -> Any: ...

    view.__signature__ = inspect.signature(plain)  # type: ignore[attr-defined]
    assert names(view) == [("a", "positional"), ("b", "positional")]


def test_string_annotations_see_globals_and_closures() -> None:
    class Local: ...

    def view(a: Local, b: int | None, c: Methods) -> Local:
        return Local()

    signature = resolve(read(view), {"Local": Local})
    assert [parameter.annotation for parameter in signature.parameters] == [
        Local,
        int | None,
        Methods,
    ]
    assert signature.returns is Local


def test_an_unknown_name_in_an_annotation_is_told_with_its_parameter() -> None:
    def view(a: Missing) -> Gone: ...  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(ApplicationError, match=r"'Missing' of the parameter 'a' of .*view"):
        resolve(read(view))


def test_an_unknown_name_in_a_return_annotation_counts_as_none() -> None:
    def view() -> Gone: ...  # type: ignore[name-defined]  # noqa: F821

    assert resolve(read(view)).returns is inspect.Signature.empty


def test_a_builtin_without_signature_is_refused() -> None:
    with pytest.raises(ApplicationError, match="does not tell"):
        read(dict.fromkeys if False else type)


@dataclass
class Model:
    name: str
