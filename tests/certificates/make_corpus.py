"""Remake the corpus of certificates: `python tests/certificates/make_corpus.py`.

Accepted certificates come from the solvers, one or more for each rule of
docs/certificate-format.md. Rejected ones are accepted ones with one lie each, and are
named after it; malformed ones cannot be read. `problems.json` says which problem each
certificate is about, and what the checker is to say of it.

The accepted files depend on the last bits of floating-point searches, so another
machine may write other numbers; the lies follow from the accepted files on disk.

Contents
--------
PROBLEMS        data, squared weights and rank by name
accepted        certificates by name, from the solvers
LIES            name, certificate it starts from, what changes, what the checker says
MALFORMED       name, text, what the reader says
main            write everything
"""

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from exact_wlra.bounds.splitting import prove_hadamard_rank, prove_split
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.certificates import Certificate, Proof, TwoRows, Zero
from exact_wlra.checker import lower_bound
from exact_wlra.driver import solve
from exact_wlra.problem import Problem

HERE = Path(__file__).resolve().parent
Document = dict[str, Any]
Edit = Callable[[Document], Document]

SMALL = [[1, -2, 4], [3, 5, -1]]
SMALL_WEIGHTS = [[4, 1, 9], [1, 16, 4]]
PATTERNS = [[1, -2, 4, 1], [3, 5, -1, 2], [2, 0, 1, -3]]
PATTERN_WEIGHTS = [[4, 4, 9, 9], [1, 1, 25, 25], [16, 16, 1, 1]]
GENERIC = [[3, -1, 2, 4], [1, 5, -2, 0], [2, 2, 7, 1], [-1, 3, 1, 6]]
# Of Ottaviani, Spaenlehauer and Sturmfels; docs/references.bib.
CYCLIC = [[-59, 11, 59], [11, 59, -59], [59, -59, 11]]
CYCLIC_WEIGHTS = [[9, 6, 1], [6, 1, 9], [1, 9, 6]]
RANK_TWO_WEIGHTS = [[1, 2, 3, 1], [2, 1, 3, 1], [3, 3, 6, 2], [1, 2, 3, 1]]
NOISE = [
    [3, -4, 1, 5, -2],
    [0, 2, -5, 1, 4],
    [-3, 1, 2, -1, 5],
    [4, 4, -2, 0, 1],
    [1, -5, 3, 2, 2],
    [2, 0, 4, -3, -4],
]
# Two rows of V whose common multipliers are not tight.
MIXED = [
    [-5, -5, -4, 2, -1, -4],
    [-5, 2, 4, 5, 3, 5],
    [-4, -4, -2, -4, -3, 4],
    [4, 0, 4, 5, -4, 5],
    [-4, -3, 0, 3, 5, 1],
    [-3, 3, 0, 2, 4, -4],
]
MIXED_WEIGHTS = [
    [9, 9, 9, 9, 9, 9],
    [4, 9, 4, 9, 4, 9],
    [9, 9, 9, 9, 9, 9],
    [4, 9, 4, 9, 4, 9],
    [9, 9, 9, 9, 9, 9],
    [4, 9, 4, 9, 4, 9],
]
TWO_CLASSES = [[1, 1, 1, 4, 4]] * 3 + [[2, 2, 2, 1, 1]] * 3
THREE_CLASSES = [[1, 1, 4, 4, 9]] * 3 + [[2, 2, 3, 3, 1]] * 2 + [[5, 5, 1, 1, 2]]
MISSING_CORNER = [[0, 0, 1, 1, 1]] * 2 + [[1] * 5] * 4
ONE_APART = [[9, 1, 1, 1, 1]] * 3 + [[1] * 5] * 3

PROBLEMS: dict[str, dict[str, Any]] = {
    "rank-zero": {"data": [[1, "1/2"], [3, 4]], "omega": [[2, 4], [0, 1]], "rank": 0},
    "small": {"data": SMALL, "omega": SMALL_WEIGHTS, "rank": 1},
    "small-upright": {
        "data": [list(row) for row in zip(*SMALL, strict=True)],
        "omega": [list(row) for row in zip(*SMALL_WEIGHTS, strict=True)],
        "rank": 1,
    },
    "rational-optimum": {
        "data": [[1, 1], [0, 1]],
        "omega": [[1, 1], [10, 1]],
        "rank": 1,
    },
    "two-parts": {
        "data": [
            [*SMALL[0], 0, 0],
            [*SMALL[1], 0, 0],
            [0] * 3 + [2, 1],
            [0] * 3 + [1, 3],
        ],
        "omega": [
            [*SMALL_WEIGHTS[0], 0, 0],
            [*SMALL_WEIGHTS[1], 0, 0],
            [0] * 3 + [1, 2],
            [0] * 3 + [2, 1],
        ],
        "rank": 1,
    },
    "repeated-rows": {
        "data": [SMALL[0], SMALL[1], SMALL[0], SMALL[1], SMALL[0]],
        "omega": [
            SMALL_WEIGHTS[0],
            SMALL_WEIGHTS[1],
            [2 * w for w in SMALL_WEIGHTS[0]],
            SMALL_WEIGHTS[1],
            SMALL_WEIGHTS[0],
        ],
        "rank": 1,
    },
    "tall": {
        "data": [[1, 2], [3, -1], [0, 4], [2, 2], [5, 1], [-1, 3], [2, 0], [1, 1]],
        "omega": [[1, 2], [2, 4], [1, 2], [3, 6], [3, 1], [3, 1], [6, 2], [3, 1]],
        "rank": 1,
    },
    "uneven": {
        "data": [[1, -2, 4], [3, 5, -1]],
        "omega": [["1/1048576", 1, 1048576], [1, 3, 5]],
        "rank": 1,
    },
    "patterns": {"data": PATTERNS, "omega": PATTERN_WEIGHTS, "rank": 1},
    "zero-weights": {
        "data": [[1, -2, 4], [3, 5, -1], [2, 1, 1]],
        "omega": [[4, 4, 9], [1, 1, 0], [1, 1, 2]],
        "rank": 1,
    },
    "triangle": {
        "data": PATTERNS,
        "omega": [[4, 4, 9, 9], [1, 1, 0, 0], [0, 0, 2, 2]],
        "rank": 1,
    },
    "low-noise": {
        "data": [
            [7, 2, -5, 9],
            [1, 8, 3, -2],
            [-6, 6, 8, -11],
            [8, 10, -2, 7],
            [5, -7, -8, 11],
        ],
        "omega": [[4, 5, 4, 6], [5, 4, 6, 5], [4, 4, 5, 4], [6, 5, 4, 4], [4, 6, 5, 5]],
        "rank": 2,
    },
    "little-noise": {
        "data": [[10, 20, 31], [20, 40, 60], [-30, -61, -90], [11, 20, 30]],
        "omega": [[1, 2, 1], [3, 1, 1], [2, 2, 5], [1, 1, 4]],
        "rank": 1,
    },
    "separable": {
        "data": [[1, 2, 3], [4, 5, 6], [7, 8, 10]],
        "omega": [[1, 4, 9], [4, 16, 36], [9, 36, 81]],
        "rank": 1,
    },
    "generic": {
        "data": GENERIC,
        "omega": [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]],
        "rank": 1,
    },
    "generic-without-a-corner": {
        "data": GENERIC,
        "omega": [[0, 1, 2, 3], [1, 2, 1, 1], [2, 1, 3, 1], [1, 3, 1, 2]],
        "rank": 2,
    },
    "plane": {"data": CYCLIC, "omega": CYCLIC_WEIGHTS, "rank": 1},
    "plane-of-rank-two": {"data": CYCLIC, "omega": CYCLIC_WEIGHTS, "rank": 2},
    "uneven-columns": {
        "data": [[1, 2, 30], [2, 3, 61], [1, 5, 29]],
        "omega": [[4, 1, 2], [3, 1, 1], [1, 5, 1]],
        "rank": 1,
    },
    "two-classes": {"data": NOISE, "omega": TWO_CLASSES, "rank": 2},
    "mixed-rows": {"data": MIXED, "omega": MIXED_WEIGHTS, "rank": 2},
    "three-classes": {"data": NOISE, "omega": THREE_CLASSES, "rank": 2},
    "missing-corner": {"data": NOISE, "omega": MISSING_CORNER, "rank": 2},
    "one-column-apart": {"data": NOISE, "omega": ONE_APART, "rank": 2},
    "root-weights-of-rank-two": {
        "data": GENERIC,
        "omega": [[w * w for w in row] for row in RANK_TWO_WEIGHTS],
        "rank": 1,
    },
}


