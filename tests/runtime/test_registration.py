"""Arguments of registration: every way to give them, and what bad ones are told."""

from __future__ import annotations

import enum
import logging
from typing import Any

import pytest
from flama import Component, Flama, Mount, Route, Router, WebSocketRoute
from flama.exceptions import ApplicationError
from flama.injection import Components
from flama.modules import Module


async def view(*args: Any, **kwargs: Any) -> None: ...


def silent(**options: Any) -> Flama:
    return Flama(schema=None, docs=None, **options)


def test_names_and_flags_may_be_given_by_position() -> None:
    app = silent()
    app.route("/a/", ["GET"], "a", False)(view)
    app.add_route("/b/", view, ["PUT"], "b", False)
    app.websocket_route("/c/", "c", False)(view)
    app.add_websocket_route("/d/", view, "d", False)
    app.mount("/e", Router(), "e")
    assert [(r.path, r.name, r.include_in_schema) for r in app.routes] == [
        ("/a/", "a", False),
        ("/b/", "b", False),
        ("/c/", "c", False),
        ("/d/", "d", False),
        ("/e", "e", True),
    ]


@pytest.mark.parametrize("owner", [silent, Router])
def test_flama_and_router_register_alike(owner: Any) -> None:
    app = owner()
    for method in [
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "options",
        "head",
        "connect",
        "trace",
        "query",
    ]:
        assert getattr(app, method)(f"/{method}/")(view) is view
        getattr(app, f"add_{method}")(f"/add-{method}/", view, name=f"add-{method}")
    app.add_route(route=Route("/r/", view))
    app.add_websocket_route(route=WebSocketRoute("/w/", view))
    app.mount(mount=Mount("/m", Router()))
    app.mount(path_prefix="/n/", app_to_mount=Router(), name="n")
    routes = {route.path: route for route in app.routes}
    assert len(routes) == 24
    assert routes["/get/"].methods == {"GET", "HEAD"}
    assert routes["/add-query/"].methods == {"QUERY"}
    assert routes["/add-query/"].name == "add-query"
    assert routes["/post/"].endpoint is view


def both_ways(app: Flama) -> None:
    child = silent()
    app.mount("/child", child)
    child.mount("/back", app)


@pytest.mark.parametrize(
    ("register", "words"),
    [
        (lambda app: app.add_route("/x/"), "path='/x/', endpoint=None"),
        (lambda app: app.add_route("/x/", 3), "endpoint=3"),
        (lambda app: app.add_route("/x/", int), "endpoint=<class 'int'>"),
        (lambda app: app.add_route(route=3), "route=3"),
        (lambda app: app.add_route("/x/", view, methods="GET"), "methods='GET'"),
        (lambda app: app.add_route("/x/", view, methods=["G T"]), "'G T'"),
        (lambda app: app.add_route("/x/", view, methods=[3]), "3"),
        (lambda app: app.add_route("/x/", view, methods=3), "methods=3"),
        (lambda app: app.add_route("/x/", view, pagination="page"), "pagination='page'"),
        (lambda app: app.add_websocket_route("/x/", lambda ws: None), "synchronous"),
        (lambda app: app.add_websocket_route("/x/", int), "endpoint=<class 'int'>"),
        (lambda app: app.mount("/x"), "path='/x', app=None"),
        (lambda app: app.mount("/x", 3), "app=3"),
        (lambda app: app.mount(mount=3), "mount=3"),
        (lambda app: app.mount("/x", view, path_prefix="/y"), "path='/x' and path_prefix='/y'"),
        (lambda app: app.mount("/x", app), "cycle"),
        (both_ways, "cycle"),
        (lambda app: app.add_component(int), "<class 'int'> is not a Component"),
        (lambda app: app.add_middleware(3), "middleware: 3"),
        (lambda app: app.add_exception_handler("x", view), "exc_class_or_status_code='x'"),
        (lambda app: app.add_exception_handler(404, 3), "handler=3"),
        (lambda app: app.add_exception_handler(404, lambda a, b, c: None), "takes neither"),
        (lambda app: app.add_event_handler("stop", view), "event='stop'"),
        (lambda app: app.add_event_handler("startup", 3), "handler=3"),
        (lambda app: app.on_event("stop"), "event='stop'"),
        (lambda app: silent(events={"stop": []}), "'stop'"),
        (lambda app: silent(events={"startup": view}), "list of functions"),
        (lambda app: silent(events={"startup": 3}), "'startup'=3"),
        (lambda app: silent(events=3), "events=3"),
        (lambda app: silent(routes=[3]), "routes: 3"),
        (lambda app: silent(routes=3), "routes=3"),
        (lambda app: silent(components=3), "components=3"),
        (lambda app: silent(middleware=3), "middleware=3"),
        (lambda app: silent(modules=3), "modules=3"),
        (lambda app: silent(openapi=3), "openapi=3"),
        (lambda app: Router(components=3), "components=3"),  # type: ignore[arg-type]
        (lambda app: app.get(view), "path=<function view"),
        (lambda app: app.websocket_route(view), "path=<function view"),
        (lambda app: app.get("/x/", name=3)(view), "name=3"),
        (lambda app: app.websocket_route("/x/", name=3)(view), "name=3"),
        (lambda app: app.mount("/x", Router(), name=3), "name=3"),
        (lambda app: silent(modules=[int]), "modules: <class 'int'>"),
        (lambda app: silent(lifespan=3), "lifespan=3"),
        (lambda app: silent(parent=3), "parent=3"),
        (lambda app: Flama(schema=None), "docs='/docs/'"),
    ],
)
def test_bad_calls_name_the_argument_and_the_value(register: Any, words: str) -> None:
    with pytest.raises(ApplicationError) as caught:
        register(silent())
    assert words in str(caught.value)


