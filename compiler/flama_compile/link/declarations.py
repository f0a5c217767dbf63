"""Constants that settings declare for attributes; declarations and markers that name nothing.

A misspelt declaration would silently do nothing. Only what is certain is told. A declaration may be
meant for another application of the project, so a name counts as misspelt only where its module is
read and never mentions it.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from flama_compile.diagnostics.codes import code, find
from flama_compile.link.values import MISSING, ClassValue, Overlay, Unknown, Value
from flama_compile.source import Span, decode
from flama_compile.workspace import Unreadable

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "beneath",
    "field",
    "tell_missing_roots",
    "tell_unknown_markers",
    "tell_unused_declarations",
]

_SETTINGS = "pyproject.toml"


def field(machine: Machine, cls: ClassValue, name: str, value: Value) -> Value:
    """What the settings declare for a field takes the place of what is not known.

    A class may name a field by its annotation alone, and fill it where nobody can see.
    """
    if not isinstance(value, Unknown) or not machine.settings.constants:
        return value
    for base in cls.order:
        if isinstance(base, ClassValue):
            declared = machine.constant(base.module.name, f"{base.qualname}.{name}")
            if declared is not MISSING:
                return declared
    return value


def beneath(owner: Overlay, name: str, value: Value) -> Value:
    """An attribute with what the settings declare for attributes of its own."""
    known = {
        key.removeprefix(f"{name}."): declared
        for key, declared in owner.known.items()
        if key.startswith(f"{name}.")
    }
    return Overlay(value, known) if known else value


def tell_missing_roots(machine: Machine) -> None:
    """Report folders of the settings where no module can be."""
    for root in machine.settings.roots:
        if root != "." and not machine.library.workspace.is_dir(root):
            message = f"the source root `{root}` is not used: there is no such folder"
            _tell(machine, message, root, "write the folder's path from the root of the project")


def tell_unused_declarations(machine: Machine) -> None:
    """Report declared constants and files that cannot have any effect."""
    for name in machine.settings.constants:
        problem = _constant_problem(machine, name)
        if problem is not None:
            message, help_ = problem
            _tell(machine, f"the declared constant `{name}` is not used: {message}", name, help_)
    for site in machine.settings.declared:
        if _text(machine, site.file) is None:
            near = difflib.get_close_matches(site.file, _files(machine), n=1)
            help_ = f"did you mean `{near[0]}`?" if near else "write the file's path from the root"
            message = f"the declared file `{site.file}` is not used: there is no such file"
            _tell(machine, message, site.file, help_)


def tell_unknown_markers(machine: Machine) -> None:
    """Report comments that are addressed to us and have no effect."""
    for module in list(machine.modules.values()):
        for number, words in () if module.facts is None else module.facts.markers:
            for message, help_ in _marker_problems(words):
                place = _comment(machine, module.found.path, number)
                machine.tell(machine.diagnostic("FC106", message, place, help=(help_,)))


def _marker_problems(words: str) -> list[tuple[str, str]]:
    """What is wrong with a marker, each with what to do."""
    if words.split(maxsplit=1)[:1] == ["dynamic"]:
        return []
    ignored = re.match(r"ignore\[([^\]]*)\]", words)
    if ignored is None:
        known = "the markers are `dynamic` and `ignore[FC301]`, with the codes to ignore"
        return [(f"`{words}` is no marker", known)]
    problems = []
    for number in re.split(r"[\s,]+", ignored[1].strip().upper()):
        found = find(number)
        if found is None:
            problems.append((f"`{number}` is no code", "`flama-compile rules` lists the codes"))
        elif found.number != number:
            help_ = f"write its number: `ignore[{found.number}]`"
            problems.append((f"`{number.lower()}` is the name of a code", help_))
        elif code(number).severity == "error":
            help_ = f"`flama-compile explain {number}` tells the ways out"
            problems.append((f"`{number}` is an error, which no comment silences", help_))
    return problems


def _comment(machine: Machine, path: str, number: int) -> Span:
    """Where the marker of a line stands."""
    lines = re.split(r"\r\n?|\n", _text(machine, path) or "")
    line = lines[number - 1] if number <= len(lines) else ""
    start = re.search(r"#\s*flama-compile:", line)
    column = start.start() if start else 0
    return Span(path, number, column + 1, number, len(line.rstrip()) + 1)


def _constant_problem(machine: Machine, name: str) -> tuple[str, str] | None:
    """Why a constant has no effect, and what to do; None when it may have one."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        found = machine.library.workspace.find(module)
        if found is None or found.kind not in ("project", "installed", "opaque"):
            continue
        linked = machine.modules.get(module)
        if linked is None or linked.opaque is not None or parts[length] in linked.names:
            return None
        text = _text(machine, found.path)
        if text is None or re.search(rf"\b{re.escape(parts[length])}\b", text):
            return None
        near = difflib.get_close_matches(parts[length], list(linked.names), n=1)
        meant = ".".join([module, near[0], *parts[length + 1 :]]) if near else ""
        help_ = f"did you mean `{meant}`?" if near else f"name what `{module}` assigns"
        return f"`{module}` assigns no `{parts[length]}`", help_
    missing = ".".join(parts[:-1])
    return f"there is no module `{missing}`", "write it as `package.module.NAME`"


def _files(machine: Machine) -> list[str]:
    return [module.found.path for module in machine.modules.values()]


def _text(machine: Machine, path: str) -> str | None:
    """The text of a file; None when there is none that can be read."""
    try:
        data = machine.library.workspace.read(path)
    except Unreadable:
        return None
    return None if data is None else decode(data)


def _tell(machine: Machine, message: str, words: str, help_: str) -> None:
    helps = (help_, "or take the declaration away")
    machine.tell(machine.diagnostic("FC216", message, _place(machine, words), help=helps))


def _place(machine: Machine, words: str) -> Span | None:
    """Where the settings write it; None when it is spelt in another way, such as by tables."""
    for number, line in enumerate((_text(machine, _SETTINGS) or "").splitlines(), 1):
        for quote in ('"', "'", ""):
            column = line.find(f"{quote}{words}{quote}")
            if column >= 0:
                end = column + len(words) + 2 * len(quote)
                return Span(_SETTINGS, number, column + 1, number, end + 1)
    return None
