"""The section of docs/benchmarks.md on the almost-linear claim, and its picture.

Contents
--------
section     the section as text
picture     time against n, labels and cores beside dense matrices
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks import almost_linear, records
from benchmarks.tables import count_text, seconds_text, table
from exact_wlra.theorems.growth import Timing, above_floor, exponent
from exact_wlra.theorems.pictures import growth_picture

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "almost-linear.png"
_TITLES = {
    "patterned": "Labels and cores given",
    "dense": "Dense n x n",
}
# With fewer points the interval of a slope says nothing.
_LEAST_POINTS = 3


def section() -> str:
    """Return the section."""
    found = records.load(almost_linear.TOPIC)["records"].values()
    first = next(iter(found))
    r, p, runs = first["weight_patterns"], first["data_patterns"], first["runs"]
    load = max(run["load_average"] for run in found)
    parts = "\n".join(
        _family(family, title, timings(family)) for family, title in _TITLES.items()
    )
    return f"""## The almost-linear claim

![Time against n with fitted exponents](images/almost-linear.png)

Theorem 1.2 of the few-pattern paper [LiLiangShiSong2025]: time n^(1 + o(1)) where r, p and
k are fixed. Here W has {r} x {r} and A {p} x {p} patterns, k = {first["rank"]}, and the
cores are the same at every n; instead of an approximation up to 1 + ε, a bracket with
relative gap 1e-6 is proved. *Reading* takes an .npz file and checks every label or
entry, *compression* counts and merges, *solving* is the rest of `solve`, its check
included, and *lifting* writes U and V with n rows and columns. Medians of {runs} runs, load
average up to {load}; exponents by least squares in log-log, with 95 % intervals. In
*kernel* is what the operating system took of the total, mostly to hand out memory.

{parts}
"""


def picture() -> None:
    """Draw time against n for both families."""
    figure = growth_picture(timings("patterned"), timings("dense"))
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


def timings(family: str) -> list[Timing]:
    """Return the stored medians of a family, by size."""
    found = records.load(almost_linear.TOPIC)["records"].values()
    chosen = [
        Timing(
            n=run["n"],
            seconds=run["seconds"],
            gap=run["gap"],
            system=run["system_seconds"],
        )
        for run in found
        if run["family"] == family
    ]
    return sorted(chosen, key=lambda timing: timing.n)


def _family(family: str, title: str, measured: Sequence[Timing]) -> str:
    """Return the tables of one family and what they say."""
    stages = tuple(measured[0].seconds)
    rows = [
        (
            count_text(timing.n),
            *(seconds_text(timing.seconds[stage]) for stage in stages),
            seconds_text(timing.growing),
            seconds_text(timing.total),
            seconds_text(sum(timing.system.values())),
        )
        for timing in measured
    ]
    tells = above_floor(measured)
    slopes = [
        (name, exponent(measured, key), _slope(tells, key))
        for name, key in (
            *((stage, stage) for stage in stages),
            ("all but solving", "growing"),
            ("all but solving, kernel left out", "growing_alone"),
            ("total", "total"),
        )
    ]
    flat = [timing for timing in measured if timing not in tells]
    solving = [t for t in measured if 2 * t.seconds["solving"] > t.total]
    return f"""### {title}

{table(("n", *stages, "all but solving", "total", "kernel"), rows)}

{table(("stage", "exponent, all sizes", f"from n = {count_text(tells[0].n)}"), slopes)}

{_flat(flat)}{_solving(solving, measured)}{_SAYS[family]}
"""


def _flat(flat: Sequence[Timing]) -> str:
    """Return the sentence on sizes at which a fixed start is nearly everything."""
    if not flat:
        return ""
    return (
        f"Up to n = {count_text(flat[-1].n)} all but solving takes less than twice what "
        "it takes at the least n: a fixed start, which flattens slopes over all sizes. "
    )


def _solving(solving: Sequence[Timing], measured: Sequence[Timing]) -> str:
    """Return the sentence on sizes at which solving takes most of the time."""
    if len(solving) == len(measured):
        return "Solving takes more than half of the total at every size. "
    return (
        f"Solving takes more than half of the total up to n = "
        f"{count_text(solving[-1].n)}. "
        if solving
        else ""
    )


def _slope(tells: Sequence[Timing], stage: str) -> str:
    """Return an exponent over the sizes at which n tells."""
    return str(exponent(tells, stage)) if len(tells) >= _LEAST_POINTS else "too few"


_SAYS = {
    "patterned": (
        "After the compression the problem has the same shape at every n; `solve` counts "
        "the types once more, which is what grows in *solving*."
    ),
    "dense": (
        "The claim presupposes labels and cores: A and W have 2 n^2 entries, each of "
        "which is read once at least, and that two rows are equal is not known before "
        "they were read to the end."
    ),
}
