from typing import ClassVar, NamedTuple


class Settings:
    API: ClassVar[str] = "/api"
    EDITIONS: ClassVar[tuple[str, ...]] = ("morning", "evening")
    PREVIEW: ClassVar[bool] = True


class Limits(NamedTuple):
    articles: int = 50
    pictures: int = 10


LIMITS = Limits(pictures=12)
