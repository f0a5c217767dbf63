"""What docstrings add to the operations of a document."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from flama._docstrings import operation_of
from flama.exceptions import ApplicationError

CASES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "none": (None, {}),
    "blank": ("   \n ", {}),
    "one line": ("Show an item.", {"summary": "Show an item."}),
    "paragraphs": (
        """Show an item
        on two lines.

        It is
        described.

            indented
        """,
        {
            "summary": "Show an item on two lines.",
            "description": "It is\ndescribed.\n\n    indented",
        },
    ),
    "YAML": (
        """
        tags:
            - item
        summary: Show an item.
        responses:
            200:
                description: 2024-01-02
        """,
        {
            "tags": ["item"],
            "summary": "Show an item.",
            "responses": {"200": {"description": "2024-01-02"}},
        },
    ),
    "YAML with keys that we do not name": (
        "deprecated: true\nx-team: a\nexternalDocs: {url: 'https://example.com'}",
        {"deprecated": True, "x-team": "a", "externalDocs": {"url": "https://example.com"}},
    ),
    "text and YAML": (
        "Show an item.\n\nIn words.\n---\ntags: [item]\nsummary: Another.",
        {"summary": "Another.", "description": "In words.", "tags": ["item"]},
    ),
    "a rule in plain text": (
        "Show\n\n---\n\nIt.",
        {"summary": "Show", "description": "---\n\nIt."},
    ),
    "a colon in plain text": ("Note: an item.", {"summary": "Note: an item."}),
    "a key in plain text": (
        "An item.\n\nsummary: is nothing here.",
        {"summary": "An item.", "description": "summary: is nothing here."},
    ),
    "broken YAML": ("tags: [", {"summary": "tags: ["}),
    "a list": ("- tags:\n- summary:", {"summary": "- tags: - summary:"}),
}


@pytest.mark.parametrize(("docstring", "expected"), CASES.values(), ids=CASES)
def test_operation(docstring: str | None, expected: dict[str, Any]) -> None:
    assert operation_of(docstring, "shop:view") == expected


def test_without_pyyaml_only_yaml_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert operation_of("Show an item.", "shop:view") == {"summary": "Show an item."}
    with pytest.raises(ApplicationError, match=r"shop:view.*flama-runtime\[yaml\]"):
        operation_of("summary: Show an item.", "shop:view")
