from flama import types


async def upload(body: types.Body, caption: str = ""): ...


async def bulk(body: types.Body): ...
