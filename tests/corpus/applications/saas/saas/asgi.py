from __future__ import annotations

from flama import Flama

from saas import flags
from saas.billing.routes import billing
from saas.config import settings
from saas.identity import login, me
from saas.plugins import load_plugins
from saas.projects.routes import projects

app = Flama(openapi={"info": {"title": "SaaS", "version": "3"}})
app.add_post("/login", login)
app.add_get("/me", me)
app.mount("/projects", projects, name="projects")
app.mount(settings.billing_prefix, billing, name="billing")  # expect: environment
app.add_get("/after-billing", me, name="after-billing")

if flags.ENABLE_WEBHOOKS:
    from saas.webhooks import receive

    app.add_post("/hooks/{source}", receive)

if settings.debug:  # expect: condition
    from saas.debug import toolbar

    app.mount("/__debug__", toolbar)

load_plugins(app)


@app.get("/{slug}")
async def page(slug: str):
    return slug
