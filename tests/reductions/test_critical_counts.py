"""Counts of critical points against published tables and against each other."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.critical_counts import (
    few_pattern_count,
    generic_count,
    generic_rank_one_count,
    polar_degrees,
    unit_weight_count,
)
from reductions.errors import InvalidInstanceError

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case.get("recomputed_here")
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
TABLE = PUBLISHED["ed-degree-table"]["table"]
PATTERNS = PUBLISHED["few-pattern-ed-degree"]["values"]
# The largest cases take a second each and add nothing.
SMALL = [row for row in TABLE if math.comb(row["m"], row["rank"]) <= 10]


@pytest.mark.parametrize(
    "row", SMALL, ids=lambda row: f"{row['m']}x{row['n']} rank {row['rank']}"
)
def test_published_table(row) -> None:
    m, n, rank = row["m"], row["n"], row["rank"]
    assert generic_count(m, n, rank) == row["generic_weights"]
    assert list(polar_degrees(m, n, rank)) == row["polar_degrees"]
    assert unit_weight_count(m, n, rank) == row["unit_or_rank_one_weights"]
    if rank == 1:
        assert generic_rank_one_count(m, n) == row["generic_weights"]


def test_numbers_of_the_literature() -> None:
    assert [generic_count(3, 3, r) for r in (1, 2)] == [39, 39]
    assert [generic_count(4, 4, r) for r in (1, 2, 3)] == [284, 1350, 284]
    assert generic_rank_one_count(5, 5) == 2205
    assert generic_rank_one_count(6, 6) == 17730


@given(st.integers(2, 4), st.integers(2, 5), st.data())
def test_symmetries(m: int, n: int, data) -> None:
    rank = data.draw(st.integers(1, min(m, n) - 1))
    degrees = polar_degrees(m, n, rank)
    assert degrees == polar_degrees(n, m, rank)
    dual = polar_degrees(m, n, min(m, n) - rank)
    assert [x for x in degrees[::-1] if x] == [x for x in dual if x]
    # The dimension of the variety is m r + n r - r^2, and no degree is negative.
    assert len(degrees) == rank * (m + n - 2 * rank) + 1
    assert min(degrees) >= 0
    assert generic_count(m, n, rank) >= unit_weight_count(m, n, rank)


def test_last_polar_degree_is_the_degree_of_the_determinantal_variety() -> None:
    # Segre varieties: C(m + n - 2, m - 1); hypersurface of determinant: n.
    for m, n in ((2, 2), (2, 5), (3, 4), (4, 4)):
        assert polar_degrees(m, n, 1)[-1] == math.comb(m + n - 2, m - 1)
    for n in (2, 3, 4):
        assert polar_degrees(n, n, n - 1)[-1] == n


@pytest.mark.parametrize("case", PATTERNS, ids=lambda c: f"m={c['m']} p={c['p']}")
def test_few_patterns(case) -> None:
    assert few_pattern_count(case["m"], case["p"]) == case["count"]


@given(st.integers(1, 12), st.integers(1, 8))
def test_few_patterns_are_coefficients_of_the_series(m: int, p: int) -> None:
    series = [math.comb(2 * p - 1 + j, 2 * p - 1) for j in range(m)]
    numerator = [math.comb(2 * p - 2, i) for i in range(2 * p - 1)]
    coefficient = sum(
        numerator[i] * series[m - 1 - i] for i in range(min(m, 2 * p - 1))
    )
    assert few_pattern_count(m, p) == coefficient
    assert few_pattern_count(m, 1) == m == unit_weight_count(m, m, 1)
    assert few_pattern_count(m, 2) == m * (2 * m * m + 1) // 3  # octahedral numbers


def test_two_rows_have_the_degree_of_the_univariate_formulation() -> None:
    # Mathematics C10: 4 r_c - 2 critical slopes.
    for p in range(1, 6):
        assert few_pattern_count(2, p) == 4 * p - 2
    for n in range(2, 6):
        assert generic_count(2, n, 1) == 4 * n - 2


def test_refusals() -> None:
    for rank in (0, 3, 4):
        with pytest.raises(InvalidInstanceError, match="1 <= rank < 3"):
            generic_count(3, 4, rank)
    with pytest.raises(InvalidInstanceError, match="at least one"):
        few_pattern_count(3, 0)
    with pytest.raises(InvalidInstanceError, match="at least one"):
        generic_rank_one_count(0, 2)
