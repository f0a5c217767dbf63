"""One view behind one middleware, as it is written for Flama. The suite compiles it."""

from __future__ import annotations

from typing import Any

from flama import Flama
from flama.middleware import Middleware
from tagged import Tagged

app = Flama(schema=None, docs=None, middleware=[Middleware(Tagged)])


@app.get("/hello")
async def hello() -> Any:
    return {"message": "hello"}
