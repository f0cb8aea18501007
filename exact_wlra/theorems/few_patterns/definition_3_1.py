"""Definition 3.1 and Assumption 3.2: numbers of distinct rows and columns.

Contents
--------
PatternedPair       W, A and the numbers of patterns that are assumed
STATEMENT           what the numbers bound: ranks, classes, types

References
----------
[LiLiangShiSong2025]_, Definition 3.1 and Assumption 3.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix, patterned_weights
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from reductions.formulation import pattern_counts
from reductions.instances import Instance
from reductions.patterns import merge_types, row_classes
from semialgebraic.rational_matrices import RationalMatrix

KEY = "few-patterns/definition-3.1"

_FEW = Hypothesis(
    name="few patterns",
    text="W has at most r distinct rows and r distinct columns, A at most p of each",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternedPair:
    """W and A with the numbers of patterns that are assumed of them.

    Parameters
    ----------
    weights, data : RationalMatrix, shape (n, d)
        W >= 0 and A.
    r, p : int
        Assumption 3.2: patterns of W and of A, in rows as in columns.
    """

    weights: RationalMatrix
    data: RationalMatrix
    r: int
    p: int


def distinct_rows(matrix: RationalMatrix) -> int:
    """Return the number of distinct rows, as the project counts them.

    Examples
    --------
    >>> distinct_rows(RationalMatrix.from_rows([[1, 2], ["2/2", 2], [1, 3]]))
    2
    """
    return len(row_classes(matrix.numerators)[1])


def check(case: Case[PatternedPair]) -> tuple[Finding, ...]:
    """Count patterns in two ways; compare with ranks, classes and types.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    instance = _instance(value.weights, value.data)
    counts = pattern_counts(instance)
    rows, columns = distinct_rows(value.weights), distinct_rows(value.weights.transpose)
    by_sets = len({tuple(row) for row in value.weights.fractions()})
    sizes = [distinct_rows(x) for x in (value.data, value.data.transpose)]
    is_met = max(rows, columns) <= value.r and max(sizes) <= value.p
    unmet = () if is_met else (_FEW.name,)
    n_types = counts.n_row_types * counts.n_column_types
    both = merge_types(merge_types(instance, axis=0).instance, axis=1)
    return (
        case.finding(
            KEY,
            "r_r by bytes = cardinality of the set of rows",
            exact(rows),
            "==",
            exact(by_sets),
        ),
        case.finding(
            KEY,
            "rank W <= min(r_r, r_c)",
            exact(rational_rank(value.weights)),
            "<=",
            exact(min(rows, columns)),
        ),
        case.finding(
            KEY,
            "classes of proportional rows <= r_r",
            exact(counts.n_row_classes),
            "<=",
            exact(rows),
        ),
        case.finding(
            KEY,
            "(row types)(column types) <= (r p)^2",
            exact(n_types),
            "<=",
            exact((value.r * value.p) ** 2),
            unmet=unmet,
        ),
        case.finding(
            KEY,
            "cost of X = 0 on the types = on all entries",
            exact(both.instance.energy()),
            "==",
            exact(_direct_energy(value)),
        ),
    )


