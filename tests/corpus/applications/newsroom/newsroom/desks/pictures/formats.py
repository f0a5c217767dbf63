import enum


class Format(str, enum.Enum):
    JPEG = "jpeg"
    WEBP = "webp"
