"""Cylindrical algebraic decomposition: space cut into cells of constant signs.

Contents
--------
Cell                index, exact sample point, neighbours in its stacks
CellDecomposition   the cells, the projections behind them, curves for drawing
decompose           the decomposition of given polynomials

Notes on the implementation
---------------------------
The projection is Lazard's, and the lifting uses Lazard's evaluation, so that nothing
has to be assumed of the polynomials ([McCallumParusinskiPaunescu2019]_; `projections`
says why it is enough). Deciding a system does not need all cells: see `oracles.cad`.

References
----------
[McCallumParusinskiPaunescu2019]_
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.projections import Levels, projection_levels
from semialgebraic.stacks import Stack
from semialgebraic.univariate import Interval

Bounds = tuple[Interval | None, Interval | None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A connected set over which no given polynomial changes its sign.

    Parameters
    ----------
    index : tuple of int
        One number a variable: its place in the stack, counted from below and from 1;
        odd for a sector, even for a section.
    sample : AlgebraicPoint
        A point of the cell.
    bounds : tuple of (Interval or None, Interval or None)
        For each variable, intervals around the sections next to the sample, below and
        above it; None for infinity. For a section, twice the one around itself.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> cell = decompose([x**2 - 2]).cells[2]
    >>> cell.index, cell.dimension, cell.sample.rational
    ((3,), 1, (Fraction(0, 1),))
    """

    index: tuple[int, ...]
    sample: AlgebraicPoint
    bounds: tuple[Bounds, ...]

    @property
    def dimension(self) -> int:
        """Number of sectors in the index."""
        return sum(i % 2 for i in self.index)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellDecomposition:
    """Disjoint cells that fill the space, arranged in cylinders.

    Parameters
    ----------
    variables : tuple of str
        In the order of the coordinates.
    levels : list of lists of fmpz_mpoly
        The polynomials whose main variable is each variable.
    cells : tuple of Cell
        In the order of their indices.
    """

    variables: tuple[str, ...]
    levels: Levels
    cells: tuple[Cell, ...]

    def roots_over(
        self, values: Sequence[Fraction | int], width: Fraction = Fraction(1, 1 << 32)
    ) -> tuple[Interval, ...]:
        """Return intervals around the sections over a rational point, ascending.

        Over the points of one cell they are the same in number, and the j-th belong to
        one continuous function: so the curves between cells are drawn.

        Parameters
        ----------
        values : sequence of Fraction or int
            Of the first variables, not of all.
        width : Fraction
            How long the intervals may be.

        Examples
        --------
        >>> from semialgebraic.polynomials import polynomial_ring
        >>> x, y = polynomial_ring(["x", "y"]).gens()
        >>> circle = decompose([x**2 + y**2 - 1])
        >>> [len(circle.roots_over([a])) for a in (-2, 0, 1)]
        [0, 2, 1]
        """
        point = AlgebraicPoint.from_rationals(values)
        if point.dimension >= len(self.variables):
            raise InvalidInputError("give values of the first variables, not of all.")
        stack = Stack.over(point, self.levels[point.dimension])
        return tuple(section.narrowed(point, width) for section in stack.sections)


def decompose(
    polynomials: Sequence[fmpz_mpoly], variables: Sequence[str] | None = None
) -> CellDecomposition:
    """Return a cylindrical decomposition in which each polynomial has constant signs.

    Parameters
    ----------
    polynomials : sequence of fmpz_mpoly
        In one ring, none of them zero.
    variables : sequence of str or None
        The order of the variables, the last eliminated first; None for that of the
        ring.

    Notes
    -----
    **Guarantee.** The cells are disjoint and fill the space; on each of them each
    polynomial is positive, zero or negative throughout.
    **Cost.** Doubly exponential in the number of variables; meant for one to three.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> cells = decompose([x**2 + y**2 - 1]).cells
    >>> len(cells), [cell.index for cell in cells[:3]]
    (13, [(1, 1), (2, 1), (2, 2)])
    """
    if not polynomials or not all(polynomials):
        raise InvalidInputError("give at least one polynomial, and none that is zero.")
    names = polynomials[0].context().names() if variables is None else variables
    levels = projection_levels([reordered(p, names) for p in polynomials])
    return CellDecomposition(
        variables=tuple(names),
        levels=levels,
        cells=tuple(_lifted(AlgebraicPoint.from_rationals([]), (), (), levels)),
    )


def reordered(p: fmpz_mpoly, names: Sequence[str]) -> fmpz_mpoly:
    """Return the same polynomial in the ring with its variables in another order.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> reordered(x - y**2, ["y", "x"])
    -y^2 + x
    """
    old = list(p.context().names())
    if sorted(old) != sorted(names):
        raise InvalidInputError(
            f"{', '.join(names)} is no order of the variables {', '.join(old)}."
        )
    places = [old.index(name) for name in names]
    return polynomial_ring(names).from_dict(
        {tuple(int(e[i]) for i in places): c for e, c in p.terms()}
    )


def _lifted(
    point: AlgebraicPoint,
    index: tuple[int, ...],
    bounds: tuple[Bounds, ...],
    levels: Levels,
) -> Iterator[Cell]:
    """Yield the cells of the cylinder over the cell with this sample and index."""
    if point.dimension == len(levels):
        yield Cell(index=index, sample=point, bounds=bounds)
        return
    stack = Stack.over(point, levels[point.dimension])
    walls = [None, *(section.interval for section in stack.sections), None]
    for i in range(1, stack.n_cells + 1):
        below, above = (i - 1) // 2, i // 2
        here = (walls[below], walls[above + 1]) if i % 2 else (walls[above],) * 2
        yield from _lifted(stack.sample(i), (*index, i), (*bounds, here), levels)
