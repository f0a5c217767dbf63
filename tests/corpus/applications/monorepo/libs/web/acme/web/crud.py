from flama import Router

ACTIONS = (
    # method of the store, verb, needs a key
    ("index", "GET", False),
    ("create", "POST", False),
    ("show", "GET", True),
    ("update", "PUT", True),
)


def crud(resource, store, key="int"):
    router = Router()
    for action, verb, keyed in ACTIONS:
        view = getattr(store, action, None)
        if view is None:
            continue
        path = "/{pk:%s}" % key if keyed else "/"
        router.add_route(path, view, methods=[verb], name=f"{resource}-{action}")
    return router
