"""One method on one instance, scored with the weights as they are.

Contents
--------
Score           relative cost, rank, numbers, seconds, history
score           run one method
"""

import time
from dataclasses import dataclass
from typing import final

import numpy as np

from benchmarks.paper.settings import FLOOR
from exact_wlra.heuristics import registry
from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.expectation_maximization import em
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one run reached.

    Parameters
    ----------
    loss : float
        f(X)/||W o A||_F^2.
    cost : float
        f(X).
    rank, numbers : int
        Of the form of X.
    seconds, processor_seconds : float
        Elapsed time and processor time; the first is that of the answer itself, the
        second includes evaluating its cost.
    history : tuple of float
        Losses after each iteration.
    """

    loss: float
    cost: float
    rank: int
    numbers: int
    seconds: float
    processor_seconds: float
    history: tuple[float, ...]


def score(
    method: str,
    matrix: WeightedMatrix,
    *,
    rank: int,
    seed: int = 0,
    floor: float | None = FLOOR,
) -> Score:
    """Run one method.

    Parameters
    ----------
    floor : float or None
        For `svd_w`, which cannot divide by zero: the least weight that it sees. Its
        cost is that of the weights as they are. None where no weight is small.
    """
    started = time.process_time()
    if method == "svd_w":
        answer = svd_w(matrix, rank=rank, floor=floor)
        seconds = answer.seconds
    elif method == "em-svd_w":
        start = svd_w(matrix, rank=rank, floor=floor)
        answer = em(matrix, rank=rank, start=start.form.entries())
        seconds = start.seconds + answer.seconds
    else:
        answer = registry.run(method, matrix, rank=rank, seed=seed)
        seconds = answer.seconds
    return _scored(answer, matrix, seconds, time.process_time() - started)


def _scored(
    answer: Answer, matrix: WeightedMatrix, seconds: float, processor: float
) -> Score:
    """Return the score of an answer."""
    zero = matrix.cost(np.zeros(matrix.shape))
    return Score(
        loss=answer.cost / zero,
        cost=answer.cost,
        rank=answer.rank,
        numbers=answer.n_numbers,
        seconds=seconds,
        processor_seconds=processor,
        history=tuple(cost / zero for cost in answer.history),
    )
