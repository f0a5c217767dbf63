"""Binders: the functions that fill a view's parameters from one request.

    def bind_item_id_q(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
    ) -> Awaitable[Any]:
        query = query_of(scope)
        try:
            q = query["q"]
        except (KeyError, Mismatch):
            raise query_errors(view, query, q=to_str) from None
        return view.call(item_id=int(segments[2]), q=q)

A verb of a class is called on a new instance, `view.instance(…).get(item_id=…)`. Views that are
filled by the same text share a binder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flama_compile.emit.names import Names, snake
from flama_compile.emit.writer import Writer, literal
from flama_compile.ir.plan import PRIMITIVES, Argument

__all__ = ["Binders"]

_MAKES = {"int": "int", "float": "float", "decimal": "Decimal", "uuid": "UUID"}

_CONVERTS = {f"to_{word}" for word in PRIMITIVES}

_USED = {
    *("view", "scope", "receive", "send", "segments", "query"),
    *("Any", "Awaitable", "KeyError", "Mismatch", "as_declared", "is_json", "path_errors"),
    *("prefix_text", "query_errors", "query_of", "read_body"),
    *_MAKES.values(),
    *_CONVERTS,
}
"""Names that a binder's text may use: the local variable of a parameter has another."""

_ALWAYS = {
    "str": ("str",),
    "int": ("str", "int", "float", "decimal"),
    "float": ("str", "float", "decimal"),
    "decimal": ("str", "float", "decimal"),
    "uuid": ("str", "uuid"),
}
"""By type of a segment: the types that every text of it can be read as."""

_WORDS = {"*": "declared"}
"""What a name says for an annotation that is no primitive."""


