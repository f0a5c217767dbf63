"""Compiled and interpreted, every project answers the same questions in the same way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.generator import generate
from corpus.judged import Bench, bench
from corpus.projects import Project, applications, cases

PROJECTS = [*cases(), *applications()]


@pytest.fixture(scope="module")
def at() -> Iterator[Bench]:
    with bench() as found:
        yield found


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_compiled_projects_answer_as_interpreted_ones(project: Project, at: Bench) -> None:
    judgement = at.judge(project)
    if not project.importable:
        assert project.python > (3, 11), "only new syntax excuses an import"
        return
    assert judgement.table is not None, judgement.errors
    differences = at.replay(judgement)
    assert not differences, "\n".join(differences)


def test_compiled_random_projects_answer_as_interpreted_ones(at: Bench) -> None:
    sites = 0
    for seed in range(40):
        judgement = at.judge(generate(seed))
        differences = at.replay(judgement)
        assert not differences, f"seed {seed}:\n" + "\n".join(differences)
        sites += len(judgement.sites)
    assert sites > 5, "some of them have dynamic sites"
