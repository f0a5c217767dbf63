from __future__ import annotations

import time
import uuid
from typing import Any


class RequestIdMiddleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["request_id"] = uuid.uuid4().hex
        await self.app(scope, receive, send)


class TimingMiddleware:
    def __init__(self, app: Any, budget_ms: int = 100) -> None:
        self.app = app
        self.budget_ms = budget_ms

    async def __call__(self, scope, receive, send):
        started = time.perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            scope["elapsed"] = time.perf_counter() - started
