"""Arguments of the command line, and what they denote.

Contents
--------
Data, Weights, SquaredWeights, Rank     the problem
Method, OracleName, FormulationName     how to solve
Jobs, CheckpointFile                    how to search for long
Gap, Digits, TimeLimit, Seed            when to stop, and where to start
JsonFile, CertificateFile, PlotFile     what to write
Quiet                                   what not to say
Arithmetic                              how the checker computes
Ranks, MethodNames, Seeds               what to compare
Folder, ReportFile                      where a comparison goes
gap_of, ranks_of, problem_of            what texts denote
"""

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

import typer

from exact_wlra.errors import InvalidProblemError

if TYPE_CHECKING:
    from exact_wlra.problem import Problem


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
Gap = Annotated[
    str,
    typer.Option(
        metavar="GAP",
        help="Stop when (upper - lower) / upper is at most this number, read "
        "exactly: 1e-6, 0.001, 1/1000 or 0.",
    ),
]
Digits = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Prove this many digits of the optimum: a gap of 10^-N.",
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help="Return the best proved bracket after this many seconds.",
    ),
]
Seed = Annotated[
    int, typer.Option(metavar="N", min=0, help="Seed of the random starts.")
]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="OUT.json", help="Write everything, exactly, to this file."
    ),
]
CertificateFile = Annotated[
    Path | None,
    typer.Option(
        "--certificate",
        metavar="CERT.json",
        help="Write the certificate, for exact-wlra check, to this file.",
    ),
]
PlotFile = Annotated[
    Path | None,
    typer.Option(
        "--plot", metavar="OUT.png", help="Draw a picture (.png, .svg or .pdf)."
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", help="Show no progress, and results on one line each."),
]
Ranks = Annotated[
    str | None,
    typer.Option(
        "--rank",
        metavar="K",
        help="The ranks: 2, or 1:4 for 1 to 4, or 1,3. They may be left out where DATA "
        "states one.",
    ),
]
MethodNames = Annotated[
    str,
    typer.Option(
        "--methods", metavar="A,B", help="The methods to compare, by name; or all."
    ),
]
Seeds = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, help="How many seeds methods with random numbers get."
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option("--report", metavar="OUT.html", help="Write a report (.html or .md)."),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Write picture, reports, JSON and CSV into this folder; a new one in "
        "exact-wlra-compare/ if no file is named.",
    ),
]


def ranks_of(text: str) -> tuple[int, ...]:
    """Return the ranks that a text denotes, in ascending order.

    Raises
    ------
    InvalidProblemError
        If it denotes none.

    Examples
    --------
    >>> ranks_of("2"), ranks_of("1:3"), ranks_of("7,1:2")
    ((2,), (1, 2, 3), (1, 2, 7))
    """
    found: set[int] = set()
    for part in text.split(","):
        first, colon, last = part.strip().partition(":")
        try:
            low = int(first)
            high = int(last) if colon else low
        except ValueError:
            low, high = -1, -1
        if low < 0 or high < low:
            raise InvalidProblemError(
                f"--rank is '{text}'; give a rank like 2, ranks like 1:4 or 1,3."
            )
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def gap_of(text: str) -> Fraction:
    """Return the gap that a text denotes, exactly.

    Raises
    ------
    InvalidProblemError
        If it denotes no number.

    Examples
    --------
    >>> gap_of("1e-6")
    Fraction(1, 1000000)
    """
    from semialgebraic.errors import InvalidInputError
    from semialgebraic.rationals import parse_rational

    try:
        return parse_rational(text)
    except InvalidInputError as error:
        raise InvalidProblemError(f"--gap: {error}") from None


def problem_of(
    data: str, weights: Path | None, squared_weights: Path | None, rank: str | None
) -> "Problem":
    """Return the problem that the arguments name.

    Raises
    ------
    InvalidProblemError
        If they name none.
    """
    from exact_wlra.reading import read

    try:
        k = None if rank is None else int(rank)
    except ValueError:
        raise InvalidProblemError(
            f"--rank is '{rank}'; give an integer that is at least 0."
        ) from None
    return read(data, weights=weights, squared_weights=squared_weights, rank=k)
