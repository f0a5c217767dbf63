"""The OpenAPI 3.1 document of an application, from the signatures of its views.

    GET /items/{item_id:int}/           paths:
    async def show(item_id: int,          /items/{item_id}/:
                   q: str = "") -> Item     get: {parameters, responses}

Routes of mounted applications are described under their prefix. HEAD, websockets, routes with
`include_in_schema=False`, and methods that OpenAPI 3.1 does not know are left out. A docstring in
YAML is merged over what signatures give (`flama._docstrings`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flama._docstrings import operation_of
from flama._models import model_of
from flama._planning import Input, Plan, Reach, plan
from flama._shapes import Shape, Shapes, default
from flama._signatures import EMPTY, Parameter, Signature, describe, read, read_method, resolve
from flama.paths import Param, Segments
from flama.routing import Mount, Route, in_reach, router_of
from flama.types import Body, RequestData

__all__ = ["document"]

_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE")
"""Methods of a path item, in the order of the specification; HEAD is left out."""

_TYPES: Mapping[str, Shape] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "decimal": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
}

_FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")

_ERROR: Shape = {
    "type": "object",
    "title": "APIError",
    "properties": {
        "status_code": {"type": "integer"},
        "detail": {},
        "error": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["status_code", "detail", "error"],
}


def document(app: Any) -> dict[str, Any]:
    """The document of a `Flama`.

    :raises ApplicationError: A parameter that nothing can fill, or a docstring in YAML without
        PyYAML.
    """
    stated: Mapping[str, Any] = app.openapi or {}
    writer = _Writer()
    for place in _places(app.router, (app,), ()):
        writer.add(place)
    info = {"title": "Flama", "version": "0.1.0", **(stated.get("info") or {})}
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": info,
        "paths": writer.paths,
        "components": {"schemas": writer.shapes.named},
    }
    whole: dict[str, Any] = _merged(made, {k: v for k, v in stated.items() if k != "info"})
    return whole


class _Place:
    """One HTTP route where it answers: its whole template, and the applications around it."""

    def __init__(self, route: Route, chain: tuple[Any, ...], template: Segments) -> None:
        self.route = route
        self.chain = chain
        self.template = template


def _places(router: Any, chain: tuple[Any, ...], prefix: Segments) -> Iterator[_Place]:
    for entry in router.routes:
        whole = (*prefix, *entry.segments)
        if isinstance(entry, Mount):
            below = router_of(entry.app)
            if below is not None:
                yield from _places(below, (entry.app, *chain), whole)
        elif isinstance(entry, Route) and entry.include_in_schema and entry.segments:
            # A route "" answers the empty path only, which a document cannot name.
            yield _Place(entry, chain, whole)


class _Writer:
    def __init__(self) -> None:
        self.paths: dict[str, dict[str, Any]] = {}
        self.shapes = Shapes()
        self._keys: dict[tuple[str | None, ...], tuple[str, Segments]] = {}

    def add(self, place: _Place) -> None:
        key, names = self._key(place.template)
        item = self.paths.get(key, {})
        for method, view, signature in _views(place.route):
            if method.lower() in item:
                continue
            params = {s.name: s.type for s in place.template if isinstance(s, Param)}
            reach = Reach(in_reach(place.chain), params, "http")
            planned = plan(signature, reach, describe(view))
            operation = self._operation(view, signature, planned, params, place.route)
            item[method.lower()] = _with_names(operation, names)
        if item:
            self.paths[key] = item

    def _key(self, template: Segments) -> tuple[str, dict[str, str]]:
        """The path as it is documented, and how its parameters are called there.

        Two templates that differ only in the names of parameters are one path to OpenAPI: the
        first one names them.
        """
        shape = tuple(None if isinstance(s, Param) else s for s in template)
        if shape not in self._keys:
            parts = ("{" + s.name + "}" if isinstance(s, Param) else s for s in template)
            self._keys[shape] = ("/" + "/".join(parts), template)
        key, first = self._keys[shape]
        names = {
            own.name: known.name
            for own, known in zip(template, first, strict=True)
            if isinstance(own, Param) and isinstance(known, Param)
        }
        return key, names

    def _operation(
        self,
        view: Any,
        signature: Signature,
        planned: Plan,
        params: Mapping[str, str],
        route: Route,
    ) -> dict[str, Any]:
        operation: dict[str, Any] = {}
        parameters = self._parameters(planned.inputs, params)
        if parameters:
            operation["parameters"] = parameters
        body = self._body(planned.inputs, signature)
        if body is not None:
            operation["requestBody"] = body
        operation["responses"] = {
            "200": self._response(signature.returns),
            "default": {
                "description": "Unexpected error.",
                "content": {"application/json": {"schema": self.shapes.add("APIError", _ERROR)}},
            },
        }
        if route.tags.get("deprecated"):
            operation["deprecated"] = True
        stated = operation_of(_docstring(view), describe(view))
        merged: dict[str, Any] = _merged(operation, stated)
        for status, response in merged["responses"].items():
            if isinstance(response, dict) and "$ref" not in response:
                response.setdefault("description", _phrase(status))
        return {key: merged[key] for key in sorted(merged, key=_order)}

    def _parameters(
        self, inputs: tuple[Input, ...], params: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        path: dict[str, dict[str, Any]] = {
            name: {"name": name, "in": "path", "required": True, "schema": dict(_TYPES[kind])}
            for name, kind in params.items()
        }
        query: dict[str, dict[str, Any]] = {}
        for origin, parameter in inputs:
            if origin == "path":
                shape = self.shapes.of(parameter.annotation)
                if shape:
                    path[parameter.name]["schema"] = shape
            elif origin == "query" and parameter.name not in query:
                query[parameter.name] = self._query(parameter)
        return [*path.values(), *query.values()]

    def _query(self, parameter: Parameter) -> dict[str, Any]:
        shape = _without_null(self.shapes.of(parameter.annotation))
        if parameter.default is EMPTY:
            return {"name": parameter.name, "in": "query", "required": True, "schema": shape}
        shown = default(parameter.default)
        if shown is not EMPTY and shown is not None:
            shape = {**shape, "default": shown}
        return {"name": parameter.name, "in": "query", "required": False, "schema": shape}

    def _body(self, inputs: tuple[Input, ...], signature: Signature) -> dict[str, Any] | None:
        for origin, parameter in inputs:
            if origin == "body":
                shape = self._model(parameter.annotation)
                model = model_of(parameter.annotation)
                optional = model is not None and model.optional
                return {
                    "required": parameter.default is EMPTY and not optional,
                    "content": {"application/json": {"schema": shape}},
                }
        annotations = [parameter.annotation for parameter in signature.parameters]
        if RequestData in annotations:
            return {"content": {kind: {"schema": {}} for kind in _FORMS}}
        if Body in annotations:
            return {"content": {"*/*": {"schema": {}}}}
        return None

    def _model(self, annotation: Any) -> Shape:
        model = model_of(annotation)
        if model is None:
            return self.shapes.of(annotation)
        shape = self.shapes.partial(model.kind) if model.partial else self.shapes.of(model.kind)
        if model.many:
            shape = {"type": "array", "items": shape}
        return {"anyOf": [shape, {"type": "null"}]} if model.optional else shape

    def _response(self, returns: Any) -> dict[str, Any]:
        media = _media(returns)
        if media is not None:
            return {"description": _phrase("200"), "content": {media: {}} if media else {}}
        shape = self._model(returns) if returns is not EMPTY else {}
        return {
            "description": _phrase("200"),
            "content": {"application/json": {"schema": shape}},
        }


def _views(route: Route) -> Iterator[tuple[str, Any, Signature]]:
    """Each documented method of a route, with the callable that answers and its signature."""
    endpoint: Any = route.endpoint
    if isinstance(endpoint, type):
        # NOTE: an `HTTPEndpoint`, as registration insists.
        verbs: dict[str, str] = endpoint.verbs()  # type: ignore[attr-defined]
        for method, verb in verbs.items():
            if method in _METHODS and method in route.methods:
                yield method, getattr(endpoint, verb), resolve(read_method(endpoint, verb))
        return
    signature = resolve(read(endpoint))
    for method in _METHODS:
        if method in route.methods:
            yield method, endpoint, signature


def _docstring(view: Any) -> str | None:
    found = getattr(view, "__doc__", None)
    # An instance has the docstring of its class, and a partial the one of `functools.partial`.
    return found if hasattr(view, "__qualname__") and isinstance(found, str) else None


def _media(returns: Any) -> str | None:
    """The content type of a response class, "" where only the view knows it; else None."""
    if not isinstance(returns, type):
        return None
    for base in returns.__mro__:
        if (base.__module__, base.__name__) == ("starlette.responses", "Response"):
            return getattr(returns, "media_type", None) or ""
    return None


def _without_null(shape: Shape) -> Shape:
    """A query cannot hold null: it is left out instead."""
    members = [member for member in shape.get("anyOf", ()) if member != {"type": "null"}]
    if not members:
        return shape
    return members[0] if len(members) == 1 else {**shape, "anyOf": members}


def _with_names(operation: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    for parameter in operation.get("parameters", ()):
        if isinstance(parameter, dict) and parameter.get("in") == "path":
            parameter["name"] = names.get(parameter["name"], parameter["name"])
    return operation


def _merged(base: Any, over: Any) -> Any:
    """`over` wins, key by key where both are mappings."""
    if isinstance(base, dict) and isinstance(over, Mapping):
        merged = dict(base)
        for key, value in over.items():
            merged[key] = _merged(base[key], value) if key in base else value
        return merged
    return over


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Response."


_ORDER = ("tags", "summary", "description", "operationId", "parameters", "requestBody", "responses")


def _order(key: str) -> tuple[int, str]:
    return (_ORDER.index(key) if key in _ORDER else len(_ORDER), key)
