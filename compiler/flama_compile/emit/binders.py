"""Binders: the functions that fill a view's parameters from one request.

    def bind_item_id_q(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
    ) -> Awaitable[Any]:
        query = query_of(scope)
        errors: Errors = {}
        q = query_value(query, "q", to_str, errors)
        if errors:
            raise ValidationError(errors)
        return view.call(item_id=int(segments[2]), q=q)

Views that are filled by the same text share a binder.
"""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.emit.names import Names, snake, words_of
from flama_compile.emit.writer import Writer, literal
from flama_compile.ir.plan import PRIMITIVES, Argument, Binding

__all__ = ["Binders"]

_MAKES = {"int": "int", "float": "float", "decimal": "Decimal", "uuid": "UUID"}

_CONVERTS = {f"to_{word}" for word in PRIMITIVES}

_USED = {
    *("view", "scope", "receive", "send", "segments", "query", "errors"),
    *("Any", "Awaitable", "Errors", "ValidationError", "as_declared", "is_json", "path_value"),
    *("prefix_text", "query_of", "query_value", "read_body"),
    *_MAKES.values(),
    *_CONVERTS,
}
"""Names that a binder's text may use: a local variable has another."""

_ALWAYS = {
    "str": ("str",),
    "int": ("str", "int", "float", "decimal"),
    "float": ("str", "float", "decimal"),
    "decimal": ("str", "float", "decimal"),
    "uuid": ("str", "uuid"),
}
"""By type of a segment: the types that every text of it can be read as."""


class Binders:
    """The binders of one module, each text written once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._by_text: dict[tuple[bool, tuple[str, ...]], str] = {}
        self._texts: list[tuple[str, bool, tuple[str, ...]]] = []
        self.imports: set[str] = set()
        """Names of `flama.dispatch` that the texts use."""

    def take(self, binding: Binding) -> str:
        """The arguments of `views.take` for a view that is not live."""
        arguments = [self._binder(binding.arguments)]
        reads = [
            argument.name
            for argument in binding.arguments
            if argument.source == "query" and argument.type == "*"
        ]
        if reads:
            inside = ", ".join(map(literal, reads))
            arguments.append(f"reads=({inside}{',' if len(reads) == 1 else ''})")
        for argument in binding.arguments:
            if argument.source == "body":
                arguments.append(f"body={literal(argument.name)}")
        if binding.checked:
            arguments.append("checked=True")
        return ", ".join(arguments)

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

    def _binder(self, arguments: Sequence[Argument]) -> str:
        if not arguments:
            self.imports.add("no_arguments")
            return "no_arguments"
        waits = any(argument.source == "body" for argument in arguments)
        text = tuple(self._lines(arguments))
        name = self._by_text.get((waits, text))
        if name is None:
            words = [argument.name for argument in arguments]
            wish = f"bind_{snake(words, 'values')}"
            kinds = [
                word
                for a in arguments
                for word in words_of(a.type or a.segment or "text") or ["text"]
            ]
            typed = f"{wish}_as_{snake(kinds, 'text')}"
            placed = "_".join(str(a.position) for a in arguments if a.source == "path")
            name = self._names.give(wish, typed, f"{typed}_at_{placed}" if placed else typed)
            self._by_text[waits, text] = name
            self._texts.append((name, waits, text))
            self.imports.update(("Receive", "Scope", "Segments", "Send", "View"))
        return name

    def _lines(self, arguments: Sequence[Argument]) -> list[str]:
        writer = Writer()
        writer.level = 1
        given: list[str] = []
        locals_ = {argument.name: _local(argument.name) for argument in arguments}
        path = [a for a in arguments if a.source == "path"]
        query = [a for a in arguments if a.source == "query"]
        doubtful = [a for a in path if not self._certain(a)]
        if doubtful or query:
            self.imports.update(("Errors", "ValidationError"))
            writer.line("errors: Errors = {}")
        if doubtful:
            self.imports.add("path_value")
            for argument in doubtful:
                convert = self._convert(argument)
                items = [literal(argument.name), self._text(argument), convert, "errors"]
                writer.items(f"{locals_[argument.name]} = path_value(", items, ")")
            if query:
                self._raise(writer)
        if query:
            self.imports.update(("query_of", "query_value"))
            writer.line("query = query_of(scope)")
            for argument in query:
                items = ["query", literal(argument.name), self._convert(argument), "errors"]
                if not argument.required:
                    items.append("view.defaults")
                writer.items(f"{locals_[argument.name]} = query_value(", items, ")")
        if doubtful or query:
            self._raise(writer)
        for argument in arguments:
            value = locals_[argument.name]
            if argument.source == "path" and argument not in doubtful:
                value = self._value(argument)
            if argument.source == "body":
                self.imports.update(("as_declared", "is_json", "read_body"))
                with writer.block("if not is_json(scope):"):
                    writer.line("return await as_declared(view, scope, receive, send, segments)")
                writer.line(f"{value} = view.body(await read_body(receive))")
            given.append(value if argument.positional else f"{argument.name}={value}")
        waits = any(argument.source == "body" for argument in arguments)
        writer.items(f"return {'await ' if waits else ''}view.call(", given, ")")
        return [line[4:] for line in writer.lines]

    def _raise(self, writer: Writer) -> None:
        with writer.block("if errors:"):
            writer.line("raise ValidationError(errors)")

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


def _local(name: str) -> str:
    """The local variable for a parameter: its name, unless the binder needs that for itself."""
    return f"{name}_" if name in _USED else name
