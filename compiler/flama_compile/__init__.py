"""Compiles the routes of a Flama application."""
