"""The files that a comparison writes.

Contents
--------
ComparisonFiles     which files are wanted; refuses bad names before any work
fresh_folder        a folder that is not there yet
"""

from dataclasses import dataclass
from pathlib import Path
from typing import final

from exact_wlra.comparison.reports import picture_address
from exact_wlra.comparison.results import Comparison
from exact_wlra.errors import InvalidProblemError
from exact_wlra.files.solution_files import check_spared, check_writable

FOLDER = Path("exact-wlra-compare")

_PICTURES = (".png", ".svg", ".pdf")
_REPORTS = (".md", ".html")
# What a folder receives.
_NAMES = ("comparison.json", "runs.csv", "report.md", "report.html", "picture.png")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFiles:
    """Files to be written after a comparison.

    Parameters
    ----------
    folder : Path or None
        Receives comparison.json, runs.csv, report.md, report.html and picture.png; made
        if it is not there. If nothing at all is named, a fresh folder below
        `exact-wlra-compare` receives them.
    json, plot, report : Path or None
        Single files; the extension of a picture or a report says of what kind it is.

    Raises
    ------
    InvalidProblemError
        If a file could not be written, or has no known extension.

    Examples
    --------
    >>> ComparisonFiles(report=Path("report.doc"))
    Traceback (most recent call last):
    exact_wlra.errors.InvalidProblemError: --report: report.doc is no report; end its \
name in .md, .html.
    """

    folder: Path | None = None
    json: Path | None = None
    plot: Path | None = None
    report: Path | None = None

    def __post_init__(self) -> None:
        if self.folder is not None and self.folder.is_file():
            raise InvalidProblemError(f"--out: {self.folder} is a file; name a folder.")
        for option in ("json", "plot", "report"):
            path = getattr(self, option)
            if path is not None:
                check_writable(f"--{option}", path)
        _check_kind("--plot", self.plot, _PICTURES, "picture")
        _check_kind("--report", self.report, _REPORTS, "report")

    def spare(self, *inputs: str | Path | None) -> None:
        """Refuse to write over what is read."""
        for option in ("json", "plot", "report"):
            check_spared(f"--{option}", getattr(self, option), inputs)
        if self.folder is not None:
            for name in _NAMES:
                check_spared("--out", self.folder / name, inputs)

    def write(self, comparison: Comparison, *, name: str) -> tuple[Path, ...]:
        """Write what is wanted; return the files that were written.

        Parameters
        ----------
        name : str
            Of a fresh folder, where one is needed.
        """
        folder = self.folder
        if folder is self.json is self.plot is self.report is None:
            folder = fresh_folder(FOLDER, name)
        written: tuple[Path, ...] = ()
        if folder is not None:
            written += _write_all(comparison, folder)
        if self.json is not None:
            written += (_write(self.json, comparison.to_json() + "\n"),)
        if self.plot is not None:
            comparison.plot(self.plot)
            written += (self.plot,)
        if self.report is not None:
            text = comparison.to_html()
            if self.report.suffix.lower() == ".md":
                picture = None
                if self.plot is not None:
                    picture = picture_address(self.plot, self.report)
                text = comparison.to_markdown(picture=picture)
            written += (_write(self.report, text),)
        return written


def fresh_folder(parent: Path, name: str) -> Path:
    """Return the path of a folder that is not there yet, by counting.

    Examples
    --------
    >>> fresh_folder(Path("nowhere"), "wheat, rank 1").as_posix()
    'nowhere/wheat-rank-1'
    """
    kept = "".join(c if c.isalnum() or c in "._-" else " " for c in name)
    stem = "-".join(kept.split()).strip(".") or "comparison"
    number, folder = 1, parent / stem
    while folder.exists():
        number += 1
        folder = parent / f"{stem}-{number}"
    return folder


def _write_all(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write every file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / "picture.png"
    comparison.plot(picture)
    texts = {
        "comparison.json": comparison.to_json() + "\n",
        "runs.csv": comparison.to_csv(),
        "report.md": comparison.to_markdown(picture=picture.name),
        "report.html": comparison.to_html(),
    }
    written = [_write(folder / name, text) for name, text in texts.items()]
    return picture, *written


def _write(path: Path, text: str) -> Path:
    """Write a text file; return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def _check_kind(
    option: str, path: Path | None, endings: tuple[str, ...], kind: str
) -> None:
    """Refuse a file whose extension is not one of these."""
    if path is not None and path.suffix.lower() not in endings:
        raise InvalidProblemError(
            f"{option}: {path} is no {kind}; end its name in {', '.join(endings)}."
        )
