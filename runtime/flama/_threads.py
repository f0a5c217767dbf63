"""Synchronous views in worker threads, with the context variables of the request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

__all__ = ["run"]

WORKERS = 40
"""As many as anyio, and so Starlette, gives a process."""

_pool: ThreadPoolExecutor | None = None


async def run(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The result of a synchronous function, called in a worker thread.

    PERF: half the time of `anyio.to_thread.run_sync`, which also serves loops other than asyncio's.
    """
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="flama")
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        _pool, copy_context().run, _without_stop_iteration, function, args, kwargs
    )


def _without_stop_iteration(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    try:
        return function(*args, **kwargs)
    except StopIteration as error:
        # A future cannot hold it: the request would wait for ever.
        raise RuntimeError("the view raised StopIteration") from error
