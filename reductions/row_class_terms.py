"""Classes of proportional weight rows, and their cost for a given row space.

For a class of rows with weights c_i w and integer data a_i, and a fixed V (k x d), the
least cost is N/D with

    D = det(V diag(w) V^T),   G = sum_i c_i a_i a_i^T,   E = tr(diag(w) G),
    N = E D - tr(adj(V diag(w) V^T) V diag(w) G diag(w) V^T)

(mathematics C10): the rows enter only through G. Works for V over any commutative ring.
With symmetric matrices M and H in the places of diag(w) and diag(w) G diag(w) the same
formula serves where V is known to be Y times a given matrix.

Contents
--------
ClassForm           (w, G, E) of one class, integers
row_class_forms     those of an instance
class_term          N and D from V
symmetric_term      E det(Y M Y^T) - tr(adj(Y M Y^T) Y H Y^T) and det(Y M Y^T)
class_term_of_kernel    the same for k = d - 1 from the vector z with V z = 0

Notes on the implementation
---------------------------
For k = d - 1 there is no determinant to expand (Cauchy and Binet):
D = sum_j z_j^2 prod_(l != j) w_l and N = (prod_j w_j) z^T G z.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from reductions.adjugates import determinant_and_adjugate
from reductions.instances import Instance
from reductions.patterns import ray_classes
from semialgebraic import integer_arrays

# Primitive weight row, Gram matrix and energy of one class of rows.
ClassForm = tuple[list[int], list[list[int]], int]


def row_class_forms(instance: Instance) -> list[ClassForm]:
    """Return (w_g, G_g, E_g) for each class of proportional nonzero weight rows.

    With omega = w/beta and A = a/alpha (integers w, a), costs are multiplied by
    beta alpha^2.

    Notes
    -----
    **Cost.** Linear in the number of rows, vectorised.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2], [1, 0]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [2, 2]])
    >>> row_class_forms(Instance(data=A, squared_weights=omega, rank=1))
    [([1, 1], [[3, 2], [2, 4]], 7)]
    """
    weights, data = instance.squared_weights.numerators, instance.data.numerators
    labels, first, content = ray_classes(weights)
    forms = []
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(len(first) + 1))
    for g, row in enumerate(first):
        if not content[row]:
            continue
        primitive = [int(w) // int(content[row]) for w in weights[row]]
        members = order[bounds[g] : bounds[g + 1]]
        a = data[members]
        scaled = integer_arrays.multiply(a, content[members][:, None])
        gram = [[int(x) for x in line] for line in integer_arrays.matmul(scaled.T, a)]
        energy = sum(w * gram[j][j] for j, w in enumerate(primitive))
        forms.append((primitive, gram, energy))
    return forms


def class_term(form: ClassForm, right: Sequence[Sequence[Any]]) -> tuple[Any, Any]:
    """Return (N, D) of a class for V = `right`, k x d over a commutative ring.

    Examples
    --------
    >>> class_term(([1, 1], [[3, 2], [2, 4]], 7), [[1, 1]])
    (3, 2)
    """
    w, gram, energy = form
    columns = range(len(w))
    weights = [[w[i] * (i == j) for j in columns] for i in columns]
    weighted = [[w[i] * w[j] * gram[i][j] for j in columns] for i in columns]
    return symmetric_term(weights, weighted, energy, right)


def symmetric_term(
    weights: Sequence[Sequence[int]],
    captured: Sequence[Sequence[int]],
    energy: int,
    right: Sequence[Sequence[Any]],
) -> tuple[Any, Any]:
    """Return (E D - tr(adj(Y M Y^T) Y H Y^T), D), D = det(Y M Y^T), Y = `right`.

    Parameters
    ----------
    weights, captured : symmetric integer matrices of order d
        M and H.
    energy : int
        E.
    right : k x d matrix over a commutative ring
        Y.

    Examples
    --------
    >>> symmetric_term([[1, 0], [0, 1]], [[3, 2], [2, 4]], 7, [[1, 1]])
    (3, 2)
    """
    determinant, adjugate = determinant_and_adjugate(_congruence(weights, right))
    fitted = _congruence(captured, right)
    k = range(len(right))
    return (
        energy * determinant - sum(adjugate[a][b] * fitted[b][a] for a in k for b in k),
        determinant,
    )


def class_term_of_kernel(form: ClassForm, kernel: Sequence[Any]) -> tuple[Any, Any]:
    """Return (N, D) of a class for k = d - 1 from z with V z = 0.

    D is that of the V whose maximal minors are the entries of z, up to signs.

    Examples
    --------
    >>> class_term_of_kernel(([1, 1], [[3, 2], [2, 4]], 7), [1, -1])
    (3, 2)
    """
    w, gram, _ = form
    d = len(w)
    determinant = sum(
        math.prod(w[:j] + w[j + 1 :]) * kernel[j] * kernel[j] for j in range(d)
    )
    squares = sum(
        gram[i][j] * kernel[i] * kernel[j] for i in range(d) for j in range(d)
    )
    return math.prod(w) * squares, determinant


def _congruence(
    form: Sequence[Sequence[int]], right: Sequence[Sequence[Any]]
) -> list[list[Any]]:
    """Return Y F Y^T for a symmetric integer matrix F."""
    moved = [
        [
            sum(row[i] * f for i, f in enumerate(line) if f)
            for line in form  # symmetric: rows are columns
        ]
        for row in right
    ]
    return [
        [sum(x * y for x, y in zip(left, row, strict=True)) for row in right]
        for left in moved
    ]
