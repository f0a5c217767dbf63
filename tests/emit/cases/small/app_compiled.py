# Compiled by flama-compile from app:app. Do not edit.
# To compile it again: flama-compile build app:app

"""The routes of app:app, in registration order.

GET,HEAD  /schema/                             flama.schemas:schema_view
GET,HEAD  /docs/                               flama.schemas:docs_view
GET,HEAD  /                                    app:home
GET,HEAD  /items/                              app:index
POST      /items/                              app:create
GET,HEAD  /items/{item_id:int}/                app:show
PUT       /items/{name}/                       app:rename
GET,HEAD  /orders/{order_id}/lines/{line:int}  app:line
GET,HEAD  /whoami                              app:whoami
DELETE,GET,HEAD,PUT /stock/{item_id:int}/                app:Stock
WS        /feed/{topic}/                       app:feed
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from flama.dispatch import (
    NOT_FOUND,
    Match,
    Mismatch,
    Receive,
    Resource,
    Scope,
    Segments,
    Send,
    View,
    as_declared,
    is_int,
    is_json,
    load,
    no_arguments,
    path_errors,
    query_errors,
    query_of,
    read_body,
    serve,
    to_int,
    to_str,
    to_uuid,
)

from app import app as application

CONTRACT = 1

# What the application registered when this was compiled: loading compares.
ROUTES = """\
GET,HEAD /schema/ flama.schemas:schema_view schema (?)
GET,HEAD /docs/ flama.schemas:docs_view docs (?)
GET,HEAD / app:home home ()
GET,HEAD /items/ app:index index (q:str=,limit:int=)
POST /items/ app:create create (item:*)
GET,HEAD /items/{item_id:int}/ app:show show (item_id:int)
PUT /items/{name}/ app:rename rename (name:str,page:*=)
GET,HEAD /orders/{order_id}/lines/{line:int} app:line line (order_id:uuid,line:int)
GET,HEAD /whoami app:whoami whoami (request:*)
DELETE,GET,HEAD,PUT /stock/{item_id:int}/ app:Stock Stock \
get(item_id:int,unit:str=);put(item_id:int,body:*);delete(item_id:int)
WS /feed/{topic}/ app:feed feed (websocket:*,topic:str)
"""

views = load(__name__, "app:app", application, CONTRACT, ROUTES)


def bind_q_limit(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    query = query_of(scope)
    try:
        q = query["q"] if "q" in query else view.defaults["q"]
        limit = to_int(query["limit"]) if "limit" in query else view.defaults["limit"]
    except (KeyError, Mismatch):
        raise query_errors(view, query, q=to_str, limit=to_int) from None
    return view.call(q=q, limit=limit)


async def bind_item(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Any:
    if not is_json(scope):
        return await as_declared(view, scope, receive, send, segments)
    item = view.body(await read_body(receive))
    return await view.call(item=item)


def bind_item_id(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    return view.call(item_id=int(segments[2]))


def bind_name_page(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    query = query_of(scope)
    try:
        page = (
            view.reads["page"](query["page"])
            if "page" in query
            else view.defaults["page"]
        )
    except (KeyError, Mismatch):
        raise query_errors(view, query, page=view.reads["page"]) from None
    return view.call(name=segments[2], page=page)


def bind_order_id_line(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    try:
        order_id = to_uuid(segments[2])
    except Mismatch:
        raise path_errors(order_id=(to_uuid, segments[2])) from None
    return view.call(order_id=order_id, line=int(segments[4]))


def bind_get_item_id_unit(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    query = query_of(scope)
    try:
        unit = query["unit"] if "unit" in query else view.defaults["unit"]
    except (KeyError, Mismatch):
        raise query_errors(view, query, unit=to_str) from None
    return view.instance(scope, receive, send, segments).get(
        item_id=int(segments[2]),
        unit=unit,
    )


async def bind_put_item_id_body(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Any:
    if not is_json(scope):
        return await as_declared(view, scope, receive, send, segments)
    raw = await read_body(receive)
    body = view.body(raw)
    return await view.instance(scope, receive, send, segments, raw).put(
        item_id=int(segments[2]),
        body=body,
    )


# The views, in registration order, each with what fills its parameters.
schema_view = views.take(as_declared)
docs_view = views.take(as_declared)
home = views.take(no_arguments)
index = views.take(bind_q_limit)
create = views.take(bind_item, body="item")
show = views.take(bind_item_id)
rename = views.take(bind_name_page, reads=("page",))
line = views.take(bind_order_id_line)
whoami = views.take(as_declared)
stock = views.take_class()
stock.take("get", bind_get_item_id_unit)
stock.take("put", bind_put_item_id_body, body="body")
feed = views.take(as_declared)

# The resources: what answers one path, by method.
SCHEMA = Resource(GET=schema_view, HEAD=schema_view)
DOCS = Resource(GET=docs_view, HEAD=docs_view)
ROOT = Resource(GET=home, HEAD=home)
ITEMS = Resource(GET=index, HEAD=index, POST=create)
WHOAMI = Resource(GET=whoami, HEAD=whoami)
ITEMS_ITEM_ID_OR_ITEMS_NAME = Resource(GET=show, HEAD=show, PUT=rename)
ITEMS_NAME = Resource(PUT=rename)
ORDERS_ORDER_ID_LINES_LINE = Resource(GET=line, HEAD=line)
STOCK_ITEM_ID = Resource(
    DELETE=stock["DELETE"],
    GET=stock["GET"],
    HEAD=stock["HEAD"],
    PUT=stock["PUT"],
)
FEED_TOPIC = Resource(WEBSOCKET=feed)


def match_http(path: str) -> Match:
    """The resource of a path, and the segments of the path."""
    resource = HTTP_STATIC.get(path)
    if resource is not None:
        return resource, ()
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    count = len(segments)
    if segments[1] == "items":
        return http_items(segments)
    if (
        segments[1] == "orders"
        and count == 5
        and segments[3] == "lines"
        and segments[2]
        and is_int(segments[4])
    ):
        return ORDERS_ORDER_ID_LINES_LINE, segments
    if (
        segments[1] == "stock"
        and count == 4
        and not segments[3]
        and is_int(segments[2])
    ):
        return STOCK_ITEM_ID, segments
    return NOT_FOUND


def http_items(segments: list[str]) -> Match:
    """/items/…"""
    if len(segments) == 4 and not segments[3]:
        if is_int(segments[2]):
            return ITEMS_ITEM_ID_OR_ITEMS_NAME, segments
        if segments[2]:
            return ITEMS_NAME, segments
    return NOT_FOUND


HTTP_STATIC: dict[str, Resource] = {
    "/schema/": SCHEMA,
    "/docs/": DOCS,
    "/": ROOT,
    "/items/": ITEMS,
    "/whoami": WHOAMI,
}


def match_websocket(path: str) -> Match:
    """The websocket of a path, and the segments of the path."""
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    if segments[1] == "feed" and len(segments) == 4 and not segments[3] and segments[2]:
        return FEED_TOPIC, segments
    return NOT_FOUND


app = serve(views, match_http, match_websocket)
