"""The code blocks of the two documents that this framework follows, line breaks restored."""

from __future__ import annotations

from ..form import (
    Contains,
    E,
    Leave,
    Matches,
    accept,
    application,
    binary,
    close,
    http,
    text,
    websocket,
)

application(
    "seeds/views, function",
    """
    from flama import Flama

    app = Flama()

    @app.route("/foo/", methods=["GET"])
    def foo():
        return {"message": "foo"}
    """,
    http("the view answers", "GET /foo/", 200, b'{"message":"foo"}'),
    http("HEAD comes with GET", "HEAD /foo/", 200),
    http("other methods are refused", "POST /foo/", 405, headers={"allow": "GET, HEAD"}),
    http("no slash is added", "GET /foo", 404),
)

application(
    "seeds/views, class",
    """
    from flama import Flama
    from flama.endpoints import HTTPEndpoint

    app = Flama()

    @app.route("/foobar/", methods=["GET", "POST"])
    class FooBarEndpoint(HTTPEndpoint):
        def get(self):
            return {"message": "foo"}

        async def post(self):
            return {"message": "bar"}
    """,
    http("get", "GET /foobar/", 200, {"message": "foo"}),
    http("post", "POST /foobar/", 200, {"message": "bar"}),
    http("put", "PUT /foobar/", 405, headers={"allow": "GET, HEAD, POST"}),
)

application(
    "seeds/views, websocket function",
    """
    from flama import Flama, websockets

    app = Flama()

    @app.websocket_route("/foo/")
    async def foo_websocket(websocket: websockets.WebSocket, data: websockets.Data):
        await websocket.send_bytes(data)
    """,
    websocket(
        "relays each message",
        "/foo/",
        [b"one", b"two", "drei \u00fc"],
        [accept(), binary(b"one"), binary(b"two"), binary("drei \u00fc".encode())],
    ),
    websocket("relays nothing where nothing is said", "/foo/", [], [accept()]),
    websocket("is the only path", "/foo", [], [close(1000)]),
    http("is no HTTP path", "GET /foo/", 404),
)

application(
    "seeds/views, websocket class",
    """
    from flama import Flama, websockets
    from flama.endpoints import WebSocketEndpoint

    app = Flama()

    @app.websocket_route("/foo/")
    class FooWebsocketEndpoint(WebSocketEndpoint):
        async def on_connect(self, websocket: websockets.WebSocket) -> None:
            await websocket.accept()

        async def on_disconnect(
            self, websocket: websockets.WebSocket, websocket_code: websockets.Code
        ) -> None:
            await websocket.close(websocket_code)

        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data) -> None:
            await websocket.send_bytes(data)
    """,
    websocket("relays", "/foo/", [b"a", b"b"], [accept(), binary(b"a"), binary(b"b")]),
    websocket("text is the wrong kind", "/foo/", ["a"], [accept(), close(1003)]),
    websocket("the client leaves", "/foo/", [b"a", Leave(4000)], [accept(), binary(b"a")]),
)

application(
    "seeds/routes, decorators",
    """
    import flama
    from flama import Flama, websockets

    app = Flama()

    @app.get("/my-data/")
    async def fetch_my_data():
        return {"data": "sample"}

    @app.get("/product/{product_id:int}/")
    async def get_product(product_id: int): # product_id will be an integer
        return {"id": product_id, "name": f"Product {product_id}"}

    async def custom_handler():
        return {"message": "Handled manually"}

    app.add_route("/manual-endpoint/", custom_handler, methods=["GET"])

    @app.websocket_route("/ws-echo")
    async def websocket_echo(websocket: websockets.WebSocket):
        await websocket.accept()
        try:
            while True:
                data = await websocket.receive_text()
                await websocket.send_text(f"Echo: {data}")
        except websockets.WebSocketDisconnect:
            # Client disconnected
            pass
        else:
            await websocket.close()

    async def my_websocket_handler(websocket: flama.websockets.WebSocket):
        await websocket.accept()
        await websocket.send_text("Connected to manual websocket route!")
        await websocket.close()

    app.add_websocket_route("/manual-ws/", my_websocket_handler)
    """,
    http("get", "GET /my-data/", 200, {"data": "sample"}),
    http("typed path", "GET /product/42/", 200, {"id": 42, "name": "Product 42"}),
    http("another type is no match", "GET /product/x/", 404),
    http("added by call", "GET /manual-endpoint/", 200, {"message": "Handled manually"}),
    websocket(
        "the view catches the end",
        "/ws-echo",
        ["a", "b", Leave(1001)],
        [accept(), text("Echo: a"), text("Echo: b")],
    ),
    websocket(
        "added by call, through the module's name",
        "/manual-ws/",
        [],
        [accept(), text("Connected to manual websocket route!"), close(1000)],
    ),
)

