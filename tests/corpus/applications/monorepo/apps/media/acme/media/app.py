from flama import Flama

from acme.core.names import Service
from acme.media.files import files
from acme.media.thumbs import SIZES, thumb
from acme.web.application import make_app


def create(max_size: int) -> Flama:
    app = make_app(Service.MEDIA, docs=True)
    app.mount("/files", files)
    for size in SIZES:
        if size > max_size:
            continue
        app.add_get(f"/thumbs/{size}/{{name}}", thumb, name=f"thumb{size}")
    if max_size > 1 << 20:
        app.add_get("/huge", thumb)
    return app
