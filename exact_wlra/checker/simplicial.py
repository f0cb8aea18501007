"""Checking rule `simplicial`: a covering of pattern space by simplices (T2, T3).

*Why it is sound.* Let v have pattern vector t in the simplex with vertices t^j, t =
sum theta_j t^j, and let diag(sum_l lambda^j_l H_l) - sum_g M_g / s_g(t^j) be positive
semidefinite for every vertex, the sum over the groups that are not excluded. The map
t -> 1/s_g(t) is convex and M_g is positive semidefinite, so

    F(v) - tau <= sum_j theta_j v^T (sum_g M_g/s_g(t^j)) v
               <= sum_j theta_j <lambda^j, t> = theta^T Q theta,

and the excluded groups contribute at most tau (another proof, about their rows). If
(mu - tau) 11^T - Q is copositive at every leaf, and the leaves cover the simplex,
F <= mu everywhere.

Contents
--------
simplicial_bound    sum omega A^2 - mu, once every step has been verified
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpz, fmpz_mat

from exact_wlra.certificates import (
    Bisection,
    Exclusion,
    Leaf,
    Multiplier,
    Proof,
    Simplicial,
)
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.definiteness import (
    Arithmetic,
    is_copositive,
    is_positive_semidefinite,
)
from semialgebraic.integer_arrays import IntegerArray

Point = tuple[Fraction, ...]
Prover = Callable[[Instance, Proof], Fraction]

# Order up to which matrices are formed in Python integers.
_SMALL_ORDER = 12
# The certificate chooses how many significant bits 1/s_g keeps, within these limits.
_RECIPROCAL_BITS = range(8, 1025)


def simplicial_bound(
    instance: Instance, proof: Simplicial, arithmetic: Arithmetic, prove: Prover
) -> Fraction:
    """Return the lower bound sum omega A^2 - capture after verifying the proof.

    `prove` evaluates the proofs about excluded groups.
    """
    if instance.rank != 1:
        raise RejectedCertificateError("simplicial: the rule is for rank one.")
    factorization = WeightFactorization(
        generators=proof.generators, shares=proof.shares
    )
    bits = proof.reciprocal_bits
    if bits not in _RECIPROCAL_BITS:
        raise RejectedCertificateError(f"simplicial: {bits} bits are out of range.")
    if proof.capture < 0:
        # Nothing else forbids it where there is no simplex to cover: no rows at all.
        raise RejectedCertificateError("simplicial: the capture is negative.")
    try:
        space = pattern_space(instance, factorization)
    except NotApplicableError as error:
        raise RejectedCertificateError(f"simplicial: {error}") from None
    for number, exclusion in enumerate(proof.exclusions):
        if not _bounds_groups(instance, space, exclusion, prove):
            raise RejectedCertificateError(
                f"simplicial: exclusion {number} is not proved to bound its groups."
            )
    for number, multiplier in enumerate(proof.multipliers):
        if not is_multiplier_valid(space, multiplier, bits, arithmetic):
            raise RejectedCertificateError(
                f"simplicial: multiplier {number} is not proved to dominate its matrix."
            )
    for leaf, vertices in _leaves(proof, len(proof.generators)):
        _verify_leaf(proof, leaf, vertices)
    return Fraction(space.energy, space.scale) - proof.capture


def _verify_leaf(proof: Simplicial, leaf: Leaf, vertices: list[Point]) -> None:
    """Reject a leaf on which the capture is not proved to bound F."""
    chosen = _multipliers_at(proof, leaf, vertices)
    excluded = {group for multiplier in chosen for group in multiplier.excluded}
    if any(index >= len(proof.exclusions) for index in leaf.exclusions):
        raise RejectedCertificateError("simplicial: an exclusion is missing.")
    used = [proof.exclusions[index] for index in leaf.exclusions]
    if not excluded <= {group for exclusion in used for group in exclusion.groups}:
        raise RejectedCertificateError(
            "simplicial: an excluded group has no bound of its own."
        )
    slack = proof.capture - sum((e.bound for e in used), start=Fraction(0))
    if not _is_leaf_bounded(chosen, vertices, slack):
        raise RejectedCertificateError(
            "simplicial: the capture is exceeded in the simplex with vertices "
            f"{[tuple(map(shown, v)) for v in vertices]}."
        )


def reciprocal_above(value: Fraction, bits: int) -> Fraction:
    """Return a dyadic number of about `bits` bits that is at least 1/value > 0.

    Examples
    --------
    >>> reciprocal_above(Fraction(3), 4)
    Fraction(11, 32)
    """
    p, q = value.denominator, value.numerator  # 1/value = p/q
    shift = bits + q.bit_length() - p.bit_length()
    if shift >= 0:
        return Fraction(-(-(p << shift) // q), 1 << shift)
    return Fraction(-(-p // (q << -shift)) << -shift)


def is_multiplier_valid(
    space: PatternSpace, multiplier: Multiplier, bits: int, arithmetic: Arithmetic
) -> bool:
    """Prove diag(sum_l lambda_l H_l) - sum_g M_g / s_g(t) to be semidefinite."""
    s = len(space.factorization.generators)
    at, values = multiplier.at, multiplier.values
    if len(at) != s or len(values) != s:
        return False
    point, unit = _over_one_denominator(at)
    if any(t < 0 for t in point) or sum(point) != unit:
        return False
    coefficients = []
    for group in range(space.n_groups):
        if group in multiplier.excluded:
            continue
        weights = space.group_weights[group].tolist()
        sigma = sum(w * t for w, t in zip(weights, point, strict=True))
        if sigma <= 0:
            return False
        coefficients.append((group, reciprocal_above(Fraction(sigma, unit), bits)))
    shares = space.factorization.shares
    # All terms over one denominator: scale lambda H - sum_g c_g K_g.
    denominator = math.lcm(
        *(c.denominator for _, c in coefficients),
        *(x.denominator * shares.denominator for x in values),
    )
    unit = denominator // shares.denominator
    factors = [x.numerator * (unit // x.denominator) * space.scale for x in values]
    terms = [
        (space.grams[group], c.numerator * (denominator // c.denominator))
        for group, c in coefficients
    ]
    matrix = _dominance_matrix(factors, shares.numerators, terms)
    return is_positive_semidefinite(matrix, arithmetic=arithmetic)


def _dominance_matrix(
    factors: list[int],
    shares: IntegerArray,
    terms: list[tuple[IntegerArray, int]],
) -> IntegerArray:
    """Return diag(sum_l factors_l shares_l) - sum of coefficient * gram."""
    order = shares.shape[1]
    if order <= _SMALL_ORDER:
        # Python integers: no tests of size, which would cost more than the sums.
        weighted = [
            f * row for f, row in zip(factors, shares.astype(object), strict=True)
        ]
        matrix = np.diag(np.sum(weighted, axis=0))
        for gram, coefficient in terms:
            matrix = matrix - coefficient * gram.astype(object)
        return matrix
    diagonal = _combination(factors, shares)
    if not terms:  # all groups are excluded
        return np.diag(diagonal)
    stacked = np.stack([gram.ravel() for gram, _ in terms])
    total = _combination([-coefficient for _, coefficient in terms], stacked)
    matrix = total.reshape(order, order)
    return integer_arrays.add(np.diag(diagonal), matrix)


def _combination(coefficients: list[int], rows: IntegerArray) -> IntegerArray:
    """Return the sum of coefficient * row."""
    left = integer_arrays.integers(np.array([coefficients], dtype=object))
    total: IntegerArray = integer_arrays.matmul(left, rows)[0]
    return total


def _bounds_groups(
    instance: Instance, space: PatternSpace, exclusion: Exclusion, prove: Prover
) -> bool:
    """Prove that the rows of some groups capture at most `bound` together."""
    rows = np.flatnonzero(np.isin(space.labels, exclusion.groups))
    part = instance.restrict(rows)
    return part.energy() - prove(part, exclusion.proof) <= exclusion.bound


def _leaves(proof: Simplicial, size: int) -> list[tuple[Leaf, list[Point]]]:
    """Return the leaves with their vertices: together they cover the simplex."""
    corners = [tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)]
    waiting: list[list[Point]] = [corners]
    leaves = []
    for item in proof.tree:
        if not waiting:
            raise RejectedCertificateError("simplicial: the tree has too many items.")
        vertices = waiting.pop()
        match item:
            case Bisection(split=(i, j)) if i < size and j < size and i != j:
                middle = tuple(
                    (a + b) / 2 for a, b in zip(vertices[i], vertices[j], strict=True)
                )
                first, second = list(vertices), list(vertices)
                first[i], second[j] = middle, middle
                waiting += [second, first]
            case Leaf():
                leaves.append((item, vertices))
            case _:
                raise RejectedCertificateError("simplicial: a bisection is void.")
    if waiting:
        raise RejectedCertificateError(
            f"simplicial: {len(waiting)} simplices are not covered by the tree."
        )
    return leaves


def _multipliers_at(
    proof: Simplicial, leaf: Leaf, vertices: list[Point]
) -> list[Multiplier]:
    """Return the multipliers of a leaf after a check that they sit at its vertices."""
    if len(leaf.multipliers) != len(vertices):
        raise RejectedCertificateError("simplicial: a leaf lacks a multiplier.")
    chosen = []
    for index, vertex in zip(leaf.multipliers, vertices, strict=True):
        if index >= len(proof.multipliers) or proof.multipliers[index].at != vertex:
            raise RejectedCertificateError(
                "simplicial: a multiplier does not sit at its vertex."
            )
        chosen.append(proof.multipliers[index])
    return chosen


def _is_leaf_bounded(
    chosen: list[Multiplier], vertices: list[Point], slack: Fraction
) -> bool:
    """Decide whether theta^T Q theta <= slack on the unit simplex."""
    points, one = _integer_matrix(vertices)
    values, two = _integer_matrix([multiplier.values for multiplier in chosen])
    products = (values * points.transpose()).tolist()
    # 2 slack - 2 Q over a common denominator.
    scale = one * two
    limit = fmpz(2 * slack.numerator * scale)
    matrix = [
        [
            limit - slack.denominator * (products[i][j] + products[j][i])
            for j in range(len(vertices))
        ]
        for i in range(len(vertices))
    ]
    return is_copositive(matrix)


def _integer_matrix(rows: list[Point]) -> tuple[Any, int]:
    """Return a matrix of integers and q such that matrix / q has these rows."""
    numerators, q = _over_one_denominator([x for row in rows for x in row])
    return fmpz_mat(len(rows), len(rows[0]), numerators), q


def _over_one_denominator(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return integers and q such that the numbers are integers / q."""
    pairs = [x.as_integer_ratio() for x in numbers]
    q = math.lcm(*(denominator for _, denominator in pairs))
    return [numerator * (q // denominator) for numerator, denominator in pairs], q
