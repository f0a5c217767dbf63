from acme.accounts.app import app as accounts
from acme.core.names import Service
from acme.edge import fallbacks, status
from acme.edge.gateway import Gateway
from acme.media.app import create as create_media
from acme.web.application import make_app

app = make_app(Service.EDGE)
gateway = Gateway(app)

gateway.expose(Service.ACCOUNTS, accounts)
gateway.expose(Service.MEDIA, create_media(max_size=4096))
gateway.alias("/people", Service.ACCOUNTS)

status.register(app)
fallbacks.register(app)
