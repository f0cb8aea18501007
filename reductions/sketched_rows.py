"""Sketched least squares for the rows of one factor, by Cramer's rule (mathematics B9).

Let the rows i of class g have weights c_i w_g. For given V and a Gaussian S (d x t) the
sketched fit of row i is

    u_i = s_i P_g^T (P_g P_g^T)^-1,   P_g = V diag(w_g)^(1/2) S,
                                      s_i = a_i diag(w_g)^(1/2) S,

where s_i is known and only P_g (k x t) depends on V. So u_i = f_i/h_g with
h_g = det(P_g P_g^T) of degree 2k and f_i = s_i P_g^T adj(P_g P_g^T) of degree 2k - 1,
one denominator for each class. The columns of V are fitted in the same way, from the
transposed instance.

Contents
--------
SketchedRows        sketch, roots of weights, known vectors; guess matrices to rows
sketched_rows       of an instance
random_matrix       integers that perturb
Guess               rows of a guess matrix that are used, when it may be singular
ROOT_ACCURACY       relative error of squared roots of weights that are no squares

Notes on the implementation
---------------------------
Data are the integer numerators. A common factor of diag(w_g)^(1/2) S is absorbed by the
free P_g; so the roots are integers: exact if all entries of the primitive row w_g are
squares, else rounded with 2^-20 relative error. Rounding concerns which P_g a V has,
never the cost of the rows that a P_g has.

References
----------
[RazenshteynSongWoodruff2016]_; [LiLiangShiSong2025]_, Theorems 5.1 and 6.1.
"""

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat
from numpy.typing import NDArray

from reductions.adjugates import determinant_and_adjugate
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import merge_types, ray_classes
from semialgebraic.rational_matrices import RationalMatrix

# Rows of a guess matrix to which Cramer's rule is applied; the other coordinates are 0.
Guess = tuple[int, ...]
# A k x t matrix over the rationals or over polynomials.
Table = Sequence[Sequence[Any]]

