import datetime as d

from flama.endpoints import HTTPEndpoint

from newsroom.foundation.auth import Editor


class Calendar(HTTPEndpoint):
    async def get(self, start: d.date, days: int = 7): ...

    async def post(self, editor: Editor): ...


class Day(Calendar):
    post = None

    async def get(self, day: d.date): ...

    async def delete(self, day: d.date, editor: Editor): ...
