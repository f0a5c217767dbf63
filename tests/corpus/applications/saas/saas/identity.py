import typing

from pydantic import BaseModel


class Credentials(BaseModel):
    user: str
    password: str


async def login(credentials: Credentials) -> dict[str, str]:
    return {"token": credentials.user}


async def me(fields: typing.List[str] = []) -> typing.Any:
    return fields
