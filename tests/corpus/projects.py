"""Projects of the corpus: small ones in one Markdown file each, applications as directories.

A small project is a heading, a sentence on what it shows, settings in TOML, its files, and the
table that its application answers with::

    # Star imports take the names of `__all__`

    ```toml case
    app = "shop:app"
    ```

    ```python shop/__init__.py
    app.get("/")(index)
    app.get(os.environ["PREFIX"])(index)  # expect: environment
    ```

    ```routes
    GET,HEAD / shop:index name=index
    ```

`# expect: reason` at the end of a line says that this line is a dynamic site, and why (so does the
compiler's own marker). The settings of an application stand in its `case.toml`, its table in
`routes.txt`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["HERE", "Project", "applications", "cases", "expected_sites", "read_case", "write"]

HERE = Path(__file__).parent

_FENCE = re.compile(r"^```(\S+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPECT = re.compile(r"#\s*(?:expect:\s*([a-z-]+)|flama-compile: dynamic)\s*$")

_SETTINGS = frozenset({"app", "path", "python", "worlds", "args", "note"})


@dataclass(frozen=True, slots=True)
class Project:
    """One application of the corpus with what is known about it beforehand."""

    name: str
    title: str
    app: str
    files: Mapping[str, bytes]
    """Contents by posix path below the project's root."""
    path: tuple[str, ...] = (".",)
    """Folders that Python finds the modules in, below the root."""
    python: tuple[int, int] = (3, 11)
    """The oldest Python that can import it."""
    worlds: tuple[Mapping[str, str], ...] = ({},)
    """Environments to import it in; the static table must hold in each."""
    routes: str = ""
    """The table of the first world, one line an entry."""
    parameters: str = ""
    """Parameters of views, one line a view, where the project is about them."""
    sites: tuple[tuple[str, int, str], ...] = field(default=())
    """Dynamic sites that must be found: file, line, reason."""
    source: Path | None = None
    """The Markdown file or directory that it was read from."""

    @property
    def importable(self) -> bool:
        """Whether the running Python is new enough for it."""
        return sys.version_info[:2] >= self.python


def cases() -> list[Project]:
    """All small projects, by name."""
    return [read_case(path) for path in sorted((HERE / "cases").rglob("*.md"))]


def applications() -> list[Project]:
    """All realistic applications, by name."""
    return [
        _application(path.parent) for path in sorted((HERE / "applications").glob("*/case.toml"))
    ]


def read_case(path: Path) -> Project:
    """Read one Markdown case; a malformed one is a `ValueError` that names the file."""
    text = path.read_text(encoding="utf-8")
    files: dict[str, bytes] = {}
    blocks: dict[str, str] = {}
    settings: dict[str, Any] = {}
    for language, label, body in _FENCE.findall(text):
        if label == "case":
            settings = tomllib.loads(body)
        elif label:
            files[label] = body.encode()
        else:
            blocks[language] = body
    if not text.startswith("# ") or not settings or not files:
        raise ValueError(f"{path}: a case has a heading, a block `toml case` and files")
    return _project(
        name=str(path.relative_to(HERE / "cases").with_suffix("")),
        title=text[2 : text.index("\n")],
        files=files,
        settings=settings,
        routes=blocks.get("routes", ""),
        parameters=blocks.get("parameters", ""),
        source=path,
    )


def _application(folder: Path) -> Project:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name not in ("case.toml", "routes.txt")
    }
    listing = folder / "routes.txt"
    settings = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    return _project(
        name=folder.name,
        title=settings.get("note", folder.name),
        files=files,
        settings=settings,
        routes=listing.read_text(encoding="utf-8") if listing.exists() else "",
        parameters="",
        source=folder,
    )


def _project(
    *,
    name: str,
    title: str,
    files: Mapping[str, bytes],
    settings: Mapping[str, Any],
    routes: str,
    parameters: str,
    source: Path,
) -> Project:
    if unknown := set(settings) - _SETTINGS:
        raise ValueError(f"{source}: unknown settings {sorted(unknown)}")
    major, minor = map(int, settings.get("python", "3.11").split("."))
    return Project(
        name=name,
        title=title,
        app=settings["app"],
        files=files,
        path=tuple(settings.get("path", ["."])),
        python=(major, minor),
        worlds=tuple(settings.get("worlds", [{}])),
        routes=routes,
        parameters=parameters,
        sites=expected_sites(files),
        source=source,
    )


def expected_sites(files: Mapping[str, bytes]) -> tuple[tuple[str, int, str], ...]:
    """Lines that say `# expect: reason`, in order of file and line."""
    found = []
    for name, content in sorted(files.items()):
        if name.endswith(".py"):
            for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
                if match := _EXPECT.search(line):
                    found.append((name, number, match[1] or "marked"))
    return tuple(found)


def write(project: Project, root: Path) -> Path:
    """Write the files of a project below a new folder of its name and return that folder."""
    folder = root / project.name.replace("/", "-")
    for name, content in project.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder
