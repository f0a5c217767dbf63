from newsroom.desks.pictures.formats import Format


async def pictures(format: Format = Format.JPEG): ...


async def picture(number: int, width: int = 0, height: int = 0): ...
