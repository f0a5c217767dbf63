"""Section 6: request bodies."""

from __future__ import annotations

from ..form import Contains, E, Problem, application, bad, http

_MODELS = """
    import dataclasses
    from typing import Annotated, Optional, TypedDict

    import msgspec
    import pydantic

    from flama import Flama, types
    from flama.schemas import Schema, SchemaList, SchemaMetadata

    app = Flama(schema=None, docs=None)

    class Puppy(pydantic.BaseModel):
        name: str
        age: int = 0

    @dataclasses.dataclass
    class Kitten:
        name: str
        age: int = 0

    class Foal(msgspec.Struct):
        name: str
        age: int = 0

    class Calf(TypedDict):
        name: str
        age: int

    @app.post("/pydantic/")
    async def a_pydantic(puppy: Puppy):
        return [type(puppy).__name__, puppy.name, puppy.age]

    @app.post("/dataclass/")
    async def a_dataclass(kitten: Kitten):
        return [type(kitten).__name__, kitten.name, kitten.age]

    @app.post("/struct/")
    async def a_struct(foal: Foal):
        return [type(foal).__name__, foal.name, foal.age]

    @app.post("/typeddict/")
    async def a_typeddict(calf: Calf):
        return [type(calf).__name__, calf]

    @app.post("/schema/")
    async def a_schema(puppy: Annotated[Schema, SchemaMetadata(Puppy)]):
        return [type(puppy).__name__, puppy]

    @app.post("/types-schema/")
    async def a_types_schema(puppy: Annotated[types.Schema, types.SchemaMetadata(Puppy)]):
        return puppy

    @app.post("/list/")
    async def a_list(puppies: Annotated[SchemaList, SchemaMetadata(Puppy)]):
        return [type(puppies).__name__, puppies]

    @app.patch("/partial/")
    async def a_partial(puppy: Annotated[Schema, SchemaMetadata(Puppy, partial=True)]):
        return puppy

    @app.post("/schema-dataclass/")
    async def a_schema_dataclass(kitten: Annotated[Schema, SchemaMetadata(Kitten)]):
        return [type(kitten).__name__, kitten]

    @app.post("/schema-struct/")
    async def a_schema_struct(foal: Annotated[Schema, SchemaMetadata(Foal)]):
        return [type(foal).__name__, foal]

    @app.post("/optional/")
    async def an_optional(puppy: Optional[Puppy]):
        return puppy

    @app.post("/default/")
    async def a_default(kitten: Kitten = Kitten("default", 9)):
        return kitten

    @app.get("/get/")
    async def on_get(kitten: Kitten):
        return kitten

    @app.put("/with/{n:int}/")
    async def with_others(foal: Foal, n: int, q: str = "q"):
        return [n, q, foal.name]

    @app.post("/sync/")
    def sync(kitten: Kitten):
        return kitten.name
    """

_CASES = []
for _kind in ("pydantic", "dataclass", "struct", "typeddict", "schema", "schema-struct"):
    _url = f"POST /{_kind}/"
    _CASES += [
        http(f"{_kind}", _url, 200, json_body={"name": "A", "age": 3}),
        http(
            f"{_kind}: extra keys are dropped", _url, 200, json_body={"name": "A", "age": 3, "x": 1}
        ),
        http(f"{_kind}: a missing field", _url, 400, bad(name="missing"), json_body={"age": 3}),
        http(
            f"{_kind}: a bad field",
            _url,
            400,
            bad(age=Problem(input="x")),
            json_body={"name": "A", "age": "x"},
        ),
        http(f"{_kind}: a list for an object", _url, 400, json_body=[{"name": "A", "age": 1}]),
        http(f"{_kind}: a number", _url, 400, content=b"3"),
        http(f"{_kind}: a string", _url, 400, content=b'"x"'),
        http(f"{_kind}: true", _url, 400, content=b"true"),
        http(
            f"{_kind}: null is validated as {{}}", _url, 400, Contains('"missing"'), content=b"null"
        ),
        http(f"{_kind}: nothing is validated as {{}}", _url, 400, Contains('"missing"')),
        http(f"{_kind}: malformed", _url, 400, Contains('"error":"HTTPException"'), content=b"{"),
        http(
            f"{_kind}: a form",
            _url,
            200,
            content=b"name=A&age=3",
            send={"content-type": "application/x-www-form-urlencoded"},
        ),
        http(
            f"{_kind}: another content type",
            _url,
            415,
            E(415, "Unsupported Media Type"),
            content=b"name",
            send={"content-type": "text/plain"},
        ),
    ]

