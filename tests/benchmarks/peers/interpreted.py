"""Ours without any build: the interpreted router, the specification of the compiled one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent / "apps"))

import behind as behind_app
import plain as plain_app

__all__ = ["PACKAGES", "middleware", "plain"]

PACKAGES = ("flama-runtime", "msgspec")


def plain() -> Any:
    """The application."""
    return plain_app.app


def middleware() -> Any:
    """The application behind one middleware."""
    return behind_app.app
