"""Settings of a project: `[tool.flama-compile]` in its pyproject.toml, read strictly.

An unknown key is refused with the nearest known one, because a setting that is silently ignored
is worse than none::

    [tool.flama-compile]
    app = "shop.main:app"
    roots = ["src"]
    dynamic = "refuse"                      # or "interpret"

    [tool.flama-compile.constants]
    "shop.settings.PREFIX" = "/api"

    [[tool.flama-compile.dynamic]]          # instead of the word above
    file = "shop/plugins.py"
    reason = "plugins are found by entry point"

    [tool.flama-compile.diff]
    contract = "schema"
    fail-on = "breaking"
    severity = {RT201 = "risky"}
    ignore = [{path = "/internal/*", rules = ["RT101"]}]
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

__all__ = [
    "CONTRACTS",
    "FAIL_ON",
    "SEVERITIES",
    "Contract",
    "DeclaredDynamic",
    "DiffSettings",
    "FailOn",
    "Ignore",
    "Options",
    "Settings",
    "SettingsError",
    "app_problem",
    "find_root",
    "nearest",
    "parse_settings",
]

Constant = str | int | float | bool | list[Any] | dict[str, Any]
Contract = Literal["wire", "names", "schema", "strict"]
FailOn = Literal["breaking", "risky", "never"]
DynamicPolicy = Literal["refuse", "interpret"]

CONTRACTS: tuple[Contract, ...] = ("wire", "names", "schema", "strict")
FAIL_ON: tuple[FailOn, ...] = ("breaking", "risky", "never")
SEVERITIES = ("breaking", "risky", "safe")


class SettingsError(Exception):
    """The configuration cannot be used. The command exits with 2."""

    def __init__(self, file: str, message: str) -> None:
        self.file = file
        self.message = message
        super().__init__(f"{file}: {message}")


@dataclass(frozen=True, slots=True)
class DeclaredDynamic:
    """A file that is known, and accepted, to register routes that its source does not tell."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings under a path that `diff` leaves out; no rules means every rule."""

    path: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffSettings:
    """`[tool.flama-compile.diff]`."""

    contract: Contract = "schema"
    fail_on: FailOn = "breaking"
    severity: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """`[tool.flama-compile]`, with its defaults."""

    app: str | None = None
    roots: tuple[str, ...] = ()
    """Folders where modules are found, relative to the root; empty means the root and `src`."""
    dynamic: DynamicPolicy = "refuse"
    declared: tuple[DeclaredDynamic, ...] = ()
    constants: Mapping[str, Constant] = field(default_factory=dict)
    diff: DiffSettings = DiffSettings()


@dataclass(frozen=True, slots=True)
class Options:
    """What one run of the compiler works on."""

    root: Path
    app: str
    """`package.module:attribute`."""
    settings: Settings = Settings()
    cache: bool = True
    strict: bool = False


def find_root(start: Path) -> Path:
    """The folder of the nearest pyproject.toml at or above `start`, else `start` itself."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
    return start


_APP = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def app_problem(app: str) -> str | None:
    """Why `app` is not of the form `package.module:attribute`, or None."""
    if _APP.fullmatch(app):
        return None
    if ":" not in app and _APP.fullmatch(f"{app}:app") and not app.endswith(".py"):
        return f"`{app}` names no attribute; did you mean `{app}:app`?"
    stem = app.removesuffix(".py").replace("/", ".").strip(".")
    if _APP.fullmatch(f"{stem}:app"):
        return f"`{app}` is a file, not a module; did you mean `{stem}:app`?"
    return f"`{app}` is not of the form `package.module:attribute`"


def parse_settings(text: str, file: str = "pyproject.toml") -> Settings:
    """Read `[tool.flama-compile]`; SettingsError says which key is wrong and what is allowed."""
    # PERF: many projects have no settings, and every command starts here.
    import tomllib

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # A ValueError is also what Python says of a number with more digits than it reads.
        raise SettingsError(file, f"not valid TOML: {error}") from None
    tool = document.get("tool", {})
    raw = tool.get("flama-compile", {}) if isinstance(tool, dict) else {}
    table = _Table(file, "tool.flama-compile", raw)
    declared: tuple[DeclaredDynamic, ...] = ()
    policy: DynamicPolicy = "refuse"
    match table.value("dynamic"):
        case None:
            pass
        case list() as sites:
            declared = tuple(_declared(table.below("dynamic", site)) for site in sites)
        case _:
            policy = cast(DynamicPolicy, table.word("dynamic", ("refuse", "interpret"), "refuse"))
    settings = Settings(
        app=table.app("app"),
        roots=table.folders("roots"),
        dynamic=policy,
        declared=declared,
        constants=_constants(table),
        diff=_diff(table.below("diff", table.value("diff") or {})),
    )
    table.finish()
    return settings


def _declared(table: _Table) -> DeclaredDynamic:
    site = DeclaredDynamic(table.required("file"), table.required("reason"))
    table.finish()
    return site


def _diff(table: _Table) -> DiffSettings:
    severity = table.below("severity", table.value("severity") or {})
    levels = {
        _rule(table, rule): severity.word(rule, SEVERITIES, "") for rule in list(severity.raw)
    }
    ignores = table.value("ignore") or []
    if not isinstance(ignores, list):
        raise table.wrong("ignore", "a list of tables with `path` and `rules`")
    diff = DiffSettings(
        contract=cast(Contract, table.word("contract", CONTRACTS, "schema")),
        fail_on=cast(FailOn, table.word("fail-on", FAIL_ON, "breaking")),
        severity=levels,
        ignore=tuple(_ignore(table.below("ignore", entry)) for entry in ignores),
    )
    table.finish()
    return diff


def _ignore(table: _Table) -> Ignore:
    rules = table.strings("rules")
    ignore = Ignore(table.required("path"), tuple(_rule(table, rule) for rule in rules))
    table.finish()
    return ignore


def _rule(table: _Table, rule: str) -> str:
    if not re.fullmatch(r"RT\d{3}", rule):
        raise SettingsError(
            table.file, f"[{table.name}]: `{rule}` is not a rule; rules look like `RT201`"
        )
    return rule


def _constants(table: _Table) -> dict[str, Constant]:
    """Dotted names to values; TOML's own nesting (`shop.PREFIX = 1`) means the same."""
    found: dict[str, Constant] = {}

    def visit(prefix: str, value: Any) -> None:
        for name, inner in value.items():
            dotted = f"{prefix}{name}"
            if isinstance(inner, dict):
                visit(f"{dotted}.", inner)
            elif isinstance(inner, str | int | float | bool | list):
                if "." not in dotted:
                    raise SettingsError(
                        table.file,
                        f"[{table.name}.constants]: `{dotted}` names no module; "
                        f'write `"package.module.{dotted}" = …`',
                    )
                found[dotted] = inner
            else:
                raise SettingsError(
                    table.file, f"[{table.name}.constants]: `{dotted}` cannot be a date or a time"
                )

    raw = table.value("constants") or {}
    if not isinstance(raw, dict):
        raise table.wrong("constants", 'a table of `"module.NAME" = value`')
    visit("", raw)
    return found


