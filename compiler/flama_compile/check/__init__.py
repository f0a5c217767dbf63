"""Finds what is wrong with a route table. The table itself is never changed.

A warning is given only where it can be proved that something cannot work as it is written: a
route that merely overlaps another one is nobody's business.
"""

from __future__ import annotations

from flama_compile.check.methods import check_methods
from flama_compile.check.names import check_names
from flama_compile.check.signatures import check_signatures
from flama_compile.check.unreachable import check_reach
from flama_compile.check.websockets import check_websockets
from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.ir.routes import RouteTable

__all__ = ["check"]


def check(table: RouteTable, report: Report) -> None:
    """Report every defect of the table, once each, however often its application is mounted."""
    found = Report()
    for rule in (check_reach, check_names, check_methods, check_signatures, check_websockets):
        rule(table, found)
    seen: set[Diagnostic] = set()
    for diagnostic in found.found:
        if diagnostic not in seen:
            seen.add(diagnostic)
            report.add(diagnostic)
