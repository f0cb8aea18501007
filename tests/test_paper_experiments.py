"""The drivers of the experiments, on networks small enough for a test."""

from typing import Any

import numpy as np
import pytest

from benchmarks.paper import curves, mixture, proved, render
from benchmarks.paper.scores import score
from benchmarks.paper.settings import LOCAL, METHODS, SETTINGS, Setting
from exact_wlra.datasets.images import IMAGE_SETS, load
from exact_wlra.experiments.layers import TrainedLayer, trained_layer
from exact_wlra.experiments.mixtures import GaussianMixture
from exact_wlra.experiments.perceptron import Training
from exact_wlra.heuristics.registry import METHODS as REGISTERED
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

SETTING = Setting(
    name="digits", training=Training(n_hidden=24, epochs=1), trials=2, ranks=(1, 3)
)


@pytest.fixture(scope="module")
def layers() -> list[TrainedLayer]:
    images = load(SETTING.name)
    return [
        trained_layer(images, training=SETTING.training, seed=seed) for seed in (0, 1)
    ]


def without_times(value: Any) -> Any:
    """Return a record without what the clock says."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if "seconds" not in k}
    return value


def test_settings_name_image_sets_and_methods_that_exist() -> None:
    assert {setting.name for setting in SETTINGS} <= set(IMAGE_SETS)
    assert {*METHODS, *LOCAL} <= set(REGISTERED)


def test_a_record_repeats_by_seed_and_has_the_form_of_the_stored_ones(
    layers: list[TrainedLayer],
) -> None:
    images = load(SETTING.name)
    first, second = (curves.run(SETTING, images, layers) for _ in range(2))
    assert without_times(first) == without_times(second)
    stored = render.layers()["digits"]
    assert set(first) <= set(stored)
    for convention, record in first["conventions"].items():
        assert set(record) == set(stored["conventions"][convention])
        assert set(record["curves"]) == {*METHODS, *LOCAL}


def test_algorithm_two_is_scored_with_the_weights_as_they_are() -> None:
    generator = np.random.default_rng(0)
    root = generator.uniform(0, 1, (6, 5)) ** 8
    root[0, 0] = 0
    matrix = WeightedMatrix.from_arrays(generator.standard_normal((6, 5)), root)
    raised = WeightedMatrix.from_arrays(matrix.data, np.maximum(root, 0.1 * root.max()))
    floored = score("svd_w", matrix, rank=2, floor=0.1)
    other = score("svd_w", raised, rank=2, floor=None)
    # The second is scored with the raised weights.
    assert floored.rank == other.rank == 2
    assert floored.cost < other.cost
    zero = matrix.cost(np.zeros((6, 5)))
    assert floored.loss == pytest.approx(floored.cost / zero)


def test_em_after_algorithm_two_starts_where_that_ended() -> None:
    generator = np.random.default_rng(1)
    root = generator.uniform(0.5, 1, (6, 5))
    matrix = WeightedMatrix.from_arrays(generator.standard_normal((6, 5)), root)
    before = score("svd_w", matrix, rank=2, floor=None)
    after = score("em-svd_w", matrix, rank=2, floor=None)
    assert after.history[0] <= before.loss * (1 + 1e-12)
    assert after.cost <= before.cost


def test_proved_records_hold_a_bracket_and_all_methods(
    layers: list[TrainedLayer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proved, "_BLOCKS", (((4, 4), 1),))
    monkeypatch.setattr(proved, "_BLOCK_SEEDS", (0,))
    monkeypatch.setattr(proved, "_RANKS", (2,))
    monkeypatch.setattr(proved, "_SEEDS", 2)
    found = proved.run(layers[0])
    assert [record["kind"] for record in found] == ["block", "layer"] * 2
    for record in found:
        assert record["closed"]
        for run in record["methods"].values():
            if run["rank"] <= record["rank"]:
                assert run["ratio_to_lower"] >= 1 - 1e-9


def test_the_mixture_record_ranks_group_svd_below_everything() -> None:
    sizes = GaussianMixture(n_points=60, n_coordinates=12, n_components=2)
    methods = mixture.run(sizes)["methods"]
    least = methods["group-svd"]["cost"] * (1 - 1e-9)
    assert all(run["cost"] >= least for run in methods.values())