def problem(name: str) -> Problem:
    """Return a problem of the corpus."""
    stated = PROBLEMS[name]
    return Problem(stated["data"], squared_weights=stated["omega"], rank=stated["rank"])


def _with_proof(name: str, proof: Proof) -> Certificate:
    """Return a certificate with this proof and the factors that `solve` finds."""
    found = solve(problem(name), gap=1e-4)
    return Certificate(
        shape=found.certificate.shape,
        rank=found.certificate.rank,
        lower=lower_bound(problem(name).instance, proof),
        upper=found.upper,
        left=found.U,
        right=found.V,
        proof=proof,
    )


def accepted() -> dict[str, tuple[str, Certificate]]:
    """Return (problem, certificate) by name: every rule occurs."""
    solved = {
        "energy": ("rank-zero", "auto", 0),
        "two-rows": ("small", "two-rows", 1e-6),
        "transpose": ("small-upright", "two-rows", 1e-6),
        "blocks": ("two-parts", "auto", 1e-3),
        "types": ("repeated-rows", "auto", 1e-6),
        "gram": ("tall", "auto", 1e-4),
        "scaling": ("uneven", "auto", 1e-4),
        "spectral": ("low-noise", "spectral", 1e-3),
        "spectral-of-separable-weights": ("separable", "weighted-svd", 1e-4),
        "simplicial": ("patterns", "simplicial", 0.02),
        "simplicial-with-exclusions": ("zero-weights", "simplicial", 0.05),
        "simplicial-in-exclusions": ("triangle", "simplicial", 0.05),
        "plane": ("plane", "plane", 1e-6),
        "plane-of-columns": ("patterns", "plane", 1e-6),
        "plane-with-equality": ("plane-of-rank-two", "plane", 0),
        "sweep": ("two-classes", "sweep", 1e-3),
        "sweep-with-zero-weights": ("missing-corner", "sweep", 1e-2),
        "sweep-with-pins": ("one-column-apart", "sweep", 1e-2),
        "row-cells": ("mixed-rows", "row-cells", 1e-3),
        "minorant": ("three-classes", "minorant", 1e-3),
        "isolated": ("two-classes", "sweep", Fraction(1, 10**30)),
        "isolated-by-little-noise": ("little-noise", "spectral", Fraction(1, 10**20)),
        "isolated-column-space": ("patterns", "simplicial", Fraction(1, 10**12)),
        "basins": ("plane", "charts", Fraction(1, 10**20)),
        "charts": ("uneven-columns", "charts", 0.01),
        "charts-of-columns": ("small", "charts", 1e-3),
        "charts-of-rank-two": ("plane-of-rank-two", "charts", 0.02),
        "charts-with-zero-weights": ("zero-weights", "charts", 0.02),
        "moments": ("generic-without-a-corner", "moments", 1e-6),
        "moments-of-minors": ("generic", "moments", 1e-6),
    }
    found = {
        name: (about, solve(problem(about), method=method, gap=gap).certificate)
        for name, (about, method, gap) in solved.items()
    }
    generic = problem("generic").instance
    two = problem("root-weights-of-rank-two").instance
    made: dict[str, tuple[str, Proof]] = {
        "zero": ("generic", Zero()),
        "two-rows-with-equality": ("rational-optimum", TwoRows(lower=Fraction(8, 9))),
        "split": ("generic", prove_split(generic, target_gap=1e-2)),
        "hadamard-rank": (
            "root-weights-of-rank-two",
            prove_hadamard_rank(two, target_gap=1e-2),
        ),
    }
    for name, (about, proof) in made.items():
        found[name] = (about, _with_proof(about, proof))
    return found


def put(*path: str | int, value: Any) -> Edit:
    """Return the edit that writes a value at a path; a callable gets the old value."""

    def edit(document: Document) -> Document:
        document = copy.deepcopy(document)
        parent: Any = document
        for step in path[:-1]:
            parent = parent[step]
        old = (
            parent[path[-1]]
            if not isinstance(parent, dict) or (path[-1] in parent)
            else None
        )
        parent[path[-1]] = value(old) if callable(value) else value
        return document

    return edit


def less(text: str) -> str:
    """Return a rational less one thousandth of itself, and less one thousandth."""
    x = Fraction(text)
    return str(x - abs(x) / 1000 - Fraction(1, 1000))


def more(text: str) -> str:
    """Return a rational plus one thousandth of itself, and one thousandth."""
    return str(-Fraction(less(str(-Fraction(text)))))


def _first_leaf(proof: Document) -> int:
    return next(i for i, item in enumerate(proof["tree"]) if "multipliers" in item)


def _in_first_leaf(
    member: str, value: Any, *, at: tuple[str, ...] = ("proof",)
) -> Edit:
    """Return the edit of one member of the first leaf of a simplicial proof."""

    def edit(document: Document) -> Document:
        proof: Any = document
        for step in at:
            proof = proof[step]
        path = (*at, "tree", _first_leaf(proof), member)
        return put(*path, value=value)(document)

    return edit


def _wider(matrix: Document) -> Document:
    """Return an n x k matrix with one more column, of zeros."""
    n, k = matrix["shape"]
    rows = [matrix["numerators"][i * k : (i + 1) * k] for i in range(n)]
    numerators = [x for row in rows for x in [*row, "0"]]
    return matrix | {"shape": [n, k + 1], "numerators": numerators}


def _longer(matrix: Document) -> Document:
    """Return a k x d matrix with one more row, of zeros."""
    k, d = matrix["shape"]
    numerators = matrix["numerators"] + ["0"] * d
    return matrix | {"shape": [k + 1, d], "numerators": numerators}


def _first_numerator(change: Callable[[str], str]) -> Callable[[Document], Document]:
    """Return a change of the first nonzero numerator of a matrix."""

    def changed(matrix: Document) -> Document:
        numerators = list(matrix["numerators"])
        index = next(i for i, x in enumerate(numerators) if x != "0")
        numerators[index] = change(numerators[index])
        return matrix | {"numerators": numerators}

    return changed


def _scaled(factor: Fraction) -> Callable[[Document], Document]:
    """Return a change that multiplies a matrix."""

    def changed(matrix: Document) -> Document:
        denominator = int(matrix["denominator"]) * factor.denominator
        numerators = [str(int(x) * factor.numerator) for x in matrix["numerators"]]
        return matrix | {"denominator": str(denominator), "numerators": numerators}

    return changed


def both(*edits: Edit) -> Edit:
    """Return the edits one after the other."""

    def edit(document: Document) -> Document:
        for one in edits:
            document = one(document)
        return document

    return edit


def _beyond_the_equation(triangle: Document) -> Document:
    """Return a triangle of order 12 far from semidefinite, in a way no equation sees.

    Its block has four columns; entry (1,1)(2,2) grows, and (1,2)(2,1) shrinks.
    """
    numerators = [int(x) for x in triangle["numerators"]]
    large = 1000 * int(triangle["denominator"])
    numerators[5] += large  # row 0 of the triangle starts at 0, row 1 at 12
    numerators[12 + 3] -= large
    return triangle | {"numerators": [str(x) for x in numerators]}


def _zero_triangle(order: int) -> Document:
    """Return the triangle of the zero matrix."""
    size = order * (order + 1) // 2
    return {"shape": [1, size], "denominator": "1", "numerators": ["0"] * size}


def _shorter(matrix: Document) -> Document:
    """Return a matrix without its last column."""
    n, d = matrix["shape"]
    numerators = [x for i, x in enumerate(matrix["numerators"]) if (i + 1) % d]
    return matrix | {"shape": [n, d - 1], "numerators": numerators}


def _form_scaled(factor: Fraction) -> Callable[[Document], Document]:
    """Return a change that multiplies a form of a moment relaxation."""
    return lambda form: form | {name: _scaled(factor)(form[name]) for name in PARTS}


