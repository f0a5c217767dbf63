import os

ENABLE_WEBHOOKS = os.environ.get("SAAS_WEBHOOKS", "on") == "on"
