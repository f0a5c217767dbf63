"""What random projects are made of: spellings of paths, views, registrations, and wrappings."""

from __future__ import annotations

from collections.abc import Callable

from corpus.generator import Maker, Module, indent
from corpus.generator_idioms import idiom

__all__ = ["block", "route_list"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PURGE")
TYPES = ("", ":int", ":str", ":float", ":uuid", ":decimal")
ANNOTATIONS = ("int", "str", "float", "bool", "str | None", "list[int]", "Optional[int]")


def block(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    """Lines that register a few things on a target."""
    lines: list[str] = []
    for _ in range(maker.rng.randint(1, 4)):
        piece = maker.rng.choices(
            (_registration, _loop, _mount, _wrapped, _dynamic, _roundabout),
            weights=(10, 3, 3 if depth < 3 else 0, 4 if depth < 3 else 0, 1, 5),
        )[0]
        lines += maker.keep(piece(maker, module, target, depth))
    return lines


def route_list(maker: Maker, module: Module) -> list[str]:
    """Lines that leave a list of route objects in `ROUTES`."""
    module.need("from flama.routing import Mount, Route, Router, WebSocketRoute")
    before: list[str] = []
    items: list[str] = []
    for _ in range(maker.rng.randint(1, 4)):
        path = _path(maker)
        view, lines = _view(maker, module, path, maker.chance(0.2))
        kind = "WebSocketRoute" if lines[0].startswith("async def ws_") else "Route"
        methods = _methods(maker) if kind == "Route" and maker.chance(0.5) else ""
        if any(line.startswith("class") for line in lines):
            methods = ""  # a class has its verbs
        kept = maker.keep([*lines])
        before += kept
        if kept:
            options = ", " + methods if methods else ""
            items.append(f"{kind}({_spelled(maker, module, path)}, {view}{options}{_name(maker)})")
    if maker.chance(0.4):
        words = [maker.rng.choice("abcxyz") for _ in range(3)]
        view, lines = _view(maker, module, "/", False)
        before += lines
        items.append(f'*[Route(f"/comp/{{w}}", {view}, name=w) for w in {words!r} if w != "a"]')
    return [*before, "ROUTES = [", *indent([item + "," for item in items]), "]"]


def _registration(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    path = _path(maker)
    websocket = maker.chance(0.12)
    spelled = _spelled(maker, module, path)
    view, lines = _view(maker, module, path, websocket)
    head = next(i for i, line in enumerate(lines) if not line.startswith(" "))
    if websocket:
        form = maker.rng.choice([f"{target}.add_websocket_route({spelled}, {view})", "decorator"])
        if form == "decorator":
            return [f"@{target}.websocket_route({spelled}{_name(maker)})", *lines]
        return [*lines, form]
    word = maker.rng.choice(["get", "post", "put", "patch", "delete", "options", "head", "query"])
    methods = _methods(maker)
    is_class = lines[head].startswith("class")
    if is_class:
        if maker.chance(0.5):
            return [f"@{target}.route({spelled}{_name(maker)})", *lines]
        return [*lines, f"{target}.add_route({spelled}, {view}{_name(maker)})"]
    local = maker.name("alias")
    forms: list[Callable[[], list[str]]] = [
        lambda: [f"@{target}.{word}({spelled}{_name(maker)}{_hidden(maker)})", *lines],
        lambda: [f"@{target}.route({spelled}, {methods}{_hidden(maker)})", *lines],
        lambda: [*lines, f"{target}.add_route({spelled}, {view}, {methods}{_name(maker)})"],
        lambda: [*lines, f"{target}.add_{word}({spelled}, {view}{_name(maker)})"],
        lambda: [*lines, f"{target}.add_route(endpoint={view}, path={spelled}, {methods})"],
        lambda: [
            f"@{target}.{word}({spelled})",
            f"@{target}.route({_spelled(maker, module, _path(maker))}, {methods})",
            *lines,
        ],
        lambda: [f"{local} = {target}.{word}", f"@{local}({spelled}{_name(maker)})", *lines],
        lambda: [*lines, f"getattr({target}, 'add_{word}')({spelled}, {view})"],
        lambda: [*lines, f"{target}.{word}({spelled}, **{{'name': '{local}'}})({view})"],
        lambda: [
            *_partial(module, local, f"{target}.route, {methods}"),
            f"@{local}({spelled})",
            *lines,
        ],
    ]
    return maker.rng.choice(forms)()


def _partial(module: Module, local: str, arguments: str) -> list[str]:
    module.need("import functools")
    return [f"{local} = functools.partial({arguments})"]


def _loop(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    view, lines = _view(maker, module, "/", False, plain=True)
    stem = maker.rng.choice(["/l", "/loop/", "/"])
    words = sorted({maker.rng.choice("abcdefgh") for _ in range(maker.rng.randint(1, 4))})
    table = maker.name("table")
    forms = [
        [f"for w in {words!r}:", f"    {target}.add_get(f'{stem}{{w}}', {view}, name=w)"],
        [
            f"for i, w in enumerate({tuple(words)!r}):",
            f"    {target}.add_post('{stem}%s/%d' % (w, i), {view}, name='n' + w)",
        ],
        [
            f"{table} = {dict.fromkeys(words, 'x')!r}",
            f"for key, value in {table}.items():",
            f"    {target}.add_put('{stem}' + key + value, {view}, name=key)",
        ],
        [
            f"for n in range({len(words)}):",
            "    if n == 1:",
            "        continue",
            f"    {target}.add_get('{stem}{{}}'.format(n), {view}, name=str(n))",
        ],
        [
            f"for a, b in {[(word, word) for word in words]!r}:",
            f"    @{target}.get(f'{stem}{{a}}/{{b}}', name=a)",
            "    def inner(q: int = 0):",
            "        return q",
        ],
        [f"[{target}.add_delete('{stem}' + w, {view}, name=w) for w in {words!r} if w > 'b']"],
        [
            f"while len({table}) < 3:",
            f"    {target}.add_get('{stem}w%d' % len({table}), {view}, name='while')",
            f"    {table}.append(1)",
        ],
    ]
    chosen = maker.rng.choice(forms)
    if chosen[0].startswith("while"):
        chosen = [f"{table} = []", *chosen]
    return [*lines, *chosen]


def _mount(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    """A router or an application of its own, here, in another module, or from a factory."""
    prefix = _path(maker, mount=True)
    name = f", name={maker.name('m')!r}" if maker.chance(0.5) else ""
    style = maker.rng.choice(["here", "module", "factory", "twice", "object", "subclass", "empty"])
    inner = maker.name("sub")
    kind = maker.rng.choice(["Router()", "Flama(schema=None, docs=None)", "Flama(docs=None)"])
    spelled = _spelled(maker, module, prefix)
    if style in ("module", "factory"):
        other = maker.module("mod")
        other.need("from flama import Flama, Router")
        if style == "module":
            other.lines += [f"{inner} = {kind}", *block(maker, other, inner, depth + 1)]
            module.need(f"import {other.name}")
            return [f"{target}.mount({spelled}, {other.name}.{inner}{name})"]
        body = [f"made = {kind}", *block(maker, other, "made", depth + 1), "return made"]
        if maker.chance(0.5):
            other.lines += [f"def {inner}():", *indent(body)]
            module.need(f"from {other.name} import {inner} as build_{inner}")
            return [f"{target}.mount({spelled}, build_{inner}(){name})"]
        body.insert(1, "made.add_get(prefix + '/given', lambda: 1, name=label)")
        other.lines += [f"def {inner}(prefix, label='x'):", *indent(body)]
        module.need(f"from {other.name} import {inner}")
        return [
            f"{target}.mount({spelled}, {inner}('/one'){name})",
            f"{target}.mount({spelled} + '/other', {inner}(prefix='/two', label='y'))",
        ]
    module.need("from flama import Flama, Router")
    if style == "subclass":
        body = ["super().__init__()", *block(maker, module, "self", depth + 1)]
        return [
            f"class C{inner}(Router):",
            "    def __init__(self):",
            *indent(body, 2),
            f"{target}.mount({spelled}, C{inner}(){name})",
        ]
    lines = [f"{inner} = {kind}", *block(maker, module, inner, depth + 1)]
    if style == "twice":
        again = _spelled(maker, module, _path(maker, mount=True))
        more = block(maker, module, inner, 3)
        return [*lines, f"{target}.mount({spelled}, {inner})", *more,
                f"{target}.mount({again}, {inner}{name})"]  # fmt: skip
    if style == "object":
        module.need("from flama.routing import Mount")
        return [*lines, f"{target}.mount(mount=Mount({spelled}, {inner}{name}))"]
    return [*lines, f"{target}.mount({spelled}, app={inner}{name})"]


def _wrapped(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    """A block inside a condition, a function, a method, a `try`, or another module."""
    style = maker.rng.choice(
        ["if", "else", "version", "typing", "try", "function", "module", "method", "with", "local"]
    )
    word = maker.name("do")
    if style in ("function", "method", "module"):
        home = maker.module("reg") if style == "module" else module
        body = block(maker, home, "target", depth + 1)
        if style == "method":
            lines = [f"class {word}:", "    def __init__(self, app):", "        self.app = app"]
            lines += ["    def run(self):", "        target = self.app", *indent(body, 2)]
            return [*lines, f"{word}({target}).run()"]
        lines = [f"def {word}(target, *, extra=None):", *indent(body)]
        if style == "function":
            return [*lines, f"{word}({target})"]
        home.lines += lines
        if maker.chance(0.5):
            module.need(f"from {home.name} import {word}")
            return [f"{word}({target}, extra=1)"]
        parent, _, last = home.name.rpartition(".")
        module.need(f"from {parent} import {last}" if parent else f"import {last}")
        return [f"{last}.{word}(target={target})"]
    body = block(maker, module, target, depth + 1)
    if style == "if":
        flag = maker.name("FLAG")
        maker.consts.lines.append(f"{flag} = {maker.rng.choice([True, False, 0, 3, '', 'x'])!r}")
        module.need(f"import {maker.consts.name} as c")
        return [f"if c.{flag}:", *indent(body)]
    if style == "else":
        other = block(maker, module, target, depth + 1)
        test = maker.rng.choice(["1 + 1 == 2", "'x' in 'abc'", "not []", "len('ab') > 5"])
        return [f"if {test}:", *indent(body), "else:", *indent(other)]
    if style == "version":
        module.need("import sys")
        test = maker.rng.choice(["sys.version_info >= (3, 8)", "sys.version_info < (3,)"])
        return [f"if {test}:", *indent(body)]
    if style == "typing":
        module.need("from typing import TYPE_CHECKING")
        return [f"if {maker.rng.choice(['', 'not '])}TYPE_CHECKING:", *indent(body)]
    if style == "try":
        missing = maker.rng.choice(["import nowhere_zq_x", "import json"])
        return ["try:", f"    {missing}", "except ImportError:", *indent(body), "else:",
                *indent(block(maker, module, target, depth + 1))]  # fmt: skip
    if style == "with":
        module.need("import contextlib")
        return ["with contextlib.suppress(KeyError):", *indent(body)]
    return [f"def {word}():", *indent(body), f"{word}()"]


def _roundabout(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    return idiom(maker, module, target)


def _dynamic(maker: Maker, module: Module, target: str, depth: int) -> list[str]:
    """Something that only the run knows."""
    maker.worlds = True
    module.need("import os")
    view, lines = _view(maker, module, "/", False, plain=True)
    forms = [
        ["if os.environ.get('GEN_FLAG'):", f"    {target}.add_get('/flagged', {view})"],
        [f"{target}.add_get('/' + os.environ.get('GEN_WORD', 'word'), {view})"],
        [
            "for w in os.environ.get('GEN_LIST', '').split(','):",
            f"    {target}.add_get('/many/' + w, {view}, name=w)",
        ],
        ["exec('')"],
        [f"getattr({target}, 'add_post' if os.getenv('GEN_FLAG') else 'add_put')('/p', {view})"],
    ]
    return [*lines, *maker.rng.choice(forms)]


def _view(
    maker: Maker, module: Module, path: str, websocket: bool, plain: bool = False
) -> tuple[str, list[str]]:
    """The name of a view and the lines that define it."""
    name = maker.name()
    given = [
        f"{part[1:-1].partition(':')[0]}: str" for part in path.split("/") if part.startswith("{")
    ]
    if websocket:
        module.need("from flama.websockets import WebSocket")
        received = ", ".join(["websocket: WebSocket", *given])
        return f"ws_{name}", [f"async def ws_{name}({received}):", "    await websocket.close()"]
    arguments = list(given)
    if not plain and maker.chance(0.5):
        annotation = maker.rng.choice(ANNOTATIONS)
        if "Optional" in annotation:
            module.need("from typing import Optional")
        arguments.append(f"q: {annotation} = None")
    style = maker.rng.choices(("def", "async", "class", "wrapped"), (6, 5, 0 if plain else 2, 1))[0]
    if style == "class":
        module.need("from flama.endpoints import HTTPEndpoint")
        verbs = maker.rng.sample(["get", "post", "put", "delete", "head"], maker.rng.randint(1, 3))
        body = [f"    async def {verb}({', '.join(['self', *given])}): ..." for verb in verbs]
        return name, [f"class {name}(HTTPEndpoint):", *body]
    lines = [f"def {name}({', '.join(arguments)}):", "    return {}"]
    if style == "async":
        lines[0] = "async " + lines[0]
    if style == "wrapped":
        wrapper = maker.name("wrap")
        home = maker.consts
        home.need("import functools")
        home.lines += [
            f"def {wrapper}(view):",
            "    @functools.wraps(view)",
            "    def inner(*args, **kwargs):",
            "        return view(*args, **kwargs)",
            "    return inner",
        ]
        module.need(f"import {home.name} as c")
        return name, [f"@c.{wrapper}", *lines]
    return name, lines


def _path(maker: Maker, mount: bool = False) -> str:
    """A path template; parameters of a project never share a name."""
    segments = []
    for _ in range(maker.rng.randint(1, 3)):
        if maker.chance(0.3):
            segments.append("{" + maker.name("p") + maker.rng.choice(TYPES) + "}")
        else:
            segments.append(
                maker.rng.choice([*"abcxyz", *maker.rng.sample(["me", "ünï", "a b"], 1)])
            )
    path = "/" + "/".join(segments)
    if mount:
        return path if maker.chance(0.9) else path + "/"
    return maker.rng.choice([path, path, path + "/", "/" if maker.chance(0.3) else path])


def _spelled(maker: Maker, module: Module, path: str) -> str:
    """An expression whose value is the path."""
    cut = maker.rng.randint(1, len(path))
    first, rest = path[:cut], path[cut:]
    style = maker.rng.choice(
        ["literal"] * 6
        + ["plus", "fstring", "percent", "format", "join", "class", "enum", "dict", "cond"]
    )
    if style == "literal":
        return repr(path)
    if style == "plus":
        return f"{first!r} + {rest!r}"
    if style == "join":
        return f"'/'.join({path.split('/')!r})"
    if style == "cond":
        return f"({path!r} if not 0 else '/never')"
    name = maker.name("CONST").upper()
    consts = maker.consts
    if style == "class":
        consts.lines += [f"class {name}:", f"    PATH = {path!r}"]
        expression = f"{name}.PATH"
    elif style == "enum":
        consts.need("import enum")
        consts.lines += [f"class {name}(enum.Enum):", f"    PATH = {path!r}"]
        expression = f"{name}.PATH.value"
    elif style == "dict":
        consts.lines.append(f"{name} = {{'k': {path!r}}}")
        expression = f"{name}['k']"
    else:
        consts.lines.append(f"{name} = {first!r}")
        expression = name
    if maker.chance(0.5):
        module.need(f"import {consts.name} as c")
        expression = f"c.{expression}"
    else:
        module.need(f"from {consts.name} import {name}")
    if style == "fstring":
        return "f'{" + expression + "}" + rest.replace("{", "{{").replace("}", "}}") + "'"
    if style == "percent":
        return f"'%s{rest}' % {expression}"
    if style == "format":
        return "'{}" + rest.replace("{", "{{").replace("}", "}}") + f"'.format({expression})"
    return expression


def _methods(maker: Maker) -> str:
    some = maker.rng.sample(METHODS, maker.rng.randint(1, 3))
    return "methods=" + maker.rng.choice(
        [repr(some), repr(tuple(some)), repr(some), "{" + repr(some)[1:-1] + "}"]
    )


def _name(maker: Maker) -> str:
    return f", name={maker.name('n')!r}" if maker.chance(0.3) else ""


def _hidden(maker: Maker) -> str:
    return ", include_in_schema=False" if maker.chance(0.2) else ""
