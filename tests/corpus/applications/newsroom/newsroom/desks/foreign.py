'''One-file desk. Correspondents register themselves.'''
from flama.routing import Route, Router


class Correspondent:
    def __init__(self, city, *, secure=False):
        self.city = city
        self.secure = secure

    @property
    def path(self):
        return '/%s/' % self.city.lower().replace(' ', '-')

    async def reports(self, limit: int = 5):
        return [self.city, limit]


CORRESPONDENTS = [
    Correspondent('Rome'),
    Correspondent('New York'),
    Correspondent('Kyiv', secure=True),
]

router = Router(routes=[
    Route(c.path, c.reports, name=c.city)
    for c in CORRESPONDENTS
    if not c.secure
])
