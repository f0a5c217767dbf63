"""How every application of the company is made."""

from flama import Flama

from acme.core.names import Service
from acme.web.health import HealthRouter


def make_app(service: Service, *, docs: bool = False) -> Flama:
    app = Flama(
        openapi={"info": {"title": service.title(), "version": "1"}},
        schema="/schema/" if docs else None,
        docs=None,
    )
    app.mount("/-", HealthRouter(service), name="internal")
    return app
