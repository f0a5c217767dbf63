"""What the docstring of a view adds to its OpenAPI operation.

A docstring in YAML gives keys of the operation; any other gives its first paragraph as summary and
the rest as description. Text before a line `---` is the plain part, what follows is YAML::

    \"""                            \"""
    tags:                          List all puppies.
        - puppy
    summary: List all puppies.     The newest come first.
    responses:                     ---
        200:                       tags: [puppy]
            description: Puppies.  \"""
    \"""
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from flama.exceptions import ApplicationError

__all__ = ["operation_of"]

_KEYS = (
    "tags|summary|description|externalDocs|operationId|parameters|requestBody|responses"
    "|callbacks|deprecated|security|servers"
)
_YAML = re.compile(rf"(?:{_KEYS})[ \t]*:(?:[ \t]|$)", re.MULTILINE)
_RULE = re.compile(r"^---[ \t]*$", re.MULTILINE)


def operation_of(docstring: str | None, name: str) -> dict[str, Any]:
    """Keys of an OpenAPI operation.

    :param name: The view's name, for messages.
    :raises ApplicationError: The docstring is in YAML, and PyYAML is not installed.
    """
    text = inspect.cleandoc(docstring or "")
    if _YAML.match(text):
        found = _parsed(text, name)
        return _plain(text) if found is None else found
    rule = _RULE.search(text)
    if rule is not None and _YAML.match(text[rule.end() :].lstrip()):
        found = _parsed(text[rule.end() :], name)
        if found is not None:
            return {**_plain(text[: rule.start()]), **found}
    return _plain(text)


def _plain(text: str) -> dict[str, Any]:
    first, _, rest = text.strip().partition("\n\n")
    found = {}
    if first:
        found["summary"] = " ".join(first.split())
    if rest.strip():
        found["description"] = rest.strip()
    return found


def _parsed(text: str, name: str) -> dict[str, Any] | None:
    """The mapping that a text holds; None when it is no YAML after all."""
    try:
        import yaml
    except ImportError as error:
        raise ApplicationError(
            f"the docstring of {name} is written in YAML, which needs PyYAML: "
            "pip install 'flama-runtime[yaml]'"
        ) from error
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    return _json(found) if isinstance(found, dict) else None


def _json(value: Any) -> Any:
    """YAML has keys and dates that JSON has not."""
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
