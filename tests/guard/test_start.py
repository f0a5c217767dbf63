"""A compiled module is loaded without work that was done when it was compiled.

What is forbidden is watched in a fresh process, between the import of the application and the end
of the first answer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

APP = """
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/{item_id:int}")
async def show(item_id: int, verbose: bool = False):
    return {"item_id": item_id, "verbose": verbose}


@app.post("/items")
async def create():
    return {"created": True}
"""

WATCH = """
import asyncio, inspect, re, sys

sys.path.insert(0, sys.argv[1])
import shop

seen = []


def watched(module, name):
    real = getattr(module, name)

    def call(*args, **kwargs):
        seen.append(f"{module.__name__}.{name}")
        return real(*args, **kwargs)

    setattr(module, name, call)


watched(re, "compile")
watched(inspect, "signature")
import shop_compiled

sent = []


async def ask():
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/items/7", "query_string": b"verbose=yes",
        "headers": [], "root_path": "",
    }
    await shop.app.lifecycle.start()
    await shop_compiled.app(scope, receive, send)


asyncio.run(ask())
assert sent[1]["body"] == b'{"item_id":7,"verbose":true}', sent
forbidden = {
    "anyio", "black", "click", "flama._planning", "flama.docs", "flama.openapi", "flama_compile",
    "json", "jinja2", "libcst", "pydantic", "rich", "starlette", "uvicorn",
}
print(*seen, *sorted(forbidden & set(sys.modules)))
"""


def test_loading_compiles_no_expression_and_reads_no_signature(tmp_path: Path) -> None:
    """Neither does it load the interpreted planner, OpenAPI, Starlette, or the compiler."""
    (tmp_path / "shop.py").write_text(APP, encoding="utf-8")
    run("-m", "flama_compile", "build", "shop:app", "--root", str(tmp_path))
    (tmp_path / "watch.py").write_text(WATCH, encoding="utf-8")
    assert run(str(tmp_path / "watch.py"), str(tmp_path)).split() == []


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
