from telemetry.app import create_app
from telemetry.config import TestConfig

app = create_app(TestConfig())

@app.get("/only/in/tests")
def nope():
    return 0
