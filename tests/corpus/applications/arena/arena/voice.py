async def voice(scope, receive, send):
    """A foreign ASGI application: the voice server brings its own protocol."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
