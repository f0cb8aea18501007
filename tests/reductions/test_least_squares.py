"""Row-wise weighted least squares: exact solutions solve the normal equations."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 5)


def random_case(
    n: int, d: int, k: int, seed: int, *, singular: bool
) -> tuple[Instance, RationalMatrix]:
    generator = np.random.default_rng(seed)
    right = generator.integers(-4, 5, size=(k, d))
    omega = generator.integers(0 if singular else 1, 4, size=(n, d))
    if singular and k > 1:
        right[-1] = 2 * right[0]
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(n, d)), 5),
        squared_weights=RationalMatrix(omega, 3),
        rank=k,
    )
    return instance, RationalMatrix(right, 2)


def solved(instance: Instance, right: RationalMatrix) -> RationalMatrix:
    return solve_rows(instance.data, instance.squared_weights, right)


@given(n=sizes, d=sizes, k=sizes, seed=seeds, singular=st.booleans())
def test_exact_solutions_satisfy_the_normal_equations(n, d, k, seed, singular) -> None:
    instance, right = random_case(n, d, k, seed, singular=singular)
    left = solved(instance, right)
    residual = instance.data - left @ right
    gradient = instance.squared_weights.hadamard(residual) @ right.transpose
    assert gradient == RationalMatrix.zeros(n, k)


@given(n=sizes, d=sizes, k=sizes, seed=seeds, singular=st.booleans())
def test_no_other_u_costs_less(n, d, k, seed, singular) -> None:
    instance, right = random_case(n, d, k, seed, singular=singular)
    left = solved(instance, right)
    generator = np.random.default_rng(seed)
    move = RationalMatrix(generator.integers(-9, 10, size=(n, k)), 7)
    least = instance.cost(left, right)
    assert instance.cost(left + move, right) >= least
    assert instance.cost(left - move.scaled(Fraction(1, 10**9)), right) >= least


@given(n=sizes, d=sizes, k=sizes, seed=seeds, singular=st.booleans())
def test_floating_point_solutions_cost_the_same(n, d, k, seed, singular) -> None:
    instance, right = random_case(n, d, k, seed, singular=singular)
    exact = instance.cost(solved(instance, right), right)
    floats = solve_rows(
        instance.data.to_float(), instance.squared_weights.to_float(), right.to_float()
    )
    cost = instance.cost(RationalMatrix.from_floats(floats), right)
    assert exact <= cost <= exact + Fraction(1, 10**6) * (1 + instance.energy())


@given(n=sizes, d=sizes, seed=seeds)
def test_a_fit_by_the_identity_is_perfect(n, d, seed) -> None:
    instance, _ = random_case(n, d, d, seed, singular=False)
    unit = RationalMatrix(np.eye(d, dtype=np.int64))
    assert solved(instance, unit) == instance.data


def test_weights_of_all_sizes_are_solved_row_by_row() -> None:
    # One row is heavier by 2^80 than another: a common ridge would drown the light one.
    scales = 2.0 ** np.array([-80, 0, 80])[:, None]
    generator = np.random.default_rng(3)
    data, right = generator.standard_normal((3, 6)), generator.standard_normal((2, 6))
    weights = scales * (1 + generator.random((3, 6)))
    together = solve_rows(data, weights, right)
    alone = np.concatenate(
        [
            solve_rows(data[i : i + 1], weights[i : i + 1] / scales[i], right)
            for i in range(3)
        ]
    )
    assert np.allclose(together, alone, rtol=1e-12, atol=0)


@pytest.mark.parametrize("k", [1, 3])
def test_rows_without_weight_get_zero(k: int) -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 5], [3, 4, 6]]),
        squared_weights=RationalMatrix.from_rows([[0, 0, 0], [1, 2, 1]]),
        rank=k,
    )
    right = RationalMatrix(np.arange(1, 3 * k + 1).reshape(k, 3) ** 2)
    assert solved(instance, right).take([0]) == RationalMatrix.zeros(1, k)
    floats = solve_rows(
        instance.data.to_float(), instance.squared_weights.to_float(), right.to_float()
    )
    assert np.isfinite(floats).all()
    assert not floats[0].any()


@pytest.mark.parametrize(("n", "k"), [(0, 2), (2, 0), (0, 0)])
def test_empty_factors_have_the_right_shape(n: int, k: int) -> None:
    data = RationalMatrix.zeros(n, 3)
    assert solve_rows(data, data, RationalMatrix.zeros(k, 3)).shape == (n, k)
