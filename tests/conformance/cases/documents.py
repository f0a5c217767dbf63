"""Section 12: the OpenAPI document and the page that shows it."""

from __future__ import annotations

from typing import Any

from ..form import Contains, application, http

_ERROR = {
    "description": "Unexpected error.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/APIError"}}},
}


def _response(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


class Holds:
    """Expects JSON in which these parts stand at these places."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    def __eq__(self, other: object) -> bool:
        for place, expected in self.parts.items():
            found: Any = other
            for key in place.split(" > "):
                if not isinstance(found, dict) or key not in found:
                    found = None
                    break
                found = found[key]
            if found != expected:
                raise AssertionError(f"at {place}: {found!r}, not {expected!r}")
        return True

    __hash__ = None  # type: ignore[assignment]


application(
    "documents/of one application",
    '''
    import dataclasses
    import enum
    import uuid
    from typing import Annotated, Literal, Optional

    import pydantic

    from flama import Component, Flama, types
    from flama.endpoints import HTTPEndpoint
    from flama.http import HTMLResponse
    from flama.schemas import Schema, SchemaList, SchemaMetadata
    from flama.websockets import WebSocket

    class Puppy(pydantic.BaseModel):
        name: str
        age: int = 0

    @dataclasses.dataclass
    class Kitten:
        name: str

    class Colour(enum.Enum):
        RED = "red"

    class Page:
        pass

    class PageComponent(Component):
        def resolve(self, page: int = 1) -> Page:
            return Page()

    app = Flama(
        openapi={"info": {"title": "Pets", "version": "2", "description": "All pets"}},
        components=[PageComponent()],
    )

    @app.get("/puppies/{puppy_id:int}/")
    async def puppy(
        puppy_id: int,
        page: Page,
        q: str,
        colour: Colour = Colour.RED,
        tags: list[str] = [],
        size: Optional[int] = None,
    ) -> Puppy:
        """Find a puppy.

        It may be
        any puppy.
        """

    @app.post("/puppies/")
    async def create(puppy: Annotated[Schema, SchemaMetadata(Puppy)]) -> Schema[Puppy]:
        """
        tags:
            - puppy
        summary: Create a puppy.
        description: >-
            It is new.
        responses:
            200:
                description: The puppy.
            409:
                description: There is one already.
        """

    @app.put("/puppies/")
    async def replace(puppies: Annotated[SchemaList, SchemaMetadata(Puppy)]) -> SchemaList[Puppy]:
        return []

    @app.get("/kittens/")
    async def kittens(kitten: Kitten | None = None) -> list[Kitten]:
        return []

    @app.get("/plain/{x}/{y:uuid}/")
    def plain(y: uuid.UUID):
        return 1

    @app.get("/page/")
    def a_page() -> HTMLResponse:
        return HTMLResponse("")

    @app.get("/hidden/", include_in_schema=False)
    def hidden():
        return 1

    @app.head("/only-head/")
    def only_head():
        return 1

    @app.query("/not-in-3.1/")
    def query():
        return 1

    @app.websocket_route("/ws/")
    async def ws(websocket: WebSocket):
        await websocket.close()

    @app.route("/class/{n:float}/")
    class Klass(HTTPEndpoint):
        """The docstring of the class is nobody's."""

        def get(self, n: float) -> dict[str, int]:
            """Get it."""

        def delete(self, n: float) -> None:
            """Delete it."""
    ''',
    http(
        "the whole document",
        "GET /schema/",
        200,
        Contains('{"openapi":"3.1.0","info":{"title":"Pets","version":"2"'),
        headers={"content-type": "application/vnd.oai.openapi+json"},
    ),
    http("is the same the second time", "GET /schema/?2", 200),
    http("the page", "GET /docs/", 200, Contains("<title>Pets</title>", "/schema/")),
    http(
        "the page for HEAD",
        "HEAD /docs/",
        200,
        headers={"content-type": "text/html; charset=utf-8"},
    ),
)

DOCUMENT = Holds(
    {
        "info": {"title": "Pets", "version": "2", "description": "All pets"},
        "paths > /puppies/{puppy_id}/ > get > summary": "Find a puppy.",
        "paths > /puppies/{puppy_id}/ > get > description": "It may be\nany puppy.",
        "paths > /puppies/{puppy_id}/ > get > parameters": [
            {"name": "puppy_id", "in": "path", "required": True, "schema": {"type": "integer"}},
            {
                "name": "page",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "default": 1},
            },
            {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}},
            {
                "name": "colour",
                "in": "query",
                "required": False,
                "schema": {"title": "Colour", "enum": ["red"], "default": "red"},
            },
            {
                "name": "tags",
                "in": "query",
                "required": False,
                "schema": {"type": "array", "items": {"type": "string"}, "default": []},
            },
            {"name": "size", "in": "query", "required": False, "schema": {"type": "integer"}},
        ],
        "paths > /puppies/{puppy_id}/ > get > responses": {
            "200": _response({"$ref": "#/components/schemas/Puppy"}),
            "default": _ERROR,
        },
        "paths > /puppies/{puppy_id}/ > head": None,
        "paths > /puppies/ > post > tags": ["puppy"],
        "paths > /puppies/ > post > summary": "Create a puppy.",
        "paths > /puppies/ > post > description": "It is new.",
        "paths > /puppies/ > post > requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Puppy"}}},
        },
        "paths > /puppies/ > post > responses": {
            "200": {
                **_response({"$ref": "#/components/schemas/Puppy"}),
                "description": "The puppy.",
            },
            "409": {"description": "There is one already."},
            "default": _ERROR,
        },
        "paths > /puppies/ > put > responses > 200": _response(
            {"type": "array", "items": {"$ref": "#/components/schemas/Puppy"}}
        ),
        "paths > /kittens/ > get > requestBody > required": False,
        "paths > /plain/{x}/{y}/ > get > parameters": [
            {"name": "x", "in": "path", "required": True, "schema": {"type": "string"}},
            {
                "name": "y",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            },
        ],
        "paths > /page/ > get > responses > 200 > content": {"text/html": {}},
        "paths > /hidden/": None,
        "paths > /only-head/": None,
        "paths > /not-in-3.1/": None,
        "paths > /ws/": None,
        "paths > /schema/": None,
        "paths > /docs/": None,
        "paths > /class/{n}/ > get > summary": "Get it.",
        "paths > /class/{n}/ > delete > summary": "Delete it.",
        "components > schemas > Kitten > required": ["name"],
        "components > schemas > Puppy > properties > age": {
            "default": 0,
            "title": "Age",
            "type": "integer",
        },
    }
)
"""What stands in the document of the first application here."""

application(
    "documents/of mounted applications",
    '''
    from flama import Flama, Router
    from starlette.applications import Starlette

    app = Flama()
    child = Flama()
    router = Router()

    @app.get("/a/{x}/")
    def first(x: str):
        return 1

    @app.post("/a/{y:int}/")
    def same_path_other_name(y: int):
        return 1

    @app.get("/a/{z}/")
    def never_answers(z: str):
        """Not documented: another route answers."""

    @child.get("/b/")
    def b(org: int):
        return 1

    @child.get("/")
    def root(org: int):
        return 1

    @router.get("/c/{n:int}/")
    def c(n: int, org: int):
        return 1

    @router.get("")
    def answers_nothing(org: int):
        return 1

    child.mount("/deep", router)
    app.mount("/orgs/{org:int}/", child)
    app.mount("/foreign", Starlette())
    ''',
    http("the parent's document", "GET /schema/", 200, Contains('"/orgs/{org}/deep/c/{n}/"')),
    http("the child's own document", "GET /orgs/5/schema/", 200, Contains('"/deep/c/{n}/"')),
    http("the child's own page", "GET /orgs/5/docs/", 200, Contains("/orgs/5")),
    http(
        "the page behind a proxy",
        "GET /p%22x/docs/",
        200,
        Contains("/p%22x"),
        scope={"root_path": '/p"x'},
    ),
)

MOUNTED = Holds(
    {
        "paths > /a/{x}/ > get > parameters": [
            {"name": "x", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "paths > /a/{x}/ > post > parameters": [
            {"name": "x", "in": "path", "required": True, "schema": {"type": "integer"}}
        ],
        "paths > /a/{z}/": None,
        "paths > /orgs/{org}/b/ > get > parameters": [
            {"name": "org", "in": "path", "required": True, "schema": {"type": "integer"}}
        ],
        "paths > /orgs/{org}/ > get > responses > 200": _response({}),
        "paths > /orgs/{org}/deep/c/{n}/ > get > responses > default": _ERROR,
        "paths > /orgs/{org}/deep": None,
    }
)
"""What stands in the document of the second application here."""
