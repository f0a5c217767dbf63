"""Statements: bodies of modules, classes and functions become lists of facts."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any

import libcst as cst

from flama_compile.ir import facts
from flama_compile.scan.bodies import is_kept
from flama_compile.scan.expressions import Expressions
from flama_compile.scan.patterns import read_pattern
from flama_compile.scan.places import MISSING, Places

__all__ = ["Statements"]

_NAMED = re.compile(r"^((?:async\s+)?def|class)\s+\w+")
Body = tuple[facts.Statement, ...]


class Statements(Expressions):
    """Turns the statements of one file into facts.

    Bodies of functions are converted when `deep` is set, or when their text makes it likely that
    they take part in registration. All others are left out: most are handlers, which run later.
    """

    def __init__(self, places: Places, deep: bool) -> None:
        super().__init__(places)
        self.deep = deep
        self.complete = True
        """Whether no body was left out."""
        self._statements: dict[type[cst.CSTNode], Callable[[Any, Any], facts.Statement | None]] = {
            cst.Expr: self._evaluate,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated,
            cst.AugAssign: self._augmented,
            cst.Import: self._import,
            cst.ImportFrom: self._from_import,
            cst.Return: lambda node, tree: facts.Return(
                self._optional(node.value, tree.value), self.places.at(node, tree)
            ),
            cst.Raise: lambda node, tree: facts.Raise(
                None if node.exc is None else self.expression(node.exc, tree.exc),
                self.places.at(node, tree),
            ),
            cst.Assert: lambda node, tree: facts.Assert(
                self.expression(node.test, tree.test), self.places.at(node, tree)
            ),
            cst.Pass: lambda node, tree: None,
            cst.Break: lambda node, tree: facts.Break(self.places.at(node, tree)),
            cst.Continue: lambda node, tree: facts.Continue(self.places.at(node, tree)),
            cst.Global: lambda node, tree: self._global(node, tree, False),
            cst.Nonlocal: lambda node, tree: self._global(node, tree, True),
            cst.Del: self._delete,
            cst.TypeAlias: self._type_alias,
            cst.FunctionDef: self._function,
            cst.ClassDef: self._class,
            cst.If: self._if,
            cst.For: self._for,
            cst.While: self._while,
            cst.Try: self._try,
            cst.TryStar: self._try,
            cst.With: self._with,
            cst.Match: self._match,
        }

    def body(self, nodes: Iterable[cst.CSTNode], tree: Any) -> Body:
        """The statements of a block; `tree` is `ast`'s list for it."""
        found: list[facts.Statement] = []
        index = 0
        for node in nodes:
            smalls = node.body if isinstance(node, cst.SimpleStatementLine) else (node,)
            for small in smalls:
                fact = self._statements[type(small)](small, tree[index])
                index += 1
                if fact is not None:
                    found.append(fact)
        if tree is not MISSING and index != len(tree):
            raise ValueError("the two readings of a file have come apart")
        return tuple(found)

    def _block(self, node: Any, tree: Any) -> Body:
        """The body of a compound statement: an indented block, or small statements on its line."""
        if isinstance(node, cst.IndentedBlock):
            return self.body(node.body, tree)
        return self.body((cst.SimpleStatementLine(node.body),), tree)

    def _evaluate(self, node: cst.Expr, tree: Any) -> facts.Statement | None:
        value = self.expression(node.value, tree.value)
        if isinstance(value, facts.Constant | facts.Ellipsis_):
            return None
        return facts.Evaluate(value, self.places.at(node, tree))

    def _assign(self, node: cst.Assign, tree: Any) -> facts.Statement:
        targets = tuple(
            self.expression(target.target, tree.targets[i]) for i, target in enumerate(node.targets)
        )
        value = self.expression(node.value, tree.value)
        return facts.Assignment(targets, value, self.places.at(node, tree))

    def _annotated(self, node: cst.AnnAssign, tree: Any) -> facts.Statement:
        return facts.AnnotatedAssignment(
            self.expression(node.target, tree.target),
            self.annotation(node.annotation.annotation, tree.annotation),
            self._optional(node.value, tree.value),
            self.places.at(node, tree),
        )

    def _augmented(self, node: cst.AugAssign, tree: Any) -> facts.Statement:
        return facts.AugmentedAssignment(
            self.expression(node.target, tree.target),
            self.operator(node.operator),
            self.expression(node.value, tree.value),
            self.places.at(node, tree),
        )

    def _import(self, node: cst.Import, tree: Any) -> facts.Statement:
        names = tuple((dotted(alias.name), _alias(alias.asname)) for alias in node.names)
        return facts.Import(names, self.places.at(node, tree))

    def _from_import(self, node: cst.ImportFrom, tree: Any) -> facts.Statement:
        at = self.places.at(node, tree)
        names: tuple[tuple[str, str, facts.At], ...]
        if isinstance(node.names, cst.ImportStar):
            names = (("*", "", at),)
        else:
            names = tuple(
                (dotted(alias.name), _alias(alias.asname), self.places.at(alias, tree.names[i]))
                for i, alias in enumerate(node.names)
            )
        module = "" if node.module is None else dotted(node.module)
        return facts.FromImport(module, len(node.relative), names, at)

    def _global(self, node: Any, tree: Any, is_nonlocal: bool) -> facts.Statement:
        names = tuple(item.name.value for item in node.names)
        return facts.Global(names, is_nonlocal, self.places.at(node, tree))

    def _delete(self, node: cst.Del, tree: Any) -> facts.Statement:
        at = self.places.at(node, tree)
        many = isinstance(node.target, cst.Tuple) and not node.target.lpar
        if not many:
            return facts.Delete((self.expression(node.target, tree.targets[0]),), at)
        assert isinstance(node.target, cst.Tuple)
        return facts.Delete(
            tuple(
                self.expression(element.value, tree.targets[i])
                for i, element in enumerate(node.target.elements)
            ),
            at,
        )

    def _type_alias(self, node: cst.TypeAlias, tree: Any) -> facts.Statement:
        return facts.TypeAliasStatement(
            node.name.value,
            self.expression(node.value, tree.value),
            _type_parameters(node.type_parameters),
            self.places.at(node, tree),
        )

    def _decorators(self, node: Any, tree: Any) -> tuple[facts.Expression, ...]:
        found: list[facts.Expression] = []
        for i, decorator in enumerate(node.decorators):
            fact = self.expression(decorator.decorator, tree.decorator_list[i])
            # A decorator's place takes its `@` in, so that it starts where people see it start.
            found.append(fact._replace(at=self.places.with_sign(fact.at)))
        return tuple(found)

    def _function(self, node: cst.FunctionDef, tree: Any) -> facts.Statement:
        whole = self.places.at(node, tree)
        is_async = node.asynchronous is not None
        decorators = self._decorators(node, tree)
        parameters = self.parameters(node.params, tree.args)
        returns = None
        if node.returns is not None:
            returns = self.annotation(node.returns.annotation, tree.returns)
        body: Body | None = None
        text = self.places.below(whole[0], whole[2])
        generator = "yield" in text
        if self.deep or is_kept(is_async, text):
            kept, self.yields = self.yields, False
            body = self._block(node.body, tree.body)
            generator, self.yields = self.yields, kept
        else:
            self.complete = False
        return facts.Function(
            node.name.value,
            parameters,
            returns,
            decorators,
            body,
            is_async,
            generator,
            _type_parameters(node.type_parameters),
            _digest(self.places.block(whole[0], whole[2]), tree, whole),
            self.places.named(whole, node.name.value),
        )

    def _class(self, node: cst.ClassDef, tree: Any) -> facts.Statement:
        whole = self.places.at(node, tree)
        decorators = self._decorators(node, tree)
        # libcst keeps keyword arguments apart from bases, as `ast` does.
        bases = self.arguments((*node.bases, *node.keywords), tree.bases, tree.keywords)
        return facts.Class(
            node.name.value,
            bases,
            decorators,
            self._block(node.body, tree.body),
            _type_parameters(node.type_parameters),
            _digest(self.places.block(whole[0], whole[2]), tree, whole),
            self.places.named(whole, node.name.value),
        )

    def _if(self, node: cst.If, tree: Any) -> facts.Statement:
        otherwise: Body = ()
        if isinstance(node.orelse, cst.Else):
            otherwise = self._block(node.orelse.body, tree.orelse)
        elif node.orelse is not None:
            otherwise = (self._if(node.orelse, tree.orelse[0]),)
        test = self.expression(node.test, tree.test)
        return facts.If(
            test, self._block(node.body, tree.body), otherwise, self._head(node, tree, test.at)
        )

    def _head(self, node: cst.CSTNode, tree: Any, last: facts.At) -> facts.At:
        """From the keyword of a compound statement to the end of its last expression."""
        start = self.places.at(node, tree)
        return (start[0], start[1], last[2], last[3])

    def _keyword(self, node: cst.CSTNode, tree: Any, word: str) -> facts.At:
        line, column, _, _ = self.places.at(node, tree)
        return (line, column, line, column + len(word))

    def _for(self, node: cst.For, tree: Any) -> facts.Statement:
        iterable = self.expression(node.iter, tree.iter)
        return facts.For(
            self.expression(node.target, tree.target),
            iterable,
            self._block(node.body, tree.body),
            self._else(node, tree),
            self._head(node, tree, iterable.at),
        )

    def _while(self, node: cst.While, tree: Any) -> facts.Statement:
        test = self.expression(node.test, tree.test)
        return facts.While(
            test,
            self._block(node.body, tree.body),
            self._else(node, tree),
            self._head(node, tree, test.at),
        )

    def _else(self, node: Any, tree: Any) -> Body:
        return () if node.orelse is None else self._block(node.orelse.body, tree.orelse)

    def _try(self, node: Any, tree: Any) -> facts.Statement:
        handlers = tuple(
            facts.Handler(
                None if handler.type is None else self.expression(handler.type, twin.type),
                _alias(handler.name),
                self._block(handler.body, twin.body),
                self._keyword(handler, twin, "except"),
            )
            for i, handler in enumerate(node.handlers)
            for twin in (tree.handlers[i],)
        )
        final: Body = ()
        if node.finalbody is not None:
            final = self._block(node.finalbody.body, tree.finalbody)
        return facts.Try(
            self._block(node.body, tree.body),
            handlers,
            self._else(node, tree),
            final,
            self._keyword(node, tree, "try"),
        )

    def _with(self, node: cst.With, tree: Any) -> facts.Statement:
        items = tuple(
            (
                self.expression(item.item, tree.items[i].context_expr),
                (
                    None
                    if item.asname is None
                    else self.expression(item.asname.name, tree.items[i].optional_vars)
                ),
            )
            for i, item in enumerate(node.items)
        )
        return facts.With(
            items,
            self._block(node.body, tree.body),
            self._head(node, tree, items[-1][0].at),
            node.asynchronous is not None,
        )

    def _match(self, node: cst.Match, tree: Any) -> facts.Statement:
        subject = self.expression(node.subject, tree.subject)
        cases = tuple(
            facts.Case(
                read_pattern(self, case.pattern, tree.cases[i].pattern),
                None if case.guard is None else self.expression(case.guard, tree.cases[i].guard),
                self._block(case.body, tree.cases[i].body),
            )
            for i, case in enumerate(node.cases)
        )
        return facts.Match(subject, cases, self._head(node, tree, subject.at))


def dotted(node: cst.BaseExpression) -> str:
    """`a.b.c` of an import."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    assert isinstance(node, cst.Name)
    return node.value


def _alias(node: cst.AsName | None) -> str:
    if node is None:
        return ""
    assert isinstance(node.name, cst.Name)
    return node.name.value


def _type_parameters(node: cst.TypeParameters | None) -> tuple[str, ...]:
    return () if node is None else tuple(one.param.name.value for one in node.params)


def _docstring(tree: Any) -> ast.Constant | None:
    first = tree.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return first.value
    return None


def _digest(lines: list[str], tree: Any, whole: facts.At) -> str:
    """Of the text without name, decorators, docstring, indentation and trailing space."""
    kept = list(lines)
    doc = _docstring(tree)
    if doc is not None:
        first = doc.lineno - whole[0]
        if first:
            kept[first : (doc.end_lineno or doc.lineno) - whole[0] + 1] = []
    # Without the name, so that a renamed function is known again.
    kept[0] = _NAMED.sub(r"\1", kept[0].strip(), count=1)
    margin = whole[1] - 1
    text = "\n".join(line[margin if line[:margin].isspace() else 0 :].rstrip() for line in kept)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
