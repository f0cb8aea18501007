"""How far each method is from a proved optimum, on parts of the trained layers.

Two kinds of instances: blocks of a layer with their importance, and whole layers whose
weights are averaged over few groups. Entries are rounded to integers, so that the
instance is a rational one; the solver proves a bracket for it, and every method is
scored on the same numbers.

Contents
--------
run             the records of one image set
rounded         an instance in integers
"""

import statistics
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.paper.scores import Score, score
from benchmarks.paper.settings import CONVENTIONS
from exact_wlra import Problem, solve
from exact_wlra.errors import InvalidProblemError
from exact_wlra.experiments.layers import (
    TrainedLayer,
    grouped_weights,
    sampled_block,
    weighted,
)
from exact_wlra.heuristics import registry
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

IMAGES = ("digits", "mnist", "fashion_mnist")
GAP = 1e-6
TIME_LIMIT = 20.0
BITS = 12
# A run succeeds if its cost exceeds what is proved possible by no more than this part.
TOLERANCE = 1e-6
_BLOCKS = (((30, 30), 1), ((8, 8), 2), ((10, 10), 2))
_BLOCK_SEEDS = (0, 1)
GROUPS = (4, 4)
_RANKS = (1, 2, 5, 10, 20)
_SEEDS = 10
_ON_BLOCKS = (
    "svd",
    "svd_w",
    "reweighted-separable",
    "em",
    "em-svd_w",
    "greedy",
    "sample",
    "adam",
    "adam-normalized",
    "als",
    "lbfgs",
    "als-gaussian",
    "varpro",
)
_ON_LAYERS = (
    "reweighted",
    "group-svd",
    "svd",
    "svd_w",
    "reweighted-separable",
    "em",
    "greedy",
    "sample",
    "adam-normalized",
    "als",
    "lbfgs",
)


def run(layer: TrainedLayer) -> list[dict[str, Any]]:
    """Return one record for each instance made of a layer."""
    records = []
    for convention in CONVENTIONS:
        whole = weighted(layer, convention).matrix
        for shape, rank in _BLOCKS:
            for seed in _BLOCK_SEEDS:
                try:
                    block = sampled_block(whole, shape, seed=seed)
                except InvalidProblemError:
                    # Nothing but zeros to draw: recorded by the count of instances.
                    continue
                record = _compared(block, rank, _ON_BLOCKS, _SEEDS)
                records.append(
                    {"kind": "block", "convention": convention, "seed": seed, **record}
                )
        grouped = grouped_weights(whole, GROUPS)
        for rank in (k for k in _RANKS if k < min(whole.shape)):
            record = _compared(grouped, rank, _ON_LAYERS, 1)
            records.append({"kind": "layer", "convention": convention, **record})
    return records


def rounded(matrix: Any, bits: int = BITS) -> NDArray[np.int64]:
    """Return integers of at most so many bits, in proportion to the entries.

    Examples
    --------
    >>> rounded(np.array([[1.0, -0.5], [0.0, 0.26]]), 2).tolist()
    [[4, -2], [0, 1]]
    """
    scaled = np.asarray(matrix) / np.abs(matrix).max() * 2**bits
    return np.rint(scaled).astype(np.int64)


def _compared(
    matrix: WeightedMatrix, rank: int, methods: tuple[str, ...], seeds: int
) -> dict[str, Any]:
    """Solve one instance and run every method on it."""
    # No weight may vanish by rounding: some methods divide by it.
    weights = np.maximum(rounded(matrix.root_weights), 1)
    problem = Problem(rounded(matrix.data), weights=weights, rank=rank)
    started = time.perf_counter()
    solution = solve(problem, gap=GAP, time_limit=TIME_LIMIT)
    seconds = time.perf_counter() - started
    same = WeightedMatrix.from_arrays(problem_data(problem), weights)
    upper, lower = float(solution.upper), float(solution.lower)
    return {
        "shape": list(matrix.shape),
        "rank": rank,
        "lower": lower,
        "upper": upper,
        "gap": solution.gap,
        "closed": solution.gap <= GAP,
        "solve_seconds": float(f"{seconds:.3g}"),
        "relative_optimum": float(f"{upper / same.cost(0 * same.data):.6g}"),
        "methods": {
            method: _against(_runs(method, same, rank, seeds), lower, upper)
            for method in methods
        },
    }


def problem_data(problem: Problem) -> NDArray[np.float64]:
    """Return the data of a problem as floats; its integers are small enough for it."""
    return problem.instance.data.to_float()


def _runs(method: str, matrix: WeightedMatrix, rank: int, seeds: int) -> list[Score]:
    """Run a method, with several seeds if it uses any."""
    known = registry.METHODS[method]
    count = seeds if known.is_randomized else 1
    return [
        score(method, matrix, rank=rank, seed=seed, floor=None) for seed in range(count)
    ]


def _against(runs: list[Score], lower: float, upper: float) -> dict[str, Any]:
    """Return ratios to the bracket; below one to `lower` where X may exceed rank k."""
    costs = sorted(run.cost for run in runs)
    reached = [cost <= upper * (1 + TOLERANCE) for cost in costs]
    return {
        "ratio_to_upper": float(f"{statistics.median(costs) / upper:.8g}"),
        "ratio_to_lower": float(f"{statistics.median(costs) / lower:.8g}"),
        "best_ratio_to_upper": float(f"{costs[0] / upper:.8g}"),
        "runs": len(runs),
        "reached": sum(reached),
        "rank": max(run.rank for run in runs),
        "numbers": max(run.numbers for run in runs),
        "seconds": float(f"{statistics.median(run.seconds for run in runs):.3g}"),
    }
