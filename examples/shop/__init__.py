"""A shop: one service of several modules."""
