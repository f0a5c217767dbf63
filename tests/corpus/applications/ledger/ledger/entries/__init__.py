from .routes import entries, entries_v2

__all__ = ["entries", "entries_v2"]
