"""The newsroom. See `site.py` for the order in which desks are put together."""
