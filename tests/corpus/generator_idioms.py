"""Larger habits of people, for random projects: registries, tables, helpers, inheritance."""

from __future__ import annotations

from corpus.generator import Maker, Module, indent

__all__ = ["idiom"]


def idiom(maker: Maker, module: Module, target: str) -> list[str]:
    """Lines that register something on a target in a roundabout way."""
    return maker.rng.choice(_IDIOMS)(maker, module, target)


def _registry(maker: Maker, module: Module, target: str) -> list[str]:
    """A decorator collects views; a loop registers them."""
    table, at = maker.name("REGISTRY").upper(), maker.name("at")
    definition = [
        f"{table} = []",
        f"def {at}(path, *verbs, **options):",
        "    def register(view):",
        f"        {table}.append((path, view, verbs or ('GET',), options))",
        "        return view",
        "    return register",
    ]
    lines = list[str]()
    if maker.chance(0.5):
        home = maker.module("registry")
        home.lines += definition
        module.need(f"from {home.name} import {table}, {at}")
    else:
        lines += definition
    for _ in range(maker.rng.randint(1, 3)):
        view = maker.name()
        verbs = "".join(f", {verb!r}" for verb in maker.rng.sample(["GET", "POST", "PUT"], 2)[:1])
        name = f", name={maker.name('n')!r}" if maker.chance(0.3) else ""
        lines += [f"@{at}('/{view}'{verbs if maker.chance(0.5) else ''}{name})"]
        lines += [f"def {view}(): return 1"]
    return [
        *lines,
        f"for path, view, verbs, options in {table}:",
        f"    {target}.add_route(path, view, methods=list(verbs), **options)",
    ]


def _specs(maker: Maker, module: Module, target: str) -> list[str]:
    """A table of dataclasses or named tuples."""
    kind, view, row = maker.name("Spec"), maker.name(), maker.rng.choice(["spec", "row"])
    consts = maker.consts
    if maker.chance(0.5):
        consts.need("import dataclasses")
        consts.lines += ["@dataclasses.dataclass", f"class {kind}:", "    path: str"]
        consts.lines += ["    verb: str = 'GET'"]
    else:
        consts.need("import typing")
        consts.lines += [
            f"class {kind}(typing.NamedTuple):",
            "    path: str",
            "    verb: str = 'PUT'",
        ]
    module.need(f"import {consts.name} as c")
    return [
        f"def {view}(): ...",
        f"for {row} in (c.{kind}('/{view}/1'), c.{kind}(verb='POST', path='/{view}/2')):",
        f"    {target}.add_route({row}.path, {view}, methods=[{row}.verb])",
    ]


def _inherited(maker: Maker, module: Module, target: str) -> list[str]:
    """Endpoint classes that inherit verbs across modules and drop some."""
    base, middle, last = maker.name("Base"), maker.name("Middle"), maker.name("Last")
    consts = maker.consts
    consts.need("from flama import endpoints")
    consts.lines += [
        f"class {base}(endpoints.HTTPEndpoint):",
        "    def get(self): ...",
        "    async def delete(self, force: bool = False): ...",
        f"class {middle}({base}):",
        f"    {maker.rng.choice(['def put(self): ...', 'get = None', 'delete = None', 'x = 1'])}",
    ]
    module.need(f"from {consts.name} import {middle} as {middle}_")
    return [
        f"class {last}({middle}_):",
        f"    {maker.rng.choice(['pass', 'def patch(self): ...', 'def head(self): ...'])}",
        f"{target}.add_route('/{last.lower()}', {last})",
    ]


def _socket_class(maker: Maker, module: Module, target: str) -> list[str]:
    name = maker.name("Socket")
    module.need("from flama.endpoints import WebSocketEndpoint")
    module.need("from flama import websockets")
    return [
        f"@{target}.websocket_route('/{name.lower()}/{{{name.lower()}_p}}')",
        f"class {name}(WebSocketEndpoint):",
        f"    encoding = {maker.rng.choice(['text', 'bytes', 'json'])!r}",
        "    async def on_receive(self, data: websockets.Data): ...",
    ]


def _closures(maker: Maker, module: Module, target: str) -> list[str]:
    """Handlers that are made by functions, lambdas, bound methods."""
    make, kind = maker.name("make"), maker.name("Views")
    return [
        f"def {make}(value):",
        "    def made(): return value",
        "    return made",
        f"{target}.add_get('/{make}/a', {make}(1))",
        f"{target}.add_get('/{make}/b', {make}(2), name='{make}')",
        f"{target}.add_put('/{make}/c', lambda: 3, name='l')",
        f"class {kind}:",
        "    def show(self): return 1",
        "    @staticmethod",
        "    def fixed(): return 2",
        f"{target}.add_get('/{kind.lower()}/show', {kind}().show)",
        f"{target}.add_post('/{kind.lower()}/fixed', {kind}.fixed)",
    ]


