"""The files that a solve writes: solution, certificate, picture.

Contents
--------
OutputFiles         which files are wanted; refuses bad names before any work
check_writable      refuse a file that could not be written
check_spared        refuse to write over a file that was read
write_solution      the JSON file, and an .npz file of factors where they are many
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from exact_wlra.budget import Report
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.errors import InvalidProblemError
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational

# What matplotlib writes of itself; `exact_wlra.plotting` is imported only to draw.
_PICTURES = (".png", ".svg", ".pdf")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFiles:
    """Files to be written after a solve; None where none is wanted.

    Raises
    ------
    InvalidProblemError
        If a file could not be written, or the picture has no known extension.

    Examples
    --------
    >>> OutputFiles(plot=Path("picture.bmp"))
    Traceback (most recent call last):
    exact_wlra.errors.InvalidProblemError: --plot: picture.bmp is no picture; end its \
name in .png, .svg, .pdf.
    """

    json: Path | None = None
    certificate: Path | None = None
    plot: Path | None = None

    def __post_init__(self) -> None:
        for option in ("json", "certificate", "plot"):
            path = getattr(self, option)
            if path is not None:
                check_writable(f"--{option}", path)
        if self.plot is not None and self.plot.suffix.lower() not in _PICTURES:
            raise InvalidProblemError(
                f"--plot: {self.plot} is no picture; end its name in "
                + ", ".join(_PICTURES)
                + "."
            )

    def spare(self, *inputs: str | Path | None) -> None:
        """Refuse to write over what is read, the .npz beside the JSON included."""
        check_spared("--json", self.json, inputs)
        if self.json is not None:
            check_spared("--json", self.json.with_suffix(".npz"), inputs)
        check_spared("--certificate", self.certificate, inputs)
        check_spared("--plot", self.plot, inputs)

    def write(
        self,
        problem: Problem,
        solution: Solution,
        history: Sequence[Report],
        *,
        title: str,
    ) -> tuple[Path, ...]:
        """Write what is wanted; return the files that were written."""
        written: tuple[Path, ...] = ()
        if self.json is not None:
            written += write_solution(solution, self.json)
        if self.certificate is not None:
            text = certificate_to_json(solution.certificate)
            self.certificate.write_text(text + "\n", encoding="utf-8")
            written += (self.certificate,)
        if self.plot is not None:
            from exact_wlra.plotting import plot_solution

            plot_solution(problem, solution, history, self.plot, title=title)
            written += (self.plot,)
        return written


def check_writable(option: str, path: Path) -> None:
    """Refuse a path that is a folder, or lies in one that does not exist.

    Raises
    ------
    InvalidProblemError
        The message begins with the option.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise InvalidProblemError(
            f"{option}: {path} cannot be written; name a file in a folder that exists."
        )


def check_spared(
    option: str, path: Path | None, inputs: Sequence[str | Path | None]
) -> None:
    """Refuse a path that is one of the inputs.

    Parameters
    ----------
    inputs : sequence of str, Path or None
        As they stand on a command line; ``dataset:NAME`` is no file.

    Raises
    ------
    InvalidProblemError
        The message begins with the option.
    """
    if path is None or not path.exists():
        return
    for given in inputs:
        if given is not None and Path(given).exists() and path.samefile(given):
            raise InvalidProblemError(
                f"{option}: {path} is read as input and would be written over (large "
                "factors go to an .npz file beside the JSON); choose another name."
            )


def write_solution(solution: Solution, path: Path) -> tuple[Path, ...]:
    """Write the document of `docs/interface.md`; return the files that were written.

    Factors above the size that `Solution.needs_factors_file` states go to an .npz file
    of the same name: ``U`` and ``V`` hold integer numerators (decimal texts where they
    exceed 64 bits), ``U_denominator`` and ``V_denominator`` the common denominators as
    texts. Nothing is pickled.

    Examples
    --------
    >>> import tempfile
    >>> from exact_wlra import Problem, solve
    >>> solution = solve(Problem([[1, 2], [2, 4]], rank=1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_solution(solution, Path(folder) / "solution.json")
    >>> [file.name for file in files]
    ['solution.json']
    """
    if not solution.needs_factors_file():
        path.write_text(solution.to_json() + "\n", encoding="utf-8")
        return (path,)
    factors = path.with_suffix(".npz")
    arrays: dict[str, Any] = {}
    for name, matrix in (("U", solution.U), ("V", solution.V)):
        arrays[name] = _portable(matrix)
        arrays[f"{name}_denominator"] = np.array(format_rational(matrix.denominator))
    if solution.row_labels is not None:
        arrays["row_labels"] = solution.row_labels
        arrays["column_labels"] = solution.column_labels
    with factors.open("wb") as file:
        np.savez_compressed(file, **arrays)
    text = solution.to_json(factors_file=factors.name)
    path.write_text(text + "\n", encoding="utf-8")
    return path, factors


def _portable(matrix: RationalMatrix) -> Any:
    """Return the numerators as int64, or as decimal texts where they are longer."""
    numerators = matrix.numerators
    if numerators.dtype == np.int64 or not numerators.size:
        return numerators
    texts = [[format_rational(x) for x in row] for row in numerators]
    return np.array(texts, dtype=np.str_)
