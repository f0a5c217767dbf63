"""ASGI entry point."""

from __future__ import annotations

import logging

import flama
from flama import Flama
from flama.middleware import Middleware

from bookshop import __version__
from bookshop.api import health
from bookshop.api.admin import admin
from bookshop.api.v1 import api_v1
from bookshop.core.components import COMPONENTS
from bookshop.core.errors import install_error_handlers
from bookshop.core.middleware import RequestIdMiddleware, TimingMiddleware
from bookshop.core.settings import STATIC_PREFIX, settings

logger = logging.getLogger(__name__)

app = Flama(
    openapi={"info": {"title": "Bookshop", "version": __version__}},
    components=COMPONENTS,
    middleware=[Middleware(RequestIdMiddleware), Middleware(TimingMiddleware, budget_ms=250)],
    debug=settings.debug,
)
install_error_handlers(app)

app.add_get("/healthz/", health.live, name="live", include_in_schema=False)
app.add_get("/readyz/", health.ready, name="ready", include_in_schema=False)
app.mount(settings.api_prefix, api_v1, name="v1")
app.mount("/admin", admin, name="admin")


async def not_a_route() -> None:
    """Only a helper."""


async def static_stub(scope, receive, send):
    """Serves nothing; the real files come from a CDN."""


app.mount(STATIC_PREFIX, static_stub, name="static")

logger.debug("bookshop %s is ready", __version__)

if __name__ == "__main__":
    flama.run(flama_app=app, server_port=settings.port)
