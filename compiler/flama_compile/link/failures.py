"""Exceptions of the program that is being linked."""

from __future__ import annotations

from typing import NamedTuple

from flama_compile.diagnostics import Diagnostic
from flama_compile.link.values import Value
from flama_compile.source import Span

__all__ = ["Exhausted", "Failure", "Risk"]


class Failure(Exception):
    """The program raises here. A `try` of the program may catch it; else it is a diagnostic."""

    def __init__(self, kind: str, diagnostic: Diagnostic | None, value: Value = None) -> None:
        self.kind = kind
        """Name of the built-in exception that it is, or derives from."""
        self.diagnostic = diagnostic
        self.value = value
        """The exception object, where the program made one."""
        super().__init__(kind)


class Risk(NamedTuple):
    """Something that may raise, inside a `try`."""

    span: Span
    detail: str
    kinds: tuple[str, ...]
    """Names of built-in exceptions; "" stands for any."""


class Exhausted(Exception):
    """The analysis would take more time or memory than it may; the message says of what."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        self.span = span
        """What was running."""
        super().__init__(message)
