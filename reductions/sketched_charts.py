"""One sketch, and V eliminated exactly: charts of what a sketch says about U.

*Statement.* The sketched fit of the rows of weight class g is U_g = C_g B_g with the
known C_g, whose rows are s_i = a_i diag(w_g)^(1/2) S, and B_g = P_g^T (P_g P_g^T)^-1.
As P_g ranges over the k x t matrices of full rank, so does B_g over the t x k matrices
of full rank. So a guess of P_g says no more than that U_g is in the column space of
C_g, and it is linear in B_g. Let the columns of C_g be a basis of that space, t_g <= t
of them, C = blockdiag(C_g) and U = C Y with Y of T = sum_g t_g rows. Eliminating V
(mathematics C10) leaves

    cost(Y) = (1/scale) sum_h (E_h - tr((Y^T M_h Y)^-1 Y^T H_h Y)),
    M_h = C^T diag(w_h) C,   H_h = C^T diag(w_h) G_h diag(w_h) C,

a sum over the classes h of proportional weight columns: one denominator
det(Y^T M_h Y) each, not squared, positive for positive weights; a function on the
Grassmannian of k-spaces in R^T, that is k(T - k) variables in boxes [-1, 1].
*Accepts* instances with 1 <= k < T, sketches with t >= k + 2. *Guarantee* never below
OPT; for Gaussian S in the mean at most (1 + k/(t-k-1)) OPT; equal to OPT if S keeps the
column space of the data of every class, as almost every S does if t >= rank A.

Contents
--------
SketchedCharts          the systems of all charts, and the factors of a solution
sketched_charts         sketch an instance

Notes on the implementation
---------------------------
*Proof.* Every Y gives factors, so OPT <= cost(Y). For near-optimal V* whose minors are
nonzero, the sketched fit U of all rows is C Y for some Y; by the theorem of `sketching`
its cost with V* is in the mean (1 + k/(t-k-1)) OPT, and the best V costs no more. If Y
has rank below k, there is one of rank k nearby that costs no more in the limit. If S
keeps column spaces, the best U for any V is some C Y (mathematics C10).
*Why not two sketches.* The guess of both P_g and Q_h (`cramer`) has 2rkt variables and
degree 8kr, without bounds. Already for 2 x 2 data with r = k = 1, t = 3, six variables
of degree 8, no oracle here decides it except far from OPT.
*Basis.* The reduced column echelon form of C_g depends on the column space alone: the
identity if the types of a class are independent, and of the size of minors of the data
if the sketch loses nothing. Rows far from each other in direction come first, so that
entries are small; subdivision takes far fewer boxes then.
*Zero weights.* Where C has rank below k on the support of column class h, the sketch
lost nothing there and almost every Y fits these columns exactly: N_h = D_h = 0, and the
class is left out. For this a sketch that loses rank without need is refused.

References
----------
[LiLiangShiSong2025]_, Theorems 5.1, 6.1; [RazenshteynSongWoodruff2016]_.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat, fmpz_mpoly

from reductions.adjugates import determinant_and_adjugate
from reductions.chart_formulation import combination
from reductions.charts import ChartCost, chart_of_terms
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
from reductions.row_class_terms import row_class_forms, symmetric_term
from reductions.sketched_chart_sizes import NAME, sketched_chart_sizes
from reductions.sketched_rows import ROOT_ACCURACY, SketchedRows, sketched_rows
from reductions.sketching import expected_ratio, gaussian_sketch
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System

_EXACT = Accuracy(
    expected_ratio=Fraction(1),
    words="exact: the sketch keeps the column spaces of all classes of data; with "
    "positive weights the infimum is attained",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SketchedCharts:
    """cost(Y) <= c in the coordinates of each chart, U = C Y.

    Parameters
    ----------
    instance : Instance
    types : Instance
        The same with equal rows merged.
    left : SketchedRows
        The sketched problems of the row types.
    basis : RationalMatrix, shape (number of row types, T)
        C, integers.
    t : int
        Columns of the sketch.
    """

    instance: Instance
    types: Instance
    left: SketchedRows
    basis: RationalMatrix
    t: int

    @property
    def name(self) -> str:
        """Short and unique."""
        return NAME

    @property
    def n_kept(self) -> int:
        """T, the dimension of what the sketch keeps."""
        return self.basis.shape[1]

    @property
    def accuracy(self) -> Accuracy:
        """1 if the sketch keeps all column spaces; else a bound on the mean."""
        if self.left.keep_column_spaces(self.types.data):
            return _EXACT
        ratio = self.planted_ratio
        return Accuracy(
            expected_ratio=ratio,
            words=f"never below OPT; in the mean over Gaussian sketches of {self.t} "
            f"columns at most {float(ratio):.4g} OPT",
        )

    @property
    def planted_ratio(self) -> Fraction:
        """A bound on the mean of cost(planted(V)) / cost(V), over Gaussian sketches.

        1 + k/(t-k-1), and what the rounding of roots of weights may add.
        """
        ratio = expected_ratio(self.instance.rank, self.t)
        if not self.left.roots_are_exact:
            ratio *= (1 + ROOT_ACCURACY) / (1 - ROOT_ACCURACY)
        return ratio

    @property
    def sizes(self) -> FormulationSizes:
        """Sizes of the systems, computed without building them."""
        counts = pattern_counts(self.instance)
        return sketched_chart_sizes(counts, self.t, n_kept=self.n_kept)

    def costs(self) -> tuple[ChartCost, ...]:
        """Return the cost in all C(T, k) charts, pivots in lexicographic order."""
        pairs = itertools.combinations(range(self.n_kept), self.instance.rank)
        forms = self._forms()
        return tuple(self._cost(forms, pivots) for pivots in pairs)

    def systems(
        self, threshold: Fraction, *, strict: bool = False
    ) -> tuple[System, ...]:
        """Return one system for each chart: box, positive denominators, excesses."""
        refuse_if_too_large(self.sizes)
        return tuple(cost.system(threshold, strict=strict) for cost in self.costs())

    def factors(
        self, index: int, point: Sequence[Fraction | int]
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return U = C Y of all rows and the V of least squares."""
        left, right = self._fit(self._coordinates(index, point))
        return self.left.lift(left), right

    def value(self, index: int, point: Sequence[Fraction | int]) -> Fraction:
        """Return cost(Y) exactly, by least squares for V and without polynomials."""
        return self.types.cost(*self._fit(self._coordinates(index, point)))

    def planted(self, right: RationalMatrix) -> tuple[int, tuple[Fraction, ...]]:
        """Return chart and point of the sketched fit for V = `right`, all P_g = V D S.

        Raises
        ------
        NotApplicableError
            If a guess matrix or the Y of the fit has no full rank; move V a little.
        """
        matrices = [p.fractions() for p in self.left.guess_matrices(right)]
        fitted = self.left.fit(matrices)
        # The rows of C that are unit vectors read Y off U = C Y, times their entry.
        coordinates = [
            next(
                [x / int(line[b]) for x in row]
                for line, row in zip(
                    self.basis.numerators, fitted.fractions(), strict=True
                )
                if line[b] and sum(map(bool, line)) == 1
            )
            for b in range(self.n_kept)
        ]
        return _in_largest_chart(coordinates)

    def _fit(self, y: RationalMatrix) -> tuple[RationalMatrix, RationalMatrix]:
        """Return U = C Y of the types and the best V."""
        left = self.basis @ y
        turned = self.types.transpose
        right = solve_rows(turned.data, turned.squared_weights, left.transpose)
        return left, right.transpose

    def _coordinates(
        self, index: int, point: Sequence[Fraction | int]
    ) -> RationalMatrix:
        """Return Y (T x k) of a point of a chart."""
        size, k = self.n_kept, self.instance.rank
        if not 0 <= index < math.comb(size, k):
            raise InvalidInstanceError(
                f"there are {math.comb(size, k)} charts; got number {index + 1}."
            )
        if len(point) != k * (size - k):
            raise InvalidInstanceError(
                f"the point has {len(point)} coordinates; the chart has "
                f"{k * (size - k)}."
            )
        pivots = combination(size, k, index)
        values = iter(point)
        return RationalMatrix.from_fractions(
            [
                [
                    Fraction(int(pivots[a] == j))
                    if j in pivots
                    else Fraction(next(values))
                    for j in range(size)
                ]
                for a in range(k)
            ]
        ).transpose

    def _forms(self) -> list[tuple[list[int], Any, Any, int]]:
        """Return (w_h, M_h, H_h, E_h) of the classes of proportional columns."""
        found = []
        for weights, gram, energy in row_class_forms(self.types.transpose):
            moved = self.basis.hadamard(RationalMatrix.from_rows([weights]).transpose)
            m = (self.basis.transpose @ moved).numerators.tolist()
            gram_matrix = RationalMatrix.from_rows(gram)
            captured = (moved.transpose @ gram_matrix @ moved).numerators.tolist()
            found.append((weights, m, captured, energy))
        return found

    def _cost(
        self, forms: list[tuple[list[int], Any, Any, int]], pivots: tuple[int, ...]
    ) -> ChartCost:
        """Return the cost in one chart."""

        def term(
            h: int, right: list[list[fmpz_mpoly]]
        ) -> tuple[fmpz_mpoly, fmpz_mpoly]:
            _, m, captured, energy = forms[h]
            return symmetric_term(m, captured, energy, right)

        weights, data = self.types.squared_weights, self.types.data
        return chart_of_terms(
            pivots,
            self.n_kept,
            [form[0] for form in forms],
            term,
            weights.denominator * data.denominator**2,
        )


