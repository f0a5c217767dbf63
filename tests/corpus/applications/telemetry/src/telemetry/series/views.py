from flama import websockets


async def index(prefix: str = "", limit: int = 100):
    return []


async def points(metric: str, last: int = 10):
    return []


async def between(metric: str, start: float, end: float):
    return [start, end]


async def drop(metric: str):
    return None


async def recompute(metric: str):
    return metric


async def tail(websocket: websockets.WebSocket, metric: str):
    await websocket.accept()
    await websocket.close()
