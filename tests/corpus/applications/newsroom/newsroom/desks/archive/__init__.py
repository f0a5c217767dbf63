from newsroom.desks.archive.routes import make as _make

router = _make(1950, 1970, step=10)
