import enum

import pydantic


class Condition(enum.Enum):
    NEW = "new"
    GOOD = "good"
    WORN = "worn"


class Book(pydantic.BaseModel):
    isbn: str
    title: str
    condition: Condition = Condition.GOOD
    price_cents: int = 0
