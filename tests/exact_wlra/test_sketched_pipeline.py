"""The paper's pipeline from end to end, against the exact solver."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from exact_wlra import Problem, solve
from exact_wlra.boosting import best_of_seeds
from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.sketched_pipeline import SketchedSolution, solve_by_sketch
from exact_wlra.threshold_deciders import Unknown
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def budget() -> Budget:
    return Budget(time_limit=60)


def patterned(n: int, d: int, types: int, k: int, *, seed: int) -> Instance:
    """Return n x d with two row and two column patterns, and a few types."""
    rng = np.random.default_rng(seed)
    table = np.array([[1, 4], [9, 1]])
    weights = table[np.arange(types) % 2][:, np.arange(d) % 2]
    data = rng.integers(-9, 10, (types, d))
    rows = np.arange(n) % types
    return Instance(
        data=RationalMatrix(data[rows]),
        squared_weights=RationalMatrix(weights[rows]),
        rank=k,
    )


def bracket(instance: Instance) -> tuple[Fraction, Fraction]:
    """Return proved bounds of OPT."""
    problem = Problem(
        instance.data.fractions(),
        squared_weights=instance.squared_weights.fractions(),
        rank=instance.rank,
    )
    solution = solve(problem, gap=Fraction(1, 10**4))
    return solution.lower, solution.upper


def check(instance: Instance, found: object, epsilon: Fraction) -> SketchedSolution:
    """Check what holds for every solution; return it."""
    assert isinstance(found, SketchedSolution)
    n, d = instance.shape
    assert found.left.shape == (n, instance.rank)
    assert found.right.shape == (instance.rank, d)
    assert found.cost == instance.cost(found.left, found.right)
    assert found.n_decisions > 0
    for part in found.parts:
        assert part.cost == part.instance.cost(part.left, part.right)
        if part.search is None:
            assert part.cost == 0
            continue
        share = epsilon if part.expected_ratio == 1 else epsilon / 3
        assert part.cost <= (1 + share) * part.search.told_lower
        assert part.recovery.cost == part.cost <= part.recovery.ceiling
        assert part.sizes.n_variables == len(part.recovery.point)
        # A refuted sketch says nothing about OPT unless it loses nothing.
        assert part.search.is_told_proved == (part.expected_ratio == 1)
    lower, upper = bracket(instance)
    assert lower <= found.cost
    if found.is_exact:
        assert found.cost <= (1 + epsilon) * upper
    return found


@pytest.mark.parametrize(
    ("n", "d", "types", "k"), [(4, 3, 4, 1), (2000, 4, 6, 1), (60, 4, 6, 2)]
)
def test_without_loss(n: int, d: int, types: int, k: int) -> None:
    epsilon = Fraction(1, 20)
    instance = patterned(n, d, types, k, seed=types + d)
    found = solve_by_sketch(
        instance, epsilon=epsilon, sketch_columns=4, budget=budget()
    )
    solution = check(instance, found, epsilon)
    assert solution.is_exact
    if n == 2000:
        assert solution.reductions[0] == ("types", (2000, 4), (6, 4))


def test_t_from_accuracy_and_probability() -> None:
    # 1 + 1 + ceil(1/(1/6 * 1/10)) = 62 columns lose nothing of five.
    instance = patterned(30, 5, 6, 1, seed=1)
    found = solve_by_sketch(instance, epsilon=Fraction(1, 2), budget=budget())
    solution = check(instance, found, Fraction(1, 2))
    assert solution.parts[0].t == 62


def test_with_loss_and_repetition() -> None:
    """One row pattern, eight types, three columns: infimum above OPT, mean below 2."""
    epsilon = Fraction(1, 10)
    rng = np.random.default_rng(2)
    data = rng.integers(-9, 10, (8, 6))
    instance = Instance(
        data=RationalMatrix(data[np.arange(2000) % 8]),
        squared_weights=RationalMatrix(np.ones((2000, 6), dtype=np.int64)),
        rank=1,
    )

    def run(seed: int) -> SketchedSolution:
        found = solve_by_sketch(
            instance, epsilon=epsilon, sketch_columns=3, seed=seed, budget=budget()
        )
        return check(instance, found, epsilon)

    runs = [run(seed) for seed in range(3)]
    assert not any(r.is_exact for r in runs)
    assert all(r.parts[0].expected_ratio == 2 for r in runs)
    _, upper = bracket(instance)
    mean = float(sum(r.cost for r in runs) / 3 / upper)
    assert 1 < mean < 2
    seed, best = best_of_seeds(lambda s: runs[s], range(3))
    assert best.cost == min(r.cost for r in runs) == runs[seed].cost


@pytest.mark.parametrize("oracle", ["cad", "critical_points", "subdivision"])
def test_every_oracle(oracle: str) -> None:
    epsilon = Fraction(1, 4)
    instance = patterned(4, 3, 4, 1, seed=5)
    found = solve_by_sketch(
        instance, epsilon=epsilon, sketch_columns=3, oracle=oracle, budget=budget()
    )
    check(instance, found, epsilon)


def test_parts_and_exact_fits() -> None:
    # Two blocks, one of rank one: its cost is 0 and no oracle is asked.
    block = np.array([[1, 2, 0, 0], [2, 4, 0, 0], [0, 0, 1, 2], [0, 0, 3, 1]])
    mask = np.array([[1, 1, 0, 0]] * 2 + [[0, 0, 1, 4]] + [[0, 0, 1, 1]])
    instance = Instance(
        data=RationalMatrix(block), squared_weights=RationalMatrix(mask), rank=1
    )
    found = solve_by_sketch(
        instance, epsilon=Fraction(1, 10), sketch_columns=3, budget=budget()
    )
    solution = check(instance, found, Fraction(1, 10))
    assert solution.cost == sum(part.cost for part in solution.parts)


def test_refusals() -> None:
    instance = patterned(4, 3, 4, 1, seed=5)
    with pytest.raises(InvalidProblemError, match="epsilon"):
        solve_by_sketch(instance, epsilon=Fraction(0), budget=budget())
    with pytest.raises(NotApplicableError, match="finite mean"):
        solve_by_sketch(
            instance, epsilon=Fraction(1), sketch_columns=2, budget=budget()
        )
    late = solve_by_sketch(
        instance, epsilon=Fraction(1), sketch_columns=3, budget=Budget(time_limit=0)
    )
    assert isinstance(late, Unknown)
    assert "time" in late.reason
