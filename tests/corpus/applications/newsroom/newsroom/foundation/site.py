import flama

from .settings import Settings


class Site(flama.Flama):
    def __init__(self, name: str) -> None:
        super().__init__(
            openapi={"info": {"title": name, "version": "11.0"}},
            schema=Settings.API + "/schema/",
            docs=f"{Settings.API}/docs/",
        )
        self.site_name = name

    def desk(self, word: str, target) -> None:
        self.mount(f"{Settings.API}/{word}", target, name=word)
