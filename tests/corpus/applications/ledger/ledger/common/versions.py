from enum import Enum

__all__ = ["Version"]


class Version(Enum):
    V1 = "v1"
    V2 = "v2"

    @property
    def number(self):
        return int(self.value[1:])
