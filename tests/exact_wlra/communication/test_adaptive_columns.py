"""Adaptive rounds: one set of columns for all servers, bits within the bound."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from exact_wlra.communication.adaptive_columns import play_adaptive
from exact_wlra.communication.column_holders import ColumnHolder
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.tails import proved_tail
from exact_wlra.errors import InvalidProblemError


@pytest.mark.parametrize("servers", [1, 3])
def test_cost_is_that_of_the_best_coefficients(
    instance: Callable, servers: int
) -> None:
    A, W = instance(6, n=20, d=12, s=14, r=2, k=1)
    game = play_adaptive(A, W, servers=servers, rank=1, rounds=2)
    B = (W * A).astype(float)
    S = list(game.solution.columns)
    best = B - B[:, S] @ np.linalg.lstsq(B[:, S], B, rcond=None)[0]
    assert float(game.cost) == pytest.approx((best**2)[W > 0].sum())
    assert len(S) <= 2 * 4
    assert game.solution.weighted_rank == len(S)
    assert game.constant <= 2 * 2.0
    assert len(game.sent_bits) == len(game.received_bits) == servers


def test_a_lone_server_receives_only_counts(instance: Callable) -> None:
    A, W = instance(6, n=20, d=12, s=14, r=1, k=1)
    game = play_adaptive(A, W, servers=1, rank=1, rounds=2, epsilon=1)
    # One round of one draw: its count, 3 bits, and no columns of others.
    assert game.received_bits == (6,)


def test_mean_cost_of_a_round_is_within_the_bound(instance: Callable) -> None:
    # Markov would allow any single seed; the mean over many is what the lemma bounds.
    A, W = instance(7, n=12, d=10, s=12, r=1, k=1)
    public = PublicInput.of(W, rank=1)
    A = A * (W > 0)
    B = W * A
    costs = []
    for seed in range(400):
        holder = ColumnHolder(public, slice(0, 10), A, [seed])
        holder.learn([holder.draw(2)])
        costs.append(holder.loss())
    bound = float(proved_tail(B, 1)) + 0.5 * float((B**2).sum())
    spread = np.std(costs) / np.sqrt(len(costs))
    assert np.mean(costs) <= bound + 4 * spread


def test_mean_bound_is_the_geometric_series(instance: Callable) -> None:
    A, W = instance(6, n=12, d=8, s=12, r=1, k=1)
    game = play_adaptive(A, W, servers=2, rank=1, rounds=3)
    half = Fraction(1, 2)
    assert game.mean_bound == (1 + half + half**2) * game.tail + half**3 * game.norm


def test_data_of_low_rank_are_found_exactly() -> None:
    A = np.outer([1, 2, 3], [1, 0, 2, 5])
    game = play_adaptive(A, np.ones_like(A), servers=2, rank=1, rounds=2)
    assert game.cost == 0
    assert len(game.solution.columns) == 1


def test_no_rounds_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="0 rounds draw no column"):
        play_adaptive([[1]], [[1]], servers=1, rank=1, rounds=0)
