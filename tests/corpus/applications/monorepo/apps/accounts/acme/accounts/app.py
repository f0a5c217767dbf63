from acme.accounts import sessions, views
from acme.core.names import Service
from acme.web.application import make_app
from acme.web.crud import crud

app = make_app(Service.ACCOUNTS, docs=True)
app.mount("/users", crud("user", views.UserStore))
app.mount("/groups", crud("group", views.GroupStore, key="str"), name="groups")
app.mount("/", sessions.router)
