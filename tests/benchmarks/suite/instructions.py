"""Machine instructions by `valgrind --tool=callgrind`: a second witness that noise cannot touch.

Two runs that make the same requests and ask different numbers of them are subtracted, so that
nothing but the requests is left.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from suite.environments import Environments
from suite.requests import FLOOR
from suite.rounds import progress
from suite.workers import HERE, environment

__all__ = ["CASES", "PEERS", "measure"]

PEERS = ("asgi", "compiled", "falcon")
CASES = ("ids", "query", "body", "404", "405", "github", "rest-200", "rest-10000")
OURS_ALONE = frozenset({"rest-200", "rest-10000"})
"""Filling another router with 10,000 routes takes minutes under valgrind."""
LOOKUPS = OURS_ALONE | {"github"}
FEW, MANY = 100, 1100


def measure(peers: list[str], environments: Environments, work: Path) -> dict[str, Any]:
    """`{case: {peer: {"instructions": n, "ratio": to the floor, or to Falcon for lookups}}}`.

    Raises `FileNotFoundError` when valgrind is not installed.
    """
    if shutil.which("valgrind") is None:
        raise FileNotFoundError("valgrind is not installed: apt-get install valgrind")
    result: dict[str, Any] = {}
    for case in CASES:
        counts: dict[str, float] = {}
        for peer in [peer for peer in PEERS if peer in peers]:
            if (case in LOOKUPS and peer == FLOOR) or (case in OURS_ALONE and peer != "compiled"):
                continue
            progress(["callgrind", case, peer])
            python = environments.of(peer)
            few, many = (collected(python, peer, work, case, count) for count in (FEW, MANY))
            counts[peer] = (many - few) / (MANY - FEW)
        reference = counts.get("falcon" if case in LOOKUPS else FLOOR)
        result[case] = {
            peer: {"instructions": count, "ratio": count / reference if reference else None}
            for peer, count in counts.items()
        }
    return result


def collected(python: Path, peer: str, work: Path, case: str, count: int) -> int:
    """Instructions of one process."""
    command = [str(python), str(HERE / "count.py"), peer, str(work), case, str(MANY), str(count)]
    subprocess.run(command, check=True, env=environment())  # writes the .pyc files
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        check=True,
        capture_output=True,
        text=True,
        env=environment(PYTHONMALLOC="pymalloc"),
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr[-2000:])
    return int(found[1])
