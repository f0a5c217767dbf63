"""The benchmark: one command that makes its environments, measures, compares and prints.

    python tests/benchmarks/run.py                      # everything once
    python tests/benchmarks/run.py --runs 3             # three separate runs, for the targets
    python tests/benchmarks/run.py --only request --quick
    python tests/benchmarks/run.py --publish FILE       # figures of a results file into the README

Needs nothing but Python 3.11 on Linux; wrk and valgrind for the sections that use them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from suite import builds, instructions, lookups, requests, servers, starts
from suite.environments import ROOT, Environments, prepare
from suite.machine import machine
from suite.publish import publish
from suite.report import tables, target_table
from suite.rounds import Effort
from suite.sources import prepare_ours
from suite.workers import HERE

PEERS = {
    "lookup": ["compiled", "falcon", "starlette", "litestar", "blacksheep", "sanic", "flama"],
    "request": [
        *("asgi", "compiled", "interpreted", "falcon", "starlette", "fastapi"),
        *("litestar", "blacksheep", "flama"),
    ],
    "server": [
        *("asgi", "compiled", "falcon", "starlette", "fastapi", "litestar", "blacksheep", "flama"),
    ],
    "start": [
        *("compiled", "interpreted", "falcon", "starlette", "fastapi"),
        *("litestar", "blacksheep", "flama"),
    ],
    "build": [],
    "instructions": ["asgi", "compiled", "falcon"],
}

NEEDED = {"asgi", "compiled", "falcon", "starlette"}
"""Ours, and what the targets refer to: all that is measured again in further runs."""

FULL = Effort(generations=3, rounds=4, milliseconds=8, starts=4, builds=2, seconds=2)
QUICK = Effort(generations=1, rounds=3, milliseconds=5, starts=2, builds=1, seconds=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 when a target is missed."""
    options = parser().parse_args(arguments)
    if options.publish:
        publish(json.loads(options.publish.read_text(encoding="utf-8")))
        return 0
    environments = prepare(options.environments, options.python, options.flama_python)
    described = machine(environments.ours)
    print("\n".join(f"{name}: {value}" for name, value in described.items()), flush=True)
    sections = options.only or list(PEERS)
    runs: list[dict[str, Any]] = []
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = options.output or HERE / "results" / f"{stamp}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    for number in range(options.runs):
        print(f"\n# run {number + 1} of {options.runs}\n", flush=True)
        run: dict[str, Any] = {"machine": described}
        runs.append(run)
        work = options.environments / "work"
        work.mkdir(parents=True, exist_ok=True)
        if not options.peers or "compiled" in options.peers:
            sets = {*(lookups.SETS if "lookup" in sections else ())}
            sets |= instructions.LOOKUPS if "instructions" in sections else set()
            if sets or {"request", "server"} & set(sections):
                prepare_ours(environments.ours, work, sorted(sets))
        for section in sections:
            print(f"{section} …", file=sys.stderr, flush=True)
            if number and section == "instructions":
                continue  # the same in every run
            run[section] = measure(section, environments, work, options, again=number > 0)
            target.write_text(json.dumps(runs, indent=1), encoding="utf-8")
        print(tables(run), flush=True)
    print(f"\n# targets\n\n{target_table(runs)}\n\nwritten to {target}")
    return 0 if "✗" not in target_table(runs) else 1


def measure(
    section: str, environments: Environments, work: Path, options: argparse.Namespace, again: bool
) -> Any:
    """One section of one run; `again` after the first."""
    effort = QUICK if options.quick else FULL
    peers = [peer for peer in PEERS[section] if not options.peers or peer in options.peers]
    if again and not options.all_peers:
        peers = [peer for peer in peers if peer in NEEDED]
    if section == "build":
        return builds.measure(environments, work, effort)
    if section == "instructions":
        return instructions.measure(peers, environments, work)
    module = {"lookup": lookups, "request": requests, "server": servers, "start": starts}[section]
    return module.measure(peers, environments, work, effort)


def parser() -> argparse.ArgumentParser:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    made.add_argument("--runs", type=int, default=1, help="separate runs (1)")
    made.add_argument(
        "--all-peers", action="store_true", help="measure every peer in every run, not in the first"
    )
    made.add_argument(
        "--only", action="append", choices=list(PEERS), help="a section; may be repeated"
    )
    made.add_argument("--peers", nargs="+", help="only these peers; the references are needed")
    made.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    made.add_argument(
        "--environments",
        type=Path,
        default=cache / "flama-benchmarks",
        metavar="DIR",
        help="where virtual environments and generated projects live (%(default)s)",
    )
    made.add_argument("--python", type=Path, help="interpreter of a ready environment of the peers")
    made.add_argument("--flama-python", type=Path, help="the same of the real Flama")
    made.add_argument("--output", type=Path, help="the JSON file (results/<time>.json here)")
    made.add_argument(
        "--publish", type=Path, metavar="JSON", help="put these results into README.md and stop"
    )
    return made


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