def sketched_charts(instance: Instance, t: int, *, seed: int) -> SketchedCharts:
    """Return the formulation with a Gaussian sketch of t columns from a seed.

    Raises
    ------
    NotApplicableError
        If the rank is 0, there is no weight, t < k + 2 or T <= k, or if the sketch
        is degenerate, which has probability zero for Gaussian ones.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4], [1, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 4], [1, 1], [1, 4]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> formulation = sketched_charts(instance, 3, seed=0)
    >>> print(formulation.sizes.n_variables, formulation.accuracy.is_exact)
    1 True
    >>> u, v = formulation.factors(0, [Fraction(1, 2)])
    >>> u
    RationalMatrix([[1], [1/2], [1]])
    >>> instance.cost(u, v) == formulation.costs()[0].value([Fraction(1, 2)])
    True
    """
    k = instance.rank
    expected_ratio(k, t)
    types = merge_types(instance, axis=0).instance
    if k == 0 or 0 in types.shape:
        raise NotApplicableError(
            "the instance has rank 0 or no weight: X = 0 is optimal."
        )
    sketch = gaussian_sketch(t, instance.shape[1], seed=seed).transpose
    left = sketched_rows(instance, sketch)
    basis = _basis(left, types.data)
    if basis.shape[1] <= k:
        raise NotApplicableError(
            f"the sketched data have rank {basis.shape[1]}, not more than the rank {k} "
            "that is asked for: the optimum is 0, with U = C."
        )
    return SketchedCharts(instance=instance, types=types, left=left, basis=basis, t=t)


