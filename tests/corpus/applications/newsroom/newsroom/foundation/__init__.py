from .settings import Settings as Settings
from .site import Site as Site

__all__ = ["Settings", "Site"]
