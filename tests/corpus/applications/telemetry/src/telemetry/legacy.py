"""Old paths that some devices still call."""

OLD = """
/cgi-bin/push
/cgi-bin/pull
""".split()


def attach(app):
    for path in OLD:
        app.add_route(path, gone, methods=["GET", "POST"], name=path.rsplit("/", 1)[-1])


def gone():
    return "gone"
