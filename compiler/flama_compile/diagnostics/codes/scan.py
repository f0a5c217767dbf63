"""FC1xx: what the scan pass says."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = ()
