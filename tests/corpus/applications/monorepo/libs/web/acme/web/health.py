from flama import Router


class HealthRouter(Router):
    def __init__(self, service):
        super().__init__()
        self.service = service
        self.add_get("/health", self.health)
        self.add_get(f"/whoami/{service.value}", self.whoami, name="whoami")

    async def health(self):
        return {"service": self.service.value}

    async def whoami(self):
        return self.service.value
