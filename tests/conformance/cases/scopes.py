"""Sections 5, 7 and 14: what middleware and handlers see of a request, wherever it is answered."""

from __future__ import annotations

from ..form import application, http

for _title, _middleware in (
    ("with middleware", "[Middleware(Twice)]"),
    ("without middleware", "[]"),
):
    application(
        f"scopes/handlers {_title}",
        """
        from flama import Flama, Middleware, Router
        from flama.exceptions import HTTPException
        from flama.http import JSONResponse, Request

        class Twice:
            def __init__(self, app):
                self.app = app

            async def __call__(self, scope, receive, send):
                if scope["type"] == "http" and scope["query_string"] == b"twice":
                    async def nowhere(message):
                        pass

                    await self.app(scope, receive, nowhere)
                await self.app(scope, receive, send)

        class Lost(Exception):
            pass

        def found(request: Request, exc: Exception):
            scope = request.scope
            return JSONResponse([
                type(exc).__name__, request.url.path, scope["root_path"],
                request.path_params, scope["route"].path, request.app is app,
            ])

        app = Flama(schema=None, docs=None, middleware=MIDDLEWARE)
        app.add_exception_handler(Lost, found)
        app.add_exception_handler(409, found)
        child, router = Flama(schema=None, docs=None), Router()

        for owner in (app, child, router):

            @owner.get("/lost/{what:int}/")
            async def lost(what: int):
                raise Lost

            @owner.get("/conflict/{what:int}/")
            def conflict(what: str):
                raise HTTPException(409)

            @owner.get("/bad/{what}/")
            def bad(what: int):
                return what

        child.mount("/deep", router)
        app.mount("/child/{who}", child)
        """.replace("MIDDLEWARE", _middleware),
        http(
            "a route of the application",
            "GET /lost/3/",
            200,
            ["Lost", "/lost/3/", "", {"what": 3}, "/lost/{what:int}/", True],
        ),
        http(
            "a route of a child",
            "GET /child/a/lost/3/",
            200,
            [
                "Lost",
                "/child/a/lost/3/",
                "/child/a",
                {"who": "a", "what": 3},
                "/lost/{what:int}/",
                False,
            ],
        ),
        http(
            "a route of a router below",
            "GET /child/a/deep/lost/3/",
            200,
            [
                "Lost",
                "/child/a/deep/lost/3/",
                "/child/a/deep",
                {"who": "a", "what": 3},
                "/lost/{what:int}/",
                False,
            ],
        ),
        http(
            "a status of a router below",
            "GET /child/a/deep/conflict/3/",
            200,
            [
                "HTTPException",
                "/child/a/deep/conflict/3/",
                "/child/a/deep",
                {"who": "a", "what": 3},
                "/conflict/{what:int}/",
                False,
            ],
        ),
        http(
            "another scope the second time",
            "GET /child/a/deep/lost/3/?twice",
            200,
            [
                "Lost",
                "/child/a/deep/lost/3/",
                "/child/a/deep",
                {"who": "a", "what": 3},
                "/lost/{what:int}/",
                False,
            ],
        ),
        http("a bad value below", "GET /child/a/bad/x/", 400),
    )

application(
    "scopes/components of a named parent",
    """
    from flama import Component, Flama, Router

    class Settings:
        def __init__(self, place: str):
            self.place = place

    class SettingsComponent(Component):
        def __init__(self, place: str):
            self.place = place

        def resolve(self) -> Settings:
            return Settings(self.place)

    base = Flama(schema=None, docs=None, components=[SettingsComponent("base")])
    app = Flama(schema=None, docs=None, parent=base)
    own = Flama(schema=None, docs=None, components=[SettingsComponent("own")])
    router = Router(app=own)

    for owner in (app, own, router):

        @owner.get("/place/")
        def place(settings: Settings):
            return settings.place

    app.mount("/own", own)
    app.mount("/router", router)
    """,
    http("its parent's", "GET /place/", 200, "base"),
    http("its own first", "GET /own/place/", 200, "own"),
    http("those of app=", "GET /router/place/", 200, "own"),
)

application(
    "scopes/arguments by position",
    """
    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.route("/a/", ["PUT"], "first", False)
    def a():
        return [route.name for route in app.routes]

    def b():
        return "b"

    app.add_route("/b/", b, ["GET"], "second", True)
    """,
    http("a decorator", "PUT /a/", 200, ["first", "second"]),
    http("a method", "GET /b/", 200, "b"),
)
