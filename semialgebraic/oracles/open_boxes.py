"""Open boxes of a subdivision: what is known on them, and where to cut them.

Contents
--------
NEGATED             the relation that holds where another one fails
OpenBoxes           boxes with the coefficients of the same conditions
least_violation     how far values between two bounds are at least from a condition
least_violations    the same for the worst condition on each box
best_cuts           the variable in which each box should be cut

Notes on the implementation
---------------------------
The distance of the Bernstein coefficients from the values of the polynomial is of
second order in the size of the box [Garloff1993]_. So a cut in the variable in which
they bend most needs fewer boxes than one in that of the largest slope; a sample of the
tensor shows it well enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from semialgebraic.box_trees import refutes
from semialgebraic.rounded_bernstein import Rounded
from semialgebraic.systems import Relation

_MANY = 1 << 30
_LARGEST_LEAD = 4  # cuts of one variable more than of another
_SMALLEST_SHARE = 2.0**-7  # of the bend in another variable, for a variable to count
_SLOPE = 0.01  # weight of first differences, which only decide where nothing bends
NEGATED = {
    Relation.LESS: Relation.GREATER_EQUAL,
    Relation.LESS_EQUAL: Relation.GREATER,
    Relation.EQUAL: Relation.NOT_EQUAL,
    Relation.NOT_EQUAL: Relation.EQUAL,
    Relation.GREATER_EQUAL: Relation.LESS,
    Relation.GREATER: Relation.LESS_EQUAL,
}
_Array = NDArray[Any]


@final
@dataclass(slots=True)
class OpenBoxes:
    """Boxes that are not refuted.

    Parameters
    ----------
    nodes : int array
        Their nodes in the tree.
    cuts : int array of shape (boxes, variables)
        How often each variable was cut.
    forms : list of Rounded
        For each active condition the Bernstein coefficients on the boxes.
    """

    nodes: _Array
    cuts: _Array
    forms: list[Rounded]

    def take(self, which: _Array | slice) -> "OpenBoxes":
        """Return some of the boxes: indices, a mask or a slice."""
        return OpenBoxes(
            self.nodes[which],
            self.cuts[which],
            [form.take(which) for form in self.forms],
        )

    @classmethod
    def joined(cls, parts: list["OpenBoxes"]) -> "OpenBoxes":
        """Return the boxes of all parts."""
        if len(parts) == 1:
            return parts[0]
        forms = zip(*(part.forms for part in parts), strict=True)
        return cls(
            np.concatenate([part.nodes for part in parts]),
            np.concatenate([part.cuts for part in parts]),
            [Rounded.joined(same) for same in forms],
        )


def least_violation(relation: Relation, lowest: _Array, highest: _Array) -> _Array:
    """Return how far values between these bounds are at least from p REL 0.

    Examples
    --------
    >>> least_violation(Relation.LESS, np.array([2]), np.array([5]))
    array([2])
    """
    match relation:
        case Relation.LESS | Relation.LESS_EQUAL:
            return lowest
        case Relation.GREATER | Relation.GREATER_EQUAL:
            return -highest
        case Relation.EQUAL:
            return np.maximum(lowest, -highest)
        case Relation.NOT_EQUAL:
            return -np.maximum(np.abs(lowest), np.abs(highest))


def least_violations(boxes: OpenBoxes, relations: Sequence[Relation]) -> _Array:
    """Return for each box how far at least the worst condition is from holding."""
    worst = np.full(len(boxes.nodes), -np.inf)
    for form, relation in zip(boxes.forms, relations, strict=True):
        violation = least_violation(relation, form.lowest, form.highest)
        np.maximum(worst, violation, out=worst)
    return worst


def best_cuts(boxes: OpenBoxes, relations: Sequence[Relation]) -> _Array:
    """Return for each box the variable in which the coefficients bend most.

    Conditions that hold everywhere on the box do not count; the others count relative
    to their largest coefficient. A variable is cut much more often than others only if
    the coefficients hardly bend in those: a condition that keeps its shape near a point
    would otherwise hide for ever that another one needs other cuts.
    """
    n = len(boxes.nodes)
    n_variables = boxes.forms[0].values.ndim - 1
    scores = np.zeros((n, n_variables))
    for form, relation in zip(boxes.forms, relations, strict=True):
        size = np.maximum(np.abs(form.lowest), np.abs(form.highest))
        holds = refutes(NEGATED[relation], *form.bounds())
        share = np.where(holds, 0, 1 / np.maximum(size, 1e-300))
        for axis in range(1, n_variables + 1):
            sample = _sampled(form.values, axis)
            differences = sample
            for weight in (_SLOPE, 1.0):
                differences = np.diff(differences, axis=axis)
                if differences.size:
                    mean = np.abs(differences).reshape(n, -1).mean(axis=1)
                    scores[:, axis - 1] += weight * share * mean
    counts = scores >= _SMALLEST_SHARE * scores.max(axis=1, keepdims=True)
    fewest = np.where(counts, boxes.cuts, _MANY).min(axis=1, keepdims=True)
    scores[boxes.cuts > fewest + _LARGEST_LEAD] = -1
    bends_most: _Array = scores.argmax(axis=1)
    return bends_most


def _sampled(values: _Array, axis: int) -> _Array:
    """Return a tensor thinned out in all directions but one; its corners remain."""
    picked = [slice(None)]
    for other, length in enumerate(values.shape[1:], start=1):
        n = length - 1
        step = 1 if other == axis or n < 2 else n if n % 2 else max(n // 2, 2)
        picked.append(slice(None, None, step))
    return values[tuple(picked)]
