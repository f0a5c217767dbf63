from flama.routing import Route, Router

from . import views


def base_routes():
    return [
        Route("/", views.create, methods=["POST"], name="create"),
        Route("/{entry_id:uuid}/", views.show, name="show"),
        Route("/{entry_id:uuid}/reverse/", views.reverse, methods=["POST"], name="reverse"),
    ]


entries = Router(routes=[Route("/", views.index, name="list")] + base_routes())
entries_v2 = Router(routes=[Route("/", views.index_of_book, name="list"), *base_routes()])
