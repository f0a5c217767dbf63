'''The registry. Views never see the application.

    @route('/page/{title}')
    def page(title: str): ...
'''
from collections import OrderedDict, defaultdict

_routes = []
_sockets = OrderedDict()
_by_area = defaultdict(list)


class Entry(object):
    def __init__(self, path, view, methods=('GET',), name=None, hidden=False):
        self.path = path
        self.view = view
        self.methods = list(methods)
        self.name = name or view.__name__.replace('_', '-')
        self.hidden = hidden


def route(path, *methods, **options):
    def register(view):
        _routes.append(Entry(path, view, methods or ('GET',), **options))
        return view
    return register


def socket(path):
    def register(view):
        _sockets[path] = view
        return view
    return register


class area(object):
    '''A registry for the views below one prefix.'''

    def __init__(self, prefix):
        self.prefix = prefix

    def __call__(self, path, **options):
        def register(view):
            _by_area[self.prefix].append((path, view, options))
            return view
        return register

    def get(self, path):
        return self(path, methods=['GET'])

    def post(self, path):
        return self(path, methods=['POST'])


def install(app, Router):
    for entry in _routes:
        app.add_route(
            entry.path, entry.view,
            methods=entry.methods, name=entry.name,
            include_in_schema=not entry.hidden,
        )
    for path, view in _sockets.items():
        app.add_websocket_route(path, view)
    for prefix, items in _by_area.items():
        router = Router()
        for path, view, options in items:
            router.add_route(path, view, **options)
        app.mount(prefix, router, name=prefix.strip('/'))
