"""Which compiler it is: what one remembers is worth nothing to a compiler with other code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import flama_compile
import pytest
from flama_compile.cache import Cache
from flama_compile.emit import emit
from flama_compile.lower import lower
from flama_compile.options import Options
from flama_compile.pipeline import analyse
from flama_compile.verify import memory, verify
from flama_compile.verify.emitted import Emitted
from support.projects import write_files

APP = """
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/{item_id:int}")
async def show(item_id: int):
    return item_id
"""
SCRIPT = "from flama_compile.identity import identity, reader; print(identity(), reader())"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the compiler that tests may change."""
    folder = tmp_path_factory.mktemp("compiler")
    source = Path(flama_compile.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, folder / "flama_compile", ignore=ignored)
    return folder


def told(copy: Path) -> list[str]:
    """What the copy says that it is, and that its reading is."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", SCRIPT]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return ran.stdout.split()


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("verify/witnesses.py", False),
        ("lower/tree.py", False),
        ("emit/matchers.py", False),
        ("link/machine.py", False),
        ("algebra.py", False),
        ("scan/statements.py", True),
        ("ir/facts.py", True),
    ],
)
def test_a_changed_file_makes_another_compiler(copy: Path, name: str, reads: bool) -> None:
    file = copy / "flama_compile" / name
    before, status, text = told(copy), file.stat(), file.read_bytes()
    assert told(copy) == before
    # Of the same length, and with the time of the old one, as some tools unpack packages.
    file.write_bytes(text[:-1] + b" ")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = told(copy)
    file.write_bytes(text)
    assert after[0] != before[0]
    assert (after[1] != before[1]) is reads


def test_another_compiler_verifies_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"main.py": APP})
    table = analyse(Options(tmp_path, "main:app")).table
    assert table is not None
    plan = lower(table)
    module = emit(plan)
    ran: list[str] = []
    real = Emitted.__init__

    def counted(self: Emitted, *rest: object) -> None:
        ran.append("ran")
        real(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Emitted, "__init__", counted)
    for _ in range(2):
        assert verify(table, plan, module, Cache(tmp_path)) is None
    assert len(ran) == 1
    monkeypatch.setattr(memory, "identity", lambda: "another")
    assert verify(table, plan, module, Cache(tmp_path)) is None
    assert len(ran) == 2
