from wikibase import registry as r

@r.route('/search')
def search(q: str, limit: int = 50):
    return []

@r.route('/search/titles', 'GET', 'POST')
def search_titles(q: str): return []
