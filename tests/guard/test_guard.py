"""The compiled hot path must not grow: a cost in bytecode instructions, never in time.

`baseline.json` holds what a request of each kind, and the lookup of GitHub's 203 routes, cost when
they were last measured, for each minor version of Python. A case fails when it costs more than
`ALLOWED` times that. If the growth is wanted, `pytest tests/guard --update-golden` under each
version writes the new figures, which are then reviewed.
"""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
GITHUB = HERE.parent / "benchmarks" / "suite" / "github.py"

ALLOWED = 1.03
"""How much a case may cost, times its baseline."""

ALLOWED_UNKNOWN = 1.25
"""The same for a version of Python without a baseline, against the newest that has one: compilers
of neighbouring versions differ by some per cent."""

CASES = [
    "static path",
    "typed path",
    "typed query",
    "JSON body",
    "component",
    "class view",
    "class view with all",
    "list query",
    "below two mounts",
    "404",
    "405",
    "websocket message",
    "one middleware",
    "all lookups",
    "all misses",
]


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Instructions by case, of applications compiled by this very compiler."""
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copy(HERE / "guarded.py", folder)
    routes = runpy.run_path(str(GITHUB))["GITHUB"]
    (folder / "looked_up.py").write_text(registrations(routes), encoding="utf-8")
    paths = [path.replace("{", "").replace("}", "") for _, path in routes]
    (folder / "paths.json").write_text(json.dumps(paths), encoding="utf-8")
    for app in ("guarded:app", "guarded:behind", "looked_up:app"):
        run("-m", "flama_compile", "build", app, "--root", str(folder))
    counted: dict[str, int] = json.loads(run(str(HERE / "count.py"), str(folder)))
    return counted


def registrations(routes: tuple[tuple[str, str], ...]) -> str:
    """An application with the routes, all of one view."""
    lines = [
        "from flama import Flama, types\n\napp = Flama(schema=None, docs=None)\n\n",
        "async def view(params: types.PathParams):\n    return dict(params)\n\n",
    ]
    lines += [f'app.add_route("{path}", view, methods=["{method}"])\n' for method, path in routes]
    return "\n".join(lines)


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def baseline() -> tuple[dict[str, int], float]:
    """The figures to compare with and how much more is allowed."""
    known: dict[str, dict[str, int]] = json.loads(BASELINE.read_text(encoding="utf-8"))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if here in known:
        return known[here], ALLOWED
    newest = max(known, key=lambda version: [int(part) for part in version.split(".")])
    return known[newest], ALLOWED_UNKNOWN


def test_baseline_is_written_on_demand(costs: dict[str, int], update_golden: bool) -> None:
    """Every case that is counted has a baseline, and nothing else has."""
    if update_golden:
        known = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
        known[f"{sys.version_info.major}.{sys.version_info.minor}"] = costs
        text = json.dumps(dict(sorted(known.items())), indent=2)
        BASELINE.write_text(f"{text}\n", encoding="utf-8")
    assert list(costs) == CASES
    assert list(baseline()[0]) == CASES


@pytest.mark.parametrize("case", CASES)
def test_hot_path_does_not_grow(costs: dict[str, int], case: str) -> None:
    """A request or lookup executes hardly more instructions than when it was last measured."""
    figures, allowed = baseline()
    assert costs[case] <= figures[case] * allowed


def test_counting_is_exact(tmp_path: Path) -> None:
    """One instruction more is seen, or nothing above means anything."""
    script = tmp_path / "counted.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(HERE)!r})\n"
        "from opcodes import executed\n"
        "def less(a): return a\n"
        "def more(a): b = a; return b\n"
        "counts = [executed(lambda: work(1))[__file__] for work in (less, more, less, more)]\n"
        "assert counts[0] == counts[2] and counts[1] == counts[3] and counts[0] < counts[1]\n",
        encoding="utf-8",
    )
    run(str(script))
