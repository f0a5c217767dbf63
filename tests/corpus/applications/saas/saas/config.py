import os
from dataclasses import dataclass


@dataclass
class Settings:
    debug: bool = False
    billing_prefix: str = "/billing"
    plugins: tuple[str, ...] = ()

    @classmethod
    def from_env(cls) -> "Settings":
        return cls(
            debug=os.environ.get("SAAS_DEBUG") == "1",
            billing_prefix=os.environ.get("SAAS_BILLING_PREFIX", "/billing"),
            plugins=tuple(filter(None, os.environ.get("SAAS_PLUGINS", "").split(","))),
        )


settings = Settings.from_env()
