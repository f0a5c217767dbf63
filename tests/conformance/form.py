"""How a conformance case is written: an application as text, then what is asked and answered.

    application(
        "paths/integers",
        '''
        from flama import Flama

        app = Flama()

        @app.get("/n/{n:int}/")
        def show(n: int):
            return {"n": n}
        ''',
        http("leading zeros count", "GET /n/007/", 200, {"n": 7}),
        http("no other digits than ASCII ones", "GET /n/%D9%A3/", 404),
    )

An application may note what it does, in order with what it sends: `from notes import note`.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

__all__ = [
    "APPLICATIONS",
    "REFUSALS",
    "Application",
    "Contains",
    "E",
    "Exchange",
    "HttpExchange",
    "Leave",
    "Matches",
    "Problem",
    "Refusal",
    "WebSocketExchange",
    "accept",
    "application",
    "bad",
    "binary",
    "close",
    "http",
    "lifespan",
    "refused",
    "text",
    "websocket",
]


@dataclass(frozen=True)
class Contains:
    """Expects text that holds each of these pieces."""

    pieces: tuple[str, ...]

    def __init__(self, *pieces: str) -> None:
        object.__setattr__(self, "pieces", pieces)

    def __eq__(self, other: object) -> bool:
        text = other.decode("utf-8", "replace") if isinstance(other, bytes) else str(other)
        return all(piece in text for piece in self.pieces)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Matches:
    """Expects text that a regular expression matches as a whole."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        text = other.decode("utf-8", "replace") if isinstance(other, bytes) else str(other)
        return re.fullmatch(self.pattern, text, re.DOTALL) is not None

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Problem:
    """Expects what a validation error says of one name: four keys, and these values."""

    type: str | None = None
    input: Any = ...
    loc: Any = ...

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, dict)
            and sorted(other) == ["input", "loc", "msg", "type"]
            and (self.type is None or other["type"] == self.type)
            and (self.input is ... or other["input"] == self.input)
            and (self.loc is ... or other["loc"] == self.loc)
            and isinstance(other["loc"], list)
            and isinstance(other["msg"], str)
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class E:
    """The error body of the specification: three keys, in this order, compact."""

    status: int
    detail: Any
    error: str = "HTTPException"

    @property
    def exact(self) -> bytes | None:
        """The bytes of the body; None where the detail holds matchers."""
        body = {"status_code": self.status, "detail": self.detail, "error": self.error}
        try:
            return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        except TypeError:
            return None


@dataclass(frozen=True)
class Leave:
    """The client closes the connection with this code."""

    code: int | None = 1000
    reason: str = ""


@dataclass(frozen=True)
class HttpExchange:
    """One HTTP request and what has to come back."""

    name: str
    method: str
    path: str
    raw_path: bytes
    query: bytes
    status: int | None
    body: Any
    headers: Mapping[str, Any]
    absent: Sequence[str]
    send_headers: Sequence[tuple[bytes, bytes]]
    chunks: Sequence[bytes]
    leaves: bool
    scope: Mapping[str, Any]
    raises: Any
    notes: Sequence[Any] | None
    logs: Sequence[Any] | None
    varies: bool
    only: str
    says: Any


@dataclass(frozen=True)
class WebSocketExchange:
    """One websocket connection: what the client does, and the events that the server sends."""

    name: str
    path: str
    raw_path: bytes
    query: bytes
    sends: Sequence[str | bytes | Leave]
    events: Sequence[Mapping[str, Any]]
    send_headers: Sequence[tuple[bytes, bytes]]
    scope: Mapping[str, Any]
    raises: Any
    notes: Sequence[Any] | None
    logs: Sequence[Any] | None
    lost_after: int | None


Exchange = HttpExchange | WebSocketExchange


@dataclass(frozen=True)
class LifespanExpectation:
    """What an application notes when it starts and stops, and how its start-up ends."""

    startup: Sequence[Any] | None = None
    shutdown: Sequence[Any] | None = None
    failed: Any = None


@dataclass(frozen=True)
class _Sources:
    """The files of an application. `main` in a name stands for the application's own module."""

    name: str
    files: Mapping[str, str]

    @property
    def slug(self) -> str:
        """Name of the application's module, like no other."""
        return "case_" + re.sub(r"\W+", "_", self.name)

    def sources(self) -> dict[str, str]:
        """The text of each file to write."""
        return {
            name.replace("main", self.slug, 1): text.replace("__MAIN__", self.slug)
            for name, text in self.files.items()
        }


@dataclass(frozen=True)
class Application(_Sources):
    """One application, built once for each mode, and all that is asked of it in order."""

    exchanges: tuple[Exchange, ...]
    lifespan: LifespanExpectation
    run_lifespan: bool = True
    attribute: str = "app"

    @property
    def target(self) -> str:
        """The application's import string."""
        return f"{self.slug}:{self.attribute}"


@dataclass(frozen=True)
class Refusal(_Sources):
    """An application that neither mode accepts."""

    raises: str
    message: Any
    code: str | None
    exit: int
    at: str = "import"

    @property
    def target(self) -> str:
        """The application's import string."""
        return f"{self.slug}:app"


APPLICATIONS: list[Application] = []
REFUSALS: list[Refusal] = []


def application(
    name: str,
    source: str | Mapping[str, str],
    *exchanges: Exchange | LifespanExpectation,
    run_lifespan: bool = True,
    attribute: str = "app",
) -> None:
    """Declare an application and its exchanges. `section/what` is the form of a name."""
    expected = [e for e in exchanges if isinstance(e, LifespanExpectation)]
    asked = tuple(e for e in exchanges if not isinstance(e, LifespanExpectation))
    names = [exchange.name for exchange in asked]
    doubled = {n for n in names if names.count(n) > 1}
    if doubled:
        raise ValueError(f"{name}: two exchanges are called {sorted(doubled)}")
    if any(known.name == name for known in APPLICATIONS):
        raise ValueError(f"two applications are called {name!r}")
    APPLICATIONS.append(
        Application(
            name,
            _files(source),
            asked,
            expected[0] if expected else LifespanExpectation(),
            run_lifespan,
            attribute,
        )
    )


