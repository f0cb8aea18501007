"""Arguments that several commands of the command line share.

Contents
--------
Data, Weights, SquaredWeights, Rank     the problem
Method, OracleName, FormulationName     how to solve
Jobs, CheckpointFile                    how to search for long
Arithmetic                              how the checker computes
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, final

import typer


@final
class Arithmetic(StrEnum):
    """How the checker proves semidefiniteness."""

    AUTOMATIC = "automatic"
    RATIONAL = "rational"
    ROUNDED = "rounded"


Data = Annotated[
    str,
    typer.Argument(
        help="The data A: a .csv, .tsv, .txt, .npy, .npz, .mtx, .json or .parquet "
        "file, or dataset:NAME. A blank or NaN entry is missing.",
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        metavar="W",
        help="File of the weights W, which multiply the residual. With no weights at "
        "all, missing entries get 0 and the others 1.",
    ),
]
SquaredWeights = Annotated[
    Path | None,
    typer.Option(
        "--squared-weights",
        metavar="W2",
        help="File of the squared weights, instead of --weights.",
    ),
]
Rank = Annotated[
    str | None,
    typer.Option(
        "--rank",
        metavar="K",
        help="The rank k, at least 0. It may be left out where DATA states it.",
    ),
]
Method = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="auto, or the one method to use: two-rows, weighted-svd, plane, "
        "spectral, simplicial, sweep, row-cells, moments, minorant, split, charts "
        "or threshold.",
    ),
]
OracleName = Annotated[
    str,
    typer.Option(
        "--oracle",
        metavar="NAME",
        help="Bisect the optimum with this decision oracle (method threshold); "
        "exact-wlra oracles lists them.",
    ),
]
FormulationName = Annotated[
    str,
    typer.Option(
        "--formulation",
        metavar="NAME",
        help="What the oracle is asked: charts, charts-of-v, charts-of-u, plain, "
        "sketched-charts, sketched or pattern-space (which asks no oracle).",
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="Share long searches of pattern space among so many processes; the result "
        "is the same.",
    ),
]
CheckpointFile = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        metavar="FILE",
        help="Keep the state of such a search in this file, twice a minute or less "
        "often; the same command goes on from it, however it was ended.",
    ),
]
