"""Resultants and discriminants by interpolation are those of FLINT's own algorithm."""

from __future__ import annotations

from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.plane_resultants import plane_discriminant, plane_resultant
from semialgebraic.polynomials import as_univariate, polynomial_ring

RING = polynomial_ring(["x", "y", "z"])
X, Y, _ = RING.gens()

# Leading coefficients that vanish at small integers are frequent here.
polynomials = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.just(0)),
    st.integers(-4, 4),
    min_size=1,
    max_size=6,
).map(RING.from_dict)
of_degree_one = polynomials.filter(lambda p: p.degrees()[1] >= 1)
of_degree_two = polynomials.filter(lambda p: p.degrees()[1] >= 2)


@given(of_degree_one, of_degree_one)
def test_resultant(p: fmpz_mpoly, q: fmpz_mpoly) -> None:
    assert plane_resultant(p, q) == as_univariate(p.resultant(q, 1), 0)


@given(of_degree_two)
def test_discriminant(p: fmpz_mpoly) -> None:
    assert plane_discriminant(p) == as_univariate(p.discriminant(1), 0)


def test_two_leading_coefficients_vanish_at_once() -> None:
    p = (X - 1) * Y**3 + (X - 1) * Y**2 + Y + 2
    q = (X - 1) * Y**2 + Y + X
    assert plane_discriminant(p) == as_univariate(p.discriminant(1), 0)
    assert plane_resultant(p, q) == as_univariate(p.resultant(q, 1), 0)


def test_common_factor_has_resultant_zero() -> None:
    assert plane_resultant((Y - X) * (Y + 1), (Y - X) * (Y - 2)) == 0
