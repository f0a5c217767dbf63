"""One request or connection while the parameters of its view are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from flama._query import pairs, query_of
from flama.bodies import FORMS, media, parse_form, parse_json, read
from flama.types import Receive, Scope, Send

__all__ = ["Call"]


class Call:
    """What fillers read. The request object is made when somebody asks for it, once.

    :param texts: The text of each path parameter, prefixes of mounts included.
    :param connection: The websocket, which exists before its views do.
    :param given: Values for the annotations that `Reach.given` announced.
    """

    # PERF: defaults of the class, and no slots: most calls ask for none of these.
    _connection: Any = None
    _headers: Any = None
    """The one `Headers`, which a request that is made later has too."""
    _query: dict[str, str] | None = None
    _body: bytes | None = None
    _parsed: tuple[Any, Any] | None = None
    slots: Sequence[Any] = ()
    cache: dict[Any, Any] | None = None
    """Values of components that are shared, once there is one."""
    given: dict[Any, Any]

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        texts: Mapping[str, str],
        connection: Any = None,
        given: dict[Any, Any] | None = None,
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.texts = texts
        if connection is not None:
            self._connection = connection
            self.given = {} if given is None else given

    def query(self) -> dict[str, str]:
        """The query string: the last value of each key."""
        if self._query is None:
            self._query = query_of(self.scope)
        return self._query

    def query_lists(self) -> dict[str, list[str]]:
        """The query string: all values of each key."""
        every: dict[str, list[str]] = {}
        for key, value in pairs(self.scope.get("query_string", b"")):
            if key in every:
                every[key].append(value)
            else:
                every[key] = [value]
        return every

    @property
    def request(self) -> Any:
        """The one `Request` of this call."""
        if self._connection is None:
            self._connection = _kind("flama._requests", "Request")(
                self.scope, self.receive, self.send
            )
            if self._body is not None:
                self._connection._body = self._body
            if self._headers is not None:
                self._connection._headers = self._headers
        return self._connection

    @property
    def websocket(self) -> Any:
        """The one `WebSocket` of this call."""
        if self._connection is None:
            self._connection = _kind("flama.websockets", "WebSocket")(
                self.scope, self.receive, self.send
            )
        return self._connection

    async def body(self) -> bytes:
        """The bytes of the request body, read once."""
        if self._body is None:
            if self._connection is None:
                self._body = await read(self.receive)
            else:
                self._body = await self._connection.body()
        return self._body

    async def parsed(self) -> tuple[Any, Any]:
        """The body as plain JSON data and None, or None and a form; parsed once.

        :raises HTTPException: 400 for a malformed body, 415 for an unknown content type.
        """
        if self._parsed is None:
            if media(self.scope["headers"]) in FORMS:
                self._parsed = (None, await parse_form(self.request))
            else:
                self._parsed = (parse_json(await self.body()), None)
        return self._parsed

    async def close(self) -> None:
        """Close the files of a form that was parsed here."""
        if self._parsed is not None and self._parsed[1] is not None:
            await self._connection.close()


@cache
def _kind(module: str, name: str) -> Any:
    """A class that makes its module, and Starlette's, load.

    PERF: an import statement takes longer than making the request.
    """
    return getattr(import_module(module), name)
