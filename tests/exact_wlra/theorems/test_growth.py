"""Time against n: the parts are measured, and exponents are recovered."""

from __future__ import annotations

import pytest

from exact_wlra.theorems.growth import (
    DENSE_STAGES,
    PATTERNED_STAGES,
    Timing,
    above_floor,
    dense_timing,
    exponent,
    medians,
    patterned_timing,
)

SIZES = (1000, 3000, 10_000, 30_000, 100_000)


def timing(n: int, start: float = 0.0) -> Timing:
    seconds = {
        "reading": start + 1e-6 * n,
        "solving": 0.001 * n**0.5,
        "lifting": 1e-7 * n,
    }
    return Timing(n=n, seconds=seconds, gap=0.0, system={"reading": 5e-7 * n})


@pytest.mark.parametrize(
    ("stage", "slope"),
    [("reading", 1.0), ("growing", 1.0), ("growing_alone", 1.0), ("solving", 0.5)],
)
def test_exponents_are_recovered(stage: str, slope: float) -> None:
    found = exponent([timing(n) for n in SIZES], stage)
    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.low <= found.slope <= found.high


def test_a_stage_that_grows_less_flattens_the_total() -> None:
    assert exponent([timing(n) for n in SIZES], "total").slope < 0.7


def test_sizes_below_a_fixed_start_are_left_out() -> None:
    measured = [timing(n, start=0.01) for n in SIZES]
    kept = above_floor(measured)
    assert [each.n for each in kept] == [30_000, 100_000]


@pytest.mark.parametrize(
    ("timed", "stages"),
    [(patterned_timing, PATTERNED_STAGES), (dense_timing, DENSE_STAGES)],
)
def test_every_stage_is_measured_and_the_gap_is_proved(
    timed: object, stages: tuple[str, ...]
) -> None:
    (found,) = medians(timed, (60,), repeats=1)  # type: ignore[arg-type]
    assert tuple(found.seconds) == stages
    assert set(found.system) == set(stages)
    assert 0 <= found.gap <= 1e-6
    assert found.total >= found.growing >= 0
