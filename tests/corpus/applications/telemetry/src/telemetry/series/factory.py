from flama import Router

from telemetry.series import views


def make_series(resolution):
    router = Router()
    router.add_get("/", views.index, name=f"{resolution}-index")
    router.add_get("/{metric}/", views.points)
    router.add_get("/{metric}/range/{start:float}/{end:float}/", views.between)
    if resolution == "raw":
        router.add_delete("/{metric}/", views.drop)
        router.add_websocket_route("/{metric}/tail/", views.tail)
    else:
        router.add_post("/{metric}/recompute/", views.recompute, name="recompute-" + resolution)
    return router
