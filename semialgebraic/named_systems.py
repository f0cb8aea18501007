"""A system together with its known answer.

Contents
--------
NamedSystem     a system, a point of it or none, and where the answer comes from
satisfiable     a system with a solution
unsatisfiable   a system without
at_root         a point whose coordinates are polynomials at a root
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpq_poly, fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.systems import System


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSystem:
    """A system with a known answer.

    Parameters
    ----------
    name : str
        Words with hyphens between them.
    system : System
    witness : AlgebraicPoint or None
        A point that satisfies it; None if there is none.
    source : str
        Where the answer comes from, or why it is so.
    """

    name: str
    system: System
    witness: AlgebraicPoint | None
    source: str

    @property
    def is_satisfiable(self) -> bool:
        """The known answer."""
        return self.witness is not None


def satisfiable(
    name: str,
    source: str,
    point: AlgebraicPoint | Sequence[Fraction | int],
    *conditions: tuple[fmpz_mpoly, str],
) -> NamedSystem:
    """Return a named system with a solution.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> satisfiable("half-line", "drawn", [1], (x, ">")).is_satisfiable
    True
    """
    if not isinstance(point, AlgebraicPoint):
        point = AlgebraicPoint.from_rationals(point)
    system = System.of(*conditions)
    return NamedSystem(name=name, system=system, witness=point, source=source)


def unsatisfiable(
    name: str, source: str, *conditions: tuple[fmpz_mpoly, str]
) -> NamedSystem:
    """Return a named system without solution.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> unsatisfiable("square", "x^2 >= 0", (x**2, "<")).is_satisfiable
    False
    """
    system = System.of(*conditions)
    return NamedSystem(name=name, system=system, witness=None, source=source)


def at_root(
    coefficients: Sequence[int],
    interval: tuple[int, int],
    coordinates: Sequence[Sequence[int]],
) -> AlgebraicPoint:
    """Return the point whose coordinates are polynomials at the root in the interval.

    Parameters
    ----------
    coefficients : sequence of int
        Of a polynomial with that root, from low to high degree.
    interval : (int, int)
        Holds exactly one root.
    coordinates : sequence of sequences of int
        Coefficients of the coordinates, from low to high degree.

    Examples
    --------
    >>> point = at_root([-2, 0, 1], (0, 2), [[0, 1], [1, 1]])
    >>> print(point.coordinate(1))
    ≈ 2.414213562373095048802, root of x^2 - 2*x - 1
    """
    return AlgebraicPoint.from_polynomials(
        RealAlgebraicNumber.from_root(list(coefficients), interval),
        [fmpq_poly(list(c)) for c in coordinates],
    )
