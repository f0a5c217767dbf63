"""FC3xx: what is wrong with a route table, although it can be read."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code(
        "FC301",
        "unreachable-route",
        "warning",
        "route can never be reached",
        """
        The first route that matches answers, in the order of registration. Every request that
        this route could answer is answered by a route (or several) registered before it, so it
        might as well not exist. The message shows such a request.

        A route that only overlaps an earlier one is not reported: some request still reaches it.

        Register the special route before the general one, or remove the one that is not meant.
        """,
        """
        @app.get("/users/{name}")
        def user(name: str): ...

        @app.get("/users/me")       # GET /users/me is answered by `user`
        def me(): ...
        """,
    ),
    Code(
        "FC302",
        "swallowed-by-mount",
        "warning",
        "route or mount is swallowed by a mount registered before it",
        """
        A mount whose prefix matches is final: its answer stands, even when it is 404. So nothing
        that is registered after it under the same prefix is ever asked.

        Register the route before the mount, move it into the mounted application, or mount that
        under a narrower prefix.
        """,
        """
        app.mount("/static", StaticFiles(directory="static"))

        @app.get("/static/version")   # StaticFiles answers 404 for it
        def version(): ...
        """,
    ),
    Code(
        "FC303",
        "duplicate-name",
        "warning",
        "name is taken by an earlier route",
        """
        `resolve_url` takes the first route whose name and parameters fit. Another route of the
        same application has the same name and takes the same parameters, so this one can never
        be found by its name. Without `name=`, the name is that of the function or class.

        Routes of one name with different parameters are fine and are not reported.
        """,
        """
        @app.get("/items/", name="items")
        def items(): ...

        @app.get("/goods/", name="items")   # resolve_url("items") gives /items/
        def goods(): ...
        """,
    ),
    Code(
        "FC304",
        "lower-case-method",
        "warning",
        "method can never match a request",
        """
        Methods are case-sensitive in HTTP, and all that clients send are in upper case. A method
        written in lower case matches no real request, and GET in lower case brings no HEAD.
        """,
        """
        @app.route("/items/", methods=["get"])   # write "GET"
        def items(): ...
        """,
    ),
    Code(
        "FC305",
        "empty-path-below-mount",
        "warning",
        "an empty path below a mount answers nothing",
        """
        What is left of a request's path below a mount is at least "/", for the bare prefix too.
        So a route with the empty path never matches inside a mounted application or Router.

        Write "/": it answers both `/shop` and `/shop/` when mounted under `/shop`.
        """,
        """
        shop = Router(routes=[Route("", index)])
        app.mount("/shop", shop)
        """,
    ),
    Code(
        "FC306",
        "unfillable-parameter",
        "error",
        "nothing can fill a parameter of a view",
        """
        A parameter is filled by the connection, a component, another injectable type, the path, a
        primitive from the query, or a body model, in this order. None of these takes this one, so
        the application would refuse to start.

        Register a component that provides its type, annotate it with a primitive or a model, or
        name it after a parameter of the path.
        """,
        """
        class Session: ...

        @app.get("/me/")
        def me(session: Session): ...     # no component returns a Session
        """,
    ),
    Code(
        "FC307",
        "two-bodies",
        "error",
        "two parameters ask for the body",
        """
        A request has one body, so at most one parameter of a view can be a model. Join the two
        models in one, or take the smaller one from the query with primitives.
        """,
        """
        @app.post("/orders/")
        def order(item: Item, customer: Customer): ...
        """,
    ),
    Code(
        "FC308",
        "synchronous-websocket-view",
        "error",
        "websocket view is not `async`",
        """
        A websocket view waits for messages, which a synchronous function cannot do. Registration
        refuses it, and so do we. This holds for the hooks of an endpoint class too.
        """,
        """
        @app.websocket_route("/feed/")
        def feed(websocket: WebSocket): ...   # write `async def`
        """,
    ),
    Code(
        "FC309",
        "endpoint-without-on-receive",
        "warning",
        "websocket endpoint does not override `on_receive`",
        """
        `on_receive` is called for each message, and the one that endpoints inherit does nothing.
        An endpoint without its own accepts connections and drops what clients send.
        """,
        """
        @app.websocket_route("/feed/")
        class Feed(WebSocketEndpoint):
            async def on_connect(self, websocket: WebSocket): ...
        """,
    ),
    Code(
        "FC310",
        "unimportable-application",
        "error",
        "the application cannot be imported",
        """
        `verify` imports the application, in a process of its own, to compare it with what was
        read from its source. Python could not import it: a package is missing, a setting is not
        there, or the module failed. `run` serves the application and imports it too; all other
        commands never import anything.

        Run `verify` where the application starts, with its packages and its environment.
        """,
        "flama-compile verify shop.main:app",
        exit=2,
    ),
    Code(
        "FC311",
        "live-routes-differ",
        "error",
        "the application registers other routes than its source tells",
        """
        What the imported application registered is not what its source says. Either something
        registers, changes or removes routes in a way that the source hides, and should be declared
        as a dynamic site, or flama-compile read the source wrongly, which is our fault.

        Both are shown side by side: methods, path, handler, name and parameters.
        """,
        "flama-compile verify shop.main:app",
    ),
    Code(
        "FC312",
        "live-answers-differ",
        "error",
        "a request is answered by something else than the table says",
        """
        The interpreted router of the imported application, or the compiled module over it, finds
        another route for a request than the table that was read from the source. This is our
        fault: please report it with the line that is shown.
        """,
        "flama-compile verify shop.main:app",
    ),
)
