"""One middleware: every answer carries the id of its request."""

from __future__ import annotations

import uuid

from flama.types import Message, Receive, Scope, Send


class RequestId:
    """Takes the client's `x-request-id`, or makes one."""

    def __init__(self, app: object, header: str = "x-request-id") -> None:
        self.app = app
        self.header = header.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # type: ignore[operator]
            return
        given = dict(scope["headers"]).get(self.header)
        identity = given or uuid.uuid4().hex.encode()

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((self.header, identity))
            await send(message)

        await self.app(scope, receive, marked)  # type: ignore[operator]
