"""Signals for commands that go on until they are told to end."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading

import pytest
from flama_compile.cli.stopping import Stop

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_is_remembered_and_the_second_raises(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    stop = Stop()
    with stop.handling():
        signal.raise_signal(number)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        # A third one is nobody's to take.
        assert signal.getsignal(number) is signal.SIG_DFL
    assert stop.code == 128 + number
    assert signal.getsignal(number) is before


def test_the_first_one_names_the_code() -> None:
    stop = Stop()
    with stop.handling():
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert stop.code == 143


def test_work_that_may_be_broken_off_is() -> None:
    stop = Stop()
    with stop.handling():
        with pytest.raises(KeyboardInterrupt), stop.breakable():
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), stop.breakable():
            pytest.fail("told to end before, so it does not begin")


def test_an_exception_that_gets_lost_is_remembered() -> None:
    stop = Stop()
    with stop.handling():
        # Suppressed as in a destructor, or in a library that clears errors.
        with stop.breakable(), contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.is_set()


def test_ignored_signals_are_taken_and_ignored_again() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        stop = Stop()
        with stop.handling():
            signal.raise_signal(signal.SIGINT)
        assert stop.code == 130
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_takes_no_signals() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    seen = []

    def work() -> None:
        with Stop().handling():
            seen.extend(signal.getsignal(number) for number in SIGNALS)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == before


THIRD = """
import signal
from flama_compile.cli.stopping import Stop

with Stop().handling():
    for _ in range(3):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            print("raised", flush=True)
"""


def test_the_third_one_ends_the_process() -> None:
    ran = subprocess.run([sys.executable, "-c", THIRD], capture_output=True, encoding="utf-8")
    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGINT, "raised\n", "")
