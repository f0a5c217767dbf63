from functools import partial

from flama import Flama

from .pages import editor, page


def create_dashboards(*, themes):
    app = Flama(schema=None, docs=None)
    get = partial(app.route, methods=["GET"])

    get("/")(page)

    for theme in themes:

        @get(f"/theme/{theme}.css", name=f"theme-{theme}")
        def css():
            return theme

    app.add_route("/{board}/edit/", editor, ["GET", "POST"])
    return app
