"""FC4xx: what stands in the way of writing or reading our own files."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = ()
