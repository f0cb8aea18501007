"""docs/experiments.md is what the stored records make, and the records are consistent.

Contents
--------
page            made from the records, its pictures are there and small
recovered       the paper's numbers are the ones of its tables
claims          verdicts on curves made for them
records         ranks, numbers, brackets, checksums
"""

import re
from itertools import pairwise
from typing import Any

import pytest

from benchmarks import records
from benchmarks.paper import claims, render
from benchmarks.paper.claims import CLAIMS, Curves
from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import CONVENTIONS, LOCAL, METHODS, PAPER
from exact_wlra.datasets.images import load

LAYERS = render.layers()
PROVED = [
    (name, number, instance)
    for name, record in records.load("paper_proved")["records"].items()
    for number, instance in enumerate(record["instances"])
]
every_curve = pytest.mark.parametrize(
    ("name", "convention"), [(n, c) for n in LAYERS for c in CONVENTIONS]
)
every_proof = pytest.mark.parametrize(
    "instance", [i for *_, i in PROVED], ids=[f"{n}-{m}" for n, m, _ in PROVED]
)


def test_the_page_is_made_from_the_stored_results() -> None:
    assert render.page() == render.PAGE.read_text(encoding="utf-8")


def test_its_pictures_are_there_and_small() -> None:
    text = render.PAGE.read_text(encoding="utf-8")
    names = re.findall(r"\]\((images/[^)]*)\)", text)
    assert len(names) == len(LAYERS) + 5
    for name in names:
        assert (render.PAGE.parent / name).stat().st_size < 150_000


def test_recovered_curves_pass_through_the_tables() -> None:
    # Tables 3, 4 and 5: svd_w, adam, em, greedy, sample, svd.
    tables = {
        ("mnist", 20): (0.01566, 0.01526, 0.01489, 0.01894, 0.03084, 0.02033),
        ("fashion_mnist", 20): (0.06888, 0.06734, 0.06269, 0.07671, 0.10926, 0.07834),
        ("smallnorb", 10): (0.0198, 0.0348, 0.0202, 0.0391, 0.6094, 0.0429),
        ("colorectal_histology", 5): (
            0.01611,
            0.01803,
            0.01546,
            0.01678,
            0.02393,
            0.01683,
        ),
    }
    for (name, rank), row in tables.items():
        curves = recovered().curves[name]
        assert tuple(curves[method][rank - 1] for method in PAPER) == row
    assert all(
        len(curve) == 20
        for curves in recovered().curves.values()
        for curve in curves.values()
    )


def made(images: str, **factors: float) -> Curves:
    """Return curves that are multiples of 1/k, em itself unless something is said."""
    ranks = tuple(range(1, 21))
    return Curves(
        images=images,
        ranks=ranks,
        loss={m: [factors.get(m, 1.0) / k for k in ranks] for m in PAPER},
    )


@pytest.mark.parametrize(
    ("images", "factor", "number", "holds"),
    [
        ("mnist", 1.05, "+5.0 %", True),
        ("mnist", 1.08, "+8.0 %", False),
        ("fashion_mnist", 1.08, "+8.0 %", True),
        ("digits", 1.5, "+50.0 %", None),
    ],
)
def test_the_excess_is_held_against_the_claim_about_these_images(
    images: str, factor: float, number: str, holds: bool | None
) -> None:
    verdict = CLAIMS[0].judge(made(images, svd_w=factor))
    assert (verdict.number, verdict.holds) == (number, holds)


def test_each_claim_can_hold_and_can_fail() -> None:
    good = {"svd_w": 1.01, "adam": 1.005, "em": 0.99, "sample": 3.0, "svd": 2.0}
    bad = {"svd_w": 1.5, "adam": 1.6, "em": 1.1, "sample": 0.5, "svd": 1.0}
    for claim in CLAIMS:
        for images in claims.EXCESS:
            first = claim.judge(made(images, **good)).holds
            second = claim.judge(made(images, **bad)).holds
            if claim.sentence.startswith("svd_w costs less than em"):
                first = claim.judge(made(images, svd_w=0.9)).holds
            assert (first, second) in {(True, False), (None, None)}


def test_the_paper_keeps_the_claims_that_were_read_off_its_own_curves() -> None:
    for name in ("mnist", "fashion_mnist", "colorectal_histology"):
        curves = Curves(
            images=name, ranks=tuple(range(1, 21)), loss=recovered().curves[name]
        )
        assert CLAIMS[0].judge(curves).holds


@every_curve
def test_every_method_is_scored_at_its_own_rank(name: str, convention: str) -> None:
    record = LAYERS[name]
    n, d = record["matrix"]
    for method in (*METHODS, *LOCAL):
        curve: dict[str, Any] = record["conventions"][convention]["curves"][method]
        for k, rank, numbers in zip(
            curve["ranks"], curve["rank"], curve["numbers"], strict=True
        ):
            assert rank <= k
            assert numbers <= (n + d) * k
        lengths = {len(values) for values in curve.values()}
        assert lengths == {len(curve["ranks"])}


@every_curve
def test_steps_of_em_never_raise_the_loss(name: str, convention: str) -> None:
    histories = LAYERS[name]["conventions"][convention]["histories"]
    for method in ("em", "em-zero", "em-svd_w"):
        losses = histories[method]
        assert len(losses) > 20
        # The start of em-zero is X = 0, and any other start has rank k.
        assert all(b <= a * (1 + 1e-9) for a, b in pairwise(losses))


@every_proof
def test_no_matrix_of_rank_k_costs_less_than_the_proved_bound(
    instance: dict[str, Any],
) -> None:
    assert 0 < instance["lower"] <= instance["upper"]
    assert instance["closed"] == (instance["gap"] <= 1e-6)
    for run in instance["methods"].values():
        if run["rank"] <= instance["rank"]:
            assert run["ratio_to_lower"] >= 1 - 1e-7
            assert run["best_ratio_to_upper"] >= 1 - instance["gap"] - 1e-7
        assert run["reached"] <= run["runs"]


@every_proof
def test_bounds_of_the_theory_stand_in_their_order(instance: dict[str, Any]) -> None:
    if instance["kind"] == "layer":
        methods = instance["methods"]
        first, second = (
            methods[name]["ratio_to_upper"] for name in ("reweighted", "group-svd")
        )
        assert first <= second + 1e-9
        assert second <= 1 + 1e-9


def test_weights_of_rank_one_make_algorithm_two_optimal() -> None:
    methods = records.load("paper_mixture")["records"]["isotropic"]["methods"]
    least = min(run["cost"] for run in methods.values())
    assert methods["svd_w"]["cost"] == pytest.approx(least, rel=1e-5)


def test_the_recorded_digits_are_the_ones_that_are_found_here() -> None:
    assert LAYERS["digits"]["images"]["checksum"] == load("digits").checksum
