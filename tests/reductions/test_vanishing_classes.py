"""The classes that remain where others lose their denominator."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from reductions.adjugates import determinant_and_adjugate
from reductions.vanishing_classes import remaining_classes

bits = st.integers(0, 1)


def gram_determinant(right, weights) -> int:
    return determinant_and_adjugate(
        [
            [
                sum(w * x * y for w, x, y in zip(weights, p, q, strict=True))
                for q in right
            ]
            for p in right
        ]
    )[0]


@given(st.integers(1, 2), st.integers(2, 5), st.data())
def test_every_set_that_vanishes_is_foreseen(k: int, d: int, data) -> None:
    """For any V of full rank: what is left where D_g = 0 is one of the subsets."""
    row = st.lists(bits, min_size=d, max_size=d).filter(lambda w: sum(w) > k)
    weights = data.draw(st.lists(row, min_size=1, max_size=5, unique_by=tuple))
    entry = st.sampled_from([0, 0, 1, -1, 2])
    right = data.draw(
        st.lists(st.lists(entry, min_size=d, max_size=d), min_size=k, max_size=k)
    )
    assume(gram_determinant(right, [1] * d) != 0)
    left = tuple(g for g, w in enumerate(weights) if gram_determinant(right, w))
    assert not left or left in remaining_classes(weights, k)


@given(st.integers(1, 3), st.data())
def test_subsets_are_different_and_not_empty(k: int, data) -> None:
    row = st.lists(bits, min_size=4, max_size=4).filter(any)
    weights = data.draw(st.lists(row, min_size=1, max_size=8))
    found = remaining_classes(weights, k)
    assert found[0] == tuple(range(len(weights)))
    assert all(found)
    assert len(set(found)) == len(found) <= 33


def test_without_zeros_there_is_nothing_to_foresee() -> None:
    assert remaining_classes([[1, 2], [3, 1]], 1) == ((0, 1),)
    assert remaining_classes([], 1) == ((),)


def test_many_supports_end_with_the_full_classes() -> None:
    rows = [[int(i != j) for j in range(8)] for i in range(8)] + [[1] * 8]
    found = remaining_classes(rows, 2)
    assert len(found) <= 33
    assert found[-1] == (8,)
