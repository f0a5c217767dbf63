from flama import Flama

from telemetry import extensions
from telemetry.config import Config


def create_app(config: Config) -> Flama:
    app = Flama(schema=config.SCHEMA, docs="/docs/" if config.SCHEMA else None)
    extensions.init_app(app)
    register_blueprints(app, config)
    register_probes(app)
    return app


def register_blueprints(app, config):
    from telemetry.alerts.factory import make_alerts
    from telemetry.series.factory import make_series

    app.mount(config.PREFIX + "/series", make_series(resolution="raw"), name="series")
    app.mount(config.PREFIX + "/rollups", make_series(resolution="hour"), name="rollups")
    app.mount(config.PREFIX + "/alerts", make_alerts(max_level=3))

    if config.WITH_INGEST:
        from telemetry.ingest import build

        build(app, prefix=f"{config.PREFIX}/ingest")

    if config.WITH_DASHBOARDS:
        from telemetry.dashboards import create_dashboards

        app.mount("/dash", create_dashboards(themes=("light", "dark")), name="dash")

    if config.WITH_LEGACY:
        from telemetry import legacy

        legacy.attach(app)


def register_probes(app):
    async def up():
        return {"up": 1}

    app.add_get("/up", up)
    for name in ("startup", "liveness", "readiness"):
        app.add_get("/probe/" + name, up, name=name)
