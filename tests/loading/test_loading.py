"""A compiled module takes the registered objects, or refuses to load and says why."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import flama.loading
import pytest
from flama._fingerprint import Words, live_row
from flama.exceptions import ApplicationError, ContractError, StaleDispatchError
from flama.routing import Route
from flama_compile.emit import emit
from flama_compile.lower import lower
from flama_compile.options import Options, parse_settings
from flama_compile.pipeline import analyse

APP = """
from __future__ import annotations

from flama import Flama, Router, websockets
from flama.endpoints import HTTPEndpoint, WebSocketEndpoint
from flama.middleware import Middleware

app = Flama(schema=None, docs=None)


class Stamp:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@app.get("/items/")
async def index(q: str = ""):
    return []


@app.get("/items/{item_id:int}/")
async def show(item_id: int):
    return {"item_id": item_id}


@app.route("/orders/{order_id:int}/")
class Orders(HTTPEndpoint):
    async def get(self, order_id: int):
        return {}

    async def delete(self, order_id: int):
        return {}


@app.websocket_route("/feed/{topic}")
class Feed(WebSocketEndpoint):
    encoding = "json"

    async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data): ...


shop = Router()


@shop.get("/products/")
async def products():
    return []


app.mount("/shop", shop, name="shop")
"""


Compile = Callable[..., "Project"]


class Project:
    """A folder with `shopping.py` and the module compiled from it."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        self.write(source)
        analysis = analyse(Options(folder, "shopping:app", parse_settings(""), cache=False))
        assert analysis.table is not None, analysis.diagnostics
        folder.joinpath("shopping_compiled.py").write_text(emit(lower(analysis.table)))

    def write(self, source: str) -> None:
        self.folder.joinpath("shopping.py").write_text(source)

    def load(self) -> ModuleType:
        for name in ("shopping", "shopping_compiled"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        return importlib.import_module("shopping_compiled")

    def edit(self, old: str, new: str) -> None:
        text = self.folder.joinpath("shopping.py").read_text()
        assert text.count(old) == 1, old
        self.write(text.replace(old, new))

    def stale(self) -> StaleDispatchError:
        with pytest.raises(StaleDispatchError) as caught:
            self.load()
        return caught.value


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compile]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def make(source: str = APP) -> Project:
        return Project(tmp_path, source)

    yield make
    for name in ("shopping", "shopping_compiled"):
        sys.modules.pop(name, None)


def get(app: Any, path: str, method: str = "GET") -> tuple[int, bytes]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