def _basis(left: SketchedRows, data: RationalMatrix) -> RationalMatrix:
    """Return C: reduced column echelon forms of the C_g, times a common denominator.

    Raises
    ------
    NotApplicableError
        If a C_g has not the rank of the data of the class, or t if that is less.
    """
    columns: list[list[Fraction]] = []
    for g in range(left.n_classes):
        members = _spread([i for i, c in enumerate(left.classes) if c == g], left)
        turned = zip(*(left.vectors[i] for i in members), strict=True)
        reduced, rank = fmpq_mat([list(map(fmpq, line)) for line in turned]).rref()
        table = fmpz_mat([list(map(int, data.numerators[i])) for i in members])
        if rank < min(len(left.vectors[members[0]]), table.rank()):
            raise NotApplicableError(
                f"the sketch of the rows of class {g + 1} has a lower rank than almost "
                "every sketch; use another seed."
            )
        for line in reduced.tolist()[:rank]:
            column = [Fraction(0)] * len(left.classes)
            for i, x in zip(members, line, strict=True):
                column[i] = Fraction(int(x.p), int(x.q))
            columns.append(column)
    if not columns:
        return RationalMatrix.zeros(len(left.classes), 0)
    scale = math.lcm(*(x.denominator for column in columns for x in column))
    return RationalMatrix.from_fractions(columns).transpose.scaled(scale)


def _spread(members: list[int], left: SketchedRows) -> list[int]:
    """Return the rows of a class, each next one farthest from the span before it."""
    rest = np.array([left.vectors[i] for i in members], dtype=np.float64)
    chosen: list[int] = []
    for _ in members:
        norms = np.linalg.norm(rest, axis=1)
        norms[chosen] = -1.0
        chosen.append(int(norms.argmax()))
        unit = rest[chosen[-1]] / max(norms[chosen[-1]], 1e-300)
        rest -= np.outer(rest @ unit, unit)
    return [members[i] for i in chosen]


def _in_largest_chart(
    y: list[list[Fraction]],
) -> tuple[int, tuple[Fraction, ...]]:
    """Return number and coordinates of the chart whose minor of Y is greatest."""
    k = len(y[0])
    charts = list(itertools.combinations(range(len(y)), k))
    solved = [
        determinant_and_adjugate([y[j] for j in pivots], lambda x, j: x / j)
        for pivots in charts
    ]
    index = max(range(len(charts)), key=lambda i: abs(solved[i][0]))
    below, adjugate = solved[index]
    if below == 0:
        raise NotApplicableError("the sketched fit has rank below k; move V a little.")
    normal = [
        [sum(x * adjugate[b][a] for b, x in enumerate(row)) / below for row in y]
        for a in range(k)
    ]
    return index, tuple(
        normal[a][j] for a in range(k) for j in range(len(y)) if j not in charts[index]
    )
