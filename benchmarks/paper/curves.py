"""Loss and time against rank for the first layers of trained networks.

Contents
--------
run             one image set: train, weigh, approximate; one record
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.paper.scores import Score, score
from benchmarks.paper.settings import (
    CONVENTIONS,
    FLOOR,
    FLOORS,
    LOCAL,
    LOCAL_RANKS,
    METHODS,
    Setting,
)
from exact_wlra.datasets.errors import MissingImagesError
from exact_wlra.datasets.images import ImageSet, load
from exact_wlra.experiments.layers import LayerInstance, TrainedLayer, weighted
from exact_wlra.experiments.spectra import leading_share, spectrum

# What is stored of a spectrum.
_SINGULAR_VALUES = 40
_FIGURES = 6


def run(
    setting: Setting, images: ImageSet, layers: Sequence[TrainedLayer]
) -> dict[str, Any]:
    """Return the record of one image set.

    Parameters
    ----------
    layers : sequence of TrainedLayer
        One for each trial.
    """
    started = time.perf_counter()
    record: dict[str, Any] = {
        "images": {
            "name": setting.name,
            "number": len(images.images),
            "shape": list(images.images.shape[1:]),
            "classes": images.n_classes,
            "source": images.source,
            "checksum": images.checksum,
        },
        "training": asdict(setting.training),
        "trials": setting.trials,
        "ranks": list(setting.ranks),
        "matrix": list(layers[0].entries.shape),
        "accuracy": _accuracies(setting, images, layers),
        "floor": FLOOR,
        "conventions": {},
    }
    for convention in CONVENTIONS:
        instances = [weighted(layer, convention) for layer in layers]
        record["conventions"][convention] = {
            "weights": _weights(instances),
            "curves": _curves(setting, instances),
            "floors": _floors(setting, instances),
            "histories": _histories(setting, instances[0]),
        }
    record["seconds"] = round(time.perf_counter() - started, 1)
    return record


def _accuracies(
    setting: Setting, images: ImageSet, layers: Sequence[TrainedLayer]
) -> dict[str, Any]:
    """Return mean shares of right answers, on the test part too if there is one."""

    def mean(part: ImageSet) -> float:
        inputs = part.inputs
        return _rounded(
            statistics.mean(x.network.accuracy(inputs, part.labels) for x in layers)
        )

    try:
        test = mean(load(setting.name, part="test"))
    except MissingImagesError:
        test = None
    return {"train": mean(images), "test": test}


def _weights(instances: Sequence[LayerInstance]) -> dict[str, Any]:
    """Return what is known of the weights, by trial."""
    roots = [instance.matrix.root_weights for instance in instances]
    spectra = [spectrum(root)[:_SINGULAR_VALUES] for root in roots]
    least = min(len(values) for values in spectra)
    ratios = np.mean([s[:least] / s[0] for s in spectra], axis=0)
    return {
        "leading_share": [_rounded(leading_share(root)) for root in roots],
        "spectrum": [_rounded(float(x), 4) for x in ratios],
        "zero_rows": [instance.zero_rows for instance in instances],
        "zero_columns": [instance.zero_columns for instance in instances],
        "single_zeros": [instance.single_zeros for instance in instances],
        "least_positive": [float(f"{root[root > 0].min():.2g}") for root in roots],
        "below_floor": [_rounded(float((root < FLOOR).mean()), 3) for root in roots],
    }


def _curves(setting: Setting, instances: Sequence[LayerInstance]) -> dict[str, Any]:
    """Return means over the trials, for each method and rank."""
    curves = {}
    for method in (*METHODS, *LOCAL):
        is_local = method in LOCAL
        ranks = [k for k in setting.ranks if not is_local or k in LOCAL_RANKS]
        rows = [
            [
                score(method, instance.matrix, rank=k, seed=seed)
                for seed, instance in enumerate(instances)
            ]
            for k in ranks
        ]
        curves[method] = {"ranks": ranks, **_summary(rows)}
    return curves


def _summary(rows: Sequence[Sequence[Score]]) -> dict[str, Any]:
    """Return one list over the ranks for each quantity."""
    losses = [[run.loss for run in row] for row in rows]
    return {
        "loss": [_rounded(statistics.mean(row)) for row in losses],
        "spread": [_rounded(statistics.pstdev(row), 2) for row in losses],
        "rank": [max(run.rank for run in row) for row in rows],
        "numbers": [max(run.numbers for run in row) for row in rows],
        "seconds": [
            _rounded(statistics.median(run.seconds for run in row), 3) for row in rows
        ],
        "processor_seconds": [
            _rounded(statistics.median(run.processor_seconds for run in row), 3)
            for row in rows
        ],
    }


def _floors(setting: Setting, instances: Sequence[LayerInstance]) -> dict[str, Any]:
    """Return the mean loss of `svd_w` against its floor, at the greatest rank."""
    rank = max(setting.ranks)
    losses = [
        statistics.mean(
            score("svd_w", instance.matrix, rank=rank, floor=floor).loss
            for instance in instances
        )
        for floor in FLOORS
    ]
    return {
        "rank": rank,
        "floors": list(FLOORS),
        "loss": [_rounded(loss) for loss in losses],
    }


def _histories(setting: Setting, instance: LayerInstance) -> dict[str, Any]:
    """Return the losses of EM after each step, from its starts, for the first trial."""
    rank = max(setting.ranks)
    runs = {
        method: score(method, instance.matrix, rank=rank)
        for method in ("em", "em-zero", "em-svd_w", "svd_w", "svd")
    }
    return {
        "rank": rank,
        "em": [runs["svd"].loss, *runs["em"].history],
        "em-zero": [1.0, *runs["em-zero"].history],
        "em-svd_w": [runs["svd_w"].loss, *runs["em-svd_w"].history],
    }


def _rounded(value: float, figures: int = _FIGURES) -> float:
    """Return a number with so many figures: more are not reproducible."""
    return float(f"{value:.{figures}g}")
