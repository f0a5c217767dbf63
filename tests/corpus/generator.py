"""Random projects: styles times features, all of one seed.

A project is made of numbered pieces (`generator_pieces`): a route in some spelling, a loop, a
router in a module of its own, a condition on the environment. `shrink` leaves pieces out while a
failure remains; every other piece stays as it was, since leaving one out draws no other chances.

    project = generate(7)               # the files of project 7
    smaller = shrink(7, still_fails)    # the same project without what does not matter
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from corpus.projects import Project

__all__ = ["Maker", "Module", "generate", "shrink"]

WORLDS: tuple[dict[str, str], ...] = ({}, {"GEN_FLAG": "1", "GEN_WORD": "zebra", "GEN_LIST": "p,q"})

WORDS = """
apple bench cedar delta ember fjord grove haven inlet jetty knoll lemon maple north otter pearl
quartz river stone tulip umber vista willow xenon yield zinc me all new edit list
"""


@dataclass
class Module:
    """A module in the making."""

    name: str
    """Dotted."""
    imports: dict[str, None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def need(self, line: str) -> None:
        """Import something at the top, once."""
        self.imports[line] = None

    def text(self) -> str:
        future = [line for line in self.imports if "__future__" in line]
        rest = [line for line in self.imports if line not in future]
        return "\n".join([*future, *rest, "", *self.lines, ""])


@dataclass
class Maker:
    """Everything that the making of one project shares."""

    rng: random.Random
    omitted: Collection[int] = ()
    """Numbers of the pieces that are left out."""
    package: str = ""
    """Dotted, "" for modules that lie flat; with a final dot otherwise."""
    modules: dict[str, Module] = field(default_factory=dict)
    pieces: int = 0
    names: int = 0
    worlds: bool = False
    """Whether anything depends on the environment."""

    def name(self, stem: str = "") -> str:
        """A name that the project has not used."""
        self.names += 1
        return f"{stem or self.rng.choice(WORDS.split())}_{self.names}"

    def module(self, stem: str) -> Module:
        name = self.package + self.name(stem)
        self.modules[name] = Module(name)
        return self.modules[name]

    @property
    def consts(self) -> Module:
        """The module that constants are collected in."""
        return self.modules.setdefault(f"{self.package}consts", Module(f"{self.package}consts"))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def keep(self, lines: list[str]) -> list[str]:
        """Count a piece, and drop its lines if it is left out."""
        self.pieces += 1
        return [] if self.pieces - 1 in self.omitted else lines


def generate(seed: int, omitted: Collection[int] = ()) -> Project:
    """The project of a seed, without the pieces of the given numbers."""
    return _make(seed, omitted)[0]


def shrink(seed: int, fails: Callable[[Project], bool]) -> Project:
    """The project of a seed with as few pieces as still fail."""
    omitted: set[int] = set()
    project, pieces = _make(seed, omitted)
    for again in range(2):
        for number in reversed(range(pieces)):
            if number in omitted:
                continue
            smaller, _ = _make(seed, omitted | {number})
            if fails(smaller):
                omitted.add(number)
                project = smaller
        if again == 0 and not omitted:
            break
    return project


def _make(seed: int, omitted: Collection[int]) -> tuple[Project, int]:
    from corpus.generator_pieces import block

    rng = random.Random(seed)
    maker = Maker(rng, frozenset(omitted))
    layout = rng.choice(["flat", "package", "src", "namespace", "deep"])
    maker.package = {"flat": "", "deep": "proj.web.api."}.get(layout, "proj.")
    main = maker.modules.setdefault(f"{maker.package}main", Module(f"{maker.package}main"))
    attribute = _root(maker, main, block)
    folder = "src/" if layout == "src" else ""
    files = {folder + path: text for path, text in _files(maker, layout)}
    if maker.chance(0.2):
        files = {path: text.replace("    ", "\t") for path, text in files.items()}
    if maker.chance(0.1):
        files = {path: text.replace("\n", "\r\n") for path, text in files.items()}
    project = Project(
        name=f"seed-{seed}",
        title=f"random project {seed}",
        app=f"{main.name}:{attribute}",
        files={path: text.encode() for path, text in files.items()},
        path=("src",) if layout == "src" else (".",),
        worlds=WORLDS if maker.worlds else ({},),
    )
    return project, maker.pieces


def _root(maker: Maker, main: Module, block: Callable[[Maker, Module, str, int], list[str]]) -> str:
    """Write the main application in one of several styles; returns the attribute it is found by."""
    options = maker.rng.choice(
        ["", "schema=None, docs=None", "docs=None", 'schema="/openapi.json"', "debug=True"]
    )
    style = maker.rng.choice(["plain", "factory", "subclass", "core", "holder", "list", "routes"])
    if style == "factory":
        main.need("from flama import Flama")
        body = [f"app = Flama({options})", *block(maker, main, "app", 0), "return app"]
        main.lines += ["def create_app():", *indent(body), "", "application = create_app()"]
        return "application"
    if style == "subclass":
        main.need("import flama")
        body = [f"super().__init__({options})", *block(maker, main, "self", 0)]
        main.lines += ["class Site(flama.Flama):", "    def __init__(self):", *indent(body, 2)]
        main.lines += ["", "app = Site()", *block(maker, main, "app", 1)]
        return "app"
    if style == "core":
        core = maker.modules.setdefault(f"{maker.package}core", Module(f"{maker.package}core"))
        core.lines += ["from flama import Flama as _Flama", f"app = _Flama({options})"]
        main.need(f"from {core.name} import app")
        for _ in range(maker.rng.randint(1, 3)):
            part = maker.module("part")
            part.need(f"from {core.name} import app")
            part.lines += block(maker, part, "app", 0)
            main.lines.append(f"import {part.name}")
        main.lines += block(maker, main, "app", 1)
        return "app"
    if style == "holder":
        main.need("from flama import Flama")
        main.lines += ["class Holder:", "    pass", "", "holder = Holder()"]
        main.lines += [f"holder.app = Flama({options})", *block(maker, main, "holder.app", 0)]
        return "holder.app"
    if style == "list":
        main.need("from flama import Flama")
        main.lines += [f'apps = {{"main": Flama({options})}}']
        main.lines += [*block(maker, main, 'apps["main"]', 0), 'app = apps["main"]']
        return "app"
    if style == "routes":
        from corpus.generator_pieces import route_list

        main.need("from flama import Flama")
        inner = route_list(maker, main)
        main.lines += [*inner, f"app = Flama(routes=ROUTES{', ' + options if options else ''})"]
        main.lines += block(maker, main, "app", 1)
        return "app"
    main.need("from flama import Flama")
    main.lines += [f"app = Flama({options})", *block(maker, main, "app", 0)]
    return "app"


def indent(lines: list[str], depth: int = 1) -> list[str]:
    """The lines one block deeper; `pass` when there are none."""
    return ["    " * depth + line if line else "" for line in lines or ["pass"]]


def _files(maker: Maker, layout: str) -> Iterator[tuple[str, str]]:
    packages: set[str] = set()
    for name, module in maker.modules.items():
        parts = name.split(".")
        packages.update("/".join(parts[:depth]) for depth in range(1, len(parts)))
        yield "/".join(parts) + ".py", module.text()
    if layout != "namespace":
        yield from ((f"{package}/__init__.py", "") for package in sorted(packages))
