"""FC9xx: our own faults. The command exits with 3, writes a dump, and shows no traceback."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code(
        "FC901",
        "pass-failed",
        "error",
        "a pass of the compiler failed",
        """
        A part of flama-compile met a case that it was not written for. Nothing was written, and
        what stood there before is unchanged.

        The message names the pass and a dump file. The dump holds the traceback and the text form
        of the data the pass worked on; it contains paths and names of your routes, and no other
        source text. Please report it with the dump.
        """,
        "any command on a project that our code cannot handle",
        exit=3,
    ),
    Code(
        "FC902",
        "compiled-answer-differs",
        "error",
        "the compiled module answers differently from the route table",
        """
        Before anything is written, `build` runs the new module on requests derived from the route
        table and compares each answer with an independent reading of the table. For at least one
        request they differed, so the new module was thrown away.

        Your application is not at fault, and the one that was compiled before still stands. The
        message names the request; the dump holds the table and the module. Please report it.
        """,
        "flama-compile build shop.main:app",
        exit=3,
    ),
)
