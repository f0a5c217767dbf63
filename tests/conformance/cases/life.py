"""Section 13: start and end of applications."""

from __future__ import annotations

from ..form import Contains, Matches, application, http, lifespan

application(
    "life/order",
    """
    import contextlib

    from flama import Flama
    from flama.modules import Module
    from notes import note

    class Clock(Module):
        name = "clock"

        async def on_startup(self):
            note("module starts")

        async def on_shutdown(self):
            note("module stops")

    @contextlib.asynccontextmanager
    async def around(app):
        note("lifespan starts")
        yield
        note("lifespan stops")

    async def event_start():
        note("event starts")

    def sync_stop():
        note("sync event stops")

    app = Flama(
        schema=None,
        docs=None,
        modules=[Clock()],
        events={"startup": [event_start], "shutdown": [sync_stop]},
        lifespan=around,
    )

    @app.on_event("startup")
    async def decorated():
        note("decorated starts")

    def added():
        note("added stops")

    app.add_event_handler("shutdown", added)

    child = Flama(schema=None, docs=None)
    grandchild = Flama(schema=None, docs=None)

    @child.on_event("startup")
    async def child_starts():
        note("child starts")

    @child.on_event("shutdown")
    async def child_stops():
        note("child stops")

    @grandchild.on_event("startup")
    async def grandchild_starts():
        note("grandchild starts")

    @grandchild.on_event("shutdown")
    async def grandchild_stops():
        note("grandchild stops")

    child.mount("/grandchild", grandchild)
    app.mount("/child", child)

    @app.get("/clock/")
    async def clock():
        return app.clock.name
    """,
    http("a module is an attribute of its application", "GET /clock/", 200, "clock"),
    lifespan(
        startup=[
            "module starts",
            "event starts",
            "decorated starts",
            "lifespan starts",
            "child starts",
            "grandchild starts",
        ],
        shutdown=[
            "grandchild stops",
            "child stops",
            "lifespan stops",
            "sync event stops",
            "added stops",
            "module stops",
        ],
    ),
)

application(
    "life/a start-up that fails",
    """
    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.on_event("startup")
    async def fail():
        raise ValueError("the database is away")

    @app.get("/")
    async def view():
        return 1
    """,
    lifespan(failed=Contains("the database is away")),
)

application(
    "life/no lifespan messages",
    """
    from flama import Flama
    from notes import note

    app = Flama(schema=None, docs=None)

    @app.on_event("startup")
    async def start():
        note("starts")

    @app.get("/")
    async def view():
        return 1
    """,
    http(
        "the first request starts it",
        "GET /",
        200,
        1,
        notes=["starts"],
        logs=[(Matches("INFO|WARNING"), Matches(".+"))],
    ),
    http("the second does not", "GET /?2", 200, 1, notes=[], logs=[]),
    run_lifespan=False,
)
