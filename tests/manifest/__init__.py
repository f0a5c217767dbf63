"""The manifest: text of a route table."""
