"""What libcst is not given to read changes nothing in what is found."""

from __future__ import annotations

import ast

import libcst
import pytest
from flama_compile import scan as package
from flama_compile.scan import scan
from flama_compile.scan.bodies import without_bodies
from flama_compile.scan.places import Places
from scan.test_places import FILES

ODD = '''\
import os; from a import b

async def documented(x: int = 1, *, y: "str" = 'é') -> "dict[str, int]":
    """Two lines,
    and `more`."""

      # a comment of another depth
    return {"é": x}  # the end
# a comment below

async def short(): return 1; x = 2
async def joined(): \\
    return 1
async def many(
    a,  # first
    b=(1,
       2),
):
\tif a:
\t\treturn b
\treturn a
async def begins_with_a_decorator():
    @wrapped
    async def inner():
        return 1
    return inner
def factory(app):
    async def left_out(a):
        return [
            a,
        ]
    app.add_route("/", left_out)

    class Inner:
        x = 1
        async def get(self): await self.y; yield 1
        async def post(self):
            yield 2

        y = 2
    return Inner
class Views(Base, metaclass=Meta):
\x0c    def plain(self):
        return (yield)

    @property
    def value(self):
        ("a parenthesis"
         " first")
        return 1
    after = 3
if os.name == "nt":
    def f():
        return 1
elif os.name == "x":
    def f():
        return 2; pass
else:
    try:
        def f():
            return 3
    except ImportError as error:
        def f():
            return 4
    else:
        def g():
            return 5
    finally:
        with open("x") as file, \\
            open("y"):
            def h():
                return 6
for x in range(3):
    def f():
        return x
else:
    def e():
        return 1
while f():
    def w():
        return 1
match x:
    case 1:
        def m():
            return 1
    case _:
        def n():
            return 2
last = f()
def end():
    return """
  a text at the end \\
"""'''


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """The facts of a file, and those that are found when all of it is read."""
    found = scan(data)
    with monkeypatch.context() as patch:
        patch.setattr(package, "without_bodies", lambda tree, places: places.text)
        return found, scan(data)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_facts_are_those_of_the_whole_file(ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, whole = both(ODD.replace("\n", ends).encode(), monkeypatch)
    assert found == whole
    text = ODD.replace("\n", ends)
    read = without_bodies(ast.parse(text), Places(text))
    assert "more" not in read and "self.y" in read and read.count("pass") == 19


def test_facts_of_the_corpus_are_those_of_whole_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FILES:
        found, whole = both(path.read_bytes(), monkeypatch)
        assert found == whole, path


def test_a_chain_of_hundreds_is_no_deep_nesting() -> None:
    tests = "".join(f"elif x == {i}:\n    def f{i}():\n        return {i}\n" for i in range(900))
    text = f"if x:\n    pass\n{tests}"
    assert without_bodies(ast.parse(text), Places(text)).count("return") == 0


def test_what_libcst_cannot_read_is_shown_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is left out may hold it; else its place is that of the whole file."""
    real = libcst.parse_module

    def limited(text: str) -> libcst.Module:
        line = next((at for at, one in enumerate(text.split("\n")) if "unheard" in one), None)
        if line is None:
            return real(text)
        lines = text.split("\n")
        raise libcst.ParserSyntaxError("new", lines=lines, raw_line=line + 1, raw_column=0)

    monkeypatch.setattr(libcst, "parse_module", limited)
    hidden = b"async def f():\n    a = 1\n    unheard()\n\nx = 1\n"
    assert scan(hidden).problem is None
    seen = hidden.replace(b"unheard", b"heard") + b"unheard()\n"
    problem = scan(seen).problem
    assert problem is not None and problem.code == "FC101"
    assert problem.at is not None and problem.at[0] == 6
