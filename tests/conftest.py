"""Settings of the whole test suite.

Contents
--------
Hypothesis profiles   `dev`, `ci` (chosen where the variable CI is set), `nightly`
report header         the versions on which the answers of a run depend
measured times        shown at the end of a run, never asserted
"""

import os
import platform
from collections.abc import Iterator

import flint
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# No deadline and no complaint about slow generation: the time of an exact computation
# depends on its input, and a loaded machine is not a fault. pytest-timeout guards.
_COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", _COMMON, max_examples=50, derandomize=True)
settings.register_profile("ci", _COMMON, max_examples=200, derandomize=True)
settings.register_profile("nightly", _COMMON, max_examples=5000, print_blob=True)
_PROFILE = "ci" if os.environ.get("CI") else "dev"
settings.load_profile(_PROFILE)


def pytest_report_header(config: pytest.Config) -> str:
    """Return the line that names what the exact answers were computed with."""
    profile = config.getoption("--hypothesis-profile") or _PROFILE
    return (
        f"exact_wlra: Python {platform.python_version()}, numpy {np.__version__}, "
        f"python-flint {flint.__version__} (FLINT {flint.__FLINT_VERSION__}), "
        f"hypothesis profile {profile}"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each time that a test measured with `record_property`."""
    measured = sorted(
        (name, value)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name.endswith(" [s]")
    )
    if measured:
        terminalreporter.section("measured times (not asserted)")
    for name, value in measured:
        terminalreporter.line(f"{value:8.3f}  {name}")


@pytest.fixture(autouse=True)
def unchanged_precision() -> Iterator[None]:
    """Fail the test that leaves another global precision behind than it found."""
    before = flint.ctx.prec
    yield
    after, flint.ctx.prec = flint.ctx.prec, before
    assert after == before, "a global precision was changed and not restored"
