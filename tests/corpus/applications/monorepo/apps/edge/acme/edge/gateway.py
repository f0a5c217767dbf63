from acme.core.names import Service


class Gateway:
    """Keeps track of what hangs where."""

    def __init__(self, app):
        self.app = app
        self.services = {}

    def expose(self, service: Service, target):
        self.services[service] = target
        self.app.mount(service.prefix, target, name=service.value)

    def alias(self, prefix, service):
        self.app.mount(prefix, self.services[service])
