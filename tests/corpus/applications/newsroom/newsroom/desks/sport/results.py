from flama import Router

router = Router()


@router.get("/")
async def today(): ...


@router.get("/{discipline}/")
async def discipline(discipline: str, season: int | None = None): ...


@router.post("/{discipline}/results/")
async def report(discipline: str): ...