application(
    "seeds/routes, router",
    """
    from flama import Flama
    from flama.routing import Router, Route

    async def list_items():
        return []

    async def get_item(item_id: int):
        return {}

    item_router = Router(routes=[
        Route("/", list_items, methods=["GET"]),
        Route("/{item_id:int}/", get_item, methods=["GET"]),
    ])

    app = Flama()
    app.mount("/items", item_router)
    """,
    http("the mount without a slash", "GET /items", 200, b"[]"),
    http("the mount with a slash", "GET /items/", 200, b"[]"),
    http("an empty object has a body", "GET /items/3/", 200, b"{}"),
    http("no match below", "GET /items/x/", 404),
)

application(
    "seeds/routes, sub-application",
    """
    from flama import Flama

    shop_app = Flama()

    @shop_app.get("/products/")
    async def list_products_in_shop():
        return [{"name": "Sub-App Product A"}]

    main_app = Flama()
    main_app.mount("/shop", shop_app)
    # Now, the "/products/" route from shop_app is accessible at "/shop/products/" on main_app.
    """,
    http("below the prefix", "GET /shop/products/", 200, [{"name": "Sub-App Product A"}]),
    http("not without it", "GET /products/", 404),
    http("its own schema", "GET /shop/schema/", 200),
    attribute="main_app",
)

_EXAMPLE = '''
    import datetime

    import flama
    from flama import Flama, websockets
    from flama.http import HTMLResponse, JSONResponse
    from flama.routing import Route, Router

    app = Flama(
        openapi={
            "info": {
                "title": "Hello-\U0001f525",
                "version": "1.0",
                "description": "My first API",
            },
        },
    )

    # Basic Routes with decorators
    @app.get("/")
    async def root_path():
        """Handles GET requests to the root path."""
        return HTMLResponse(
            "<h1>Welcome to the <FlamaName /> Routes Example!</h1>"
            "<p>Explore different endpoints.</p>"
        )

    @app.get("/items/{item_id:int}/")
    async def get_item_by_id(item_id: int):
        """
        Handles GET requests for a specific item, expecting an integer item_id.
        Demonstrates path parameter with type conversion.
        """
        return JSONResponse(
            {
                "item_id": item_id,
                "description": f"Details for item ID: {item_id}",
                "parameter_type": str(type(item_id).__name__),
            }
        )

    @app.post("/items/")
    async def create_new_item():
        """
        Handles POST requests to create a new item (conceptual).
        In a real application, this would likely involve processing a request body.
        """
        return JSONResponse(
            {"message": "Item created successfully (simulated)."}, status_code=201
        )

    @app.get("/users/{username:str}/profile/")
    async def get_user_profile(username: str):
        """Handles GET requests for a user's profile by their username."""
        # <FlamaName /> automatically converts dictionary to JSONResponse
        return {
            "username": username,
            "email": f"{username}@example.com",
            "status": "active",
        }

    # Programmatically adding Route
    async def system_status_handler():
        """A handler for a manually added route providing system status."""
        return {
            "status": "All systems operational",
            "server_time": datetime.datetime.now(),
        }

    app.add_route(
        "/system/status/", system_status_handler, methods=["GET"], name="system_status"
    )

    # Not-recommended: Grouping routes with a Router
    async def list_products():
        """Lists all available products (within the product_router context)."""
        return [
            {"id": "prod_001", "name": "Awesome Gadget"},
            {"id": "prod_002", "name": "Super Tool"},
        ]

    async def get_product_details(product: str):
        """Gets details for a specific product."""
        return {
            "sku": product,
            "name": f"Product {product.upper()}",
            "price": "99.99",
        }

    product_router = Router(
        routes=[
            Route("/products/", list_products, methods=["GET"]),
            Route("/product_details/", get_product_details, methods=["GET"]),
        ]
    )
    app.mount("/router", product_router)

    @app.websocket_route("/ws-echo/")
    async def websocket_echo_endpoint(websocket: websockets.WebSocket):
        """
        A simple WebSocket echo endpoint.
        It accepts a connection, then echoes back any text message it receives.
        """
        try:
            await websocket.accept()
            await websocket.send_text("Hello from websocket.")
            while True:
                data = await websocket.receive_text()
                await websocket.send_text(f"Echo from Flama: {data}")
        except Exception as e:
            await websocket.close()
            raise e from None
        else:
            await websocket.close()

    # Recommended: Grouping routes with sub-applications
    shop_app = Flama()

    @shop_app.get("/products/")
    async def list_products_shop():
        return await list_products()

    @shop_app.get("/product_details/")
    async def get_product_details_shop(product: str):
        return await get_product_details(product)

    app.mount("/api/v1/shop", product_router)

    if __name__ == "__main__":
        flama.run(flama_app=app, server_host="0.0.0.0", server_port=8000)
    '''

