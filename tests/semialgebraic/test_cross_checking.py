"""Cross-checks: everybody who can is asked, and a contradiction is an error."""

import dataclasses

import pytest

from semialgebraic import cross_checking
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.catalogue import named
from semialgebraic.cross_checking import CrossCheck, cross_check
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import (
    OracleContractError,
    OracleDisagreementError,
    OracleUnavailableError,
    UnknownOracleError,
)
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.registry import names
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

(X,) = polynomial_ring(["x"]).gens()
POSITIVE = System.of((X, ">"))
YES = Satisfiable(witness=AlgebraicPoint.from_rationals([1]), by="yes")
NO = Unsatisfiable(evidence=Computed(method="by hand"), by="no")
OPEN = Undecided(reason="no idea", advice="none", by="open")
BUDGET = Budget(seconds=3.0)


class Scripted:
    """An oracle that says what it was told to."""

    references = ()
    capabilities = Capabilities(
        scope="tests",
        most_variables=1,
        proves_satisfiable=True,
        proves_unsatisfiable=True,
    )

    def __init__(
        self, name: str, answer: Decision, lacking: str = "", refusal: str = ""
    ) -> None:
        self.name, self.answer = name, answer
        self.lacking, self.refusal = lacking, refusal

    def missing(self) -> str:
        return self.lacking

    def accepts(self, system: System) -> str:  # noqa: ARG002
        return self.refusal

    def decide(self, system: System, *, budget: Budget) -> Decision:  # noqa: ARG002
        return self.answer


def test_all_answers_are_recorded() -> None:
    oracles = [Scripted("yes", YES), Scripted("open", OPEN)]
    record = cross_check(POSITIVE, oracles)
    assert record.system == POSITIVE
    assert record.answers == {"yes": YES, "open": OPEN}
    assert record.not_asked == {}
    assert record.is_satisfiable is True
    assert record.n_agreeing == 1


@pytest.mark.parametrize(
    ("answers", "verdict", "n_agreeing"),
    [([], None, 0), ([OPEN], None, 0), ([NO, OPEN], False, 1), ([NO, NO], False, 2)],
)
def test_the_verdict_is_that_of_who_decided(answers, verdict, n_agreeing) -> None:
    oracles = [Scripted(str(i), answer) for i, answer in enumerate(answers)]
    record = cross_check(POSITIVE, oracles)
    assert record.is_satisfiable is verdict
    assert record.n_agreeing == n_agreeing


@pytest.mark.parametrize("order", [1, -1])
def test_a_contradiction_is_an_error_with_a_reproducer(order: int) -> None:
    oracles = [Scripted("yes", YES), Scripted("open", OPEN), Scripted("no", NO)]
    with pytest.raises(OracleDisagreementError, match="yes: Satisfiable") as caught:
        cross_check(POSITIVE, oracles[::order])
    assert caught.value.answers == {"yes": YES, "open": OPEN, "no": NO}
    assert System.from_json(caught.value.system.to_json()) == POSITIVE


def test_who_cannot_be_asked_is_recorded_with_the_reason() -> None:
    oracles = [
        Scripted("absent", NO, lacking="a program"),
        Scripted("refusing", NO, refusal="too straight"),
        Scripted("yes", YES),
    ]
    record = cross_check(POSITIVE, oracles)
    assert record.not_asked == {"absent": "a program", "refusing": "too straight"}
    assert set(record.answers) == {"yes"}


def test_a_false_answer_is_an_error_of_its_oracle() -> None:
    with pytest.raises(OracleContractError, match="yes"):
        cross_check(System.of((X, "<")), [Scripted("yes", YES)])


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownOracleError, match="crystal"):
        cross_check(POSITIVE, ["crystal"])


def test_an_oracle_that_cannot_be_loaded_is_recorded(monkeypatch) -> None:
    def get(name: str) -> Scripted:
        raise OracleUnavailableError(f"{name} is broken.")

    monkeypatch.setattr(cross_checking, "get_oracle", get)
    assert cross_check(POSITIVE, ["cad"]).not_asked == {"cad": "cad is broken."}


@pytest.mark.parametrize("name", ["boxed-circle", "boxed-product"])
def test_by_default_every_registered_oracle_is_asked_or_says_why_not(name: str) -> None:
    entry = named(name)
    record = cross_check(entry.system, budget=BUDGET)
    everybody = set(names()) - {"portfolio"}
    assert set(record.answers) | set(record.not_asked) == everybody
    assert not set(record.answers) & set(record.not_asked)
    assert record.is_satisfiable == entry.is_satisfiable
    assert record.n_agreeing >= 2


def test_a_record_cannot_be_changed() -> None:
    record = cross_check(POSITIVE, [Scripted("yes", YES)])
    assert isinstance(record, CrossCheck)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.system = POSITIVE
    with pytest.raises(TypeError):
        record.answers["no"] = NO
