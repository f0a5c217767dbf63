import uuid


def list_alerts(open: bool = True):
    return []


def levels():
    return [1, 2, 3]


def acknowledge(alert: uuid.UUID, by: str | None = None):
    return str(alert)
