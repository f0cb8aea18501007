"""One function per rule: the lower bound that a proof proves about an instance.

Contents
--------
lower_bound     the rational bound, or `RejectedCertificateError`
"""

from fractions import Fraction
from functools import partial
from typing import assert_never

import numpy as np

from exact_wlra.certificates import (
    Basins,
    Blocks,
    Charts,
    Energy,
    Gram,
    HadamardRank,
    Isolated,
    Minorant,
    Moments,
    Plane,
    Proof,
    Scaling,
    Simplicial,
    Spectral,
    Split,
    Transpose,
    TwoRows,
    Types,
    Zero,
)
from exact_wlra.checker.basins import basins_bound
from exact_wlra.checker.charts import charts_bound
from exact_wlra.checker.isolated import isolated_bound
from exact_wlra.checker.minorants import minorant_bound
from exact_wlra.checker.moments import moments_bound
from exact_wlra.checker.plane import plane_bound
from exact_wlra.checker.row_cells import row_cells_bound
from exact_wlra.checker.simplicial import simplicial_bound
from exact_wlra.checker.spectral import hadamard_rank_bound, spectral_bound, split_bound
from exact_wlra.checker.sweep import sweep_bound
from exact_wlra.checker.two_rows import two_rows_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.sweep_certificates import RowCells, Sweep
from reductions.instances import Instance
from reductions.patterns import merge_types, ray_classes
from reductions.proportional_rows import merge_proportional
from reductions.scalings import scale
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic


def lower_bound(  # noqa: C901  (one case for each rule)
    instance: Instance, proof: Proof, *, arithmetic: Arithmetic = "automatic"
) -> Fraction:
    """Return a rational lower bound on OPT of the instance, proved by `proof`.

    Raises
    ------
    RejectedCertificateError
        If a step of the proof is false, or could not be proved in this arithmetic.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[3]])
    >>> omega = RationalMatrix.from_rows([[1]])
    >>> lower_bound(Instance(data=A, squared_weights=omega, rank=0), Energy())
    Fraction(9, 1)
    """
    match proof:
        case Zero():
            return Fraction(0)
        case Energy():
            if instance.rank != 0:
                raise RejectedCertificateError(
                    f"rule energy proves rank 0 only; the rank here is {instance.rank}."
                )
            return instance.energy()
        case Transpose():
            return lower_bound(instance.transpose, proof.proof, arithmetic=arithmetic)
        case Blocks():
            return _blocks_bound(instance, proof, arithmetic)
        case Types():
            merged = _merged_types(instance, proof.axis)
            return lower_bound(merged, proof.proof, arithmetic=arithmetic)
        case Gram():
            merged = _merged_gram(instance, proof.axis)
            return lower_bound(merged, proof.proof, arithmetic=arithmetic)
        case Scaling():
            scaled = _scaled(instance, proof)
            return lower_bound(scaled, proof.proof, arithmetic=arithmetic)
        case Spectral():
            return spectral_bound(instance, proof, arithmetic)
        case Split():
            return split_bound(instance, proof, arithmetic)
        case HadamardRank():
            return hadamard_rank_bound(instance, proof, arithmetic)
        case Minorant():
            return minorant_bound(
                instance, proof, partial(lower_bound, arithmetic=arithmetic)
            )
        case Simplicial():
            return simplicial_bound(
                instance, proof, arithmetic, partial(lower_bound, arithmetic=arithmetic)
            )
        case Sweep():
            return sweep_bound(instance, proof, arithmetic)
        case RowCells():
            return row_cells_bound(instance, proof, arithmetic)
        case TwoRows():
            return two_rows_bound(instance, proof)
        case Plane():
            return plane_bound(instance, proof)
        case Charts():
            return charts_bound(instance, proof, arithmetic)
        case Moments():
            return moments_bound(instance, proof, arithmetic)
        case Basins():
            return basins_bound(instance, proof, arithmetic)
        case Isolated():
            return isolated_bound(
                instance, proof, arithmetic, partial(lower_bound, arithmetic=arithmetic)
            )
    assert_never(proof)


