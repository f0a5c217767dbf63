async def report(name: str):
    return name


def setup(app):
    app.add_get("/reports/{name}", report, name="report")
