"""Bookshop: an online shop for second-hand books."""

__version__ = "1.4.2"
