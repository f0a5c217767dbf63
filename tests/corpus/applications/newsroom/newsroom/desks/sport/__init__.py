from .results import router
from . import tables, tickers

__all__ = ["router"]
