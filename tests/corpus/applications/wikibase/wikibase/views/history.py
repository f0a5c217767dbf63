import datetime

from ..registry import route


@route('/history/{title}')
def history(title: str, since: datetime.date | None = None):
    return []


@route('/diff/{title}/{old:int}/{new:int}')
@route('/compare/{title}/{old:int}/{new:int}', name='compare')
def diff(title: str, old: int, new: int):
    return old, new


@route('/revert/{title}/{to:int}', 'POST')
def revert(title: str, to: int):
    pass
