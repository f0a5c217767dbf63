"""The command line: what is typed, what is printed where, and the exit codes.

0   nothing at or above the threshold
1   findings, or stale files under `--check`
2   cannot decide, or wrong usage
3   our own fault
"""

from __future__ import annotations

import gc
import io
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import NoReturn, TextIO

from flama_compile.crash import Fault, crash_folder, report_text
from flama_compile.output import dump, silence

__all__ = ["main"]

BROKEN_PIPE = 141
"""128 + SIGPIPE: the reader of our output went away, as `head` does."""
INTERRUPTED = 130
"""128 + SIGINT."""

_COLORS = ("auto", "always", "never")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never ends in a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr) if arguments is None else ():
        if isinstance(stream, io.TextIOWrapper):
            # An encoding that was asked for may lack what paths and our own texts have.
            stream.reconfigure(errors="backslashreplace")
    if arguments is None and _process_is_ours(given):
        # PERF: nearly all that a command makes stays to its end; looking for garbage among it takes
        # a tenth of a build, and taking it apart at the end another tenth.
        gc.disable()
        _leave(_guarded(given))
    return _guarded(given)


def _guarded(given: list[str]) -> int:
    try:
        return _run(given)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop(sys.stdout, sys.stderr)
        return BROKEN_PIPE
    except Exception as error:
        # Notes that cannot be written are lost, so that it is stdout.
        if isinstance(error, OSError) and (_drop(sys.stdout) or _printing(error)):
            _say(f"Error: cannot write to stdout: {_reason(error)}\n")
            return 2
        if isinstance(error, OSError) and isinstance(error.filename, str):
            # What passes read and write tells by itself; this is a path that was typed.
            _say(f"Error: cannot use `{error.filename}`: {_reason(error)}\n")
            return 2
        return _fault(error, given)


def _run(given: list[str]) -> int:
    try:
        os.getcwd()
    except OSError as error:
        _say(f"Error: the working directory cannot be used: {_reason(error)}\n")
        return 2
    # Imported here, so that a broken installation is told like any other fault.
    import click

    from flama_compile.cli.group import COMMANDS, LazyGroup

    # NOTE: not `Group.main`, which turns a broken pipe into exit code 1, "findings".
    group = LazyGroup(
        "flama-compile",
        COMMANDS,
        help="Compile the routes of a Flama application, and prove route changes in CI.",
    )
    try:
        with group.make_context("flama-compile", _colored(given)) as ctx:
            code = group.invoke(ctx)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.ClickException as error:
        try:
            error.show(sys.stderr)
        except OSError:
            _drop(sys.stderr)
        return 2
    except click.Abort:
        return INTERRUPTED


def _colored(arguments: list[str]) -> list[str]:
    """`--color` alone means always; its value may follow it or be joined to it."""
    given: list[str] = []
    rest = iter(range(len(arguments)))
    for index in rest:
        argument = arguments[index]
        if argument == "--":
            return [*given, *arguments[index:]]
        if argument != "--color":
            given.append(argument)
        elif index + 1 < len(arguments) and arguments[index + 1] in _COLORS:
            given.append(f"--color={arguments[index + 1]}")
            next(rest)
        else:
            given.append("--color=always")
    return given


def _fault(error: Exception, command: list[str]) -> int:
    """Say that we failed, where, and where the details are."""
    if not isinstance(error, Fault):
        cause = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
        number, stage, message = "FC901", "command line", cause
    else:
        number, stage, message = error.number, error.stage, error.message
    where = "the details could not be written anywhere"
    try:
        path = dump(crash_folder(command), f"crash-{os.getpid()}.txt", report_text(error, command))
        where = f"the details are in {path}" if path else where
    except Exception as second:
        where += f" ({type(second).__name__}: {second})"
    _say(
        f"internal error[{number}]: pass `{stage}` failed: {message}\n"
        f"  = note: this is a fault in flama-compile; nothing was written\n"
        f"  = dump: {where}\n"
        f"help: please report it with that file; `flama-compile explain {number}` says more\n"
    )
    return 3


def _say(text: str) -> None:
    """Write to stderr without any of what may have failed, in any encoding."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "ascii"
        try:
            sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
            sys.stderr.flush()
        except OSError:
            _drop(sys.stderr)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _printing(error: OSError) -> bool:
    """Whether it was raised where text goes out, which is always in click."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("click.")


def _drop(*streams: TextIO | None) -> bool:
    """Drop what a stream holds and cannot write, for Python tries again when it ends.

    Returns whether there was any.
    """
    found = False
    for stream in streams:
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            found = True
            silence(stream)
    return found


def _process_is_ours(given: list[str]) -> bool:
    """Whether the process was started for one command that ends with it.

    Others call `main` too; `run` and `--watch` live on, with garbage of their own, and an
    application may want to end well.
    """
    if "run" in given or "--watch" in given:
        return False
    started = sys.modules["__main__"]
    spec = getattr(started, "__spec__", None)
    script = os.path.basename(getattr(started, "__file__", None) or "")
    return script == "flama-compile" or (spec is not None and spec.name == "flama_compile.__main__")


def _leave(code: int) -> NoReturn:
    """End the process, at once where nothing waits for its end."""
    alone = threading.active_count() == 1 and sys.gettrace() is None and sys.getprofile() is None
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            # What cannot be written is told where Python itself ends.
            alone = False
    if alone:
        os._exit(code)
    sys.exit(code)
