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
    found = Outline({}, {}, [], set(), set(), (), {})
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
                words = tuple(_last_name(one) for one in node.decorator_list)
                found.decorators[node.name] = words
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.functions.add(node.name)
            case ast.Assign():
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        _assigned(target.id, node.value, found)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.assigned.add(name)
            case ast.If():
                _collect(node.body, found)
                _collect(node.orelse, found)
            case ast.Try():
                _collect(node.body, found)
                for handler in node.handlers:
                    _collect(handler.body, found)


def _assigned(name: str, value: ast.expr, found: Outline) -> None:
    found.assigned.add(name)
    if isinstance(value, ast.Name) and value.id != name:
        found.names.setdefault(name, ("", -1, value.id))
    elif name == "__all__" and isinstance(value, ast.List | ast.Tuple):
        texts = [one.value for one in value.elts if isinstance(one, ast.Constant)]
        found.public = tuple(text for text in texts if isinstance(text, str))


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Call():
            return _last_name(node.func)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""
