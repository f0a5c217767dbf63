from __future__ import annotations

import enum


class Service(enum.Enum):
    EDGE = "edge"
    ACCOUNTS = "accounts"
    MEDIA = "media"

    @property
    def prefix(self) -> str:
        return "/" + self.value

    def title(self) -> str:
        return self.value.capitalize()


ALL = [service.value for service in Service]
