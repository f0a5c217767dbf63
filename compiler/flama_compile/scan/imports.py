"""Which modules a file imports while it is being imported: what to scan ahead of `link`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flama_compile.ir import facts

__all__ = ["imports_of"]


def imports_of(body: Iterable[facts.Statement]) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Dotted name, level and imported names of each import outside functions, each once."""
    return tuple(dict.fromkeys(_walk(body)))


def _walk(body: Iterable[facts.Statement]) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    for fact in body:
        match fact:
            case facts.Import():
                for name, _ in fact.names:
                    yield name, 0, ()
            case facts.FromImport():
                yield fact.module, fact.level, tuple(name for name, _, _ in fact.names)
            case facts.If() if not _type_checking(fact.test):
                yield from _walk(fact.body)
                yield from _walk(fact.otherwise)
            case facts.If():
                yield from _walk(fact.otherwise)
            case facts.Try():
                yield from _walk(fact.body)
                for handler in fact.handlers:
                    yield from _walk(handler.body)
                yield from _walk(fact.otherwise)
                yield from _walk(fact.final)
            case facts.With() | facts.Class():
                yield from _walk(fact.body)
            case facts.For() | facts.While():
                yield from _walk(fact.body)
                yield from _walk(fact.otherwise)


def _type_checking(test: facts.Expression) -> bool:
    match test:
        case facts.Name(id="TYPE_CHECKING") | facts.Attribute(name="TYPE_CHECKING"):
            return True
    return False
