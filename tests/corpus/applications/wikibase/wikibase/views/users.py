from wikibase.registry import area

users = area('/users')

@users.get('/')
def people(): return []

@users.get('/me')
def me(): return 'me'

@users.get('/{name}')
def person(name: str): return name

@users.post('/{name}/block')
def block(name: str, days: int = 1): return days
