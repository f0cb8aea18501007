"""Open boxes: which variable is cut, and what is kept of them."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.oracles.open_boxes import (
    NEGATED,
    OpenBoxes,
    best_cuts,
    least_violation,
    least_violations,
)
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rounded_bernstein import Rounded, rounded
from semialgebraic.systems import Relation

X, Y, Z = polynomial_ring(["x", "y", "z"]).gens()
AT_MOST = [Relation.LESS_EQUAL]


def open_box(*polynomials: fmpz_mpoly, cuts: tuple[int, ...] = (0, 0, 0)) -> OpenBoxes:
    cube = [Fraction(-1)] * 3, [Fraction(1)] * 3
    forms = [rounded(p, *cube) for p in polynomials]
    return OpenBoxes(np.zeros(1, dtype=np.int64), np.array([cuts]), forms)


@pytest.mark.parametrize(
    ("p", "variable"),
    [
        (X**2 + 5 * Y**2 - Z**2, 1),  # the strongest curvature, not the first
        (9 * X - Y**2 + Z, 1),  # a slope needs no cut where something bends
        (X + 2 * Y - 7 * Z - 1, 2),  # the largest slope where nothing bends
        (X**6 - 3 * Z**4, 2),
    ],
)
def test_variable_that_bends_most_is_cut(p: fmpz_mpoly, variable: int) -> None:
    assert best_cuts(open_box(p), AT_MOST).tolist() == [variable]


def test_conditions_that_hold_everywhere_do_not_count() -> None:
    boxes = open_box(X**2 + Y**2 - 1, 100 * Z**2 - 1000)
    assert best_cuts(boxes, AT_MOST * 2)[0] in (0, 1)


def test_lead_of_a_variable_is_limited() -> None:
    p = X**2 + 2 * Y**2 - Z
    assert best_cuts(open_box(p), AT_MOST).tolist() == [1]
    assert best_cuts(open_box(p, cuts=(0, 9, 0)), AT_MOST).tolist() == [0]
    # Nothing is gained by cutting what does not matter.
    assert best_cuts(open_box(Y**2 - 1, cuts=(0, 9, 0)), AT_MOST).tolist() == [1]


@given(st.sampled_from(list(Relation)), st.integers(-9, 9))
def test_violation_is_not_positive_where_a_relation_holds(
    relation: Relation, value: int
) -> None:
    violation = least_violation(relation, np.array([value]), np.array([value]))
    sign = (value > 0) - (value < 0)
    assert violation[0] <= 0 or not relation.holds(sign)
    assert relation.holds(sign) != NEGATED[relation].holds(sign)


def test_parts_are_joined_in_order_and_taken_apart() -> None:
    one, other = open_box(X - 2, Y), open_box(3 - X, Y, cuts=(1, 2, 3))
    both = OpenBoxes.joined([one, other])
    assert both.cuts.tolist() == [[0, 0, 0], [1, 2, 3]]
    worst = least_violations(both, AT_MOST * 2)
    assert worst[0] < 0 < worst[1]
    again = both.take(np.array([False, True]))
    assert isinstance(again.forms[0], Rounded)
    assert np.array_equal(again.forms[0].values, other.forms[0].values)
