"""The sketched formulation by Cramer's rule, with guess matrices (mathematics B9).

*Statement.* With P_g and Q_h as variables x, U(x) and V(x) are the sketched least
squares fits of `sketched_rows`: rational functions with one denominator h_g (or h'_h)
for each class of proportional weight rows (or columns). For independent Gaussian
sketches of t columns

    OPT <= inf_x cost(U(x), V(x)),   mean of the right side <= (1 + k/(t-k-1))^2 OPT.

cost(U(x), V(x)) = p/(scale q), q = prod_g h_g^2 prod_h h'_h^2, in v = (r_r + r_c) k t
variables, both of degree at most 4k(r_r + r_c), whatever the numbers of rows, columns
and types; p has one summand for each pair of types.
If the data rows of each class, and the data columns, have rank at most t, then almost
every sketch keeps their column spaces, and the infimum *is* OPT.
*Accepts* instances with k >= 1. *Guarantee* never below OPT; above as stated.

Contents
--------
CramerFormulation   values, factors, polynomials, systems
cramer_formulation  sketch an instance

Notes on the implementation
---------------------------
*Ranks.* The paper guesses which rows of each P_g and columns of each Q_h are
independent: 2^k choices for each, so 2^(k(r_r + r_c)) systems. They are here
(`rank_guesses`), but one system suffices for the infimum: near every V there is one all
of whose minors are nonzero, and then P_g has full rank, unless a weight row has fewer
than k positive entries; such rows are fitted exactly in the limit of P_g of full rank
that tend to theirs.
*Exactness.* The best U for given V has rows a_i M_g with M_g (d x k) the same for a
class. Where the vectors s_i of a class satisfy the same linear relations as its a_i,
which equal ranks decide, a_i M_g = s_i B_g for some B_g, the limit of such from P_g of
full rank; the same holds for V. So alternating least squares never leaves the closure
of what x reaches, and the sketches lose nothing.
*Reach.* Already for 2 x 2 data, k = 1, t = 3 (six variables, degree 8, no bounds) no
oracle here decides the systems except far from OPT; `sketched_charts` does.
*Layout.* The point lists P_1, P_2, ... row by row, then the transposes of Q_1, Q_2, ...
row by row: all are k x t. The variable q1_2_3 is the entry (2, 3) of Q_1.

References
----------
[LiLiangShiSong2025]_, Theorems 5.1, 6.1; [RazenshteynSongWoodruff2016]_.
"""

import itertools
import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from flint import fmpz_mpoly

from reductions.cramer_expressions import CramerExpressions
from reductions.cramer_sizes import NAME, cramer_sizes
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.formulation import (
    Accuracy,
    FormulationSizes,
    pattern_counts,
    refuse_if_too_large,
)
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.patterns import merge_types
from reductions.sketched_rows import (
    ROOT_ACCURACY,
    Guess,
    SketchedRows,
    random_matrix,
    sketched_rows,
)
from reductions.sketching import expected_ratio, gaussian_sketch
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System

