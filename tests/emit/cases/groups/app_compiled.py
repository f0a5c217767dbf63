# Compiled by flama-compile from app:app. Do not edit.
# To compile it again: flama-compile build app:app

"""The routes of app:app, in registration order.

POST      /static/upload                       app:upload
MOUNT     /orgs/{org}/admin                    app:admin
GET,HEAD  /orgs/{org}/admin/                   app:dashboard
GET,HEAD  /orgs/{org}/admin/users/{user_id:int} app:user
MOUNT     /products                            app:products
GET,HEAD  /products/                           app:index
GET,HEAD  /products/{sku}                      app:show
MOUNT     /static                              app:files
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from flama.dispatch import (
    NOT_FOUND,
    Match,
    Passed,
    Receive,
    Resource,
    Scope,
    Segments,
    Send,
    View,
    is_int,
    load,
    no_arguments,
    prefix_text,
    serve,
    serve_group,
)

from app import app as application

CONTRACT = 1

# What the application registered when this was compiled: loading compares.
ROUTES = """\
POST /static/upload app:upload upload ()
MOUNT /orgs/{org}/admin admin group
  GET,HEAD / app:dashboard dashboard (org:str)
  GET,HEAD /users/{user_id:int} app:user user (org:str,user_id:int)
MOUNT /products - app
  GET,HEAD / app:index index ()
  GET,HEAD /{sku} app:show show (sku:str)
MOUNT /static static foreign
"""

views = load(__name__, "app:app", application, CONTRACT, ROUTES)


def bind_org(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    return view.call(org=prefix_text(scope, "org"))


def bind_org_user_id(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    return view.call(org=prefix_text(scope, "org"), user_id=int(segments[2]))


def bind_sku(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    return view.call(sku=segments[2])


# The views, in registration order, each with what fills its parameters.
upload = views.take(no_arguments)
orgs_org_admin = views.mount()
dashboard = views.take(bind_org)
user = views.take(bind_org_user_id)
index = views.take(no_arguments)
show = views.take(bind_sku)
static = views.mount()

# The resources: what answers one path, by method.
STATIC_UPLOAD_OR_STATIC = Passed(static, POST=upload)
PRODUCTS = Resource(GET=index, HEAD=index)
ORGS_ORG_ADMIN = Passed(orgs_org_admin)
PRODUCTS_SKU = Resource(GET=show, HEAD=show)
STATIC = Passed(static)
ORGS_ORG_ADMIN_SLASH = Resource(GET=dashboard, HEAD=dashboard)
ORGS_ORG_ADMIN_USERS_USER_ID = Resource(GET=user, HEAD=user)


def match_http(path: str) -> Match:
    """The resource of a path, and the segments of the path."""
    resource = HTTP_STATIC.get(path)
    if resource is not None:
        return resource, ()
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    count = len(segments)
    if segments[1] == "orgs" and count > 3 and segments[3] == "admin" and segments[2]:
        return ORGS_ORG_ADMIN, segments
    if segments[1] == "products" and count == 3 and segments[2]:
        return PRODUCTS_SKU, segments
    if segments[1] == "static":
        return STATIC, segments
    return NOT_FOUND


HTTP_STATIC: dict[str, Resource] = {
    "/static/upload": STATIC_UPLOAD_OR_STATIC,
    "/products/": PRODUCTS,
    "/products": PRODUCTS,
}


def match_websocket(path: str) -> Match:
    """The websocket of a path, and the segments of the path."""
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    if (
        segments[1] == "orgs"
        and len(segments) > 3
        and segments[3] == "admin"
        and segments[2]
    ):
        return ORGS_ORG_ADMIN, segments
    if segments[1] == "static":
        return STATIC, segments
    return NOT_FOUND


def match_orgs_org_admin_http(path: str) -> Match:
    """The resource of a path below /orgs/{org}/admin, and the segments of the path."""
    resource = ORGS_ORG_ADMIN_HTTP_STATIC.get(path)
    if resource is not None:
        return resource, ()
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    if segments[1] == "users" and len(segments) == 3 and is_int(segments[2]):
        return ORGS_ORG_ADMIN_USERS_USER_ID, segments
    return NOT_FOUND


ORGS_ORG_ADMIN_HTTP_STATIC: dict[str, Resource] = {
    "/": ORGS_ORG_ADMIN_SLASH,
}


def match_orgs_org_admin_websocket(path: str) -> Match:
    """The websocket of a path below /orgs/{org}/admin, and the segments of the path."""
    return NOT_FOUND


serve_group(orgs_org_admin, match_orgs_org_admin_http, match_orgs_org_admin_websocket)
app = serve(views, match_http, match_websocket)
