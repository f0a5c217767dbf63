from flama import Flama, Router

from wikibase import registry
from wikibase.views import *
from wikibase.views import pages, talk

app = Flama(openapi={'info': {'title': 'Wiki', 'version': '7'}}, docs=None)
registry.install(app, Router)


@app.get('/{title}/')
def catch_all(title: str):
    '''Old links: /Main_Page/'''
    return pages.show(title)