_PRODUCTS = [
    {"id": "prod_001", "name": "Awesome Gadget"},
    {"id": "prod_002", "name": "Super Tool"},
]
_DETAILS = {"sku": "x1", "name": "Product X1", "price": "99.99"}
_MISSING = E(
    400,
    {
        "product": {
            "type": "missing",
            "loc": ["product"],
            "msg": "Field required",
            "input": {},
        }
    },
    "ValidationError",
)

application(
    "seeds/routes, the whole example",
    _EXAMPLE,
    http(
        "HTML",
        "GET /",
        200,
        Contains("<h1>Welcome to the <FlamaName /> Routes Example!</h1>"),
        headers={"content-type": "text/html; charset=utf-8"},
    ),
    http(
        "typed path",
        "GET /items/7/",
        200,
        {"item_id": 7, "description": "Details for item ID: 7", "parameter_type": "int"},
    ),
    http("the status of a response", "POST /items/", 201),
    http(
        "text in a path",
        "GET /users/ada/profile/",
        200,
        {"username": "ada", "email": "ada@example.com", "status": "active"},
    ),
    http(
        "a time in a result",
        "GET /system/status/",
        200,
        Matches(
            r'\{"status":"All systems operational",'
            r'"server_time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"\}'
        ),
        varies=True,
    ),
    http("a mounted router", "GET /router/products/", 200, _PRODUCTS),
    http("the same router again", "GET /api/v1/shop/products/", 200, _PRODUCTS),
    http("a query", "GET /router/product_details/?product=x1", 200, _DETAILS),
    http("the same query", "GET /api/v1/shop/product_details/?product=x1", 200, _DETAILS),
    http("a missing query", "GET /router/product_details/", 400, _MISSING),
    http("the path that the text names is none", "GET /router/product/x1/", 404),
    http("the schema", "GET /schema/", 200, Contains("Hello-", "My first API")),
    websocket(
        "the echo raises what it caught, and nobody minds",
        "/ws-echo/",
        ["a"],
        [accept(), text("Hello from websocket."), text("Echo from Flama: a")],
    ),
    websocket(
        "a binary frame for a view that reads text",
        "/ws-echo/",
        [b"a"],
        [accept(), text("Hello from websocket."), close(1003)],
    ),
)
