"""The two-player game: exact costs, proved factors, bits within the bound."""

import inspect
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.communication import receiver
from exact_wlra.communication.games import play
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.sender import sent
from exact_wlra.errors import InvalidProblemError

# Constants of the bounds, over the grid below and for entries of (n d)^1.5 at most.
# A sketch has O(rk/epsilon) rows: its own bound is (s + d) rk/epsilon log(n d).
LARGEST_CONSTANT = 2.0
LARGEST_SKETCH_CONSTANT = 6.0
GRID = [
    (n, d, s, r, k, epsilon)
    for n, d, s in [(24, 12, 12), (40, 30, 40), (60, 20, 25), (30, 60, 8)]
    for r in (1, 2)
    for k in (1, 2)
    for epsilon in (Fraction(1), Fraction(1, 2), Fraction(1, 5))
]


def _cost(A: np.ndarray, W: np.ndarray, X: list[list[Fraction]]) -> Fraction:
    """The definition, entry by entry: an oracle that shares no code."""
    return sum(
        (
            Fraction(int(w)) ** 2 * (int(a) - x) ** 2
            for a, w, x in zip(
                A.ravel(), W.ravel(), (x for row in X for x in row), strict=True
            )
        ),
        start=Fraction(0),
    )


@pytest.mark.parametrize("kind", ["sketch", "rounded"])
@pytest.mark.parametrize(("n", "d", "s", "r", "k", "epsilon"), GRID)
def test_grid_is_within_the_bound_and_the_factor(  # noqa: PLR0917
    instance: Callable,
    kind: str,
    n: int,
    d: int,
    s: int,
    r: int,
    k: int,
    epsilon: Fraction,
) -> None:
    A, W = instance(1, n=n, d=d, s=s, r=r, k=k)
    game = play(A, W, rank=k, epsilon=epsilon, kind=kind, elsewhere=False)
    assert game.cost == game.sent.cost
    # With more than rk columns the cost may even fall below the tail.
    assert 0 < game.cost <= (1 + epsilon) * game.sent.tail
    assert game.kappa <= (1 + float(epsilon)) ** 0.5
    if kind == "rounded":
        assert game.constant <= LARGEST_CONSTANT
        assert game.solution.weighted_rank <= game.public.reduced_rank
    else:
        q = game.public.reduced_rank
        bound = (game.column_sparsity + d) * q / float(epsilon) * np.log2(n * d)
        assert game.n_bits <= LARGEST_SKETCH_CONSTANT * bound


@given(st.integers(0, 10**6), st.sampled_from(["sketch", "rounded", None]))
def test_cost_is_that_of_the_definition(
    instance: Callable, seed: int, kind: str | None
) -> None:
    rng = np.random.default_rng(seed)
    n, d = (int(x) for x in rng.integers(3, 9, 2))
    A, W = instance(seed, n=n, d=d, s=n, r=1, k=1)
    public = PublicInput.of(W, rank=1)
    exact = np.linalg.svd((W * A).astype(float), compute_uv=False)
    tail = (exact[public.reduced_rank :] ** 2).sum()
    if public.weight_rank == 0 or tail < 1e-6:
        kind = None
    game = play(A, W, rank=1, kind=kind, elsewhere=False)
    X = game.solution.entries()
    assert game.cost == _cost(A, W, X)
    assert all(
        x == 0
        for xs, ws in zip(X, W, strict=True)
        for x, w in zip(xs, ws, strict=True)
        if w == 0
    )
    assert float(game.sent.tail) == pytest.approx(tail, rel=1e-5, abs=1e-6)


def test_bound_is_below_the_proved_optimum(instance: Callable) -> None:
    from exact_wlra import Problem, solve

    A, W = instance(4, n=3, d=4, s=3, r=2, k=1)
    game = play(A, W, rank=1, elsewhere=False)
    solution = solve(Problem(A, weights=W, rank=1), gap="1e-3", time_limit=60)
    assert game.sent.tail <= solution.upper
    assert game.cost <= (1 + game.public.epsilon) * solution.upper
    if solution.lower:
        assert game.squared_kappa_against(solution.lower) <= 1 + game.public.epsilon