class Binders:
    """The binders of one module, each text written once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._by_text: dict[tuple[bool, tuple[str, ...]], str] = {}
        self._texts: list[tuple[str, bool, tuple[str, ...]]] = []
        self.imports: set[str] = set()
        """Names of `flama.dispatch` that the texts use."""

    def take(self, given: Sequence[Argument], verb: str = "") -> list[str]:
        """The arguments of `views.take` for a view that is not live.

        :param verb: The name of the method, for a class.
        """
        arguments = [self._binder(given, verb)]
        if verb:
            arguments.insert(0, literal(verb))
        reads = [
            argument.name
            for argument in given
            if argument.source == "query" and argument.type == "*"
        ]
        if reads:
            inside = ", ".join(map(literal, reads))
            arguments.append(f"reads=({inside}{',' if len(reads) == 1 else ''})")
        for argument in given:
            if argument.source == "body":
                arguments.append(f"body={literal(argument.name)}")
        return arguments

    def write(self, writer: Writer) -> None:
        """All of them."""
        for name, waits, lines in self._texts:
            writer.gap()
            head, result = ("async def", "Any") if waits else ("def", "Awaitable[Any]")
            writer.line(f"{head} {name}(")
            with writer.indented():
                writer.line(
                    "view: View, scope: Scope, receive: Receive, send: Send, segments: Segments"
                )
            with writer.block(f") -> {result}:"):
                for line in lines:
                    writer.line(line)

    def _binder(self, arguments: Sequence[Argument], verb: str) -> str:
        if not arguments and not verb:
            self.imports.add("no_arguments")
            return "no_arguments"
        waits = any(argument.source == "body" for argument in arguments)
        text = tuple(self._lines(arguments, verb))
        name = self._by_text.get((waits, text))
        if name is None:
            words = [*([verb] if verb else ()), *(argument.name for argument in arguments)]
            wish = f"bind_{snake(words, 'values')}"
            types = [_WORDS.get(a.type, a.type or a.segment) for a in arguments]
            typed = f"{wish}_as_{snake(types, 'values')}"
            placed = "_".join(str(a.position) for a in arguments if a.source == "path")
            name = self._names.give(
                wish, *((f"{wish}_at_{placed}", f"{typed}_at_{placed}") if placed else (typed,))
            )
            self._by_text[waits, text] = name
            self._texts.append((name, waits, text))
            self.imports.update(("Receive", "Scope", "Segments", "Send", "View"))
        return name

    def _lines(self, arguments: Sequence[Argument], verb: str) -> list[str]:
        writer = Writer()
        writer.level = 1
        given: list[str] = []
        waits = any(argument.source == "body" for argument in arguments)
        # The instance of a class has the bytes of the body, too: its request may be asked for them.
        used = {*_USED, "raw"} if verb and waits else _USED
        locals_ = {a.name: f"{a.name}_" if a.name in used else a.name for a in arguments}
        path = [a for a in arguments if a.source == "path"]
        query = [a for a in arguments if a.source == "query"]
        doubtful = [a for a in path if not self._certain(a)]
        if doubtful:
            self._read_path(writer, doubtful, locals_)
        if query:
            self._read_query(writer, query, locals_)
        for argument in arguments:
            value = locals_[argument.name]
            if argument.source == "path" and argument not in doubtful:
                value = self._value(argument)
            if argument.source == "body":
                self.imports.update(("as_declared", "is_json", "read_body"))
                with writer.block("if not is_json(scope):"):
                    writer.line("return await as_declared(view, scope, receive, send, segments)")
                if verb:
                    writer.line("raw = await read_body(receive)")
                    writer.line(f"{value} = view.body(raw)")
                else:
                    writer.line(f"{value} = view.body(await read_body(receive))")
            given.append(value if argument.positional else f"{argument.name}={value}")
        call = "view.call("
        if verb:
            raw = ", raw" if waits else ""
            call = f"view.instance(scope, receive, send, segments{raw}).{verb}("
        writer.items(f"return {'await ' if waits else ''}{call}", given, ")")
        return [line[4:] for line in writer.lines]

    def _read_path(
        self, writer: Writer, path: Sequence[Argument], names: Mapping[str, str]
    ) -> None:
        """Statements that read segments as types that not every text of them has."""
        self.imports.update(("Mismatch", "path_errors"))
        reads = [(a.name, self._convert(a), self._text(a)) for a in path]
        with writer.block("try:"):
            for name, convert, text in reads:
                writer.line(f"{names[name]} = {convert}({text})")
        with writer.block("except Mismatch:"):
            items = [f"{name}=({convert}, {text})" for name, convert, text in reads]
            writer.items("raise path_errors(", items, ") from None")

    def _read_query(
        self, writer: Writer, query: Sequence[Argument], names: Mapping[str, str]
    ) -> None:
        """Statements that read values of the query.

        PERF: nothing is asked of values that are as they should be; what is wrong is found out
        when something is. A call for each value, with a place for its error, took twice as long.
        """
        self.imports.update(("Mismatch", "query_errors", "query_of"))
        writer.line("query = query_of(scope)")
        with writer.block("try:"):
            for argument in query:
                self._query_value(writer, argument, names[argument.name])
        with writer.block("except (KeyError, Mismatch):"):
            items = [f"{a.name}={self._convert(a)}" for a in query]
            writer.items("raise query_errors(", ["view", "query", *items], ") from None")

    def _query_value(self, writer: Writer, argument: Argument, local: str) -> None:
        key = literal(argument.name)
        read = f"query[{key}]"
        if argument.type != "str":
            read = f"{self._convert(argument)}({read})"
        if argument.required:
            writer.line(f"{local} = {read}")
            return
        parts = [read, f"if {key} in query", f"else view.defaults[{key}]"]
        if writer.fits(f"{local} = {' '.join(parts)}"):
            writer.line(f"{local} = {' '.join(parts)}")
            return
        with writer.block(f"{local} = ("):
            for line in [" ".join(parts)] if writer.fits(" ".join(parts)) else parts:
                writer.line(line)
        writer.line(")")

    def _certain(self, argument: Argument) -> bool:
        return not argument.type or argument.type in _ALWAYS[argument.segment]

    def _convert(self, argument: Argument) -> str:
        if argument.type == "*":
            return f"view.reads[{literal(argument.name)}]"
        name = f"to_{argument.type}"
        self.imports.add(name)
        return name

    def _value(self, argument: Argument) -> str:
        text = self._text(argument)
        make = _MAKES.get(argument.type or argument.segment)
        if make in ("Decimal", "UUID"):
            self.imports.add(make)
        return f"{make}({text})" if make else text

    def _text(self, argument: Argument) -> str:
        if argument.position:
            return f"segments[{argument.position}]"
        self.imports.add("prefix_text")
        return f"prefix_text(scope, {literal(argument.name)})"
