"""Precision, recall and abstention of the corpus, as its README publishes them.

python -m corpus.figures            # from tests/: prints the table
python -m corpus.figures --update   # writes it, and the live tables of all projects
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from corpus.agreement import Agreement
from corpus.judged import Judgement, bench
from corpus.projects import HERE, applications, cases

__all__ = ["README", "figures", "published", "update"]

README = HERE / "README.md"
_MARKED = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end -->)", re.DOTALL)
_ROUTES = re.compile(r"^```routes\n.*?^```\n?", re.MULTILINE | re.DOTALL)


def figures(judgements: Iterable[Judgement]) -> str:
    """A Markdown table: one row for small projects, one for applications, one for all.

    Every route and mount is counted once for each environment that its project is imported in.
    Precision is the share of the entries of static tables that are live and equal; recall the
    share of live entries that were found; abstention the share of live entries that stand at
    dynamic sites, where nothing is claimed.
    """
    every = [one for one in judgements if one.project.python <= (3, 11)]
    small = [one for one in every if one.project.source and one.project.source.suffix == ".md"]
    large = [one for one in every if one not in small]
    lines = [
        "| projects | number | exact | wrong tables | precision | recall | abstention |\n",
        "|---|---|---|---|---|---|---|\n",
        _line("small", small),
        _line("applications", large),
        _line("all", every),
    ]
    return "".join(lines)


def _line(name: str, judgements: list[Judgement]) -> str:
    total = Agreement()
    for judgement in judgements:
        for agreement in judgement.agreements:
            total.add(agreement)
    exact = sum(judgement.exact for judgement in judgements)
    wrong = sum(bool(judgement.differences) for judgement in judgements)
    cells = [
        name,
        str(len(judgements)),
        str(exact),
        str(wrong),
        f"{_share(total.right, total.claimed)} ({total.right} of {total.claimed})",
        f"{_share(total.right, total.live)} ({total.right} of {total.live})",
        f"{_share(total.abstained, total.live)} ({total.abstained} of {total.live})",
    ]
    return f"| {' | '.join(cells)} |\n"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def published(readme: str) -> str:
    """The table between the marks of the README."""
    found = _MARKED.search(readme)
    if found is None:
        raise ValueError("the README has no marks for the figures")
    return found[0]


def update() -> str:
    """Write the figures into the README and the live tables into the projects."""
    with bench() as at:
        judgements = list(at.judge_all([*cases(), *applications()]))
    for judgement in judgements:
        _keep_listing(judgement)
    table = figures(judgements)
    text = README.read_text(encoding="utf-8")
    README.write_text(_MARKED.sub(lambda _: table, text), encoding="utf-8")
    return table


def _keep_listing(judgement: Judgement) -> None:
    source = judgement.project.source
    if source is None or not judgement.listing:
        return
    if source.is_dir():
        (source / "routes.txt").write_text(judgement.listing, encoding="utf-8")
        return
    text = source.read_text(encoding="utf-8")
    block = f"```routes\n{judgement.listing}```\n"
    kept = _ROUTES.sub(lambda _: block, text) if _ROUTES.search(text) else f"{text}\n{block}"
    source.write_text(kept, encoding="utf-8")


def main() -> None:
    if "--update" in sys.argv[1:]:
        sys.stdout.write(update())
        return
    with bench() as at:
        sys.stdout.write(figures(at.judge_all([*cases(), *applications()])))


if __name__ == "__main__":
    main()
