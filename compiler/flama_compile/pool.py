"""Processes that scan, started where there is enough to do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import ForkProcess

from flama_compile.library import WAITING, Scan, packed

__all__ = ["Pool"]


class Pool:
    """Scans by several processes; never missed where there can be none."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._executor: ProcessPoolExecutor | None = None
        self._broken = (os.cpu_count() or 1) < 2 or sys.platform != "linux"

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._executor is None:
            return
        if kind is not None:
            # Nobody will read what they are at.
            for process in multiprocessing.active_children():
                if isinstance(process, ForkProcess):
                    process.terminate()
        self._executor.shutdown(cancel_futures=kind is not None)

    def run(self, sources: list[bytes]) -> Iterator[bytes | None]:
        """Packed facts of each source in turn; None where the caller has to scan it by itself."""
        done = 0
        if not self._broken and (self._executor is not None or not _threads()):
            try:
                executor = self._executor or self._started()
                chunk = max(1, min(len(sources) // 16, 16))
                jobs = [(self._scan, data) for data in sources]
                for entry in executor.map(_scan_packed, jobs, chunksize=chunk):
                    yield entry
                    done += 1
            except (BrokenProcessPool, OSError):
                # No semaphores, no memory for a process: scan here.
                self._broken = True
        for _ in range(done, len(sources)):
            yield None

    def _started(self) -> ProcessPoolExecutor:
        # PERF: what a scan imports is imported once, here, and not by each process again.
        self._scan(b"")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            workers = min(os.cpu_count() or 1, 8)
            context = multiprocessing.get_context("fork")
            self._executor = ProcessPoolExecutor(workers, context, _leave_signals)
            # All processes are forked at the first job, while the warning is off.
            self._executor.submit(_nothing).result()
        return self._executor


def _threads() -> bool:
    """Whether a fork could copy a lock that another thread holds, and never return.

    Once all processes run, no more are forked, so the threads that the pool itself has started do
    no harm.
    """
    here = threading.current_thread()
    return any(one is not here and one.name != WAITING for one in threading.enumerate())


def _leave_signals() -> None:
    """Ctrl-C reaches all processes of a terminal: the first ends the others, without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _nothing() -> None:
    """A job."""


def _scan_packed(job: tuple[Scan, bytes]) -> bytes | None:
    scan, data = job
    return packed(scan(data))
