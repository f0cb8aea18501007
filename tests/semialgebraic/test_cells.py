"""Cell decompositions: known numbers of cells, constant signs, the whole space."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpz_mpoly
from hypothesis import given, settings
from hypothesis import strategies as st

from semialgebraic.cells import decompose, reordered
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring, value_at

PLANE = polynomial_ring(["x", "y"])
X, Y = PLANE.gens()
U, V, W = polynomial_ring(["u", "v", "w"]).gens()
(S,) = polynomial_ring(["s"]).gens()

curves = (
    st.dictionaries(
        st.tuples(*[st.integers(0, 2)] * 2), st.integers(-3, 3), min_size=2, max_size=4
    )
    .map(PLANE.from_dict)
    .filter(bool)
)
fractions = st.fractions(min_value=-4, max_value=4, max_denominator=6)


@pytest.mark.parametrize(
    ("polynomials", "n_cells"),
    [
        ([S], 3),
        ([S**2 - 2, S], 7),
        ([S**2 + 1], 1),
        ([X**2 + Y**2 - 1], 13),
        ([X - Y], 3),
        ([Y**2 - X**3], 9),  # cusp: 1 + 3 + 5
        ([Y**2 - X**3 - X**2], 17),  # node: 1 + 3 + 5 + 3 + 5
        ([X * Y - 1], 7),  # one section on either side, none over the asymptote
        ([X**2 + Y**2], 5),  # a point: 1 + 3 + 1
        ([U**2 + V**2 + W**2 - 1], 25),
    ],
)
def test_known_numbers_of_cells(polynomials: list[fmpz_mpoly], n_cells: int) -> None:
    assert len(decompose(polynomials).cells) == n_cells


def test_tangent_circles_have_one_cell_where_they_touch() -> None:
    first, second = X**2 + Y**2 - 1, (X - 2) ** 2 + Y**2 - 1
    common = [
        cell
        for cell in decompose([first, second]).cells
        if cell.sample.sign_of(first) == 0 == cell.sample.sign_of(second)
    ]
    assert [cell.sample.rational for cell in common] == [(1, 0)]
    assert [cell.dimension for cell in common] == [0]


def test_whitney_umbrella_and_its_handle() -> None:
    # u^2 = v^2 w contains the whole w-axis, over which it vanishes identically if w is
    # not eliminated first; the handle w < 0 is found.
    for order in (["u", "v", "w"], ["w", "v", "u"], ["v", "w", "u"]):
        p = reordered(U**2 - V**2 * W, order)
        place = order.index("w")
        handle = [
            cell
            for cell in decompose([p]).cells
            if cell.sample.sign_of(p) == 0 and cell.sample.coordinate(place) < 0
        ]
        assert handle


@given(st.lists(curves, min_size=1, max_size=2), fractions, fractions)
@settings(max_examples=40)
def test_each_point_has_the_signs_of_the_cell_that_contains_it(
    polynomials: list[fmpz_mpoly], x: Fraction, y: Fraction
) -> None:
    decomposition = decompose(polynomials)
    cuts = decomposition.roots_over([])
    place = next(
        cell.index[0]
        for cell in decomposition.cells
        if _contains(cuts, cell.index[0], x)
    )
    sections = decomposition.roots_over([x])
    # A section of the line is a point, and its stack is that of the sample.
    inside = [cell for cell in decomposition.cells if cell.index[0] == place]
    assert len(inside) == 2 * len(sections) + 1
    cell = next(c for c in inside if _contains(sections, c.index[1], y))
    for p in polynomials:
        value = value_at(p, [x, y])
        assert cell.sample.sign_of(p) == (value > 0) - (value < 0)


def _contains(
    sections: tuple[tuple[Fraction, Fraction], ...], index: int, value: Fraction
) -> bool:
    """Whether the value lies in the cell; in so short an interval only as the root."""
    place = 1
    for low, high in sections:
        if value < low:
            return index == place
        if value <= high:
            return index == place + 1
        place += 2
    return index == place


def test_bounds_enclose_the_sample() -> None:
    for cell in decompose([X**2 + Y**2 - 2, X - Y]).cells:
        for i, (below, above) in enumerate(cell.bounds):
            value = cell.sample.coordinate(i)
            if cell.index[i] % 2:
                assert below is None or below[1] < value
                assert above is None or value < above[0]
            else:
                assert below == above
                assert below is not None
                assert below[0] <= value <= below[1]


def test_indices_are_in_order_and_samples_ascend() -> None:
    cells = decompose([X**2 - Y, Y - 1]).cells
    assert [c.index for c in cells] == sorted(c.index for c in cells)
    for a, b in pairwise(cells):
        if a.index[0] == b.index[0]:
            assert a.sample.coordinate(1) < b.sample.coordinate(1)


def test_variables_in_another_order() -> None:
    parabola = Y - X**2
    assert len(decompose([parabola]).cells) == 3
    turned = decompose([parabola], ["y", "x"])
    assert turned.variables == ("y", "x")
    assert len(turned.cells) == 9


def test_what_cannot_be_decomposed_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="none that is zero"):
        decompose([X, 0 * X])
    with pytest.raises(InvalidInputError, match="at least one"):
        decompose([])
    with pytest.raises(InvalidInputError, match="no order"):
        decompose([X], ["x", "z"])
    with pytest.raises(InvalidInputError, match="first variables"):
        decompose([X]).roots_over([1, 2])
