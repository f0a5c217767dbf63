"""Compiles the routes of a Flama application."""

__version__ = "0.1.0"
