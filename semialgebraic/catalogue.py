"""The catalogue of systems whose answer is known: examples, traps, bugs of solvers.

Each system is as small as what it shows permits. A yes is kept together with a point,
so that it can be checked; a no with its reason in words.

Contents
--------
CATALOGUE       all of them, in order of the number of variables
named           the one of a name
"""

from fractions import Fraction

from semialgebraic.errors import InvalidInputError
from semialgebraic.excess_systems import EXCESS_SYSTEMS
from semialgebraic.named_systems import (
    NamedSystem,
    at_root,
    satisfiable,
    unsatisfiable,
)
from semialgebraic.polynomials import polynomial_ring


def named(name: str) -> NamedSystem:
    """Return the system of this name.

    Raises
    ------
    InvalidInputError
        If there is none.

    Examples
    --------
    >>> entry = named("two-half-lines")
    >>> print(entry.system, entry.is_satisfiable)
    x - 1 > 0 and x + 1 < 0 False
    """
    for entry in CATALOGUE:
        if entry.name == name:
            return entry
    raise InvalidInputError(
        f"the catalogue has no system '{name}'; see semialgebraic.catalogue.CATALOGUE."
    )


def _on_the_line() -> list[NamedSystem]:
    """One variable."""
    (x,) = polynomial_ring(["x"]).gens()
    one = x**0
    return [
        satisfiable("true", "a condition without variables", [0], (0 * x, "=")),
        unsatisfiable("false", "a condition without variables", (one, "<")),
        unsatisfiable("two-half-lines", "disjoint", (x - 1, ">"), (x + 1, "<")),
        satisfiable(
            "square-root",
            "irrational points only",
            at_root([-2, 0, 1], (0, 2), [[0, 1]]),
            (x**2 - 2, "="),
            (x, ">"),
        ),
        unsatisfiable(
            "square-root-too-small",
            "2 > 1.4142^2",
            (x**2 - 2, "="),
            (x, ">"),
            (10_000 * x - 14_142, "<="),
        ),
        satisfiable("touching", "a double root", [1], (x**2 - 2 * x + 1, "<=")),
        unsatisfiable(
            "touching-strictly", "a square is not negative", (x**2 - 2 * x + 1, "<")
        ),
        satisfiable("all-but-one", "an open set", [0], (x - 1, "!="), (x**2 - 1, "<=")),
        unsatisfiable(
            "excluded-root", "its only root is excluded", (x**3 - 8, "="), (x - 2, "!=")
        ),
        satisfiable(
            "close-roots",
            "Mignotte's polynomial x^8 - 2 (10 x - 1)^2: two roots near 1/10",
            [Fraction(1, 10)],
            (x**8 - 2 * (10 * x - 1) ** 2, ">"),
            (x, ">"),
            (x - 1, "<"),
        ),
        unsatisfiable(
            "between-close-roots",
            "the gap between them is shorter",
            (x**8 - 2 * (10 * x - 1) ** 2, ">"),
            (100_000 * x - 10_001, ">"),
            (x - 1, "<"),
        ),
    ]


def _of_circles() -> list[NamedSystem]:
    """Two variables: circles, discs and boxes."""
    x, y = polynomial_ring(["x", "y"]).gens()
    disc, moved = x**2 + y**2 - 1, (x - 2) ** 2 + y**2 - 1
    return [
        satisfiable(
            "circle",
            "a curve",
            [Fraction(3, 5), Fraction(4, 5)],
            (disc, "="),
            (y - x, ">"),
        ),
        satisfiable("tangent-discs", "one point", [1, 0], (disc, "<="), (moved, "<=")),
        unsatisfiable(
            "tangent-discs-strictly", "open discs that touch", (disc, "<"), (moved, "<")
        ),
        unsatisfiable(
            "distant-discs",
            "closed discs apart",
            (disc, "<="),
            ((x - 3) ** 2 + y**2 - 1, "<="),
        ),
        unsatisfiable(
            "open-half-planes",
            "their intersection is empty",
            (x, ">"),
            (y, ">"),
            (x + y, "<"),
        ),
        unsatisfiable(
            "boxed-circle",
            "the box lies inside the circle",
            (disc, "="),
            (2 * x - 1, "<="),
            (2 * x + 1, ">="),
            (2 * y - 1, "<="),
            (2 * y + 1, ">="),
        ),
        satisfiable(
            "boxed-product",
            "a bounded system",
            [Fraction(1, 2), Fraction(1, 2)],
            (4 * x * y - 1, ">="),
            (x, ">="),
            (y, ">="),
            (2 * x - 1, "<="),
            (2 * y - 1, "<="),
        ),
    ]


