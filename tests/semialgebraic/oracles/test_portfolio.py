"""The portfolio: who is asked, in what order, for how long, and what is handed on."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import (
    InvalidInputError,
    OracleContractError,
    OracleDisagreementError,
    OracleUnavailableError,
)
from semialgebraic.oracles import portfolio
from semialgebraic.oracles.portfolio import Portfolio
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

(X,) = polynomial_ring(["x"]).gens()
POSITIVE = System.of((X, ">"))
EMPTY = System.of((X**2 + 1, "<="))
BUDGET = Budget(seconds=21.0)

POINT = Satisfiable(witness=AlgebraicPoint.from_rationals([1]), by="point")
PROOF = Unsatisfiable(evidence=Computed(method="by hand"), by="proof")
SECOND_PROOF = Unsatisfiable(evidence=Computed(method="again"), by="second")
ANYTHING = Capabilities(
    scope="tests", most_variables=3, proves_satisfiable=True, proves_unsatisfiable=True
)


def _report(program: str) -> Decision:
    return Unsatisfiable(evidence=Reported(program=program), by=program)


def _open(reason: str = "no idea") -> Decision:
    return Undecided(reason=reason, advice="none", by="open")


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Scripted:
    """An oracle that says what it was told to, and takes a part of its time."""

    name: str
    answer: Decision
    clock: Clock
    part: float = 0.0
    lacking: str = ""
    refusal: str = ""
    asked_for: list[float] = field(default_factory=list)
    references: tuple[str, ...] = ()
    capabilities: Capabilities = ANYTHING

    def missing(self) -> str:
        return self.lacking

    def accepts(self, system: System) -> str:  # noqa: ARG002
        return self.refusal

    def decide(self, system: System, *, budget: Budget) -> Decision:  # noqa: ARG002
        self.asked_for.append(budget.seconds)
        self.clock.now += self.part * budget.seconds
        return self.answer


Team = Callable[..., Portfolio]


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(portfolio, "time", made)
    return made


@pytest.fixture
def team(monkeypatch) -> Team:
    """Make a portfolio of the given oracles."""

    def make(*members: Scripted | str) -> Portfolio:
        by_name = {m if isinstance(m, str) else m.name: m for m in members}

        def get(name: str) -> Scripted:
            if isinstance(by_name[name], str):
                raise OracleUnavailableError(f"{name} is broken.")
            return by_name[name]

        monkeypatch.setattr(portfolio, "get_oracle", get)
        return Portfolio(tuple(by_name))

    return make


# --- what is handed on


def test_the_first_decision_with_a_proof_is_handed_on(team: Team, clock: Clock) -> None:
    later = Scripted("later", SECOND_PROOF, clock)
    made = team(
        Scripted("open", _open(), clock), Scripted("proof", PROOF, clock), later
    )
    assert made.decide(EMPTY, budget=BUDGET) == PROOF
    assert not later.asked_for


def test_a_point_is_handed_on(team: Team, clock: Clock) -> None:
    made = team(Scripted("point", POINT, clock))
    assert made.decide(POSITIVE, budget=BUDGET) == POINT


def test_a_proof_is_preferred_to_a_report(team: Team, clock: Clock) -> None:
    made = team(
        Scripted("program", _report("program 1"), clock),
        Scripted("proof", PROOF, clock),
    )
    assert made.decide(EMPTY, budget=BUDGET) == PROOF


def test_a_report_is_better_than_nothing(team: Team, clock: Clock) -> None:
    made = team(
        Scripted("program", _report("program 1"), clock),
        Scripted("open", _open(), clock),
    )
    assert made.decide(EMPTY, budget=BUDGET) == _report("program 1")


def test_two_reports_are_named_together(team: Team, clock: Clock) -> None:
    first = Scripted("first", _report("first 1"), clock)
    second = Scripted("second", _report("second 2"), clock)
    answer = team(first, second).decide(EMPTY, budget=BUDGET)
    assert answer.evidence == Reported(program="first 1 and second 2")
    assert answer.by == "portfolio"
    assert not answer.is_proved
    assert len(first.asked_for) == len(second.asked_for) == 1


def test_a_point_against_a_report_is_an_error_with_both_answers(
    team: Team, clock: Clock
) -> None:
    made = team(
        Scripted("program", _report("program 1"), clock),
        Scripted("point", POINT, clock),
    )
    with pytest.raises(OracleDisagreementError) as caught:
        made.decide(POSITIVE, budget=BUDGET)
    assert caught.value.answers == {"program": _report("program 1"), "point": POINT}
    assert System.from_json(caught.value.system.to_json()) == POSITIVE


def test_a_false_point_of_a_member_is_its_error(team: Team, clock: Clock) -> None:
    made = team(Scripted("liar", POINT, clock))
    with pytest.raises(OracleContractError, match="liar"):
        made.decide(EMPTY, budget=BUDGET)


def test_without_a_decision_the_reason_lists_what_each_one_said(
    team: Team, clock: Clock
) -> None:
    made = team(
        Scripted("first", _open("too wide."), clock),
        Scripted("second", _open("too long"), clock),
        Scripted("third", POINT, clock, lacking="nothing installed."),
        Scripted("fourth", POINT, clock, refusal="too curved."),
        "fifth",
    )
    answer = made.decide(EMPTY, budget=BUDGET)
    assert isinstance(answer, Undecided)
    for words in (
        "first: too wide;",
        "second: too long",
        "third: nothing installed;",
        "fourth: too curved;",
        "fifth: fifth is broken;",
    ):
        assert words in answer.reason
    assert answer.advice
    assert answer.by == "portfolio"


# --- the shares of the time


def test_the_shares_grow_and_use_the_budget_up(team: Team, clock: Clock) -> None:
    slow = Scripted("slow", _open(), clock, part=1.0)
    made = team(slow)
    made.decide(EMPTY, budget=BUDGET)
    assert slow.asked_for == pytest.approx([1.0, 4.0, 16.0])
    assert clock.now == pytest.approx(121.0)


def test_members_take_turns(team: Team, clock: Clock) -> None:
    members = [Scripted(name, _open(), clock, part=1.0) for name in ("a", "b")]
    team(*members).decide(EMPTY, budget=Budget(seconds=42.0))
    for member in members:
        assert member.asked_for == pytest.approx([1.0, 4.0, 16.0])


def test_who_gives_up_early_is_not_asked_again(team: Team, clock: Clock) -> None:
    quick = Scripted("quick", _open(), clock, part=0.1)
    slow = Scripted("slow", _open(), clock, part=1.0)
    team(quick, slow).decide(EMPTY, budget=Budget(seconds=42.0))
    assert len(quick.asked_for) == 1
    assert len(slow.asked_for) == 3
    assert clock.now == pytest.approx(142.0)


def test_who_takes_too_long_costs_the_others_their_turn(
    team: Team, clock: Clock
) -> None:
    greedy = Scripted("greedy", _open(), clock, part=100.0)
    made = team(greedy, Scripted("point", POINT, clock))
    assert isinstance(made.decide(POSITIVE, budget=BUDGET), Undecided)
    assert len(greedy.asked_for) == 1


# --- what it says of itself


def test_it_is_available_if_one_member_is(team: Team, clock: Clock) -> None:
    absent = Scripted("absent", POINT, clock, lacking="a program.")
    assert "absent: a program" in team(absent, "broken").missing()
    assert team(absent, Scripted("point", POINT, clock)).missing() == ""


def test_it_accepts_what_one_member_accepts(team: Team, clock: Clock) -> None:
    refusing = Scripted("refusing", POINT, clock, refusal="too curved.")
    assert "refusing: too curved" in team(refusing).accepts(POSITIVE)
    assert team(refusing, Scripted("point", POINT, clock)).accepts(POSITIVE) == ""


def test_it_does_not_contain_itself() -> None:
    with pytest.raises(InvalidInputError, match="own member"):
        Portfolio(["portfolio"])
    assert get_oracle("portfolio").name == "portfolio"


def test_the_registered_oracles_are_its_members_by_default() -> None:
    asked = decide(POSITIVE, oracle="portfolio")
    assert isinstance(asked, Satisfiable)
    assert asked.by != "portfolio"