EDITS = [
    pytest.param(
        '@app.get("/items/")\nasync def index(q: str = ""):\n    return []\n\n\n',
        "",
        "GET,HEAD /items/ (shopping:index) is compiled, but no longer registered",
        id="a route was removed",
    ),
    pytest.param(
        "shop = Router()\n",
        'shop = Router()\n\n\n@app.get("/new")\nasync def new(): ...\n',
        "GET,HEAD /new (shopping:new) is registered, but not compiled",
        id="a route was added",
    ),
    pytest.param(
        'app.mount("/shop", shop, name="shop")\n',
        'app.mount("/shop", shop, name="shop")\napp.add_route("/last", index)\n',
        "GET,HEAD /last (shopping:index) is registered, but not compiled",
        id="a route was added at the end",
    ),
    pytest.param(
        "async def show(",
        "async def display(",
        "GET,HEAD /items/{item_id:int}/ (shopping:show) has changed: handler shopping:show is now "
        "shopping:display, name show is now display",
        id="a handler was renamed",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: int, page: int = 1)",
        "parameters (item_id:int) is now (item_id:int,page:int=)",
        id="a parameter was added",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(*, item_id: int)",
        "parameters (item_id:int) is now (*,item_id:int)",
        id="a parameter has another kind",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: str)",
        "parameters (item_id:int) is now (item_id:str)",
        id="an annotation changed",
    ),
    pytest.param(
        'async def index(q: str = "")',
        "async def index(q: str)",
        "parameters (q:str=) is now (q:str)",
        id="a default was removed",
    ),
    pytest.param(
        '@app.get("/items/{item_id:int}/")',
        '@app.get("/items/{item_id}/")',
        "path /items/{item_id:int}/ is now /items/{item_id}/",
        id="a path changed",
    ),
    pytest.param(
        '@app.get("/items/{item_id:int}/")',
        '@app.route("/items/{item_id:int}/", methods=["GET", "PUT"])',
        "methods GET,HEAD is now GET,HEAD,PUT",
        id="a method was added",
    ),
    pytest.param(
        '@app.get("/items/{item_id:int}/")',
        '@app.get("/items/{item_id:int}/", name="item")',
        "name show is now item",
        id="a name changed",
    ),
    pytest.param(
        "    async def delete(self, order_id: int):\n        return {}\n",
        "",
        "methods DELETE,GET,HEAD is now GET,HEAD",
        id="a verb was removed",
    ),
    pytest.param(
        "async def delete(self, order_id: int)",
        "async def delete(self, order_id: str)",
        "parameters get(order_id:int);delete(order_id:int) is now "
        "get(order_id:int);delete(order_id:str)",
        id="a verb has another parameter",
    ),
    pytest.param(
        'encoding = "json"',
        'encoding = "text"',
        "encoding json is now text",
        id="an encoding changed",
    ),
    pytest.param(
        'app.mount("/shop", shop, name="shop")',
        'app.mount("/store", shop, name="shop")',
        "the mount /shop has changed: path /shop is now /store",
        id="a prefix changed",
    ),
    pytest.param(
        "shop = Router()",
        "shop = Router(middleware=[Middleware(Stamp)])",
        "the mount /shop was an application without middleware and exception handlers, and is an "
        "application with middleware or exception handlers now",
        id="an application below got middleware",
    ),
    pytest.param(
        '@shop.get("/products/")',
        '@shop.get("/wares/")',
        "GET,HEAD /shop/products/ (shopping:products) has changed: path /products/ is now /wares/",
        id="a route below a mount changed",
    ),
    pytest.param(
        '@app.get("/items/")',
        '@app.get("/items")',
        "path /items/ is now /items",
        id="a path lost its slash",
    ),
    pytest.param(
        '@app.get("/items/")',
        '@app.route("/items/", methods=["GET", "QUERY"])',
        "methods GET,HEAD is now GET,HEAD,QUERY",
        id="a method was added",
    ),
    pytest.param(
        '@app.get("/items/{item_id:int}/")',
        '@app.get("/items/{item_id:float}/")',
        "path /items/{item_id:int}/ is now /items/{item_id:float}/",
        id="a converter changed",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id)",
        "parameters (item_id:int) is now (item_id)",
        id="an annotation was removed",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item: int)",
        "parameters (item_id:int) is now (item:int)",
        id="a parameter was renamed",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: int, /)",
        "parameters (item_id:int) is now (item_id:int,/)",
        id="a parameter is positional",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: int, *rest, **more)",
        "parameters (item_id:int) is now (item_id:int,*rest,**more)",
        id="any parameters are taken",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: int, *, deep: bool = True)",
        "parameters (item_id:int) is now (item_id:int,*,deep:bool=)",
        id="a parameter that is named was added",
    ),
    pytest.param(
        "async def show(item_id: int)",
        "async def show(item_id: Orders)",
        "parameters (item_id:int) is now (item_id:*)",
        id="an annotation is no primitive any more",
    ),
    pytest.param(
        "app = Flama(schema=None, docs=None)",
        "int = str\napp = Flama(schema=None, docs=None)",
        "parameters (item_id:int) is now (item_id:str)",
        id="a name means something else",
    ),
    pytest.param(
        'app.mount("/shop", shop, name="shop")',
        'app.mount("/shop", shop, name="store")',
        "the mount /shop has changed: name shop is now store",
        id="a mount was renamed",
    ),
    pytest.param(
        'app.mount("/shop", shop, name="shop")',
        'app.mount("/shop", shop.__call__, name="shop")',
        "the mount /shop was an application without middleware and exception handlers, and is an "
        "application that is not Flama's now",
        id="a mount is foreign now",
    ),
    pytest.param(
        'app.mount("/shop", shop, name="shop")\n',
        "",
        "the mount /shop is compiled, but no longer registered",
        id="a mount was removed",
    ),
    pytest.param(
        '@app.websocket_route("/feed/{topic}")',
        '@app.websocket_route("/feed/{subject}")',
        "path /feed/{topic} is now /feed/{subject}",
        id="a parameter of a websocket was renamed",
    ),
]


