from telemetry.app import create_app
from telemetry.config import ProductionConfig

application = create_app(ProductionConfig())
