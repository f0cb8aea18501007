"""Definiteness and copositivity: what is called proved is true, exactly."""

from fractions import Fraction
from itertools import chain, combinations, product

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq_mat, fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.definiteness import (
    is_copositive,
    is_definite,
    is_positive_semidefinite,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.integer_arrays import IntegerArray, integers

HORN = [
    [1, -1, 1, 1, -1],
    [-1, 1, -1, 1, 1],
    [1, -1, 1, -1, 1],
    [1, 1, -1, 1, -1],
    [-1, 1, 1, -1, 1],
]
Rows = list[list[int]]

seeds = st.integers(0, 2**32 - 1)
small = st.integers(-4, 4)


def faces(order: int):
    """Non-empty subsets of the indices."""
    return chain.from_iterable(
        combinations(range(order), size) for size in range(1, order + 1)
    )


def has_no_negative_minor(rows: Rows) -> bool:
    """The textbook test: every principal minor is non-negative."""
    return all(
        fmpz_mat([[rows[i][j] for j in face] for i in face]).det() >= 0
        for face in faces(len(rows))
    )


def least_on_the_simplex(rows: Rows) -> Fraction:
    """The exact minimum of theta^T C theta over theta >= 0, sum theta = 1.

    It is taken in the relative interior of some face where the stationary point is
    unique: where it is not, the value is constant along a line that leads to the
    boundary.
    """
    found = []
    for face in faces(len(rows)):
        m = len(face)
        bordered = [[rows[i][j] for j in face] + [1] for i in face] + [[1] * m + [0]]
        matrix = fmpq_mat(fmpz_mat(bordered))
        if matrix.det() == 0:
            continue
        solution = matrix.inv() * fmpq_mat(m + 1, 1, [0] * m + [1])
        if all(solution[i, 0] > 0 for i in range(m)):
            value = -solution[m, 0]
            found.append(Fraction(int(value.p), int(value.q)))
    return min(found)


@st.composite
def symmetric(draw: st.DrawFn, largest: int = 4, values=small) -> Rows:
    m = draw(st.integers(1, largest))
    upper = {(i, j): draw(values) for i in range(m) for j in range(i, m)}
    return [[upper[min(i, j), max(i, j)] for j in range(m)] for i in range(m)]


def array(rows: Rows) -> IntegerArray:
    return integers(np.array(rows, dtype=object))


def indefinite(order: int, seed: int, *, magnitude: int, dent: int) -> IntegerArray:
    """B^T B of rank order - 1 less `dent` in one diagonal entry: x^T M x = -dent."""
    generator = np.random.default_rng(seed)
    z = generator.integers(-2, 3, size=(order - 1, 1)).astype(object)
    left = generator.integers(-9, 10, size=(order, order - 1)).astype(object)
    left = left * magnitude
    factor = np.concatenate([left, -left @ z], axis=1)
    gram = factor.T @ factor
    gram[-1, -1] -= dent
    kernel = np.concatenate([z, [[1]]])
    assert int((kernel.T @ gram @ kernel)[0, 0]) == -dent
    return integers(gram)


@given(rows=symmetric())
def test_elimination_agrees_with_the_principal_minors(rows: Rows) -> None:
    expected = has_no_negative_minor(rows)
    for arithmetic in ("automatic", "rational"):
        assert is_positive_semidefinite(array(rows), arithmetic=arithmetic) == expected


@given(rows=symmetric(largest=5, values=st.integers(-(2**90), 2**90)))
def test_rounded_arithmetic_never_contradicts_the_principal_minors(rows: Rows) -> None:
    if is_positive_semidefinite(array(rows), arithmetic="rounded"):
        assert has_no_negative_minor(rows)


@given(order=st.integers(1, 40), columns=st.integers(1, 40), seed=seeds)
def test_gram_matrices_are_positive_semidefinite(
    order: int, columns: int, seed: int
) -> None:
    factor = np.random.default_rng(seed).integers(-99, 100, size=(columns, order))
    gram = integers(factor.T @ factor)
    assert is_positive_semidefinite(gram, arithmetic="rational")
    assert is_positive_semidefinite(gram)


@given(
    order=st.integers(2, 40),
    seed=seeds,
    magnitude_bits=st.sampled_from([0, 3, 20, 26, 27, 28, 40, 451, 700]),
    dent_bits=st.integers(0, 1400),
)
def test_a_negative_eigenvalue_however_small_is_never_called_proved(
    order: int, seed: int, magnitude_bits: int, dent_bits: int
) -> None:
    dent_bits %= 2 * magnitude_bits + 3
    matrix = indefinite(order, seed, magnitude=1 << magnitude_bits, dent=1 << dent_bits)
    for arithmetic in ("automatic", "rational", "rounded"):
        assert not is_positive_semidefinite(matrix, arithmetic=arithmetic)


@given(
    order=st.integers(1, 40),
    seed=seeds,
    bits=st.sampled_from([1, 53, 62, 64, 899, 900, 901, 950, 2000]),
)
def test_rounded_arithmetic_proves_what_has_room(
    order: int, seed: int, bits: int
) -> None:
    generator = np.random.default_rng(seed)
    noise = generator.integers(-5, 6, size=(order, order)).astype(object)
    dominant = (noise + noise.T) * 2**bits
    for i in range(order):
        dominant[i, i] = (20 * order + 1) * 2**bits
    assert is_positive_semidefinite(integers(dominant), arithmetic="rounded")
    assert is_positive_semidefinite(integers(dominant), arithmetic="rational")


@pytest.mark.parametrize("order", [1, 8, 9, 40])
def test_a_huge_entry_does_not_hide_a_small_negative_one(order: int) -> None:
    matrix = np.zeros((order + 1, order + 1), dtype=object)
    for i in range(order):
        matrix[i, i] = 1 << 1500
    matrix[order, order] = -1
    for arithmetic in ("automatic", "rational", "rounded"):
        assert not is_positive_semidefinite(matrix, arithmetic=arithmetic)


@pytest.mark.parametrize("arithmetic", ["automatic", "rational", "rounded"])
@pytest.mark.parametrize("order", [0, 1, 9, 30])
def test_zero_is_positive_semidefinite(order: int, arithmetic) -> None:
    zero = np.zeros((order, order), dtype=np.int64)
    assert is_positive_semidefinite(zero, arithmetic=arithmetic)


def test_a_zero_pivot_with_something_beside_it_is_not_semidefinite() -> None:
    matrix = np.eye(12, dtype=np.int64)
    matrix[3, 3] = 0
    assert is_positive_semidefinite(matrix)
    matrix[3, 7] = matrix[7, 3] = 1
    assert not is_positive_semidefinite(matrix)


@pytest.mark.parametrize("rows", [[[1, 2], [3, 4]], [[1, 2]]])
def test_only_symmetric_matrices_are_judged(rows: Rows) -> None:
    with pytest.raises(InvalidInputError, match="symmetric"):
        is_positive_semidefinite(integers(rows))


def copositive(rows) -> bool:
    return is_copositive([[Fraction(x) for x in row] for row in rows])


@given(rows=symmetric())
def test_copositivity_agrees_with_the_minimum_on_the_simplex(rows: Rows) -> None:
    assert copositive(rows) == (least_on_the_simplex(rows) >= 0)


@given(rows=symmetric(largest=6))
def test_copositivity_holds_exactly_down_to_the_minimum(rows: Rows) -> None:
    least = least_on_the_simplex(rows)
    raised = [[x - least for x in row] for row in rows]
    assert copositive(raised)
    below = [[x - Fraction(1, 10**9) for x in row] for row in raised]
    assert not copositive(below)


@given(rows=symmetric())
def test_no_point_of_a_grid_refutes_copositivity(rows: Rows) -> None:
    m, steps = len(rows), 5
    if copositive(rows):
        for point in product(range(steps), repeat=m):
            value = sum(
                point[i] * rows[i][j] * point[j] for i in range(m) for j in range(m)
            )
            assert value >= 0


def test_the_matrix_of_horn_is_copositive_and_at_the_border() -> None:
    assert copositive(HORN)
    assert not is_positive_semidefinite(array(HORN))
    for i, j in combinations(range(5), 2):
        lowered = [[Fraction(x) for x in row] for row in HORN]
        lowered[i][j] -= Fraction(1, 10**12)
        lowered[j][i] -= Fraction(1, 10**12)
        assert not is_copositive(lowered)
    for i in range(5):
        lowered = [[Fraction(x) for x in row] for row in HORN]
        lowered[i][i] -= Fraction(1, 10**12)
        assert not is_copositive(lowered)


@given(
    scales=st.lists(st.fractions(Fraction(1, 9), 9), min_size=5, max_size=5),
    order=st.permutations(range(5)),
)
def test_scaled_and_permuted_matrices_of_horn_are_copositive(scales, order) -> None:
    assert is_copositive(
        [[scales[i] * scales[j] * HORN[i][j] for j in order] for i in order]
    )


@given(rows=symmetric(largest=5))
def test_positive_semidefinite_and_nonnegative_parts_add_up(rows: Rows) -> None:
    m = len(rows)
    gram = [
        [sum(rows[l][i] * rows[l][j] for l in range(m)) for j in range(m)]
        for i in range(m)
    ]
    assert copositive(gram)
    assert copositive(
        [
            [g + abs(x) for g, x in zip(u, v, strict=True)]
            for u, v in zip(gram, rows, strict=True)
        ]
    )


def test_the_empty_matrix_is_copositive() -> None:
    assert is_copositive([])


def test_entries_of_any_size_are_judged_exactly() -> None:
    tiny = Fraction(1, 10**400)
    assert is_copositive([[1 + tiny, Fraction(-1)], [Fraction(-1), Fraction(1)]])
    assert not is_copositive([[1 - tiny, Fraction(-1)], [Fraction(-1), Fraction(1)]])


@given(
    seed=seeds,
    order=st.integers(1, 5),
    radius=st.sampled_from([0.0, 1e-9, 0.25, 2.0]),
    shift=st.integers(-2, 12),
)
def test_what_is_definite_on_balls_is_definite_at_every_point(
    seed, order, radius, shift
) -> None:
    generator = np.random.default_rng(seed)
    factor = generator.integers(-3, 4, (order, order))
    middle = factor @ factor.T + shift * np.eye(order, dtype=np.int64)
    matrix = arb_mat(
        order, order, [arb(float(x), radius) for x in middle.ravel().tolist()]
    )
    proved = is_definite(matrix)
    assert proved == is_definite(matrix, arithmetic="rational")
    least = np.linalg.eigvalsh(middle.astype(float))[0]
    if proved:
        for _ in range(10):
            moves = np.triu(generator.uniform(-radius, radius, (order, order)))
            moved = middle + moves + np.triu(moves, 1).T
            assert np.linalg.eigvalsh(moved)[0] > 0
    else:
        # Not proved only where the radii of a row reach the least eigenvalue.
        assert least <= order * radius + 1e-6 * np.abs(middle).max()


def test_balls_without_bounds_are_not_definite() -> None:
    assert not is_definite(arb_mat([[arb("inf")]]))
    assert not is_definite(arb_mat([[arb("nan")]]))
    assert not is_definite(arb_mat([[0]]))
    assert is_definite(arb_mat(0, 0))


@given(rows=symmetric(largest=5))
def test_submatrices_that_are_not_tried_change_nothing(rows: Rows) -> None:
    def refutes(block: Rows) -> bool:
        # Hadeler's criterion: det < 0 and adj = det * inverse >= 0.
        matrix = fmpq_mat(fmpz_mat(block))
        return matrix.det() < 0 and all(x <= 0 for x in matrix.inv().entries())

    expected = not any(
        refutes([[rows[i][j] for j in face] for i in face]) for face in faces(len(rows))
    )
    assert copositive(rows) == expected


@pytest.mark.parametrize("arithmetic", ["automatic", "rational", "rounded"])
def test_empty_rows_change_nothing(arithmetic) -> None:
    # Larger than what elimination is tried on: Cholesky has to see the rest only.
    order, kept = (
        (200, range(3, 160)) if arithmetic != "rational" else (12, range(2, 9))
    )
    generator = np.random.default_rng(0)
    factor = generator.integers(-3, 4, (len(kept), len(kept)))
    block = factor @ factor.T + np.eye(len(kept), dtype=np.int64)
    matrix = np.zeros((order, order), dtype=np.int64)
    matrix[np.ix_(kept, kept)] = block
    assert is_positive_semidefinite(matrix, arithmetic=arithmetic)
    matrix[0, kept[0]] = matrix[kept[0], 0] = 1  # beside a zero on the diagonal
    assert not is_positive_semidefinite(matrix, arithmetic=arithmetic)