@pytest.mark.parametrize(("old", "new", "difference"), EDITS)
def test_a_stale_module_says_what_differs(
    compiled: Compile, old: str, new: str, difference: str
) -> None:
    project = compiled()
    project.load()
    project.edit(old, new)
    error = project.stale()
    assert difference in error.difference
    assert error.module == "shopping_compiled"
    assert error.command == "flama-compile build shopping:app"
    assert str(error) == (
        f"shopping_compiled is out of date: {error.difference}. "
        "Run `flama-compile build shopping:app`."
    )


def test_two_routes_that_changed_places(compiled: Compile) -> None:
    project = compiled(
        "from flama import Flama\napp = Flama(schema=None, docs=None)\n"
        "async def a(): ...\nasync def b(): ...\n"
        "app.add_route('/a', a)\napp.add_route('/b', b)\n"
    )
    project.edit(
        "app.add_route('/a', a)\napp.add_route('/b', b)\n",
        "app.add_route('/b', b)\napp.add_route('/a', a)\n",
    )
    assert project.stale().difference == (
        "GET,HEAD /b (shopping:b) is now registered before GET,HEAD /a (shopping:a)"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('return {"item_id": item_id}', 'return {"id": item_id, "new": True}'),
        ('async def index(q: str = "")', 'async def index(q: str = "all")'),
        ("app = Flama(schema=None, docs=None)", "app = Flama(schema=None, docs=None, debug=True)"),
        ("async def index", "def index"),
    ],
    ids=["a body", "the value of a default", "debug", "async"],
)
def test_what_is_read_from_live_objects_makes_nothing_stale(
    compiled: Compile, old: str, new: str
) -> None:
    project = compiled()
    project.edit(old, new)
    assert get(project.load().app, "/items/")[0] == 200


def test_a_default_is_the_one_that_the_function_has_now(compiled: Compile) -> None:
    project = compiled(APP.replace("return []\n\n\n@app.get", "return q\n\n\n@app.get", 1))
    project.edit('q: str = ""', 'q: str = "now"')
    assert get(project.load().app, "/items/") == (200, b'"now"')


def test_the_registered_object_is_called(compiled: Compile) -> None:
    """A decorator above the route's leaves something else under the name in the module."""
    project = compiled(
        "from flama import Flama\napp = Flama(schema=None, docs=None)\n"
        "def spoil(view):\n    return None\n"
        "@spoil\n@app.get('/')\nasync def home():\n    return 'home'\n"
    )
    assert get(project.load().app, "/") == (200, b'"home"')


def test_a_view_behind_a_wrapper_is_bound_as_it_can_be_called(compiled: Compile) -> None:
    project = compiled(
        "import functools\nfrom flama import Flama\napp = Flama(schema=None, docs=None)\n"
        "def twice(view):\n"
        "    @functools.wraps(view)\n"
        "    async def wrapper(**values):\n"
        "        return [await view(**values)] * 2\n"
        "    return wrapper\n"
        "@app.get('/{number:int}')\n@twice\nasync def show(number: int):\n    return number\n"
    )
    assert get(project.load().app, "/7") == (200, b"[7,7]")


@pytest.mark.parametrize("owner", ["app", "shop"])
def test_later_registration_names_the_command(compiled: Compile, owner: str) -> None:
    compiled_module = compiled().load()
    live = getattr(sys.modules["shopping"], owner)

    async def late() -> None: ...

    with pytest.raises(ApplicationError, match="flama-compile build shopping:app"):
        live.add_route("/late", late)
    assert get(compiled_module.app, "/late")[0] == 404


def test_layers_that_dispatch_would_lead_past_are_refused(compiled: Compile) -> None:
    module = compiled().load()
    live = sys.modules["shopping"]
    with pytest.raises(ApplicationError, match="flama-compile build shopping:app"):
        live.shop.add_middleware(live.Stamp)
    # Those of the outermost application are read while it serves.
    live.app.add_middleware(live.Stamp)
    assert get(module.app, "/shop/products/")[0] == 200


