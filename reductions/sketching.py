"""Gaussian sketches of many least squares problems at once (mathematics B8).

*Statement.* Let S (t x n) have independent N(0, 1) entries, independent of A (n x k) of
rank rho and b in R^n. Let x minimize ||A x - b|| and y minimize ||S(A y - b)||. If
t >= rho + 2 then

    E ||A y - b||^2 = (1 + rho/(t - rho - 1)) ||A x - b||^2    exactly.

By linearity the same factor holds for the sum over any number of problems that share S.
By Markov's inequality the sum is within 1 + epsilon with probability >= 1 - delta if
t >= k + 1 + k/(epsilon delta).

Contents
--------
gaussian_sketch         rounded Gaussian integers from a seed
expected_ratio          1 + rho/(t - rho - 1)
sketch_size             t for one sketch, from (k, epsilon, delta)
two_sided_sketch_size   t for two sketches after one another
sketched_least_squares  the minimizers y, exact

Notes on the implementation
---------------------------
An exact method needs exact sketches: the entries are 2^10 N(0, 1) rounded to integers.
The common factor is irrelevant; the rounding changes the law of the entries by about
one part in 10^6 of their variance, so the formula above, which is stated for Gaussian
entries, is met to about that accuracy (tested, not proved). What the formulations claim
with certainty does not depend on it.

References
----------
[RazenshteynSongWoodruff2016]_, Theorem 3.1; [LiLiangShiSong2025]_, Lemma 3.8, for the
statement with t = O(k/epsilon).
"""

import math
from fractions import Fraction

import numpy as np

from reductions.errors import NotApplicableError
from reductions.instances import ones_like
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

# Entries are N(0, 1) in units of 2^-10.
SKETCH_BITS = 10


def gaussian_sketch(t: int, n: int, *, seed: int) -> RationalMatrix:
    """Return a t x n matrix of 2^10 N(0, 1) rounded to integers, exact from there on.

    Examples
    --------
    >>> gaussian_sketch(2, 3, seed=0)
    RationalMatrix([[129, -135, 656], [107, -549, 370]])
    """
    normal = np.random.default_rng(seed).standard_normal((t, n))
    return RationalMatrix(np.rint(normal * 2.0**SKETCH_BITS).astype(np.int64))


def expected_ratio(rank: int, t: int) -> Fraction:
    """Return 1 + rho/(t - rho - 1), the mean of sketched cost over least cost.

    Parameters
    ----------
    rank : int
        rho, the rank of the least squares problem.
    t : int
        Rows of the sketch.

    Raises
    ------
    NotApplicableError
        If t < rho + 2: the mean is infinite.

    Examples
    --------
    >>> expected_ratio(2, 8)
    Fraction(7, 5)
    """
    if t < rank + 2:
        raise NotApplicableError(
            f"a sketch of {t} rows has no finite mean error at rank {rank}; use at "
            f"least {rank + 2} rows."
        )
    return 1 + Fraction(rank, t - rank - 1)


def sketch_size(rank: int, epsilon: Fraction, delta: Fraction) -> int:
    """Return the least t >= k + 2 with t >= k + 1 + k/(epsilon delta).

    A sketch of that size is within 1 + epsilon with probability at least 1 - delta.

    Raises
    ------
    NotApplicableError
        Unless epsilon > 0 and 0 < delta < 1.

    Examples
    --------
    >>> sketch_size(1, Fraction(1, 2), Fraction(1, 10))
    22
    """
    product = _checked_product(epsilon, delta)
    return rank + 1 + max(math.ceil(rank / product), 1)


def two_sided_sketch_size(rank: int, epsilon: Fraction, delta: Fraction) -> int:
    """Return the least t >= k + 2 with t - k - 1 >= k/(sqrt(1 + epsilon delta) - 1).

    Two independent sketches, one after the other, then multiply the cost in the mean
    by at most (1 + k/(t-k-1))^2 <= 1 + epsilon delta, so that it is within 1 + epsilon
    with probability at least 1 - delta.

    Raises
    ------
    NotApplicableError
        Unless epsilon > 0 and 0 < delta < 1.

    Examples
    --------
    >>> two_sided_sketch_size(1, Fraction(1, 2), Fraction(1, 10))
    43
    """
    goal = 1 + _checked_product(epsilon, delta)
    # k/(sqrt(goal) - 1) = k(sqrt(goal) + 1)/(goal - 1), a start below the answer.
    rest = max(int(rank * 2 / (goal - 1)), 1)
    while rank and (1 + Fraction(rank, rest)) ** 2 > goal:
        rest += 1
    return rank + 1 + rest


def sketched_least_squares(
    design: RationalMatrix, responses: RationalMatrix, sketch: RationalMatrix
) -> RationalMatrix:
    """Return Y (k x m) whose columns minimize ||S(A y_j - b_j)||, exactly.

    Parameters
    ----------
    design, responses, sketch : RationalMatrix, shapes (n, k), (n, m), (t, n)
        A, B and S.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1], [1], [1]])
    >>> B = RationalMatrix.from_rows([[1, 0], [2, 0], [6, 3]])
    >>> identity = RationalMatrix.from_rows([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> sketched_least_squares(A, B, identity)
    RationalMatrix([[3, 1]])
    """
    right = (sketch @ design).transpose
    targets = (sketch @ responses).transpose
    solution: RationalMatrix = solve_rows(targets, ones_like(targets), right)
    return solution.transpose


def _checked_product(epsilon: Fraction, delta: Fraction) -> Fraction:
    """Return epsilon delta."""
    epsilon, delta = Fraction(epsilon), Fraction(delta)
    if not (epsilon > 0 and 0 < delta < 1):
        raise NotApplicableError(
            f"the accuracy {epsilon} must be positive and the failure probability "
            f"{delta} between 0 and 1."
        )
    return epsilon * delta
