"""Checking rule `sweep`: weights of rank two, any k, one unknown t in [0, 1] (T2).

*Why it is sound.* Every V of rank k has, after a change of basis, rows v with
V diag(H_0) V^T = diag(t), V diag(H_1) V^T = diag(1 - t), and captures the sum of
F(v) = v M(t) v^T over its rows, M(t) = sum_g M_g / s_g(t). For S_c = F_c F_c^T whose
rows vanish with the shares H_c, the rows of V satisfy

    sum over rows of v S_c v^T / t_c <= sum_j ||(F_c)_j||^2 / H_cj,

t_0 = t, t_1 = 1 - t, so it suffices to bound psi = v (M(t) - S_0/t_0 - S_1/t_1) v^T
for single rows. Where kappa_0 H_0 + kappa_1 H_1 + S_0/t_0 + S_1/t_1 - M(t) is positive
semidefinite at both ends of an interval, psi is below a quadratic on it
(docs/proofs.md).

Contents
--------
sweep_bound         sum omega A^2 - what any V captures, once every step is verified
price               what S_c costs, and a bound on its norm
verify_order        vertices go from one point to another
verify_vertices     the matrix inequality at each vertex
verify_ends         what groups on one class alone add near t = 0 and 1
interval_bound      psi between two vertices
quadratic_maximum   the maximum of a quadratic on an interval, rational
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from exact_wlra.checker.simplicial import reciprocal_above
from exact_wlra.checker.sweep_pencil import Pencil, pinned_rows, reciprocal_below
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.sweep_certificates import Sweep
from reductions.instances import Instance
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic, is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix

_ZERO, _ONE = Fraction(0), Fraction(1)


def sweep_bound(instance: Instance, proof: Sweep, arithmetic: Arithmetic) -> Fraction:
    """Return the lower bound of the rule after verifying the proof."""
    shares, bits = proof.shares, proof.reciprocal_bits
    factorization = WeightFactorization(generators=proof.generators, shares=shares)
    pencil = Pencil.of(instance, factorization, bits, "sweep")
    pencil = pencil.with_factors(proof.factors, [])
    if len(proof.ends) != 2 or len(proof.pins) != 2:
        raise pencil.rejected("ends and pins are needed for each of two classes")
    first, second = (price(shares, c, proof.factors[c], bits) for c in (0, 1))
    prices, norms = (first[0], second[0]), (first[1], second[1])
    pinned = pinned_rows(instance.rank, shares)
    vertices = proof.vertices
    verify_order(pencil, [vertex.at for vertex in vertices], _ZERO, _ONE)
    if any(len(vertex.values) != 2 for vertex in vertices):
        raise pencil.rejected("a vertex needs two values")
    verify_vertices(pencil, [(v.at, v.values, ()) for v in vertices], arithmetic)
    verify_ends(pencil, proof.ends, arithmetic)
    _verify_pins(pencil, proof, pinned, arithmetic)
    top = max(
        interval_bound((a.at, a.values), (b.at, b.values), norms, proof.ends)
        for a, b in pairwise(vertices)
    )
    capture = sum(prices, start=_ZERO) + (instance.rank - sum(pinned)) * top
    capture += sum((p * x for p, x in zip(pinned, proof.pins, strict=True)), _ZERO)
    return Fraction(pencil.space.energy, pencil.space.scale) - capture


def price(
    shares: RationalMatrix, c: int, factor: RationalMatrix, bits: int
) -> tuple[Fraction, Fraction]:
    """Return bounds on the trace and on the norm of F^T diag(1/H_c) F."""
    inner = factor.shape[1]
    kept = [j for j in range(factor.shape[0]) if shares.numerators[c, j] != 0]
    inverse = RationalMatrix.from_fractions(
        [[reciprocal_above(shares[c, j], bits)] for j in kept]
    )
    if not inner or not kept:
        return _ZERO, _ZERO
    part = factor.take(rows=kept)
    weighted = RationalMatrix(
        integer_arrays.multiply(part.numerators, inverse.numerators),
        part.denominator * inverse.denominator,
    )
    gram = part.transpose @ weighted
    trace = sum((gram[i, i] for i in range(inner)), _ZERO)
    norm = max(sum(abs(gram[i, j]) for j in range(inner)) for i in range(inner))
    return trace, Fraction(norm)


def verify_order(
    pencil: Pencil, points: list[Fraction], low: Fraction, high: Fraction
) -> None:
    """Verify that the points divide [low, high], with an inner one at 0 and at 1."""
    ordered = all(a < b for a, b in pairwise(points))
    least = 3 if low == 0 or high == 1 else 2
    if len(points) < least or points[0] != low or points[-1] != high or not ordered:
        third = " by way of a third" if least == 3 else ""
        raise pencil.rejected(
            f"the vertices do not go from {shown(low)} to {shown(high)}{third}"
        )


def verify_vertices(
    pencil: Pencil,
    vertices: list[tuple[Fraction, tuple[Fraction, ...], tuple[Fraction, ...]]],
    arithmetic: Arithmetic,
) -> None:
    """Verify the matrix inequality at each vertex: t, kappa, multipliers of cones."""
    bits = pencil.bits
    points = [vertex[0] for vertex in vertices]
    # At 0 and 1 the next vertex stands for a reciprocal that would be infinite.
    ends = {_ZERO: points[1], _ONE: points[-2]}
    factors = []
    for at, values, cones in vertices:
        near = ends.get(at, at)
        rho = [
            reciprocal_below(at or near, bits),
            reciprocal_below((1 - at) or 1 - near, bits),
        ]
        minus = [-x for x in cones]
        factors.append([*values, *rho, *pencil.reciprocals(at, near), *minus])
    for at, matrix in zip(points, pencil.combinations(factors), strict=True):
        if not is_positive_semidefinite(matrix, arithmetic=arithmetic):
            raise pencil.rejected(
                f"the vertex {shown(at)} is not proved to dominate its matrix"
            )


def verify_ends(
    pencil: Pencil, ends: tuple[Fraction, ...], arithmetic: Arithmetic
) -> None:
    """Verify S_c + end_c H_c - sum of the groups on class c alone, for both classes."""
    more = [_ZERO] * (len(pencil.rows) - 4 - pencil.space.n_groups)
    for c, end in enumerate(ends):
        if end < 0:
            raise pencil.rejected(f"end {c} is negative")
        weights = pencil.space.group_weights.tolist()
        alone = [pair[1 - c] == 0 for pair in weights]
        if not any(alone):
            continue
        factors = [_ZERO] * 4 + [
            -reciprocal_above(Fraction(pair[c]), pencil.bits) if is_alone else _ZERO
            for pair, is_alone in zip(weights, alone, strict=True)
        ]
        factors[c], factors[2 + c] = end, _ONE
        (matrix,) = pencil.combinations([factors + more])
        if not is_positive_semidefinite(matrix, arithmetic=arithmetic):
            raise pencil.rejected(f"end {c} is not proved to dominate its groups")


def _verify_pins(
    pencil: Pencil, proof: Sweep, pinned: tuple[int, int], arithmetic: Arithmetic
) -> None:
    """Verify pin_c H_c + S_c - M at the columns that have a share of class c only."""
    for c, count in enumerate(pinned):
        if not count:
            continue
        at = _ONE - c
        columns = np.flatnonzero(proof.shares.numerators[1 - c] == 0)
        factors = [_ZERO] * 4 + [
            -reciprocal_above(Fraction(pair[c]), pencil.bits) if pair[c] else _ZERO
            for pair in pencil.space.group_weights.tolist()
        ]
        factors[c], factors[2 + c] = proof.pins[c], _ONE
        (matrix,) = pencil.combinations([factors])
        block = matrix[np.ix_(columns, columns)]
        if not is_positive_semidefinite(block, arithmetic=arithmetic):
            raise pencil.rejected(f"pin {c} is not proved at t = {at}")


Vertex = tuple[Fraction, tuple[Fraction, ...]]


def interval_bound(
    first: Vertex,
    last: Vertex,
    norms: tuple[Fraction, Fraction],
    ends: tuple[Fraction, ...],
) -> Fraction:
    """Return a bound on psi between two vertices (t, kappa)."""
    a, b = first[0], last[0]
    at_first, at_last = _value(first, a), _value(last, b)
    mixed = _value(first, b) + _value(last, a)
    if a > 0:
        mixed += (b - a) ** 2 * norms[0] / (a * b)
    else:
        at_first, mixed = at_first + ends[0], mixed + ends[0]
    if b < 1:
        mixed += (b - a) ** 2 * norms[1] / ((1 - a) * (1 - b))
    else:
        at_last, mixed = at_last + ends[1], mixed + ends[1]
    return quadratic_maximum(at_first, at_last, mixed)


def _value(vertex: Vertex, t: Fraction) -> Fraction:
    """Return kappa_0 t + kappa_1 (1 - t)."""
    return vertex[1][0] * t + vertex[1][1] * (1 - t)


def quadratic_maximum(first: Fraction, last: Fraction, mixed: Fraction) -> Fraction:
    """Return the maximum of (1-s)^2 first + s^2 last + s(1-s) mixed over 0 <= s <= 1.

    Examples
    --------
    >>> quadratic_maximum(Fraction(0), Fraction(0), Fraction(1))
    Fraction(1, 4)
    >>> quadratic_maximum(Fraction(0), Fraction(2), Fraction(1))
    Fraction(2, 1)
    """
    half = mixed / 2
    if half <= max(first, last):
        return max(first, last)
    return (half**2 - first * last) / (2 * half - first - last)