def refused(
    name: str,
    source: str | Mapping[str, str],
    *,
    raises: str = "ApplicationError",
    message: Any = None,
    code: str | None = None,
    exit: int = 1,
    at: str = "import",
) -> None:
    """Declare an application that fails at `import` or `startup`, and that `build` refuses.

    :param code: The compiler's code; None where the compiler cannot know and the loader refuses.
    :param exit: The exit code of `build`.
    """
    if any(known.name == name for known in REFUSALS):
        raise ValueError(f"two refusals are called {name!r}")
    REFUSALS.append(Refusal(name, _files(source), raises, message, code, exit, at))


def _files(source: str | Mapping[str, str]) -> dict[str, str]:
    files = {"main.py": source} if isinstance(source, str) else dict(source)
    return {name: textwrap.dedent(text).lstrip("\n") for name, text in files.items()}


def bad(**problems: Any) -> E:
    """The 400 for these names; a string stands for `Problem(type)`."""
    return E(
        400,
        {n: Problem(p) if isinstance(p, str) else p for n, p in problems.items()},
        "ValidationError",
    )


def http(
    name: str,
    line: str,
    status: int | None,
    body: Any = None,
    *,
    headers: Mapping[str, Any] | None = None,
    absent: Sequence[str] = (),
    send: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    json_body: Any = None,
    content: bytes | Sequence[bytes] | None = None,
    leaves: bool = False,
    scope: Mapping[str, Any] | None = None,
    raises: Any = None,
    notes: Sequence[Any] | None = None,
    logs: Sequence[Any] | None = None,
    varies: bool = False,
    only: str = "",
    says: Any = None,
) -> HttpExchange:
    """One request. `line` is the method and the target as they go on the wire.

    :param body: Expected: a JSON value, exact `bytes`, `E(…)`, or a matcher; None is not looked at.
    :param headers: Expected headers (others may be there); `absent` lists those that may not.
    :param send: Headers of the request.
    :param leaves: The client goes away after the body.
    :param raises: Name of the exception that reaches the server.
    :param varies: The answer holds the time or the like: it meets the expectation in both modes,
        but the two are not the same bytes.
    :param only: The one mode in which this is asked, for what the two do not share.
    :param says: Expected text of the exception that reaches the server.
    """
    method, _, target = line.partition(" ")
    raw, _, query = target.partition("?")
    sent = list(send.items()) if isinstance(send, Mapping) else list(send)
    if json_body is not None:
        content = json.dumps(json_body).encode()
        sent.insert(0, ("content-type", "application/json"))
    chunks = [content] if isinstance(content, bytes) else list(content or [b""])
    if body is None and status in (404, 405):
        body = E(status, {404: "Not Found", 405: "Method Not Allowed"}[status])
    return HttpExchange(
        name,
        method,
        _decode(raw),
        raw.encode(),
        query.encode(),
        status,
        body,
        dict(headers or {}),
        tuple(absent),
        [(k.lower().encode(), v.encode("latin-1")) for k, v in sent],
        chunks,
        leaves,
        dict(scope or {}),
        raises,
        notes,
        logs,
        varies,
        only,
        says,
    )


def websocket(
    name: str,
    target: str,
    sends: Sequence[str | bytes | Leave] = (),
    events: Sequence[Mapping[str, Any]] = (),
    *,
    send: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    scope: Mapping[str, Any] | None = None,
    raises: Any = None,
    notes: Sequence[Any] | None = None,
    logs: Sequence[Any] | None = None,
    lost_after: int | None = None,
) -> WebSocketExchange:
    """One connection: the client's frames, then the server's events, all of them in order.

    :param sends: Frames; `Leave(code)` closes. A client that is left without a script closes
        with 1000.
    :param lost_after: Number of events after which the server's `send` fails as a lost
        connection does.
    """
    raw, _, query = target.partition("?")
    sent = list(send.items()) if isinstance(send, Mapping) else list(send)
    return WebSocketExchange(
        name,
        _decode(raw),
        raw.encode(),
        query.encode(),
        tuple(sends),
        tuple(events),
        [(k.lower().encode(), v.encode("latin-1")) for k, v in sent],
        dict(scope or {}),
        raises,
        notes,
        logs,
        lost_after,
    )


def lifespan(
    startup: Sequence[Any] | None = None, shutdown: Sequence[Any] | None = None, failed: Any = None
) -> LifespanExpectation:
    """What the application notes around its life."""
    return LifespanExpectation(startup, shutdown, failed)


def accept(**fields: Any) -> dict[str, Any]:
    """The server accepts."""
    return {"type": "websocket.accept", "subprotocol": None, "headers": [], **fields}


def text(data: Any) -> dict[str, Any]:
    """The server sends a text frame."""
    return {"type": "websocket.send", "text": data}


def binary(data: Any) -> dict[str, Any]:
    """The server sends a binary frame."""
    return {"type": "websocket.send", "bytes": data}


def close(code: int = 1000, reason: Any = "") -> dict[str, Any]:
    """The server closes."""
    return {"type": "websocket.close", "code": code, "reason": reason}


def _decode(raw: str) -> str:
    """A path as servers put it into the scope: decoded once, with U+FFFD for broken bytes."""
    return unquote_to_bytes(raw).decode("utf-8", "replace")
