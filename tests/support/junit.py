"""JUnit documents checked against the grammar that Jenkins' xunit plugin and GitLab read.

The grammar is `junit-10.xsd` of that plugin, put down here as a table: which elements and
attributes each element may have, and which attributes it must have.
"""

from __future__ import annotations

from xml.etree import ElementTree

__all__ = ["check_junit"]

_TEXT: frozenset[str] = frozenset()
_CHILDREN = {
    "testsuites": frozenset({"testsuite"}),
    "testsuite": frozenset({"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "testcase": frozenset({"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": _TEXT,
    "error": _TEXT,
    "skipped": _TEXT,
    "system-out": _TEXT,
    "system-err": _TEXT,
}
_ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "file"},
    "testcase": {"name", "classname", "time", "group"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
    "system-err": set(),
}
_REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}


def check_junit(text: str) -> ElementTree.Element:
    """The document's root, if it is one that the grammar allows and its counts are right."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        assert element.tag in _CHILDREN, element.tag
        assert {child.tag for child in element} <= _CHILDREN[element.tag], element.tag
        assert set(element.attrib) <= _ATTRIBUTES[element.tag], element.attrib
        assert set(element.attrib) >= _REQUIRED.get(element.tag, set()), element.attrib
        if _CHILDREN[element.tag]:
            assert not (element.text or "").strip(), element.tag
    for suite in root.iter("testsuite"):
        cases = list(suite.iter("testcase"))
        assert int(suite.attrib["tests"]) == len(cases)
        for kind in ("failure", "error"):
            assert int(suite.attrib[f"{kind}s"]) == sum(
                case.find(kind) is not None for case in cases
            )
    return root
