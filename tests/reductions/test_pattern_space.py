"""Pattern space: the eliminated cost equals the best cost, exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import WeightFactorization, factor_weights
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Rank one, few weight rows and columns; every row has weight."""
    n, d = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    data = [[draw(st.integers(-5, 5)) for _ in range(d)] for _ in range(n)]
    rays = [[draw(st.integers(0, 3)) for _ in range(d)] for _ in range(2)]
    rays[0][0] += 1
    rays[1][-1] += 1
    omega = []
    for _ in range(n):
        factor = draw(st.integers(1, 4))
        omega.append([factor * w for w in draw(st.sampled_from(rays))])
    return Instance(
        data=RationalMatrix(np.array(data), draw(st.integers(1, 6))),
        squared_weights=RationalMatrix(np.array(omega), draw(st.integers(1, 6))),
        rank=1,
    )


def built(instance: Instance) -> PatternSpace:
    return pattern_space(instance, factor_weights(instance.squared_weights))


def eliminated_cost(space: PatternSpace, v: list[Fraction]) -> Fraction | None:
    """(energy - sum_g v^T K_g v / sigma_g(t)) / scale, or None where t is singular."""
    shares = space.factorization.shares
    t = [
        sum(shares[l, j] * x * x for j, x in enumerate(v))
        for l in range(len(space.factorization.generators))
    ]
    captured = Fraction(0)
    for gram, weights in zip(space.grams, space.group_weights, strict=True):
        sigma = sum(int(w) * x for w, x in zip(weights, t, strict=True))
        if sigma == 0:
            return None
        quadratic = sum(
            int(gram[i, j]) * v[i] * v[j] for i in range(len(v)) for j in range(len(v))
        )
        captured += quadratic / sigma
    return (space.energy - captured) / space.scale


@given(instance=instances(), data=st.data())
def test_the_eliminated_cost_is_the_best_cost_for_v(instance, data) -> None:
    d = instance.shape[1]
    entries = st.fractions(min_value=-3, max_value=3, max_denominator=4)
    v = data.draw(st.lists(entries, min_size=d, max_size=d))
    cost = eliminated_cost(built(instance), v)
    assume(cost is not None)
    right = RationalMatrix.from_rows([v])
    left = solve_rows(instance.data, instance.squared_weights, right)
    assert cost == instance.cost(left, right)


@given(instance=instances())
def test_energy_and_scale_are_those_of_the_instance(instance) -> None:
    space = built(instance)
    assert Fraction(space.energy, space.scale) == instance.energy()
    assert space.dimension == len(space.factorization.generators) - 1


@given(instance=instances())
def test_gram_matrices_are_semidefinite_and_primitive_rows_are_shared(instance) -> None:
    space = built(instance)
    assert space.n_groups == len(space.weight_rows) <= 2
    assert all(
        is_positive_semidefinite(gram, arithmetic="rational") for gram in space.grams
    )
    for row, label in zip(
        instance.squared_weights.numerators.tolist(), space.labels, strict=True
    ):
        primitive = space.weight_rows[label].tolist()
        assert np.gcd.reduce(primitive) == 1
        unit = np.gcd.reduce(row)
        assert [unit * x for x in primitive] == row


@given(instance=instances(), data=st.data())
def test_the_order_of_rows_does_not_change_the_cost(instance, data) -> None:
    order = data.draw(st.permutations(range(instance.shape[0])))
    v = [Fraction(j + 1, 2) for j in range(instance.shape[1])]
    moved = built(instance.restrict(order))
    assert eliminated_cost(moved, v) == eliminated_cost(built(instance), v)


def small(rank: int = 1, weights: tuple = ((1, 1), (1, 2))) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows([[1, 2], [3, 4]]),
        squared_weights=RationalMatrix.from_rows(weights),
        rank=rank,
    )


@pytest.mark.parametrize("rank", [0, 2])
def test_the_formulation_is_the_same_at_every_rank(rank: int) -> None:
    one, other = built(small()), built(small(rank))
    assert other.group_weights.tolist() == one.group_weights.tolist()
    assert [g.tolist() for g in other.grams] == [g.tolist() for g in one.grams]


def test_a_row_without_weight_is_refused() -> None:
    with pytest.raises(NotApplicableError, match="no weight"):
        built(small(weights=((1, 1), (0, 0))))


def test_a_false_factorization_is_refused() -> None:
    wrong = WeightFactorization(
        generators=(0,), shares=RationalMatrix.from_rows([[1, 1]])
    )
    with pytest.raises(NotApplicableError, match="does not hold"):
        pattern_space(small(), wrong)
