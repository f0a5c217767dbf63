"""The README does what it says: its commands run, its picture is what is generated."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flama_compile.cli.group import COMMANDS
from flama_compile.options import parse_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, heading: str = "") -> list[str]:
    """Fenced blocks of a language, below a heading if one is given."""
    text = README
    if heading:
        start = text.index(f"\n## {heading}\n") + 1
        end = text.find("\n## ", start)
        text = text[start : end if end > 0 else None]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the repository to the commands, with unbuilt examples."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("*_compiled.py", "*.routes", "__pycache__", ".flama_cache")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=ignored)
    return folder


def environment() -> dict[str, str]:
    """One in which `flama-compile` and `uvicorn` are those of this interpreter."""
    folder = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def run(checkout: Path, command: str) -> None:
    ran = subprocess.run(
        shlex.split(command),
        cwd=checkout,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def served(checkout: Path, command: str) -> Iterator[str]:
    """The base URL of a server that a command of the README starts."""
    port = free_port()
    process = subprocess.Popen(
        [*shlex.split(command), "--port", str(port)],
        cwd=checkout,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if process.poll() is not None:
                break
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{url}/health/", timeout=1)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_build_and_serve(checkout: Path) -> None:
    build, serve = (block.strip() for block in blocks("sh", "Build and serve"))
    run(checkout, build)
    assert (checkout / "examples" / "shop" / "main_compiled.py").is_file()
    assert (checkout / "examples" / "shop" / "main.routes").is_file()
    with served(checkout, serve) as url:
        assert httpx.get(f"{url}/health/").json() == {"status": "open"}
        assert httpx.get(f"{url}/items/1/").json()["name"] == "kettle"


def inline(start: str) -> str:
    found = re.search(rf"`({start}[^`]*)`", README)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "start", ["flama-compile run shop.main:app", "uvicorn --app-dir examples shop.main:app"]
)
def test_other_ways_to_serve(checkout: Path, start: str) -> None:
    with served(checkout, inline(start)) as url:
        assert httpx.get(f"{url}/admin/reports/stock/").json()["lamp"] == 39


def test_the_picture_is_what_is_generated(checkout: Path) -> None:
    run(checkout, "flama-compile build views:app --root examples")
    generated = (checkout / "examples" / "views_compiled.py").read_text(encoding="utf-8")
    (picture,) = blocks("python")
    for part in picture.split("# …"):
        assert part.strip() in generated


def test_the_set_up_is_two_commands_that_name_real_things() -> None:
    (block,) = blocks("sh", "Set up")
    venv, install = block.splitlines()
    assert "-m venv" in venv
    words = shlex.split(install)
    assert words[:2] == ["pip", "install"]
    assert (ROOT / words[words.index("-r") + 1]).is_file()
    editable = [words[place + 1] for place, word in enumerate(words) if word == "-e"]
    assert len(editable) == 2
    for target in editable:
        path, _, extras = target.rstrip("]").partition("[")
        project = tomllib.loads((ROOT / path / "pyproject.toml").read_text())["project"]
        assert set(extras.split(",")) <= set(project["optional-dependencies"])


def test_the_test_command_is_the_one_of_ci() -> None:
    (block,) = blocks("sh", "Test")
    assert block.split()[0] == "pytest"
    script = (ROOT / ".ci" / "run").read_text()
    assert 'readme "Set up"' in script
    assert 'readme "Test"' in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_command_is_described() -> None:
    for name in COMMANDS:
        assert re.search(rf"`(flama-compile )?{name}\b", README), name


def test_the_settings_that_are_shown_are_valid() -> None:
    for block in blocks("toml"):
        parse_settings(block)


def test_the_container_gets_only_the_runtime() -> None:
    (text,) = blocks("dockerfile")
    final = text.split("FROM ")[-1]
    installed = [words.split()[-1] for words in re.findall(r"pip install (.*)", final)]
    assert installed == ["flama-runtime"]
    assert "flama-compile" not in final


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("http") or (ROOT / target.partition("#")[0]).exists(), target
    for target in re.findall(r"`((?:compiler|runtime|tests|examples)/[\w./-]+)`", README):
        assert (ROOT / target).exists(), target


def test_the_architecture_names_every_module() -> None:
    text = (ROOT / "compiler" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w*]+)(?:\.py|/)`", text))
    patterns = {name.removesuffix("*") for name in named if name.endswith("*")}
    missing = [
        path.name
        for path in sorted((ROOT / "compiler" / "flama_compile").iterdir())
        if not path.name.startswith(("__", "."))
        and path.suffix in ("", ".py")
        and path.stem not in named
        and not any(path.stem.startswith(pattern) for pattern in patterns)
    ]
    assert not missing
