"""Random projects: no static table is ever wrong, and most are exact.

`CORPUS_PROJECTS=2000` runs more of them, `CORPUS_FIRST=n` begins at another seed. A failure names
its seed and shows the smallest project that still fails.
"""

from __future__ import annotations

import itertools
import os

from corpus.generator import generate, shrink
from corpus.judged import Bench, Judgement, bench
from corpus.projects import Project

FIRST = int(os.environ.get("CORPUS_FIRST", "0"))
NUMBER = int(os.environ.get("CORPUS_PROJECTS", "100"))


def test_the_same_seed_gives_the_same_project() -> None:
    assert generate(11) == generate(11)
    assert generate(11).files != generate(12).files


def test_leaving_pieces_out_changes_nothing_else() -> None:
    whole, less = generate(3), generate(3, {0})
    assert whole.files != less.files
    assert whole.app == less.app


def test_shrinking_keeps_only_what_fails() -> None:
    seed = next(
        seed
        for seed in itertools.count()
        if b"enumerate(" in b"".join(generate(seed).files.values())
    )
    small = shrink(seed, lambda project: b"enumerate(" in b"".join(project.files.values()))
    text = b"".join(small.files.values())
    assert b"enumerate(" in text
    assert len(text) < len(b"".join(generate(seed).files.values()))


def test_static_tables_of_random_projects_are_live() -> None:
    claimed = exact = 0
    with bench() as at:
        for seed in range(FIRST, FIRST + NUMBER):
            judgement = at.judge(generate(seed))
            if _problem(judgement):
                raise AssertionError(_story(at, seed))
            claimed += sum(agreement.claimed for agreement in judgement.agreements)
            exact += judgement.exact
    assert claimed > 3 * NUMBER, "random projects have routes"
    # NOTE: about a third of the projects hold something that only the run knows.
    assert exact >= NUMBER // 2, f"{exact} of {NUMBER} projects were exact"


def _problem(judgement: Judgement) -> str:
    """Why a judgement is a failure; "" if it is none."""
    if judgement.import_errors:
        return "the project cannot be imported:\n" + judgement.import_errors[0]
    if judgement.table is None:
        return "no table:\n" + "\n".join(judgement.errors)
    if judgement.differences:
        return "the static table is wrong:\n" + "\n".join(judgement.differences)
    if len(judgement.project.worlds) == 1 and not judgement.table.exact:
        return f"nothing depends on the run, but there are sites: {judgement.sites}"
    return ""


def _story(at: Bench, seed: int) -> str:
    numbers = itertools.count()

    def judged(project: Project) -> Judgement:
        folder = at.root / f"shrunk-{seed}-{next(numbers)}"
        for name, content in project.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return at.judge_folder(project, folder)

    kind = _problem(judged(generate(seed))).partition(":")[0]
    small = shrink(seed, lambda project: _problem(judged(project)).startswith(kind))
    files = "\n".join(
        f"--- {name}\n{content.decode()}" for name, content in small.files.items() if content
    )
    return f"seed {seed}: {_problem(judged(small))}\n{files}"
