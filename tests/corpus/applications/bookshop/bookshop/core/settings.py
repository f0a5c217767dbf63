"""Settings with literal defaults; production overrides come in by deployment, not by code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

STATIC_PREFIX: Final = "/static"


@dataclass(frozen=True)
class Settings:
    debug: bool = False
    api_prefix: str = "/api/v1"
    port: int = 8000
    currencies: tuple[str, ...] = field(default_factory=lambda: ("EUR", "USD"))


settings = Settings()
