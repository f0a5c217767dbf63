"""Expressions: a libcst node and its `ast` twin become one fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from flama_compile.ir import facts
from flama_compile.scan.places import MISSING, Places
from flama_compile.scan.strings import Strings

__all__ = ["Expressions"]

_BINARY: dict[type[cst.CSTNode], str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.BitOr: "|",
    cst.BitAnd: "&",
    cst.BitXor: "^",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.MatrixMultiply: "@",
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.BitOrAssign: "|",
    cst.BitAndAssign: "&",
    cst.BitXorAssign: "^",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.MatrixMultiplyAssign: "@",
}
_UNARY: dict[type[cst.CSTNode], str] = {
    cst.Not: "not",
    cst.Minus: "-",
    cst.Plus: "+",
    cst.BitInvert: "~",
}
_COMPARE: dict[type[cst.CSTNode], str] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
}


class Expressions(Strings):
    """Turns expressions of one file into facts. `statements.Statements` builds on it."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.yields = False
        """Whether a `yield` was met since this was last set to False."""
        self._by_type: dict[type[cst.CSTNode], Callable[[Any, Any], facts.Expression]] = {
            cst.Name: self._name,
            cst.SimpleString: self._literal,
            cst.Integer: self._literal,
            cst.Float: self._literal,
            cst.Imaginary: self._literal,
            cst.ConcatenatedString: self._concatenated,
            cst.FormattedString: self._formatted,
            cst.Ellipsis: lambda node, tree: facts.Ellipsis_(self.places.at(node, tree)),
            cst.Attribute: self._attribute,
            cst.Call: self._call,
            cst.Subscript: self._subscript,
            cst.Tuple: lambda node, tree: self._sequence(facts.Tuple, node, tree),
            cst.List: lambda node, tree: self._sequence(facts.List, node, tree),
            cst.Set: lambda node, tree: self._sequence(facts.Set, node, tree),
            cst.Dict: self._dictionary,
            cst.BinaryOperation: self._binary,
            cst.UnaryOperation: self._unary,
            cst.BooleanOperation: self._boolean,
            cst.Comparison: self._comparison,
            cst.IfExp: self._conditional,
            cst.Lambda: self._lambda,
            cst.ListComp: lambda node, tree: self._comprehension("list", node, tree),
            cst.SetComp: lambda node, tree: self._comprehension("set", node, tree),
            cst.GeneratorExp: lambda node, tree: self._comprehension("generator", node, tree),
            cst.DictComp: self._dict_comprehension,
            cst.NamedExpr: self._walrus,
            cst.Await: lambda node, tree: facts.Await(
                self.expression(node.expression, tree.value), self.places.at(node, tree)
            ),
            cst.Yield: self._yield,
        }

    def expression(self, node: cst.CSTNode, tree: Any) -> facts.Expression:
        """One expression; what cannot be told becomes `Opaque`."""
        convert = self._by_type.get(type(node))
        if convert is None:
            return facts.Opaque(type(node).__name__.lower(), self.places.at(node, tree))
        return convert(node, tree)

    def _name(self, node: cst.Name, tree: Any) -> facts.Expression:
        at = self.places.at(node, tree)
        match node.value:
            case "True":
                return facts.Constant(True, at)
            case "False":
                return facts.Constant(False, at)
            case "None":
                return facts.Constant(None, at)
        return facts.Name(node.value, at)

    def _attribute(self, node: cst.Attribute, tree: Any) -> facts.Expression:
        return facts.Attribute(
            self.expression(node.value, tree.value), node.attr.value, self.places.at(node, tree)
        )

    def _call(self, node: cst.Call, tree: Any) -> facts.Expression:
        return facts.Call(
            self.expression(node.func, tree.func),
            self.arguments(node.args, tree.args, tree.keywords),
            self.places.at(node, tree),
        )

    def arguments(
        self, nodes: Sequence[cst.Arg], positional: Any, keywords: Any
    ) -> tuple[facts.Argument, ...]:
        """Arguments in the order of the source; `ast` keeps the two sorts apart."""
        found: list[facts.Argument] = []
        at_positional = at_keyword = 0
        for node in nodes:
            if node.keyword is not None:
                value = self.expression(node.value, keywords[at_keyword].value)
                found.append(facts.Argument("=", value, node.keyword.value))
                at_keyword += 1
            elif node.star == "**":
                found.append(
                    facts.Argument("**", self.expression(node.value, keywords[at_keyword].value))
                )
                at_keyword += 1
            elif node.star == "*":
                found.append(
                    facts.Argument(
                        "*", self.expression(node.value, positional[at_positional].value)
                    )
                )
                at_positional += 1
            else:
                found.append(
                    facts.Argument("", self.expression(node.value, positional[at_positional]))
                )
                at_positional += 1
        return tuple(found)

    def _subscript(self, node: cst.Subscript, tree: Any) -> facts.Expression:
        at = self.places.at(node, tree)
        value = self.expression(node.value, tree.value)
        elements = node.slice
        single = elements[0]
        starred = isinstance(single.slice, cst.Index) and single.slice.star is not None
        if len(elements) == 1 and not isinstance(single.comma, cst.Comma) and not starred:
            return facts.Subscript(value, self._index(single.slice, tree.slice), at)
        items = tuple(
            self._index(element.slice, tree.slice.elts[i]) for i, element in enumerate(elements)
        )
        return facts.Subscript(value, facts.Tuple(items, at), at)

    def _index(self, node: cst.BaseSlice, tree: Any) -> facts.Expression:
        if isinstance(node, cst.Index):
            if node.star is not None:
                inner = self.expression(node.value, tree.value)
                return facts.Starred(inner, self.places.at(node.value, tree))
            return self.expression(node.value, tree)
        assert isinstance(node, cst.Slice)
        return facts.Slice(
            self._optional(node.lower, tree.lower),
            self._optional(node.upper, tree.upper),
            self._optional(node.step, tree.step),
            self.places.at(node, tree),
        )

    def _optional(self, node: cst.CSTNode | None, tree: Any) -> facts.Expression | None:
        return None if node is None else self.expression(node, tree)

    def _sequence(self, kind: Any, node: Any, tree: Any) -> facts.Expression:
        return kind(self._elements(node, tree), self.places.at(node, tree))

    def _elements(self, node: Any, tree: Any) -> tuple[facts.Expression, ...]:
        found: list[facts.Expression] = []
        for i, element in enumerate(node.elements):
            twin = tree.elts[i]
            if isinstance(element, cst.StarredElement):
                inner = self.expression(element.value, twin.value)
                found.append(facts.Starred(inner, self.places.at(element.value, twin.value)))
            else:
                found.append(self.expression(element.value, twin))
        return tuple(found)

    def _dictionary(self, node: cst.Dict, tree: Any) -> facts.Expression:
        items: list[tuple[facts.Expression | None, facts.Expression]] = []
        for i, element in enumerate(node.elements):
            value = self.expression(element.value, tree.values[i])
            if isinstance(element, cst.DictElement):
                items.append((self.expression(element.key, tree.keys[i]), value))
            else:
                items.append((None, value))
        return facts.Dictionary(tuple(items), self.places.at(node, tree))

    def operator(self, node: cst.CSTNode) -> str:
        """The sign of a binary or augmented operator."""
        return _BINARY.get(type(node), "?")

    def _binary(self, node: cst.BinaryOperation, tree: Any) -> facts.Expression:
        return facts.Binary(
            self.operator(node.operator),
            self.expression(node.left, tree.left),
            self.expression(node.right, tree.right),
            self.places.at(node, tree),
        )

    def _unary(self, node: cst.UnaryOperation, tree: Any) -> facts.Expression:
        return facts.Unary(
            _UNARY[type(node.operator)],
            self.expression(node.expression, tree.operand),
            self.places.at(node, tree),
        )

    def _boolean(self, node: cst.BooleanOperation, tree: Any) -> facts.Expression:
        """`ast` has one node for `a and b and c`, libcst a nested one; parentheses separate."""
        sort = type(node.operator)
        values: list[cst.CSTNode] = []

        def collect(inner: cst.CSTNode, top: bool) -> None:
            if (
                isinstance(inner, cst.BooleanOperation)
                and type(inner.operator) is sort
                and (top or not inner.lpar)
            ):
                collect(inner.left, False)
                collect(inner.right, False)
            else:
                values.append(inner)

        collect(node, True)
        return facts.Boolean(
            "and" if sort is cst.And else "or",
            tuple(self.expression(value, tree.values[i]) for i, value in enumerate(values)),
            self.places.at(node, tree),
        )

    def _comparison(self, node: cst.Comparison, tree: Any) -> facts.Expression:
        rest = tuple(
            (
                _COMPARE[type(target.operator)],
                self.expression(target.comparator, tree.comparators[i]),
            )
            for i, target in enumerate(node.comparisons)
        )
        left = self.expression(node.left, tree.left)
        return facts.Comparison(left, rest, self.places.at(node, tree))

    def _conditional(self, node: cst.IfExp, tree: Any) -> facts.Expression:
        return facts.Conditional(
            self.expression(node.test, tree.test),
            self.expression(node.body, tree.body),
            self.expression(node.orelse, tree.orelse),
            self.places.at(node, tree),
        )

    def _lambda(self, node: cst.Lambda, tree: Any) -> facts.Expression:
        parameters = self.parameters(node.params, tree.args)
        kept = self.yields
        body = self.expression(node.body, tree.body)
        self.yields = kept
        return facts.Lambda(parameters, body, self.places.at(node, tree))

    def _comprehension(self, kind: Any, node: Any, tree: Any) -> facts.Expression:
        return facts.Comprehension(
            kind,
            None,
            self.expression(node.elt, tree.elt),
            self._clauses(node.for_in, tree),
            self.places.at(node, tree),
        )

    def _dict_comprehension(self, node: cst.DictComp, tree: Any) -> facts.Expression:
        return facts.Comprehension(
            "dict",
            self.expression(node.key, tree.key),
            self.expression(node.value, tree.value),
            self._clauses(node.for_in, tree),
            self.places.at(node, tree),
        )

    def _clauses(self, node: cst.CompFor | None, tree: Any) -> tuple[facts.Clause, ...]:
        found: list[facts.Clause] = []
        while node is not None:
            twin = tree.generators[len(found)]
            found.append(
                facts.Clause(
                    self.expression(node.target, twin.target),
                    self.expression(node.iter, twin.iter),
                    tuple(
                        self.expression(condition.test, twin.ifs[i])
                        for i, condition in enumerate(node.ifs)
                    ),
                    node.asynchronous is not None,
                )
            )
            node = node.inner_for_in
        return tuple(found)

    def _walrus(self, node: cst.NamedExpr, tree: Any) -> facts.Expression:
        assert isinstance(node.target, cst.Name)
        return facts.Walrus(
            node.target.value,
            self.expression(node.value, tree.value),
            self.places.at(node, tree),
        )

    def _yield(self, node: cst.Yield, tree: Any) -> facts.Expression:
        self.yields = True
        at = self.places.at(node, tree)
        if node.value is None:
            return facts.Yield(None, False, at)
        if isinstance(node.value, cst.From):
            return facts.Yield(self.expression(node.value.item, tree.value), True, at)
        return facts.Yield(self.expression(node.value, tree.value), False, at)

    def parameters(self, node: cst.Parameters, tree: Any) -> facts.Parameters:
        """Declared parameters in order, with annotations and defaults."""
        found: list[facts.Parameter] = []
        positional = len(node.posonly_params) + len(node.params)
        default = sum(1 for one in (*node.posonly_params, *node.params) if one.default is not None)
        first_default = positional - default
        for i, one in enumerate(node.posonly_params):
            twin = MISSING if i < first_default else tree.defaults[i - first_default]
            found.append(self._parameter(one, "positional-only", tree.posonlyargs[i], twin))
        for i, one in enumerate(node.params):
            place = i + len(node.posonly_params) - first_default
            twin = MISSING if place < 0 else tree.defaults[place]
            found.append(self._parameter(one, "positional", tree.args[i], twin))
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, "var-positional", tree.vararg, MISSING))
        for i, one in enumerate(node.kwonly_params):
            found.append(
                self._parameter(one, "keyword-only", tree.kwonlyargs[i], tree.kw_defaults[i])
            )
        if node.star_kwarg is not None:
            found.append(self._parameter(node.star_kwarg, "var-keyword", tree.kwarg, MISSING))
        return tuple(found)

    def annotation(self, node: cst.BaseExpression, tree: Any) -> facts.Expression:
        """An annotation: strings in it are types, except in `Literal` and in metadata."""
        return self._quoted(self.expression(node, tree))

    def _quoted(self, fact: facts.Expression) -> facts.Expression:
        match fact:
            case facts.Constant(value=str() as text):
                try:
                    node = cst.parse_expression(text.strip())
                except cst.ParserSyntaxError:
                    return fact
                with self.places.fixed(fact.at):
                    return facts.Quoted(text, self._quoted(self.expression(node, MISSING)), fact.at)
            case facts.Subscript():
                name = getattr(fact.value, "name", None) or getattr(fact.value, "id", "")
                if name == "Literal":
                    return fact
                if name == "Annotated" and isinstance(fact.index, facts.Tuple):
                    first, *rest = fact.index.items
                    items = (self._quoted(first), *rest)
                    return fact._replace(index=fact.index._replace(items=items))
                return fact._replace(index=self._quoted(fact.index))
            case facts.Tuple():
                return fact._replace(items=tuple(map(self._quoted, fact.items)))
            case facts.Binary():
                return fact._replace(left=self._quoted(fact.left), right=self._quoted(fact.right))
        return fact

    def _parameter(self, node: cst.Param, kind: Any, tree: Any, default: Any) -> facts.Parameter:
        annotation: facts.Expression | None = None
        if node.annotation is not None:
            annotation = self.annotation(node.annotation.annotation, tree.annotation)
        value: facts.Expression | None = None
        text = ""
        if node.default is not None:
            value = self.expression(node.default, default)
            text = self.places.source(self.places.at(node.default, default))
        at = self.places.at(node, tree)
        return facts.Parameter(node.name.value, kind, annotation, value, text, at)
