import os.path

CONF = {}
CONF['debug'] = False
CONF['root'] = os.path.dirname(os.path.abspath(__file__))
CONF.update(shop=True, forum=True, guestbook=False)
_private = '/never'
ADMIN_URL = '/manage'
