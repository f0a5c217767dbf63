from wikibase.registry import area

talk = area('/talk')


@talk.get('/{title}')
def threads(title: str): return []


@talk.post('/{title}')
def start(title: str, subject: str): return subject


@talk('/{title}/{thread:int}', methods=['GET', 'DELETE'], name='thread')
def thread(title: str, thread: int): return thread
