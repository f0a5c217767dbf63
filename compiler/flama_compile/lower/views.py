def bindings_of(entries, units):
    return tuple(None for _ in entries)