def cases(seeds: int) -> Iterator[Case[PatternedPair]]:
    """Yield random patterns, the traps, and an assumption that does not hold."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        r = int(noise.integers(1, 4))
        weights = patterned_weights(noise, (9, 8), r, r)
        p = int(noise.integers(1, 4))
        table = integer_matrix(noise, (p, p), -5, 5)
        data = table[noise.integers(0, p, 9)][:, noise.integers(0, p, 8)]
        yield _case(
            f"random-{r}-{p}-{seed}", "random", weights, data, (r, p), seed=seed
        )
    indices = np.arange(1, 6)
    outer = np.outer(indices, [1, 2, 3])
    # Five distinct rows, one class: W has rank one, and the problem is an SVD.
    yield _case("proportional", "adversarial", outer, outer % 4, (5, 5))
    support = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1]])
    hidden = np.array([[1, 2, 7], [1, 2, 8], [1, 5, 3], [1, 6, 3]])
    # Equal on the support of the common weight row, though all rows differ.
    yield _case("off-the-support", "adversarial", support, hidden, (3, 4))
    # Each combination of a pattern of W and one of A occurs: (r p)^2 is attained.
    weights = np.kron([[1, 2], [2, 5]], np.ones((3, 3), dtype=np.int64))
    data = np.kron(np.ones((2, 2), dtype=np.int64), [[1, 2, 3], [2, 5, 1], [3, 1, 7]])
    yield _case("all-combinations", "structured", weights, data, (2, 3))
    yield _case("one-row-too-many", "violation", outer, outer % 4, (1, 3))


def printed_one_number() -> tuple[Finding, ...]:
    """Return r_r = r_c, which "r distinct columns and rows" asks for, on 2 x 4."""
    weights = RationalMatrix.from_rows([[1, 1, 2, 2], [1, 2, 1, 2]])
    case = _case("two rows, four columns", "structured", weights.numerators, None)
    return (
        case.finding(
            KEY,
            "as printed: r_r = r_c",
            exact(distinct_rows(weights)),
            "==",
            exact(distinct_rows(weights.transpose)),
        ),
    )


def printed_everywhere() -> tuple[Finding, ...]:
    """Return what comparing A everywhere, and W without scale, overlooks."""
    ones, indices = np.ones((4, 3), dtype=np.int64), np.arange(12).reshape(4, 3)
    mask = ones * np.array([1, 0, 0])
    found = []
    for name, weights, data in (
        ("A differs off the support", mask, indices * [0, 1, 1]),
        ("proportional weight rows", ones * [[1], [2], [3], [4]], ones),
    ):
        case = _case(name, "adversarial", weights, data)
        value = case.value
        joint = np.hstack([value.weights.numerators, value.data.numerators])
        counts = pattern_counts(_instance(value.weights, value.data))
        found.append(
            case.finding(
                KEY,
                "as printed: row types = distinct rows of (W, A)",
                exact(counts.n_row_types),
                "==",
                exact(distinct_rows(RationalMatrix(joint))),
            )
        )
    return tuple(found)


def _case(
    name: str,
    kind: Kind,
    weights: Any,
    data: Any,
    patterns: tuple[int, int] = (1, 1),
    *,
    seed: int | None = None,
) -> Case[PatternedPair]:
    """Return a case from integer arrays; data are 0 if None."""
    root = RationalMatrix(np.asarray(weights))
    entries = RationalMatrix.zeros(*root.shape) if data is None else data
    if not isinstance(entries, RationalMatrix):
        entries = RationalMatrix(np.asarray(entries))
    r, p = patterns
    value = PatternedPair(weights=root, data=entries, r=r, p=p)
    return Case(name=name, kind=kind, value=value, seed=seed)


def _instance(weights: RationalMatrix, data: RationalMatrix) -> Instance:
    """Return the instance of rank one."""
    omega = weights.hadamard(weights)
    visible = np.where(omega.numerators == 0, 0, data.numerators)
    return Instance(
        data=RationalMatrix(visible, data.denominator), squared_weights=omega, rank=1
    )


def _direct_energy(value: PatternedPair) -> Fraction:
    """Return ||W o A||_F^2, entry by entry."""
    weights, data = value.weights.fractions(), value.data.fractions()
    return sum(
        (
            (w * a) ** 2
            for weight_row, data_row in zip(weights, data, strict=True)
            for w, a in zip(weight_row, data_row, strict=True)
        ),
        Fraction(0),
    )


STATEMENT = Statement(
    key=KEY,
    title="Definition 3.1, Assumption 3.2: distinct rows and columns",
    source="[LiLiangShiSong2025]_, Definition 3.1 and Assumption 3.2",
    text=(
        "r_r and r_c are the numbers of distinct rows and columns of W. Then "
        "rank W <= min(r_r, r_c), and W has at most r_r classes of proportional rows. "
        "If W has at most r distinct rows and r distinct columns and A at most p of "
        "each, then at most (r p)^2 pairs of a row type and a column type differ; a "
        "type holds the rows of one class of W whose A agree on the support of W. "
        "Merging types, with weights added, changes no cost of types."
    ),
    hypotheses=(_FEW,),
    cases=cases,
    check=check,
    value_type=PatternedPair,
    errata=(
        Erratum(
            printed="W has r distinct columns and rows: one number for both.",
            wrong_because="r_r and r_c differ in general.",
            repaired="Two numbers r_r and r_c, and p_r and p_c; r and p bound them.",
            counterexample=printed_one_number,
        ),
        Erratum(
            printed="Rows count as distinct if any entry differs.",
            wrong_because="Rows of W that are proportional, and rows of A that agree "
            "where the common row of W is positive, can be merged; the assumption asks "
            "for more than is needed.",
            repaired="Count classes of proportional rows of W, and in each the "
            "distinct rows of A on the support.",
            counterexample=printed_everywhere,
        ),
    ),
    used_by=(
        "reductions.patterns:row_classes",
        "reductions.patterns:merge_types",
        "reductions.formulation:pattern_counts",
    ),
    tests=("tests/reductions/test_patterns.py",),
)
