"""Measured limits of what is laid out how."""

from __future__ import annotations

__all__ = ["LADDER", "LEVELS", "NESTING", "STEPS", "STEPS_PER_RULE", "WAYS"]

LADDER = 8
"""The most `if`s in a row. Measured on CPython 3.11 and 3.13 with fresh strings, a ladder and a
dictionary cost the same at 6 to 8 children; at 32 the dictionary takes half the time."""

NESTING = 7
"""Levels of `if` before a block is cut out as a function; with what surrounds and follows it, the
text stays below 12 levels."""

STEPS = 64
STEPS_PER_RULE = 16
"""A group of rules may visit `STEPS + STEPS_PER_RULE * rules` nodes; then it is tested in order.
Tables of real applications visit 2 to 4 nodes a rule."""


LEVELS = 100
"""Decisions on one way down; each takes four frames of Python's stack."""

WAYS = 4
"""The most tests in a row before the tables of one position. On CPython 3.11 and 3.13 one that
fails takes a third of the time of a call: with four, tables cost no more than the functions that
they replace, and stay in the processor's caches."""
