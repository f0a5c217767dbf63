"""Which diagnostics are about dynamic sites: a table with them is read, but not exact."""

from __future__ import annotations

__all__ = ["DYNAMIC_CODES"]

DYNAMIC_CODES = frozenset(
    {"FC102", "FC110", "FC111", "FC112", "FC113", "FC114", "FC115", "FC116", "FC117", "FC118"}
)
"""Codes of dynamic sites."""
