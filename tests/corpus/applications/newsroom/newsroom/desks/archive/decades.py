from flama import Router


def decade_router(year):
    router = Router()

    @router.get("/")
    def overview():
        return year

    @router.get("/{page:int}/")
    def page(page: int):
        return page

    if year % 20 == 10:
        router.add_get("/microfilm/", overview, name="microfilm")
    return router
