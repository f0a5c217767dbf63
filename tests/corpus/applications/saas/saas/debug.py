from flama import Flama

toolbar = Flama(schema=None, docs=None)


@toolbar.get("/")
def panel():
    return {}
