"""SIGINT and SIGTERM for commands that go on until they are told to end.

An exception that a signal raises can get lost: in a destructor, in a callback from C, in a library
that clears errors. So the first signal is remembered, and everything that waits asks for it; only
where work may be broken off does it raise as well. A second one raises wherever it arrives, and a
third one ends the process as if nobody had asked for it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stop"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether the command was told to end."""

    def __init__(self) -> None:
        self.code: int | None = None
        """128 + the number of the first signal; None as long as there was none."""
        self._times = 0
        self._breakable = False

    def is_set(self) -> bool:
        """Whether a signal has come; watchfiles asks too, so this has an event's name."""
        return self.code is not None

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Take both signals, and give back what took them before.

        They are taken even where they were ignored: a shell lets what it starts in the background
        ignore SIGINT, and somebody who sends it all the same wants an end.
        """
        if threading.current_thread() is not threading.main_thread():
            # Python hands signals to its main thread only, so nobody else can be interrupted.
            yield
            return
        before = {number: signal.signal(number, self._arrived) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                # None: not installed from Python, and not to be put back from it.
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    @contextmanager
    def breakable(self) -> Iterator[None]:
        """Work that the first signal breaks off.

        :raises KeyboardInterrupt: A signal came, before or meanwhile.
        """
        self._breakable = True
        try:
            if self.is_set():
                raise KeyboardInterrupt
            yield
        finally:
            self._breakable = False

    def _arrived(self, number: int, _: FrameType | None) -> None:
        # NOTE: no lock may be taken here, not even an event's: the main thread may hold it.
        self._times += 1
        self.code = self.code or 128 + number
        if self._times > 1:
            signal.signal(number, signal.SIG_DFL)
        if self._times > 1 or self._breakable:
            raise KeyboardInterrupt
