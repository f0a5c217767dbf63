"""The command line: what is typed, what is printed where, and the exit codes.

0   nothing at or above the threshold
1   findings, or stale files under `--check`
2   cannot decide, or wrong usage
3   our own fault
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from flama_compile.cli.group import COMMANDS, LazyGroup
from flama_compile.crash import Fault

__all__ = ["main"]

BROKEN_PIPE = 141
"""128 + SIGPIPE: the reader of our output went away, as `head` does."""
INTERRUPTED = 130
"""128 + SIGINT."""

_COLORS = ("auto", "always", "never")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never ends in a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        # PERF: nearly all that a command makes stays to its end; looking for garbage among it takes
        # a tenth of a build.
        gc.set_threshold(50_000)
    try:
        # NOTE: not `Group.main`, which turns a broken pipe into exit code 1, "findings".
        group = _group()
        with group.make_context("flama-compile", _colored(given)) as ctx:
            code = group.invoke(ctx)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # What is still buffered would be written, and fail again, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        return _fault(error, given)


def _group() -> click.Group:
    return LazyGroup(
        "flama-compile",
        COMMANDS,
        help="Compile the routes of a Flama application, and prove route changes in CI.",
    )


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
    from flama_compile.cli.front import crash_folder
    from flama_compile.crash import report_text
    from flama_compile.output import dump

    if not isinstance(error, Fault):
        cause = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
        number, stage, message = "FC901", "command line", cause
    else:
        number, stage, message = error.number, error.stage, error.message
    path = dump(crash_folder(command), f"crash-{os.getpid()}.txt", report_text(error, command))
    where = f"the details are in {path}" if path else "the details could not be written anywhere"
    sys.stderr.write(
        f"internal error[{number}]: pass `{stage}` failed: {message}\n"
        f"  = note: this is a fault in flama-compile; nothing was written\n"
        f"  = dump: {where}\n"
        f"help: please report it with that file; `flama-compile explain {number}` says more\n"
    )
    return 3
