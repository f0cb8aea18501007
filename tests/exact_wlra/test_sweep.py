"""The sweep for weights of rank two: sound for any factors, tight where it should be."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.sweep import sweep
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.checker import lower_bound
from exact_wlra.checker.sweep import quadratic_maximum
from exact_wlra.checker.sweep_pencil import reciprocal_below
from exact_wlra.driver import solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.problem import Problem
from exact_wlra.sweep_certificates import Sweep, SweepVertex
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(["classes", "shares", "zeros", "one apart"])


def instance_of(seed: int, kind: str, rank: int, shape=(6, 5)) -> Instance:
    """Data without structure; squared weights of rank two of several kinds."""
    generator = np.random.default_rng(seed)
    n, d = shape
    omega = np.ones(shape, dtype=np.int64)
    if kind == "classes":
        omega[: n // 2, : d // 2] = generator.integers(2, 9)
    elif kind == "shares":
        left, right = generator.integers(1, 5, (n, 2)), generator.integers(0, 4, (2, d))
        right[:, :2] = [[1, 0], [0, 1]]
        right[0] += right.sum(axis=0) == 0
        left[:2] = [[1, 2], [3, 1]]
        omega = left @ right
    elif kind == "zeros":
        omega[:2, :2] = 0
    else:
        omega[: n // 2, 0] = generator.integers(2, 9)
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, shape)),
        squared_weights=RationalMatrix(omega),
        rank=rank,
    )


def proof_of(instance: Instance, gap: float = 1e-4) -> tuple[Sweep, float]:
    """The proof of the sweep and the cost of the factors it starts from."""
    budget = Budget(time_limit=20)
    found = best_of_starts(instance, seed=0, budget=budget)
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    swept = sweep(
        space, instance.rank, found.right, allowed=gap * found.cost, budget=budget
    )
    assert swept is not None
    return swept.proof, found.cost


def is_proved(instance: Instance, proof: Sweep, claim: Fraction) -> bool:
    try:
        return lower_bound(instance, proof) >= claim
    except RejectedCertificateError:
        return False


@given(seed=seeds, kind=kinds, rank=st.integers(1, 3))
def test_the_bound_is_below_the_cost_of_any_factors(seed, kind, rank) -> None:
    instance = instance_of(seed, kind, rank)
    proof, cost = proof_of(instance, gap=1e-2)
    lower = lower_bound(instance, proof)
    assert float(lower) <= cost * (1 + 1e-9)
    assert lower_bound(instance, proof, arithmetic="rational") == lower
    generator = np.random.default_rng(seed)
    for _ in range(3):
        right = generator.integers(-3, 4, (rank, instance.shape[1]))
        left = generator.integers(-3, 4, (instance.shape[0], rank))
        assert lower <= instance.cost(RationalMatrix(left), RationalMatrix(right))


@given(seed=seeds, kind=kinds)
def test_rank_one_is_tight_and_agrees_with_the_simplicial_search(seed, kind) -> None:
    instance = instance_of(seed, kind, 1)
    rows = [[instance.data[i, j] for j in range(5)] for i in range(6)]
    omega = [[instance.squared_weights[i, j] for j in range(5)] for i in range(6)]
    problem = Problem(rows, squared_weights=omega, rank=1)
    one, other = (
        solve(problem, method=name, gap=1e-4, time_limit=20)
        for name in ("sweep", "simplicial")
    )
    assert one.lower <= other.upper
    assert other.lower <= one.upper
    if kind != "zeros":
        assert one.upper - one.lower <= one.upper / 10**4


@pytest.mark.parametrize(("kind", "seed"), [("classes", 1), ("shares", 2)])
def test_small_cases_agree_with_the_optimum_on_the_plane(kind: str, seed: int) -> None:
    instance = instance_of(seed, kind, 2, shape=(4, 3))
    rows = [[instance.data[i, j] for j in range(3)] for i in range(4)]
    omega = [[instance.squared_weights[i, j] for j in range(3)] for i in range(4)]
    problem = Problem(rows, squared_weights=omega, rank=2)
    swept = solve(problem, method="sweep", gap=1e-4)
    plane = solve(problem, method="plane", gap=1e-9)
    assert swept.lower <= plane.upper
    assert plane.lower - swept.lower <= plane.upper / 10**3


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_closed_at_the_root(seed: int) -> None:
    instance = instance_of(seed, "classes", 2, shape=(12, 12))
    proof, cost = proof_of(instance, gap=1e-6)
    assert float(lower_bound(instance, proof)) >= cost * (1 - 2e-6)


def test_noise_with_two_patterns_is_swept_unasked() -> None:
    generator = np.random.default_rng(5)
    weights = np.ones((10, 9), dtype=np.int64)
    weights[:5, :4] = 2
    data = generator.integers(-5, 6, (10, 9))
    found = solve(Problem(data.tolist(), weights=weights.tolist(), rank=2), gap=1e-6)
    assert found.upper - found.lower <= found.upper / 10**6
    assert '"rule":"sweep"' in certificate_to_json(found.certificate)


def test_the_bound_scales_with_the_data_and_the_weights() -> None:
    instance = instance_of(3, "classes", 2)
    proof, _ = proof_of(instance)
    scaled = Instance(
        data=RationalMatrix(instance.data.numerators * 3, 1),
        squared_weights=instance.squared_weights,
        rank=2,
    )
    lower = lower_bound(instance, proof)
    larger = replace(
        proof,
        factors=tuple(
            RationalMatrix(f.numerators * 3, f.denominator) for f in proof.factors
        ),
        vertices=tuple(
            SweepVertex(at=v.at, values=tuple(9 * x for x in v.values))
            for v in proof.vertices
        ),
        ends=tuple(9 * x for x in proof.ends),
        pins=tuple(9 * x for x in proof.pins),
    )
    assert lower_bound(scaled, larger) == 9 * lower


@given(seed=seeds, which=st.integers(0, 6), size=st.integers(1, 40))
def test_no_change_of_a_proof_proves_more_than_the_optimum(seed, which, size) -> None:
    instance = instance_of(seed % 5, ("classes", "zeros", "one apart")[seed % 3], 2)
    proof, cost = proof_of(instance, gap=1e-2)
    generator = np.random.default_rng(seed)
    i = int(generator.integers(len(proof.vertices)))
    change = Fraction(int(generator.integers(-size, size + 1)), 8)
    vertices = list(proof.vertices)
    vertex = vertices[i]
    if which == 0:
        vertices[i] = replace(
            vertex, values=(vertex.values[0] + change, *vertex.values[1:])
        )
    elif which == 1:
        vertices[i] = replace(vertex, at=vertex.at + change / 64)
    elif which == 2 and len(vertices) > 3:
        del vertices[i]
    lies = {
        3: {"ends": (proof.ends[0] + change, proof.ends[1])},
        4: {"pins": (proof.pins[0] + change, proof.pins[1] - change)},
        5: {
            "factors": (
                RationalMatrix(
                    proof.factors[0].numerators * size,
                    proof.factors[0].denominator * 20,
                ),
                proof.factors[1],
            )
        },
        6: {"reciprocal_bits": size},
    }
    changed = replace(proof, vertices=tuple(vertices), **lies.get(which, {}))
    assert not is_proved(instance, changed, Fraction(cost * (1 + 1e-9)))


def test_ranks_above_the_number_of_columns_are_refused() -> None:
    proof, _ = proof_of(instance_of(0, "classes", 2))
    with pytest.raises(RejectedCertificateError, match="ranks 1 to 5"):
        lower_bound(instance_of(0, "classes", 6), proof)


def test_a_column_without_weight_is_refused() -> None:
    instance = instance_of(0, "classes", 2)
    omega = instance.squared_weights.numerators.copy()
    omega[:, 4] = 0
    bare = replace(instance, squared_weights=RationalMatrix(omega))
    proof, _ = proof_of(instance)
    shares = factor_weights(bare.squared_weights)
    changed = replace(proof, generators=shares.generators, shares=shares.shares)
    with pytest.raises(RejectedCertificateError, match="no weight"):
        lower_bound(bare, changed)


@given(
    first=st.fractions(-5, 5),
    last=st.fractions(-5, 5),
    mixed=st.fractions(-20, 20),
    s=st.fractions(0, 1),
)
def test_quadratics_stay_below_their_maximum(first, last, mixed, s) -> None:
    value = (1 - s) ** 2 * first + s**2 * last + s * (1 - s) * mixed
    assert value <= quadratic_maximum(first, last, mixed)


@given(value=st.fractions(Fraction(1, 10**6), 10**6), bits=st.integers(8, 60))
def test_reciprocals_below_are_close(value, bits) -> None:
    below = reciprocal_below(value, bits)
    assert 0 <= 1 / value - below <= Fraction(2, 2**bits) / value
