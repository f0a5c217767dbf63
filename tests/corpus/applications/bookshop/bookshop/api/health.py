async def live() -> dict[str, bool]:
    return {"alive": True}


async def ready() -> dict[str, bool]:
    return {"ready": True}
