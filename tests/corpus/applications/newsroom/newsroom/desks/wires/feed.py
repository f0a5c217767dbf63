from flama.routing import Mount, Router, WebSocketRoute

from .agencies import AGENCIES
from .endpoint import WireSocket

feed = Router(
    routes=[
        WebSocketRoute("/all/", WireSocket, name="all"),
        *(WebSocketRoute(f"/{agency}/", WireSocket, name=agency) for agency in AGENCIES),
    ]
)
