"""The sections of docs/experiments.md on losses, times and EM.

Contents
--------
section         Figure 2 and Tables 3 to 5
times           Figure 3 and ratios of times
refinement      Figure 4
"""

from typing import Any

from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import CONVENTIONS, LOCAL, METHODS
from benchmarks.paper.speeds import ASKED
from benchmarks.tables import seconds_text, table

_TABLE_RANKS = (20, 10, 5)


def section(found: dict[str, Any]) -> str:
    """Return the losses of all image sets."""
    return "\n".join(
        [
            """## Losses (Figure 2, Tables 3 to 5)

Means over the trials; in brackets the ratio to `em`, and after the bar that ratio in
the paper, where it has these images. `em` starts from the SVD of A, `em-zero` from
zero, `em-svd_w` from the answer of svd_w; 25 steps each. `adam` is the paper's schedule
from a Gaussian start; `adam-normalized` the same after scaling data and weights to one,
since a step of 1.0 means something else for small data. `als` and `lbfgs` run until
they stall and are the best known value here, at k = 1, 5, 10, 20 only.
""",
            *(_losses(name, record) for name, record in found.items()),
        ]
    )


def _losses(name: str, record: dict[str, Any]) -> str:
    """Return the table and the picture of one image set."""
    head = ["method"]
    columns = []
    for rank in _TABLE_RANKS:
        for convention in CONVENTIONS:
            head.append(f"k = {rank}, W from {convention}")
            columns.append(_column(name, record, convention, rank))
    largest = _TABLE_RANKS[0]
    head += [f"rank at k = {largest}", "numbers there"]
    curves = [record["conventions"][c]["curves"] for c in CONVENTIONS]
    rows = [
        (
            method,
            *(column[method] for column in columns),
            *(
                max(_at(curve[method], largest, quantity) for curve in curves)
                for quantity in ("rank", "numbers")
            ),
        )
        for method in (*METHODS, *LOCAL)
    ]
    return f"""### {name}

![Loss against rank, {name}](images/experiments/loss-{name}.png)

{table(head, rows)}
"""


def _column(
    name: str, record: dict[str, Any], convention: str, rank: int
) -> dict[str, str]:
    """Return losses with ratios to em, ours and the paper's."""
    curves = record["conventions"][convention]["curves"]
    known = recovered().curves.get(name, {})
    em = _at(curves["em"], rank)
    texts = {}
    for method, curve in curves.items():
        loss = _at(curve, rank)
        ratio = f"{loss / em:.2f}"
        if method in known:
            ratio += f" \\| {known[method][rank - 1] / known['em'][rank - 1]:.2f}"
        texts[method] = f"{loss:.4f} ({ratio})"
    return texts


def _at(curve: dict[str, Any], rank: int, quantity: str = "loss") -> Any:
    """Return the loss at a rank, or another quantity."""
    return curve[quantity][curve["ranks"].index(rank)]


def times(record: dict[str, Any]) -> str:
    """Return the section on times."""
    methods = next(iter(record["ranks"].values()))["seconds"]
    rows = [
        (
            method,
            *(seconds_text(at["seconds"][method]) for at in record["ranks"].values()),
        )
        for method in methods
    ]
    head = ("method", *(f"k = {rank}, s" for rank in record["ranks"]))
    ratios = [
        (
            f"{above} / {below}",
            wanted,
            *(
                _judged(at["ratios"][f"{above} / {below}"], wanted)
                for at in record["ranks"].values()
            ),
        )
        for above, below, wanted in ASKED
    ]
    ratio_head = ("ratio", "wanted", *(f"k = {rank}" for rank in record["ranks"]))
    shape = " x ".join(map(str, record["shape"]))
    synthetic = recovered().synthetic["seconds"]
    theirs = ", ".join(
        f"{above}/{below} {synthetic[above] / synthetic[below]:.1f}"
        for above, below in (("svd_w", "svd"), ("em", "svd_w"), ("adam", "svd_w"))
    )
    return f"""## Times (Figure 3)

![Seconds against rank](images/experiments/seconds.png)

Measured in one run on {record["images"]} ({shape} without empty rows, W from
importance), {record["rounds"]} rounds of all methods in turn, elapsed seconds, medians;
`als` and `lbfgs` once. An ordinary SVD (*LAPACK*) is what the paper describes; svd_w
and em, as they are called elsewhere on this page, take the eigenvectors of the smaller
Gram matrix (*gram*), svd is LAPACK's.

{table(head, rows)}

{table(ratio_head, ratios)}

The only times of the paper that we have are those of its synthetic experiment, on
another machine: {theirs}.
"""


def _judged(ratio: float, wanted: str) -> str:
    """Return a ratio with whether it is as wanted."""
    bound = float(wanted.rsplit(maxsplit=1)[-1])
    holds = ratio <= bound if wanted.startswith("at most") else ratio >= bound
    return f"{ratio:.3g}: {'yes' if holds else '**no**'}"


def refinement(found: dict[str, Any]) -> str:
    """Return the section on EM after svd_w."""
    rows = []
    for name, record in found.items():
        for convention in CONVENTIONS:
            histories = record["conventions"][convention]["histories"]
            em, after = histories["em"], histories["em-svd_w"]
            overtaken = next(
                (step for step, loss in enumerate(after) if loss <= em[-1]), None
            )
            rows.append(
                (
                    name,
                    convention,
                    f"{after[0]:.4f}",
                    f"{after[-1]:.4f}",
                    f"{em[-1]:.4f}",
                    f"{histories['em-zero'][-1]:.4f}",
                    "never" if overtaken is None else overtaken,
                )
            )
    head = (
        "images",
        "W from",
        "svd_w",
        "then 25 steps",
        "25 steps from svd",
        "25 steps from zero",
        "steps after svd_w that equal 25 from svd",
    )
    return f"""## EM after svd_w (Figure 4)

![Loss against steps of EM](images/experiments/refinement.png)

{table(head, rows)}

Losses of the first trial at k = 20.
"""
