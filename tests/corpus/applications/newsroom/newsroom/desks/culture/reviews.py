from newsroom.foundation.auth import Editor
from newsroom.foundation.paths import SLUG, under


def show(slug: str): ...
def publish(slug: str, editor: Editor): ...


KINDS = {"film": True, "book": True, "opera": False}


def add_to(app):
    app.add_get(under("reviews", SLUG), show)
    for kind, publishable in KINDS.items():
        path = under("reviews", kind, SLUG)
        app.add_get(path, show, name=kind + "-review")
        if publishable:
            app.add_put(path, publish, name=f"publish-{kind}")