def _unwrapped(document: Document) -> Document:
    """Leave the outermost rule out."""
    return document | {"proof": document["proof"]["proof"]}


def _index_of(member: str, tree: list[Document]) -> int:
    """Return the index of the first item of a tree that has a member."""
    return next(i for i, item in enumerate(tree) if member in item)


def _in_cells(of: str, *path: str | int, value: Any) -> Edit:
    """Return an edit inside the first item with member `of` of a tree of cells."""

    def edit(document: Document) -> Document:
        index = _index_of(of, document["proof"]["tree"])
        return put("proof", "tree", index, *path, value=value)(document)

    return edit


def _in_cone(*path: str | int, value: Any) -> Edit:
    """Return an edit of the first vertex of a tree of cells that has a cone."""

    def edit(document: Document) -> Document:
        for i, item in enumerate(document["proof"]["tree"]):
            for j, sweep in enumerate(item.get("sweeps", [])):
                if sweep["vertices"][0]["cones"]:
                    where = ("tree", i, "sweeps", j, "vertices", 0, *path)
                    return put("proof", *where, value=value)(document)
        raise ValueError("no leaf has a cone.")

    return edit


def _exchanged(item: Document) -> Document:
    """Return a division by cones with its functionals exchanged."""
    return item | {"left": item["right"], "right": item["left"]}


def _lifted(vertex: Document) -> Document:
    """Return a vertex of a sweep with greater values."""
    return vertex | {"values": [more(x) for x in vertex["values"]]}


def _without_last_cut(tree: list[int]) -> list[int]:
    """Return a box tree whose last two sibling leaves are one leaf, if it has any."""
    for i in range(len(tree) - 3, -1, -1):
        if tree[i] >= 0 and tree[i + 1] < 0 and tree[i + 2] < 0:
            return [*tree[:i], tree[i + 2], *tree[i + 3 :]]
    return tree


EMPTY = {"shape": [0, 4], "denominator": "1", "numerators": []}
# A search of the patterns of no rows at all: there is no v, so nothing is captured.
EMPTY_SEARCH = {
    "rule": "simplicial",
    "generators": [],
    "shares": EMPTY,
    "capture": "-1000",
    "reciprocal_bits": 20,
    "multipliers": [],
    "exclusions": [],
    "tree": [{"multipliers": [], "exclusions": []}],
}
EMPTY_SWEEP = {
    "rule": "sweep",
    "generators": [],
    "shares": EMPTY,
    "factors": [],
    "reciprocal_bits": 20,
    "vertices": [],
    "ends": [],
    "pins": [],
}
NOTHING = {"shape": [0, 0], "denominator": "1", "numerators": []}
EMPTY_MOMENTS = {"rule": "moments", "lower": "0", "minors": NOTHING, "forms": []}
EMPTY_ISOLATED = {
    "rule": "isolated",
    "center_left": EMPTY,
    "center_right": EMPTY,
    "growth": "1/2",
    "columns": [],
    "lower": "0",
    "proof": {"rule": "zero"},
}
TINY = Fraction(1, 10**28)
ZEROS = {"shape": [4, 0], "denominator": "1", "numerators": []}
PROOF = ("proof",)
SEARCH = ("proof", "proof")  # of "simplicial", whose problem is searched transposed
FORM = ("proof", "forms", 0)  # of "moments", rows 1 to 3 and all columns
PARTS = ("antisymmetric", "symmetric", "complement")
HELD = ("proof",)  # of "simplicial-with-exclusions"

