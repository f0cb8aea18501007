"""What `plan` returns, with its faces: text, and tables for notebooks.

Contents
--------
Plan                printable: reductions, and one `LeafPlan` for each part
LeafPlan            size, patterns and methods of one irreducible part
MethodPlan          one method: applies or why not, and its expected cost
REDUCTION_WORDS     the reductions in words
NOT_NEEDED          the reason of a method that another one makes superfluous
"""

from collections import Counter
from dataclasses import dataclass
from typing import final

from exact_wlra.entries.partial_matrices import by
from reductions.formulation import FormulationSizes
from reductions.formulations import sizes_rows, sizes_table

REDUCTION_WORDS = {
    "types": "equal rows or columns merged",
    "gram": "proportional weights merged",
    "component": "independent block",
    "core": "rows and columns with few weights fitted exactly",
    "scaling": "scaled by powers of two",
}
NOT_NEEDED = "not needed"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPlan:
    """One method on one part: `reason` says why it does not apply, "" if it does."""

    method: str
    reason: str
    cost: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LeafPlan:
    """One irreducible part and what can be done with it.

    Parameters
    ----------
    n_row_patterns, n_column_patterns : int
        Classes of proportional rows and columns of the squared weights.
    n_zero_weights : int
        Entries without weight.
    dimension : int or None
        Dimension of the pattern space that would be searched, from the better side;
        None at ranks other than one and for too many patterns.
    order : int or None
        Order of the matrices in that search.
    """

    shape: tuple[int, int]
    rank: int
    n_row_patterns: int
    n_column_patterns: int
    n_zero_weights: int
    dimension: int | None
    order: int | None
    methods: tuple[MethodPlan, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Size, patterns and, where it is searched, pattern space, in words."""
        n_entries = self.shape[0] * self.shape[1]
        patterns = f"{self.n_row_patterns} of rows, {self.n_column_patterns} of columns"
        zeros = f"{self.n_zero_weights} of {n_entries} weights zero"
        facts = (
            f"{by(self.shape)}, rank {self.rank}, {zeros}",
            f"weight patterns: {patterns}",
        )
        if self.dimension is None:
            return facts
        space = f"dimension {self.dimension}, matrices of order {self.order}"
        return *facts, f"pattern space: {space}"

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Method, whether it applies, and its cost or why not; those that do first."""
        rows = [
            (item.method, "no" if item.reason else "yes", item.reason or item.cost)
            for item in self.methods
            if item.reason != NOT_NEEDED
        ]
        return sorted(rows, key=lambda row: row[1] == "no")

    def __str__(self) -> str:
        lines = ["\n  ".join(self.facts)]
        for item in self.methods:
            if item.reason == NOT_NEEDED:
                continue
            sign, words = ("no ", item.reason) if item.reason else ("yes", item.cost)
            lines.append(f"  {sign} {item.method:<13} {words}")
        return "\n".join(lines)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done with a problem.

    Parameters
    ----------
    shape : (int, int)
        Of the full matrix.
    types : (int, int) or None
        Numbers of row and column types of a patterned problem.
    reductions : tuple of (name, shape before, shape after)
        Depth first.
    parts : tuple of (LeafPlan, int)
        Different irreducible parts, with how many are alike.
    formulations : tuple of FormulationSizes
        Sizes of the polynomial systems of the problem as it was given, unreduced.
    """

    shape: tuple[int, int]
    types: tuple[int, int] | None
    rank: int
    reductions: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]
    keeps_attainment: bool
    parts: tuple[tuple[LeafPlan, int], ...]
    formulations: tuple[FormulationSizes, ...]

    def __str__(self) -> str:
        lines = [f"problem {by(self.shape)}, rank {self.rank}"]
        if self.types is not None:
            lines.append(f"  given by {by(self.types)} types of rows and columns")
        lines.append("reductions" if self.reductions else "reductions: none applies")
        alike = Counter(self.reductions)
        for (name, before, after), count in alike.items():
            times = f"   ({count} times)" if count > 1 else ""
            lines.append(
                f"  {by(before):>13} -> {by(after):<13} {REDUCTION_WORDS[name]}{times}"
            )
        kept = "infimum and attainment" if self.keeps_attainment else "the infimum"
        if self.reductions:
            lines.append(f"  all of them keep {kept}")
        for number, (leaf, count) in enumerate(self.parts, start=1):
            alike_words = f" ({count} parts alike)" if count > 1 else ""
            lines.append(f"part {number}{alike_words}: {leaf}")
        if any(item.cost for leaf, _ in self.parts for item in leaf.methods[1:]):
            lines.append(
                "methods run until the gap is met, the cheapest for the size first"
            )
        if not self.parts:
            lines.append("nothing is left: the optimum is 0")
        if self.formulations:
            lines.append("as polynomial systems, before any reduction:")
            table = sizes_table(self.formulations)
            lines += ["  " + line for line in table.splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return for notebooks what the text says, as tables."""
        from exact_wlra.html_faces import html_face, html_rows

        sizes = f"{by(self.shape)}, rank {self.rank}"
        if self.types is not None:
            sizes += f", given by {by(self.types)} types of rows and columns"
        blocks = []
        if self.reductions:
            kept = "infimum and attainment" if self.keeps_attainment else "the infimum"
            steps = [
                (REDUCTION_WORDS[name], by(before), by(after), str(count))
                for (name, before, after), count in Counter(self.reductions).items()
            ]
            caption = f"Reductions: all of them keep {kept}"
            blocks.append(html_rows(("what", "from", "to", "times"), steps, caption))
        for number, (leaf, count) in enumerate(self.parts, start=1):
            alike = f" ({count} parts alike)" if count > 1 else ""
            caption = f"Part {number}{alike}: {'; '.join(leaf.facts)}"
            headings = ("method", "applies", "expected cost, or why not")
            blocks.append(html_rows(headings, leaf.rows, caption, n_words=3))
        if not self.parts:
            blocks.append("<p>Nothing is left: the optimum is 0.</p>")
        if self.formulations:
            columns, *systems = sizes_rows(self.formulations)
            caption = "As polynomial systems, before any reduction"
            blocks.append(html_rows(columns, systems, caption))
        return html_face(f"Plan of a problem, {sizes}", blocks)
