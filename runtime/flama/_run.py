"""Serving an application from Python, with uvicorn."""

from __future__ import annotations

from typing import Any

__all__ = ["run"]


def run(
    flama_app: Any = None,
    server_host: str = "127.0.0.1",
    server_port: int = 8000,
    **options: Any,
) -> None:
    """Serve an application until the process is told to stop.

    :param flama_app: The application, or its import string, such as `"shop.main:app"`.
    :param server_host: The address to listen on.
    :param server_port: The port to listen on.
    :param options: Options of `uvicorn.run`, with or without a leading `server_`.
    :raises ApplicationError: There is no application, or an option is given twice.
    """
    import uvicorn

    from flama.exceptions import ApplicationError

    if not callable(flama_app) and not isinstance(flama_app, str):
        raise ApplicationError(
            f"flama_app={flama_app!r} is neither an application nor its import string"
        )
    settings: dict[str, Any] = {"host": server_host, "port": server_port}
    for name, value in options.items():
        plain = name.removeprefix("server_")
        if plain in settings:
            raise ApplicationError(f"{name}={value!r}: the option {plain!r} is given twice")
        settings[plain] = value
    uvicorn.run(flama_app, **settings)