def _blocks_bound(
    instance: Instance, proof: Blocks, arithmetic: Arithmetic
) -> Fraction:
    """Return the sum over blocks that share no entry."""
    n, d = instance.shape
    covered = np.zeros((n, d), dtype=bool)
    total = Fraction(0)
    for number, part in enumerate(proof.parts):
        rows, columns = list(part.rows), list(part.columns)
        for indices, size, axis in ((rows, n, "row"), (columns, d, "column")):
            if len(set(indices)) != len(indices) or any(i >= size for i in indices):
                raise RejectedCertificateError(
                    f"block {number + 1} names a {axis} twice or one that is not there."
                )
        block = np.ix_(rows, columns)
        if covered[block].any():
            raise RejectedCertificateError(
                f"block {number + 1} shares an entry with an earlier block."
            )
        covered[block] = True
        part_instance = instance.restrict(rows, columns)
        total += lower_bound(part_instance, part.proof, arithmetic=arithmetic)
    return total


def _merged_types(instance: Instance, axis: int) -> Instance:
    """Merge types, then verify by direct comparison that nothing was lost."""
    merged = merge_types(instance, axis=axis)
    before = instance if axis == 0 else instance.transpose
    after = merged.instance if axis == 0 else merged.instance.transpose
    kept = merged.labels >= 0
    if (before.squared_weights.numerators[~kept] != 0).any():
        raise RejectedCertificateError("types: a row with weight was dropped.")
    weights = before.squared_weights.numerators[kept]
    labels = merged.labels[kept]
    common = after.data.numerators[labels]
    data = before.data.numerators[kept]
    same = (weights == 0) | (data == common)
    if not bool(same.all()) or before.data.denominator != after.data.denominator:
        raise RejectedCertificateError("types: merged rows differ in their data.")
    _verify_weights_add_up(weights, after.squared_weights.numerators, labels)
    return merged.instance


def _verify_weights_add_up(
    weights: integer_arrays.IntegerArray,
    summed: integer_arrays.IntegerArray,
    labels: integer_arrays.IntegerArray,
) -> None:
    """Verify that merged weight rows are proportional and sum to the new row."""
    content = np.gcd.reduce(weights, axis=1)
    content_after = np.gcd.reduce(summed, axis=1)
    primitive = weights // np.where(content == 0, 1, content)[:, None]
    primitive_after = summed // np.where(content_after == 0, 1, content_after)[:, None]
    if not bool((primitive == primitive_after[labels]).all()):
        raise RejectedCertificateError("types: merged rows have other weight rays.")
    sums = [0] * len(summed)
    for label, value in zip(labels.tolist(), content.tolist(), strict=True):
        sums[label] += int(value)
    if sums != [int(x) for x in content_after]:
        raise RejectedCertificateError("types: merged weights do not add up.")


def _merged_gram(instance: Instance, axis: int) -> Instance:
    """Merge proportional rows, then verify the identity of the Gram matrices."""
    merged = merge_proportional(instance, axis=axis)
    if merged is None:
        raise RejectedCertificateError(
            "gram: no class of proportional rows shrinks here, so the step is void."
        )
    before = instance if axis == 0 else instance.transpose
    after = merged.instance if axis == 0 else merged.instance.transpose
    if _class_grams(before) != _class_grams(after):
        raise RejectedCertificateError("gram: the Gram matrices differ.")
    return merged.instance


def _class_grams(instance: Instance) -> dict[tuple[int, ...], tuple[Fraction, ...]]:
    """Return for each primitive weight row the exact Gram matrix of its class."""
    weights = instance.squared_weights.numerators
    labels, first, content = ray_classes(weights)
    scale_of = Fraction(
        1, instance.squared_weights.denominator * instance.data.denominator**2
    )
    grams = {}
    for label, row in enumerate(first):
        if int(content[row]) == 0:
            continue
        members = np.flatnonzero(labels == label)
        key = tuple(int(x) // int(content[row]) for x in weights[row])
        support = np.array([x != 0 for x in key])
        data = instance.data.numerators[members] * support
        left = integer_arrays.multiply(data, content[members][:, None])
        gram = integer_arrays.matmul(left.T, integer_arrays.integers(data))
        if (gram != 0).any():
            grams[key] = tuple(int(x) * scale_of for x in gram.ravel())
    return grams


def _scaled(instance: Instance, proof: Scaling) -> Instance:
    """Return the scaled instance after a check of the exponents."""
    if (len(proof.row_exponents), len(proof.column_exponents)) != instance.shape:
        raise RejectedCertificateError("scaling: wrong number of exponents.")
    # Python integers: an exponent may be longer than 64 bits.
    if any(abs(e) > 4096 for e in (*proof.row_exponents, *proof.column_exponents)):
        raise RejectedCertificateError("scaling: an exponent exceeds 4096.")
    rows = np.array(proof.row_exponents, dtype=np.int64)
    columns = np.array(proof.column_exponents, dtype=np.int64)
    return scale(instance, rows, columns).instance


__all__ = ["lower_bound"]
