"""Bisection by questions: all deciders agree, steps are logged, and it can go on."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.budget import Budget
from exact_wlra.certificates import Zero
from exact_wlra.checker import lower_bound
from exact_wlra.errors import ContradictionError, InvalidProblemError
from exact_wlra.pattern_space_decider import PatternSpaceDecider
from exact_wlra.threshold_deciders import (
    Above,
    Answer,
    AtMost,
    Decider,
    OracleDecider,
    Unknown,
)
from exact_wlra.threshold_search import (
    ThresholdSearch,
    in_log_scale,
    initial_bracket,
    search,
    shortened,
)
from reductions.chart_formulation import ChartFormulation
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.search_bounds import projected_optimum_bound

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
EPSILON = Fraction(1, 50)
positive = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6)


def make(data, squared_weights, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


def published(name: str) -> Instance:
    case = PUBLISHED[name]
    return make(case["A"], case["W2"], case["k"])


def optimum_of(name: str) -> Fraction:
    return Fraction(PUBLISHED[name]["recomputed_here"]["optimum"])


def budget(seconds: float = 60.0) -> Budget:
    return Budget(time_limit=seconds)


def asking(instance: Instance, oracle: str, *, transposed: bool = False) -> Decider:
    return OracleDecider(
        instance=instance,
        formulation=ChartFormulation(instance=instance, transposed=transposed),
        oracle=oracle,
        budget=budget(),
    )


class Oracular:
    """Knows the optimum of an instance; its factors are near the optimal ones."""

    name = "oracular"

    def __init__(self, instance: Instance, optimum: Fraction, right) -> None:
        self.optimum, self.asked = optimum, list[Fraction]()
        self.right = RationalMatrix.from_rows(right)
        self.left = solve_rows(instance.data, instance.squared_weights, self.right)
        self.cost = instance.cost(self.left, self.right)

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
        self.asked.append(threshold)
        assert slack > 0
        if threshold < self.optimum:
            return Above(evidence="known", by=self.name, is_proved=True)
        return AtMost(left=self.left, right=self.right, cost=self.cost, by=self.name)


class Silent:
    """Never knows."""

    name = "silent"

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:  # noqa: ARG002
        return Unknown(reason="no idea", advice="ask somebody else", by=self.name)


# --- all deciders agree

ASKED = [
    (name, oracle, transposed)
    for name in ("rec-small-2x3", "rec-missing-one-2x3", "oss-3x3-k2")
    for oracle in ("cad", "subdivision")
    for transposed in (False, True)
] + [
    ("rec-small-2x3", "critical_points", False),
    ("rec-small-2x3", "critical_points", True),
    ("rec-missing-one-2x3", "critical_points", True),
    ("rec-small-2x3", "portfolio", True),
    ("oss-3x3-k1", "subdivision", False),
    ("rec-two-col-patterns-3x4", "subdivision", True),
]


def hold(instance: Instance, found: ThresholdSearch, optimum: Fraction) -> None:
    """Hold a finished search against the optimum, known to 15 digits."""
    digit = optimum / 10**12
    assert found.reason == "the bracket is as narrow as asked"
    assert 0 <= found.lower <= found.told_lower <= optimum + digit
    assert optimum - digit <= found.upper <= (1 + EPSILON) * found.told_lower
    assert instance.cost(found.left, found.right) == found.upper
    assert lower_bound(instance, found.proof) >= found.lower
    assert found.is_told_proved


@pytest.mark.parametrize(("name", "oracle", "transposed"), ASKED)
def test_all_oracles_find_the_published_optimum(name, oracle, transposed) -> None:
    instance = published(name)
    decider = asking(instance, oracle, transposed=transposed)
    found = search(instance, decider, epsilon=EPSILON, budget=budget())
    hold(instance, found, optimum_of(name))
    assert found.decider == decider.name
    if oracle == "subdivision":
        assert found.lower == found.told_lower


@pytest.mark.parametrize(
    "name", ["rec-small-2x3", "rec-missing-one-2x3", "rec-two-col-patterns-3x4"]
)
def test_the_pattern_space_finds_the_published_optimum(name: str) -> None:
    instance = published(name)
    limit = budget()
    decider = PatternSpaceDecider(instance, limit)
    found = search(instance, decider, epsilon=EPSILON, budget=limit)
    hold(instance, found, optimum_of(name))
    # Every refutation has a certificate.
    assert found.lower == found.told_lower


# --- the record


def test_steps_are_logged_and_consistent() -> None:
    name = "rec-small-2x3"
    instance = published(name)
    found = search(instance, asking(instance, "cad"), epsilon=EPSILON, budget=budget())
    assert found.n_steps == len(found.steps) > 3
    for step in found.steps:
        above = step.threshold < optimum_of(name)
        assert step.answer == ("above" if above else "at most")
        assert step.by == "cad"
        assert step.evidence
        assert step.seconds >= 0
    refuted = [s.threshold for s in found.steps if s.answer == "above"]
    assert found.told_lower == max(refuted)
    assert all(a < b for a, b in pairwise(refuted))


def test_progress_is_told() -> None:
    reports = []
    instance = published("rec-small-2x3")
    limit = Budget(time_limit=60.0, report=reports.append)
    found = search(
        instance, asking(instance, "subdivision"), epsilon=EPSILON, budget=limit
    )
    assert reports
    assert found.n_steps >= len(reports)


@pytest.mark.parametrize("oracle", ["cad", "subdivision"])
def test_it_goes_on_from_every_record_to_the_same_end(oracle: str) -> None:
    instance = published("rec-small-2x3")
    decider = asking(instance, oracle)
    whole = search(instance, decider, epsilon=EPSILON, budget=budget())
    coarse = search(instance, decider, epsilon=Fraction(1), budget=budget())
    text = json.dumps(coarse.to_json())
    begun = ThresholdSearch.resume(instance, json.loads(text))
    assert begun.steps[0].threshold == coarse.steps[0].threshold
    assert (begun.told_lower, begun.upper) == (coarse.told_lower, coarse.upper)
    assert (begun.lower, begun.proof) == (0, Zero())
    ended = search(instance, decider, epsilon=EPSILON, budget=budget(), start=begun)
    assert ended.n_steps > coarse.n_steps
    assert ended.steps[: coarse.n_steps] == begun.steps
    for found in (whole, ended):
        hold(instance, found, optimum_of("rec-small-2x3"))


@pytest.mark.parametrize("n_answers", [0, 1, 3, 6])
def test_an_interruption_changes_nothing(n_answers: int) -> None:
    instance = published("rec-small-2x3")
    decider = asking(instance, "cad", transposed=True)
    whole = search(instance, decider, epsilon=EPSILON, budget=budget())

    class Interrupted(Silent):
        n_left = n_answers

        def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
            self.n_left -= 1
            if self.n_left < 0:
                return super().decide(threshold, slack=slack)
            return decider.decide(threshold, slack=slack)

    part = search(instance, Interrupted(), epsilon=EPSILON, budget=budget())
    begun = ThresholdSearch.resume(instance, part.to_json())
    ended = search(instance, decider, epsilon=EPSILON, budget=budget(), start=begun)
    answered = [step for step in ended.steps if step.answer != "unknown"]
    assert len(answered) == ended.n_steps - 1 == whole.n_steps
    assert [step.threshold for step in answered] == [s.threshold for s in whole.steps]
    assert (ended.told_lower, ended.upper) == (whole.told_lower, whole.upper)
    assert (ended.left, ended.right) == (whole.left, whole.right)


def test_a_finished_record_asks_nothing_more() -> None:
    instance = published("rec-small-2x3")
    whole = search(instance, asking(instance, "cad"), epsilon=EPSILON, budget=budget())
    begun = ThresholdSearch.resume(instance, whole.to_json())
    ended = search(instance, Silent(), epsilon=EPSILON, budget=budget(), start=begun)
    assert ended.n_steps == whole.n_steps
    assert (ended.told_lower, ended.upper) == (whole.told_lower, whole.upper)


def test_a_record_whose_factors_were_changed_has_their_cost() -> None:
    instance = published("rec-small-2x3")
    whole = search(instance, asking(instance, "cad"), epsilon=EPSILON, budget=budget())
    value = whole.to_json()
    value["left"] = [["0"], ["0"]]
    assert ThresholdSearch.resume(instance, value).upper == instance.energy()


def test_optimal_factors_need_one_refutation() -> None:
    instance = published("oss-3x3-k2")
    begun = initial_bracket(instance, "any")
    known = asking(instance, "cad").decide(
        Fraction(6534, 23), slack=Fraction(1, 10**12)
    )
    start = replace(begun, left=known.left, right=known.right, upper=known.cost)
    found = search(
        instance,
        asking(instance, "subdivision"),
        epsilon=EPSILON,
        budget=budget(),
        start=start,
    )
    assert [step.answer for step in found.steps] == ["above"]
    hold(instance, found, Fraction(6534, 23))


# --- ends


def test_an_unknown_answer_ends_the_search() -> None:
    instance = published("rec-small-2x3")
    found = search(instance, Silent(), epsilon=EPSILON, budget=budget())
    assert found.reason == "no idea; ask somebody else"
    assert [step.answer for step in found.steps] == ["unknown"]
    assert (found.lower, found.told_lower) == (0, 0)
    assert found.upper == instance.energy()


def test_data_of_low_rank_cost_nothing_and_nothing_is_asked() -> None:
    instance = make([[1, 2], [2, 4]], [[1, 2], [3, 1]])
    found = search(instance, Silent(), epsilon=EPSILON, budget=budget())
    assert (found.lower, found.upper, found.n_steps) == (0, 0, 0)
    assert instance.cost(found.left, found.right) == 0


def test_a_completion_of_rank_one_is_found_or_left_open() -> None:
    instance = make([[1, 1], [1, 5]], [[1, 1], [1, 0]])
    exact, near = (
        search(instance, asking(instance, oracle), epsilon=EPSILON, budget=budget())
        for oracle in ("subdivision", "cad")
    )
    assert exact.upper == exact.told_lower == 0
    # Its witnesses cost nearly as much as was allowed.
    assert near.told_lower == 0 <= near.upper < Fraction(1, 2**100)
    assert near.upper == 0 or "OPT may be 0" in near.reason


def test_an_infimum_of_zero_that_is_not_attained_is_left_open() -> None:
    """diag(1, 1) without its upper right entry: X = (1/t; 1) (t, 1) costs 1/t^2."""

    class Ever(Oracular):
        def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:  # noqa: ARG002
            self.asked.append(threshold)
            t = 1 / threshold
            left = RationalMatrix.from_fractions([[t], [Fraction(1)]])
            right = RationalMatrix.from_fractions([[1 / t, Fraction(1)]])
            cost = instance.cost(left, right)
            return AtMost(left=left, right=right, cost=cost, by=self.name)

    instance = make([[1, 0], [0, 1]], [[1, 0], [1, 1]])
    decider = Ever(instance, Fraction(0), [[1, 1]])
    found = search(instance, decider, epsilon=EPSILON, budget=budget())
    assert found.told_lower == 0 < found.upper < Fraction(1, 2**100)
    assert "OPT may be 0" in found.reason


def test_no_time_ends_the_search() -> None:
    instance = published("rec-small-2x3")
    found = search(instance, Silent(), epsilon=EPSILON, budget=budget(1e-9))
    assert found.reason == "the time is over"
    assert found.n_steps == 0


def test_an_answer_that_is_of_no_use_ends_the_search() -> None:
    instance = published("rec-small-2x3")

    class Stubborn(Silent):
        def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:  # noqa: ARG002
            zero = initial_bracket(instance, "")
            return AtMost(
                left=zero.left, right=zero.right, cost=zero.upper, by=self.name
            )

    found = search(instance, Stubborn(), epsilon=EPSILON, budget=budget())
    assert found.reason == "the last answer did not narrow the bracket"
    assert found.n_steps == 1


@pytest.mark.parametrize("epsilon", [0, -1, Fraction(-1, 2)])
def test_an_epsilon_that_is_not_positive_is_refused(epsilon) -> None:
    instance = published("rec-small-2x3")
    with pytest.raises(InvalidProblemError, match="epsilon"):
        search(instance, Silent(), epsilon=Fraction(epsilon), budget=budget())


# --- how many steps


@pytest.mark.parametrize("name", ["rec-small-2x3", "oss-3x3-k2", "biclique-P4"])
@pytest.mark.parametrize("bits", [1, 4, 10, 30])
def test_the_bound_on_the_steps_holds(name: str, bits: int) -> None:
    """With the bound on a nonzero optimum that the theory gives."""
    instance = published(name)
    epsilon = Fraction(1, 2**bits)
    found = search(instance, asking(instance, "cad"), epsilon=epsilon, budget=budget())
    assert found.reason == "the bracket is as narrow as asked"
    n, d = instance.shape
    lower_bits = projected_optimum_bound(
        n_rows=d,
        n_patterns=n,
        rank=instance.rank,
        height=2**30,
        weights_are_positive=True,
    )
    assert found.n_steps <= found.steps_bound(instance.energy(), epsilon, lower_bits)


class Knowing:
    """Knows the optimum: no below it, and factors from nowhere at or above it."""

    name = "knowing"

    def __init__(self, instance: Instance, optimum: Fraction) -> None:
        self.instance, self.optimum = instance, optimum

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
        assert slack > 0
        zero = initial_bracket(self.instance, "")
        if threshold < self.optimum:
            return Above(evidence="known", by="me", is_proved=True)
        return AtMost(left=zero.left, right=zero.right, cost=threshold, by="me")


@pytest.mark.parametrize("bits", [1, 20, 100, 190])
def test_the_bound_on_the_steps_holds_for_tiny_optima(bits: int) -> None:
    """The descent to the first refuted threshold once was linear in the bits."""
    instance = make([[1, 2], [2, 5]], [[1, 2], [3, 1]])
    epsilon = Fraction(1, 2)
    found = search(
        instance,
        Knowing(instance, Fraction(1, 2**bits)),
        epsilon=epsilon,
        budget=budget(),
    )
    assert found.reason == "the bracket is as narrow as asked"
    assert found.n_steps <= found.steps_bound(instance.energy(), epsilon, bits)


def test_factors_below_a_refuted_threshold_raise() -> None:
    instance = make([[1, 2], [2, 5]], [[1, 2], [3, 1]])

    class Contradicting(Knowing):
        def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
            answer = super().decide(threshold, slack=slack)
            if isinstance(answer, AtMost):
                return replace(answer, cost=self.optimum / 1000)
            return answer

    with pytest.raises(ContradictionError, match="report the oracle"):
        search(
            instance,
            Contradicting(instance, Fraction(1)),
            epsilon=Fraction(1, 100),
            budget=budget(),
        )


# --- thresholds


@given(positive, positive, positive)
def test_thresholds_lie_inside_the_bracket(lower, width, epsilon) -> None:
    upper = lower + width
    threshold = in_log_scale(lower, upper, epsilon, energy=2 * upper)
    assert lower < threshold < upper or upper <= (1 + epsilon) * lower


@given(positive, st.fractions(min_value=Fraction(1, 1000), max_value=1))
def test_thresholds_halve_the_bracket_in_the_end(lower, epsilon) -> None:
    n, upper = 0, lower * 2**64
    while upper > (1 + epsilon) * lower:
        threshold = in_log_scale(lower, upper, epsilon, energy=2 * upper)
        assert lower < threshold < upper
        # The answer that leaves more.
        if upper / threshold > threshold / lower:
            lower = threshold
        else:
            upper = threshold
        n += 1
    assert n <= 30


@given(positive, st.fractions(min_value=Fraction(1, 10**6), max_value=Fraction(1, 2)))
def test_shortened_thresholds_stay_below_the_upper_bound(upper, gap) -> None:
    threshold = upper * (1 - gap)
    short = shortened(threshold, upper)
    assert threshold <= short < upper
    assert short - threshold <= (upper - threshold) / 8


@settings(max_examples=25)
@given(st.integers(0, 6), st.integers(1, 40))
def test_any_optimum_is_bracketed_with_an_oracle_that_knows_it(shift, bits) -> None:
    # diag(1, 2^-shift): OPT is 4^-shift, reached by the first unit vector.
    small = Fraction(1, 2**shift)
    instance = make([[2, 0], [0, small]], [[1, 1], [1, 1]])
    decider = Oracular(instance, small**2, [[1, 0]])
    epsilon = Fraction(1, 2**bits)
    found = search(instance, decider, epsilon=epsilon, budget=budget())
    assert found.upper == small**2
    assert found.told_lower <= small**2 <= (1 + epsilon) * found.told_lower
    assert [step.threshold for step in found.steps] == decider.asked
