"""FC3xx: what is wrong with a route table, although it can be compiled or read."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = ()
