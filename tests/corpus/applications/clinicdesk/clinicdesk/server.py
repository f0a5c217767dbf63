import clinicdesk.urls
from clinicdesk.base.application import ClinicApp

app = ClinicApp("clinic", urls=clinicdesk.urls.URLS, socket_urls=clinicdesk.urls.SOCKETS)
app.autoload(clinicdesk.urls.SUBSITES)
