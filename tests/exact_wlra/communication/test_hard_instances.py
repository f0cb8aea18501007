"""The lower bound: the instance, its repairs, and all bits read exactly."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from exact_wlra.communication.games import play
from exact_wlra.communication.hard_instances import (
    direct_message,
    fano_bound,
    hard_instance,
    read_bits,
    read_direct,
)
from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

GRID = list(itertools.product((1, 3, 8, 20), (1, 2, 5), (1, 2, 4)))


def _bits(s: int, r: int, k: int, seed: int = 0) -> list[int]:
    return np.random.default_rng([seed, s, r, k]).integers(0, 2, s * r * k).tolist()


@pytest.mark.parametrize(("s", "r", "k"), GRID)
@pytest.mark.parametrize("is_square", [False, True])
def test_game_decodes_all_bits(s: int, r: int, k: int, is_square: bool) -> None:
    bits = _bits(s, r, k)
    n = r * (max(s, k) + 1) if is_square else None
    hard = hard_instance(bits, blocks=r, sparsity=s, rank=k, n=n)
    game = play(hard.data, hard.weights, rank=k, epsilon=1, elsewhere=False)
    X = game.solution.entries()
    assert game.cost == 0
    assert read_bits(X, blocks=r, sparsity=s, rank=k) == bits
    assert game.column_sparsity <= s
    assert game.n_bits <= game.bound + 16


@pytest.mark.parametrize(("s", "r", "k"), [(8, 3, 2), (5, 2, 2)])
def test_bob_elsewhere_decodes_all_bits(s: int, r: int, k: int) -> None:
    bits = _bits(s, r, k)
    hard = hard_instance(bits, blocks=r, sparsity=s, rank=k)
    game = play(hard.data, hard.weights, rank=k, epsilon=1)
    assert read_bits(game.solution.entries(), blocks=r, sparsity=s, rank=k) == bits


def test_every_pattern_of_bits_is_decoded() -> None:
    for bits in itertools.product((0, 1), repeat=8):
        hard = hard_instance(bits, blocks=2, sparsity=2, rank=2)
        game = play(hard.data, hard.weights, rank=2, epsilon=1, elsewhere=False)
        found = read_bits(game.solution.entries(), blocks=2, sparsity=2, rank=2)
        assert tuple(found) == bits


@pytest.mark.parametrize(("s", "r", "k"), GRID)
def test_completed_matrix_has_rank_k_and_costs_nothing(s: int, r: int, k: int) -> None:
    hard = hard_instance(_bits(s, r, k), blocks=r, sparsity=s, rank=k)
    assert np.linalg.matrix_rank(hard.completed) <= k
    assert not (hard.weights * (hard.data - hard.completed)).any()
    assert (hard.data != 0).sum(axis=0).max() <= s
    assert np.linalg.matrix_rank(hard.weights) == r


def test_matrix_in_print_has_columns_that_are_too_full() -> None:
    # Alice's input is to have s nonzeros in a column; the repeated matrix has up to sr.
    s, r, k = 4, 3, 2
    hard = hard_instance([1] * (s * r * k), blocks=r, sparsity=s, rank=k, n=15)
    assert (hard.completed != 0).sum(axis=0).max() == s * r
    assert (hard.data != 0).sum(axis=0).max() == s


def test_algorithm_one_decodes_all_bits() -> None:
    s, r, k = 6, 3, 2
    bits = _bits(s, r, k)
    hard = hard_instance(bits, blocks=r, sparsity=s, rank=k, n=18)
    matrix = WeightedMatrix.from_arrays(hard.data, hard.weights)
    answer = reweighted(matrix, rank=k)
    assert matrix.weight_rank == r
    assert answer.cost < 1e-20
    X = np.rint(answer.form.entries()).astype(int)
    assert read_bits(X.tolist(), blocks=r, sparsity=s, rank=k) == bits


def test_bits_are_not_read_off_what_costs_anything() -> None:
    with pytest.raises(InvalidProblemError, match="1/2 in row 2, column 1, no bit"):
        read_bits([[1], [Fraction(1, 2)]], blocks=1, sparsity=2, rank=1)


@pytest.mark.parametrize(("s", "r", "k"), GRID)
def test_direct_message_takes_srk_bits_above_the_bound_of_fano(
    s: int, r: int, k: int
) -> None:
    bits = _bits(s, r, k)
    message = direct_message(bits)
    assert message.n_bits == s * r * k > fano_bound(s * r * k)
    assert read_direct(message.payload, s * r * k) == bits


@pytest.mark.parametrize(
    ("bits", "n", "words"),
    [
        ([1, 0, 1], None, "3 bits do not fill"),
        ([1, 0, 1, 2], None, "4 bits do not"),
        ([1] * 4, 5, "size 5 has no 2 blocks"),
        ([1] * 4, 2, "at least 4"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(
    bits: list, n: int | None, words: str
) -> None:
    with pytest.raises(InvalidProblemError, match=words):
        hard_instance(bits, blocks=2, sparsity=2, rank=1, n=n)
