import msgspec


class Account(msgspec.Struct):
    number: str
    currency: str = "EUR"


class AccountPatch(msgspec.Struct, kw_only=True):
    currency: str | None = None