_ROOT_BITS = 20
# |root^2 / w - 1| is below this; 0 if all primitive weights are squares.
ROOT_ACCURACY = Fraction(1, 1 << (_ROOT_BITS - 1))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SketchedRows:
    """The sketched least squares problems of all row types of an instance.

    Parameters
    ----------
    sketch : RationalMatrix, shape (d, t)
        S.
    roots : RationalMatrix, shape (r, d)
        Integer multiples of the roots of the weights of each class.
    roots_are_exact : bool
        Whether all of them are proportional to the roots.
    classes : tuple of int
        Class of each row type.
    vectors : tuple of tuples of int
        s_i of each row type, length t.
    labels : int array, shape (n,)
        Type of each row, -1 for rows without weight.
    rank : int
        k.
    """

    sketch: RationalMatrix
    roots: RationalMatrix
    roots_are_exact: bool
    classes: tuple[int, ...]
    vectors: tuple[tuple[int, ...], ...]
    labels: NDArray[np.int64]
    rank: int

    @property
    def n_classes(self) -> int:
        """Number of classes, each with a guess matrix and a denominator."""
        return self.roots.shape[0]

    @property
    def all_rows(self) -> tuple[Guess, ...]:
        """The guess that every guess matrix has full rank."""
        return (tuple(range(self.rank)),) * self.n_classes

    @property
    def first_of_types(self) -> list[int]:
        """The first row of each type."""
        types, first = np.unique(self.labels, return_index=True)
        return [int(i) for kind, i in zip(types, first, strict=True) if kind >= 0]

    def guess_matrices(self, right: RationalMatrix) -> list[RationalMatrix]:
        """Return P_g = V diag(root_g) S for each class."""
        everywhere = [0] * right.shape[0]
        return [
            right.hadamard(self.roots.take([g]).take(everywhere)) @ self.sketch
            for g in range(self.n_classes)
        ]

    def planted(
        self, right: RationalMatrix, step: Fraction, noise: np.random.Generator
    ) -> list[Table]:
        """Return the P_g of V, plus `step` times a random matrix where rows depend."""
        found = [p.fractions() for p in self.guess_matrices(right)]
        for g, chosen in enumerate(self.independent_rows(found)):
            if step and len(chosen) < self.rank:
                shape = (self.rank, self.sketch.shape[1])
                moved = RationalMatrix.from_fractions(found[g])
                found[g] = (
                    moved + random_matrix(noise, shape).scaled(step)
                ).fractions()
        return list(found)

    def independent_rows(self, matrices: Sequence[Table]) -> tuple[Guess, ...]:
        """Return for each rational matrix its first maximal set of independent rows."""
        found = []
        for matrix in matrices:
            chosen: Guess = ()
            for a in range(self.rank):
                rows = [matrix[b] for b in (*chosen, a)]
                if _gram_determinant_and_adjugate(rows, operator.truediv)[0]:
                    chosen = (*chosen, a)
            found.append(chosen)
        return tuple(found)

    def numerators_and_denominators(
        self,
        matrices: Sequence[Table],
        guess: Sequence[Guess] | None = None,
        divide: Callable[[Any, int], Any] = operator.truediv,
    ) -> tuple[list[list[Any]], list[Any]]:
        """Return (f, h): f_i of each row type, k entries, and h_g of each class.

        Parameters
        ----------
        matrices : sequence of k x t matrices
            P_g, over the rationals or over polynomials.
        guess : sequence of Guess, optional
            Rows of each P_g to be used; all if not given.
        divide : function
            Division by an integer in the ring of the entries.
        """
        rows = [
            [matrix[a] for a in chosen]
            for matrix, chosen in zip(matrices, guess or self.all_rows, strict=True)
        ]
        solved = [_gram_determinant_and_adjugate(p, divide) for p in rows]
        numerators = []
        for g, vector in zip(self.classes, self.vectors, strict=True):
            chosen = (guess or self.all_rows)[g]
            projected = [
                sum(s * x for s, x in zip(vector, line, strict=True))
                for line in rows[g]
            ]
            f = [0 * solved[g][0]] * self.rank
            for place, b in enumerate(chosen):
                f[b] = sum(y * solved[g][1][a][place] for a, y in enumerate(projected))
            numerators.append(f)
        return numerators, [determinant for determinant, _ in solved]

    def fit(
        self, matrices: Sequence[Table], guess: Sequence[Guess] | None = None
    ) -> RationalMatrix:
        """Return the rows u_i of all types, for rational guess matrices.

        Raises
        ------
        NotApplicableError
            If the used rows of a guess matrix are dependent.
        """
        numerators, denominators = self.numerators_and_denominators(matrices, guess)
        for g, h in enumerate(denominators):
            if h == 0:
                raise NotApplicableError(
                    f"the rows of guess matrix {g + 1} are dependent: move the point, "
                    "or guess which rows are independent."
                )
        rows = [
            [Fraction(x) / denominators[g] for x in f]
            for f, g in zip(numerators, self.classes, strict=True)
        ]
        if not rows:
            return RationalMatrix.zeros(0, self.rank)
        return RationalMatrix.from_fractions(rows)

    def keep_column_spaces(self, data: RationalMatrix) -> bool:
        """Tell whether the s_i of each class have the rank of its data rows.

        Then every least squares fit of the class is one of those that P_g can give.

        Parameters
        ----------
        data : RationalMatrix
            Rows of the types, zero where the weight is zero.
        """
        for g in range(self.n_classes):
            members = [i for i, c in enumerate(self.classes) if c == g]
            table = fmpz_mat([list(map(int, data.numerators[i])) for i in members])
            image = fmpz_mat([list(self.vectors[i]) for i in members])
            if image.rank() < table.rank():
                return False
        return True

    def matrices_that_fit(self, rows: RationalMatrix) -> list[Table]:
        """Return guess matrices P_g whose fits are the given rows of the types.

        If C_g has the rows s_i of class g, then u = C_g B for B = P_g^T (P_g P_g^T)^-1,
        and every B (t x k) of full rank comes from P_g = (B^T B)^-1 B^T.

        Raises
        ------
        NotApplicableError
            If there are none: the rows are not of this form, or B lacks full rank.
        """
        found: list[Table] = []
        for g in range(self.n_classes):
            members = [i for i, c in enumerate(self.classes) if c == g]
            vectors = [list(map(Fraction, self.vectors[i])) for i in members]
            b = _solution(vectors, rows.take(members).fractions())
            determinant, adjugate = _gram_determinant_and_adjugate(
                list(zip(*b, strict=True)), operator.truediv
            )
            if determinant == 0:
                raise NotApplicableError(
                    f"the rows of class {g + 1} come from no guess matrix of full "
                    "rank; move the factor."
                )
            found.append(
                [
                    [sum(map(operator.mul, line, row)) / determinant for row in b]
                    for line in adjugate
                ]
            )
        return found

    def lift(self, rows_of_types: RationalMatrix) -> RationalMatrix:
        """Return one row for every row of the instance, 0 for those without weight."""
        lifted = rows_of_types.numerators[np.maximum(self.labels, 0)].copy()
        lifted[self.labels < 0] = 0
        return RationalMatrix(lifted, rows_of_types.denominator)