@pytest.mark.parametrize("wrapped", ["", "1"])
def test_layers_that_only_the_load_tells_are_as_they_are_there(
    compiled: Compile, monkeypatch: pytest.MonkeyPatch, wrapped: str
) -> None:
    source = APP.replace(
        'app.mount("/shop", shop, name="shop")',
        """
import os

inner = Flama(schema=None, docs=None)
inner.add_get("/products/", products)


class Refuse(Stamp):
    async def __call__(self, scope, receive, send):
        from flama.http import PlainTextResponse

        await PlainTextResponse("closed", 503)(scope, receive, send)


if os.environ.get("WRAPPED"):
    inner.add_middleware(Refuse)
app.mount("/inner", inner)
""",
    )
    monkeypatch.setenv("WRAPPED", wrapped)
    project = compiled(source)
    module = project.load()
    assert "MOUNT /inner - ?" in module.ROUTES
    status = 503 if wrapped else 200
    assert get(module.app, "/inner/products/")[0] == status
    assert get(module.app, "/inner/none/")[0] == (503 if wrapped else 404)
    project.edit('app.mount("/inner", inner)', 'app.mount("/inner", inner.__call__)')
    assert "an application of Flama's" in str(project.stale())


def test_a_dynamic_site_is_left_to_the_interpreted_router(compiled: Compile) -> None:
    """What is registered there may change without a build; routes after it stay behind it."""
    source = """
import os
from flama import Flama

app = Flama(schema=None, docs=None)


async def early(): return "early"
async def dynamic(): return "dynamic"
async def late(): return "late"


app.add_route("/early", early)
for name in os.environ.get("SHOPPING_ROUTES", "one").split():
    app.add_route(f"/{name}", dynamic, name=name)
app.add_route("/{name}", late)
"""
    project = compiled(source)
    app = project.load().app
    assert [get(app, path)[1] for path in ("/early", "/one", "/two")] == [
        b'"early"',
        b'"dynamic"',
        b'"late"',
    ]
    os.environ["SHOPPING_ROUTES"] = "early two one"
    try:
        app = project.load().app
    finally:
        del os.environ["SHOPPING_ROUTES"]
    assert [get(app, path)[1] for path in ("/early", "/one", "/two", "/three")] == [
        b'"early"',
        b'"dynamic"',
        b'"dynamic"',
        b'"late"',
    ]
    assert get(app, "/one", "PUT")[0] == 405
    project.edit('app.add_route("/{name}", late)\n', "")
    assert "GET,HEAD /{name} (shopping:late) is compiled" in project.stale().difference


def test_words_of_the_fingerprint_are_methods_and_names_too(compiled: Compile) -> None:
    project = compiled(
        "from flama import Flama\napp = Flama(schema=None, docs=None)\n"
        "async def view(): return 'view'\n"
        "app.add_route('/dynamic', view, methods=['DYNAMIC'], name='?')\n"
        "app.add_route('/mount', view, methods=['MOUNT'], name=' - group')\n"
        "app.add_route('/ws', view, methods=['WS'], name='\\u2028')\n"
        "app.add_route('/quo\"te', view, name='\"')\n"
    )
    app = project.load().app
    for path, method in (("/dynamic", "DYNAMIC"), ("/mount", "MOUNT"), ("/ws", "WS")):
        assert get(app, path, method) == (200, b'"view"')
    project.edit("'/mount'", "'/amount'")
    assert "path /mount is now /amount" in project.stale().difference


def test_the_imported_application_still_serves(compiled: Compile) -> None:
    module = compiled().load()
    assert module.app is not module.application
    assert get(module.application, "/items/7/") == get(module.app, "/items/7/")


def test_the_generated_app_is_a_plain_asgi_function(compiled: Compile) -> None:
    assert inspect.iscoroutinefunction(compiled().load().app)