LIES: dict[str, tuple[str, Edit, str]] = {
    # The certificate itself.
    "lower-bound-raised": (
        "simplicial",
        lambda d: d | {"lower": d["upper"]},
        "less than the certificate claims",
    ),
    "lower-bound-of-zero-raised": (
        "zero",
        put("lower", value="1/1000000000000"),
        "less than the certificate claims",
    ),
    "upper-not-the-cost": ("simplicial", put("upper", value=less), "the factors cost"),
    "upper-rounded-up": ("two-rows", put("upper", value=more), "the factors cost"),
    "factors-changed": (
        "simplicial",
        put("left", value=_first_numerator(more_of := lambda x: str(int(x) + 1))),
        "the factors cost",
    ),
    "factors-huge": (
        "simplicial",
        put("left", value=_scaled(Fraction(10**400))),
        "the factors cost",
    ),
    "factors-of-other-rank": (
        "simplicial",
        both(put("left", value=_wider), put("right", value=_longer)),
        "the factors have shapes",
    ),
    "factors-exchanged": (
        "simplicial",
        lambda d: d | {"left": d["right"], "right": d["left"]},
        "the factors have shapes",
    ),
    "wrong-rank": ("simplicial", put("rank", value=2), "about rank"),
    "wrong-shape": ("simplicial", put("shape", value=[4, 3]), "is about a"),
    # Rules that rewrite the instance.
    "transpose-left-out": ("transpose", _unwrapped, "proves 2 x d instances"),
    "transposed-twice": (
        "two-rows",
        lambda d: d | {"proof": {"rule": "transpose", "proof": d["proof"]}},
        "proves 2 x d instances",
    ),
    "types-left-out": ("types", _unwrapped, "proves 2 x d instances"),
    "types-of-the-other-axis": (
        "types",
        put("proof", "axis", value=1),
        "proves 2 x d instances",
    ),
    "gram-of-the-other-axis": (
        "gram",
        put("proof", "axis", value=lambda axis: 1 - axis),
        "the step is void",
    ),
    "gram-step-void": (
        "two-rows",
        lambda d: d | {"proof": {"rule": "gram", "axis": 0, "proof": d["proof"]}},
        "the step is void",
    ),
    "scaling-too-few-exponents": (
        "scaling",
        put("proof", "row_exponents", value=[0]),
        "number of exponents",
    ),
    "scaling-exponent-large": (
        "scaling",
        put("proof", "row_exponents", 0, value=5000),
        "exceeds 4096",
    ),
    "scaling-exponent-huge": (
        "scaling",
        put("proof", "row_exponents", 0, value=-(10**25)),
        "exceeds 4096",
    ),
    "blocks-overlap": (
        "blocks",
        put("proof", "parts", value=lambda parts: [*parts, parts[0]]),
        "shares an entry",
    ),
    "row-twice": (
        "blocks",
        put("proof", "parts", 0, "rows", value=lambda rows: [rows[0], rows[0]]),
        "names a row twice",
    ),
    "column-twice": (
        "blocks",
        put("proof", "parts", 0, "columns", value=lambda c: [*c, c[0]]),
        "names a column twice",
    ),
    "row-not-there": (
        "blocks",
        put("proof", "parts", 0, "rows", 0, value=99),
        "one that is not there",
    ),
    "empty-block-captures-nothing": (
        "simplicial",
        lambda d: (
            d
            | {
                "lower": "1000",
                "proof": {
                    "rule": "blocks",
                    "parts": [
                        {"rows": [], "columns": [0, 1, 2, 3], "proof": EMPTY_SEARCH}
                    ],
                },
            }
        ),
        "capture is negative",
    ),
    # Bounds without a search.
    "energy-raised": (
        "energy",
        put("lower", value=more),
        "less than the certificate claims",
    ),
    "energy-for-positive-rank": (
        "two-rows",
        put("proof", value={"rule": "energy"}),
        "rank 0 only",
    ),
    "two-rows-lower-raised": (
        "two-rows",
        put("proof", "lower", value=more),
        "costs less",
    ),
    "two-rows-equality-exceeded": (
        "two-rows-with-equality",
        put("proof", "lower", value="800000000000000001/900000000000000000"),
        "costs less",
    ),
    "two-rows-for-three-rows": (
        "simplicial",
        put("proof", value={"rule": "two-rows", "lower": "0"}),
        "proves 2 x d instances",
    ),
    "plane-lower-raised": (
        "plane",
        put("proof", "lower", value=more),
        "a critical value of the cost is below",
    ),
    "plane-equality-exceeded": (
        "plane-with-equality",
        put("proof", "lower", value="6534000000000000001/23000000000000000"),
        "a critical value of the cost is below",
    ),
    "plane-with-a-zero-weight": (
        "simplicial-with-exclusions",
        put("proof", value={"rule": "plane", "lower": "0"}),
        "a weight is zero",
    ),
    "plane-of-two-columns": (
        "transpose",
        put("proof", value={"rule": "plane", "lower": "0"}),
        "needs three columns",
    ),
    "plane-of-four-columns": ("plane-of-columns", _unwrapped, "needs three columns"),
    "plane-of-rank-zero": (
        "energy",
        put("proof", value={"rule": "plane", "lower": "0"}),
        "needs three columns and rank one or two",
    ),
    # Subdivisions of all charts.
    "charts-lower-raised": (
        "charts",
        lambda d: put("proof", "lower", value=more(d["upper"]))(d),
        "is not refuted",
    ),
    "charts-of-rank-two-lower-raised": (
        "charts-of-rank-two",
        put("proof", "lower", value="6534000000000000001/23000000000000000"),
        "is not refuted",
    ),
    "charts-leaf-not-refuted": (
        "charts",
        put("proof", "trees", value=lambda ts: [[-5] for _ in ts]),
        "is not refuted",
    ),
    "charts-leaf-names-a-side": (
        "charts",
        put("proof", "trees", 0, -1, value=-1),
        "is not refuted",
    ),
    "charts-subtree-cut-off": (
        "charts",
        put("proof", "trees", value=lambda ts: [_without_last_cut(t) for t in ts]),
        "is not refuted",
    ),
    "charts-tree-for-another-chart": (
        "charts",
        put("proof", "trees", value=lambda ts: [*ts[1:], ts[0]]),
        "is not refuted",
    ),
    "charts-tree-missing": (
        "charts",
        put("proof", "trees", value=lambda ts: ts[:-1]),
        "2 trees for 3 charts",
    ),
    "charts-too-many": (
        "charts",
        put("proof", "trees", value=lambda ts: [*ts, ts[-1]]),
        "4 trees for 3 charts",
    ),
    "charts-tree-truncated": (
        "charts",
        put("proof", "trees", 0, value=lambda tree: tree[:-1]),
        "ends too early",
    ),
    "charts-tree-empty": ("charts", put("proof", "trees", 0, value=[]), "too early"),
    "charts-tree-too-long": (
        "charts",
        put("proof", "trees", 0, value=lambda tree: [*tree, tree[-1]]),
        "left over",
    ),
    "charts-condition-not-there": (
        "charts",
        put("proof", "trees", 0, -1, value=-6),
        "no condition",
    ),
    "charts-condition-far-away": (
        "charts",
        put("proof", "trees", 0, -1, value=-(10**20)),
        "no condition",
    ),
    "charts-variable-not-there": (
        "charts",
        put("proof", "trees", 0, 0, value=2),
        "no variable",
    ),
    "charts-of-the-other-factor": (
        "charts-of-columns",
        _unwrapped,
        "2 trees for 3 charts",
    ),
    "charts-for-rank-zero": (
        "energy",
        put("proof", value={"rule": "charts", "lower": "0", "trees": []}),
        "wants 1 <= rank",
    ),
    "charts-leaf-of-a-denominator": (
        "charts-with-zero-weights",
        put("proof", "proof", "trees", value=lambda ts: [[-5] for _ in ts]),
        "is not refuted",
    ),
    "theta-lowered": (
        "spectral",
        put("proof", "theta", value=less),
        "not proved to dominate",
    ),
    "theta-negative": (
        "spectral",
        put("proof", "theta", value="-1"),
        "theta is negative",
    ),
    "factor-shrunk": (
        "spectral-of-separable-weights",
        put("proof", "factor", value=_scaled(Fraction(999, 1000))),
        "not proved to dominate",
    ),
    "factor-too-short": (
        "spectral",
        put("proof", "factor", value={**ZEROS, "shape": [1, 0]}),
        "shapes",
    ),
    "minorant-above-weights": (
        "spectral",
        put("proof", "rows", value=_scaled(Fraction(2))),
        "exceeds the squared weight",
    ),
    "minorant-far-above-weights": (
        "spectral",
        both(
            put("proof", "rows", value=_scaled(Fraction(10**4000))),
            put("proof", "columns", value=_scaled(Fraction(10**4000))),
        ),
        "exceeds the squared weight",
    ),
    "minorant-negative": (
        "spectral",
        both(
            put("proof", "rows", value=_scaled(Fraction(-1))),
            put("proof", "columns", value=_scaled(Fraction(-1))),
        ),
        "negative",
    ),
    "center-of-wrong-shape": (
        "spectral",
        put("proof", "center_left", value=_longer),
        "center of shapes",
    ),
    "grid-too-fine": ("spectral", put("proof", "grid", value=10**9), "grid exceeds"),
    "split-above-weights": (
        "split",
        both(
            put("proof", "pieces", 0, "rows", value=_scaled(Fraction(2))),
            put("proof", "pieces", 0, "theta", value=lambda x: str(4 * Fraction(x))),
            put("proof", "pieces", 0, "factor", value=_scaled(Fraction(2))),
        ),
        "exceeds the squared weight",
    ),
    "split-of-the-transpose": (
        "split",
        lambda d: d | {"proof": {"rule": "transpose", "proof": d["proof"]}},
        "not proved to dominate",
    ),
    "split-piece-twice": (
        "split",
        put("proof", "pieces", value=lambda pieces: [*pieces, pieces[0]]),
        "exceeds the squared weight",
    ),
    "split-theta-lowered": (
        "split",
        put("proof", "pieces", 0, "theta", value="0"),
        "not proved to dominate",
    ),
    "root-weights-wrong": (
        "hadamard-rank",
        put("proof", "root_weights", value=_first_numerator(more_of)),
        "not the weights",
    ),
    "root-weights-of-wrong-shape": (
        "hadamard-rank",
        put("proof", "root_weights", value=_longer),
        "root weights of",
    ),
    "hadamard-rank-theta-lowered": (
        "hadamard-rank",
        put("proof", "theta", value="0"),
        "not proved to dominate",
    ),
    # The search of pattern space.
    "capture-lowered": (
        "simplicial",
        put(*SEARCH, "capture", value=less),
        "capture is exceeded",
    ),
    "multiplier-lowered": (
        "simplicial",
        put(*SEARCH, "multipliers", 0, "values", 0, value=less),
        "not proved to dominate",
    ),
    "multiplier-raised": (
        "simplicial",
        put(
            *SEARCH, "multipliers", 0, "values", 0, value=lambda x: str(2 * Fraction(x))
        ),
        "capture is exceeded",
    ),
    "multiplier-outside-the-simplex": (
        "simplicial",
        put(*SEARCH, "multipliers", 0, "at", 0, value=more),
        "not proved to dominate",
    ),
    "multiplier-with-too-few-values": (
        "simplicial",
        put(*SEARCH, "multipliers", 0, "values", value=lambda values: values[:1]),
        "not proved to dominate",
    ),
    "multiplier-at-wrong-vertex": (
        "simplicial",
        _in_first_leaf("multipliers", lambda ms: list(reversed(ms)), at=SEARCH),
        "does not sit at its vertex",
    ),
    "multiplier-not-there": (
        "simplicial",
        _in_first_leaf("multipliers", lambda ms: [ms[0], 10**6], at=SEARCH),
        "does not sit at its vertex",
    ),
    "leaf-lacks-a-multiplier": (
        "simplicial",
        _in_first_leaf("multipliers", lambda ms: ms[:1], at=SEARCH),
        "lacks a multiplier",
    ),
    "leaf-missing": (
        "simplicial",
        put(*SEARCH, "tree", value=lambda tree: tree[:-1]),
        "not covered by the tree",
    ),
    "tree-empty": ("simplicial", put(*SEARCH, "tree", value=[]), "not covered"),
    "tree-too-long": (
        "simplicial",
        put(*SEARCH, "tree", value=lambda tree: [*tree, tree[-1]]),
        "too many items",
    ),
    "bisection-of-a-vertex": (
        "simplicial",
        put(*SEARCH, "tree", 0, "split", value=[0, 0]),
        "bisection is void",
    ),
    "bisection-of-three-vertices": (
        "simplicial",
        put(*SEARCH, "tree", 0, "split", value=[0, 1, 0]),
        "bisection is void",
    ),
    "bisection-of-a-vertex-not-there": (
        "simplicial",
        put(*SEARCH, "tree", 0, "split", value=[0, 7]),
        "bisection is void",
    ),
    "wrong-generators": (
        "simplicial",
        put(*SEARCH, "generators", value=lambda e: [e[0]] * len(e)),
        "factorization of the weights does not hold",
    ),
    "generator-not-there": (
        "simplicial",
        put(*SEARCH, "generators", 0, value=10**20),
        "factorization of the weights does not hold",
    ),
    "share-negative": (
        "simplicial",
        put(*SEARCH, "shares", value=_scaled(Fraction(-1))),
        "factorization of the weights does not hold",
    ),
    "shares-scaled": (
        "simplicial",
        put(*SEARCH, "shares", value=_scaled(Fraction(2))),
        "factorization of the weights does not hold",
    ),
    "reciprocal-bits-too-few": (
        "simplicial",
        put(*SEARCH, "reciprocal_bits", value=2),
        "bits are out of range",
    ),
    "reciprocal-bits-too-many": (
        "simplicial",
        put(*SEARCH, "reciprocal_bits", value=10**6),
        "bits are out of range",
    ),
    "simplicial-for-rank-two": (
        "spectral",
        put("proof", value=EMPTY_SEARCH | {"capture": "0"}),
        "for rank one",
    ),
    # The sweep of weights of rank two.
    "sweep-vertex-lowered": (
        "sweep",
        put(*PROOF, "vertices", 2, "values", 0, value=less),
        "not proved to dominate",
    ),
    "sweep-vertex-at-an-end-lowered": (
        "sweep",
        put(*PROOF, "vertices", 0, "values", 1, value=less),
        "not proved to dominate",
    ),
    "sweep-vertices-raised": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: [_lifted(v) for v in vs]),
        "less than the certificate claims",
    ),
    "sweep-vertices-left-out": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: [vs[0], vs[len(vs) // 2], vs[-1]]),
        "sweep: the vertex",
    ),
    "sweep-vertex-with-three-values": (
        "sweep",
        put(*PROOF, "vertices", 1, "values", value=lambda values: [*values, "0"]),
        "two values",
    ),
    "sweep-starts-late": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: vs[1:]),
        "do not go from 0 to 1",
    ),
    "sweep-ends-early": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: vs[:-1]),
        "do not go from 0 to 1",
    ),
    "sweep-of-the-ends-only": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: [vs[0], vs[-1]]),
        "do not go from 0 to 1",
    ),
    "sweep-outside": (
        "sweep",
        put(*PROOF, "vertices", 1, "at", value="-1"),
        "do not go from 0 to 1",
    ),
    "sweep-back-and-forth": (
        "sweep",
        put(*PROOF, "vertices", value=lambda vs: [*vs[:3], *vs[1:]]),
        "do not go from 0 to 1",
    ),
    "sweep-factor-shrunk": (
        "sweep",
        put(*PROOF, "factors", 0, value=_scaled(Fraction(1, 2))),
        "not proved to dominate",
    ),
    "sweep-factor-grown": (
        "sweep",
        put(*PROOF, "factors", 0, value=_scaled(Fraction(2))),
        "less than the certificate claims",
    ),
    "sweep-factors-exchanged": (
        "sweep",
        put(*PROOF, "factors", value=lambda factors: list(reversed(factors))),
        "is not zero where its shares are",
    ),
    "sweep-factor-too-short": (
        "sweep",
        put(*PROOF, "factors", 1, value=ZEROS),
        "is not zero where its shares are",
    ),
    "sweep-without-a-factor": (
        "sweep",
        put(*PROOF, "factors", value=lambda factors: factors[:1]),
        "for each of two classes",
    ),
    "sweep-without-ends": ("sweep", put(*PROOF, "ends", value=[]), "of two classes"),
    "sweep-end-negative": (
        "sweep",
        put(*PROOF, "ends", 0, value="-1"),
        "end 0 is negative",
    ),
    "sweep-end-lowered": (
        "sweep-with-zero-weights",
        put(*PROOF, "ends", value=["0", "0"]),
        "is not proved to dominate its groups",
    ),
    "sweep-pin-lowered": (
        "sweep-with-pins",
        put(*PROOF, "pins", value=lambda pins: [less(x) for x in pins]),
        "is not proved at t",
    ),
    "sweep-shares-exchanged": (
        "sweep",
        put(*PROOF, "generators", value=lambda e: list(reversed(e))),
        "factorization of the weights does not hold",
    ),
    "sweep-of-three-generators": (
        "sweep",
        put(*PROOF, "generators", value=lambda e: [*e, e[0]]),
        "two generators",
    ),
    "sweep-reciprocal-bits-too-few": (
        "sweep",
        put(*PROOF, "reciprocal_bits", value=2),
        "bits are out of range",
    ),
    "sweep-for-rank-zero": (
        "energy",
        put("proof", value=EMPTY_SWEEP),
        "proves ranks 1 to 2",
    ),
    # Moment relaxations.
    "moments-lower-raised": (
        "moments",
        put(*PROOF, "lower", value=more),
        "not proved to be a sum of squares",
    ),
    "moments-of-minors-lower-raised": (
        "moments-of-minors",
        put(*PROOF, "lower", value=more),
        "not proved to be a sum of squares",
    ),
    "moments-claim-raised": (
        "moments",
        lambda d: d | {"lower": d["upper"]},
        "less than the certificate claims",
    ),
    "moments-first-matrix-indefinite": (
        "moments",
        put(*FORM, "antisymmetric", value=_beyond_the_equation),
        "the first matrix of form 1 is not proved semidefinite",
    ),
    "moments-second-matrix-indefinite": (
        "moments",
        put(*FORM, "symmetric", value=_beyond_the_equation),
        "the second matrix of form 1 is not proved semidefinite",
    ),
    "moments-third-matrix-indefinite": (
        "moments",
        put(*FORM, "complement", value=_beyond_the_equation),
        "the third matrix of form 1 is not proved semidefinite",
    ),
    "moments-equation-off-by-one-bit": (
        "moments",
        put(*FORM, "symmetric", value=_first_numerator(more_of)),
        "form 1: the three matrices of a form do not fit together",
    ),
    "moments-form-left-out": (
        "moments",
        put(*PROOF, "forms", value=lambda forms: forms[:1]),
        "not proved to be a sum of squares",
    ),
    "moments-form-doubled": (
        "moments",
        put(*FORM, value=_form_scaled(Fraction(2))),
        "not proved to be a sum of squares",
    ),
    "moments-form-of-the-other-axis": (
        "moments",
        put(*FORM, "axis", value=1),
        "do not fit together",
    ),
    "moments-form-on-a-corner-without-weight": (
        "moments",
        put(*FORM, "rows", 0, value=0),
        "not proved to be a sum of squares",
    ),
    "moments-form-names-a-row-twice": (
        "moments",
        put(*FORM, "rows", 1, value=1),
        "form 1 names a row twice or one not there",
    ),
    "moments-form-names-a-column-not-there": (
        "moments",
        put(*FORM, "columns", 3, value=4),
        "form 1 names a column twice or one not there",
    ),
    "moments-form-narrower-than-the-rank": (
        "moments",
        put(
            *FORM,
            value=lambda form: (
                form | {"columns": [0]} | dict.fromkeys(PARTS, _zero_triangle(3))
            ),
        ),
        "needs a rank from 1 to 1",
    ),
    "moments-form-too-large": (
        "moments",
        put(*FORM, "rows", value=list(range(10_000))),
        "too large to check",
    ),
    "moments-triangle-too-short": (
        "moments",
        put(*FORM, "complement", value=_shorter),
        "a triangle of order 12 is one row of 78",
    ),
    "moments-minors-at-rank-two": (
        "moments",
        put(
            *PROOF,
            "minors",
            value={"shape": [6, 6], "denominator": "1", "numerators": ["0"] * 36},
        ),
        "2 x 2 minors vanish at rank one only",
    ),
    "moments-minors-of-opposite-sign": (
        "moments-of-minors",
        put(*PROOF, "minors", value=_scaled(Fraction(-1))),
        "not proved to be a sum of squares",
    ),
    "moments-minors-too-few": (
        "moments-of-minors",
        put(*PROOF, "minors", value=_shorter),
        "not one multiplier for each 2 x 2 minor",
    ),
    "moments-without-minors": (
        "moments-of-minors",
        put(*PROOF, "minors", value=NOTHING),
        "not proved to be a sum of squares",
    ),
    "moments-for-rank-zero": (
        "energy",
        put("proof", value=EMPTY_MOMENTS),
        "proves ranks from 1 on",
    ),
    # Rows distributed over cells.
    "cells-divided-outside": (
        "row-cells",
        _in_cells("at", "at", value="2"),
        "a group is not divided at t",
    ),
    "cells-divided-at-the-end": (
        "row-cells",
        _in_cells("at", "at", value="1"),
        "a group is not divided at t",
    ),
    "cells-group-not-there": (
        "row-cells",
        _in_cells("at", "group", value=7),
        "there is no group 7",
    ),
    "cells-cone-of-several-rows": (
        "row-cells",
        put(
            *PROOF,
            "tree",
            0,
            value={"group": 0, "left": ["1"] * 6, "right": ["0"] * 6},
        ),
        "a cone divides the cell of several rows",
    ),
    "cells-functional-too-short": (
        "row-cells",
        _in_cells("left", "left", value=lambda xs: xs[:-1]),
        "a functional has not 6 entries",
    ),
    "cells-functionals-exchanged": (
        "row-cells",
        lambda d: put(
            *PROOF, "tree", _index_of("left", d["proof"]["tree"]), value=_exchanged
        )(d),
        "not proved to dominate",
    ),
    "cells-tree-truncated": (
        "row-cells",
        put(*PROOF, "tree", value=lambda tree: tree[:-1]),
        "ends before its last leaf",
    ),
    "cells-tree-empty": (
        "row-cells",
        put(*PROOF, "tree", value=[]),
        "ends before its last leaf",
    ),
    "cells-tree-too-long": (
        "row-cells",
        put(*PROOF, "tree", value=lambda tree: [*tree, tree[-1]]),
        "goes on after its last leaf",
    ),
    "cells-one-leaf-for-all": (
        "row-cells",
        put(*PROOF, "tree", value=lambda tree: [tree[_index_of("sweeps", tree)]]),
        "do not go from",
    ),
    "cells-sweep-missing": (
        "row-cells",
        _in_cells("sweeps", "sweeps", value=[]),
        "a sweep for each group",
    ),
    "cells-vertex-lowered": (
        "row-cells",
        _in_cells("sweeps", "sweeps", 0, "vertices", 1, "values", 1, value=less),
        "not proved to dominate",
    ),
    "cells-vertices-raised": (
        "row-cells",
        _in_cells(
            "sweeps",
            "sweeps",
            0,
            "vertices",
            value=lambda vs: [v | {"values": [str(10**6)] * 2} for v in vs],
        ),
        "less than the certificate claims",
    ),
    "cells-vertex-with-one-value": (
        "row-cells",
        _in_cells("sweeps", "sweeps", 0, "vertices", 0, "values", value=["1"]),
        "two values",
    ),
    "cells-cone-without-a-multiplier": (
        "row-cells",
        _in_cone("cones", value=[]),
        "one for each cone",
    ),
    "cells-cone-multiplier-negative": (
        "row-cells",
        _in_cone("cones", 0, value="-1/1000"),
        "a multiplier of a cone is negative",
    ),
    "cells-cone-multiplier-huge": (
        "row-cells",
        _in_cone("cones", 0, value=str(10**9)),
        "not proved to dominate",
    ),
    "cells-end-negative": (
        "row-cells",
        _in_cells("sweeps", "ends", 0, value="-1"),
        "end 0 is negative",
    ),
    "cells-without-a-factor": (
        "row-cells",
        _in_cells("sweeps", "factors", value=lambda factors: factors[:1]),
        "for each of two classes",
    ),
    "cells-factor-grown": (
        "row-cells",
        _in_cells("sweeps", "factors", 0, value=_scaled(Fraction(9))),
        "less than the certificate claims",
    ),
    "cells-shares-exchanged": (
        "row-cells",
        put(*PROOF, "generators", value=lambda e: list(reversed(e))),
        "factorization of the weights does not hold",
    ),
    "cells-with-a-small-class": (
        "sweep-with-pins",
        lambda d: (
            d
            | {
                "proof": {
                    "rule": "row-cells",
                    "generators": d["proof"]["generators"],
                    "shares": d["proof"]["shares"],
                    "reciprocal_bits": 20,
                    "tree": [],
                }
            }
        ),
        "fewer columns than the rank",
    ),
    # Weights lowered to rank two.
    "minorant-weights-raised": (
        "minorant",
        put(*PROOF, "weight_left", value=_scaled(Fraction(2))),
        "exceeds the squared weight",
    ),
    "minorant-weights-negative": (
        "minorant",
        put(*PROOF, "weight_left", value=_scaled(Fraction(-1))),
        "is negative",
    ),
    "minorant-weights-lowered": (
        "minorant",
        put(*PROOF, "weight_left", value=_scaled(Fraction(1, 2))),
        "sweep: the vertex",
    ),
    "minorant-weights-of-wrong-shape": (
        "minorant",
        put(*PROOF, "weight_right", value=_longer),
        "the weights of shapes",
    ),
    "minorant-center-of-wrong-shape": (
        "minorant",
        put(*PROOF, "center_left", value=_wider),
        "the center of shapes",
    ),
    "minorant-center-moved": (
        "minorant",
        put(*PROOF, "center_left", value=_scaled(Fraction(3, 2))),
        "sweep: the vertex",
    ),
    "minorant-grid-too-fine": (
        "minorant",
        put(*PROOF, "grid", value=1 << 17),
        "grid exceeds",
    ),
    "minorant-grid-coarse": (
        "minorant",
        put(*PROOF, "grid", value=0),
        "sweep: the vertex",
    ),
    "minorant-left-out": ("minorant", _unwrapped, "factorization of the weights"),
    "minorant-inside-false": (
        "minorant",
        put(*PROOF, "proof", value={"rule": "energy"}),
        "rank 0 only",
    ),
    # The critical point next to a center.
    "isolated-lower-raised": (
        "isolated",
        put(*PROOF, "lower", value=more),
        "the optimum is below the lower bound",
    ),
    "isolated-lower-raised-in-the-last-digit": (
        "isolated",
        put(*PROOF, "lower", value=lambda x: str(Fraction(x) * (1 + TINY))),
        "the optimum is below the lower bound",
    ),
    "isolated-lower-lowered": (
        "isolated",
        put(*PROOF, "lower", value=less),
        "less than the certificate claims",
    ),
    "isolated-growth-zero": (
        "isolated",
        put(*PROOF, "growth", value="0"),
        "the growth is not between 0 and 1",
    ),
    "isolated-growth-one": (
        "isolated",
        put(*PROOF, "growth", value="1"),
        "the growth is not between 0 and 1",
    ),
    "isolated-growth-raised": (
        "isolated",
        put(*PROOF, "growth", value="1/2"),
        "sweep: the vertex",
    ),
    "isolated-without-inner-bound": (
        "isolated",
        put(*PROOF, "proof", value={"rule": "zero"}),
        "leaves a region",
    ),
    "isolated-inner-vertex-lowered": (
        "isolated",
        put(*PROOF, "proof", "vertices", 2, "values", 0, value=less),
        "not proved to dominate",
    ),
    "isolated-inner-proof-of-the-center-itself": (
        "isolated",
        put(*PROOF, "proof", value={"rule": "energy"}),
        "rank 0 only",
    ),
    "isolated-at-another-center": (
        "isolated-by-little-noise",
        put(*PROOF, "center_left", value=_first_numerator(lambda x: str(-int(x)))),
        "leaves a region",
    ),
    "isolated-center-far-away": (
        "isolated",
        put(*PROOF, "center_left", value=_scaled(Fraction(10**30))),
        "sweep: the vertex",
    ),
    "isolated-center-of-wrong-shape": (
        "isolated",
        put(*PROOF, "center_right", value=_longer),
        "have other shapes",
    ),
    "isolated-center-singular": (
        "isolated",
        put(*PROOF, "center_right", value=_scaled(Fraction(0))),
        "singular on the named columns",
    ),
    "isolated-column-twice": (
        "isolated",
        put(*PROOF, "columns", value=lambda columns: [columns[0]] * 2),
        "different columns are needed",
    ),
    "isolated-column-not-there": (
        "isolated",
        put(*PROOF, "columns", 1, value=9),
        "different columns are needed",
    ),
    "isolated-with-one-column": (
        "isolated",
        put(*PROOF, "columns", value=lambda columns: columns[:1]),
        "different columns are needed",
    ),
    "isolated-of-rank-zero": (
        "energy",
        lambda d: d | {"proof": EMPTY_ISOLATED},
        "proves ranks 1 to 1",
    ),
    # All critical points that cost little.
    "basins-lower-raised": (
        "basins",
        put(*PROOF, "lower", value=lambda x: str(Fraction(x) * (1 + TINY * 10**9))),
        "is not proved to cost at least the lower bound",
    ),
    "basins-lower-above-the-threshold": (
        "basins",
        put(*PROOF, "lower", value="50000"),
        "the threshold is below the lower bound",
    ),
    "basins-threshold-raised": (
        "basins",
        put(*PROOF, "threshold", value="60000"),
        "chart",
    ),
    "basins-one-left-out": (
        "basins",
        put(*PROOF, "basins", value=lambda basins: basins[1:]),
        "chart",
    ),
    "basins-none": ("basins", put(*PROOF, "basins", value=[]), "there is no basin"),
    "basins-radius-raised": (
        "basins",
        put(*PROOF, "basins", 0, "radius", value="3"),
        "may hold another minimum",
    ),
    "basins-radius-lowered": (
        "basins",
        put(*PROOF, "basins", 0, "radius", value="1/1000000"),
        "chart",
    ),
    "basins-radius-zero": (
        "basins",
        put(*PROOF, "basins", 0, "radius", value="0"),
        "is not positive",
    ),
    "basins-columns-of-another-chart": (
        "basins",
        put(*PROOF, "basins", 0, "columns", value=lambda js: [(js[0] + 1) % 3]),
        "is not the identity there",
    ),
    "basins-column-not-there": (
        "basins",
        put(*PROOF, "basins", 0, "columns", value=[3]),
        "does not name 1 columns",
    ),
    "basins-center-scaled": (
        "basins",
        put(*PROOF, "basins", 0, "center", value=_scaled(Fraction(2))),
        "is not the identity there",
    ),
    "basins-tree-missing": (
        "basins",
        put(*PROOF, "trees", value=lambda trees: trees[1:]),
        "2 trees for 3 charts",
    ),
    "basins-of-rank-zero": (
        "energy",
        lambda d: (
            d
            | {
                "proof": {
                    "rule": "basins",
                    "lower": "0",
                    "threshold": "0",
                    "basins": [],
                    "trees": [],
                }
            }
        ),
        "proves ranks 1 to 1",
    ),
    "excluded-group-without-bound": (
        "simplicial-with-exclusions",
        _in_first_leaf("exclusions", [], at=HELD),
        "has no bound of its own",
    ),
    "exclusion-not-there": (
        "simplicial-with-exclusions",
        _in_first_leaf("exclusions", [17], at=HELD),
        "an exclusion is missing",
    ),
    "exclusion-bound-lowered": (
        "simplicial-with-exclusions",
        put(*HELD, "exclusions", 0, "bound", value=less),
        "not proved to bound its groups",
    ),
    "exclusion-of-no-group-below-zero": (
        "simplicial-with-exclusions",
        put(
            *HELD,
            "exclusions",
            value=lambda entries: [
                *entries,
                {"groups": [], "bound": "-1000", "proof": {"rule": "zero"}},
            ],
        ),
        "not proved to bound its groups",
    ),
    "excluded-group-not-named": (
        "simplicial-with-exclusions",
        put(
            *HELD,
            "multipliers",
            value=lambda ms: [m | {"excluded": []} for m in ms],
        ),
        "not proved to dominate",
    ),
    "proof-inside-an-exclusion-false": (
        "simplicial-in-exclusions",
        put(*SEARCH, "exclusions", 0, "proof", value={"rule": "energy"}),
        "rank 0 only",
    ),
}


