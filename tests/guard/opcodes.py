"""Counts the bytecode instructions that Python code executes: a cost that noise cannot touch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

__all__ = ["executed"]


def executed(action: Callable[[], object]) -> Counter[str]:
    """Instructions that an action executes in this thread, by file name.

    The same code gives the same number each time, whether the interpreter has specialised it or
    not; another minor version of Python gives another number.
    """
    counts: Counter[str] = Counter()
    if sys.version_info >= (3, 12):
        _monitor(action, counts)
    else:
        _trace(action, counts)
    return counts


def _trace(action: Callable[[], object], counts: Counter[str]) -> None:
    """Python 3.11: opcode events of the trace function."""

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        elif event == "opcode":
            counts[frame.f_code.co_filename] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)


def _monitor(action: Callable[[], object], counts: Counter[str]) -> None:
    """Python 3.12 and later, where trace functions no longer see every instruction."""
    monitoring = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    tool, event = monitoring.OPTIMIZER_ID, monitoring.events.INSTRUCTION

    def count(code: CodeType, offset: int) -> None:
        counts[code.co_filename] += 1

    monitoring.use_tool_id(tool, "guard")
    monitoring.register_callback(tool, event, count)
    monitoring.set_events(tool, event)
    try:
        action()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)
