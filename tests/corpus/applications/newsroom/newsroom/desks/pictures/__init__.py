from newsroom.foundation.settings import LIMITS, Settings


def setup(site):
    from .upload import upload, bulk
    from .views import picture, pictures

    base = Settings.API + "/pictures"
    get, post = site.get, site.post
    get(base + "/")(pictures)
    get(base + "/{number:int}.jpg" if LIMITS.pictures > 100 else base + "/{number:int}/")(picture)
    post(base + "/", name="upload-picture")(upload)
    if LIMITS.pictures >= 12:
        post(base + "/bulk/")(bulk)
