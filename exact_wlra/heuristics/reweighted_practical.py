"""Algorithm 2, `svd_w`: reweighting by a low rank approximation of the inverse weights.

The practical algorithm stores W^{o-1} at low rank, and so gives up Theorem 1.2: that
needs weights of low rank, not inverse weights. It is proved here for a low rank inverse
of rank one, up to the distortion of the weights; beyond that it can fail badly, and is
refused where its weights change sign.

Contents
--------
svd_w               Algorithm 2
Baselines           what X = 0 and Algorithm 1 cost on the same matrix
baselines           both of them, to stand beside an answer

Notation
--------
V (n x d) is the approximation of W^{o-1}, of rank m = `rank_inverse`; W' = V^{o-1} are
the weights that the algorithm really uses; c1 W <= W' <= c2 W.

Notes on the implementation
---------------------------
The paper's text has rank rk for both decompositions; its curves fit m = 1 (95 to 99.9
per cent of the mass of its weights lies in one singular value), and the losses that its
Figure 2 draws at rank k are then those of a matrix of rank k: (p q^T) o (L R) =
(p o L)(R o q^T), k columns like every other line of the figure. With m >= 2 the rank of
X goes up to mk, which is another budget. The dominant triple of a positive matrix costs
one Gram matrix of its shorter side, not a second decomposition.

References
----------
[WoodruffYasuda2024]_, Algorithm 2 and Section 4.
"""

import time
from dataclasses import dataclass, replace
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError, UnsuitableWeightsError
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import (
    gram_triples,
    leading_triples,
    load_libraries,
    perron_triple,
)
from exact_wlra.heuristics.forms import HadamardProduct, LowRank, divided
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def svd_w(
    matrix: WeightedMatrix,
    *,
    rank: int,
    rank_inverse: int = 1,
    floor: float | None = None,
    on_sign_change: Literal["refuse", "report"] = "refuse",
    decomposition: Literal["gram", "svd"] = "gram",
) -> Answer:
    """Return X = V o (W' o A)_k, where V is W^{o-1} at rank m and W' = V^{o-1}.

    X has rank at most mk and (n + d)(m + k) numbers; with m = 1 the two factors of V
    are multiplied into those of (W' o A)_k, so that X is a product of rank k with
    (n + d) k numbers.

    *Statement.* f_{W'}(X) = ||(W' o A)_{-k}||_F^2 and so, if c1 W <= W' <= c2 W,
    f(X) <= c1^-2 ||(W' o A)_{-k}||_F^2. If m = 1, W' has rank one and X is optimal for
    it, whence f(X) <= c1^-2 OPT_k(W') <= (c2 / c1)^2 OPT_k. With m >= 2 the rank of W'
    is not bounded, and nothing relates f(X) to OPT_k.

    Rows and columns without weight are left out, and X is zero there.

    Parameters
    ----------
    rank : int
        k, the rank of the second decomposition.
    rank_inverse : int
        m. 1 is what the published curves fit, and the only m that keeps V positive.
    floor : float, optional
        Raise smaller weights to this fraction of the largest. Without it zero weights
        are refused, since they have no inverse. Entries without weight count as data 0.
    on_sign_change : {"refuse", "report"}
        With m >= 2 V may have negative entries; then W' has them, and X may cost many
        times ||W o A||_F^2, the cost of X = 0. Entries of V that are zero are always
        refused.
    decomposition : {"gram", "svd"}
        How (W' o A)_k is computed: from the smaller Gram matrix, within a multiple of
        eps ||W' o A||_F^2 of the best, or by LAPACK.

    Raises
    ------
    UnsuitableWeightsError
        If a weight is zero, or V has an entry that is zero or negative.

    Examples
    --------
    >>> W = np.outer([1.0, 2.0, 1.0], [1.0, 3.0])
    >>> A = np.array([[1.0, 2.0], [2.0, 5.0], [0.0, 1.0]])
    >>> matrix = WeightedMatrix.from_arrays(A, W)
    >>> found = svd_w(matrix, rank=1)
    >>> bool(np.isclose(found.cost, reweighted(matrix, rank=1).cost))
    True
    >>> found.rank, found.n_numbers, round(found.guarantee.factor, 9)
    (1, 5, 1.0)
    """
    if rank_inverse < 1:
        raise InvalidProblemError(
            f"rank_inverse is {rank_inverse}; give the rank of the inverse, 1 or more."
        )
    load_libraries()
    started = time.perf_counter()
    data, weights = matrix.data, matrix.root_weights
    rows, columns = (np.ones(size, dtype=bool) for size in weights.shape)
    if not weights.all():
        rows, columns = (np.asarray(weights.any(axis=axis)) for axis in (1, 0))
        alive = np.ix_(rows, columns)
        data, weights = data[alive], weights[alive]
    p, q = _inverse(weights, rank_inverse, floor)
    inverse = p @ q
    wrong = _changed(inverse, on_sign_change, rank_inverse)
    decompose = gram_triples if decomposition == "gram" else leading_triples
    left, right = decompose(data / inverse, rank=rank)
    p, left = _spread(p, rows), _spread(left, rows)
    q, right = _spread(q.T, columns).T, _spread(right.T, columns).T
    answer = answered(
        matrix,
        "svd_w",
        _form(p, q, left, right),
        started=started,
        guarantee=Guarantee.none("Algorithm 2"),
    )
    guarantee = _guarantee(matrix, p @ q, answer, rank_inverse, wrong=wrong, rank=rank)
    return replace(answer, guarantee=guarantee)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """What a method has to beat on a matrix, in estimates.

    Parameters
    ----------
    zero : float
        ||W o A||_F^2, the cost of X = 0.
    reweighted : float
        The cost of Algorithm 1: no more than OPT_k, with r times the numbers.
    """

    zero: float
    reweighted: float


