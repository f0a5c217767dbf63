from wikibase.registry import route


@route('/page/{title}')
def show(title: str, revision: int = 0):
    return {'title': title, 'revision': revision}


@route('/page/{title}', 'PUT', 'PATCH', name='edit')
async def save(title: str, text: str = ''):
    return title


@route('/page/{title}', 'DELETE', hidden=True)
async def delete_page(title: str):
    return None
