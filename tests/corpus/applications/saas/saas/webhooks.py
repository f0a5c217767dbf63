from flama import types


async def receive(source: str, body: types.Body):
    return source
