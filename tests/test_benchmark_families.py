"""The families of the benchmarks are what they say, and so are the gaps against time."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import families, instances, measurement, records
from exact_wlra.budget import Report

seeds = st.integers(0, 10**6)


@given(seed=seeds, n_observed=st.integers(20, 30), gamma=st.integers(1, 100))
@settings(max_examples=25, deadline=None)
def test_the_published_objective_is_a_multiple_of_ours_and_a_constant(
    seed: int, n_observed: int, gamma: int
) -> None:
    problem, constant = instances.completion(
        10, rank=1, n_observed=n_observed, gamma=gamma, seed=seed
    )
    omega = problem.squared_weights.fractions()
    observed = np.array([[w == 1 + gamma for w in row] for row in omega])
    assert observed.sum() == n_observed
    assert observed.any(axis=0).all()
    assert observed.any(axis=1).all()
    A = np.array(problem.data.fractions())
    random = np.random.default_rng(seed)
    integers = random.integers(-(10**4), 10**4, (10, 10))
    Y = np.array([[Fraction(int(y)) for y in row] for row in integers])
    X = Y * Fraction(gamma, 1 + gamma)
    theirs = ((X - A)[observed] ** 2).sum() / 2 + (X**2).sum() / (2 * gamma)
    ours = (np.array(omega) * (A - Y) ** 2).sum()
    assert 2 * theirs == Fraction(gamma, (1 + gamma) ** 2) * (ours + constant)


@given(seed=seeds, n=st.integers(5, 10), rank=st.integers(1, 2))
@settings(max_examples=25, deadline=None)
def test_a_mask_observes_so_many_and_more_than_k_in_every_line(
    seed: int, n: int, rank: int
) -> None:
    problem = instances.masked((n, n), observed=0.7, rank=rank, seed=seed)
    support = problem.instance.support()
    assert support.sum() == round(0.7 * n * n)
    assert support.sum(axis=0).min() > rank
    assert support.sum(axis=1).min() > rank


bounds = st.floats(0, 20)


@given(
    reported=st.lists(st.tuples(bounds, bounds | st.just(float("inf"))), max_size=8),
    lower=st.integers(0, 10),
)
def test_the_history_of_a_gap_only_shrinks_and_ends_at_what_is_proved(
    reported: list[tuple[float, float]], lower: int
) -> None:
    solution = SimpleNamespace(upper=Fraction(10), gap=(10 - lower) / 10)
    reports = [
        (
            float(second),
            Report(stage="", lower=low, upper=high, nodes=0, seconds=0.0),
        )
        for second, (low, high) in enumerate(reported)
    ]
    points = measurement.history(reports, solution, 9.0)
    seconds, gaps = zip(*points, strict=True)
    assert points[0] == (0.0, 1.0)
    assert points[-1] == (9.0, solution.gap)
    assert list(seconds) == sorted(seconds)
    assert list(gaps) == sorted(gaps, reverse=True)


def test_one_solve_is_measured_and_its_history_ends_with_its_gap() -> None:
    (member,) = (m for m in families.MEMBERS if m.title == "wheat: 7 x 7, k = 1")
    record = families.measure(member, time_limit=20.0)
    (run,) = record["each"]
    assert record["closed"] == run["closed"] == 1
    assert run["lower"] <= run["upper"]
    assert run["history"][-1][1] == pytest.approx(run["gap_reached"], rel=1e-3)


def test_what_is_stored_are_members_with_brackets() -> None:
    titles = {member.title for member in families.MEMBERS}
    found = records.load("families")["records"]
    assert set(found) <= titles
    for record in found.values():
        assert len(record["each"]) == record["seeds"]
        for run in record["each"]:
            assert run["lower"] <= run["upper"]
            assert run["closed"] == (run["gap_reached"] <= record["gap_asked"])


def test_scip_starts_from_our_product_in_its_gauge() -> None:
    pytest.importorskip("pyscipopt")
    from benchmarks.scip_models import gauged

    random = np.random.default_rng(0)
    for rank in (1, 2, 3):
        left = random.standard_normal((5, rank))
        right = random.standard_normal((rank, 6))
        U, V, pivots = gauged(left, right)
        assert np.allclose(U @ V, left @ right)
        assert np.allclose(V @ V.T, np.eye(rank))
        block = V[:, pivots]
        assert np.allclose(np.tril(block, -1), 0)
        assert (np.diag(block) >= 0).all()
        if rank == 1:
            assert pivots[0] == np.abs(V[0]).argmax()
