"""The rational functions of the sketched formulation as SymPy objects, to be read.

Contents
--------
CramerExpressions   U(x), V(x) and the denominators

Notes on the implementation
---------------------------
Nothing is computed with these; FLINT polynomials do that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, final

from flint import fmpz_mpoly

from semialgebraic.polynomials import to_sympy

if TYPE_CHECKING:
    import sympy

# Numerators f of one row, and its denominator h.
Fitted = tuple[Sequence[fmpz_mpoly], fmpz_mpoly]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CramerExpressions:
    """The rational functions of the formulation as SymPy objects.

    Parameters
    ----------
    left, right : sympy.Matrix
        U of the row types and V of the column types.
    denominators : tuple of sympy.Expr
        h_1, h_2, ... of the row classes, then those of the column classes.
    """

    left: "sympy.Matrix"
    right: "sympy.Matrix"
    denominators: tuple["sympy.Expr", ...]

    @classmethod
    def of(
        cls,
        left: Sequence[Fitted],
        right: Sequence[Fitted],
        denominators: Sequence[fmpz_mpoly],
        data_denominator: int,
    ) -> Self:
        """Return the expressions f/h of rows of U, over `data_denominator`, and of V.

        Examples
        --------
        >>> from semialgebraic.polynomials import polynomial_ring
        >>> p, q = polynomial_ring(["p", "q"]).gens()
        >>> CramerExpressions.of([([p], p**2)], [([q], q**2)], [p**2, q**2], 1).left
        Matrix([[1/p]])
        """
        import sympy

        rows = [
            [to_sympy(x) / (data_denominator * to_sympy(h)) for x in f] for f, h in left
        ]
        columns = [[to_sympy(x) / to_sympy(h) for x in f] for f, h in right]
        return cls(
            left=sympy.Matrix(rows),
            right=sympy.Matrix(columns).T,
            denominators=tuple(to_sympy(h) for h in denominators),
        )
