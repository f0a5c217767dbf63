"""Turns one file into facts. The only package that imports libcst.

A file is read by `ast` for its places and by libcst for its shape; both are dropped before the next
file is read. What Python could not import becomes `ModuleFacts.problem`, never an exception.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from typing import Any

import libcst

from flama_compile.ir.facts import At, Import, ModuleFacts, Problem
from flama_compile.scan.bodies import without_bodies
from flama_compile.scan.imports import imports_of
from flama_compile.scan.outline import outline
from flama_compile.scan.places import MISSING, Places
from flama_compile.scan.statements import Statements

__all__ = ["outline", "scan"]

_RECURSION_LIMIT = 20_000
_NEW_SYNTAX = "syntax of a newer Python"


def scan(data: bytes, *, deep: bool = False) -> ModuleFacts:
    """The facts of a file's bytes.

    Bodies of functions that hardly take part in registration are left out unless `deep` is set;
    `ModuleFacts.deep` says whether any was.
    """
    try:
        text = _decode(data)
    except (SyntaxError, UnicodeError, LookupError) as error:
        exact = _exact(data, error)
        why = f"file cannot be decoded: {_reason(exact)}"
        return _failed(Problem("FC103", why, "", _undecodable(exact)))
    tree: Any
    try:
        tree = _parse(text)
    except (SyntaxError, ValueError) as error:
        return _with_new_syntax(text, data, _syntax_problem(text, error), deep)
    except (RecursionError, MemoryError):
        return _failed(
            Problem("FC104", "file is nested too deeply for Python to compile", "", None)
        )
    places = Places(text)
    try:
        module = _shape(tree, places, deep)
    except libcst.ParserSyntaxError as error:
        at = (error.raw_line, error.raw_column + 1, error.raw_line, error.raw_column + 2)
        return _failed(Problem("FC101", "libcst cannot read this syntax yet", "here", at))
    return _convert(module, tree, places, deep)


def _shape(tree: ast.Module, places: Places, deep: bool) -> libcst.Module:
    """The module as libcst reads it, as far as it is converted."""
    text = places.text if deep else without_bodies(tree, places)
    try:
        return libcst.parse_module(text)
    except libcst.ParserSyntaxError:
        if text == places.text:
            raise
        # Read again, for the place of what it cannot read.
        return libcst.parse_module(places.text)


def _decode(data: bytes) -> str:
    """The text of a source file as Python decodes it: byte order mark, coding line, UTF-8."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)


def _parse(text: str) -> ast.Module:
    """Parse, and let the compiler find what the grammar allows (`return` outside a function)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
        compile(text, "<scanned>", "exec", dont_inherit=True)
    return tree


def _convert(module: libcst.Module, tree: Any, places: Places, deep: bool) -> ModuleFacts:
    statements = Statements(places, deep)
    limit = sys.getrecursionlimit()
    # Python could compile the file; our own calls nest a few times deeper than its syntax.
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        body = statements.body(module.body, tree if tree is MISSING else tree.body)
    except RecursionError:
        return _failed(Problem("FC104", "file is nested too deeply to be analysed", "", None))
    finally:
        sys.setrecursionlimit(limit)
    return ModuleFacts(
        body=body,
        future_annotations="annotations" in places.text and _future(body),
        imports=imports_of(body),
        markers=_markers(places.text),
        deep=statements.complete,
    )


def _future(body: tuple[Any, ...]) -> bool:
    return any(
        getattr(fact, "module", None) == "__future__"
        and any(name == "annotations" for name, _, _ in fact.names)
        for fact in body
        if not isinstance(fact, Import)
    )


def _failed(problem: Problem) -> ModuleFacts:
    return ModuleFacts((), False, (), (), True, problem)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not valid {error.encoding}"
    return str(error.args[0]) if error.args else type(error).__name__


def _exact(data: bytes, error: Exception) -> Exception:
    """Of the first two lines Python only says that no encoding is declared: the byte helps more."""
    if isinstance(error, SyntaxError) and "invalid or missing encoding" in str(error):
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError as exact:
            return exact
    return error


def _undecodable(error: Exception) -> At | None:
    """The place of the first byte that is no text; None where the error names no byte."""
    if not isinstance(error, UnicodeDecodeError):
        return None
    try:
        before = error.object[: error.start].decode(error.encoding, "replace")
    except LookupError:
        return None  # some codecs name themselves as no codec is named
    lines = re.split(r"\r\n?|\n", before)
    line, column = len(lines), len(lines[-1]) + 1
    return (line, column, line, column + 1)


def _syntax_problem(text: str, error: SyntaxError | ValueError) -> Problem:
    message = _reason(error)
    if not isinstance(error, SyntaxError) or not error.lineno:
        return Problem("FC101", f"file is not valid Python: {message}", "", _nul(text))
    line, column = error.lineno, max(error.offset or 1, 1)
    end_line, end_column = error.end_lineno or line, error.end_offset or 0
    if end_line < line or (end_line == line and end_column <= column):
        end_line, end_column = line, column + 1
    at = (line, column, end_line, end_column)
    return Problem("FC101", f"file is not valid Python: {message}", message, at)


def _nul(text: str) -> At | None:
    place = text.find("\0")
    if place < 0:
        return None
    line = text.count("\n", 0, place) + 1
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    return (line, column, line, column + 1)


def _with_new_syntax(text: str, data: bytes, problem: Problem, deep: bool) -> ModuleFacts:
    """Read a file that only a newer Python than ours can compile; all others have a problem."""
    if "\0" in text or _nesting(text) > 150:
        return _failed(problem)
    try:
        module = libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError):
        return _failed(problem)
    if not _newer(module):
        return _failed(problem)
    from libcst.metadata import MetadataWrapper, PositionProvider

    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    return _convert(module, MISSING, Places(text, positions), deep)


def _nesting(text: str) -> int:
    """An upper bound of how deep brackets nest, to keep libcst's recursion in bounds."""
    depth = most = 0
    for found in re.finditer(r"[(\[{]|[)\]}]", text):
        depth += 1 if found[0] in "([{" else -1
        most = max(most, depth)
    return most


class _NewerSyntax(libcst.CSTVisitor):
    """Finds syntax that this Python does not have yet."""

    def __init__(self) -> None:
        self.found = False

    def visit_TypeAlias(self, node: libcst.TypeAlias) -> None:
        self.found |= sys.version_info < (3, 12)

    def visit_TypeParameters(self, node: libcst.TypeParameters) -> None:
        self.found |= sys.version_info < (3, 12)

    def visit_FormattedString(self, node: libcst.FormattedString) -> None:
        if sys.version_info < (3, 12):
            inner = libcst.Module([]).code_for_node(node)[len(node.start) : -len(node.end)]
            self.found |= node.end in inner or "\\" in inner or "\n" in inner or "#" in inner


def _newer(module: libcst.Module) -> bool:
    visitor = _NewerSyntax()
    module.visit(visitor)
    return visitor.found


_MARKER = re.compile(r"#\s*flama-compile:\s*(.*?)\s*(?=#|$)")


def _markers(text: str) -> tuple[tuple[int, str], ...]:
    """Comments that speak to us; a file without the words is not tokenised."""
    if "flama-compile:" not in text:
        return ()
    found: list[tuple[int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                # Comments for other tools may stand before ours, or after it.
                found += [(token.start[0], words) for words in _MARKER.findall(token.string)]
    except (tokenize.TokenError, IndentationError):
        # The compiler read this file, so only syntax newer than this Python's brings us here.
        return tuple(found)
    return tuple(found)
