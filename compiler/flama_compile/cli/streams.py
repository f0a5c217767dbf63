"""stdout for the result and stderr for all else, where either may be closed, full or no terminal.

A result that cannot be written is an error. A note that cannot be is lost: there is nobody to tell.
"""

from __future__ import annotations

import sys
from typing import TextIO

import click

from flama_compile.output import silence

__all__ = ["is_terminal", "put", "tell"]


def put(text: str) -> None:
    """Write a piece of the result to stdout.

    :raises OSError: It cannot be written.
    """
    if sys.stdout is None:
        # Closed before we began. Click would drop the text without a word.
        raise click.ClickException("cannot write to stdout: it is closed")
    click.echo(_printable(text), nl=False, color=True)


def tell(text: str) -> None:
    """Write a line to stderr.

    :raises BrokenPipeError: Who read it went away, and does not want to know the rest.
    """
    try:
        click.echo(_printable(text), err=True, color=True)
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stderr)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads it."""
    return stream is not None and stream.isatty()


def _printable(text: str) -> str:
    """Text that UTF-8 can carry: a lone surrogate of a path becomes its escape, in JSON too."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
