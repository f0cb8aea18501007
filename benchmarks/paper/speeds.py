"""Ratios of times, measured in one run, method after method, round after round.

Contents
--------
run             one record: seconds and ratios at some ranks
ASKED           which ratios
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.paper.scores import score
from benchmarks.paper.settings import FLOOR, LOCAL, METHODS
from exact_wlra.experiments.layers import LayerInstance
from exact_wlra.heuristics.decompositions import gram_triples
from exact_wlra.heuristics.expectation_maximization import em
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

_ROUNDS = 7
RANKS = (5, 10, 20)
# Ratios that the paper's claims are about: above, below, what is wanted.
ASKED = (
    ("svd_w, LAPACK", "svd, LAPACK", "at most 1.3"),
    ("svd_w, gram", "svd, gram", "at most 1.3"),
    ("svd_w, gram", "svd, LAPACK", "at most 1.3"),
    ("em, LAPACK", "svd_w, LAPACK", "at least 10"),
    ("em, gram", "svd_w, gram", "at least 10"),
    ("adam", "svd_w, LAPACK", "at least 10"),
    ("adam", "svd_w, gram", "at least 10"),
)


def run(instance: LayerInstance) -> dict[str, Any]:
    """Return median elapsed seconds of each method over the rounds, and ratios.

    A round runs every method once, so that a busy moment of the machine falls on all;
    ratios are medians of the ratios of single rounds. Methods that take seconds are
    run once. Some methods come in two ways: with an ordinary singular value
    decomposition (LAPACK), as the paper describes, and with the eigenvectors of the
    smaller Gram matrix (gram).
    """
    matrix = instance.matrix
    record: dict[str, Any] = {
        "shape": list(matrix.shape),
        "rounds": _ROUNDS,
        "ranks": {},
    }
    for rank in RANKS:
        tasks = _tasks(matrix, rank)
        rounds: dict[str, list[float]] = {method: [] for method in tasks}
        # What is imported or allocated once is not measured.
        for task in tasks.values():
            task()
        for _ in range(_ROUNDS):
            for method, task in tasks.items():
                rounds[method].append(task())
        for method in LOCAL:
            rounds[method] = [score(method, matrix, rank=rank).seconds]
        record["ranks"][str(rank)] = {
            "seconds": {m: _figures(statistics.median(s)) for m, s in rounds.items()},
            "ratios": {
                f"{above} / {below}": _ratio(rounds[above], rounds[below])
                for above, below, _ in ASKED
            },
        }
    return record


def _tasks(matrix: WeightedMatrix, rank: int) -> dict[str, Callable[[], float]]:
    """Return what is timed: functions that give their elapsed seconds."""
    tasks: dict[str, Callable[[], float]] = {
        "svd, LAPACK": lambda: score("svd", matrix, rank=rank).seconds,
        "svd, gram": lambda: _timed_gram(matrix, rank),
        "svd_w, LAPACK": lambda: (
            svd_w(matrix, rank=rank, floor=FLOOR, decomposition="svd").seconds
        ),
        "svd_w, gram": lambda: score("svd_w", matrix, rank=rank).seconds,
        "em, LAPACK": lambda: em(matrix, rank=rank, decomposition="svd").seconds,
        "em, gram": lambda: score("em", matrix, rank=rank).seconds,
    }
    for method in METHODS:
        if method not in {"svd", "svd_w", "em"}:
            tasks[method] = partial(_seconds, method, matrix, rank)
    return tasks


def _seconds(method: str, matrix: WeightedMatrix, rank: int) -> float:
    """Return the elapsed seconds of one method."""
    return score(method, matrix, rank=rank).seconds


def _timed_gram(matrix: WeightedMatrix, rank: int) -> float:
    """Return the elapsed seconds of decomposing A through its Gram matrix."""
    started = time.perf_counter()
    gram_triples(matrix.data, rank=rank)
    return time.perf_counter() - started


def _ratio(above: list[float], below: list[float]) -> float:
    """Return the median ratio of single rounds."""
    return _figures(statistics.median(a / b for a, b in zip(above, below, strict=True)))


def _figures(value: float) -> float:
    """Return a number with three figures."""
    return float(f"{value:.3g}")
