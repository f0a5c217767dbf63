"""The match functions of one unit: from a path to its resource and its segments.

def match_http(path: str) -> Match:
    resource = HTTP_STATIC.get(path)
    if resource is not None:
        return resource, ()
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    if segments[1] == "items":
        return http_items(segments)
    return NOT_FOUND
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from flama_compile.emit.names import Names, snake, words_of
from flama_compile.emit.writer import Writer, literal
from flama_compile.ir.plan import (
    Answer,
    Block,
    Call,
    Count,
    Each,
    Function,
    Is,
    Longer,
    Matcher,
    OfType,
    Resource,
    Rows,
    Switch,
    Table,
    Test,
    When,
)

__all__ = ["MatcherText"]

_CHECKS = {"int": "is_int", "float": "is_number", "uuid": "is_uuid"}


class MatcherText:
    """Writes one matcher. Functions and tables stand below the function that uses them."""

    def __init__(
        self, writer: Writer, names: Names, resources: Mapping[Resource, str], label: str
    ) -> None:
        self._writer = writer
        self._names = names
        self._resources = resources
        self._label = label
        self._functions: dict[int, str] = {}
        self._tables: list[tuple[str, list[_Row], str]] = []
        self._later: list[Function] = []
        self.imports = {"Match"}
        """Names of `flama.dispatch` that the text uses."""

    def write(self, name: str, matcher: Matcher, about: str) -> None:
        """The match function `name`, then what it calls, then the tables that all of them use."""
        writer = self._writer
        writer.gap()
        with writer.block(f"def {name}(path: str) -> Match:"):
            writer.line(f'"""{about}"""')
            if matcher.static:
                table = self._table("static", matcher.static)
                writer.line(f"resource = {table}.get(path)")
                with writer.block("if resource is not None:"):
                    writer.line("return resource, ()")
            if matcher.outside.nothing and matcher.block in ((), (Answer(Resource()),)):
                self._answer(Resource())
            elif matcher.block == (Answer(matcher.outside),):
                writer.line(f'return {self._resources[matcher.outside]}, path.split("/")')
            else:
                writer.line('segments = path.split("/")')
                with writer.block("if segments[0] or not path:"):
                    self._answer(matcher.outside)
                self._body(matcher.block, True)
        while self._later:
            self._function(self._later.pop(0))
        if self._tables:
            writer.gap()
        for table, rows, type in self._tables:
            with writer.block(f"{table}: {type} = {{"):
                self._write_rows(rows)
            writer.line("}")

    def _function(self, function: Function) -> None:
        writer = self._writer
        writer.gap()
        result = "Match" if function.final else "Match | None"
        name = self._functions[id(function)]
        with writer.block(f"def {name}(segments: list[str]) -> {result}:"):
            writer.line(f'"""{_plain(function.shape)}"""')
            self._body(function.block, function.final)

    def _body(self, block: Block, final: bool) -> None:
        """A whole function's block, with the name `count` where it is asked for twice."""
        asked = sum(1 for _ in _counts(block))
        if asked > 1:
            self._writer.line("count = len(segments)")
        ended = self._block(block, "count" if asked > 1 else "len(segments)")
        if not ended:
            if final:
                self._answer(Resource())
            else:
                self._writer.line("return None")

    def _block(self, block: Block, count: str) -> bool:
        """Writes the steps; says whether nothing can come after them."""
        writer = self._writer
        for step in block:
            match step:
                case Answer(resource=resource):
                    self._answer(resource)
                    return True
                case When(tests=tests, then=then):
                    writer.when([self._condition(test, count) for test in tests])
                    with writer.indented():
                        self._block(then, count)
                case Table(tests=tests):
                    before = [test for test in tests if not isinstance(test, OfType)]
                    if before:
                        writer.when([self._condition(test, count) for test in before])
                    with writer.indented() if before else _nothing():
                        self._look_up(step, count)
                case Switch(words=words, position=position, rows=branches, final=final):
                    table = self._switch(words, branches, final)
                    writer.line(f"branch = {table}.get(segments[{position}])")
                    if final:
                        with writer.block("if branch is not None:"):
                            writer.line("return branch(segments)")
                    else:
                        writer.line("found = None if branch is None else branch(segments)")
                        self._found()
                case Call(function=function, final=final):
                    name = self._named(function)
                    if final:
                        writer.line(f"return {name}(segments)")
                        return True
                    writer.line(f"found = {name}(segments)")
                    self._found()
                case Each():
                    self._each(step, count)
        return False

    def _look_up(self, step: Table, count: str) -> None:
        writer = self._writer
        table = self._table("_".join(words_of(" ".join(step.words))), step.rows)
        asked = [f"segments[{position}]" for position in step.positions]
        if len(asked) > 1:
            self.imports.add("NO_ROWS")
        writer.chain("resource", table, [*(f"{key}, NO_ROWS" for key in asked[:-1]), asked[-1]])
        types = [self._condition(test, count) for test in step.tests if isinstance(test, OfType)]
        writer.when(["resource is not None", *types])
        with writer.indented():
            writer.line("return resource, segments")

    def _found(self) -> None:
        with self._writer.block("if found is not None:"):
            self._writer.line("return found")

    def _each(self, step: Each, count: str) -> None:
        writer = self._writer
        writer.line("# These templates overlap too much for a tree: each is tested, in order.")
        self.imports.update(("Resource", "overlap"))
        writer.line("every: list[Resource] = []")
        for row in step.rows:
            conditions = [self._condition(test, count) for test in row.tests]
            if conditions:
                writer.when(conditions)
            with writer.indented() if conditions else _nothing():
                if not (row.ends and row.resource.nothing):
                    writer.line(f"every.append({self._named_resource(row.resource)})")
                if row.ends:
                    writer.line("return overlap(every), segments")
        with writer.block("if every:"):
            writer.line("return overlap(every), segments")

    def _condition(self, test: Test, count: str) -> str:
        match test:
            case Count(number):
                return f"{count} == {number}"
            case Longer(number):
                return f"{count} > {number}"
            case Is(position, ""):
                return f"not segments[{position}]"
            case Is(position, text):
                return f"segments[{position}] == {literal(text)}"
        if test.type == "str":
            return f"segments[{test.position}]"
        self.imports.add(_CHECKS[test.type])
        return f"{_CHECKS[test.type]}(segments[{test.position}])"

    def _answer(self, resource: Resource) -> None:
        if resource.nothing:
            self.imports.add("NOT_FOUND")
            self._writer.line("return NOT_FOUND")
            return
        name = self._resources[resource]
        one = f"return {name}, segments"
        if self._writer.fits(one):
            self._writer.line(one)
        else:
            self._writer.items("return (", [name, "segments"], ")")

    def _table(self, word: str, rows: Rows) -> str:
        name = self._table_name(word)
        self.imports.add("Resource")
        self._tables.append((name, self._rows(rows), f"dict[str, {_value(rows)}]"))
        return name

    def _rows(self, rows: Rows) -> list[_Row]:
        """Rows with the names of what they lead to."""
        return [
            (
                text,
                (
                    self._named_resource(target)
                    if isinstance(target, Resource)
                    else self._rows(target)
                ),
            )
            for text, target in rows
        ]

    def _write_rows(self, rows: Sequence[_Row]) -> None:
        # A table is longer than its rows are interesting: one row a line, always.
        writer = self._writer
        for text, target in rows:
            if isinstance(target, str):
                writer.line(f"{literal(text)}: {target},")
            else:
                with writer.block(f"{literal(text)}: {{"):
                    self._write_rows(target)
                writer.line("},")

    def _named_resource(self, resource: Resource) -> str:
        if resource.nothing:
            self.imports.add("NOTHING")
            return "NOTHING"
        return self._resources[resource]

    def _switch(
        self, words: tuple[str, ...], rows: tuple[tuple[str, Function], ...], final: bool
    ) -> str:
        name = self._table_name("_".join(words_of(" ".join(words))) or "branches")
        named: list[_Row] = [(text, self._named(function)) for text, function in rows]
        value = "Branch" if final else "MaybeBranch"
        self.imports.add(value)
        self._tables.append((name, named, f"dict[str, {value}]"))
        return name

    def _table_name(self, word: str) -> str:
        wish = f"{self._label}_{snake([word], 'paths')}".upper()
        return self._names.give(wish, f"{wish}_TABLE")

    def _named(self, function: Function) -> str:
        name = self._functions.get(id(function))
        if name is None:
            wish = f"{self._label}_{snake(words_of(' '.join(function.words)), 'other')}"
            name = self._functions[id(function)] = self._names.give(wish)
            self._later.append(function)
        return name


_Row = tuple[str, "str | list[_Row]"]
"""The text that is looked up, and the name of what it leads to, or the rows of a table."""


def _value(rows: Rows) -> str:
    """The type of a table's values."""
    _, target = rows[0]
    return "Resource" if isinstance(target, Resource) else f"dict[str, {_value(target)}]"


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _plain(text: str) -> str:
    """Text for a docstring of one line: no quote, backslash or control character of its own."""
    kept = "".join(char if char.isprintable() and char not in '"\\' else "?" for char in text)
    return kept if len(kept) <= 70 else f"{kept[:69]}…"


def _counts(block: Block) -> Iterator[Test]:
    """Tests of the number of parts in one function's text."""
    for step in block:
        match step:
            case When(tests=tests, then=then):
                yield from (test for test in tests if isinstance(test, Count | Longer))
                yield from _counts(then)
            case Table(tests=tests):
                yield from (test for test in tests if isinstance(test, Count | Longer))
            case Each(rows=rows):
                for row in rows:
                    yield from (test for test in row.tests if isinstance(test, Count | Longer))
            case _:
                pass
