"""The equations vanish at critical points, and msolve counts the right number of them."""

from fractions import Fraction

import pytest

from reductions.critical_counts import generic_rank_one_count
from reductions.critical_equations import bilinear_equations
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.plane import plane_critical_points
from semialgebraic import msolve
from semialgebraic.decisions import Budget
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rational_parametrizations import RationalParametrization


def make(data, squared_weights, rank: int) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


GENERIC = make(
    [[3, -7, 5], [2, 9, -4], [-8, 1, 6]], [[11, 3, 7], [5, 13, 2], [17, 4, 19]], 1
)


def test_an_exact_fit_is_critical() -> None:
    instance = make([[1, 2, 3], [2, 4, 6]], [[1, 2, 3], [4, 5, 6]], 1)
    point = [Fraction(1), Fraction(2), Fraction(2), Fraction(3)]
    assert all(value_at(p, point) == 0 for p in bilinear_equations(instance))


def test_the_equations_are_the_gradient_of_the_cost() -> None:
    """Along a line in one variable the slope of the cost is the equation's value."""
    equations = bilinear_equations(GENERIC)
    point = [Fraction(k + 1, 3) for k in range(5)]

    def cost(u1: Fraction) -> Fraction:
        left = RationalMatrix.from_fractions([[u1], [point[1]], [point[2]]])
        right = RationalMatrix.from_fractions([[Fraction(1), *point[3:]]])
        return GENERIC.cost(left, right)

    h = Fraction(1, 10)
    slope = (cost(point[0] + h) - cost(point[0] - h)) / (2 * h)
    value = value_at(equations[0], point)
    # The content of the derivative was divided out: an even integer.
    assert slope != 0
    assert (slope / value).denominator == 1
    assert slope / value % 2 == 0


@pytest.mark.parametrize("rank", [0, 3])
def test_trivial_ranks_are_refused(rank: int) -> None:
    with pytest.raises(NotApplicableError):
        bilinear_equations(make([[1, 2, 3]], [[1, 1, 1]], rank))


@pytest.mark.skipif(
    bool(msolve.missing()), reason=msolve.missing() or "msolve is there"
)
def test_msolve_finds_as_many_as_elimination() -> None:
    answer = msolve.solve(list(bilinear_equations(GENERIC)), budget=Budget(seconds=30))
    assert isinstance(answer, RationalParametrization)
    ours = sum(c.degree for c in plane_critical_points(GENERIC) if not c.is_zero)
    assert answer.n_complex == ours == generic_rank_one_count(3, 3)