def test_another_contract_is_refused(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:
    project = compiled()
    monkeypatch.setattr(flama.loading, "CONTRACT", 99)
    with pytest.raises(ContractError) as caught:
        project.load()
    assert (caught.value.wanted, caught.value.found) == (1, 99)
    assert "flama-compile build shopping:app" in str(caught.value)


def test_a_name_of_another_contract_is_refused(compiled: Compile) -> None:
    project = compiled()
    file = project.folder / "shopping_compiled.py"
    file.write_text(file.read_text().replace("    serve,\n", "    serve,\n    serve_twice,\n"))
    with pytest.raises(ContractError, match="serve_twice"):
        project.load()


def test_another_object_is_refused(compiled: Compile) -> None:
    project = compiled()
    project.write("app = 5\n")
    with pytest.raises(ApplicationError, match="shopping:app is 5, which is no Flama application"):
        project.load()


def test_the_namesake_is_named(
    compiled: Compile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "site" / "flama-2.2.2.dist-info").mkdir(parents=True)
    monkeypatch.setattr(flama.loading, "__file__", str(tmp_path / "site" / "flama" / "loading.py"))
    with pytest.raises(ApplicationError, match="pip uninstall flama"):
        compiled().load()


def test_an_unfillable_parameter_that_only_live_objects_show(compiled: Compile) -> None:
    project = compiled(
        "from flama import Flama\napp = Flama(schema=None, docs=None)\n"
        "def make(view):\n    return view\n"
        "Thing = type('Thing', (), {})\n"
        "async def home(thing: Thing): ...\n"
        "view = make(home)\n"
        "app.add_route('/', view)\n"
    )
    with pytest.raises(ApplicationError, match="'thing'"):
        module = project.load()
        get(module.app, "/")


def test_what_cannot_be_filled_any_more_is_said_at_start_up(compiled: Compile) -> None:
    """As interpreted: no request finds it out."""
    project = compiled(
        "from flama import Component, Flama\n"
        "class User: ...\n"
        "class Users(Component):\n"
        "    def resolve(self) -> User:\n        return User()\n"
        "app = Flama(schema=None, docs=None, components=[Users()])\n"
        "@app.get('/')\nasync def home(user: User): ...\n"
    )
    project.edit("components=[Users()]", "components=[]")
    with pytest.raises(ApplicationError, match="'user'"):
        asyncio.run(project.load().application.lifecycle.start())


def test_loading_asks_for_no_signature_and_compiles_no_pattern(
    compiled: Compile, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = compiled(APP[: APP.index("@app.route")])
    project.load()
    sys.modules.pop("shopping_compiled")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("loading reflects")

    monkeypatch.setattr(inspect, "signature", refuse)
    monkeypatch.setattr(re, "compile", refuse)
    importlib.invalidate_caches()
    live = sys.modules["shopping"].app
    live.router.frozen = None
    assert importlib.import_module("shopping_compiled").app is not live


def test_a_fresh_process_loads_little(compiled: Compile) -> None:
    project = compiled(APP[: APP.index("@app.route")].replace(", websockets", ""))
    program = (
        "import sys, shopping_compiled\n"
        "bad = [name for name in ('libcst', 'black', 'click', 'flama_compile', 'starlette',\n"
        "       'anyio', 'pydantic', 'flama.openapi', 'flama._planning') if name in sys.modules]\n"
        "assert not bad, bad\n"
    )
    for flags in ([], ["-OO"]):
        ran = subprocess.run(
            [sys.executable, *flags, "-c", program],
            cwd=project.folder,
            capture_output=True,
            encoding="utf-8",
        )
        assert ran.returncode == 0, ran.stderr


def test_a_mismatch_is_named_without_docstrings(compiled: Compile) -> None:
    project = compiled()
    project.edit("async def show(item_id: int)", "async def show(item_id: str)")
    ran = subprocess.run(
        [sys.executable, "-OO", "-c", "import shopping_compiled"],
        cwd=project.folder,
        capture_output=True,
        encoding="utf-8",
    )
    assert "parameters (item_id:int) is now (item_id:str)" in ran.stderr


def test_one_word_means_what_it_means_around_its_view() -> None:
    """Words are remembered during a comparison, for each module by itself."""
    routes = []
    for kind in (int, str):
        names: dict[str, Any] = {"Number": kind}
        exec("async def view(a: 'Number', b: Number, *, c: 'Number' = 1): ...", names)
        routes.append(Route("/", names["view"]))
    words: Words = {}
    rows = [live_row(route, "", words).rpartition(" ")[2] for route in routes * 2]
    assert rows == ["(a:int,b:int,*,c:int=)", "(a:str,b:str,*,c:str=)"] * 2
