from flama import types

from .parsers import PARSERS


def build(app, *, prefix):
    @app.post(prefix + "/")
    async def ingest(body: types.Body):
        return len(body)

    @app.post(prefix + "/batch/{size:int}/")
    async def batch(size: int, body: types.Body):
        return size

    for kind, parser in PARSERS.items():
        app.add_post(f"{prefix}/{kind}/", parser, name=f"ingest-{kind}")
