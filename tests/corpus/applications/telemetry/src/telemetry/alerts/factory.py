from flama import Flama
from flama.routing import Mount, Route, Router

from .handlers import acknowledge, list_alerts, levels


def make_alerts(max_level: int) -> Flama:
    per_level = [
        Mount(f"/level-{level}", level_router(level), name=f"level{level}")
        for level in range(1, max_level + 1)
    ]
    return Flama(
        routes=[
            Route("/", list_alerts),
            Route("/levels/", levels),
            *per_level,
        ],
        schema=None,
        docs=None,
    )


def level_router(level):
    r = Router()
    r.get("/")(list_alerts)
    if level > 1:
        r.post("/{alert:uuid}/ack/")(acknowledge)
    return r