def _helper(maker: Maker, module: Module, target: str) -> list[str]:
    """A helper that passes its arguments on, with an early return."""
    helper, view = maker.name("helper"), maker.name()
    flags = maker.rng.choice(["True", "False", "1", "''"])
    return [
        f"def {view}(): ...",
        f"def {helper}(to, *args, wanted=True, **options):",
        "    if not wanted:",
        "        return None",
        "    to.add_route(*args, **options)",
        "    return to",
        f"{helper}({target}, '/{view}', {view}, ['GET', 'DELETE'], name='h')",
        f"{helper}({target}, '/{view}/2', endpoint={view}, wanted={flags})",
    ]


def _errors(maker: Maker, module: Module, target: str) -> list[str]:
    """Exceptions that steer what is registered."""
    view = maker.name()
    raising = maker.rng.choice(
        ["{}['k']", "[][3]", "None.x", "int('7')", "1 // 1", "{'k': 1}['k']"]
    )
    return [
        f"def {view}(): ...",
        "try:",
        f"    {raising}",
        f"    {target}.add_get('/{view}/try', {view})",
        "except (KeyError, IndexError, AttributeError) as error:",
        f"    {target}.add_get('/{view}/' + type(error).__name__, {view})",
        "finally:",
        f"    {target}.add_get('/{view}/finally', {view}, name='f')",
    ]


def _star(maker: Maker, module: Module, target: str) -> list[str]:
    """Names by a star import, some of them private."""
    other, shown, hidden = maker.module("names"), maker.name("SHOWN"), maker.name("_HIDDEN")
    view = maker.name()
    other.lines += [f"{shown} = '/{view}/shown'", f"{hidden} = '/{view}/hidden'"]
    if maker.chance(0.5):
        other.lines.append(f"__all__ = ['{shown}', '{hidden}']")
    module.need(f"{hidden} = '/{view}/own'")
    module.need(f"from {other.name} import *")
    return [
        f"def {view}(): ...",
        f"{target}.add_get({shown}, {view})",
        f"{target}.add_get({hidden}, {view}, name='hidden')",
    ]


def _group(maker: Maker, module: Module, target: str) -> list[str]:
    """A router with middleware."""
    layer, inner, view = maker.name("Layer"), maker.name("inner"), maker.name()
    module.need("from flama import Router as GroupRouter")
    module.need("from flama.middleware import Middleware")
    return [
        f"class {layer}:",
        "    def __init__(self, app, **options):",
        "        self.app = app",
        "    async def __call__(self, scope, receive, send):",
        "        await self.app(scope, receive, send)",
        f"{inner} = GroupRouter(middleware=[Middleware({layer}, a=1)])",
        f"@{inner}.get('/')",
        f"def {view}(): ...",
        f"{target}.mount('/{inner}', {inner})",
    ]


def _strings(maker: Maker, module: Module, target: str) -> list[str]:
    """A listing in a string, parsed at import."""
    view = maker.name()
    return [
        f"def {view}(): ...",
        f'for line in """\\n/{view}/x GET\\n# no\\n\\n/{view}/y POST,PUT\\n""".splitlines():',
        "    if not line.strip() or line.startswith('#'):",
        "        continue",
        "    path, _, verbs = line.partition(' ')",
        f"    {target}.add_route(path, {view}, methods=verbs.split(','), name=path[1:])",
    ]


def _changing_list(maker: Maker, module: Module, target: str) -> list[str]:
    """A list that is changed in many ways before it is read."""
    view, table = maker.name(), maker.name("paths")
    changes = maker.rng.sample(
        [
            f"{table}.append('/{view}/d')",
            f"{table} += ['/{view}/e', '/{view}/f']",
            f"{table}.insert(0, '/{view}/g')",
            f"{table}.remove('/{view}/a')",
            f"{table}[0] = '/{view}/h'",
            f"{table}.reverse()",
            f"{table}.extend(p + '/z' for p in list({table}))",
            f"del {table}[-1]",
            f"{table}.sort()",
            f"{table} = {table} * 1 + [{table}[0] + '!']",
            f"{table}.pop()",
        ],
        maker.rng.randint(1, 5),
    )
    changes.sort(key=lambda change: "remove" not in change)
    return [
        f"def {view}(): ...",
        f"{table} = ['/{view}/a', '/{view}/b', '/{view}/c', '/{view}/y']",
        *changes,
        f"for number, path in enumerate({table}):",
        *indent([f"{target}.add_get(path, {view}, name=str(number))"]),
    ]


_IDIOMS = (
    _registry,
    _specs,
    _inherited,
    _socket_class,
    _closures,
    _helper,
    _errors,
    _star,
    _group,
    _strings,
    _changing_list,
)