def _text(document: Any) -> bytes:
    """Return a document as the file holds it."""
    return (json.dumps(document, separators=(",", ":")) + "\n").encode()


def _replaced(base: bytes, old: bytes, new: bytes) -> bytes:
    """Return the text with the first `old` replaced; it must be there."""
    if old not in base:
        raise ValueError(f"{old!r} is not in the certificate.")
    return base.replace(old, new, 1)


def malformed(documents: dict[str, Document]) -> dict[str, tuple[bytes, str]]:
    """Return (text, what the reader says) by name."""
    search, rows = documents["simplicial"], documents["two-rows"]
    blocks, charts = documents["blocks"], documents["charts"]
    sweep, isolated = documents["sweep"], documents["isolated"]
    moments = documents["moments"]
    text = _text(rows)

    def edited(edit: Edit, base: Document = search) -> bytes:
        return _text(edit(base))

    deep = b'{"rule":"transpose","proof":' * 3000 + b"0" + b"}" * 3000
    return {
        "empty-file": (b"", "not a JSON document"),
        "not-json": (text[: len(text) // 2], "not a JSON document"),
        "not-utf8": (b"\xff\xfe" + text, "not a JSON document"),
        "not-an-object": (b"[1,2]\n", "does not say"),
        "schema-missing": (
            _text({k: v for k, v in rows.items() if k != "schema"}),
            "does not say",
        ),
        "schema-of-another-version": (
            _text(rows | {"schema": "exact-wlra/certificate/2"}),
            "that version only",
        ),
        "member-missing": (
            _text({k: v for k, v in rows.items() if k != "upper"}),
            "member 'upper'",
        ),
        "member-of-rule-missing": (
            _text(rows | {"proof": {"rule": "two-rows"}}),
            "member 'lower'",
        ),
        "rule-missing": (_text(rows | {"proof": {"lower": "0"}}), "member 'rule'"),
        "rule-unknown": (
            _text(rows | {"proof": {"rule": "trust-me"}}),
            "at proof.rule: expected one of",
        ),
        "rule-no-text": (_text(rows | {"proof": {"rule": 3}}), "at proof.rule"),
        "sweep-vertex-without-values": (
            edited(put("proof", "vertices", 0, value={"at": "0"}), sweep),
            "member 'values'",
        ),
        "sweep-vertex-at-a-list": (
            edited(put("proof", "vertices", 0, "at", value=["0"]), sweep),
            "at proof.vertices[0].at",
        ),
        "sweep-factors-no-list": (
            edited(put("proof", "factors", value="none"), sweep),
            "at proof.factors",
        ),
        "cells-tree-no-list": (
            edited(put("proof", "tree", value={}), documents["row-cells"]),
            "at proof.tree",
        ),
        "cells-leaf-without-sweeps": (
            edited(
                put("proof", "tree", 0, value={"factors": [], "ends": []}),
                documents["row-cells"],
            ),
            "member 'sweeps'",
        ),
        "cells-functional-no-list": (
            edited(
                _in_cells("left", "left", value="1"),
                documents["row-cells"],
            ),
            ".left",
        ),
        "minorant-without-a-proof": (
            edited(
                lambda d: (
                    d | {"proof": {k: v for k, v in d["proof"].items() if k != "proof"}}
                ),
                documents["minorant"],
            ),
            "member 'proof'",
        ),
        "minorant-grid-as-text": (
            edited(put("proof", "grid", value="4"), documents["minorant"]),
            "at proof.grid",
        ),
        "isolated-without-columns": (
            _text(isolated | {"proof": {"rule": "isolated", "lower": "0"}}),
            "member 'center_left'",
        ),
        "isolated-columns-a-matrix": (
            edited(put("proof", "columns", value=ZEROS), isolated),
            "at proof.columns",
        ),
        "isolated-growth-a-float": (
            edited(put("proof", "growth", value=0.5), isolated),
            "is not exact",
        ),
        "basins-without-centers": (
            edited(
                put("proof", "basins", 0, value={"columns": [0]}), documents["basins"]
            ),
            "member 'center'",
        ),
        "basins-no-list": (
            edited(put("proof", "basins", value={}), documents["basins"]),
            "at proof.basins",
        ),
        "proof-no-object": (_text(rows | {"proof": "zero"}), "at proof"),
        "number-instead-of-text": (_text(rows | {"lower": 0}), "at lower"),
        "float-instead-of-text": (_text(rows | {"lower": 0.5}), "is not exact"),
        "float-as-index": (_text(rows | {"rank": 1.0}), "is not exact"),
        "exponent-in-a-number": (
            _replaced(text, b'"rank":1', b'"rank":1e0'),
            "is not exact",
        ),
        "not-a-number": (_replaced(text, b'"rank":1', b'"rank":NaN'), "at rank"),
        "infinite": (_replaced(text, b'"rank":1', b'"rank":Infinity'), "at rank"),
        "decimal-text": (_text(rows | {"lower": "43.84"}), "at lower"),
        "text-with-spaces": (_text(rows | {"lower": " 3"}), "at lower"),
        "text-empty": (_text(rows | {"lower": ""}), "at lower"),
        "digits-of-another-script": (_text(rows | {"lower": "٣"}), "at lower"),
        "hexadecimal-text": (_text(rows | {"lower": "0x10"}), "at lower"),
        "denominator-zero": (_text(rows | {"lower": "1/0"}), "positive denominator"),
        "denominator-negative": (
            _text(rows | {"lower": "1/-2"}),
            "positive denominator",
        ),
        "denominator-missing": (_text(rows | {"lower": "1/"}), "at lower"),
        "rank-negative": (_text(rows | {"rank": -1}), "at rank"),
        "rank-as-text": (_text(rows | {"rank": "1"}), "at rank"),
        "boolean-as-index": (_text(rows | {"rank": True}), "at rank"),
        "shape-of-three": (_text(rows | {"shape": [2, 3, 1]}), "at shape"),
        "shape-no-list": (_text(rows | {"shape": 6}), "at shape"),
        "integer-too-long": (
            _replaced(text, b'"rank":1', b'"rank":' + b"1" * 31),
            "too long",
        ),
        "matrix-with-too-few-numerators": (
            edited(put("left", "numerators", value=lambda xs: xs[:-1])),
            "at left.numerators: expected 3 integers",
        ),
        "matrix-with-too-many-numerators": (
            edited(put("left", "numerators", value=lambda xs: [*xs, "0"])),
            "at left.numerators: expected 3 integers",
        ),
        "matrix-with-a-number": (
            edited(put("left", "numerators", 1, value=5)),
            r"at left.numerators[1]",
        ),
        "matrix-without-denominator": (
            edited(put("left", "denominator", value="0")),
            "at left.denominator",
        ),
        "matrix-of-one-axis": (
            edited(put("left", "shape", value=[3])),
            "at left.shape",
        ),
        "matrix-of-negative-size": (
            edited(put("left", "shape", value=[-3, -1])),
            r"at left.shape[0]",
        ),
        "matrix-of-huge-size": (
            edited(put("left", value={**ZEROS, "shape": [10**20, 0]})),
            "at left.shape",
        ),
        "negative-index": (
            edited(put("proof", "parts", 0, "rows", 0, value=-1), blocks),
            r"at proof.parts[0].rows[0]",
        ),
        "boolean-as-row": (
            edited(put("proof", "parts", 0, "rows", 0, value=True), blocks),
            r"at proof.parts[0].rows[0]",
        ),
        "axis-two": (
            _text(
                rows | {"proof": {"rule": "types", "axis": 2, "proof": rows["proof"]}}
            ),
            "0 or 1",
        ),
        "axis-boolean": (
            _text(
                rows
                | {"proof": {"rule": "types", "axis": True, "proof": rows["proof"]}}
            ),
            "at proof.axis",
        ),
        "tree-no-list": (edited(put(*SEARCH, "tree", value={})), "at proof.proof.tree"),
        "tree-of-numbers": (
            edited(put(*SEARCH, "tree", 0, value=4)),
            r"at proof.proof.tree[0]",
        ),
        "leaf-with-text": (
            edited(_in_first_leaf("multipliers", ["0", "1"], at=SEARCH)),
            "multipliers[0]",
        ),
        "multiplier-with-a-float": (
            edited(put(*SEARCH, "multipliers", 0, "at", 0, value=0.5)),
            "is not exact",
        ),
        "plane-without-a-bound": (
            _text(documents["plane"] | {"proof": {"rule": "plane"}}),
            "member 'lower'",
        ),
        "charts-without-trees": (
            _text(charts | {"proof": {"rule": "charts", "lower": "0"}}),
            "member 'trees'",
        ),
        "charts-trees-no-list": (
            edited(put("proof", "trees", value={}), charts),
            "at proof.trees",
        ),
        "charts-tree-of-strings": (
            edited(put("proof", "trees", 1, value=["0", "-5", "-5"]), charts),
            r"at proof.trees[1][0]",
        ),
        "charts-tree-of-lists": (
            edited(put("proof", "trees", 0, value=[[0, -5, -5]]), charts),
            r"at proof.trees[0][0]",
        ),
        "charts-tree-no-list": (
            edited(put("proof", "trees", 0, value=-5), charts),
            r"at proof.trees[0]",
        ),
        "charts-tree-with-a-float": (
            edited(put("proof", "trees", 0, 0, value=0.0), charts),
            "is not exact",
        ),
        "charts-tree-with-a-boolean": (
            edited(put("proof", "trees", 0, 0, value=True), charts),
            r"at proof.trees[0][0]",
        ),
        "moments-form-with-a-negative-row": (
            edited(put(*FORM, "rows", 0, value=-1), moments),
            r"at proof.forms[0].rows[0]",
        ),
        "moments-form-with-a-third-axis": (
            edited(put(*FORM, "axis", value=2), moments),
            r"at proof.forms[0].axis: expected 0 or 1",
        ),
        "moments-form-without-a-complement": (
            edited(
                put(
                    *FORM,
                    value=lambda f: {k: v for k, v in f.items() if k != "complement"},
                ),
                moments,
            ),
            "member 'complement'",
        ),
        "moments-triangle-with-a-negative-denominator": (
            edited(put(*FORM, "symmetric", "denominator", value="-8"), moments),
            r"at proof.forms[0].symmetric.denominator",
        ),
        "moments-without-minors-or-their-absence": (
            edited(put("proof", "minors", value=None), moments),
            "at proof.minors",
        ),
        "moments-forms-no-list": (
            edited(put("proof", "forms", value={}), moments),
            "at proof.forms",
        ),
        "deep-nesting": (
            _replaced(text, b'"proof":', b'"proof":' + deep + b',"x":'),
            "",
        ),
        "deep-nesting-of-lists": (b"[" * 20_000, "not a JSON document"),
    }


def write(documents: dict[str, tuple[str, Document]]) -> None:
    """Write the three folders and `problems.json`."""
    index: dict[str, Any] = {
        "problems": PROBLEMS,
        "accepted": {
            name: {"problem": about} for name, (about, _) in documents.items()
        },
        "rejected": {},
        "malformed": {},
    }
    plain = {name: document for name, (_, document) in documents.items()}
    files = {
        f"accepted/{name}.json": _text(document) for name, document in plain.items()
    }
    for name, (base, edit, because) in LIES.items():
        files[f"rejected/{name}.json"] = _text(edit(plain[base]))
        about = documents[base][0]
        index["rejected"][name] = {"problem": about, "of": base, "because": because}
    for name, (text, because) in malformed(plain).items():
        files[f"malformed/{name}.json"] = text
        index["malformed"][name] = {"because": because}
    for folder in ("accepted", "rejected", "malformed"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.json"):
            old.unlink()
    for path, content in files.items():
        (HERE / path).write_bytes(content)
    listing = json.dumps(index, indent=1, ensure_ascii=False)
    (HERE / "problems.json").write_text(listing + "\n", encoding="utf-8")


def main() -> None:
    """Write everything anew."""
    write(
        {
            name: (about, json.loads(certificate_to_json(certificate)))
            for name, (about, certificate) in sorted(accepted().items())
        }
    )


if __name__ == "__main__":
    main()
