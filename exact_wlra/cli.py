"""The command line: arguments in, sentences and an exit status out.

Contents
--------
main            the entry point `exact-wlra`
app             the commands

Notes on the implementation
---------------------------
Commands import what they use when they run, so that help appears at once. Results go to
standard output, progress and errors to standard error. Exit status: 0 proved to the
asked gap, or accepted; 1 stopped before that; 2 wrong call or input; 3 rejected.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exact_wlra import __version__
from exact_wlra.terminal.arguments import (
    Arithmetic,
    CertificateFile,
    CheckpointFile,
    Data,
    Digits,
    Folder,
    FormulationName,
    Gap,
    Jobs,
    JsonFile,
    Method,
    MethodNames,
    OracleName,
    PlotFile,
    Quiet,
    Rank,
    Ranks,
    ReportFile,
    Seed,
    Seeds,
    SquaredWeights,
    TimeLimit,
    Weights,
    gap_of,
    problem_of,
    ranks_of,
)
from exact_wlra.terminal.verify_theorems import EPILOG, verify_theorems

if TYPE_CHECKING:
    from exact_wlra.solution import Solution
    from exact_wlra.terminal.progress import Progress

_PROVED, _STOPPED, _WRONG_INPUT, _REJECTED = 0, 1, 2, 3

app = typer.Typer(
    name="exact-wlra",
    help="Prove the global optimum of weighted low rank approximation: minimize "
    "sum W_ij^2 (A_ij - X_ij)^2 over matrices X of rank at most k, with a certificate "
    "that a separate checker accepts.",
    epilog="Begin with: exact-wlra demo",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; the entry point of the package."""
    app()


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    if version:
        print(f"exact-wlra {__version__}")
        raise typer.Exit(_PROVED)


@app.command(
    epilog="Example: exact-wlra solve dataset:airquality --rank 1 --certificate c.json"
)
def solve(
    data: Data,
    *,
    weights: Weights = None,
    squared_weights: SquaredWeights = None,
    rank: Rank = None,
    gap: Gap = "1e-6",
    digits: Digits = None,
    time_limit: TimeLimit = 60.0,
    method: Method = "auto",
    oracle: OracleName = "auto",
    formulation: FormulationName = "charts",
    seed: Seed = 0,
    jobs: Jobs = 1,
    checkpoint: CheckpointFile = None,
    json: JsonFile = None,
    certificate: CertificateFile = None,
    plot: PlotFile = None,
    quiet: Quiet = False,
) -> None:
    """Prove a bracket around the optimum, with a certificate.

    The factors cost exactly the upper end of the bracket; both ends are rationals.
    Ctrl-C ends the search and returns the bracket proved so far.
    """
    with _sentences():
        from exact_wlra import driver
        from exact_wlra.files.solution_files import OutputFiles

        outputs = OutputFiles(json=json, certificate=certificate, plot=plot)
        outputs.spare(data, weights, squared_weights)
        wanted = gap_of(gap)
        problem = problem_of(data, weights, squared_weights, rank)
        with _progress(float(wanted), quiet=quiet) as progress:
            solution = driver.solve(
                problem,
                gap=wanted,
                digits=digits,
                time_limit=time_limit,
                method=method,
                oracle=oracle,
                formulation=formulation,
                seed=seed,
                jobs=jobs,
                checkpoint=checkpoint,
                report=progress.take,
            )
        _show(solution, data, quiet=quiet)
        written = outputs.write(problem, solution, progress.history, title=data)
        if not quiet:
            for path in written:
                print(f"wrote {path}")
    raise typer.Exit(_PROVED if solution.is_proved else _STOPPED)


@app.command(epilog="Example: exact-wlra check dataset:airquality --rank 1 c.json")
def check(
    data: Data,
    certificate: Annotated[
        Path, typer.Argument(help="The certificate to judge, a .json file.")
    ],
    *,
    weights: Weights = None,
    squared_weights: SquaredWeights = None,
    rank: Rank = None,
    arithmetic: Annotated[
        Arithmetic,
        typer.Option(
            help="How semidefinite matrices are proved to be so: exactly, in floating "
            "point under a proved rounding bound, or as their sizes suggest."
        ),
    ] = Arithmetic.AUTOMATIC,
) -> None:
    """Judge a certificate against a problem; no solver takes part.

    The exit status is 0 if it is accepted and 3 if a step of it is false; a file that
    does not follow the format is wrong input, with exit status 2.
    """
    with _sentences():
        from exact_wlra.certificate_json import certificate_from_json
        from exact_wlra.checker import check_certificate
        from exact_wlra.errors import RejectedCertificateError
        from exact_wlra.solution import decimal_text

        problem = problem_of(data, weights, squared_weights, rank)
        claimed = certificate_from_json(certificate.read_bytes())
        try:
            proved = check_certificate(
                problem.instance, claimed, arithmetic=arithmetic.value
            )
        except RejectedCertificateError as error:
            print(f"rejected: {error}")
            raise typer.Exit(_REJECTED) from None
        print("accepted: the certificate proves this problem's bracket")
        print(f"  lower  {decimal_text(claimed.lower)}")
        print(f"  upper  {decimal_text(claimed.upper)}   (cost of the factors, exact)")
        if proved > claimed.lower:
            print(f"  the proof gives even more: lower {decimal_text(proved)}")


@app.command(epilog="Example: exact-wlra plan dataset:votes-repub --rank 1")
def plan(
    data: Data,
    weights: Weights = None,
    squared_weights: SquaredWeights = None,
    rank: Rank = None,
) -> None:
    """Say what would be done, and why; nothing is solved.

    The plan lists the reductions with the shapes they lead to, and for each part that
    remains its weight patterns, the methods that apply, what they may cost, and the
    sizes of its formulations as polynomial systems.
    """
    with _sentences():
        problem = problem_of(data, weights, squared_weights, rank)
        from exact_wlra.planning import plan as planned

        print(planned(problem))


