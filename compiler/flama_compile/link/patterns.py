"""What exceptions are caught: `except` clauses against what is raised."""

from __future__ import annotations

import builtins

from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    ClassValue,
    External,
    ExternalObject,
    Instance,
    Value,
)

__all__ = ["catches", "exception_name"]

_FLAMA_ERRORS = {"ApplicationError": "Exception"}


def exception_name(value: Value) -> str:
    """The built-in exception that a raised value is, or derives from; for people its own name."""
    match value:
        case External():
            return value.name or "Exception"
        case ExternalObject():
            return value.cls.name or "Exception"
        case Instance():
            return value.cls.name
        case ClassValue():
            return value.name
    return "Exception"


def catches(kind: Value, failure: Failure) -> bool:
    """Whether `except kind` catches it: by name for built-in exceptions, else by class."""
    if isinstance(kind, ClassValue):
        raised = failure.value.cls if isinstance(failure.value, Instance) else failure.value
        return isinstance(raised, ClassValue) and kind in raised.order
    if not isinstance(kind, External):
        return False
    names = _ancestors(failure)
    return kind.name in names


def _ancestors(failure: Failure) -> set[str]:
    """Names of the built-in classes that a raised exception is an instance of."""
    raised = failure.value.cls if isinstance(failure.value, Instance) else failure.value
    starts = [failure.kind]
    if isinstance(raised, ClassValue):
        starts = [base.name for base in raised.order if isinstance(base, External | ClassValue)]
    names: set[str] = set(starts)
    for start in starts:
        found = getattr(builtins, _FLAMA_ERRORS.get(start, start), Exception)
        if isinstance(found, type):
            names.update(cls.__name__ for cls in found.__mro__)
    return names
