"""How many complex critical points the weighted distance has on matrices of rank r.

For generic data and generic weights the number is the generic Euclidean distance degree
of the variety of m x n matrices of rank <= r; special weights give at most that many
isolated ones. These counts test lists of critical points for completeness.

Contents
--------
generic_count           generic weights, any rank
polar_degrees           the numbers that sum to it
generic_rank_one_count  rank one, by Chern classes
unit_weight_count       weights that are all equal, or of rank one
few_pattern_count       columns in few weight patterns, rank one (conjectured)

Notes on the implementation
---------------------------
The conormal variety {(X, Y): X Y^T = 0, X^T Y = 0} with rank X <= r, rank Y <= m - r is
resolved over Gr(r, m) x Gr(r, n) by ``P(S (x) S') x P(Q* (x) Q'*)``, with S, S' the
tautological and Q, Q' the quotient bundles. So its bidegrees are

    delta_a = integral of s_a(S (x) S') s_(D-a)(Q* (x) Q'*),  D = r(m - r) + r(n - r),

s Segre classes, and the generic count is their sum (Draisma et al.). The integral is
computed by Bott's formula: a sum over the fixed points of a torus with distinct integer
weights, coordinate subspaces I and J.

References
----------
[OttavianiSpaenlehauerSturmfels2014]_, [DraismaEtAl2016]_.
"""

import itertools
import math
from collections.abc import Iterable
from fractions import Fraction

from reductions.errors import InvalidInstanceError


def generic_count(m: int, n: int, rank: int) -> int:
    """Return the generic number of complex critical points, X of rank exactly r.

    Raises
    ------
    InvalidInstanceError
        Unless 1 <= rank < min(m, n).

    Notes
    -----
    **Cost.** C(m, r) C(n, r) fixed points, about 8 m^2 n^2 operations for each.

    Examples
    --------
    >>> generic_count(3, 3, 1), generic_count(4, 4, 2), generic_count(2, 5, 1)
    (39, 1350, 18)
    """
    return sum(polar_degrees(m, n, rank))


def polar_degrees(m: int, n: int, rank: int) -> tuple[int, ...]:
    """Return the bidegrees delta_0, ..., delta_D of the conormal variety.

    Those of the dual variety, of rank min(m, n) - r, are the same in reverse order
    (apart from zeros at the ends), so both have the same generic count.

    Raises
    ------
    InvalidInstanceError
        Unless 1 <= rank < min(m, n).

    Examples
    --------
    >>> polar_degrees(3, 3, 1), polar_degrees(3, 3, 2)
    ((3, 6, 12, 12, 6), (6, 12, 12, 6, 3))
    """
    if not 1 <= rank < min(m, n):
        raise InvalidInstanceError(
            f"critical points are counted for 1 <= rank < {min(m, n)}; got {rank}."
        )
    a = [7 * i * i + 3 * i + 1 for i in range(m)]
    b = [1000 + 11 * j**3 + 5 * j for j in range(n)]
    top = rank * (m - rank) + rank * (n - rank)
    totals = [Fraction(0)] * (top + 1)
    for rows in itertools.combinations(range(m), rank):
        for columns in itertools.combinations(range(n), rank):
            other_rows = [i for i in range(m) if i not in rows]
            other_columns = [j for j in range(n) if j not in columns]
            tangent = math.prod(a[p] - a[i] for i in rows for p in other_rows)
            tangent *= math.prod(b[q] - b[j] for j in columns for q in other_columns)
            inner = _segre((a[i] + b[j] for i in rows for j in columns), top)
            outer = _segre(
                (-a[i] - b[j] for i in other_rows for j in other_columns), top
            )
            for degree in range(top + 1):
                totals[degree] += Fraction(inner[degree] * outer[top - degree], tangent)
    return tuple(int(x) for x in totals)


def generic_rank_one_count(m: int, n: int) -> int:
    """Return the generic count for rank one, from the Chern classes of P^(m-1)xP^(n-1).

    sum_i (-1)^i (2^(d+1-i) - 1) deg c_i with d = m + n - 2 and
    deg c_i = sum_p C(m, p) C(n, i - p) C(d - i, m - 1 - p).

    Examples
    --------
    >>> [generic_rank_one_count(2, n) for n in range(2, 7)]
    [6, 10, 14, 18, 22]
    """
    if min(m, n) < 1:
        raise InvalidInstanceError("a matrix has at least one row and one column.")
    d = m + n - 2
    total = 0
    for i in range(d + 1):
        degree = sum(
            math.comb(m, p) * math.comb(n, i - p) * math.comb(d - i, m - 1 - p)
            for p in range(min(i, m - 1) + 1)
        )
        total += (-1) ** i * (2 ** (d + 1 - i) - 1) * degree
    return total


def unit_weight_count(m: int, n: int, rank: int) -> int:
    """Return C(min(m, n), r), the count for squared weights of rank one.

    The critical points are the sums of r singular triples of the scaled data.

    Examples
    --------
    >>> unit_weight_count(4, 7, 2)
    6
    """
    return math.comb(min(m, n), rank)


def few_pattern_count(m: int, n_patterns: int) -> int:
    """Return the conjectured count for rank one and columns in p weight patterns.

    The coefficient of x^(m-1) in (1 + x)^(2p-2) / (1 - x)^(2p), for m rows and p
    generic patterns with at least m generic columns each, however many. *Not proved*:
    fitted to Groebner bases, and confirmed on ten pairs (m, p).

    Examples
    --------
    A matrix with 3 rows and a million columns in two weight patterns:

    >>> few_pattern_count(3, 2)
    19
    """
    if min(m, n_patterns) < 1:
        raise InvalidInstanceError("give at least one row and one pattern.")
    p = n_patterns
    return sum(
        math.comb(2 * p - 2, i) * math.comb(2 * p - 2 + m - i, 2 * p - 1)
        for i in range(min(2 * p - 2, m - 1) + 1)
    )


def _segre(roots: Iterable[int], top: int) -> list[int]:
    """Return the Segre classes s_0, ..., s_top of a bundle with these Chern roots.

    The inverse of prod (1 + w) by degree: each factor is divided out.
    """
    classes = [1] + [0] * top
    for w in roots:
        for degree in range(1, top + 1):
            classes[degree] -= w * classes[degree - 1]
    return classes