@app.command(epilog="Example: exact-wlra compress dataset:lsat6 --rank 1 --out s.json")
def compress(
    data: Data,
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE.json", help="Write the smaller instance and the way back."
        ),
    ],
    weights: Weights = None,
    squared_weights: SquaredWeights = None,
    rank: Rank = None,
) -> None:
    """Write the equivalent smaller instance, and the way back.

    The file is exact JSON; docs/interface.md describes it.
    """
    with _sentences():
        from exact_wlra.files.solution_files import check_spared, check_writable

        check_writable("--out", out)
        check_spared("--out", out, (data, weights, squared_weights))
        problem = problem_of(data, weights, squared_weights, rank)
        from exact_wlra.compression import compress as compressed

        compression = compressed(problem)
        out.write_text(compression.to_json() + "\n", encoding="utf-8")
        print(compression)
        print(f"wrote {out}")


@app.command(epilog="Example: exact-wlra compare dataset:four-basins-4x4 --rank 1")
def compare(
    data: Data,
    *,
    weights: Weights = None,
    squared_weights: SquaredWeights = None,
    rank: Ranks = None,
    methods: MethodNames = "all",
    seeds: Seeds = 5,
    gap: Gap = "1e-6",
    time_limit: TimeLimit = 60.0,
    out: Folder = None,
    json: JsonFile = None,
    plot: PlotFile = None,
    report: ReportFile = None,
    quiet: Quiet = False,
) -> None:
    """Put approximations beside the proved optimum: tables, a picture, a report.

    Each cost stands with the rank and the count of numbers of its matrix: what is not
    of rank K is shown apart and never counts as a solution. Ctrl-C ends the comparison
    and shows what is there.
    """
    with _sentences():
        from exact_wlra.comparison.comparing import compare as compared
        from exact_wlra.comparison.output_files import ComparisonFiles
        from exact_wlra.terminal.rendering import comparison_lines

        outputs = ComparisonFiles(folder=out, json=json, plot=plot, report=report)
        outputs.spare(data, weights, squared_weights)
        wanted = gap_of(gap)
        ranks = None if rank is None else ranks_of(rank)
        first = None if ranks is None else str(ranks[0])
        problem = problem_of(data, weights, squared_weights, first)
        title = data.removeprefix("dataset:")
        with _progress(float(wanted), quiet=quiet) as progress:
            found = compared(
                problem,
                "all" if methods == "all" else methods.replace(" ", "").split(","),
                ranks,
                seeds,
                gap=wanted,
                time_limit=time_limit,
                title=title,
                report=progress.take,
            )
        if quiet:
            print("\n".join(comparison_lines(found)))
        else:
            from rich.console import Console

            Console().print(found)
        name = f"{Path(title).stem} rank {rank or problem.rank}"
        written = outputs.write(found, name=name)
        if not quiet:
            for path in written:
                print(f"wrote {path}")
    is_right = found.is_proved and not found.violations
    raise typer.Exit(_PROVED if is_right else _STOPPED)


@app.command(epilog="Example: exact-wlra datasets")
def datasets() -> None:
    """List the instances that ship, each with its source."""
    with _sentences():
        from rich.console import Console

        from exact_wlra import datasets as shipped
        from exact_wlra.terminal.rendering import datasets_table

        known = [shipped.describe(name) for name in shipped.names()]
        Console().print(datasets_table(known))
        print("Use one as DATA: dataset:NAME. Licences: docs/datasets.md.")


@app.command(epilog="Example: exact-wlra oracles")
def oracles() -> None:
    """List what can decide polynomial systems, what it proves, and what is missing."""
    with _sentences():
        from rich.console import Console

        from exact_wlra.terminal.rendering import oracles_table

        Console().print(oracles_table())
        print("Ask one with: exact-wlra solve ... --oracle NAME")


@app.command(epilog="Example: exact-wlra demo")
def demo() -> None:
    """Show the main job on two instances that ship.

    Pictures, solutions and certificates are written to the folder exact-wlra-demo in
    the current directory.
    """
    with _sentences():
        from rich.console import Console

        from exact_wlra.terminal.demo import run

        is_proved = run(Console())
    raise typer.Exit(_PROVED if is_proved else _STOPPED)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn errors of the user's into one sentence and an exit status."""
    from exact_wlra.datasets import UnknownDatasetError
    from exact_wlra.errors import WLRAError
    from semialgebraic.errors import InvalidInputError

    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}; check the path and try again.")
    except (WLRAError, InvalidInputError, UnknownDatasetError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        print("exact-wlra: interrupted before there was a bracket.", file=sys.stderr)
        raise typer.Exit(_STOPPED) from None


app.command("verify-theorems", epilog=EPILOG)(_sentences()(verify_theorems))


def _fail(sentence: str) -> None:
    """Print what is wrong and stop with the status for wrong input."""
    print(f"exact-wlra: {sentence}", file=sys.stderr)
    raise typer.Exit(_WRONG_INPUT) from None


def _progress(gap: float, *, quiet: bool) -> "Progress":
    """Return the display of progress, on standard error."""
    from rich.console import Console

    from exact_wlra.terminal.progress import Progress

    return Progress(None if quiet else Console(stderr=True), gap=gap)


def _show(solution: "Solution", data: str, *, quiet: bool) -> None:
    """Print the result."""
    from exact_wlra.terminal.rendering import bracket_line, result_panel

    if quiet:
        print(bracket_line(solution))
        return
    from rich.console import Console

    title = f"{data}, rank {solution.certificate.rank}"
    Console().print(result_panel(solution, title=title))


if __name__ == "__main__":
    main()
