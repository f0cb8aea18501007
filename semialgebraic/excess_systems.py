"""Is there a cheaper low rank approximation? Systems with a known threshold.

The smallest instances of the question that this project asks: does some approximation
of a weighted matrix cost at most C (or less than C)?

Contents
--------
projected_row       the cost of one row, the other factor projected out
excess              the polynomial that is positive where the cost exceeds C
EXCESS_SYSTEMS      matrices from 2 x 2 to 3 x 3 with costs around their optimum

Notes on the implementation
---------------------------
A row a with weights w, approximated by multiples of v, costs at best

    sum_j w_j a_j^2 - (sum_j w_j a_j v_j)^2 / sum_j w_j v_j^2 = g(v) / h(v).

The vector v is (1, x), (1, x, y), or has its 1 where the optimum has its largest entry;
then |x|, |y| <= 1. For rank n - 1, v is normal to the row space and the cost of a row
is (sum_j a_j v_j)^2 / sum_j v_j^2 / w_j.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpz_mpoly

from semialgebraic.named_systems import (
    NamedSystem,
    at_root,
    satisfiable,
    unsatisfiable,
)
from semialgebraic.polynomials import polynomial_ring

Term = tuple[fmpz_mpoly, fmpz_mpoly]


def projected_row(
    row: Sequence[int], weights: Sequence[int], v: Sequence[fmpz_mpoly]
) -> Term:
    """Return g and h with g/h the least cost of a multiple of v.

    Parameters
    ----------
    row, weights : sequences of int
        a_j and w_j >= 0.
    v : sequence of fmpz_mpoly

    Examples
    --------
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> projected_row([0, 1], [10, 1], [x**0, x])
    (10, x^2 + 10)
    """
    entries = list(zip(row, weights, v, strict=True))
    h = sum((w * x * x for _, w, x in entries), 0 * v[0])
    product = sum((w * a * x for a, w, x in entries), 0 * v[0])
    return sum(w * a * a for a, w, _ in entries) * h - product**2, h


def excess(terms: Sequence[Term], cost: Fraction) -> fmpz_mpoly:
    """Return sum_i g_i prod_(l != i) h_l - C prod_i h_i, times the denominator of C.

    Where all h_i are positive it has the sign of sum_i g_i / h_i - C.

    Examples
    --------
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> excess([(4 * x**0, 1 + x**2)], Fraction(1, 2))
    -x^2 + 7
    """
    product = terms[0][1] ** 0
    for _, h in terms:
        product *= h
    total = sum((g * (product // h) for g, h in terms), 0 * product)
    return cost.denominator * total - cost.numerator * product


def _pairs() -> list[NamedSystem]:
    """Row space (1, x): one variable."""
    (x,) = polynomial_ring(["x"]).gens()
    v = x**0, x

    def cost_is(
        relation: str, cost: str, *rows: tuple[Sequence[int], Sequence[int]]
    ) -> tuple[fmpz_mpoly, str]:
        terms = [projected_row(a, w, v) for a, w in rows]
        return excess(terms, Fraction(cost)), relation

    box = (x - 1, "<="), (x + 1, ">=")
    golden = ([1, 2], [1, 1]), ([3, 1], [1, 1])
    svd = "A = [1 2; 3 1], all weights 1: optimum (15 - 5 sqrt 5)/2 = 1.90983"
    diagonal = ([1, 0], [1, 1]), ([0, 2], [1, 1])
    outside = "A = diag(1, 2), all weights 1: infimum 1 at x = infinity"
    path = ([1, 1], [1, 1]), ([0, 1], [10, 1])
    biclique = "Gillis and Glineur 2011: A = [1 1; 0 1], weights [1 1; 10 1], 8/9"
    missing = ([1, 0], [1, 0]), ([0, 1], [1, 1])
    infimum = "A = I, weights [1 0; 1 1]: infimum 0, not attained"
    minima = ([10, 11], [2, 1]), ([10, -10], [1, 2])
    emergence = "Srebro and Jaakkola 2003, A times 10, weights [2 1; 1 2]: 226.913"
    trap = ([1, 3], [4, 1]), ([-2, 5], [1, 16]), ([4, -1], [9, 4])
    small = "A = [1 -2 4; 3 5 -1], weights [4 1 9; 1 16 4]: 43.8410"
    tied = at_root([10, -9, 1], (0, 3), [[0, 1]])
    return [
        satisfiable(
            "svd-above", svd, [Fraction(13, 21)], cost_is("<=", "1.91", *golden), *box
        ),
        unsatisfiable("svd-below", svd, cost_is("<=", "1.9", *golden), *box),
        satisfiable("chart-above", outside, [55], cost_is("<=", "1.001", *diagonal)),
        unsatisfiable("chart-at-infimum", outside, cost_is("<=", "1", *diagonal)),
        satisfiable("biclique-at", biclique, tied, cost_is("<=", "8/9", *path)),
        unsatisfiable("biclique-below", biclique, cost_is("<", "8/9", *path)),
        satisfiable(
            "missing-above", infimum, [1000], cost_is("<=", "1/1000000", *missing)
        ),
        unsatisfiable("missing-at-infimum", infimum, cost_is("<=", "0", *missing)),
        satisfiable(
            "minima-above",
            emergence,
            [Fraction(207, 100)],
            cost_is("<=", "227", *minima),
        ),
        unsatisfiable("minima-below", emergence, cost_is("<=", "226", *minima)),
        satisfiable(
            "trap-above", small, [Fraction(-5, 6)], cost_is("<=", "44", *trap), *box
        ),
        unsatisfiable("trap-below", small, cost_is("<=", "43", *trap), *box),
    ]


def _triples() -> list[NamedSystem]:
    """Three columns: two variables."""
    x, y = polynomial_ring(["x", "y"]).gens()
    one = x**0
    box = (x - 1, "<="), (x + 1, ">="), (y - 1, "<="), (y + 1, ">=")
    diagonal = [
        projected_row(a, [1, 1, 1], [one, x, y])
        for a in ([3, 0, 0], [0, 2, 0], [0, 0, 1])
    ]
    svd = "A = diag(3, 2, 1), all weights 1, rank 1: optimum 5 at x = y = 0"
    path = [
        projected_row([1, 1, 0], [1, 1, 10], [one, x, y]),
        projected_row([0, 1, 1], [10, 1, 1], [one, x, y]),
    ]
    biclique = "Gillis and Glineur 2011: A = [1 1 0; 0 1 1], non-edges weigh 10: 20/11"
    rows = [-59, 11, 59], [11, 59, -59], [59, -59, 11]
    weights = [9, 6, 1], [6, 1, 9], [1, 9, 6]
    first = [
        projected_row(a, w, [x, one, y]) for a, w in zip(rows, weights, strict=True)
    ]
    paper = "Ottaviani, Spaenlehauer and Sturmfels 2014, 3 x 3, rank {}: optimum {}"
    ours = paper.format(1, "43556.7155")
    second = [
        (
            18 * (a + b * x + c * y) ** 2,
            18 // w_1 * one + 18 // w_2 * x**2 + 18 // w_3 * y**2,
        )
        for (a, b, c), (w_1, w_2, w_3) in zip(rows, weights, strict=True)
    ]
    theirs = paper.format(2, "6534/23 at x = y = 1")

    def cost_is(
        relation: str, cost: str, terms: Sequence[Term]
    ) -> tuple[fmpz_mpoly, str]:
        return excess(terms, Fraction(cost)), relation

    return [
        satisfiable("diagonal-at", svd, [0, 0], cost_is("<=", "5", diagonal), *box),
        unsatisfiable("diagonal-below", svd, cost_is("<", "5", diagonal), *box),
        satisfiable("path-at", biclique, [11, 1], cost_is("<=", "20/11", path)),
        unsatisfiable("path-below", biclique, cost_is("<", "20/11", path)),
        satisfiable("rank-two-at", theirs, [1, 1], cost_is("<=", "6534/23", second)),
        unsatisfiable("rank-two-below", theirs, cost_is("<=", "284", second), *box),
        satisfiable(
            "rank-one-above",
            ours,
            [Fraction(296, 10_000), Fraction(-5534, 10_000)],
            cost_is("<=", "43557", first),
            *box,
        ),
        unsatisfiable("rank-one-below", ours, cost_is("<=", "43556", first), *box),
    ]


EXCESS_SYSTEMS = (*_pairs(), *_triples())
