"""Synchronous views: as many threads as they need, and the context of the request."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from typing import Any

import pytest
from flama._threads import WORKERS, run

variable: ContextVar[str] = ContextVar("variable")


def test_views_that_wait_for_each_other_all_get_a_thread() -> None:
    meeting = threading.Barrier(WORKERS, timeout=10)

    async def meet() -> list[Any]:
        return await asyncio.gather(*(run(meeting.wait, (), {}) for _ in range(WORKERS)))

    assert sorted(asyncio.run(meet())) == list(range(WORKERS))


def test_more_views_than_threads_wait_for_their_turn() -> None:
    async def crowd() -> list[Any]:
        return await asyncio.gather(*(run(abs, (-i,), {}) for i in range(WORKERS * 5)))

    assert asyncio.run(crowd()) == list(range(WORKERS * 5))


def test_context_variables_are_seen_and_not_changed() -> None:
    def view() -> str:
        seen = variable.get()
        variable.set("changed in the thread")
        return seen

    async def serve() -> tuple[str, str]:
        variable.set("of the request")
        return await run(view, (), {}), variable.get()

    assert asyncio.run(serve()) == ("of the request", "of the request")


def test_stop_iteration_does_not_hang_the_request() -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(run(next, (iter(()),), {}))


def test_a_cancelled_request_leaves_its_thread_to_others() -> None:
    release = threading.Event()

    async def story() -> int:
        waiting = asyncio.create_task(run(release.wait, (), {}))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        release.set()
        return await run(int, ("7",), {})  # type: ignore[no-any-return]

    assert asyncio.run(story()) == 7
