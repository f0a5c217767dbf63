from acme.core.names import ALL


def register(app):
    for name in ALL:
        app.add_get(f"/status/{name}", probe, name=f"status:{name}".replace(":", "-"))

    @app.get("/status")
    async def everything():
        return {name: "up" for name in ALL}


async def probe():
    return "up"
