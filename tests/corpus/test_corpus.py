"""Every project of the corpus: what the source tells is what the application registers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.figures import README, figures, published
from corpus.judged import Judgement, bench
from corpus.projects import Project, applications, cases

CASES = cases()
APPLICATIONS = applications()


@pytest.fixture(scope="module")
def judgements() -> Iterator[dict[str, Judgement]]:
    """All projects, judged once."""
    with bench() as at:
        yield {
            judgement.project.name: judgement for judgement in at.judge_all([*CASES, *APPLICATIONS])
        }


@pytest.fixture(params=[*CASES, *APPLICATIONS], ids=lambda project: project.name)
def judgement(request: pytest.FixtureRequest, judgements: dict[str, Judgement]) -> Judgement:
    project: Project = request.param
    return judgements[project.name]


def test_projects_can_be_imported(judgement: Judgement) -> None:
    assert not judgement.import_errors, judgement.import_errors[0]


def test_live_tables_are_the_ones_that_were_read_and_kept(judgement: Judgement) -> None:
    if not judgement.project.importable:
        assert judgement.project.python > (3, 11), "only new syntax excuses an import"
        return
    assert judgement.listing == judgement.project.routes


def test_static_tables_hold_in_every_world(judgement: Judgement) -> None:
    assert judgement.table is not None, judgement.errors
    assert not judgement.differences, "\n".join(judgement.differences)


@pytest.mark.parametrize(
    ("project", "handler", "expected"),
    [
        pytest.param(project, *line.split(maxsplit=1), id=line.split()[0])
        for project in CASES
        for line in project.parameters.splitlines()
    ],
)
def test_parameters_have_the_types_that_they_were_given(
    project: Project, handler: str, expected: str, judgements: dict[str, Judgement]
) -> None:
    assert judgements[project.name].parameters(handler) == expected


def test_declared_sites_are_found_and_no_others(judgement: Judgement) -> None:
    found = [(file, line) for file, line, _ in judgement.sites]
    expected = sorted({(file, line) for file, line, _ in judgement.project.sites})
    assert found == expected, judgement.sites


def test_projects_compile_without_errors_but_for_dynamic_sites(judgement: Judgement) -> None:
    undeclared = {f"{file}:{line}:" for file, line, _ in judgement.project.sites}
    rest = [text for text in judgement.errors if not any(text.startswith(at) for at in undeclared)]
    assert not rest


def test_the_corpus_is_large_and_varied() -> None:
    assert len(CASES) >= 60
    assert len(APPLICATIONS) >= 6
    for project in APPLICATIONS:
        modules = [name for name in project.files if name.endswith(".py")]
        assert 10 <= len(modules) <= 60, project.name
    texts = {text for project in CASES for text in project.files.values() if len(text) > 200}
    assert len(texts) > len(CASES), "no two cases share a skeleton"


def test_the_published_figures_are_current(judgements: dict[str, Judgement]) -> None:
    assert published(README.read_text(encoding="utf-8")) == figures(judgements.values())
