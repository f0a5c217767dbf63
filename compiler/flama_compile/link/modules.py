"""Imports: modules are executed at their import statement, once each, parents first."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from flama_compile.diagnostics import Label
from flama_compile.ir import facts
from flama_compile.link import calls, externals, packages, plain, statements
from flama_compile.link.failures import Failure
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    MISSING,
    DictValue,
    External,
    ListValue,
    ModuleValue,
    Scope,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span
from flama_compile.workspace import Found

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["import_from", "import_module", "member", "run_from_import", "run_import"]

_FRAMEWORK = "flama"


def run_import(machine: Machine, fact: facts.Import, scope: Scope) -> None:
    """`import a.b.c` binds `a`; `import a.b.c as d` binds the module itself."""
    span = machine.span(scope, fact.at)
    for name, alias in fact.names:
        module = import_module(machine, name, span)
        if alias:
            statements.bind(machine, scope, alias, module)
        else:
            head = name.partition(".")[0]
            statements.bind(machine, scope, head, import_module(machine, head, span))


def run_from_import(machine: Machine, fact: facts.FromImport, scope: Scope) -> None:
    """`from module import names`: attributes first, then submodules."""
    span = machine.span(scope, fact.at)
    if fact.module == "__future__" and not fact.level:
        return
    name = _absolute(machine, fact, scope, span)
    module = import_module(machine, name, span)
    for imported, alias, at in fact.names:
        place = machine.span(scope, at)
        if imported == "*":
            _star(machine, module, scope, place)
        else:
            value = import_from(machine, module, imported, place)
            statements.bind(machine, scope, alias or imported, value)


def _absolute(machine: Machine, fact: facts.FromImport, scope: Scope, span: Span) -> str:
    if not fact.level:
        return fact.module
    module = scope.globals
    package = module.name if module.found.package else module.name.rpartition(".")[0]
    parents = package.split(".") if package else []
    if fact.level > len(parents):
        raise machine.failure(
            "ImportError",
            "FC203",
            "relative import leaves the top-level package",
            span,
            f"`{module.name}` has {len(parents)} package(s) above it",
            ("use an absolute import", "or give APP with its package, such as `shop.main:app`"),
        )
    kept = parents[: len(parents) - fact.level + 1]
    return ".".join([*kept, fact.module] if fact.module else kept)


def import_module(machine: Machine, name: str, span: Span | None) -> Value:
    """The module of a dotted name, executed if it was not yet; its parents before it."""
    head = name.partition(".")[0]
    if head == _FRAMEWORK:
        shadow = machine.library.workspace.find(head)
        if shadow is not None and span is not None:
            _tell_shadow(machine, shadow, span)
        return externals.framework_module(machine, name, span)
    found = machine.library.workspace.find(name)
    if found is not None and found.kind in ("opaque", "installed"):
        _import_parents(machine, name, span)
        return External(name)
    if found is None:
        return _missing(machine, name, span)
    _import_parents(machine, name, span)
    module = machine.modules.get(name)
    if module is None or module.state == "failed":
        # Python forgets a module that fails, and tries again at the next import.
        machine.touch(machine, "modules")
        module = ModuleValue(name, found)
        machine.modules[name] = module
    if module.state == "new" and span is not None:
        _tell_shadow(machine, found, span)
    if module.state in ("new", "maybe"):
        _execute(machine, module, span)
        _bind_below_parent(machine, module)
    return module


_LOADED_BEFORE = sys.stdlib_module_names | frozenset(
    [
        *("flama", "starlette", "uvicorn", "msgspec", "anyio", "sniffio", "idna", "click", "h11"),
        *("httptools", "uvloop", "websockets", "python_multipart", "multipart", "pydantic"),
        *("typing_extensions", "dotenv", "yaml", "watchfiles"),
    ]
)
"""Top-level modules that a server may have loaded before it imports the application."""


def _tell_shadow(machine: Machine, found: Found, span: Span) -> None:
    """Warn of a module of the project that has the name of one that Python may have by then."""
    if found.name not in _LOADED_BEFORE or found.kind != "project":
        return
    kind = "standard module" if found.name in sys.stdlib_module_names else "package of the server"
    machine.tell(
        machine.diagnostic(
            "FC220",
            f"module `{found.name}` of the project has the name of a {kind}",
            span,
            f"read from {found.path}" if found.name != _FRAMEWORK else f"{found.path} is not read",
            (
                f"rename {found.path}: a process that has loaded the other `{found.name}` before "
                "gives that one to the application",
            ),
        )
    )


def _bind_below_parent(machine: Machine, module: ModuleValue) -> None:
    """A submodule becomes an attribute of its package when it has been loaded."""
    parent_name, _, last = module.name.rpartition(".")
    parent = machine.modules.get(parent_name)
    if parent is not None:
        machine.touch(parent, "names")
        parent.names[last] = module


def obscure(machine: Machine, module: ModuleValue, why: Unknown) -> None:
    """Something unknown may have defined, or replaced, names of a module."""
    machine.touch(module, "names")
    machine.touch(module, "opaque")
    for name, value in list(module.names.items()):
        if plain.is_constant(value) or isinstance(value, tuple):
            if not name.startswith("__"):
                module.names[name] = why
        else:
            machine.taint(value, why)
    module.opaque = why


def _import_parents(machine: Machine, name: str, span: Span | None) -> None:
    parent = name.rpartition(".")[0]
    if parent:
        import_module(machine, parent, span)


def _missing(machine: Machine, name: str, span: Span | None) -> Value:
    parent = name.rpartition(".")[0]
    if parent:
        above = import_module(machine, parent, span)
        if isinstance(above, External):
            found = machine.library.workspace.find(parent)
            if found is not None and found.kind == "opaque":
                return External(name)
            if machine.library.workspace.find(parent) is None:
                return External(name)
    last = name.rpartition(".")[2]
    known = _neighbours(machine, name)
    near = difflib.get_close_matches(last, known, n=1)
    owned = machine.library.workspace.owns(name)
    what = f"module `{name}` does not exist" if owned else f"module `{name}` is not found"
    help_ = [f"did you mean `{name[: len(name) - len(last)]}{near[0]}`?"] if near else []
    number = "FC202" if owned else "FC215"
    if not owned:
        help_.append(f"install the package that provides `{name.partition('.')[0]}`")
        help_.append("or name the folder that holds it under `roots` in `[tool.flama-compile]`")
    raise machine.failure("ModuleNotFoundError", number, what, span, "imported here", help_)


def _neighbours(machine: Machine, name: str) -> list[str]:
    workspace = machine.library.workspace
    parent = name.rpartition(".")[0]
    folders = workspace.roots
    if parent:
        found = workspace.find(parent)
        folders = found.folders if found is not None and found.kind != "installed" else ()
    entries = [entry for folder in folders for entry in workspace.tree.list(folder)]
    return [entry.removesuffix(".py") for entry in entries if not entry.startswith((".", "_"))]


def _execute(machine: Machine, module: ModuleValue, span: Span | None) -> None:
    doubtful = module.state == "maybe"
    machine.touch(module, "state")
    module.state = "running"
    try:
        if doubtful:
            _execute_doubtful(machine, module, span)
        else:
            _run_body(machine, module, span)
    except Failure:
        machine.touch(module, "state")
        module.state = "failed"
        raise
    machine.touch(module, "state")
    module.state = "done"


def _execute_doubtful(machine: Machine, module: ModuleValue, span: Span | None) -> None:
    """A module that an earlier branch may have imported: what it registers has no sure place."""
    assert span is not None, "an import has a place"
    why = Unknown(
        span,
        "conditional-import",
        f"`{module.name}` may have been imported before, under an unknown condition",
    )
    names: dict[str, Value] = {}

    def run() -> None:
        _run_body(machine, module, span)
        names.update(module.names)

    machine.journal.branches(Doubt(why, "FC111"), [run, lambda: None])
    machine.touch(module, "names")
    module.names.update(names)


def _run_body(machine: Machine, module: ModuleValue, span: Span | None) -> None:
    if module.found.kind == "namespace":
        return
    found = machine.library.facts(module.found)
    module.facts = found
    machine.touch(module, "names")
    names = module.names
    names["__name__"] = module.name
    package = module.name if module.found.package else module.name.rpartition(".")[0]
    names["__package__"] = package
    names["__doc__"] = Unknown(None, "unknown", "a docstring")
    names["__file__"] = Unknown(None, "file-name", "the place of a file")
    if module.found.package:
        names["__path__"] = Unknown(None, "file-name", "the place of a package")
    if found.problem is not None:
        raise _broken(machine, module, found.problem, span)
    module.marks = {
        line: "dynamic"
        for line, words in found.markers
        if words.split(maxsplit=1)[:1] == ["dynamic"]
    }
    scope = Scope(module, None, "")
    scope.names = names
    statements.run_module(machine, found.body, scope)
    machine.passed(module)


def _broken(
    machine: Machine, module: ModuleValue, problem: facts.Problem, span: Span | None
) -> Failure:
    path = module.found.path
    place = Span(path, *(problem.at or (1, 1, 1, 1)))
    labels = [Label(span, "imported here")] if span is not None else []
    help_ = {
        "FC101": ("correct the file; `python -m py_compile " + path + "` shows the same",),
        "FC103": ("save the file as UTF-8, or name its encoding in its first line",),
        "FC104": ("split the expression or the blocks into smaller ones",),
        "FC105": ("make the file readable for the user that runs flama-compile",),
    }
    return Failure(
        "SyntaxError" if problem.code == "FC101" else "ImportError",
        machine.diagnostic(
            problem.code,
            problem.message,
            place,
            problem.label,
            help_.get(problem.code, ()),
            labels,
        ),
    )


def import_from(machine: Machine, module: Value, name: str, span: Span) -> Value:
    """`from module import name`."""
    if isinstance(module, Unknown):
        return module
    if isinstance(module, External):
        return externals.member(machine, module, name, span, importing=True)
    assert isinstance(module, ModuleValue)
    value = member(machine, module, name, span)
    if value is not MISSING:
        return value
    full = f"{module.name}.{name}"
    if module.found.package and machine.library.workspace.find(full) is not None:
        return import_module(machine, full, span)
    if module.state == "running":
        raise machine.failure(
            "ImportError",
            "FC205",
            f"circular import: `{name}` is not defined in `{module.name}` yet",
            span,
            f"`{module.name}` is still being imported",
            (
                f"import `{module.name}` as a module and use `{name}` later, inside functions",
                f"or move this import below the definition of `{name}`",
            ),
        )
    near = difflib.get_close_matches(name, list(module.names), n=1)
    raise machine.failure(
        "ImportError",
        "FC204",
        f"`{module.name}` has no name `{name}`",
        span,
        "imported here",
        [f"did you mean `{near[0]}`?"] if near else [f"define `{name}` in {module.found.path}"],
    )


def member(machine: Machine, module: ModuleValue, name: str, span: Span | None) -> Value:
    """An attribute of a module; MISSING when there is none."""
    if name in module.names:
        return module.names[name]
    if name == "__dict__":
        return Unknown(span, "namespace", f"the namespace of `{module.name}`")
    if module.opaque is not None:
        return Unknown(span, module.opaque.reason, module.opaque.detail)
    getter = module.names.get("__getattr__")
    if getter is not None:
        assert span is not None, "an attribute has a place"
        return calls.call(machine, getter, [name], {}, span)
    return MISSING


def _star(machine: Machine, module: Value, scope: Scope, span: Span) -> None:
    if isinstance(module, Unknown):
        obscure(machine, scope.globals, module)
        return
    if isinstance(module, External):
        names = packages.public_names(machine, module)
        if names is None:
            why = f"star import of `{module}`, which is outside the project"
            obscure(machine, scope.globals, Unknown(span, "star-import", why))
        else:
            for name in names:
                value = externals.member(machine, module, name, span, importing=False)
                statements.bind(machine, scope, name, value)
        return
    assert isinstance(module, ModuleValue)
    listed = module.names.get("__all__", MISSING)
    if listed is MISSING:
        for name in list(module.names):
            if not name.startswith("_"):
                value = member(machine, module, name, span)
                statements.bind(machine, scope, name, value)
    else:
        items = _all_names(listed)
        if items is None:
            unknown = Unknown(span, "star-import", "`__all__` is not known")
            obscure(machine, scope.globals, unknown)
            for name in module.names:
                if not name.startswith("__"):
                    statements.bind(machine, scope, name, unknown)
            return
        for name in items:
            statements.bind(machine, scope, name, _listed(machine, module, name, span))
    if module.opaque is not None:
        scope.globals.opaque = module.opaque


def _listed(machine: Machine, module: ModuleValue, name: str, span: Span) -> Value:
    """A name of `__all__`: a submodule where the module's own `__getattr__` does not have it."""
    try:
        return import_from(machine, module, name, span)
    except Failure as failure:
        full = f"{module.name}.{name}"
        if failure.kind != "AttributeError" or not module.found.package:
            raise
        if machine.library.workspace.find(full) is None:
            raise
        return import_module(machine, full, span)


def _all_names(listed: Value) -> list[str] | None:
    if isinstance(listed, ListValue | SetValue) and listed.unknown is None:
        items = list(listed.items)
    elif isinstance(listed, tuple):
        items = list(listed)
    elif isinstance(listed, DictValue) and listed.unknown is None:
        items = list(listed.items)
    else:
        return None
    return items if all(isinstance(item, str) for item in items) else None
