from flama import Router

from . import search
from .decades import decade_router


def make(first, last, *, step):
    router = Router()
    for year in range(first, last + 1, step):
        router.mount(f"/{year}s", decade_router(year), name=f"d{year}")
    search.install(router)
    return router
