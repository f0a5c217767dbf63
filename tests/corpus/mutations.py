"""Correct projects made wrong: what people and tools do to files.

A mutation takes a written project and changes it on the disk. It says whether the compiler must
have something to say (`told`): a file that it must read and cannot is never passed over in
silence. Where the change may be harmless (a typo in a string), only the truth of the table counts.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MUTATIONS", "Mutation"]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to spoil a project."""

    name: str
    apply: Callable[[random.Random, Path, Path], None]
    """Given chance, the project's folder, and the file to change."""
    told: bool = False
    """Whether there must be a diagnostic, if the file is reached."""
    harmless: bool = False
    """Whether the table must stay what it was."""
    slow: bool = False
    """Whether one file is enough."""


def _text(
    change: Callable[[random.Random, str], str],
) -> Callable[[random.Random, Path, Path], None]:
    def apply(rng: random.Random, folder: Path, file: Path) -> None:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        file.write_bytes(change(rng, text).encode("utf-8", "surrogateescape"))

    return apply


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[random.Random, Path, Path], None]:
    return lambda rng, folder, file: _write(file, change(file.read_bytes()))


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def _lines(
    change: Callable[[random.Random, list[str]], None],
) -> Callable[[random.Random, str], str]:
    def apply(rng: random.Random, text: str) -> str:
        lines = text.split("\n")
        change(rng, lines)
        return "\n".join(lines)

    return apply


def _typo(rng: random.Random, text: str) -> str:
    words = list(re.finditer(r"\b[A-Za-z_]\w{2,}\b", text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end())
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _drop_import(rng: random.Random, lines: list[str]) -> None:
    imports = [i for i, line in enumerate(lines) if re.match(r"\s*(from|import)\s", line)]
    if imports:
        at = rng.choice(imports)
        lines[at] = re.match(r"\s*", lines[at])[0] + "pass"  # type: ignore[index]


def _wrong_type(rng: random.Random, text: str) -> str:
    strings = list(re.finditer(r"(?<![\w\"'])([\"'])/[^\"'\n]*\1", text))
    if not strings:
        return text
    string = rng.choice(strings)
    wrong = rng.choice(["12", "None", "b'/bytes'", "['/']", "{}", "object()", "'no-slash'", "'/{x'",
                        "'/{a}/{a}'", "'/{x:path}'", "'/{x}.json'", "''"])  # fmt: skip
    return text[: string.start()] + wrong + text[string.end() :]


def _wrong_methods(rng: random.Random, text: str) -> str:
    wrong = rng.choice(["'GET'", "[]", "None", "3", "['G T']", "[None]", "{'GET': 1}", "[['GET']]"])
    return re.sub(
        r"methods=[\[\(\{][^\]\)\}]*[\]\)\}]", lambda _: f"methods={wrong}", text, count=1
    )


def _drop_character(rng: random.Random, text: str) -> str:
    places = [i for i, character in enumerate(text) if character in "()[]{}:'\""]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + text[at + 1 :]


def _cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text) // 3, len(text))] if len(text) > 9 else text


def _swap_lines(rng: random.Random, lines: list[str]) -> None:
    if len(lines) > 2:
        at = rng.randrange(len(lines) - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]


def _drop_line(rng: random.Random, lines: list[str]) -> None:
    del lines[rng.randrange(len(lines))]


def _repeat_line(rng: random.Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines))
    lines.insert(at, lines[at])


def _dedent(rng: random.Random, lines: list[str]) -> None:
    deep = [i for i, line in enumerate(lines) if line.startswith("  ")]
    if deep:
        at = rng.choice(deep)
        lines[at] = lines[at][1:]


def _form_feeds(rng: random.Random, lines: list[str]) -> None:
    starts = [
        i for i, line in enumerate(lines) if line.startswith(("def ", "class ", "@", "import "))
    ]
    for at in starts:
        if not (at and lines[at - 1].startswith("@")):
            lines[at] = "\f" + lines[at]


def _long(rng: random.Random, text: str) -> str:
    filler = []
    for number in range(5000):
        filler += [f"def filler_{number}(a, b=1):", f'    """Number {number}."""',
                   f"    return a + b * {number}", f"FILLER_{number} = {number}"]  # fmt: skip
    return text.rstrip("\n") + "\n" + "\n".join(filler) + "\n"


def _append(snippet: str) -> Callable[[random.Random, str], str]:
    return lambda rng, text: text.rstrip("\n") + "\n" + snippet + "\n"


def _nested(depth: int) -> str:
    return "DEEP = " + "(" * depth + "1" + ")" * depth


def _replace_by_folder(rng: random.Random, folder: Path, file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "inside.txt").write_text("x")


