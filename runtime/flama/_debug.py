"""The pages that a browser shows when `debug` is on. Everything in them is escaped."""

from __future__ import annotations

import html
import linecache
import traceback
from types import FrameType, TracebackType

from flama.types import Scope

__all__ = ["error_page", "not_found_page"]

CONTEXT = 4
"""Lines shown before and after the one that failed."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; }}
h1 {{ font-size: 1.3rem; }}
pre {{ background: #f5f5f5; overflow-x: auto; padding: .6rem; }}
summary {{ cursor: pointer; font-family: monospace; }}
mark {{ background: #ffd7d7; display: block; }}
th {{ padding-right: 1rem; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<h1>{title}</h1>
{content}
</body>
</html>
"""


def error_page(error: BaseException, scope: Scope) -> bytes:
    """The traceback of an exception, the innermost frame first."""
    title = f"{type(error).__name__}: {_words(error)}"
    parts = [_request(scope)]
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if cause is not error:
            parts.append(f"<h2>From {_escape(f'{type(cause).__name__}: {_words(cause)}')}</h2>")
        parts += _frames(cause.__traceback__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return _page(title, parts)


def not_found_page(scope: Scope) -> bytes:
    """Says what was asked for."""
    return _page("404 Not Found", [_request(scope), "<p>No route answers this request.</p>"])


def _page(title: str, parts: list[str]) -> bytes:
    text = _PAGE.format(title=_escape(title), content="\n".join(parts))
    return text.encode("utf-8", "backslashreplace")


def _request(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    rows = {
        "Method": scope.get("method", ""),
        "Path": scope.get("path", ""),
        "Query": query,
    }
    cells = "".join(
        f"<tr><th>{name}</th><td><code>{_escape(str(value))}</code></td></tr>"
        for name, value in rows.items()
    )
    return f"<table>{cells}</table>"


def _frames(tb: TracebackType | None) -> list[str]:
    """The frames of the application and of its libraries. Those of dispatch tell nothing about the
    fault, and are others when dispatch is compiled."""
    shown = []
    frames = [(frame, line) for frame, line in traceback.walk_tb(tb) if not _dispatches(frame)]
    for index, (frame, line) in enumerate(reversed(frames)):
        code = frame.f_code
        place = f"{code.co_filename}, line {line}, in {code.co_qualname}"
        shown.append(
            f"<details{' open' if index == 0 else ''}><summary>{_escape(place)}</summary>"
            f"<pre>{_source(code.co_filename, line)}</pre></details>"
        )
    return shown


def _dispatches(frame: FrameType) -> bool:
    """Whether a frame belongs to this package, or to a compiled module."""
    names = frame.f_globals
    module = str(names.get("__name__", ""))
    return module.startswith("flama.") or ("CONTRACT" in names and "ROUTES" in names)


def _source(file: str, line: int) -> str:
    rows = []
    for number in range(max(1, line - CONTEXT), line + CONTEXT + 1):
        text = linecache.getline(file, number)
        if not text:
            continue
        row = f"{number:5}  {_escape(text.rstrip())}"
        rows.append(f"<mark>{row}</mark>" if number == line else row + "\n")
    return "".join(rows)


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:
        return f"(its text could not be made: {type(failure).__name__})"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
