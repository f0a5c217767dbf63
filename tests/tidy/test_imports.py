"""Who may import whom. The arrows stand in `compiler/ARCHITECTURE.md`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPILER = ROOT / "compiler" / "flama_compile"
RUNTIME = ROOT / "runtime" / "flama"

PASSES = ("scan", "link", "check", "lower", "emit")
FRONT = ("cli", "__main__")


def modules(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever the statement stands, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            assert node.module is not None
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def offenders(files: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files
        for name, line in imports(path)
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    ]


def part(path: Path) -> str:
    """The pass or module of the compiler that a file belongs to."""
    return path.relative_to(COMPILER).parts[0].removesuffix(".py")


def test_the_runtime_knows_nothing_of_the_compiler() -> None:
    forbidden = ("flama_compile", "libcst", "black", "click", "rich")
    assert not offenders(modules(RUNTIME), forbidden)


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("libcst", ("scan",)),
        ("black", ("emit",)),
        ("click", FRONT),
        ("rich", ("cli", "report")),
        ("watchfiles", FRONT),
        ("uvicorn", FRONT),
        ("starlette", ()),
    ],
)
def test_a_library_has_one_home(package: str, allowed: tuple[str, ...]) -> None:
    files = [path for path in modules(COMPILER) if part(path) not in allowed]
    assert not offenders(files, (package,))


@pytest.mark.parametrize("name", PASSES)
def test_passes_do_not_import_each_other(name: str) -> None:
    others = tuple(f"flama_compile.{other}" for other in PASSES if other != name)
    assert not offenders([path for path in modules(COMPILER) if part(path) == name], others)


def test_only_the_front_and_the_pipeline_put_passes_together() -> None:
    passes = tuple(f"flama_compile.{name}" for name in PASSES)
    allowed = (*PASSES, "cli", "pipeline", "verify", "compare")
    files = [path for path in modules(COMPILER) if part(path) not in allowed]
    assert not offenders(files, passes)


def test_data_knows_no_pass() -> None:
    files = [path for path in modules(COMPILER) if part(path) in ("ir", "diagnostics", "source")]
    passes = tuple(f"flama_compile.{name}" for name in PASSES)
    assert not offenders(files, (*passes, "flama_compile.cli", "flama_compile.pipeline"))


def test_nothing_imports_the_front() -> None:
    files = [path for path in modules(COMPILER) if part(path) not in FRONT]
    assert not offenders(files, ("flama_compile.cli",))


def test_the_compiler_takes_only_the_grammar_and_the_contract_from_the_runtime() -> None:
    allowed = ("flama.paths", "flama.dispatch", "flama.loading", "flama._fingerprint")
    wrong = []
    for path in modules(COMPILER):
        for name, line in imports(path):
            inside = name == "flama" or name.startswith("flama.")
            if inside and not any(name == one or name.startswith(f"{one}.") for one in allowed):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    # `verify` replays requests on the live application, in a process of its own.
    assert not [one for one in wrong if "/verify/" not in one and one.split(" ")[-1] != "flama"]


_READERS = {"workspace.py", "gittree.py", "cache.py", "output.py", "identity.py"}


def test_files_are_read_and_written_in_few_places() -> None:
    """`open`, `read_text` and the like stand only where the design says."""
    words = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    wrong = []
    for path in modules(COMPILER):
        if path.name in _READERS or part(path) in ("cli", "verify"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                if name in words:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} calls {name}")
    assert not wrong
