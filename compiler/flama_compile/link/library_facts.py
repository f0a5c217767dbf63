"""What is known of the standard library and of some packages without reading them."""

from __future__ import annotations

import enum
import http
import math
import os
import string
import sys
from typing import TYPE_CHECKING, Any

from flama_compile.link.values import (
    MISSING,
    External,
    Value,
)

if TYPE_CHECKING:
    pass


__all__ = ["constant", "is_harmless", "reason"]


_CONSTANT_MODULES: dict[str, Any] = {"string": string, "http": http, "math": math}


_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": False,
    "typing_extensions.TYPE_CHECKING": False,
    "sys.version_info": sys.version_info,
    "sys.platform": sys.platform,
    "sys.maxsize": sys.maxsize,
    "os.name": os.name,
    "os.sep": os.sep,
}


def constant(name: str) -> Value:
    """The value of `module.NAME`, when it is the same wherever the application runs."""
    found = _CONSTANTS.get(name, MISSING)
    if found is not MISSING:
        return found
    head, _, rest = name.partition(".")
    if head not in _CONSTANT_MODULES or not rest:
        return MISSING
    value: Any = _CONSTANT_MODULES[head]
    for part in rest.split("."):
        value = getattr(value, part, MISSING)
        if value is MISSING:
            return MISSING
    if isinstance(value, enum.Enum) and isinstance(value, str | int):
        return value.value
    return value if isinstance(value, str | int | float) else MISSING


_REASONS: dict[str, str] = {
    "os.getenv": "environment",
    "os.environ": "environment",
    "os.environb": "environment",
    "dotenv": "environment",
    "decouple": "environment",
    "environ": "environment",
    "environs": "environment",
    "starlette.config": "environment",
    "pydantic_settings": "settings-object",
    "dynaconf": "settings-object",
    "importlib.metadata": "entry-points",
    "importlib_metadata": "entry-points",
    "pkg_resources": "entry-points",
    "stevedore": "entry-points",
    "pluggy": "plugins",
    "pkgutil": "plugins",
    "builtins.open": "file",
    "pathlib": "file",
    "json.load": "file",
    "tomllib.load": "file",
    "random": "random",
    "secrets": "random",
    "time": "time",
    "datetime": "time",
    "sys.argv": "arguments",
    "argparse": "arguments",
}


def reason(external: External) -> str:
    """Why a value from there is not known, in one word."""
    name = str(external)
    while name:
        if name in _REASONS:
            return _REASONS[name]
        name = name.rpartition(".")[0]
    return "unknown-call"


_HARMLESS = frozenset(
    {
        "flama._run.run",
        "flama.client.Client",
        "flama.middleware.Middleware",
        "starlette.middleware.Middleware",
        "starlette.middleware.authentication.AuthenticationMiddleware",
        "starlette.middleware.cors.CORSMiddleware",
        "starlette.middleware.gzip.GZipMiddleware",
        "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware",
        "starlette.middleware.sessions.SessionMiddleware",
        "starlette.middleware.trustedhost.TrustedHostMiddleware",
        "starlette.testclient.TestClient",
        "uvicorn.run",
        "uvicorn.Config",
        "uvicorn.Server",
        "uvicorn.main.run",
        "uvicorn.config.Config",
        "uvicorn.server.Server",
        "weakref.ref",
        "atexit.register",
        "signal.signal",
        "pprint.pprint",
        "builtins.id",
        "builtins.hash",
        "builtins.repr",
        "builtins.str",
        "builtins.object",
        "builtins.format",
        "builtins.input",
    }
)


_HARMLESS_MODULES = frozenset(
    [
        "abc",
        "base64",
        "dataclasses",
        "enum",
        "gc",
        "hashlib",
        "inspect",
        "json",
        "logging",
        "pprint",
        "pytest",
        "re",
        "string",
        "sys",
        "textwrap",
        "traceback",
        "types",
        "typing",
        "typing_extensions",
        "unittest",
        "uuid",
        "warnings",
        "weakref",
    ]
)


_CALM_MODULES = frozenset(
    [
        "abc",
        "asyncio",
        "atexit",
        "collections",
        "contextlib",
        "contextvars",
        "copy",
        "dataclasses",
        "enum",
        "flama",
        "functools",
        "gc",
        "itertools",
        "logging",
        "operator",
        "pprint",
        "random",
        "signal",
        "string",
        "textwrap",
        "threading",
        "time",
        "traceback",
        "types",
        "typing",
        "typing_extensions",
        "warnings",
        "weakref",
    ]
)
_CALM = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "os.cpu_count",
        "os.environ.get",
        "os.getcwd",
        "os.getenv",
        "os.getpid",
        "pathlib.Path",
        "socket.gethostname",
        "starlette.middleware.Middleware",
        "uuid.uuid4",
    }
)


def is_calm(external: External) -> bool:
    """Whether calls are not expected to raise, so that a `try` around them goes on."""
    return str(external) in _CALM or external.module.partition(".")[0] in _CALM_MODULES


def is_harmless(external: External) -> bool:
    """Whether a call is known to register nothing and to keep its arguments as they are."""
    return str(external) in _HARMLESS or external.module.partition(".")[0] in _HARMLESS_MODULES
