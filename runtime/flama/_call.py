"""One request or connection while the parameters of its view are filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flama._query import pairs
from flama.bodies import FORMS, media, parse_form, parse_json, read
from flama.types import Receive, Scope, Send

__all__ = ["Call"]


class Call:
    """What fillers read. The request object is made when somebody asks for it, once.

    :param texts: The text of each path parameter, prefixes of mounts included.
    :param given: Values for the annotations that `Reach.given` announced.
    """

    __slots__ = (
        "_body",
        "_connection",
        "_parsed",
        "_query",
        "cache",
        "given",
        "receive",
        "scope",
        "send",
        "slots",
        "texts",
    )

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
        self.given = given or {}
        self.cache: dict[Any, Any] = {}
        self.slots: list[Any] = []
        self._connection = connection
        self._query: tuple[dict[str, str], dict[str, list[str]]] | None = None
        self._body: bytes | None = None
        self._parsed: tuple[Any, Any] | None = None

    def query(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """The query string: the last value of each key, and all values of each."""
        if self._query is None:
            found = pairs(self.scope.get("query_string", b""))
            every: dict[str, list[str]] = {}
            for key, value in found:
                every.setdefault(key, []).append(value)
            self._query = (dict(found), every)
        return self._query

    @property
    def request(self) -> Any:
        """The one `Request` of this call."""
        if self._connection is None:
            from flama._requests import Request

            self._connection = Request(self.scope, self.receive, self.send)
            if self._body is not None:
                self._connection._body = self._body
        return self._connection

    @property
    def websocket(self) -> Any:
        """The one `WebSocket` of this call."""
        if self._connection is None:
            from flama.websockets import WebSocket

            self._connection = WebSocket(self.scope, self.receive, self.send)
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
