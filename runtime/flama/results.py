"""From what a view returns to the bytes of a JSON body.

`encode(value)` is the one encoder of the framework: msgspec's, taught the few types that it does
not know (subclasses of `str`, `int`, `float`, paths, pydantic models). `encode_result` adds the
two rules for whole results: `bytes` are a JSON string, and what cannot be encoded is logged with
the view's name. `checker(annotation)` makes the check that a return annotation asks for.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from flama._signatures import EMPTY, describe

__all__ = [
    "JSON_HEADER",
    "checker",
    "encode",
    "encode_result",
    "error_body",
    "is_response",
    "json_messages",
]

logger = logging.getLogger("flama")

JSON_HEADER = (b"content-type", b"application/json")


def encode(value: Any) -> bytes:
    """The compact JSON of a value.

    :raises TypeError: It holds something that JSON has no form for.
    :raises RecursionError: It contains itself, or is nested too deep.
    :raises UnicodeEncodeError: A string holds a lone surrogate.
    """
    try:
        body = _encode(value)
    except TypeError:
        # msgspec takes only exact types as keys: those of subclasses are worth a second try.
        value = _plain_tree(value)
        body = _encode(value)
    # msgspec writes decimals as they print, and JSON knows neither NaN nor Infinity.
    # PERF: CPython looks for a byte in 35 ns, for a text of bytes in 160.
    if (_N in body or _I in body) and (b"NaN" in body or b"Infinity" in body):
        return _encode(_plain_tree(value))
    return body


def encode_result(value: Any, view: Any) -> bytes:
    """The JSON of what a view returned.

    :raises TypeError: It cannot be encoded; the log has the view and the type.
    """
    try:
        if isinstance(value, bytes):
            value = value.decode()
        return encode(value)
    except Exception as error:
        name = describe(view)
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        logger.error("%s returned a %s, which cannot be written as JSON: %s", name, kind, error)
        raise TypeError(
            f"{name} returned a {kind}, which cannot be written as JSON: {error}"
        ) from error


def json_messages(body: bytes, status: int = 200) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two ASGI messages of a JSON response, fresh: middleware may change them."""
    headers = [(b"content-length", b"%d" % len(body)), JSON_HEADER]
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


def error_body(status: int, detail: Any, error: str) -> bytes:
    """The JSON object of an HTTP error: `status_code`, `detail`, `error`, in that order."""
    content = {"status_code": status, "detail": detail, "error": error}
    try:
        return encode(content)
    except Exception:
        # A detail may quote any input; people read it, so its `repr` is as good.
        content["detail"] = _quoted(detail)
        return encode(content)


def is_response(value: Any) -> bool:
    """Whether a result is a response that sends itself, without loading Starlette to find out."""
    kind = type(value)
    if kind in _NEVER_RESPONSES:
        return False
    found: bool | None = _RESPONSE_KINDS.get(kind)
    if found is None:
        found = _RESPONSE_KINDS[kind] = any(
            base.__module__ == "starlette.responses" and base.__name__ == "Response"
            for base in kind.__mro__
        )
    return found


def checker(returns: Any) -> Callable[[Any], Any] | None:
    """What validates and filters the results of a view, or None when its annotation names no model.

    The returned function gives what is to be encoded, and raises `SerializationError`.
    """
    if returns is EMPTY or returns is None or isinstance(returns, str):
        return None
    from flama._models import result_checker

    check: Callable[[Any], Any] | None = result_checker(returns)
    return check


_NEVER_RESPONSES = frozenset((dict, list, str, bytes, int, float, bool, type(None), tuple))
_RESPONSE_KINDS: dict[type, bool] = {}


def _plain(value: Any) -> Any:
    """What msgspec should write for a value of a type that it does not know."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    pathlib = sys.modules.get("pathlib")
    if pathlib is not None and isinstance(value, pathlib.PurePath):
        return str(value)
    if hasattr(type(value), "__pydantic_serializer__") and hasattr(value, "model_dump"):
        return value.model_dump()
    if isinstance(value, bytes):
        return bytes(value)
    for kind in (dict, list, tuple, set, frozenset):
        # An exact one got here as the key of a mapping, which JSON has no form for.
        if isinstance(value, kind) and type(value) is not kind:
            return kind(value)
    if hasattr(value, "isoformat"):
        # Subclasses of date, time and datetime.
        return value.isoformat()
    raise TypeError(f"a {type(value).__module__}.{type(value).__qualname__} has no form in JSON")


_N, _I = b"NI"
_encode = msgspec.json.Encoder(enc_hook=_plain, decimal_format="number").encode


def _plain_tree(value: Any) -> Any:
    """The value with exact types as keys, and without decimals that JSON has no number for."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, dict):
        return {_plain_key(key): _plain_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_tree(item) for item in value]
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value)
    if hasattr(type(value), "__pydantic_serializer__") and hasattr(value, "model_dump"):
        return _plain_tree(value.model_dump())
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        names = [name for name in value.__dataclass_fields__ if hasattr(value, name)]
        return {name: _plain_tree(getattr(value, name)) for name in names}
    return value


def _plain_struct(value: msgspec.Struct) -> Any:
    items = [_plain_tree(getattr(value, name)) for name in value.__struct_fields__]
    config = value.__struct_config__
    if config.array_like:
        return items if config.tag is None else [config.tag, *items]
    tag = {} if config.tag is None else {config.tag_field: config.tag}
    return {**tag, **dict(zip(value.__struct_encode_fields__, items, strict=True))}


def _plain_key(key: Any) -> Any:
    if type(key) in (str, int, float) or isinstance(key, bool):
        return key
    if isinstance(key, str | int | float):
        return _plain(getattr(key, "value", key))
    return key


def _quoted(value: Any) -> Any:
    if isinstance(value, dict):
        return {_safe(str(key)): _quoted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(item) for item in value]
    try:
        encode(value)
    except Exception:
        return _safe(repr(value))
    return value


def _safe(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
