def wire(site, desks):
    """Put every desk below its word, in the order of the dictionary."""
    for word, desk in desks.items():
        if callable(getattr(desk, "setup", None)):
            desk.setup(site)
        else:
            site.desk(word, desk.router)
