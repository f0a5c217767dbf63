"""Which changes of files are noticed, with watchfiles and without it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from flama_compile.cli.sources import Sources
from flama_compile.cli.stopping import Stop
from support.projects import write_files

FILES = {"pyproject.toml": "", "main.py": "a = 1\n", "pkg/__init__.py": "", "pkg/web.py": "b = 1\n"}


@pytest.fixture(params=["told", "polled"])
def sources(request: pytest.FixtureRequest, tmp_path: Path) -> Sources:
    write_files(tmp_path, FILES)
    return Sources(tmp_path, Stop(), pytest.fail, polled=request.param == "polled")


def changed(root: Path, sources: Sources, own: list[Path] | None = None) -> set[str]:
    return {os.path.relpath(path, root) for path in sources.wait(own or [])}


def test_what_changed_before_it_is_asked_for(tmp_path: Path, sources: Sources) -> None:
    write_files(tmp_path, {"main.py": "a = 2\n", "pyproject.toml": "[tool]\n"})
    assert changed(tmp_path, sources) == {"main.py", "pyproject.toml"}
    write_files(tmp_path, {"pkg/web.py": "b = 2\n"})
    assert changed(tmp_path, sources) == {"pkg/web.py"}


def test_files_come_and_go(tmp_path: Path, sources: Sources) -> None:
    write_files(tmp_path, {"new.py": ""})
    assert changed(tmp_path, sources) == {"new.py"}
    (tmp_path / "new.py").unlink()
    assert changed(tmp_path, sources) == {"new.py"}


def test_folders_come_and_go(tmp_path: Path, sources: Sources) -> None:
    write_files(tmp_path, {"other/deep/a.py": "", "other/deep/er/b.py": ""})
    assert changed(tmp_path, sources) == {"other/deep/a.py", "other/deep/er/b.py"}
    (tmp_path / "pkg").rename(tmp_path.parent / f"{tmp_path.name}.moved")
    assert changed(tmp_path, sources) >= {"pkg/__init__.py", "pkg/web.py"}
    shutil.rmtree(tmp_path / "other")
    assert changed(tmp_path, sources) == {"other/deep/a.py", "other/deep/er/b.py"}


def test_a_file_that_is_replaced(tmp_path: Path, sources: Sources) -> None:
    about = (tmp_path / "main.py").stat()
    new = write_files(tmp_path, {".main.py.swp": "a = 2\n"}) / ".main.py.swp"
    os.utime(new, ns=(about.st_atime_ns, about.st_mtime_ns))
    new.replace(tmp_path / "main.py")
    assert changed(tmp_path, sources) == {"main.py"}


def test_what_does_not_count(tmp_path: Path, sources: Sources) -> None:
    files = ["note.txt", ".git/hook.py", "__pycache__/a.py", "pkg/.cache/b.py", "own.py"]
    files += ["venv/pyvenv.cfg", "venv/lib/c.py", "node_modules/gyp/d.py"]
    write_files(tmp_path, dict.fromkeys(files, ""))
    write_files(tmp_path, {"main.py": "a = 2\n"})
    found = changed(tmp_path, sources, [tmp_path / "pkg" / ".." / "own.py"])
    # A virtual environment is not looked into, but its news may be told.
    assert found - {"venv/lib/c.py"} == {"main.py"}


def test_links_that_lead_back(tmp_path: Path, sources: Sources) -> None:
    (tmp_path / "pkg" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "pkg" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    write_files(tmp_path, {"pkg/web.py": "b = 2\n"})
    assert "pkg/web.py" in changed(tmp_path, sources)


def test_a_root_that_goes_away(tmp_path: Path, sources: Sources) -> None:
    shutil.rmtree(tmp_path)
    assert "main.py" in changed(tmp_path, sources)


def test_a_stop_ends_the_waiting(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    for polled in (False, True):
        stop = Stop()
        sources = Sources(tmp_path, stop, pytest.fail, polled=polled)
        stop.code = 130
        write_files(tmp_path, {"main.py": f"a = {polled}\n"})
        assert sources.wait([]) == frozenset()


def test_a_system_that_does_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def refused(*_: object, **__: object) -> object:
        raise OSError("OS file watch limit reached")

    write_files(tmp_path, FILES)
    monkeypatch.setattr(watchfiles, "watch", lambda *_, **__: iter(refused, None))
    said: list[str] = []
    sources = Sources(tmp_path, Stop(), said.append)
    assert said == [
        f"changes below {tmp_path} are not told (OS file watch limit reached): looking for them"
    ]
    write_files(tmp_path, {"main.py": "a = 2\n"})
    assert changed(tmp_path, sources) == {"main.py"}


def test_a_system_that_tells_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def failing(*_: object, **__: object) -> object:
        yield set()
        raise OSError("gone")

    write_files(tmp_path, FILES)
    monkeypatch.setattr(watchfiles, "watch", failing)
    said: list[str] = []
    sources = Sources(tmp_path, Stop(), said.append)
    write_files(tmp_path, {"main.py": "a = 2\n"})
    assert changed(tmp_path, sources) == {"main.py"}
    assert said == ["changes are no longer told (gone): looking for them"]


def test_what_is_not_told_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def mute(*_: object, **__: object) -> object:
        while True:
            yield set()

    write_files(tmp_path, FILES)
    monkeypatch.setattr(watchfiles, "watch", mute)
    sources = Sources(tmp_path, Stop(), pytest.fail)
    write_files(tmp_path, {"main.py": "a = 2\n"})
    assert changed(tmp_path, sources) == {"main.py"}
