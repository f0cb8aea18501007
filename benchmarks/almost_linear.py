"""Theorem 1.2 of the few-pattern paper, end to end: time against n, few patterns.

``python -m benchmarks.almost_linear`` measures labels and cores for n = 10^3 ... 10^7,
then dense n x n matrices, in two minutes or so, and stores the seconds of every stage
in benchmarks/results/almost_linear.json; benchmarks/render.py makes the section and the
picture from them.

Contents
--------
main            measure both families
"""

import sys
from collections.abc import Mapping

from benchmarks import records
from exact_wlra.theorems.growth import (
    DATA_PATTERNS,
    WEIGHT_PATTERNS,
    Timing,
    dense_timing,
    medians,
    patterned_timing,
)

TOPIC = "almost_linear"
PATTERNED = tuple(round(10 ** (half / 2)) for half in range(6, 15))
DENSE = (250, 354, 500, 707, 1000, 1414, 2000, 2828, 4000)
_REPEATS = 5


def main() -> None:
    """Measure both families and store the records."""
    for family, timed, sizes in (
        ("patterned", patterned_timing, PATTERNED),
        ("dense", dense_timing, DENSE),
    ):
        for timing in medians(timed, sizes, repeats=_REPEATS):
            records.keep(TOPIC, f"{family} {timing.n}", _record(family, timing))
            sys.stderr.write(f"{family} {timing.n}: {timing.total:.3f} s\n")


def _record(family: str, timing: Timing) -> dict[str, object]:
    """Return what is stored."""
    return {
        "family": family,
        "n": timing.n,
        "rank": 1,
        "weight_patterns": WEIGHT_PATTERNS,
        "data_patterns": DATA_PATTERNS,
        "runs": _REPEATS,
        "gap": timing.gap,
        "seconds": _rounded(timing.seconds),
        "system_seconds": _rounded(timing.system),
    }


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    """Return the seconds of each stage in microseconds."""
    return {stage: round(value, 6) for stage, value in seconds.items()}


if __name__ == "__main__":
    main()
