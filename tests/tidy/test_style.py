"""Formatting, lint, types and sizes: the same command checks them as checks behaviour."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKED = ["compiler", "runtime", "tests", "examples"]
CEILING = 400
PACKAGES = {"flama_compile": ROOT / "compiler", "flama": ROOT / "runtime"}


def run(*command: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_ruff() -> None:
    run("ruff", "check", "--no-cache", *CHECKED)


def test_black() -> None:
    run("black", "--check", "--quiet", *CHECKED)


def test_mypy(tmp_path: Path) -> None:
    run(
        "mypy",
        "--cache-dir",
        str(tmp_path),
        "compiler/flama_compile",
        "runtime/flama",
    )


def sources() -> list[Path]:
    return sorted(path for folder in PACKAGES.values() for path in folder.rglob("*.py"))


def test_files_are_short_or_say_why() -> None:
    """Above the ceiling, the module docstring or the comment below it explains the length."""
    wrong = []
    for path in sources():
        lines = path.read_text(encoding="utf-8").count("\n")
        head = "\n".join(path.read_text(encoding="utf-8").split("\n")[:40])
        if lines > CEILING and f"above {CEILING} lines" not in head.replace("\n# ", " "):
            wrong.append(f"{path.relative_to(ROOT)} has {lines} lines")
    assert not wrong


def test_every_module_says_what_it_does() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    # NOTE: the runtime's root module is its public face; its docstring would be `help(flama)`.
    assert not missing


def test_public_functions_and_classes_are_documented() -> None:
    missing = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        public = _exported(tree)
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and node.name in public
                and not ast.get_docstring(node)
                and not _is_plain_record(node)
            ):
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not missing


def _exported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            value = node.value
            if isinstance(target, ast.Name) and target.id == "__all__":
                names |= set(ast.literal_eval(value))
    return names


def _is_plain_record(node: ast.stmt) -> bool:
    """A named tuple of facts: its fields say all there is."""
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id == "NamedTuple" for base in node.bases
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_future_annotations_come_first(package: str) -> None:
    folder = PACKAGES[package] / package
    late = [
        str(path.relative_to(ROOT))
        for path in sorted(folder.rglob("*.py"))
        if "import" in path.read_text("utf-8")
        and path.name != "__main__.py"
        and "from __future__ import annotations" not in path.read_text("utf-8")
    ]
    assert not late


def test_nothing_is_silenced_without_a_reason() -> None:
    """`except ...: pass` hides faults; a comment beside a `continue` or `return` says why not."""
    wrong = []
    for path in sources():
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler) and [type(one) for one in node.body] == [
                ast.Pass
            ]:
                block = text.split("\n")[node.lineno - 1 : node.end_lineno]
                if not any("#" in line for line in block):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong
