"""Rows distributed over cells: sound for any tree, closing what one sweep leaves open."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.applicability import applicable
from exact_wlra.bounds.cell_splits import cone_forms
from exact_wlra.bounds.row_cells import CellSearch, CellsFound
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.checker import lower_bound
from exact_wlra.checker.row_cells import _cones
from exact_wlra.checker.sweep_pencil import Pencil
from exact_wlra.driver import solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.problem import Problem
from exact_wlra.sweep_certificates import CellLeaf, ConeSplit, GroupSplit, RowCells
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix

pytest.importorskip("clarabel")

seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(["classes", "shares", "zeros"])


def instance_of(seed: int, kind: str, rank: int, shape=(7, 6)) -> Instance:
    """Data without structure; squared weights of rank two of several kinds."""
    generator = np.random.default_rng(seed)
    n, d = shape
    omega = np.ones(shape, dtype=np.int64)
    if kind == "classes":
        omega[: n // 2, : d // 2] = generator.integers(2, 9)
    elif kind == "shares":
        right = generator.integers(1, 4, (2, d))
        right[:, :2] = [[1, 0], [0, 1]]
        omega = generator.integers(1, 5, (n, 2)) @ right
        omega[:2] = np.array([[1, 2], [3, 1]]) @ right
    else:
        omega[: n // 2, : d // 2] = 0
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, shape)),
        squared_weights=RationalMatrix(omega),
        rank=rank,
    )


def mixed(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise and two patterns of weights in turns."""
    generator = np.random.default_rng(seed)
    data = generator.integers(-5, 6, (n, n))
    patterns = generator.integers(1, 4, (2, 2))
    while np.linalg.matrix_rank(patterns) < 2:
        patterns = generator.integers(1, 4, (2, 2))
    return data, patterns[np.arange(n) % 2][:, np.arange(n) % 2]


def found_for(
    instance: Instance, gap: float, seconds: float = 20
) -> tuple[CellsFound, float, CellSearch]:
    """What the search finds, the cost of the factors it starts from, the search."""
    budget = Budget(time_limit=seconds)
    start = best_of_starts(instance, seed=0, budget=budget)
    search = CellSearch(
        pattern_space(instance, factor_weights(instance.squared_weights)),
        instance.rank,
        start.right,
        allowed=gap * start.cost,
        budget=budget,
    )
    found = search.run()
    assert found is not None
    return found, start.cost, search


@given(seed=seeds, kind=kinds, rank=st.integers(2, 3))
def test_the_bound_is_below_the_cost_of_any_factors(seed, kind, rank) -> None:
    instance = instance_of(seed, kind, rank)
    found, cost, _ = found_for(instance, 1e-2, seconds=3)
    lower = lower_bound(instance, found.proof)
    assert float(lower) <= cost * (1 + 1e-9)
    # The estimate is what the checker proves, but for rounding.
    energy = float(instance.energy())
    assert abs(energy - found.capture - float(lower)) <= 1e-6 * energy
    generator = np.random.default_rng(seed)
    for _ in range(3):
        right = generator.integers(-3, 4, (rank, instance.shape[1]))
        left = generator.integers(-3, 4, (instance.shape[0], rank))
        assert lower <= instance.cost(RationalMatrix(left), RationalMatrix(right))


@pytest.mark.parametrize("kind", ["classes", "shares", "zeros"])
def test_both_arithmetics_prove_the_same(kind: str) -> None:
    instance = instance_of(4, kind, 2)
    found, _, _ = found_for(instance, 1e-2)
    lower = lower_bound(instance, found.proof)
    assert lower_bound(instance, found.proof, arithmetic="rational") == lower


@pytest.mark.parametrize(("n", "rank", "seed"), [(6, 2, 34), (5, 2, 34), (6, 3, 23)])
def test_noise_that_one_sweep_leaves_open_is_closed(n, rank, seed) -> None:
    data, weights = mixed(n, seed)
    problem = Problem(data.tolist(), weights=weights.tolist(), rank=rank)
    swept = solve(problem, method="sweep", gap=1e-3)
    found = solve(problem, method="row-cells", gap=1e-3)
    assert swept.upper - swept.lower > swept.upper / 1000
    assert found.upper - found.lower <= found.upper / 10**3
    assert swept.lower <= found.lower <= swept.upper
    text = certificate_to_json(found.certificate)
    assert '"rule":"row-cells"' in text
    assert '"left":["' in text  # a cone was cut


@pytest.mark.parametrize("seed", range(3))
def test_small_cases_agree_with_the_optimum_on_the_plane(seed: int) -> None:
    instance = instance_of(seed, "classes", 2, shape=(4, 3))
    rows = [[instance.data[i, j] for j in range(3)] for i in range(4)]
    omega = [[instance.squared_weights[i, j] for j in range(3)] for i in range(4)]
    problem = Problem(rows, squared_weights=omega, rank=2)
    cells = solve(problem, method="row-cells", gap=1e-4)
    plane = solve(problem, method="plane", gap=1e-9)
    assert cells.lower <= plane.upper
    assert plane.lower - cells.lower <= plane.upper / 10**3


