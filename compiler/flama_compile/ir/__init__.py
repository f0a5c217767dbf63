"""The data that passes hand to each other: frozen, ordered, without behaviour."""
