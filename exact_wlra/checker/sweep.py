"""Checking rule `sweep`: weights of rank two, any k, one unknown t in [0, 1] (T2).

*Why it is sound.* Every V of rank k has, after a change of basis, rows v with
V diag(H_0) V^T = diag(t), V diag(H_1) V^T = diag(1 - t), and captures the sum of
F(v) = v M(t) v^T over its rows, M(t) = sum_g M_g / s_g(t). For S_c = F_c F_c^T whose
rows vanish with the shares H_c, the rows of V satisfy

    sum over rows of v S_c v^T / t_c <= sum_j ||(F_c)_j||^2 / H_cj,

t_0 = t, t_1 = 1 - t, so it suffices to bound psi = v (M(t) - S_0/t_0 - S_1/t_1) v^T
for single rows. Where kappa_0 H_0 + kappa_1 H_1 + S_0/t_0 + S_1/t_1 - M(t) is positive
semidefinite at both ends of an interval, psi is below a quadratic on it
(docs/theory.md).

Contents
--------
sweep_bound         sum omega A^2 - what any V captures, once every step is verified
quadratic_maximum   the maximum of a quadratic on an interval, rational
reciprocal_below    1/x, rounded down
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import final

import numpy as np

from exact_wlra.certificates import Sweep, SweepVertex
from exact_wlra.checker.simplicial import reciprocal_above
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic, is_positive_semidefinite
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

_RECIPROCAL_BITS = range(8, 1025)
_ZERO, _ONE = Fraction(0), Fraction(1)


# Entries of combined matrices that are held at a time.
_BATCH_ENTRIES = 400_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Pencil:
    """The matrices of the rule, upper triangles as rows of one integer array.

    Rows: H_0, H_1, F_0 F_0^T, F_1 F_1^T, then the Gram matrices K_g; `units` are the
    numbers they are to be divided by.
    """

    space: PatternSpace
    rows: IntegerArray
    units: tuple[int, ...]
    order: int
    bits: int

    def combinations(self, factors: list[list[Fraction]]) -> Iterator[IntegerArray]:
        """Return positive multiples of the combined matrices, one for each list."""
        size = max(1, _BATCH_ENTRIES // self.rows.shape[1])
        upper = np.triu_indices(self.order)
        for start in range(0, len(factors), size):
            coefficients = np.array(
                [self._numerators(row) for row in factors[start : start + size]],
                dtype=object,
            )
            for row in integer_arrays.matmul(
                integer_arrays.integers(coefficients), self.rows
            ):
                matrix = np.zeros((self.order, self.order), dtype=row.dtype)
                matrix[upper] = row
                matrix.T[upper] = row
                yield matrix

    def _numerators(self, factors: list[Fraction]) -> list[int]:
        """Return the factors divided by the units, over a common denominator."""
        scaled = [x / unit for x, unit in zip(factors, self.units, strict=True)]
        denominator = math.lcm(*(x.denominator for x in scaled))
        return [x.numerator * (denominator // x.denominator) for x in scaled]

    def reciprocals(self, at: Fraction, near: Fraction) -> list[Fraction]:
        """Return -1/s_g(at), rounded; s_g(near) stands for s_g(at) = 0."""
        found = []
        for zero, one in self.space.group_weights.tolist():
            sigma = zero * at + one * (1 - at) or zero * near + one * (1 - near)
            found.append(-reciprocal_above(sigma, self.bits))
        return found


def sweep_bound(instance: Instance, proof: Sweep, arithmetic: Arithmetic) -> Fraction:
    """Return the lower bound of the rule after verifying the proof."""
    pencil = _pencil(instance, proof)
    shares = proof.shares
    bits = proof.reciprocal_bits
    first, second = (_price(shares, c, proof.factors[c], bits) for c in (0, 1))
    prices, norms = (first[0], second[0]), (first[1], second[1])
    sizes = [int((row != 0).sum()) for row in shares.numerators]
    # Rows of V that lie in class 0 alone (t = 1), or 1 alone, as the other is small.
    pinned = max(0, instance.rank - sizes[1]), max(0, instance.rank - sizes[0])
    _verify_vertices(pencil, proof.vertices, arithmetic)
    _verify_ends(pencil, proof, arithmetic)
    _verify_pins(pencil, proof, pinned, arithmetic)
    top = max(_interval_bound(proof, i, norms) for i in range(len(proof.vertices) - 1))
    capture = sum(prices, start=_ZERO) + (instance.rank - sum(pinned)) * top
    capture += sum((p * x for p, x in zip(pinned, proof.pins, strict=True)), _ZERO)
    space = pencil.space
    return Fraction(space.energy, space.scale) - capture


def _pencil(instance: Instance, proof: Sweep) -> _Pencil:
    """Return the matrices of the rule after a check of shapes and shares."""
    k, d = instance.rank, instance.shape[1]
    if not 1 <= k <= d:
        raise _rejected(f"the rule proves ranks 1 to {d}; the rank here is {k}")
    if len(proof.generators) != 2 or proof.shares.shape != (2, d):
        raise _rejected("two generators and two rows of shares are needed")
    if proof.reciprocal_bits not in _RECIPROCAL_BITS:
        raise _rejected(f"{proof.reciprocal_bits} bits are out of range")
    if len(proof.factors) != 2 or len(proof.ends) != 2 or len(proof.pins) != 2:
        raise _rejected("factors, ends and pins are needed for each of two classes")
    factorization = WeightFactorization(
        generators=proof.generators, shares=proof.shares
    )
    try:
        space = pattern_space(instance, factorization)
    except NotApplicableError as error:
        raise _rejected(str(error).rstrip(".")) from None
    shares = proof.shares.numerators
    if (shares == 0).all(axis=0).any():
        raise _rejected("a column has no weight; it must be left out first")
    outers = []
    for c, factor in enumerate(proof.factors):
        if factor.shape[0] != d or (factor.numerators[shares[c] == 0] != 0).any():
            raise _rejected(f"factor {c} is not zero where its shares are")
        outers.append(integer_arrays.matmul(factor.numerators, factor.numerators.T))
    squares = [np.diag(shares[0]), np.diag(shares[1]), *outers, *space.grams]
    upper = np.triu_indices(d)
    rows = integer_arrays.integers(
        np.array([square[upper].astype(object) for square in squares], dtype=object)
    )
    units = (
        *(proof.shares.denominator,) * 2,
        *(factor.denominator**2 for factor in proof.factors),
        *(space.scale,) * space.n_groups,
    )
    return _Pencil(
        space=space, rows=rows, units=units, order=d, bits=proof.reciprocal_bits
    )


def _price(
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


def _verify_vertices(
    pencil: _Pencil, vertices: tuple[SweepVertex, ...], arithmetic: Arithmetic
) -> None:
    """Verify that the vertices divide [0, 1], and the matrix inequality at each."""
    points = [vertex.at for vertex in vertices]
    ordered = all(a < b for a, b in pairwise(points))
    if len(points) < 3 or points[0] != 0 or points[-1] != 1 or not ordered:
        raise _rejected("the vertices do not go from 0 to 1 by way of a third")
    if any(len(vertex.values) != 2 for vertex in vertices):
        raise _rejected("a vertex needs two values")
    bits = pencil.bits
    factors = []
    for vertex in vertices:
        # At an end the next vertex stands for a reciprocal that would be infinite.
        ends = {points[0]: points[1], points[-1]: points[-2]}
        near = ends.get(vertex.at, vertex.at)
        rho = [
            reciprocal_below(vertex.at or near, bits),
            reciprocal_below((1 - vertex.at) or 1 - near, bits),
        ]
        factors.append([*vertex.values, *rho, *pencil.reciprocals(vertex.at, near)])
    for vertex, matrix in zip(vertices, pencil.combinations(factors), strict=True):
        if not is_positive_semidefinite(matrix, arithmetic=arithmetic):
            raise _rejected(
                f"the vertex {shown(vertex.at)} is not proved to dominate its matrix"
            )


def _verify_ends(pencil: _Pencil, proof: Sweep, arithmetic: Arithmetic) -> None:
    """Verify S_c + end_c H_c - sum of the groups on class c alone, for both classes."""
    for c, end in enumerate(proof.ends):
        if end < 0:
            raise _rejected(f"end {c} is negative")
        weights = pencil.space.group_weights.tolist()
        alone = [pair[1 - c] == 0 for pair in weights]
        if not any(alone):
            continue
        factors = [_ZERO] * 4 + [
            -reciprocal_above(Fraction(pair[c]), pencil.bits) if is_alone else _ZERO
            for pair, is_alone in zip(weights, alone, strict=True)
        ]
        factors[c], factors[2 + c] = end, _ONE
        (matrix,) = pencil.combinations([factors])
        if not is_positive_semidefinite(matrix, arithmetic=arithmetic):
            raise _rejected(f"end {c} is not proved to dominate its groups")


def _verify_pins(
    pencil: _Pencil, proof: Sweep, pinned: tuple[int, int], arithmetic: Arithmetic
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
            raise _rejected(f"pin {c} is not proved at t = {at}")


def _interval_bound(proof: Sweep, i: int, norms: tuple[Fraction, Fraction]) -> Fraction:
    """Return a bound on psi between vertices i and i + 1."""
    first, last = proof.vertices[i], proof.vertices[i + 1]
    a, b = first.at, last.at
    at_first, at_last = _value(first, a), _value(last, b)
    mixed = _value(first, b) + _value(last, a)
    if a > 0:
        mixed += (b - a) ** 2 * norms[0] / (a * b)
    else:
        at_first, mixed = at_first + proof.ends[0], mixed + proof.ends[0]
    if b < 1:
        mixed += (b - a) ** 2 * norms[1] / ((1 - a) * (1 - b))
    else:
        at_last, mixed = at_last + proof.ends[1], mixed + proof.ends[1]
    return quadratic_maximum(at_first, at_last, mixed)


def _value(vertex: SweepVertex, t: Fraction) -> Fraction:
    """Return kappa_0 t + kappa_1 (1 - t)."""
    return vertex.values[0] * t + vertex.values[1] * (1 - t)


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


def reciprocal_below(value: Fraction, bits: int) -> Fraction:
    """Return a dyadic number of about `bits` bits that is at most 1/value > 0.

    Examples
    --------
    >>> reciprocal_below(Fraction(3), 4)
    Fraction(5, 16)
    """
    p, q = value.denominator, value.numerator  # 1/value = p/q
    shift = bits + q.bit_length() - p.bit_length()
    if shift >= 0:
        return Fraction((p << shift) // q, 1 << shift)
    return Fraction(p // (q << -shift) << -shift)


def _rejected(reason: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"sweep: {reason}.")
