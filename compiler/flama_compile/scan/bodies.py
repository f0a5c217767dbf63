"""Bodies that are left out: found before libcst reads them, and hidden from it.

    @app.get("/items/{item_id:int}/")           @app.get("/items/{item_id:int}/")
    async def show(item_id: int):          ->   async def show(item_id: int):
        item = await find(item_id)                  pass
        return item.shown()

Most of a file is bodies of handlers, which run later and say nothing about registration. libcst
takes a hundred times as long for a line as `ast` does, so it is given the text without them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flama_compile.scan.places import Places

__all__ = ["is_kept", "without_bodies"]

_RELEVANT = re.compile(
    r"\b(?:\w*route\w*|mount\w*|Flama|Router|Route|partial|wraps|register\w*|add_\w+|def|class|lambda)\b"
)
"""Words that make it likely that a function is called while the application is being built."""


def is_kept(is_async: bool, text: str) -> bool:
    """Whether the body of a function is converted, of which `text` is all but the first line."""
    return not is_async and _RELEVANT.search(text) is not None


def without_bodies(tree: ast.Module, places: Places) -> str:
    """The text of a module with `pass` in the place of each body that `is_kept` leaves out.

    What is left has the statements and expressions of the whole, in the same order, on other
    lines.
    """
    parts: list[str] = []
    at = 0
    for first, last, margin in sorted(_hidden(tree, places)):
        parts += places.lines[at:first]
        parts.append(f"{margin}pass")
        at = last
    return "\n".join(parts + places.lines[at:]) if parts else places.text


def _hidden(tree: ast.Module, places: Places) -> Iterator[tuple[int, int, str]]:
    """From which line to which a body stands, counted from 0, end exclusive; and its margin."""
    # NOTE: not by recursion: each `elif` is nested in the one before.
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            is_async = isinstance(node, ast.AsyncFunctionDef)
            if not is_kept(is_async, places.below(node.lineno, node.end_lineno)):
                first = node.body[0]
                margin = places.lines[first.lineno - 1][: first.col_offset]
                # Rare bodies are left where they are: one on the line of its `def`, and one that
                # begins with a decorator, above the line that is the first of the function.
                if margin.isspace() and not getattr(first, "decorator_list", None):
                    yield first.lineno - 1, node.end_lineno, margin
                continue
        for name in _BLOCKS:
            waiting += getattr(node, name, ())


_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
"""Where statements have statements below them."""
