"""Helpers for path templates."""


def typed(name, kind="int"):
    return "{" + name + ":" + kind + "}"


def under(*parts):
    return "/" + "/".join(parts)


SLUG = "{slug}"