def _replace_by_loop(rng: random.Random, folder: Path, file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _replace_by_pipe(rng: random.Random, folder: Path, file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _unreadable(rng: random.Random, folder: Path, file: Path) -> None:
    # Root may read a file without permissions, but nobody may read a link that leads nowhere.
    file.chmod(0)
    if os.access(file, os.R_OK):
        file.unlink()
        file.symlink_to("/proc/self/mem")


def _folder_loop(rng: random.Random, folder: Path, file: Path) -> None:
    (folder / "loop").symlink_to(".", target_is_directory=True)
    (file.parent / "again").symlink_to("..", target_is_directory=True)


def _folders_named_like_modules(rng: random.Random, folder: Path, file: Path) -> None:
    for name in ("x.py", "flama_extra.py", "zz.py"):
        (file.parent / name).mkdir()


def _remove(rng: random.Random, folder: Path, file: Path) -> None:
    file.unlink()


MUTATIONS = (
    Mutation("typo", _text(_typo)),
    Mutation("two-typos", _text(lambda rng, text: _typo(rng, _typo(rng, text)))),
    Mutation("missing-import", _text(_lines(_drop_import))),
    Mutation("wrong-type", _text(_wrong_type)),
    Mutation("wrong-methods", _text(_wrong_methods)),
    Mutation("dropped-character", _text(_drop_character)),
    Mutation("cut-off", _text(_cut)),
    Mutation("swapped-lines", _text(_lines(_swap_lines))),
    Mutation("dropped-line", _text(_lines(_drop_line))),
    Mutation("repeated-line", _text(_lines(_repeat_line))),
    Mutation("dedented-line", _text(_lines(_dedent))),
    Mutation("broken-syntax", _text(_append("def broken(:\n    pass")), told=True),
    Mutation("open-bracket", _text(_append("x = (1,\n")), told=True),
    Mutation("null-byte", _text(_append("x = 1\0")), told=True),
    Mutation("latin-1-without-cookie", _bytes(lambda b: b + b"\nNAME = 'caf\xe9'\n"), told=True),
    Mutation("utf-16", _bytes(lambda b: b.decode("utf-8", "replace").encode("utf-16")), told=True),
    Mutation("unknown-codec", _bytes(lambda b: b"# -*- coding: klingon -*-\n" + b), told=True),
    Mutation("latin-1-with-cookie", _bytes(
        lambda b: b"# coding: latin-1\n" + b.decode("utf-8", "replace").encode("latin-1", "replace")
        + b"\nNAME = 'caf\xe9'\n")),  # fmt: skip
    Mutation("byte-order-mark", _bytes(lambda b: b"\xef\xbb\xbf" + b), harmless=True),
    Mutation("crlf", _bytes(lambda b: b.replace(b"\n", b"\r\n")), harmless=True),
    Mutation("cr-only", _bytes(lambda b: b.replace(b"\r\n", b"\n").replace(b"\n", b"\r"))),
    Mutation("mixed-line-ends", _bytes(lambda b: b.replace(b"\n", b"\r\n", 3)), harmless=True),
    Mutation("tabs", _bytes(lambda b: b.replace(b"    ", b"\t"))),
    Mutation("tabs-and-spaces", _bytes(lambda b: b.replace(b"\n    ", b"\n\t", 1))),
    Mutation("form-feeds", _text(_lines(_form_feeds)), harmless=True),
    Mutation("no-final-newline", _bytes(lambda b: b.rstrip()), harmless=True),
    Mutation("trailing-backslash", _text(_append("x = 1 \\"))),
    Mutation("20000-lines", _text(_long), harmless=True, slow=True),
    Mutation("empty-file", _bytes(lambda b: b"")),
    Mutation("removed-file", _remove),
    Mutation("file-is-a-folder", _replace_by_folder),
    Mutation("file-links-to-itself", _replace_by_loop),
    Mutation("file-is-a-pipe", _replace_by_pipe),
    Mutation("unreadable-file", _unreadable, told=True),
    Mutation("folder-loops", _folder_loop, harmless=True),
    Mutation("folders-named-like-modules", _folders_named_like_modules, harmless=True),
    Mutation("deep-nesting", _text(_append(_nested(150))), harmless=True),
    Mutation("too-deep-nesting", _text(_append(_nested(5000))), told=True),
    Mutation("long-sum", _text(_append("SUM = " + " + ".join(["1"] * 600))), harmless=True),
    Mutation("very-long-sum", _text(_append("SUM = " + "+".join(["1"] * 20_000)))),
    Mutation("long-elif", _text(_append("if 0:\n    pass\n" + "elif 0:\n    pass\n" * 900))),
    Mutation("endless-loop-in-function", _text(_append(
        "def forever():\n    while True:\n        pass")), harmless=True),  # fmt: skip
    Mutation("huge-power", _text(_append("def big():\n    return 10 ** 10 ** 10")), harmless=True),
    Mutation("huge-string-made", _text(_append("BIG = ('x' * 1000) and 'y' * 10_000_000"))),
    Mutation("recursion", _text(_append(
        "def rec(n):\n    return 0 if n == 0 else rec(n - 1)\nDEPTH = rec(200)"))),  # fmt: skip
    Mutation("surrogates", _text(_append("S = '\\ud800' + '/x'")), harmless=True),
    Mutation("big-number", _text(_append("N = " + "9" * 4000)), harmless=True),
    Mutation("shadowed-builtins", _text(_append("str = range = len = print = None"))),
    Mutation("app-rebound", _text(_append("app = None"))),
    Mutation("app-deleted", _text(_append("try:\n    del app\nexcept NameError:\n    pass"))),
    Mutation("raises", _text(_append("raise RuntimeError('no')"))),
    Mutation("raises-in-if", _text(_append("if 1:\n    raise SystemExit"))),
    Mutation("asserts", _text(_append("assert 1 == 2, 'never'"))),
    Mutation("routes-cleared", _text(_append(
        "try:\n    app.routes.clear()\nexcept Exception:\n    pass"))),  # fmt: skip
    Mutation("method-patched", _text(_append(
        "try:\n    type(app).add_get = None\nexcept Exception:\n    pass"))),  # fmt: skip
)