def test_a_path_that_is_no_template_is_a_value_error() -> None:
    app = silent()
    for register in (app.add_get, app.add_websocket_route, app.mount):
        with pytest.raises(ValueError, match="start with '/'"):
            register("x", view)


def test_what_can_never_answer_gets_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    child, late = Router(routes=[Route("", view, name="before")]), Router()
    app = silent()
    with caplog.at_level(logging.WARNING, "flama"):
        app.add_get("", view, name="fine")
        app.mount("/child", child)
        app.mount("/late", late)
        late.add_get("", view, name="after")
        app.add_route("/lower/", view, ["get"])
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 3
    assert "'before'" in told[0] and "'after'" in told[1] and "'get'" in told[2]


def test_an_attribute_of_flama_that_is_not_offered_is_told() -> None:
    with pytest.raises(AttributeError, match="'models': machine-learning models"):
        silent().models  # noqa: B018 - asking is what is tested
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        silent().nothing  # noqa: B018 - asking is what is tested
    assert not hasattr(silent(), "add_resource")


class Spelled(str, enum.Enum):  # noqa: UP042 - its `__str__` is not its text
    PATH = "/spelled/{n:int}/"
    PREFIX = "/prefix/"
    NAME = "spelled"
    METHOD = "PUT"


def test_members_of_an_enum_that_is_text_are_their_text() -> None:
    app = Flama(schema=None, docs=None)
    app.add_route(Spelled.PATH, lambda n: n, methods=[Spelled.METHOD], name=Spelled.NAME)
    app.mount(Spelled.PREFIX, Router(), name=Spelled.NAME)
    route, mount = app.routes
    assert (f"{route.path}", f"{route.name}") == ("/spelled/{n:int}/", "spelled")
    assert (f"{mount.path}", f"{mount.name}") == ("/prefix", "spelled")
    assert app.resolve_url("spelled", n=1).path == "/spelled/1/"


def test_modules_are_attributes_of_their_application() -> None:
    """Also under a name that Flama has for something that is not offered."""

    class Part(Module):
        name = "authentication"

    part = Part()
    app = Flama(modules=[part])
    assert app.authentication is part and app.modules["authentication"] is part
    assert part.app is app
    assert not hasattr(Flama(), "authentication")
    assert not hasattr(Flama, "authentication")
    with pytest.raises(AttributeError, match="object has no attribute 'nothing'"):
        _ = app.nothing


def test_components_tell_whoever_planned_without_them() -> None:
    """However they are added, they are checked and told, in their order."""
    told: list[int] = []
    first, second, third, fourth = (Words() for _ in range(4))
    components = Components([first])
    components.watchers.append(lambda: told.append(len(components)))
    components.append(second)
    components.insert(0, third)
    components += [fourth]
    assert list(components) == [third, first, second, fourth]
    assert told == [2, 3, 4]
    wrong: Any = Words
    for add in (
        components.append,
        lambda it: components.insert(0, it),
        lambda it: components.extend([it]),
    ):
        with pytest.raises(ApplicationError, match="is not a Component"):
            add(wrong)
    assert len(components) == 4


class Words(Component):
    """Resolves what nobody asks for."""

    def resolve(self) -> list[str]:
        return []
