import pydantic


class OrderLine(pydantic.BaseModel):
    isbn: str
    count: int = 1


class Order(pydantic.BaseModel):
    lines: list[OrderLine]
    note: str | None = None
