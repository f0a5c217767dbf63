from decimal import Decimal


def install(router):
    router.add_get("/search/", search)
    router.add_get("/search/advanced/", advanced, include_in_schema=False)


def search(q: str, exact: bool = False): ...


def advanced(q: str, weight: Decimal = Decimal("1.0")): ...