_EXACT = Accuracy(
    expected_ratio=Fraction(1),
    words="exact: the sketches keep the column spaces of all classes of data",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CramerFormulation:
    """cost(U(x), V(x)) <= c in the entries x of the guess matrices.

    Parameters
    ----------
    instance : Instance
    types : Instance
        The same with equal rows and columns merged.
    left, right : SketchedRows
        The problems of the rows of U and of the columns of V.
    t : int
        Columns of the sketches.
    rank_guesses : bool
        Whether `systems` lists one system for each rank guess of the paper.
    """

    instance: Instance
    types: Instance
    left: SketchedRows
    right: SketchedRows
    t: int
    rank_guesses: bool = False

    @property
    def name(self) -> str:
        """Short and unique."""
        return NAME

    @property
    def sizes(self) -> FormulationSizes:
        """Sizes of the systems, computed without building them."""
        counts = pattern_counts(self.instance)
        return cramer_sizes(counts, self.t, rank_guesses=self.rank_guesses)

    @property
    def accuracy(self) -> Accuracy:
        """1 if the sketches keep all column spaces; else a bound on the mean."""
        data = self.types.data
        if self.left.keep_column_spaces(data) and self.right.keep_column_spaces(
            data.transpose
        ):
            return _EXACT
        ratio = self.planted_ratio
        return Accuracy(
            expected_ratio=ratio,
            words=f"never below OPT; in the mean over Gaussian sketches of {self.t} "
            f"columns at most {float(ratio):.4g} OPT",
        )

    @property
    def planted_ratio(self) -> Fraction:
        """A bound on the mean of value(planted(V)) / cost(V), over Gaussian sketches.

        (1 + k/(t-k-1))^2, and what the rounding of roots of weights may add.
        """
        ratio = expected_ratio(self.instance.rank, self.t) ** 2
        for side in (self.left, self.right):
            if not side.roots_are_exact:
                ratio *= (1 + ROOT_ACCURACY) / (1 - ROOT_ACCURACY)
        return ratio

    @property
    def variables(self) -> tuple[str, ...]:
        """p1_1_1, ..., then q1_1_1, q1_2_1, ...: Q_h is listed column by column."""
        k, t = self.instance.rank, self.t
        entries = list(itertools.product(range(1, k + 1), range(1, t + 1)))
        left = range(1, self.left.n_classes + 1)
        right = range(1, self.right.n_classes + 1)
        return (
            *(f"p{g}_{a}_{s}" for g in left for a, s in entries),
            *(f"q{h}_{s}_{a}" for h in right for a, s in entries),
        )

    @property
    def scale(self) -> int:
        """The positive integer in cost = p/(scale q)."""
        weights, data = self.instance.squared_weights, self.instance.data
        return weights.denominator * data.denominator**2

    def guesses(self) -> Iterator[tuple[Guess, ...]]:
        """Iterate over what the systems stand for: an index set for each guess matrix.

        Without `rank_guesses` the only one takes all rows.
        """
        k = self.instance.rank
        sizes = range(k, -1, -1) if self.rank_guesses else [k]
        subsets = [x for size in sizes for x in itertools.combinations(range(k), size)]
        n_matrices = self.left.n_classes + self.right.n_classes
        return itertools.product(subsets, repeat=n_matrices)

    def guess_of(self, point: Sequence[Fraction | int]) -> tuple[Guess, ...]:
        """Return the first maximal sets of independent rows of the guess matrices."""
        left, right = self._matrices([Fraction(x) for x in point])
        return self.left.independent_rows(left) + self.right.independent_rows(right)

    def value(
        self,
        point: Sequence[Fraction | int],
        guess: Sequence[Guess] | None = None,
    ) -> Fraction:
        """Return the cost of U(x) V(x), exactly and without expanding polynomials.

        Raises
        ------
        NotApplicableError
            If a denominator vanishes at the point.
        """
        return self.types.cost(*self._fit(point, guess))

    def factors(
        self, index: int, point: Sequence[Fraction | int]
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return (U, V) of all rows and columns at the point.

        Rows and columns without weight are zero.
        """
        guess = next(itertools.islice(self.guesses(), index, None), None)
        if guess is None:
            raise InvalidInstanceError(f"there is no system {index + 1}.")
        left, right = self._fit(point, guess)
        return self.left.lift(left), self.right.lift(right.transpose).transpose

    def planted(
        self, right: RationalMatrix, *, perturbation: Fraction | int = 0, seed: int = 0
    ) -> tuple[Fraction, ...]:
        """Return the point x that V = `right` has: P_g = V D_g S, then U, then Q_h.

        Parameters
        ----------
        right : RationalMatrix, shape (k, d)
        perturbation : Fraction
            Multiple of a random integer matrix that is added to V, and to guess
            matrices that are then still of lower rank.
        seed : int
            Of that matrix.
        """
        noise = np.random.default_rng(seed)
        step = Fraction(perturbation)
        moved = right + random_matrix(noise, right.shape).scaled(step)

        left = self.left.planted(moved, step, noise)
        fitted = self.left.fit(left, self.left.independent_rows(left))
        matrices = left + self.right.planted(
            self.left.lift(fitted).transpose, step, noise
        )
        return tuple(x for matrix in matrices for row in matrix for x in row)

    def point_of(self, right: RationalMatrix) -> tuple[Fraction, ...]:
        """Return the x where U(x) is the best U for V = `right`, V(x) the best for it.

        Raises
        ------
        NotApplicableError
            If the formulation cannot represent them: not all column spaces are kept, or
            a guess matrix of full rank does not exist.
        """
        instance = self.instance
        left = solve_rows(instance.data, instance.squared_weights, right)
        turned = instance.transpose
        right = solve_rows(turned.data, turned.squared_weights, left.transpose)
        # The rows of U fit the integer numerators of the data.
        matrices = self.left.matrices_that_fit(
            left.take(self.left.first_of_types).scaled(instance.data.denominator)
        ) + self.right.matrices_that_fit(right.take(self.right.first_of_types))
        return tuple(x for matrix in matrices for row in matrix for x in row)

    def numerator_denominator(
        self, guess: Sequence[Guess] | None = None
    ) -> tuple[fmpz_mpoly, fmpz_mpoly]:
        """Return integer polynomials (p, q) with cost = p/(scale q), q >= 0.

        Raises
        ------
        NotApplicableError
            If they may have too many terms to be written down.
        """
        refuse_if_too_large(cramer_sizes(pattern_counts(self.instance), self.t))
        ring = polynomial_ring(self.variables)
        (f_left, h_left), (f_right, h_right) = self._polynomials(guess)
        one, p = ring.constant(1), ring.constant(0)
        squares = [h * h for h in (*h_left, *h_right)]
        weights, data = self.types.squared_weights, self.types.data
        for g, h in itertools.product(range(len(h_left)), range(len(h_right))):
            others = math.prod(
                (s for c, s in enumerate(squares) if c not in (g, len(h_left) + h)),
                start=one,
            )
            both = h_left[g] * h_right[h]
            rows = [a for a, c in enumerate(self.left.classes) if c == g]
            columns = [b for b, c in enumerate(self.right.classes) if c == h]
            part = ring.constant(0)
            for a, b in itertools.product(rows, columns):
                product = sum(x * y for x, y in zip(f_left[a], f_right[b], strict=True))
                error = product - int(data.numerators[a, b]) * both
                part += int(weights.numerators[a, b]) * error * error
            p += part * others
        return p, math.prod(squares, start=one)

    def systems(
        self, threshold: Fraction, *, strict: bool = False
    ) -> tuple[System, ...]:
        """Return p - c scale q <= 0 (or <) and q > 0, for each rank guess."""
        refuse_if_too_large(self.sizes)
        c = Fraction(threshold) * self.scale
        found = []
        for guess in self.guesses():
            p, q = self.numerator_denominator(guess)
            excess = c.denominator * p - c.numerator * q
            found.append(System.of((excess, "<" if strict else "<="), (q, ">")))
        return tuple(found)

    def polynomialized(self, threshold: Fraction) -> System:
        """Return y q = 1 and y p <= c scale: one variable more, no fraction.

        The paper minimizes y p subject to y q = 1; the set is closed but not bounded.
        """
        p, q = self.numerator_denominator()
        ring = polynomial_ring((*self.variables, "y"))
        y = ring.gens()[-1]
        p, q = p.project_to_context(ring), q.project_to_context(ring)
        c = Fraction(threshold) * self.scale
        return System.of((y * q - 1, "="), (c.denominator * y * p - c.numerator, "<="))

    def sympy(self) -> CramerExpressions:
        """Return U(x) and V(x) of the types as SymPy matrices of rational functions."""
        (f_left, h_left), (f_right, h_right) = self._polynomials(None)
        return CramerExpressions.of(
            [(f, h_left[g]) for f, g in zip(f_left, self.left.classes, strict=True)],
            [(f, h_right[h]) for f, h in zip(f_right, self.right.classes, strict=True)],
            (*h_left, *h_right),
            self.instance.data.denominator,
        )

    def _fit(
        self, point: Sequence[Fraction | int], guess: Sequence[Guess] | None
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return U and V of the types at a rational point."""
        left, right = self._matrices([Fraction(x) for x in point])
        split = self.left.n_classes
        u = self.left.fit(left, guess and guess[:split])
        v = self.right.fit(right, guess and guess[split:])
        # Both fit the integer numerators of the data.
        return u.scaled(Fraction(1, self.instance.data.denominator)), v.transpose

    def _polynomials(self, guess: Sequence[Guess] | None) -> Any:
        """Return (f, h) of the rows of U and of the columns of V."""
        gens = polynomial_ring(self.variables).gens()
        left, right = self._matrices(gens)
        split = self.left.n_classes
        return (
            self.left.numerators_and_denominators(
                left, guess and guess[:split], operator.floordiv
            ),
            self.right.numerators_and_denominators(
                right, guess and guess[split:], operator.floordiv
            ),
        )

    def _matrices(self, point: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Return the P_g and the transposes of the Q_h that a point lists."""
        if len(point) != len(self.variables):
            raise InvalidInstanceError(
                f"the point has {len(point)} coordinates; the formulation has "
                f"{len(self.variables)} variables."
            )
        k, t = self.instance.rank, self.t
        matrices = [
            [list(point[start + a * t : start + (a + 1) * t]) for a in range(k)]
            for start in range(0, len(point), k * t)
        ]
        return matrices[: self.left.n_classes], matrices[self.left.n_classes :]


def cramer_formulation(
    instance: Instance, t: int, *, seed: int, rank_guesses: bool = False
) -> CramerFormulation:
    """Return the formulation with two Gaussian sketches of t columns from a seed.

    Raises
    ------
    NotApplicableError
        If the rank is 0, there is no weight, or t < k + 2.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4], [1, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 4], [1, 1], [1, 4]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> formulation = cramer_formulation(instance, 3, seed=0)
    >>> x = formulation.planted(RationalMatrix.from_rows([[1, 2]]))
    >>> u, v = formulation.factors(0, x)
    >>> formulation.value(x) == instance.cost(u, v)
    True
    """
    expected_ratio(instance.rank, t)
    merged = merge_types(merge_types(instance, axis=0).instance, axis=1)
    if instance.rank == 0 or 0 in merged.instance.shape:
        raise NotApplicableError(
            "the instance has rank 0 or no weight: X = 0 is optimal."
        )
    n, d = instance.shape
    sketch = gaussian_sketch(t, n + d, seed=seed)
    return CramerFormulation(
        instance=instance,
        types=merged.instance,
        left=sketched_rows(instance, sketch.take(columns=slice(d)).transpose),
        right=sketched_rows(
            instance.transpose, sketch.take(columns=slice(d, None)).transpose
        ),
        t=t,
        rank_guesses=rank_guesses,
    )
