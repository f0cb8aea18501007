"""The front door: who is asked, and that nothing unchecked passes."""

import pytest

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.catalogue import CATALOGUE, named
from semialgebraic.deciding import choose, decide
from semialgebraic.decisions import (
    Budget,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import OracleContractError, UnknownOracleError
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

(X,) = polynomial_ring(["x"]).gens()
POSITIVE = System.of((X, ">"))
BUDGET = Budget(seconds=3.0)
SMALL = [e for e in CATALOGUE if len(e.system.variables) == 1]


class Recorder:
    """An oracle that says yes at 1 and keeps what it was asked."""

    name = "recorder"
    references = ()
    capabilities = Capabilities(
        scope="tests",
        most_variables=1,
        proves_satisfiable=True,
        proves_unsatisfiable=False,
    )

    def __init__(self, lacking: str = "", refusal: str = "", value: int = 1) -> None:
        self.lacking, self.refusal, self.value = lacking, refusal, value
        self.asked: list[tuple[System, Budget]] = []

    def missing(self) -> str:
        return self.lacking

    def accepts(self, system: System) -> str:  # noqa: ARG002
        return self.refusal

    def decide(self, system: System, *, budget: Budget) -> Satisfiable:
        self.asked.append((system, budget))
        point = AlgebraicPoint.from_rationals([self.value])
        return Satisfiable(witness=point, by=self.name)


@pytest.mark.parametrize("entry", SMALL, ids=lambda e: e.name)
def test_the_automatic_choice_decides_every_small_system(entry) -> None:
    answer = decide(entry.system, budget=BUDGET)
    expected = Satisfiable if entry.is_satisfiable else Unsatisfiable
    assert isinstance(answer, expected)
    if isinstance(answer, Unsatisfiable):
        assert answer.is_proved


@pytest.mark.parametrize(
    ("name", "oracle"),
    [("touching", "cad"), ("circle", "cad"), ("six-points", "portfolio")],
)
def test_the_choice_depends_on_the_variables(name: str, oracle: str) -> None:
    chosen, why = choose(named(name).system)
    assert chosen == oracle
    assert why


def test_a_bounded_system_in_space_is_subdivided() -> None:
    x, y, z = polynomial_ring(["x", "y", "z"]).gens()
    bounds = [(v - 1, "<=") for v in (x, y, z)] + [(v + 1, ">=") for v in (x, y, z)]
    assert choose(System.of((x * y * z, "<"), *bounds))[0] == "subdivision"


def test_an_oracle_is_asked_with_the_system_and_the_budget() -> None:
    oracle = Recorder()
    answer = decide(POSITIVE, oracle=oracle, budget=BUDGET)
    assert oracle.asked == [(POSITIVE, BUDGET)]
    assert answer.by == "recorder"


def test_the_default_budget_is_that_of_the_class() -> None:
    oracle = Recorder()
    decide(POSITIVE, oracle=oracle)
    assert oracle.asked[0][1] == Budget()


def test_an_oracle_that_lacks_something_is_not_asked() -> None:
    oracle = Recorder(lacking="a licence")
    answer = decide(POSITIVE, oracle=oracle)
    assert isinstance(answer, Undecided)
    assert "a licence" in answer.reason
    assert not oracle.asked


def test_a_system_out_of_scope_is_not_asked() -> None:
    oracle = Recorder(refusal="too straight")
    answer = decide(POSITIVE, oracle=oracle)
    assert isinstance(answer, Undecided)
    assert "too straight" in answer.reason
    assert not oracle.asked


def test_a_false_witness_is_an_error_with_the_reproducer() -> None:
    with pytest.raises(OracleContractError, match="recorder") as caught:
        decide(POSITIVE, oracle=Recorder(value=-1))
    assert caught.value.oracle == "recorder"
    assert System.from_json(caught.value.system.to_json()) == POSITIVE
    assert caught.value.answer.by == "recorder"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownOracleError, match="crystal"):
        decide(POSITIVE, oracle="crystal")


def test_a_name_and_the_oracle_itself_are_the_same() -> None:
    by_name = decide(POSITIVE, oracle="cad", budget=BUDGET)
    assert by_name == decide(POSITIVE, oracle=get_oracle("cad"), budget=BUDGET)
