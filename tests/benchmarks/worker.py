"""One peer in a process of its own. Reads commands as JSON lines, answers each with a JSON line.

    python worker.py PEER WORK_FOLDER

Peers in separate processes do not share heaps or specialised code, and real Flama, which has our
import name, is measured like all others.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import logging
import os
import random
import sys
import time
from importlib.metadata import version
from typing import Any

from suite.cases import CASES
from suite.driving import check, echo, serve, started
from suite.lookup import Lookup
from suite.routesets import request_for, requests, route_set

CHECKED = 100
"""Routes that are looked up for comparison in a set of more than 1,000; else all are."""

WARM = 3
"""Lookups before each one that is timed: making requests has filled the processor's caches."""

BY_NAME = {case.name: case for case in CASES}


class Worker:
    """The state of one peer: applications and routers made so far."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.module = importlib.import_module(f"peers.{peer}")
        self.running = contextlib.AsyncExitStack()
        self.apps: dict[str, Any] = {}
        self.lookups: dict[str, Lookup] = {}

    async def app(self, kind: str) -> Any:
        """The started application of a kind: `plain` or `middleware`."""
        if kind not in self.apps:
            app = getattr(self.module, kind)()
            await self.running.enter_async_context(started(app))
            self.apps[kind] = app
        return self.apps[kind]

    def lookup(self, name: str) -> Lookup:
        """The router filled with a set of routes."""
        if name not in self.lookups:
            self.lookups[name] = self.module.lookup(route_set(name))
        return self.lookups[name]

    async def versions(self) -> dict[str, str]:
        return {package: version(package) for package in self.module.PACKAGES}

    async def check(self, case: str) -> list[str]:
        chosen = BY_NAME[case]
        return await check(await self.app(chosen.app), chosen, self.peer)

    async def serve(self, case: str, count: int, seed: int) -> int:
        chosen = BY_NAME[case]
        return await serve(await self.app(chosen.app), chosen, count, seed)

    async def check_echo(self) -> list[str]:
        await echo(await self.app("plain"), 10, verify=True)
        return []

    async def echo(self, count: int) -> int:
        return await echo(await self.app("plain"), count)

    async def check_lookup(self, routes: str) -> list[str]:
        """How answers differ from the route and the values that each request was made of."""
        lookup = self.lookup(routes)
        chosen = route_set(routes)
        source = random.Random(routes)
        numbers = range(len(chosen.routes))
        checked = len(numbers) if len(numbers) <= 1000 else CHECKED
        problems = []
        for number in source.sample(numbers, min(len(numbers), checked)):
            method, template = chosen.routes[number]
            path = request_for(template, source)
            pairs = zip(template.split("/"), path.split("/"), strict=True)
            wanted = {name[1:-1]: value for name, value in pairs if name.startswith("{")}
            found = lookup.find(method, path)
            if found is None or found[0] != number or dict(found[1]) != wanted:
                problems.append(f"{method} {path}: {found}, not {(number, wanted)}")
        for method, path in requests(chosen, "miss", 50, seed=0):
            if lookup.find(method, path) is not None:
                problems.append(f"{method} {path} is found")
        return problems[:5]

    async def find(self, routes: str, part: str, count: int, seed: int) -> int:
        """Nanoseconds of CPU time of `count` lookups."""
        lookup = self.lookup(routes)
        asked = requests(route_set(routes), part, count, seed)
        others = requests(route_set(routes), part, count * WARM, -seed)
        gc.collect()
        gc.freeze()  # what is there now is looked at no more, neither in the loop nor next time
        lookup.run(others)
        begin = time.thread_time_ns()
        lookup.run(asked)
        return time.thread_time_ns() - begin


async def main(peer: str, work: str) -> None:
    logging.disable(logging.CRITICAL)
    sys.path.append(work)
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a peer prints goes to stderr
    worker = Worker(peer)
    async with worker.running:
        for line in sys.stdin:
            command, arguments = json.loads(line)
            print(json.dumps(await getattr(worker, command)(**arguments)), file=replies, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
