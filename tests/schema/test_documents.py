"""OpenAPI documents: valid for every application of the cases and examples, and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conformance.cases import APPLICATIONS
from conformance.cases.documents import DOCUMENT, MOUNTED
from conformance.form import Application
from conformance.harness import Loaded, load, write
from flama.applications import Flama
from flama.openapi import document
from flama.results import encode
from openapi_spec_validator import OpenAPIV31SpecValidator

EXAMPLES = Path(__file__).parents[2] / "examples"


def _document(loaded: Loaded) -> dict[str, Any]:
    with loaded.active():
        made: dict[str, Any] = json.loads(encode(document(loaded.app)))
    return made


def _valid(made: dict[str, Any]) -> None:
    errors = [error.message for error in OpenAPIV31SpecValidator(made).iter_errors()]
    assert not errors, errors


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda a: a.name)
def test_every_document_is_valid(application: Application, tmp_path: Path) -> None:
    write(application, tmp_path / "app")
    loaded = load(tmp_path / "app", application.target)
    if isinstance(loaded.app, Flama):
        _valid(_document(loaded))


@pytest.mark.parametrize("target", ["views:app", "routes:app", "shop.main:app"])
def test_the_documents_of_the_examples_are_valid(target: str) -> None:
    _valid(_document(load(EXAMPLES, target)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("documents/of one application", DOCUMENT),
        ("documents/of mounted applications", MOUNTED),
    ],
)
def test_what_a_document_says(name: str, expected: object, tmp_path: Path) -> None:
    application = next(a for a in APPLICATIONS if a.name == name)
    write(application, tmp_path / "app")
    assert expected == _document(load(tmp_path / "app", application.target))
