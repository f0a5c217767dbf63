"""Both ways to read a file give the same facts: with `ast`, and without it for newer syntax."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import libcst
import pytest
from flama_compile.scan import scan
from flama_compile.scan.places import MISSING, Places
from flama_compile.scan.statements import Statements
from flama_compile.source import decode
from libcst.metadata import MetadataWrapper, PositionProvider

CORPUS = Path(__file__).parents[1] / "corpus" / "applications"
FILES = sorted(CORPUS.rglob("*.py"))

SOURCE = """\
import a.b as c
from .d import e as f, g
名 = "é" 'x'; other = call(名, *args, key=名, **rest)
x = f"{名}/{other!r:>{width}}"
def f(a, /, b=1, *args, c: int = 2, **kw) -> "list[Later]":
	return [i for i in a if i] or {**b, "k": lambda q: q[1:2, ::3]}
@deco(
    1,
)
class K(Base, metaclass=M):
    y: int = 1 if x else -2
    async def m(self): return await z
if a and b or not c:
    (n := 3)
elif 1 < x <= 2: y += 1
else: del y
try: pass
except (A, B) as e: raise X from e
finally: pass
for i, *j in z: break
while 1: continue
with open(p) as f, g: pass
match z:
    case 1 | 2 if q: w = 1
    case _: w = {1, *s}
"""


def without_places(fact: Any) -> Any:
    """Facts with every place, default text and digest left out; joined texts as one."""
    if not isinstance(fact, tuple):
        return fact
    if type(fact) is tuple and len(fact) == 4 and all(type(part) is int for part in fact):
        return None
    fields = getattr(fact, "_fields", None)
    if fields is None:
        return tuple(without_places(part) for part in fact)
    kept = [
        without_places(value)
        for name, value in zip(fields, fact, strict=True)
        if name not in ("at", "digest", "default_text")
    ]
    return (type(fact).__name__, *kept)


def read_without_ast(text: str) -> Any:
    module = libcst.parse_module(text)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    return Statements(Places(text, positions), deep=True).body(module.body, MISSING)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_files_of_the_corpus_read_alike(path: Path) -> None:
    data = path.read_bytes()
    facts = scan(data, deep=True)
    assert facts.problem is None
    assert without_places(facts.body) == without_places(read_without_ast(decode(data)))


def test_every_kind_of_syntax_reads_alike() -> None:
    facts = scan(SOURCE.encode(), deep=True)
    assert facts.problem is None
    assert without_places(facts.body) == without_places(read_without_ast(SOURCE))


def test_places_are_those_of_python() -> None:
    """Characters are counted, not bytes; a tab is one of them."""
    facts = scan('def f():\n\tx = "é" + 名\n名 = 1; y = 2\n'.encode(), deep=True)
    function, first, second = facts.body
    assert function.at == (1, 1, 1, 6)
    assert function.body[0].value.right.at == (2, 12, 2, 13)
    assert (first.at, second.at) == ((3, 1, 3, 6), (3, 8, 3, 13))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x = (", "FC101"),
        (b"return 1", "FC101"),
        (b"x = 1\0", "FC101"),
        (b'x = "\0"', "FC101"),
        (b"if 1:\n        x\n\ty\n", "FC101"),
        (b"print 1", "FC101"),
        (b"def f(a, a): pass", "FC101"),
        (b"nonlocal x", "FC101"),
        (b"\xff\xfe", "FC103"),
        (b"# coding: nonsense\n", "FC103"),
        (b"x = '\xe9'", "FC103"),
        (b"# coding: rot13\n", "FC103"),
        (b"# coding: punycode\n\xff", "FC103"),
        (b"x = " + b"-" * 9000 + b"1", "FC104"),
        (b"x = " + b"(" * 300 + b")" * 300, "FC101"),
    ],
)
def test_what_python_cannot_import_is_a_problem(data: bytes, code: str) -> None:
    problem = scan(data).problem
    assert problem is not None and problem.code == code, problem


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"# only a comment",
        "\ufeffx = 1\n".encode(),
        b"# coding: latin-1\nx = '\xe9'\n",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"x = 1\n\x0c\ny = 2\n",
        b"def f():\n\x0c    return 2\n",
        b"x = '\\d'\n",
        b"x = " + b" + ".join([b"1"] * 900),
    ],
    ids=["empty", "comment", "bom", "latin", "crlf", "cr", "page", "page in", "escape", "long"],
)
def test_what_python_can_import_has_no_problem(data: bytes) -> None:
    assert scan(data).problem is None


def test_bodies_that_take_no_part_are_left_out_and_can_be_asked_for() -> None:
    source = b"def view(q):\n    return q\n\n\ndef setup(app):\n    app.add_route('/', view)\n"
    shallow, deep = scan(source), scan(source, deep=True)
    assert [function.body is None for function in shallow.body] == [True, False]
    assert (shallow.deep, deep.deep) == (False, True)
    assert all(function.body is not None for function in deep.body)


def test_digests_follow_moved_code() -> None:
    """Decorators, the docstring and the indentation are no part of what a function does."""
    plain = scan(b"def f(a):\n    return a\n").body[0]
    moved = scan(b'@app.get("/")\ndef f(a):\n    """Text."""\n    return a\n').body[0]
    method = scan(b"class K:\n    def f(a):\n        return a\n").body[0].body[0]
    other = scan(b"def f(a):\n    return -a\n").body[0]
    assert plain.digest == moved.digest == method.digest != other.digest


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"x = 1\r\ny = '\xff'\r\n", (2, 6, 2, 7)),
        (b"\xef\xbb\xbfx = '\xc3\xa9\xff'", (1, 7, 1, 8)),
        (b"# coding: euc-jp\n# \xc6\xfc\xff", (2, 4, 2, 5)),
        (b"# coding: cp1252\nx = '\x81'", (2, 6, 2, 7)),
        (b"# coding: unicode_escape\n\\x", None),
    ],
)
def test_what_cannot_be_decoded_has_its_place(
    data: bytes, place: tuple[int, int, int, int] | None
) -> None:
    problem = scan(data).problem
    assert problem is not None
    assert problem.code == "FC103"
    assert problem.at == place
