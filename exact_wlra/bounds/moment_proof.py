"""The certificate `moments` from matrices in floating point.

Contents
--------
write_proof     rounded matrices, and the bound that they support

Notes on the implementation
---------------------------
S_1 and S_2 are rounded and shifted by a little; S_3 is what the linear equation makes
of them, exactly, so that it is shifted too. What the shifts cost is of the order of the
rounding unit. L is the largest for which S is semidefinite, less a margin.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from exact_wlra.bounds.form_groups import Floats, FormGroup
from exact_wlra.bounds.moment_relaxation import Blocks
from exact_wlra.certificates import Moments, RankForm
from reductions.instances import Instance
from reductions.rank_forms import (
    embedded,
    minor_form,
    packed,
    partial_trace,
    partially_transposed,
    rank_form,
    with_unit,
)
from semialgebraic.rational_matrices import RationalMatrix

# Binary places kept of the multipliers, and by how much semidefinite ones are shifted,
# relative to their largest entry: more than the equations fail to hold in floats.
_BITS = 51
_SHIFT = 2.0**-37
# Margin of L relative to the energy.
_NOISE = 1e-13
# Largest part by which multipliers are made smaller, for room in S.
_LARGEST_PART = 1e-3


def write_proof(
    instance: Instance,
    blocks: Blocks,
    groups: tuple[FormGroup, ...],
    scale: float,
    *,
    spend: float,
) -> Moments | None:
    """Return the proof, or None where S is not definite enough in floating point.

    Parameters
    ----------
    scale : float
        Weights were divided by it.
    spend : float
        What L may lie below the best bound of these matrices.

    Notes
    -----
    All multipliers are made smaller by a factor 1 - epsilon. S becomes
    (1 - epsilon) S + epsilon S_0 with S_0 that of the bound 0: definite, and L smaller
    by epsilon L at most.
    """
    n, d = instance.shape
    energy = float(instance.energy())
    scale *= 1 - min(spend / (4 * energy), _LARGEST_PART)
    quadratic = instance.squared_weights.to_float().ravel()
    if groups:
        minors = RationalMatrix.zeros(0, 0)
        forms, total = _rank_forms(blocks, groups, scale, (n, d))
    else:
        minors = _minors(blocks.border[1:, 1:] * scale, instance.support())
        forms, total = (), minor_form(minors, (n, d)).to_float()
    inner = np.diag(quadratic) - total
    lower = _best_bound(instance, inner)
    if lower is None:
        return None
    margin = spend / 4 + _NOISE * energy
    return Moments(lower=Fraction(lower - margin), minors=minors, forms=forms)


def _minors(inner: Floats, support: Any) -> RationalMatrix:
    """Return multipliers of the minors whose form is what `inner` lacks.

    Those with an entry without weight stay out.
    """
    n, d = support.shape
    cut = inner.reshape(n, d, n, d)
    (one, two), (first, second) = np.triu_indices(n, 1), np.triu_indices(d, 1)
    i, other = one[:, None], two[:, None]
    values = cut[i, second, other, first] - cut[i, first, other, second]
    seen = support[i, first] & support[other, second]
    values = np.where(seen & support[i, second] & support[other, first], values, 0.0)
    return RationalMatrix.rounded(values / 2, _bits(inner))


def _rank_forms(
    blocks: Blocks, groups: tuple[FormGroup, ...], scale: float, shape: tuple[int, int]
) -> tuple[tuple[RankForm, ...], Floats]:
    """Return the rounded forms and their sum in floats."""
    n, d = shape
    total = np.zeros((n * d, n * d))
    forms = []
    for group, parts in zip(groups, blocks.groups, strict=True):
        for places, three in zip(group.places, parts * scale, strict=True):
            exact = _rounded(three, group.shape)
            form = rank_form(*exact, shape=group.shape, rank=group.rank)
            total += embedded(form, places, n * d).to_float()
            corner = places.reshape(group.shape)
            axis = int(corner[0, 0] // d != corner[0, 1] // d)
            corner = corner.T if axis else corner
            forms.append(
                RankForm(
                    rows=tuple((corner[:, 0] // d).tolist()),
                    columns=tuple((corner[0] % d).tolist()),
                    axis=axis,
                    antisymmetric=packed(exact[0]),
                    symmetric=packed(exact[1]),
                    complement=packed(exact[2]),
                )
            )
    return tuple(forms), total


def _rounded(
    three: Floats, shape: tuple[int, int]
) -> tuple[RationalMatrix, RationalMatrix, RationalMatrix]:
    """Return S_1, S_2, S_3 semidefinite that satisfy their equation exactly."""
    q = shape[1]
    order = three.shape[1]
    bits = _bits(three)
    shifted = np.eye(order) * (_SHIFT * float(np.abs(three).max(initial=0.0)))
    one, two = (
        RationalMatrix.rounded((m + m.T) / 2 + shifted, bits) for m in three[:2]
    )
    third = RationalMatrix.rounded((three[2] + three[2].T) / 2, bits)
    total = one + two
    # Its part that partial transposition preserves is prescribed up to N x I.
    away = third - partially_transposed(third, shape)
    kept = total + partially_transposed(total, shape)
    unit = partial_trace(
        RationalMatrix.rounded(three[0] + three[1] - three[2], bits), shape
    ).to_float()
    rounded = RationalMatrix.rounded((unit + unit.T) / (2 * q), bits)
    large = with_unit(rounded, q)
    return one, two, (kept + away).scaled(Fraction(1, 2)) - large


def _bits(values: Floats) -> int:
    """Return how many binary places are kept of the values."""
    size = float(np.abs(values).max(initial=0.0)) or 1.0
    return _BITS - int(np.ceil(np.log2(size)))


def _best_bound(instance: Instance, inner: Floats) -> float | None:
    """Return the largest L with S semidefinite, an estimate, or None."""
    seen = instance.support().ravel()
    linear = instance.weighted_data().to_float().ravel()[seen]
    try:
        factor = np.linalg.cholesky(inner[np.ix_(seen, seen)])
    except np.linalg.LinAlgError:
        return None
    solved = np.linalg.solve(factor, linear)
    return float(instance.energy()) - float(solved @ solved)
