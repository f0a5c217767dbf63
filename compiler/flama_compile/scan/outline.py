"""Outlines of installed packages: imports, classes with their bases, and simple assignments.

Installed packages are read only to see what a class derives from and where it is defined, so
`ast` alone serves: it is ten times as fast as libcst, and no place is ever shown.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from flama_compile.ir.outline import Outline

__all__ = ["outline"]


def outline(data: bytes) -> Outline | None:
    """The outline of a file; None when it is not Python that we can read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = Outline({}, {}, [], set())
    _collect(tree.body, found)
    return found


def _collect(body: Iterable[ast.stmt], found: Outline) -> None:
    for node in body:
        match node:
            case ast.Import():
                for alias in node.names:
                    if alias.asname:
                        found.names[alias.asname] = (alias.name, 0, "")
                    else:
                        head = alias.name.partition(".")[0]
                        found.names[head] = (head, 0, "")
            case ast.ImportFrom():
                for alias in node.names:
                    if alias.name == "*":
                        found.stars.append((node.module or "", node.level))
                    else:
                        name = alias.asname or alias.name
                        found.names[name] = (node.module or "", node.level, alias.name)
            case ast.ClassDef():
                found.classes[node.name] = tuple(ast.unparse(base) for base in node.bases)
                found.names.pop(node.name, None)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.functions.add(node.name)
            case ast.Assign(value=ast.Name(id=source)):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id != source:
                        found.names.setdefault(target.id, ("", -1, source))
            case ast.If():
                _collect(node.body, found)
                _collect(node.orelse, found)
            case ast.Try():
                _collect(node.body, found)
                for handler in node.handlers:
                    _collect(handler.body, found)
