"""The cases, one module for each part of the specification; importing this declares them all."""

from __future__ import annotations

import importlib
import pkgutil

from ..form import APPLICATIONS, REFUSALS

__all__ = ["APPLICATIONS", "REFUSALS"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
