import importlib

from saas.config import settings


def load_plugins(app):
    for name in settings.plugins:  # expect: loop
        module = importlib.import_module(f"saas.plugins.{name}")
        module.setup(app)
