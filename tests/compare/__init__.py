"""The comparison of route tables."""