_BOUNDARY = "multipart/form-data; boundary=XX"
_MULTIPART = (
    b'--XX\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\r\n'
    b'--XX\r\nContent-Disposition: form-data; name="age"\r\n\r\n4\r\n--XX--\r\n'
)

application(
    "bodies/models",
    _MODELS,
    *_CASES,
    http(
        "pydantic gives a model", "POST /pydantic/", 200, ["Puppy", "A", 0], json_body={"name": "A"}
    ),
    http(
        "dataclass gives an instance",
        "POST /dataclass/",
        200,
        ["Kitten", "A", 0],
        json_body={"name": "A"},
    ),
    http(
        "Struct gives an instance", "POST /struct/", 200, ["Foal", "A", 0], json_body={"name": "A"}
    ),
    http(
        "TypedDict gives a dict",
        "POST /typeddict/",
        200,
        ["dict", {"name": "A", "age": 1}],
        json_body={"name": "A", "age": 1, "more": 2},
    ),
    http(
        "Schema gives a dict, with defaults",
        "POST /schema/",
        200,
        ["dict", {"name": "A", "age": 0}],
        json_body={"name": "A"},
    ),
    http(
        "types.Schema is the same",
        "POST /types-schema/",
        200,
        {"name": "A", "age": 0},
        json_body={"name": "A"},
    ),
    http(
        "Schema of a dataclass",
        "POST /schema-dataclass/",
        200,
        ["dict", {"name": "A", "age": 0}],
        json_body={"name": "A"},
    ),
    http(
        "SchemaList gives a list",
        "POST /list/",
        200,
        ["list", [{"name": "A", "age": 0}, {"name": "B", "age": 2}]],
        json_body=[{"name": "A"}, {"name": "B", "age": 2}],
    ),
    http("SchemaList, empty", "POST /list/", 200, ["list", []], json_body=[]),
    http("SchemaList, an object", "POST /list/", 400, json_body={"name": "A"}),
    http("SchemaList, a bad element", "POST /list/", 400, json_body=[{"name": "A"}, {}]),
    http("partial", "PATCH /partial/", 200, {"age": 3}, json_body={"age": 3}),
    http("partial, empty", "PATCH /partial/", 200, {}, json_body={}),
    http("partial, bad", "PATCH /partial/", 400, bad(age=Problem()), json_body={"age": "x"}),
    http("Optional, null", "POST /optional/", 200, b"null", content=b"null"),
    http("Optional, nothing", "POST /optional/", 200, b"null"),
    http(
        "Optional, given",
        "POST /optional/",
        200,
        {"name": "A", "age": 1},
        json_body={"name": "A", "age": 1},
    ),
    http("default, nothing", "POST /default/", 200, {"name": "default", "age": 9}),
    http("default, null", "POST /default/", 200, {"name": "default", "age": 9}, content=b"null"),
    http("default, given", "POST /default/", 200, {"name": "A", "age": 0}, json_body={"name": "A"}),
    http("any method may have a body", "GET /get/", 200, json_body={"name": "A"}),
    http(
        "a body and the rest",
        "PUT /with/5/?q=z",
        200,
        [5, "z", "A"],
        json_body={"name": "A"},
    ),
    http("path first", "PUT /with/x/", 404, json_body={}),
    http("a sync view", "POST /sync/", 200, "A", json_body={"name": "A"}),
    http("in chunks", "POST /sync/", 200, "A", content=[b'{"na', b'me":', b'"A"}']),
    http(
        "JSON with a charset",
        "POST /sync/",
        200,
        "A",
        content=b'{"name":"A"}',
        send={"content-type": "application/json; charset=utf-8"},
    ),
    http(
        "an upper-case content type",
        "POST /sync/",
        200,
        "A",
        content=b'{"name":"A"}',
        send={"Content-Type": "APPLICATION/JSON"},
    ),
    http("no content type is JSON", "POST /sync/", 200, "A", content=b'{"name":"A"}'),
    http(
        "a form is coerced",
        "POST /dataclass/",
        200,
        ["Kitten", "A b", 3],
        content=b"name=A+b&age=3",
        send={"content-type": "application/x-www-form-urlencoded"},
    ),
    http(
        "multipart is coerced",
        "POST /pydantic/",
        200,
        ["Puppy", "A", 4],
        content=_MULTIPART,
        send={"content-type": _BOUNDARY},
    ),
    http(
        "multipart without its boundary",
        "POST /pydantic/",
        400,
        content=_MULTIPART,
        send={"content-type": "multipart/form-data"},
    ),
    http(
        "multipart that breaks off",
        "POST /pydantic/",
        400,
        content=_MULTIPART[:50],
        send={"content-type": _BOUNDARY},
    ),
    http(
        "malformed JSON says where",
        "POST /dataclass/",
        400,
        Contains('"status_code":400', "Malformed JSON", "byte"),
        content=b'{"name": A}',
    ),
    http("truncated UTF-8", "POST /dataclass/", 400, content=b'{"name": "\xc3"}'),
    http("a lone surrogate", "POST /dataclass/", 400, content=b'{"name": "\\ud800"}'),
    http("nested 10,000 deep", "POST /dataclass/", 400, content=b"[" * 10000 + b"]" * 10000),
    http(
        "nested 10,000 deep in a field",
        "POST /dataclass/",
        400,
        content=b'{"name":' + b"[" * 10000 + b"]" * 10000 + b"}",
    ),
    http(
        "duplicate keys: the last one",
        "POST /dataclass/",
        200,
        ["Kitten", "B", 0],
        content=b'{"name":"A","name":"B"}',
    ),
    http("10 MiB", "POST /sync/", 200, json_body={"name": "x" * (10 << 20)}),
    http(
        "a number beyond all bounds",
        "POST /dataclass/",
        400,
        content=b'{"name":"A","age":' + b"9" * 5000 + b"}",
    ),
    http("two values", "POST /dataclass/", 400, content=b'{"name":"A"} {}'),
    http("blank space is nothing", "POST /default/", 200, content=b" \n "),
    http("a byte order mark", "POST /dataclass/", 400, content=b'\xef\xbb\xbf{"name":"A"}'),
    http(
        "the client leaves in the middle",
        "POST /dataclass/",
        None,
        content=b'{"na',
        leaves=True,
    ),
)

