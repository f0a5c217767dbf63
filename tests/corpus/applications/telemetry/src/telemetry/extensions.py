"""Things that hang on the application: here only event handlers and one hook."""


class Metrics:
    def __init__(self):
        self.app = None

    def init_app(self, app):
        self.app = app
        app.add_get("/metrics", self.render, name="metrics", include_in_schema=False)

    async def render(self):
        return ""


metrics = Metrics()


def init_app(app):
    metrics.init_app(app)

    @app.on_event("startup")
    async def start():
        pass
