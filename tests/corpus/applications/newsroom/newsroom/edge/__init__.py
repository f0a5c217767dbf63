from .errors import handlers
from .feeds import rss
from .pages import PAGES


def finish(site):
    for kind, handler in handlers:
        site.add_exception_handler(kind, handler)
    rss(site)
    for page in PAGES:
        page.put_on(site)
