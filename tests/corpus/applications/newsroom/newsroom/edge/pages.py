from dataclasses import dataclass, field

from flama.http import HTMLResponse


@dataclass
class Page:
    path: str
    title: str
    methods: list[str] = field(default_factory=lambda: ["GET"])

    def put_on(self, site):
        site.add_route(self.path, self.render, methods=self.methods, name=self.title.lower())

    async def render(self):
        return HTMLResponse(self.title)


PAGES = (
    Page("/", "Front"),
    Page("/imprint", "Imprint"),
    Page("/contact", title="Contact", methods=["GET", "POST"]),
)