def sketched_rows(instance: Instance, sketch: RationalMatrix) -> SketchedRows:
    """Return the sketched problems for the rows of an instance.

    Parameters
    ----------
    instance : Instance
    sketch : RationalMatrix, shape (d, t)
        Integers.

    Notes
    -----
    **Cost.** t products with a vector for each row type; linear in n otherwise.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4], [1, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 4], [1, 1], [2, 8]])
    >>> rows = sketched_rows(
    ...     Instance(data=A, squared_weights=omega, rank=1),
    ...     RationalMatrix.from_rows([[1, 0, 2], [0, 1, 1]]),
    ... )
    >>> rows.roots, rows.classes, rows.vectors
    (RationalMatrix([[1, 2], [1, 1]]), (0, 1), ((1, 4, 6), (3, 4, 10)))
    """
    weights = instance.squared_weights.numerators
    labels, first, content = ray_classes(weights)
    kept = [g for g, row in enumerate(first) if content[row]]
    number = {g: place for place, g in enumerate(kept)}
    roots, exact = [], True
    for g in kept:
        row = first[g]
        root, is_exact = _roots([int(w) // int(content[row]) for w in weights[row]])
        roots.append(root)
        exact &= is_exact
    merged = merge_types(instance, axis=0)
    _, first_of_type = np.unique(merged.labels, return_index=True)
    members = [int(i) for i in first_of_type if merged.labels[i] >= 0]
    classes = tuple(number[int(labels[i])] for i in members)
    table = RationalMatrix.from_rows(roots) if roots else RationalMatrix.zeros(0, 0)
    data = RationalMatrix(instance.data.numerators[members], 1)
    vectors = data.hadamard(table.take(list(classes))) @ sketch if members else data
    return SketchedRows(
        sketch=sketch,
        roots=table,
        roots_are_exact=exact,
        classes=classes,
        vectors=tuple(tuple(map(int, row)) for row in vectors.numerators),
        labels=merged.labels,
        rank=instance.rank,
    )


def random_matrix(noise: np.random.Generator, shape: tuple[int, int]) -> RationalMatrix:
    """Return random integers, generic enough to move minors away from zero.

    Examples
    --------
    >>> random_matrix(np.random.default_rng(0), (1, 3))
    RationalMatrix([[702, 274, 22]])
    """
    return RationalMatrix(noise.integers(-1000, 1001, shape))


def _roots(weights: list[int]) -> tuple[list[int], bool]:
    """Return integers proportional to the roots of a primitive row, and if exactly."""
    exact = [math.isqrt(w) for w in weights]
    if all(x * x == w for x, w in zip(exact, weights, strict=True)):
        return exact, True
    return [math.isqrt(w << (2 * _ROOT_BITS)) for w in weights], False


def _solution(
    matrix: list[list[Fraction]], right: list[list[Fraction]]
) -> list[list[Fraction]]:
    """Return a solution B of matrix B = right, its free rows generic integers."""
    n_columns, width = len(matrix[0]), len(right[0])
    joined = [[*a, *b] for a, b in zip(matrix, right, strict=True)]
    exact = [[fmpq(x.numerator, x.denominator) for x in row] for row in joined]
    reduced, rank = fmpq_mat(exact).rref()
    lines = [
        [Fraction(int(x.p), int(x.q)) for x in row] for row in reduced.tolist()[:rank]
    ]
    pivots = [next(j for j, x in enumerate(line) if x) for line in lines]
    if any(j >= n_columns for j in pivots):
        raise NotApplicableError(
            "the rows are no images of the sketched data; use more sketch columns."
        )
    free = [j for j in range(n_columns) if j not in pivots]
    # Powers of different bases: generic, without a seed.
    solution = [
        [Fraction((j + 2) ** b) for b in range(width)] for j in range(n_columns)
    ]
    for j, line in zip(pivots, lines, strict=True):
        solution[j] = [
            line[n_columns + b] - sum(line[i] * solution[i][b] for i in free)
            for b in range(width)
        ]
    return solution


def _gram_determinant_and_adjugate(
    rows: Table, divide: Callable[[Any, int], Any]
) -> tuple[Any, list[list[Any]]]:
    """Return det(P P^T) and adj(P P^T); of no rows, the determinant is 1."""
    if not rows:
        return 1, []
    gram = [[sum(x * y for x, y in zip(p, q, strict=True)) for q in rows] for p in rows]
    return determinant_and_adjugate(gram, divide)
