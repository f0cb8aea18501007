"""The synthetic experiment: Gaussian mixtures weighted by inverse variance.

Contents
--------
KINDS           one variance a component, or one for each coordinate too
run             the record of one kind: mean losses and times over the trials
"""

import statistics
from dataclasses import asdict
from typing import Any

from benchmarks.paper.scores import score
from benchmarks.paper.settings import LOCAL, METHODS
from exact_wlra.experiments.mixtures import GaussianMixture, mixture_sample

RANK = 10
_TRIALS = 5
# Beyond the paper: one decomposition for each of the few distinct rows of W.
_EXTRA = (*LOCAL, "group-svd")


KINDS = {
    "isotropic": GaussianMixture(is_isotropic=True),
    "diagonal": GaussianMixture(),
}


def run(mixture: GaussianMixture) -> dict[str, Any]:
    """Return the record of one kind."""
    samples = [mixture_sample(mixture, seed=seed) for seed in range(_TRIALS)]
    methods = {}
    for method in (*METHODS, *_EXTRA):
        runs = [
            score(method, sample, rank=RANK, seed=seed, floor=None)
            for seed, sample in enumerate(samples)
        ]
        methods[method] = {
            "loss": float(f"{statistics.mean(run.loss for run in runs):.6g}"),
            "cost": float(f"{statistics.mean(run.cost for run in runs):.6g}"),
            "seconds": float(f"{statistics.median(run.seconds for run in runs):.3g}"),
            "rank": max(run.rank for run in runs),
            "numbers": max(run.numbers for run in runs),
        }
    return {
        "mixture": asdict(mixture),
        "rank": RANK,
        "trials": _TRIALS,
        "methods": methods,
    }
