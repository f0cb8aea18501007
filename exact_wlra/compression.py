"""The compressed instance and the way back, as a document.

Contents
--------
compress            the reductions of a problem, carried out
Compression         printable; `to_json` writes the documented form

Notes on the implementation
---------------------------
The document is a tree. A node that is reduced names each reduction, what is needed to
undo it, and what it leads to; a node that is not holds data and squared weights as
exact texts. `docs/interface.md` describes it.
"""

import json
from dataclasses import dataclass
from typing import Any, final

from exact_wlra.entries.partial_matrices import by
from exact_wlra.plans import REDUCTION_WORDS
from exact_wlra.problem import Problem
from reductions.cores import Peeled
from reductions.patterns import MergedTypes
from reductions.pipeline import Record, Reduced, reduce
from reductions.proportional_rows import MergedGram
from reductions.scalings import Scaled
from reductions.support_graph import Restricted
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational

SCHEMA = "exact-wlra/compression/1"

# Longer integers are written by FLINT: Python limits the digits of int to text.


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compression:
    """A problem and the tree of its reductions."""

    problem: Problem
    reduced: Reduced

    def __str__(self) -> str:
        shapes = [leaf.shape for leaf in self.reduced.leaves()]
        lines = [
            f"{by(before)} -> {by(after)}   {REDUCTION_WORDS[name]}"
            for name, before, after in self.reduced.steps()
        ]
        if len(shapes) == 1:
            lines.append(f"compressed {by(self.problem.shape)} to {by(shapes[0])}")
        else:
            parts = ", ".join(by(shape) for shape in shapes[:8])
            more = ", ..." if len(shapes) > 8 else ""
            lines.append(
                f"compressed {by(self.problem.shape)} to {len(shapes)} independent "
                f"parts: {parts}{more}"
            )
        return "\n".join(lines)

    def to_json(self) -> str:
        """Return the JSON document of `docs/interface.md`.

        Examples
        --------
        >>> problem = Problem([[1, 2], [1, 2], [0, 1]], rank=1)
        >>> document = json.loads(compress(problem).to_json())
        >>> step = document["tree"]["reductions"][0]
        >>> step["name"], step["axis"], step["labels"]
        ('types', 0, [0, 0, 1])
        >>> step["to"]["squared_weights"]
        [['2', '2'], ['1', '1']]
        """
        guarantee = self.reduced.guarantee
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "shape": list(self.problem.shape),
            "rank": self.problem.rank,
            "keeps": {
                "infimum": guarantee.infimum,
                "attainment": guarantee.attainment,
            },
            "tree": _node(self.reduced),
        }
        rows, columns = self.problem.row_labels, self.problem.column_labels
        if rows is not None and columns is not None:
            document["row_labels"] = rows.tolist()
            document["column_labels"] = columns.tolist()
        return json.dumps(document)


def compress(problem: Problem) -> Compression:
    """Carry out all reductions of a problem.

    Examples
    --------
    >>> print(compress(Problem([[1, 2], [1, 2], [0, 1]], rank=1)))
    3 x 2 -> 2 x 2   equal rows or columns merged
    compressed 3 x 2 to 2 x 2
    """
    return Compression(problem=problem, reduced=reduce(problem.instance))


def _node(reduced: Reduced) -> dict[str, Any]:
    """Return one node of the tree."""
    instance = reduced.instance
    if reduced.is_leaf:
        return {
            "data": _texts(instance.data),
            "squared_weights": _texts(instance.squared_weights),
            "rank": instance.rank,
        }
    return {
        "shape": list(instance.shape),
        "reductions": [
            {"name": record.name} | _way_back(record) | {"to": _node(part)}
            for record, part in reduced.parts
        ],
    }


def _way_back(record: Record) -> dict[str, Any]:
    """Return what is needed to undo one reduction."""
    match record:
        case MergedTypes():
            return {"axis": record.axis, "labels": record.labels.tolist()}
        case MergedGram():
            return {"axis": record.axis}
        case Scaled():
            return {
                "row_exponents": record.row_exponents.tolist(),
                "column_exponents": record.column_exponents.tolist(),
            }
        case Restricted():
            return {"rows": record.rows.tolist(), "columns": record.columns.tolist()}
        case Peeled():
            return {
                "rows": record.rows.tolist(),
                "columns": record.columns.tolist(),
                "rounds": [
                    {"axis": axis, "indices": indices.tolist()}
                    for axis, indices in record.peeling.rounds
                ],
            }


def _texts(matrix: RationalMatrix) -> list[list[str]]:
    """Return the entries as exact texts."""
    return [[format_rational(x) for x in row] for row in matrix.fractions()]
