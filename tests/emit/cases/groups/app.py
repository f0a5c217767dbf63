"""Applications with layers of their own, plain ones, and one that is not ours."""

from __future__ import annotations

from flama import Flama, Router
from flama.middleware import Middleware


class Stamp:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


async def files(scope, receive, send): ...


admin = Flama(schema=None, docs=None, middleware=[Middleware(Stamp)])


@admin.get("/")
async def dashboard(org: str):
    return {"org": org}


@admin.get("/users/{user_id:int}")
async def user(org: str, user_id: int):
    return {"org": org, "user": user_id}


products = Router()


@products.get("/")
async def index():
    return []


@products.get("/{sku}")
async def show(sku: str):
    return {"sku": sku}


app = Flama(schema=None, docs=None)


@app.post("/static/upload")
async def upload():
    return {}


app.mount("/orgs/{org}/admin", admin, name="admin")
app.mount("/products", products)
app.mount("/static", files, name="static")
