__all__ = ['pages', 'history', 'search', 'live', 'uploads', 'users', 'talk', 'special']
from . import history, live, pages, search, special, talk, uploads, users