def _in_the_plane() -> list[NamedSystem]:
    """Two variables: other curves."""
    x, y = polynomial_ring(["x", "y"]).gens()
    motzkin = x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1
    diagonal = at_root([-2, 0, 1], (0, 2), [[0, 1], [0, 1]])
    return [
        satisfiable(
            "irrational-point",
            "one solution",
            diagonal,
            (x**2 - 2, "="),
            (x, ">"),
            (y - x, "="),
        ),
        unsatisfiable(
            "motzkin-negative",
            "Motzkin: by the arithmetic-geometric mean",
            (motzkin, "<"),
        ),
        satisfiable("motzkin-zeros", "Motzkin: four zeros", [1, 1], (motzkin, "<=")),
        satisfiable(
            "hyperbola-far",
            "no compact part",
            [10**6, Fraction(1, 10**6)],
            (x * y - 1, "="),
            (x - 10**6, ">="),
        ),
        unsatisfiable(
            "hyperbola-axis", "the asymptote is not met", (x * y - 1, "="), (x, "=")
        ),
        unsatisfiable(
            "infimum-not-attained",
            "x^2 + (x y - 1)^2 tends to 0 and stays positive",
            (x**2 + (x * y - 1) ** 2, "<="),
        ),
        satisfiable(
            "nullified-line",
            "the condition is free of y over x = 0",
            [0, 5],
            (x * y + x**2, "="),
            (y - 5, "="),
        ),
        satisfiable(
            "isolated-point",
            "a curve with an isolated point",
            [0, 0],
            (y**2 - x**3 + x**2, "="),
            (2 * x - 1, "<"),
        ),
    ]


def _in_space() -> list[NamedSystem]:
    """Three variables."""
    x, y, z = polynomial_ring(["x", "y", "z"]).gens()
    planes = [
        ((x - 2) * (y - 3) * (z - 4), "="),
        ((x - 6) * (y - 7) * (z - 5), "="),
        ((x - 4) * (y - 11) * (z - 3), "="),
    ]
    msolve = "msolve issue 230: one of the six real solutions was lost at random"
    return [
        unsatisfiable(
            "spheres-apart",
            "disjoint balls",
            (x**2 + y**2 + z**2 - 1, "<="),
            ((x - 2) ** 2 + (y - 2) ** 2 + z**2 - 1, "<="),
        ),
        satisfiable(
            "whitney-umbrella",
            "nullified over the handle",
            [0, 0, -1],
            (x**2 - y**2 * z, "="),
            (z + 1, "="),
        ),
        satisfiable("six-points", msolve, [6, 11, 4], *planes),
        satisfiable(
            "last-of-six-points",
            msolve,
            [6, 11, 4],
            *planes,
            (x - 5, ">"),
            (y - 10, ">"),
        ),
        unsatisfiable(
            "none-of-six-points",
            msolve,
            *planes,
            (x - 5, ">"),
            (y - 4, ">"),
            (y - 10, "<"),
        ),
    ]


def _of_wrong_answers() -> list[NamedSystem]:
    """Systems that published versions of solvers called unsatisfiable."""
    a, b, c = polynomial_ring(["a", "b", "c"]).gens()
    t, x_1, x_2, u = polynomial_ring(["t", "x1", "x2", "u"]).gens()
    cvc5 = "cvc5 issue {}: unsat from coverings, through a nullified projection"
    return [
        satisfiable(
            "two-square-roots",
            "z3 issue 5036: unsat with rewriter.eq2ineq",
            at_root([-2, 0, 1], (0, 2), [[0, 1], [1], [0, 2]]),
            (a**2 - 2, "="),
            (c - b, ">"),
            ((c - a) ** 2 - 2, "="),
            (b, ">"),
        ),
        satisfiable(
            "nullified-quartic",
            cvc5.format(12926),
            at_root([-1, 0, 0, 0, 3], (0, 1), [[0, 1], [0], [0], [0]]),
            (x_1**5, "="),
            (x_2**5, "="),
            (1 - 3 * t**4 + 3 * x_2 * u + 3 * x_1 * u**3, "="),
        ),
        satisfiable(
            "nullified-cubic",
            cvc5.format(12927),
            [Fraction(1, 2), 1, 0, 0],
            ((x_2 - 1) * (x_1 - 1) ** 3, "="),
            (x_2**3, "="),
            (t, ">"),
            (u - t + 1, ">"),
            (u**3 + 2 * (x_2 + (t - 1) ** 3) - 3 * u * (x_1 - 1 + (t - 1) ** 2), "<"),
        ),
    ]


_GENERAL = (
    *_on_the_line(),
    *_of_circles(),
    *_in_the_plane(),
    *_in_space(),
    *_of_wrong_answers(),
)
CATALOGUE = tuple(
    sorted((*_GENERAL, *EXCESS_SYSTEMS), key=lambda entry: len(entry.system.variables))
)
