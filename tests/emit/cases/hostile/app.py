"""Paths, names and methods that would break a careless emitter."""

from __future__ import annotations

from flama import Flama

app = Flama(schema=None, docs=None)


async def view(): ...


async def list(): ...


async def take(scope: str, view: int, errors: int = 1): ...


async def number(segments: int, UUID: str): ...


app.add_route("/it's", view, name="quote")
app.add_route('/say-"hi"', view, name='"')
app.add_route('/"""', view, name="docstring")
app.add_route("/back\\slash\\", view, name="back\\slash")
app.add_route("/new\nline", view, name="new\nline")
app.add_route("/naïve/日本語/{x}", view, name="日本語")
app.add_route("/a b/{x}", view, name="a b")
app.add_route("/%7B%7D", view, name="?")
app.add_route("/match", list, methods=["M-SEARCH", "GET", "rest", "class"], name="-")
app.add_route("/class/def/None", list, name="")
app.add_route("/take/{scope}/{view:int}", take)
app.add_route("/number/{segments:int}/{UUID}", number)
app.add_route("/" + "/".join(f"{{segment{n}}}" for n in range(9)), view, name="long")
app.add_route("/" + "/".join(f"deep{n}" for n in range(60)) + "/{x}", view, name="deep")
