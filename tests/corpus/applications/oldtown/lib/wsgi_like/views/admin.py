class _Admin(object):
	def __init__(self, what):
		self.what = what

def dashboard(): return {}
def users(page: int = 1): return []
def user(id: int): return id

ADMIN = (
	('/', dashboard, ['GET']),
	('/users', users, ('GET', 'POST')),
	('/users/{id:int}', user, {'GET', 'DELETE'}),
)
