class Config:
    PREFIX = "/t"
    WITH_INGEST = True
    WITH_DASHBOARDS = False
    WITH_LEGACY = True
    SCHEMA = "/schema/"


class ProductionConfig(Config):
    WITH_DASHBOARDS = True
    SCHEMA = None


class TestConfig(Config):
    WITH_LEGACY = False
