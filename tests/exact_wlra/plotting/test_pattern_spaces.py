"""The simplices drawn cover pattern space, and their bounds hold."""

import random
from fractions import Fraction

import numpy as np
import pytest

from exact_wlra.certificates import Simplicial, Transpose
from exact_wlra.driver import solve
from exact_wlra.plotting import pattern_space
from exact_wlra.plotting.pattern_spaces import simplex_bounds
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from exact_wlra.solution import Solution
from reductions.errors import NotApplicableError

_FOUR = [[3, -1, 2, 4], [1, 5, -2, 0], [2, 2, 7, 1], [-1, 3, 1, 6]]
TWO = Problem(
    _FOUR, weights=[[3, 1, 1, 3], [1, 2, 2, 1], [1, 2, 2, 1], [3, 1, 1, 3]], rank=1
)


def random_problem(n_patterns: int) -> Problem:
    generator = random.Random(1)  # noqa: S311
    size = n_patterns + 2
    patterns = [
        [generator.randint(1, 3) for _ in range(size)] for _ in range(n_patterns)
    ]
    rows = [
        [generator.randint(-5, 5) for _ in range(size)] for _ in range(2 * n_patterns)
    ]
    weights = [patterns[i % n_patterns] for i in range(2 * n_patterns)]
    return Problem(rows, weights=weights, rank=1)


SOLUTIONS = {
    2: solve(TWO, gap=Fraction(1, 1000), method="simplicial"),
    3: solve(random_problem(3), gap=Fraction(1, 100), method="simplicial"),
}


def proof_of(solution: Solution) -> Simplicial:
    proof = solution.certificate.proof
    if isinstance(proof, Transpose):
        proof = proof.proof
    assert isinstance(proof, Simplicial)
    return proof


@pytest.mark.parametrize("n_patterns", SOLUTIONS)
def test_simplices_cover_pattern_space_once(n_patterns: int) -> None:
    solution = SOLUTIONS[n_patterns]
    bounds = simplex_bounds(proof_of(solution), solution.lower)
    volumes = []
    for each in bounds:
        matrix = np.array([[float(x) for x in vertex] for vertex in each.vertices])
        assert np.allclose(matrix.sum(axis=1), 1)
        volumes.append(abs(np.linalg.det(matrix)))
        assert volumes[-1] == pytest.approx(2.0**-each.depth)
    assert sum(volumes) == pytest.approx(1)


@pytest.mark.parametrize("n_patterns", SOLUTIONS)
def test_least_bound_is_that_of_the_certificate(n_patterns: int) -> None:
    solution = SOLUTIONS[n_patterns]
    bounds = simplex_bounds(proof_of(solution), solution.lower)
    least = min(each.lower for each in bounds)
    assert least >= float(solution.lower) * (1 - 1e-9)
    assert least <= float(solution.upper)


def test_a_simplex_bounds_the_cost_of_every_v_in_it() -> None:
    solution = SOLUTIONS[3]
    proof = proof_of(solution)
    instance = random_problem(3).instance
    if isinstance(solution.certificate.proof, Transpose):
        instance = instance.transpose
    bounds = simplex_bounds(proof, solution.lower)
    inverses = [np.linalg.inv(np.array(b.vertices, dtype=float)) for b in bounds]
    shares = proof.shares.to_float()
    A, omega = instance.data.to_float(), instance.squared_weights.to_float()
    generator = np.random.default_rng(0)
    tight = 0
    for v in generator.normal(size=(2000, instance.shape[1])):
        t = shares @ v**2
        t /= t.sum()
        captured = ((omega * A) @ v) ** 2 / (omega @ v**2)
        cost = float(np.sum(omega * A**2) - captured.sum())
        here = [
            b.lower
            for b, inverse in zip(bounds, inverses, strict=True)
            if (t @ inverse >= -1e-12).all()
        ]
        assert here
        assert cost >= max(here) * (1 - 1e-9)
        tight += cost < 1.2 * max(here)
    assert tight


@pytest.mark.parametrize("n_patterns", SOLUTIONS)
def test_subdivisions_are_drawn(n_patterns: int) -> None:
    solution = SOLUTIONS[n_patterns]
    for given in (solution, solution.certificate):
        figure = pattern_space(given)
        n = len(simplex_bounds(proof_of(solution), solution.lower))
        assert f"{n} simplices" in figure.get_suptitle()
        assert len(figure._repr_png_()) < 100_000
    assert pattern_space(solution, title="mine").get_suptitle() == "mine"


def test_proof_inside_of_reductions_is_found() -> None:
    rows = [row for row in _FOUR for _ in range(2)]
    weights = [[3, 1, 1, 3], [1, 2, 2, 1], [1, 2, 2, 1], [3, 1, 1, 3]]
    doubled = Problem(rows, weights=[w for w in weights for _ in range(2)], rank=1)
    solution = solve(doubled, gap=Fraction(1, 100), method="simplicial")
    assert not isinstance(solution.certificate.proof, Simplicial)
    assert "pattern space in" in pattern_space(solution).get_suptitle()


def test_what_cannot_be_drawn_says_why() -> None:
    with pytest.raises(NotApplicableError, match="rests on the rules plane"):
        pattern_space(solve(read("dataset:trap-3x3", rank=1)))
    four = solve(random_problem(4), gap=Fraction(1, 5), method="simplicial")
    with pytest.raises(NotApplicableError, match="4 weight patterns here"):
        pattern_space(four)
