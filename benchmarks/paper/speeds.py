"""Ratios of times, measured in one run, method after method, round after round.

Contents
--------
run             one record: seconds and ratios at some ranks
"""

import statistics
from typing import Any

from benchmarks.paper.scores import score
from benchmarks.paper.settings import LOCAL, METHODS
from exact_wlra.experiments.layers import LayerInstance
from exact_wlra.heuristics.expectation_maximization import em

_ROUNDS = 7
RANKS = (5, 10, 20)


def run(instance: LayerInstance) -> dict[str, Any]:
    """Return median elapsed seconds of each method over the rounds, and ratios.

    `em-lapack` is EM with an ordinary SVD in each of its 25 steps, which is what the
    paper describes; `em` takes the eigenvectors of a Gram matrix.

    A round runs every method once, so that a busy moment of the machine falls on all;
    ratios are medians of the ratios of single rounds. Methods that take seconds are
    run once.
    """
    matrix = instance.matrix
    record: dict[str, Any] = {
        "shape": list(matrix.shape),
        "rounds": _ROUNDS,
        "ranks": {},
    }
    for rank in RANKS:
        rounds: dict[str, list[float]] = {method: [] for method in METHODS}
        lapack = rounds["em-lapack"] = []
        # What is imported or allocated once is not measured.
        for method in METHODS:
            score(method, matrix, rank=rank)
        for _ in range(_ROUNDS):
            for method in METHODS:
                rounds[method].append(score(method, matrix, rank=rank).seconds)
            lapack.append(em(matrix, rank=rank, decomposition="svd").seconds)
        for method in LOCAL:
            rounds[method] = [score(method, matrix, rank=rank).seconds]
        record["ranks"][str(rank)] = {
            "seconds": {m: _figures(statistics.median(s)) for m, s in rounds.items()},
            "svd_w/svd": _ratio(rounds["svd_w"], rounds["svd"]),
            "em/svd_w": _ratio(rounds["em"], rounds["svd_w"]),
            "em-lapack/svd_w": _ratio(rounds["em-lapack"], rounds["svd_w"]),
            "adam/svd_w": _ratio(rounds["adam"], rounds["svd_w"]),
        }
    return record


def _ratio(above: list[float], below: list[float]) -> float:
    """Return the median ratio of single rounds."""
    return _figures(statistics.median(a / b for a, b in zip(above, below, strict=True)))


def _figures(value: float) -> float:
    """Return a number with three figures."""
    return float(f"{value:.3g}")
