"""Renderers: the same data as text, JSON, annotations or a report. Nothing is decided here."""
