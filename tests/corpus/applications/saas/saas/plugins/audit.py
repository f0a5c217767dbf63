async def log(limit: int = 10):
    return []


def setup(app):
    app.add_get("/audit", log, name="audit")