class _Table:
    """One table of the file; remembers which keys were asked for, to refuse the others."""

    def __init__(self, file: str, name: str, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise SettingsError(file, f"[{name}] must be a table, not {_kind(raw)}")
        self.file = file
        self.name = name
        self.raw: dict[str, Any] = raw
        self._known: list[str] = []

    def value(self, key: str) -> Any:
        if key not in self._known:
            self._known.append(key)
        return self.raw.get(key)

    def below(self, key: str, raw: Any) -> _Table:
        return _Table(self.file, f"{self.name}.{key}", raw)

    def wrong(self, key: str, expected: str) -> SettingsError:
        found = _kind(self.raw.get(key))
        return SettingsError(self.file, f"[{self.name}]: `{key}` must be {expected}, not {found}")

    def required(self, key: str) -> str:
        found = self.value(key)
        if key not in self.raw:
            raise SettingsError(self.file, f"[{self.name}]: `{key}` is missing")
        if not isinstance(found, str):
            raise self.wrong(key, "a string")
        if not found:
            raise SettingsError(self.file, f"[{self.name}]: `{key}` must not be empty")
        return found

    def strings(self, key: str) -> tuple[str, ...]:
        found = self.value(key)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self.wrong(key, "a list of strings")
        for item in found:
            if not isinstance(item, str):
                raise SettingsError(
                    self.file,
                    f"[{self.name}]: `{key}` must be a list of strings, not one with {_kind(item)}",
                )
        return tuple(found)

    def folders(self, key: str) -> tuple[str, ...]:
        for folder in self.strings(key):
            outside = folder.startswith("/") or ".." in folder.split("/")
            if not folder or outside or "\0" in folder:
                raise SettingsError(
                    self.file, f"[{self.name}]: `{key}`: `{folder}` is not a folder below the root"
                )
        return tuple(posixpath.normpath(folder) for folder in self.strings(key))

    def app(self, key: str) -> str | None:
        found = self.value(key)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self.wrong(key, "a string such as `shop.main:app`")
        if problem := app_problem(found):
            raise SettingsError(self.file, f"[{self.name}]: `{key}`: {problem}")
        return found

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        found = self.value(key)
        if found is None:
            return default
        if found not in allowed:
            quoted = ", ".join(f'"{word}"' for word in allowed)
            raise SettingsError(
                self.file,
                f"[{self.name}]: `{key}` must be one of {quoted}, not {_show(found)}"
                + _meant(str(found), allowed),
            )
        return cast(str, found)

    def finish(self) -> None:
        for key in self.raw:
            if key not in self._known:
                raise SettingsError(
                    self.file,
                    f"[{self.name}]: unknown key `{key}`" + nearest(key, self._known),
                )


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """`; did you mean …?`, or what is known when nothing is near."""
    listed = ", ".join(f"`{name}`" for name in sorted(known))
    return _meant(word, known) or f"; known: {listed}"


def _meant(word: str, known: list[str] | tuple[str, ...]) -> str:
    # PERF: only mistakes need it.
    import difflib

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "a table"),
)


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a date or a time")


def _show(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else _kind(value)
