from .results import router
from newsroom.foundation.paths import typed

LEAGUES = ("first", "second", "women")


@router.get("/tables/" + typed("year") + "/")
async def tables(year: int): ...


for league in LEAGUES:

    @router.get(f"/tables/{typed('year')}/{league}/", name=league)
    async def table(year: int): ...
