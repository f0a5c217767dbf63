"""Runs every Markdown case below this folder; the only code here that knows the compiler.

`pytest tests/golden --update-golden` rewrites the expected blocks; read the diff afterwards.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flama_compile.ir.text import facts_text, plan_text, routes_text
from flama_compile.lower import lower
from flama_compile.manifest import dump
from flama_compile.options import Options, parse_settings
from flama_compile.pipeline import Analysis, analyse
from flama_compile.report.text import render
from flama_compile.scan import scan
from support.markdown import Block, Case, read_cases, update
from support.projects import write_files

KINDS = ("facts", "routes", "diagnostics", "plan", "manifest")
HERE = Path(__file__).parent
CASES = [case for source in sorted(HERE.rglob("*.md")) for case in read_cases(source, KINDS)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path, update_golden: bool) -> None:
    write_files(tmp_path, case.files)
    settings = parse_settings(case.files.get("pyproject.toml", ""))
    analysis = analyse(Options(tmp_path, case.app, settings, cache=False))
    made = [(block, _text(block, case, analysis)) for block in case.blocks]
    wrong = [(block, text) for block, text in made if block.text != text]
    if update_golden and wrong:
        # Places move with every rewrite, so blocks are found again in the file as it is now.
        current = next(again for again in read_cases(case.source, KINDS) if again.name == case.name)
        update(case.source, list(zip(current.blocks, [text for _, text in made], strict=True)))
        return
    for block, text in wrong:
        assert text == block.text, f"{block.kind} differs"


def _text(block: Block, case: Case, analysis: Analysis) -> str:
    match block.kind:
        case "facts":
            file = block.argument or "app.py"
            return facts_text(scan(case.files[file].encode()))
        case "diagnostics":
            return render(analysis.diagnostics, analysis.source)
        case _ if analysis.table is None:
            return "no table\n"
        case "routes":
            return routes_text(analysis.table)
        case "plan":
            return plan_text(lower(analysis.table))
        case "manifest":
            return dump(analysis.table)
        case kind:
            raise ValueError(f"no such output: {kind}")


def test_there_are_cases_for_every_pass() -> None:
    folders = {case.source.parent.name for case in CASES}
    assert {"scan", "link", "check", "lower"} <= folders
