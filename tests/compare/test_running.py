"""Pull requests on real source: each witness, sent to both applications as they really run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.projects import Ran, write_files

from .conftest import Repo
from .test_git import FILES, ITEMS, MAIN, SHAPES, USERS

Diff = Callable[..., Ran]

WORKER = Path(__file__).parent / "worker.py"

REGISTER = [f"    app{line}" for line in USERS.split("    app")[1:]]
MORE: list[tuple[str, dict[str, str | None]]] = [
    ("swap", {"shop/users.py": USERS.split("    app")[0] + "".join(REGISTER[::-1])}),
    (
        "shadow",
        {
            "shop/users.py": USERS.replace(
                "    app", '    app.add_route("/{a}/{b}", me)\n    app', 1
            )
        },
    ),
    ("methods", {"shop/items.py": ITEMS.replace('@router.get("/")', '@router.post("/")')}),
    ("swallow", {"shop/main.py": MAIN.replace('mount("/items"', 'mount("/"')}),
    ("no slash", {"shop/items.py": ITEMS.replace('"/{item_id:int}"', '"/{item_id:int}/"')}),
]


def test_witnesses_of_pull_requests_are_true(repo: Repo, diff: Diff, tmp_path: Path) -> None:
    """Base and head are imported by another process, which knows nothing of the comparison."""
    repo.commit("base", FILES)
    base = write_files(tmp_path / "base", {name: text or "" for name, text in FILES.items()})
    asked: list[tuple[str, dict[str, object]]] = []
    orders: list[dict[str, object]] = []
    shapes = [(name, files) for name, files, *_ in SHAPES] + MORE
    for number, (name, files) in enumerate(shapes):
        repo.git("checkout", "-q", "-B", "feature", "main")
        repo.commit(name, files)
        head = tmp_path / f"head{number}"
        repo.git("worktree", "add", "-q", "--detach", str(head), "feature")
        ran = diff("main", "feature", "--format", "json")
        assert ran.code in (0, 1), (name, ran.stderr)
        for finding in json.loads(ran.stdout)["findings"]:
            if finding["witness"] is not None:
                asked.append((name, finding))
                request = finding["witness"]
                orders += [{"folder": str(base), **request}, {"folder": str(head), **request}]
    assert len(asked) > 12
    done = subprocess.run(
        [sys.executable, "-B", str(WORKER)],
        input=json.dumps(orders),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers = iter(json.loads(done.stdout))
    for (name, finding), was, now in zip(asked, answers, answers, strict=True):
        assert was["status"] == status(finding["was"]), (name, finding, was)
        assert now["status"] == status(finding["now"]), (name, finding, now)
        assert was != now, (name, finding)


def status(reply: dict[str, object] | None) -> int:
    """What a claim means on the wire; views of the project answer 200."""
    if reply is None:
        return 404
    return int(str(reply.get("status", 200)))
