"""The bifurcation of Srebro and Jaakkola: where a second local minimum appears.

A = ((1, 1.1), (1, -1)), squared weights ((1 + a, 1), (1, 1 + a)), rank one: there is one
local minimum for a below the positive root of 25 a^4 + 100 a^3 + 210 a^2 - a - 1, and
there are two above it [SrebroJaakkola2003]_. All of it exact.
"""

from fractions import Fraction

import pytest

from exact_wlra.bounds.two_rows import solve_two_rows
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.real_algebraic import RealAlgebraicNumber

ROOT = RealAlgebraicNumber.from_root([-1, -1, 210, 100, 25], (0, 1))


def n_local_minima(a: Fraction) -> int:
    data = RationalMatrix.from_fractions(
        [[Fraction(1), Fraction(11, 10)], [Fraction(1), Fraction(-1)]]
    )
    one = Fraction(1)
    weights = RationalMatrix.from_fractions([[1 + a, one], [one, 1 + a]])
    instance = Instance(data=data, squared_weights=weights, rank=1)
    return len(solve_two_rows(instance).local_minima)


def test_the_root_is_the_published_one() -> None:
    assert ROOT.decimal(19) == "0.0702036542528789948"


@pytest.mark.parametrize("digits", [3, 6, 12])
def test_a_second_local_minimum_appears_at_the_root(digits: int) -> None:
    low, high = ROOT.refine(digits).isolating_interval
    assert (n_local_minima(low), n_local_minima(high)) == (1, 2)


def test_far_from_the_root() -> None:
    assert n_local_minima(Fraction(0)) == 1
    assert n_local_minima(Fraction(1)) == 2
