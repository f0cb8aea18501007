"""Any number of digits: enclosures that hold the truth, and lies that are refused."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_wlra.bounds.critical_digits import Digits
from exact_wlra.bounds.isolation import isolate
from exact_wlra.budget import Budget
from exact_wlra.certificates import Energy, Isolated, Proof, Transpose, Zero
from exact_wlra.checker import lower_bound
from exact_wlra.checker.isolated import isolated_optimum
from exact_wlra.driver import check, solve
from exact_wlra.errors import InvalidProblemError, RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.irreducible import solve_irreducible
from exact_wlra.problem import Problem
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
NOISE = [
    [3, -4, 1, 5, -2],
    [0, 2, -5, 1, 4],
    [-3, 1, 2, -1, 5],
    [4, 4, -2, 0, 1],
    [1, -5, 3, 2, 2],
    [2, 0, 4, -3, -4],
]
TWO_CLASSES = [[1, 1, 1, 4, 4]] * 3 + [[2, 2, 2, 1, 1]] * 3


def instance_of(seed: int, shape=(5, 4), rank=1, noise=20) -> Instance:
    """Low rank plus noise, generic weights."""
    generator = np.random.default_rng(seed)
    n, d = shape
    signal = generator.integers(-9, 10, (n, rank)) @ generator.integers(
        -9, 10, (rank, d)
    )
    data = 10 * signal + generator.integers(-noise, noise + 1, shape)
    return Instance(
        data=RationalMatrix(data),
        squared_weights=RationalMatrix(generator.integers(1, 6, shape)),
        rank=rank,
    )


def isolated(instance: Instance, gap: Fraction) -> Digits | str:
    """The refinement of the best local minimum, with the spectral bound inside."""
    budget = Budget(time_limit=30)
    found = best_of_starts(instance, seed=0, budget=budget)

    def method(inner: Instance, inner_gap: Fraction) -> tuple[Proof, Fraction]:
        solved = solve_irreducible(
            inner, gap=inner_gap, budget=budget, seed=0, method="spectral"
        )
        return solved.proof, solved.lower

    return isolate(
        instance,
        found.left,
        found.right,
        gap=gap,
        method=method,
        seed=0,
        budget=budget,
    )


def proof_in(proof: Proof) -> tuple[Isolated, int]:
    """The rule, and how often its instance is transposed."""
    turns = 0
    while isinstance(proof, Transpose):
        proof, turns = proof.proof, turns + 1
    assert isinstance(proof, Isolated)
    return proof, turns


def is_refused(instance: Instance, proof: Proof) -> str:
    """What the checker says of a proof it has to refuse."""
    with pytest.raises(RejectedCertificateError, match=r"^isolated: ") as caught:
        lower_bound(instance, proof)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@given(
    seed=seeds,
    shape=st.sampled_from([(5, 4), (4, 5), (6, 3), (3, 3)]),
    rank=st.integers(1, 2),
    digits=st.integers(10, 60),
)
def test_the_bracket_is_as_narrow_as_asked(seed, shape, rank, digits) -> None:
    instance = instance_of(seed, shape, rank)
    gap = Fraction(1, 10**digits)
    found = isolated(instance, gap)
    assume(not isinstance(found, str))
    lower = lower_bound(instance, found.proof)
    assert lower == proof_in(found.proof)[0].lower
    assert lower_bound(instance, found.proof, arithmetic="rational") == lower
    assert found.found.cost == instance.cost(found.found.left, found.found.right)
    assert 0 < found.found.cost - lower <= gap * found.found.cost
    # No factors are cheaper, whatever they are.
    generator = np.random.default_rng(seed)
    for size in (0.0, 1e-6, 1e-3, 1.0):
        left = found.found.left.to_float()
        moved = left + size * generator.normal(size=left.shape)
        cost = instance.cost(RationalMatrix.from_floats(moved), found.found.right)
        assert cost >= lower


@settings(max_examples=12)
@given(seed=seeds, kind=st.sampled_from(["two-rows", "plane"]))
def test_the_digits_are_those_of_the_algebraic_number(seed, kind) -> None:
    shape, inner = ((2, 4), "simplicial") if kind == "two-rows" else ((3, 3), "charts")
    generator = np.random.default_rng(seed)
    data, omega = generator.integers(-5, 6, shape), generator.integers(1, 5, shape)
    problem = Problem(data.tolist(), squared_weights=omega.tolist(), rank=1)
    exact = solve(problem, gap=Fraction(1, 10**50), method=kind)
    assume(exact.algebraic is not None and exact.upper > 0)
    digits = solve(problem, digits=40, method=inner)
    assume(digits.is_proved)
    assert digits.certificate.proof != exact.certificate.proof
    low, high = exact.algebraic.isolating_interval
    assert digits.lower <= high
    assert low <= digits.upper
    assert abs(digits.upper - exact.upper) <= exact.upper / 10**39


@given(seed=seeds)
def test_more_digits_nest(seed) -> None:
    instance = instance_of(seed)
    found = isolated(instance, Fraction(1, 10**20))
    assume(not isinstance(found, str))
    proof, turns = proof_in(found.proof)
    oriented = instance.transpose if turns % 2 else instance
    first, second = (
        isolated_optimum(oriented, proof, lower_bound, bits=bits) for bits in (80, 300)
    )
    assert first.lower <= second.lower <= second.upper <= first.upper
    assert second.upper - second.lower <= second.upper / 2**250
    for wide, narrow in zip(first.box.entries(), second.box.entries(), strict=True):
        assert wide.contains(narrow)


def test_the_digits_are_those_of_independent_newton_steps() -> None:
    # mpmath's Newton iteration on the derivatives by U and V, without elimination.
    problem = Problem(NOISE, squared_weights=TWO_CLASSES, rank=2)
    solution = solve(problem, digits=50)
    assert solution.is_proved
    (n, d), k = problem.shape, 2
    with mpmath.workdps(80):
        free = [j for j in range(d) if solution.V.numerators[:, j].tolist() != [1, 0]]
        assert solution.minimizer is not None
        U = mpmath.matrix(n, k)
        V = mpmath.matrix(k, d)
        for i in range(n):
            for a in range(k):
                U[i, a] = mpmath.mpf(round(float(solution.U[i, a]), 6))
        for a in range(k):
            for j in range(d):
                V[a, j] = mpmath.mpf(round(float(solution.V[a, j]), 6))
        assert len(free) >= d - k
        for _ in range(400):
            U = _fitted(NOISE, TWO_CLASSES, V)
            V = _fitted(_turned(NOISE), _turned(TWO_CLASSES), U.T).T
        residual = mpmath.matrix(NOISE) - U * V
        cost = mpmath.fsum(
            TWO_CLASSES[i][j] * residual[i, j] ** 2 for i in range(n) for j in range(d)
        )
        assert mpmath.almosteq(cost, mpmath.mpf(solution.decimal), 1e-40)


def _turned(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def _fitted(data, weights, V):
    """Weighted least squares row by row in mpmath."""
    k, d = V.rows, V.cols
    U = mpmath.matrix(len(data), k)
    for i, row in enumerate(data):
        normal, side = mpmath.matrix(k, k), mpmath.matrix(k, 1)
        for j in range(d):
            for a in range(k):
                side[a] += weights[i][j] * row[j] * V[a, j]
                for b in range(k):
                    normal[a, b] += weights[i][j] * V[a, j] * V[b, j]
        answer = mpmath.lu_solve(normal, side)
        for a in range(k):
            U[i, a] = answer[a]
    return U


def test_little_noise_is_isolated_by_the_triangle_inequality() -> None:
    found = isolated(instance_of(3, (6, 5), 2, noise=1), Fraction(1, 10**30))
    assert isinstance(found, Digits)
    proof, _ = proof_in(found.proof)
    assert (proof.growth, proof.proof) == (Fraction(1, 2), Zero())


def test_the_only_minimizer_is_close() -> None:
    problem = Problem(NOISE, squared_weights=TWO_CLASSES, rank=2)
    coarse, fine = solve(problem, digits=20), solve(problem, digits=60)
    assert coarse.minimizer is not None
    assert fine.minimizer is not None
    assert fine.minimizer.entry_error < Fraction(1, 10**55)
    allowed = coarse.minimizer.entry_error + fine.minimizer.entry_error
    for one, other in ((coarse.U, fine.U), (coarse.V, fine.V)):
        for row, close in zip(one.fractions(), other.fractions(), strict=True):
            assert all(abs(x - y) <= allowed for x, y in zip(row, close, strict=True))


def test_attained_although_weights_vanish() -> None:
    weights = [row[:] for row in TWO_CLASSES]
    weights[0][0] = weights[1][0] = 0
    problem = Problem(NOISE, squared_weights=weights, rank=1)
    solution = solve(problem, digits=30)
    assert solution.is_proved
    assert solution.attained is True
    assert check(problem, solution.certificate) == solution.lower


def test_digits_without_any_full_row_or_column() -> None:
    data = [[9, -4, 7, 1], [3, 8, -2, 5], [-6, 2, 9, 4], [1, 5, 3, -7]]
    weights = [[int(i != j) for j in range(4)] for i in range(4)]
    solution = solve(Problem(data, weights=weights, rank=1), digits=30)
    assert solution.is_proved
    assert solution.attained is True


def test_tied_minimizers_are_not_isolated() -> None:
    # Every unit vector costs 2: no number of digits singles one out.
    problem = Problem([[1, 0, 0], [0, 1, 0], [0, 0, 1]], rank=1)
    solution = solve(problem, digits=30, method="charts", time_limit=20)
    assert not solution.is_proved
    assert solution.minimizer is None
    assert solution.lower <= 2 <= solution.upper
    assert "more digits were not proved" in solution.advice


def test_unweighted_digits_are_singular_values() -> None:
    problem = Problem([[2, 1], [1, 3], [0, 1]], rank=1)
    solution = solve(problem, digits=200)
    with mpmath.workdps(260):
        values = mpmath.svd_r(mpmath.matrix([[2, 1], [1, 3], [0, 1]]), compute_uv=False)
        gap = abs(mpmath.mpf(solution.decimal) - values[1] ** 2)
        assert gap < mpmath.mpf(10) ** -198


@pytest.fixture(scope="module")
def honest() -> tuple[Instance, Isolated]:
    instance = Problem(NOISE, squared_weights=TWO_CLASSES, rank=2).instance
    solution = solve(Problem(NOISE, squared_weights=TWO_CLASSES, rank=2), digits=30)
    proof, turns = proof_in(solution.certificate.proof)
    oriented = instance.transpose if turns % 2 else instance
    assert lower_bound(oriented, proof) == proof.lower
    return oriented, proof


def test_a_bound_above_the_optimum_is_refused(honest) -> None:
    instance, proof = honest
    lie = replace(proof, lower=proof.lower * (1 + Fraction(1, 10**25)))
    assert "the optimum is below" in is_refused(instance, lie)


@pytest.mark.parametrize("growth", [Fraction(0), Fraction(1), Fraction(-1, 2)])
def test_a_growth_out_of_range_is_refused(honest, growth) -> None:
    instance, proof = honest
    assert "not between 0 and 1" in is_refused(instance, replace(proof, growth=growth))


@pytest.mark.parametrize("factor", [Fraction(1, 64), Fraction(8)])
def test_another_growth_does_not_confine(honest, factor) -> None:
    instance, proof = honest
    lie = replace(proof, growth=proof.growth * factor)
    with pytest.raises(RejectedCertificateError):
        lower_bound(instance, lie)


def test_a_region_too_large_is_refused(honest) -> None:
    instance, proof = honest
    told = is_refused(instance, replace(proof, growth=Fraction(1, 2), proof=Zero()))
    assert "leaves a region" in told


def test_an_inner_proof_of_something_else_is_refused(honest) -> None:
    instance, proof = honest
    with pytest.raises(RejectedCertificateError, match="rank 0 only"):
        lower_bound(instance, replace(proof, proof=Energy()))


@given(seed=seeds)
def test_another_center_is_refused_or_leads_to_the_same_bound(honest, seed) -> None:
    instance, proof = honest
    generator = np.random.default_rng(seed)
    shape = proof.center_right.shape
    size = 10.0 ** -generator.integers(0, 12)
    moved = proof.center_right.to_float() + size * generator.normal(size=shape)
    other = replace(proof, center_right=RationalMatrix.from_floats(moved))
    try:
        assert lower_bound(instance, other) == proof.lower
    except RejectedCertificateError as error:
        assert str(error).count(".") <= 3


def test_centers_and_columns_that_do_not_fit_are_refused(honest) -> None:
    instance, proof = honest
    d = instance.shape[1]
    for columns in ((), (0,), (0, 0), (0, d), (0, 1, 2)):
        told = is_refused(instance, replace(proof, columns=columns))
        assert "2 different columns" in told
    told = is_refused(instance, replace(proof, center_left=proof.center_right))
    assert "other shapes" in told
    flat = RationalMatrix(proof.center_right.numerators * 0, 1)
    told = is_refused(instance, replace(proof, center_right=flat))
    assert "singular on the named columns" in told
    rank = Instance(
        data=instance.data, squared_weights=instance.squared_weights, rank=0
    )
    assert "proves ranks 1 to" in is_refused(rank, proof)


def test_other_columns_of_the_chart_prove_the_same(honest) -> None:
    instance, proof = honest
    proved = []
    for columns in ((0, 1), (1, 2), (2, 3), (3, 4)):
        try:
            proved.append(lower_bound(instance, replace(proof, columns=columns)))
        except RejectedCertificateError:
            continue
    assert proved
    assert set(proved) == {proof.lower}


@pytest.mark.parametrize("digits", [0, -3, 2.5, True, "50", 10**9])
def test_digits_out_of_range_are_refused(digits) -> None:
    with pytest.raises(InvalidProblemError, match="digits is"):
        solve(Problem([[1, 2], [3, 4]], rank=1), digits=digits)


def test_digits_through_reductions() -> None:
    # Rows twice, one part more, and weights in proportion: the whole is refined.
    data = [[*row, 0] for row in NOISE for _ in range(2)] + [[0] * 5 + [3]]
    omega = [[w * s for w in row] + [0] for row in TWO_CLASSES for s in (1, 3)]
    problem = Problem(data, squared_weights=[*omega, [0] * 5 + [1]], rank=2)
    solution = solve(problem, digits=30)
    assert solution.is_proved
    assert solution.gap < 1e-29
    assert check(problem, solution.certificate) >= solution.lower
    assert problem.cost(solution.U, solution.V) == solution.upper
    alone = solve(Problem(NOISE, squared_weights=TWO_CLASSES, rank=2), digits=30)
    assert abs(solution.upper - 4 * alone.upper) < alone.upper / 10**28
