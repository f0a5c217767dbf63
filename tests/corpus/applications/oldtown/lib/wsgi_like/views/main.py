def index(): return 'hello'
def imprint(): return 'imprint'
def guestbook(): return []
