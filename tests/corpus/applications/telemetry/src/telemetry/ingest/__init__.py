from .routes import build

__all__ = ("build",)
