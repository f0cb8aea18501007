"""Gram matrices of polynomials: p = z^T G z with monomials z, and G made exact.

A positive semidefinite G writes p as a sum of squares. A solver of semidefinite
programs finds one in floating point; here it is rounded to a matrix of dyadic rationals
for which the identity holds exactly [PeyrlParrilo2008]_, and factored.

Contents
--------
monomial_basis      the monomials that can occur in the squares
pairs_by_product    the pairs of basis monomials, grouped by their product
exact_gram          the rounded matrix, moved so that p = z^T G z exactly
squares             a positive semidefinite G as weighted squares plus a constant

Notes on the implementation
---------------------------
If p is a sum of squares, a monomial in a square lies in half the Newton polytope of p
[Reznick1978]_. Membership is asked of a linear program in floating point: a monomial
too many or too few changes what is found, not whether it is right.

References
----------
[PeyrlParrilo2008]_, [Reznick1978]_
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from flint import fmpz, fmpz_mpoly
from numpy.typing import NDArray

Monomial = tuple[int, ...]
Pairs = dict[Monomial, list[tuple[int, int]]]


def monomial_basis(p: fmpz_mpoly, largest: int) -> list[Monomial] | None:
    """Return the constant 1 and the monomials that the squares may contain.

    Parameters
    ----------
    p : fmpz_mpoly
        With a constant term.
    largest : int
        None is returned if ten times as many monomials would have to be examined.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> monomial_basis(x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1, 50)
    [(0, 0), (1, 1), (1, 2), (2, 1)]
    """
    support = [tuple(int(e) for e in powers) for powers in p.monoms()]
    n, half = len(support[0]), int(p.total_degree()) // 2
    limits = [int(d) // 2 for d in p.degrees()]
    if comb(n + half, half) > 10 * largest:
        return None
    monomials = (
        tuple(chosen.count(i) for i in range(n))
        for degree in range(half + 1)
        for chosen in combinations_with_replacement(range(n), degree)
    )
    present = set(support)
    basis = [
        m
        for m in monomials
        if all(e <= limit for e, limit in zip(m, limits, strict=True))
        and (not any(m) or _doubled(m) in present or _in_hull(_doubled(m), support))
    ]
    # If m^2 is no term of p and no other product of two monomials, its diagonal entry
    # is zero, and with it its row.
    while True:
        pairs = pairs_by_product(basis)
        kept = [
            m
            for m in basis
            if not any(m) or _doubled(m) in present or len(pairs[_doubled(m)]) > 1
        ]
        if len(kept) == len(basis):
            return sorted(basis, key=lambda m: (sum(m), m))
        basis = kept


def pairs_by_product(basis: Sequence[Monomial]) -> Pairs:
    """Return for each product of two basis monomials the index pairs i <= j giving it.

    Examples
    --------
    >>> pairs_by_product([(0,), (1,), (2,)])[(2,)]
    [(0, 2), (1, 1)]
    """
    found: Pairs = {}
    for i, a in enumerate(basis):
        for j in range(i, len(basis)):
            product = tuple(x + y for x, y in zip(a, basis[j], strict=True))
            found.setdefault(product, []).append((i, j))
    return found


def exact_gram(
    p: fmpz_mpoly,
    pairs: Pairs,
    approximation: NDArray[np.float64],
    *,
    scale: int = 0,
    bits: int,
) -> list[list[int]]:
    """Return integers N with p = z^T (N / 2^(bits + 1)) z, near an approximation.

    Parameters
    ----------
    p : fmpz_mpoly
        Each of its terms is a product of two basis monomials.
    pairs : see `pairs_by_product`
    approximation : float array, shape (m, m)
        Of the matrix divided by 2^scale; finite.
    scale : int
        Not negative.
    bits : int
        The matrix is rounded to multiples of 2^-bits; not negative.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> pairs = pairs_by_product([(0,), (1,)])
    >>> exact_gram(x**2 - x + 1, pairs, np.array([[1.1, -0.4], [-0.4, 1.0]]), bits=1)
    [[4, -2], [-2, 4]]
    """
    order = approximation.shape[0]
    gram = [[0] * order for _ in range(order)]
    for product, entries in pairs.items():
        target = int(p[product]) << (bits + 1)
        rounded = {
            (i, j): 2 * int(Fraction(float(approximation[i, j])) * (1 << scale + bits))
            for i, j in entries
        }
        n_entries = sum(1 if i == j else 2 for i, j in entries)
        total = sum(x if i == j else 2 * x for (i, j), x in rounded.items())
        # Target, total and share are even, and so is the remainder.
        share = (target - total) // (2 * n_entries) * 2
        remainder = target - total - share * n_entries
        for index, ((i, j), x) in enumerate(rounded.items()):
            value = x + share
            if index == 0:
                value += remainder if i == j else remainder // 2
            gram[i][j] = gram[j][i] = value
    return gram


def squares(
    gram: Sequence[Sequence[int]], bits: int
) -> tuple[list[Fraction], list[list[Fraction]], Fraction] | None:
    """Return d_l, r_l and s with z^T (G / 2^bits) z = sum_l d_l (r_l z)^2 + s z_0^2.

    The weights are positive and s is the largest constant that can be split off, or
    None is returned if the matrix is not positive semidefinite or s = 0.

    Notes
    -----
    Fraction-free elimination with z_0 last: the l-th row and the leading minors D_l
    give d_l = 1 / (D_(l-1) D_l).

    **Cost.** m^3 / 3 products of integers, whose length grows to m times that of G.

    Examples
    --------
    >>> squares([[3, -1], [-1, 1]], 0)
    ([Fraction(1, 1)], [[Fraction(-1, 1), Fraction(1, 1)]], Fraction(2, 1))
    """
    order = len(gram)
    sequence = [*range(1, order), 0]
    rows = [[fmpz(gram[i][j]) for j in sequence] for i in sequence]
    weights: list[Fraction] = []
    found: list[list[Fraction]] = []
    previous = fmpz(1)
    for step in range(order - 1):
        first, rows = rows[0], rows[1:]
        pivot = first[0]
        if pivot < 0 or (pivot == 0 and any(first)):
            return None
        if pivot == 0:
            rows = [row[1:] for row in rows]
            continue
        # The row divided by its content; the columns return to their order.
        content = fmpz(0)
        for x in first:
            content = content.gcd(x)
        line = [int(x // content) for x in first]
        found.append([Fraction(x) for x in (line[-1], *[0] * step, *line[:-1])])
        weights.append(Fraction(int(content) ** 2, int(previous * pivot)) / (1 << bits))
        rows = [
            [
                (pivot * x - row[0] * y) // previous
                for x, y in zip(row, first, strict=True)
            ][1:]
            for row in rows
        ]
        previous = pivot
    slack = Fraction(int(rows[0][0]), int(previous)) / (1 << bits)
    return (weights, found, slack) if slack > 0 else None


def _doubled(m: Monomial) -> Monomial:
    return tuple(2 * e for e in m)


def _in_hull(point: Monomial, support: Sequence[Monomial]) -> bool:
    """Tell, up to rounding, whether a point is a convex combination of others."""
    from scipy.optimize import linprog

    equations = np.vstack(
        [np.array(support, dtype=np.float64).T, np.ones(len(support))]
    )
    result = linprog(
        np.zeros(len(support)), A_eq=equations, b_eq=[*point, 1.0], method="highs"
    )
    return bool(result.status == 0)
