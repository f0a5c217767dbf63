"""SARIF documents checked against the schema of the standard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

__all__ = ["check_sarif"]

_SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
_VALIDATOR = jsonschema.Draft7Validator(_SCHEMA, format_checker=jsonschema.FormatChecker())


def check_sarif(document: Any) -> None:
    """Fail with every complaint of the schema; also hold GitHub's rule of relative URIs."""
    complaints = [
        f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(document)
    ]
    assert not complaints, "\n".join(complaints)
    for run in document["runs"]:
        for result in run["results"]:
            rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
            assert rule["id"] == result["ruleId"]
            for location in result["locations"] + result.get("relatedLocations", []):
                uri = location["physicalLocation"]["artifactLocation"]["uri"]
                assert not uri.startswith(("/", "file:")), uri