application(
    "bodies/raw data",
    """
    from flama import Flama, types
    from flama.http import Request

    app = Flama(schema=None, docs=None)

    @app.post("/data/")
    async def data(data: types.RequestData):
        return data.data

    @app.post("/files/")
    async def files(data: types.RequestData):
        upload = data.data["file"]
        text = (await upload.read()).decode()
        return [upload.filename, upload.content_type, text, data.data["x"]]

    @app.post("/form/")
    async def form(request: Request):
        return sorted((await request.form()).multi_items())

    @app.post("/json/")
    async def json(request: Request):
        return await request.json()

    @app.post("/stream/")
    async def stream(request: Request):
        return [chunk.decode() async for chunk in request.stream()]
    """,
    http("scalars are data", "POST /data/", 200, 5, content=b"5"),
    http("null is None", "POST /data/", 200, b"null", content=b"null"),
    http("malformed", "POST /data/", 400, content=b"{"),
    http(
        "a file",
        "POST /files/",
        200,
        ["a.txt", "text/plain", "content", "y"],
        content=(
            b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
            b"Content-Type: text/plain\r\n\r\ncontent\r\n"
            b'--XX\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--XX--\r\n'
        ),
        send={"content-type": _BOUNDARY},
    ),
    http(
        "request.form",
        "POST /form/",
        200,
        [["a", "1"], ["a", "2"]],
        content=b"a=1&a=2",
        send={"content-type": "application/x-www-form-urlencoded"},
    ),
    http("request.json", "POST /json/", 200, {"a": 1}, json_body={"a": 1}),
    http("request.stream", "POST /stream/", 200, ["a", "b", ""], content=[b"a", b"b"]),
)