def baselines(matrix: WeightedMatrix, *, rank: int) -> Baselines:
    """Return the costs of X = 0 and of Algorithm 1 at rank k.

    Examples
    --------
    >>> matrix = WeightedMatrix.from_arrays([[2.0, 0.0], [0.0, 1.0]], np.ones((2, 2)))
    >>> baselines(matrix, rank=1)
    Baselines(zero=5.0, reweighted=1.0)
    """
    return Baselines(
        zero=matrix.cost(np.zeros(matrix.shape)),
        reweighted=reweighted(matrix, rank=rank).cost,
    )


def _inverse(
    weights: Floats, rank_inverse: int, floor: float | None
) -> tuple[Floats, Floats]:
    """Return P (n x m) and Q (m x d) with V = P Q near W^{o-1}."""
    if weights.size == 0:
        return np.zeros((len(weights), 1)), np.zeros((1, weights.shape[1]))
    largest = weights.max()
    raised = weights if floor is None else np.maximum(weights, floor * largest)
    smallest = raised.min()
    if smallest == 0:
        count = int((raised == 0).sum())
        raise UnsuitableWeightsError(
            f"Algorithm 2 inverts the weights, and {count} of them are zero in rows "
            "and columns that have others; give a `floor`, or use `reweighted`."
        )
    inverse = smallest / raised  # at most 1: its squares do not overflow
    if rank_inverse == 1:
        p, q = perron_triple(inverse)
    else:
        p, q = leading_triples(inverse, rank=rank_inverse)
    return p / smallest, q


def _changed(inverse: Floats, on_sign_change: str, rank_inverse: int) -> int:
    """Return the number of negative entries of V; refuse them, and zeros always."""
    wrong = ~(inverse > 0)
    count = int(wrong.sum())
    if count and (on_sign_change == "refuse" or not inverse.all()):
        what = "positive" if on_sign_change == "refuse" else "different from zero"
        remedy = "use rank_inverse=1" if rank_inverse > 1 else "give a `floor`"
        raise UnsuitableWeightsError(
            f"Algorithm 2 would use weights of the wrong sign: the approximation of "
            f"W^{{o-1}} at rank {rank_inverse} is not {what} in {count} of "
            f"{inverse.size} entries; {remedy}, or use `reweighted`."
        )
    return count


def _spread(factor: Floats, places: Mask) -> Floats:
    """Return the factor with rows of zeros in the other places."""
    if places.all():
        return factor
    whole = np.zeros((len(places), factor.shape[1]))
    whole[places] = factor
    return whole


def _form(
    p: Floats, q: Floats, left: Floats, right: Floats
) -> LowRank | HadamardProduct:
    """Return X: a product of rank k if V has rank one."""
    if p.shape[1] == 1:
        return LowRank(left=p * left, right=right * q)
    return HadamardProduct(inverse_left=p, inverse_right=q, left=left, right=right)


def _guarantee(
    matrix: WeightedMatrix,
    inverse: Floats,
    answer: Answer,
    rank_inverse: int,
    *,
    wrong: int,
    rank: int,
) -> Guarantee:
    """Return what the distortion of the weights proves, and how X = 0 compares."""
    zero = matrix.cost(np.zeros(matrix.shape))
    beside = (
        f"; it costs {answer.cost / zero:.3g} times what X = 0 does, an estimate"
        if zero > 0
        else ""
    )
    if wrong:
        return Guarantee.none(f"{wrong} weights of Algorithm 2 are negative" + beside)
    positive = matrix.root_weights > 0
    distortions = 1 / (inverse[positive] * matrix.root_weights[positive])
    if rank_inverse > 1:
        tail = float(
            np.sum(np.linalg.svd(divided(matrix.data, inverse), compute_uv=False)
                   [rank:] ** 2)
        )  # fmt: skip
        bound = tail / float(distortions.min(initial=np.inf)) ** 2
        return Guarantee.none(
            f"W^{{o-1}} at rank {rank_inverse} bounds the rank of nothing; cost <= "
            f"{bound:.6g} by the distortion of the weights, an estimate" + beside
        )
    if (inverse[~positive] > 0).any():
        return Guarantee.none("some weights are zero and were raised" + beside)
    if distortions.size == 0:
        return Guarantee(statement="cost 0: no entry has weight", factor=1.0)
    spread = float(distortions.max() / distortions.min())
    return Guarantee(
        statement="cost <= (c2 / c1)^2 OPT_k if the weights used are between c1 W and "
        f"c2 W; c2 / c1 is {spread:.6g}, an estimate" + beside,
        factor=spread**2,
    )
