"""Options that the tests of every area share."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

collect_ignore = ["corpus/applications", "corpus/cases", "clients/project"]
"""Applications that tests work on; they have files of tests of their own."""

# Nothing is asserted on time: machines of CI are slow, and shared.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the compiler says now into the expected files; then read the diff",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are rewritten rather than compared."""
    return bool(request.config.getoption("--update-golden"))
