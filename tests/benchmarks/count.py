"""A fixed number of requests or lookups, to be run under callgrind.

    python count.py PEER WORK_FOLDER CASE|SET MADE ASKED

Makes MADE requests and asks the first ASKED of them, so that two runs with the same MADE differ in
nothing but the requests. A case of the in-process benchmark is served, a set of routes looked up.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import sys

from suite.cases import CASES, Case
from suite.driving import discard, receiver, started
from suite.routesets import requests, route_set

WARM_UP = 200
"""Enough for the interpreter to specialise the code."""


async def serve(peer: str, case: Case, made: int, asked: int) -> None:
    app = getattr(importlib.import_module(f"peers.{peer}"), case.app)()
    receive = receiver(case.body)
    async with started(app):
        scopes = [scope for scope, _ in case.batch(WARM_UP + made, seed=1)]
        for scope in scopes[: WARM_UP + asked]:
            await app(scope, receive, discard)


def main(peer: str, work: str, what: str, made: str, asked: str) -> None:
    sys.path.append(work)
    logging.disable(logging.CRITICAL)
    gc.disable()
    cases = {case.name: case for case in CASES}
    if what in cases:
        asyncio.run(serve(peer, cases[what], int(made), int(asked)))
    else:
        chosen = route_set(what)
        router = importlib.import_module(f"peers.{peer}").lookup(chosen)
        paths = requests(chosen, "all", WARM_UP + int(made), seed=1)
        router.run(paths[: WARM_UP + int(asked)])


if __name__ == "__main__":
    main(*sys.argv[1:])