@given(seed=seeds)
def test_the_program_of_all_rows_is_tight_at_rank_one(seed) -> None:
    instance = instance_of(seed, "classes", 1)
    _, cost, search = found_for(instance, 1e-3)
    assert abs(search.excess) <= 2e-3 * cost


@given(seed=seeds, size=st.integers(2, 5))
def test_one_of_three_forms_is_not_negative(seed, size) -> None:
    generator = np.random.default_rng(seed)
    left, right, v = (
        [Fraction(int(x), 4) for x in generator.integers(-9, 10, size)]
        for _ in range(3)
    )
    omega = RationalMatrix.from_rows([[1] * size, [1] * (size - 1) + [2]])
    instance = Instance(data=omega, squared_weights=omega, rank=1)
    pencil = Pencil.of(instance, factor_weights(omega), 20, "test")
    split = ConeSplit(group=0, left=tuple(left), right=tuple(right))
    exact = [
        sum(v[i] * form[i, j] * v[j] for i in range(size) for j in range(size))
        for form in _cones(pencil, split)
    ]
    a, b = (sum(x * y for x, y in zip(w, v, strict=True)) for w in (left, right))
    assert exact == [a * a - b * b, (b - a) * a, -(b + a) * a]
    assert max(exact) >= 0
    floats = cone_forms(np.array(left, dtype=float), np.array(right, dtype=float))
    point = np.array(v, dtype=float)
    for form, value in zip(floats, exact, strict=True):
        assert float(point @ form @ point) == pytest.approx(float(value))


@pytest.fixture(scope="module")
def closed() -> tuple[Instance, RowCells, float]:
    """A short proof with both kinds of division."""
    data, weights = mixed(6, 34)
    instance = Instance(
        data=RationalMatrix(data).transpose,
        squared_weights=RationalMatrix(weights**2).transpose,
        rank=2,
    )
    found, cost, _ = found_for(instance, 1e-4)
    kinds_found = {type(item) for item in found.proof.tree}
    assert kinds_found == {GroupSplit, ConeSplit, CellLeaf}
    return instance, found.proof, cost


def changed_item(item, generator):
    """An item of a tree with one number changed."""
    change = Fraction(int(generator.integers(-64, 65)), 64)
    if isinstance(item, GroupSplit):
        return replace(item, at=item.at + change / 4)
    if isinstance(item, ConeSplit):
        j = int(generator.integers(len(item.left)))
        left = list(item.left)
        left[j] += change * max(abs(x) for x in left)
        return replace(item, left=tuple(left))
    sweeps = list(item.sweeps)
    number = int(generator.integers(len(sweeps)))
    vertices = list(sweeps[number].vertices)
    i = int(generator.integers(len(vertices)))
    vertex = vertices[i]
    first, second = vertex.values
    vertices[i] = (
        replace(vertex, at=vertex.at + change / 16),
        replace(vertex, values=(first + 9 * change, second)),
        replace(vertex, cones=tuple(x + abs(change) for x in vertex.cones)),
    )[int(generator.integers(3))]
    sweeps[number] = replace(sweeps[number], vertices=tuple(vertices))
    return replace(item, sweeps=tuple(sweeps))


@given(seed=seeds)
def test_no_change_of_a_proof_proves_more_than_the_optimum(closed, seed) -> None:
    instance, proof, cost = closed
    generator = np.random.default_rng(seed)
    tree = list(proof.tree)
    index = int(generator.integers(len(tree)))
    tree[index] = changed_item(tree[index], generator)
    try:
        lower = lower_bound(instance, replace(proof, tree=tuple(tree)))
    except RejectedCertificateError:
        return
    assert float(lower) <= cost * (1 + 1e-9)


def test_a_subtree_cannot_be_left_out(closed) -> None:
    instance, proof, _ = closed
    leaf = next(i for i, x in enumerate(proof.tree) if isinstance(x, CellLeaf))
    short = replace(proof, tree=(*proof.tree[:leaf], *proof.tree[leaf + 1 :]))
    with pytest.raises(RejectedCertificateError):
        lower_bound(instance, short)


def test_where_it_applies() -> None:
    generator = np.random.default_rng(0)
    data = RationalMatrix(generator.integers(-5, 6, (6, 6)))
    two = np.ones((6, 6), dtype=np.int64)
    two[:3, :3] = 2
    narrow = np.ones((6, 6), dtype=np.int64)
    narrow[:1, :1] = 2
    for omega, rank, reason in (
        (two, 2, ""),
        (two, 1, "at rank one"),
        (narrow, 2, "on fewer rows or columns"),
        (np.ones((6, 6), dtype=np.int64), 2, "of rank two"),
    ):
        instance = Instance(data=data, squared_weights=RationalMatrix(omega), rank=rank)
        found = applicable(instance)["row-cells"]
        assert reason in found
        assert bool(found) == bool(reason)
