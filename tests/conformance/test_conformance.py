"""Every application of `cases`, interpreted and compiled: each exchange, and both modes alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import APPLICATIONS, REFUSALS
from .compile import build, build_refuses
from .expect import check_http, check_lifespan, check_websocket
from .form import Application, Exchange, HttpExchange, Refusal
from .harness import Transcript, load, perform, start_refuses, write

MODES = ("interpreted", "compiled")

EXCHANGES = [
    pytest.param(application, exchange, mode, id=f"{application.name}: {exchange.name}-{mode}")
    for application in APPLICATIONS
    for exchange in application.exchanges
    for mode in MODES
    if not (isinstance(exchange, HttpExchange) and exchange.only not in ("", mode))
]


class Runs:
    """Runs each application once in each mode, and remembers what happened."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.done: dict[tuple[str, str], Transcript | BaseException] = {}

    def transcript(self, application: Application, mode: str) -> Transcript:
        key = (application.name, mode)
        if key not in self.done:
            try:
                self.done[key] = self._run(application, mode)
            except Exception as error:
                self.done[key] = error
        found = self.done[key]
        if isinstance(found, BaseException):
            raise found
        return found

    def _run(self, application: Application, mode: str) -> Transcript:
        folder = self.root / application.slug
        if not folder.exists():
            write(application, folder)
        target = application.target
        if mode == "compiled":
            target = build(folder, target)
        return perform(application, load(folder, target), mode)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("conformance"))


@pytest.mark.parametrize(("application", "exchange", "mode"), EXCHANGES)
def test_answers_as_specified(
    runs: Runs, application: Application, exchange: Exchange, mode: str
) -> None:
    transcript = runs.transcript(application, mode)
    assert exchange.name in transcript.exchanges, f"start-up failed: {transcript.startup}"
    timeline = transcript.exchanges[exchange.name]
    if isinstance(exchange, HttpExchange):
        check_http(exchange, timeline)
    else:
        check_websocket(exchange, timeline)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda a: a.name)
def test_starts_and_stops_as_specified(runs: Runs, application: Application, mode: str) -> None:
    transcript = runs.transcript(application, mode)
    check_lifespan(
        application.lifespan, transcript.startup, transcript.shutdown, application.run_lifespan
    )


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda a: a.name)
def test_both_modes_are_the_same_program(runs: Runs, application: Application) -> None:
    interpreted = runs.transcript(application, "interpreted")
    compiled = runs.transcript(application, "compiled")
    assert compiled.startup == interpreted.startup
    apart = {
        e.name
        for e in application.exchanges
        if isinstance(e, HttpExchange) and (e.varies or e.only)
    }
    for name, timeline in interpreted.exchanges.items():
        if name not in apart:
            assert compiled.exchanges[name] == timeline, name
    assert compiled.shutdown == interpreted.shutdown


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: r.name)
def test_a_bad_application_does_not_start(tmp_path: Path, refusal: Refusal) -> None:
    folder = tmp_path / "app"
    write(refusal, folder)
    name, message = start_refuses(folder, refusal)
    assert name == refusal.raises, message
    assert refusal.message is None or refusal.message == message, message


@pytest.mark.parametrize(
    "refusal", [r for r in REFUSALS if r.code is not None], ids=lambda r: r.name
)
def test_a_bad_application_is_not_built(tmp_path: Path, refusal: Refusal) -> None:
    folder = tmp_path / "app"
    write(refusal, folder)
    code, stderr = build_refuses(folder, refusal.target)
    assert code == refusal.exit, stderr
    assert f"[{refusal.code}]" in stderr, stderr
    assert "Traceback" not in stderr, stderr
    assert not list(folder.glob("*_compiled.py")), "something was written"