def test_zero_tail_is_sent_exactly_and_finite_factors_need_cost_zero() -> None:
    W = np.array([[1, 2, 1], [2, 1, 1], [0, 3, 1]])
    A = np.outer([1, 2, 3], [1, -1, 4])  # so that rank W o A <= 2 = rk
    A[2, 0] = 100
    game = play(A, W, rank=1, elsewhere=False)
    assert game.sent.kind == "rows"
    assert game.cost == 0
    assert game.squared_kappa == 1
    sketched = play(A, W, rank=1, elsewhere=False, kind="sketch")
    assert sketched.cost == 0
    with pytest.raises(ZeroDivisionError):
        play(
            [[1, 0], [0, 1]], [[1, 1], [1, 1]], rank=1, elsewhere=False
        ).squared_kappa_against(Fraction(0))


@pytest.mark.parametrize("kind", ["sketch", None])
def test_tail_below_rounding_error_is_no_obstacle(kind: str | None) -> None:
    big = 10**18
    A = [[big, big + 1, 0], [big - 1, big, 0], [0, 0, 0]]
    game = play(A, np.ones((3, 3), int), rank=1, kind=kind, elsewhere=False)
    assert 0 < game.sent.tail < 1e-36
    assert game.cost <= Fraction(3, 2) * game.sent.tail


@pytest.mark.parametrize("A", [[[0, 0], [0, 0]], [[5, 0], [0, 0]]])
@pytest.mark.parametrize("W", [[[0, 0], [0, 0]], [[1, 0], [0, 1]]])
def test_empty_inputs_are_played(A: list, W: list) -> None:
    game = play(A, W, rank=1, elsewhere=False)
    assert game.cost == 0
    assert game.n_bits <= 24


def test_bob_elsewhere_finds_what_bob_here_finds(instance: Callable) -> None:
    A, W = instance(2, n=20, d=12, s=9, r=2, k=1)
    here = play(A, W, rank=1, elsewhere=False)
    elsewhere = play(A, W, rank=1, elsewhere=True)
    assert elsewhere.solution == here.solution
    assert elsewhere.cost == here.cost


def test_bob_has_no_way_to_the_data() -> None:
    # What he is called with, what public input holds, what his module loads.
    assert list(inspect.signature(receiver.received).parameters) == [
        "public",
        "payload",
    ]
    assert set(PublicInput.__slots__) == {
        "weights",
        "weight_rank",
        "rank",
        "epsilon",
        "seed",
    }
    script = (
        "import sys, exact_wlra.communication.receiver; "
        "print([m for m in sys.modules if 'communication' in m])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout
    assert "receiver" in loaded
    assert "sender" not in loaded
    assert "games" not in loaded


def test_data_where_the_weight_is_zero_changes_no_bit(instance: Callable) -> None:
    A, W = instance(5, n=10, d=8, s=10, r=1, k=1)
    assert (W == 0).any()
    other = np.where(W == 0, 77, A)
    public = PublicInput.of(W, rank=1)
    assert sent(public, A).message == sent(public, other).message


@pytest.mark.parametrize(
    ("A", "W", "arguments", "words"),
    [
        ([[1, 2]], [[1, -1]], {"rank": 1}, "weight in row 1, column 2 is negative"),
        ([[1, 0.5]], [[1, 1]], {"rank": 1}, "entry in row 1, column 2 is 0.5"),
        ([[1, 2, 3]], [[1, 1]], {"rank": 1}, "the shape 1 x 3 and the weights 1 x 2"),
        ([[1, 2]], [[1, 1]], {"rank": 0}, "the rank is 0"),
        ([[1, 2]], [[1, 1]], {"rank": 1, "epsilon": 2}, "epsilon is 2"),
        ([[1, 2]], [[1, 1]], {"rank": 1, "kind": "rounded"}, "at most rk = 1"),
        ([[1, 0], [0, 1]], [[1, 1]] * 2, {"rank": 1, "kind": "rows"}, "above rk = 1"),
        ([[1, 1 << 201]], [[1, 1]], {"rank": 1}, "more than 200 bits"),
        ([1, 2], [[1, 1]], {"rank": 1}, "have 1 axes"),
    ],
)
def test_wrong_calls_are_refused(A: list, W: list, arguments: dict, words: str) -> None:
    with pytest.raises(InvalidProblemError, match=words):
        play(A, W, elsewhere=False, **arguments)
