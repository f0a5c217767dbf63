"""Places in source files: what every fact, route and diagnostic points at."""

from __future__ import annotations

import io
import tokenize
from typing import NamedTuple

__all__ = ["Span", "decode"]


class Span(NamedTuple):
    """A stretch of one file. Lines and columns count characters from 1; the end is exclusive.

    PERF: every entry and parameter has one; a named tuple costs half of a frozen dataclass to make,
    and a fifth to load.
    """

    file: str
    """Posix path relative to the project's root."""
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def decode(data: bytes) -> str:
    """A source file as text for showing; what cannot be decoded becomes a replacement mark."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        encoding = "utf-8-sig"
    return data.decode(encoding, "replace")
