"""Every registered oracle that is available here keeps the laws of the protocol.

Oracles that start a program for each question are examined on a part of the catalogue;
`make slow` takes all of it.
"""

import pytest

from semialgebraic.catalogue import CATALOGUE, named
from semialgebraic.decisions import Budget
from semialgebraic.oracles.registry import BUILT_IN, get_oracle, why_broken
from semialgebraic.testing import check_metadata, check_oracle

# These need nothing but the dependencies of this package.
REQUIRED = ("cad", "subdivision", "portfolio")
LOADED = [name for name in BUILT_IN if not why_broken(name)]
AVAILABLE = [name for name in LOADED if not get_oracle(name).missing()]
BUDGET = Budget(seconds=3.0)
FEW = [
    named(name)
    for name in (
        "false",
        "square-root",
        "excluded-root",
        "circle",
        "motzkin-zeros",
        "boxed-circle",
        "biclique-at",
        "svd-below",
        "nullified-cubic",
        "two-square-roots",
    )
]
# What each has to decide; where it has to refuse or may be undecided is its own affair.
ON_THE_LINE = {e.name for e in CATALOGUE if len(e.system.variables) == 1}
IN_THE_PLANE = {e.name for e in CATALOGUE if len(e.system.variables) == 2}
DECIDED_BY = {"cad": ON_THE_LINE | IN_THE_PLANE}


@pytest.mark.parametrize("name", REQUIRED)
def test_the_oracles_without_extras_are_always_available(name: str) -> None:
    assert why_broken(name) == ""
    assert get_oracle(name).missing() == ""


@pytest.mark.parametrize("name", LOADED)
def test_an_oracle_describes_itself(name: str) -> None:
    check_metadata(get_oracle(name))
    assert get_oracle(name).name == name


@pytest.mark.parametrize("name", AVAILABLE)
def test_an_oracle_conforms_on_a_few_systems(name: str) -> None:
    report = check_oracle(get_oracle(name), systems=FEW, budget=BUDGET)
    assert len(report.decided + report.undecided + report.refused) == len(FEW)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", AVAILABLE)
def test_an_oracle_conforms_on_the_whole_catalogue(name: str) -> None:
    report = check_oracle(get_oracle(name), budget=Budget(seconds=10.0), grace=20.0)
    assert DECIDED_BY.get(name, set()) <= set(report.decided)
