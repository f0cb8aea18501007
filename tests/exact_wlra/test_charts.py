"""Subdivision of all charts: proofs are accepted, every mutation is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_wlra.bounds.charts import chart_formulation, chart_work, prove_charts
from exact_wlra.bounds.two_rows import solve_two_rows
from exact_wlra.budget import Budget
from exact_wlra.certificates import Charts, Proof, Transpose
from exact_wlra.checker import lower_bound
from exact_wlra.checker.charts import charts_bound
from exact_wlra.driver import check, solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.problem import Problem
from reductions.chart_formulation import ChartFormulation
from reductions.formulation import pattern_counts
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
ARITHMETICS = ("automatic", "rational")
GAP = Fraction(1, 100)


def make(data, squared_weights, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


def published(name: str) -> Instance:
    case = PUBLISHED[name]
    return make(case["A"], case["W2"], case["k"])


def optimum_of(name: str) -> Fraction:
    return Fraction(PUBLISHED[name]["recomputed_here"]["optimum"])


def prove(
    instance: Instance, upper: Fraction, gap: Fraction = GAP, *, transposed=None
) -> Proof:
    """Return a proof of (1 - gap) upper, in the given orientation or the better one."""
    formulation = (
        chart_formulation(instance)
        if transposed is None
        else ChartFormulation(instance=instance, transposed=transposed)
    )
    result = prove_charts(
        instance, formulation, upper=upper, gap=gap, budget=Budget(time_limit=60)
    )
    assert result.proof is not None
    assert lower_bound(instance, result.proof) == result.lower
    assert result.lower >= (1 - gap) * upper
    return result.proof


# Nearly as close to the optimum as their last digit.
CASES = (
    "oss-3x3-k1",
    "oss-3x3-k2",
    "rec-small-2x3",
    "rec-missing-one-2x3",
    "rec-rank1W-3x3",
    "rec-two-col-patterns-3x4",
    "biclique-P4",
    "sj-2x2-alpha-1",
)


# --- what is accepted


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_published_optima_are_proved_in_both_orientations(name, transposed) -> None:
    instance = published(name)
    upper = optimum_of(name) * (1 + Fraction(1, 10**9))
    proof = prove(instance, upper, transposed=transposed)
    assert isinstance(proof, Transpose if transposed else Charts)
    for arithmetic in ARITHMETICS:
        assert lower_bound(instance, proof, arithmetic=arithmetic) >= upper * (1 - GAP)


@pytest.mark.parametrize("name", CASES)
def test_the_method_charts_solves(name: str) -> None:
    case = PUBLISHED[name]
    problem = Problem(case["A"], squared_weights=case["W2"], rank=case["k"])
    solution = solve(problem, method="charts", gap=1e-3)
    digit = Fraction(1, 10**15)
    assert solution.lower <= optimum_of(name) + digit
    assert optimum_of(name) - digit <= solution.upper
    assert solution.gap <= 1e-3
    assert check(problem, solution.certificate) >= solution.lower


@pytest.mark.parametrize(
    ("data", "weights", "rank"),
    [
        ([[1, -2, 4], [3, 5, -1], [2, 1, 1]], [[0, 4, 9], [1, 1, 2], [1, 1, 0]], 1),
        (
            [[1, -2, 4], [3, 5, -1], [2, 1, 9], [1, 7, 2]],
            [[4, 4, 9], [1, 0, 2], [1, 1, 2], [1, 0, 2]],
            1,
        ),
        ([[1, -2, 4], [3, 5, -1], [2, 1, 1]], [[4, 4, 9], [1, 1, 2], [1, 1, 2]], 2),
    ],
)
def test_the_method_charts_solves_three_columns(data, weights, rank: int) -> None:
    problem = Problem(data, squared_weights=weights, rank=rank)
    solution = solve(problem, method="charts", gap=1e-2, time_limit=20)
    assert solution.gap <= 1e-2
    assert check(problem, solution.certificate) >= solution.lower > 0
    assert "charts" in json.dumps(solution.statistics)


def test_factors_that_are_not_optimal_are_improved() -> None:
    instance = published("rec-small-2x3")
    second = Fraction(
        PUBLISHED["rec-small-2x3"]["recomputed_here"]["real_critical_values"][1]
    )
    result = prove_charts(
        instance,
        chart_formulation(instance),
        upper=second,
        gap=GAP,
        budget=Budget(time_limit=60),
    )
    assert result.found is not None
    assert result.found.cost < second
    assert instance.cost(result.found.left, result.found.right) == result.found.cost
    assert result.lower <= optimum_of("rec-small-2x3") + 1 <= result.found.cost + 1
    assert result.lower >= result.found.cost * (1 - GAP)


@pytest.mark.parametrize(
    ("data", "weights"),
    [
        ([[1, 1], [1, 5]], [[1, 1], [1, 0]]),
        ([[1, 0], [0, 1]], [[1, 1], [1, 0]]),
        ([[1, 1, 2], [1, 5, 2], [3, 1, 6]], [[1, 1, 1], [1, 0, 1], [1, 0, 2]]),
    ],
)
def test_factors_that_cost_nothing_end_the_search(data, weights) -> None:
    """It once divided by the width of the empty bracket then."""
    instance = make(data, weights)
    result = prove_charts(
        instance,
        chart_formulation(instance),
        upper=Fraction(1),
        gap=GAP,
        budget=Budget(time_limit=60),
    )
    assert result.found is not None
    assert result.found.cost == 0
    assert result.proof is None
    assert result.lower == 0


def test_the_cheaper_orientation_is_chosen() -> None:
    wide = make([[1, 2, 3], [4, 5, 7]], [[1, 1, 2], [1, 2, 1]])
    assert chart_formulation(wide).transposed
    assert not chart_formulation(wide.transpose).transposed
    works = [chart_work(pattern_counts(i)) for i in (wide, wide.transpose)]
    assert works == [3 * 5**2, 2 * 7]  # two classes of rows, three of columns


@pytest.mark.parametrize(
    ("shape", "rank", "reason"),
    [((2, 3), 0, "rank"), ((2, 3), 2, "rank"), ((12, 12), 6, "too many")],
)
def test_instances_out_of_reach_are_named(shape, rank, reason) -> None:
    n, d = shape
    data = [[(3 * i + 5 * j) % 7 for j in range(d)] for i in range(n)]
    weights = [[1 + (2 * i + 3 * j * j) % 11 for j in range(d)] for i in range(n)]
    found = chart_formulation(make(data, weights, rank))
    assert isinstance(found, str)
    assert reason in found


# --- theorems


@st.composite
def two_rows(draw) -> Instance:
    """Zero weights, too; the exact solver of two rows knows the optimum."""
    d = draw(st.integers(2, 3))
    row = st.lists(st.integers(-9, 9), min_size=d, max_size=d)
    weights = st.lists(st.integers(0, 9), min_size=d, max_size=d)
    return make([draw(row), draw(row)], [draw(weights), draw(weights)])


@settings(max_examples=25)
@given(two_rows(), st.booleans())
def test_optima_with_zero_weights_are_proved(instance: Instance, transposed) -> None:
    low, high = solve_two_rows(instance).enclosure
    assume(low > 0)
    proof = prove(instance, high, transposed=transposed)
    # The same trees prove nothing above the optimum.
    inner = proof.proof if isinstance(proof, Transpose) else proof
    oriented = instance.transpose if transposed else instance
    with pytest.raises(RejectedCertificateError, match="is not refuted"):
        charts_bound(oriented, Charts(lower=high + high / 10**6, trees=inner.trees))


@st.composite
def trees(draw, n_variables: int, n_conditions: int) -> tuple[int, ...]:
    """Any binary tree, its nodes in preorder."""
    nodes, open_ends = [], 1
    while open_ends:
        is_cut = len(nodes) < 30 and draw(st.booleans())
        nodes.append(
            draw(st.integers(0, n_variables - 1))
            if is_cut
            else draw(st.integers(-n_conditions, -1))
        )
        open_ends += 1 if is_cut else -1
    return tuple(nodes)


@given(
    st.lists(trees(1, 3), min_size=2, max_size=2),
    st.fractions(min_value=Fraction(1, 50), max_value=3, max_denominator=50),
)
def test_no_trees_prove_more_than_the_optimum(nodes, lower: Fraction) -> None:
    instance = make([[2, 0], [0, 1]], [[1, 1], [1, 1]])  # OPT = 1
    try:
        proved = charts_bound(instance, Charts(lower=lower, trees=tuple(nodes)))
    except RejectedCertificateError:
        proved = Fraction(0)
    assert proved in (0, lower)
    assert proved <= 1


# --- what is refused


@pytest.fixture(scope="module")
def instance() -> Instance:
    return published("oss-3x3-k1")


@pytest.fixture(scope="module")
def proof(instance: Instance) -> Charts:
    found = prove(instance, Fraction("43556.72"), transposed=False)
    assert isinstance(found, Charts)
    assert len(found.trees) == 3
    assert all(len(tree) > 3 for tree in found.trees)
    return found


def changed(proof: Charts, chart: int, tree: tuple[int, ...]) -> Charts:
    trees = list(proof.trees)
    trees[chart] = tree
    return Charts(lower=proof.lower, trees=tuple(trees))


def refuse(instance: Instance, proof: Charts, message: str) -> None:
    for arithmetic in ARITHMETICS:
        with pytest.raises(RejectedCertificateError, match=message):
            charts_bound(instance, proof, arithmetic)


@pytest.mark.parametrize("chart", range(3))
def test_a_truncated_tree_is_refused(instance, proof, chart: int) -> None:
    for n in range(len(proof.trees[chart])):
        refuse(
            instance, changed(proof, chart, proof.trees[chart][:n]), "ends too early"
        )


@pytest.mark.parametrize("chart", range(3))
def test_a_tree_with_nodes_left_over_is_refused(instance, proof, chart: int) -> None:
    longer = (*proof.trees[chart], proof.trees[chart][-1])
    refuse(instance, changed(proof, chart, longer), "left over")


@pytest.mark.parametrize("chart", range(3))
def test_a_leaf_that_names_a_side_of_the_box_is_refused(instance, proof, chart) -> None:
    tree = proof.trees[chart]
    leaves = [i for i, node in enumerate(tree) if node < 0]
    for leaf in leaves:
        for side in (-1, -2, -3, -4):
            lie = (*tree[:leaf], side, *tree[leaf + 1 :])
            refuse(instance, changed(proof, chart, lie), "is not refuted")


@pytest.mark.parametrize("node", [-6, -7, -100, 2, 10**20, -(10**20)])
def test_a_node_that_does_not_exist_is_refused(instance, proof, node: int) -> None:
    tree = proof.trees[0]
    refuse(instance, changed(proof, 0, (*tree[:-1], node)), "no variable")


@pytest.mark.parametrize("chart", range(3))
def test_a_single_leaf_is_refused(instance, proof, chart: int) -> None:
    refuse(instance, changed(proof, chart, (-5,)), f"chart {chart + 1}: leaf 1")


def test_a_subtree_cut_off_is_refused(instance, proof) -> None:
    """A cut both of whose halves are leaves becomes a leaf: one too early, somewhere."""
    for chart, tree in enumerate(proof.trees):
        cuts = [
            i
            for i in range(len(tree) - 2)
            if tree[i] >= 0 and tree[i + 1] < 0 and tree[i + 2] < 0
        ]
        assert cuts
        for i in cuts:
            shorter = (*tree[:i], -5, *tree[i + 3 :])
            refuse(instance, changed(proof, chart, shorter), "is not refuted")


def test_trees_of_other_charts_are_refused() -> None:
    # No symmetry: the third chart holds the optimum and wants the largest tree.
    instance = make(
        [[1, 2, 30], [2, 3, 61], [1, 5, 29]], [[4, 1, 2], [3, 1, 1], [1, 5, 1]]
    )
    upper = solve(
        Problem(
            instance.data.fractions(),
            squared_weights=instance.squared_weights.fractions(),
            rank=1,
        )
    ).upper
    proof = prove(instance, upper, transposed=False)
    sizes = [len(tree) for tree in proof.trees]
    assert len(set(sizes)) > 1
    small, large = sizes.index(min(sizes)), sizes.index(max(sizes))
    trees = list(proof.trees)
    trees[small], trees[large] = trees[large], trees[small]
    refuse(instance, Charts(lower=proof.lower, trees=tuple(trees)), "chart ")


@pytest.mark.parametrize("n_trees", [0, 1, 2, 4])
def test_a_missing_or_additional_chart_is_refused(instance, proof, n_trees) -> None:
    trees = (*proof.trees, proof.trees[0])[:n_trees]
    refuse(instance, Charts(lower=proof.lower, trees=trees), "trees for 3 charts")


@pytest.mark.parametrize("factor", [Fraction(101, 100), 2, 10**30])
def test_a_raised_bound_is_refused(instance, proof, factor) -> None:
    raised = Charts(lower=optimum_of("oss-3x3-k1") * factor, trees=proof.trees)
    refuse(instance, raised, "is not refuted")


def test_a_bound_just_above_the_optimum_is_refused(instance, proof) -> None:
    above = optimum_of("oss-3x3-k1") + Fraction(1, 10**25)
    refuse(instance, Charts(lower=above, trees=proof.trees), "is not refuted")


def test_a_lower_bound_with_the_same_trees_is_true(instance, proof) -> None:
    lower = proof.lower / 2
    assert charts_bound(instance, Charts(lower=lower, trees=proof.trees)) == lower


def test_a_proof_of_the_transpose_is_refused() -> None:
    instance = published("rec-small-2x3")
    proof = prove(instance, Fraction(44), transposed=True)
    assert isinstance(proof, Transpose)
    with pytest.raises(RejectedCertificateError, match="trees for 3 charts"):
        lower_bound(instance, proof.proof)


@pytest.mark.parametrize("rank", [0, 3, 4])
def test_ranks_without_charts_are_refused(rank: int) -> None:
    instance = make([[1, 2, 3], [4, 5, 6], [7, 8, 10]], [[1, 1, 1]] * 3, rank)
    refuse(instance, Charts(lower=Fraction(0), trees=()), "1 <= rank < columns")


def test_sizes_beyond_all_reason_are_refused() -> None:
    d = 40
    weights = [[1 + (i * j) % 5 for j in range(d)] for i in range(3)]
    instance = make([[1] * d, [2] * d, [*range(d)]], weights, 2)
    n_charts = d * (d - 1) // 2
    proof = Charts(lower=Fraction(0), trees=((-1,),) * n_charts)
    refuse(instance, proof, "too m")
    many = make([[1] * 3000], [[1] * 3000], 1)
    refuse(many, Charts(lower=Fraction(0), trees=((-1,),) * 3000), "at most 2000")
