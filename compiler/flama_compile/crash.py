"""Our own faults: which pass failed, on what, without a traceback on the user's screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import flama_compile
from flama_compile.options import find_root

__all__ = ["Fault", "crash_folder", "report_text", "stage"]


class Fault(Exception):
    """A pass of the compiler broke one of its promises. The command exits with 3."""

    def __init__(self, number: str, stage: str, message: str, subject: str) -> None:
        self.number = number
        """`FC901` or `FC902`."""
        self.stage = stage
        self.message = message
        self.subject = subject
        """The text form of what the pass worked on, "" when there is none."""
        super().__init__(f"pass `{stage}`: {message}")


@contextmanager
def stage(name: str, subject: Callable[[], str] | None = None) -> Iterator[None]:
    """Run one pass; whatever it raises becomes a Fault that knows the pass and its input."""
    try:
        yield
    except (Fault, BrokenPipeError):
        raise
    except Exception as error:
        shown = ""
        if subject is not None:
            try:
                shown = subject()
            except Exception as second:
                shown = f"(its text form failed too: {_summary(second)})"
        raise Fault("FC901", name, _summary(error), shown) from error


def report_text(error: BaseException, command: list[str]) -> str:
    """The crash report: what was run, where it failed, on which data."""
    import platform
    import traceback

    lines = [
        f"flama-compile {flama_compile.__version__}, Python {platform.python_version()}, "
        f"{platform.system()}",
        f"command: flama-compile {' '.join(command)}",
        "",
        "".join(traceback.format_exception(error)).rstrip(),
        "",
    ]
    if isinstance(error, Fault) and error.subject:
        lines += [f"input of pass `{error.stage}`:", "", error.subject]
    return "\n".join(lines) + "\n"


def crash_folder(command: Sequence[str]) -> Path:
    """Where a crash report goes: the cache folder of the root that the command names."""
    for index, argument in enumerate(command):
        if argument == "--root" and index + 1 < len(command):
            return Path(command[index + 1]) / ".flama_cache"
        if argument.startswith("--root="):
            return Path(argument.partition("=")[2]) / ".flama_cache"
    return find_root(Path.cwd()) / ".flama_cache"


def _summary(error: BaseException) -> str:
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text[:300]}" if text else name
