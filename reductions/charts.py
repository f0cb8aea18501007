"""Charts of the Grassmannian with one factor eliminated by Cramer's rule.

*Statement.* A row space of dimension k is spanned by some V (k x d) with an identity
matrix in k pivot columns. If those columns have a minor of greatest absolute value, the
k(d - k) other entries x lie in [-1, 1] (Cramer's rule: they are quotients of minors).
So the C(d, k) charts with boxes [-1, 1]^(k(d-k)) cover all row spaces. For fixed V the
best U is explicit, and

    cost(V) = (1/scale) sum_g N_g(x) / D_g(x),   D_g = det(V diag(w_g) V^T),
    N_g = E_g D_g - tr(adj(V diag(w_g) V^T) V diag(w_g) G_g diag(w_g) V^T) >= 0,

a sum over the classes g of proportional weight rows (mathematics C10).
*Accepts* instances with 1 <= k < d. *Produces* one term a class, however many rows.
*Lifts by* weighted least squares for U. *Guarantee* infimum.

Contents
--------
ChartCost       numerators and denominators in one chart, values, polynomial systems
chart_cost      the cost in one chart
chart_costs     the same in all charts
chart_of_terms  a sum of fractions in one chart, from its terms as functions of V

Notation
--------
w_g is the primitive integer weight row of class g, G_g = sum_i c_i a_i a_i^T over its
rows (weight row c_i w_g, integer data a_i) and E_g = tr(diag(w_g) G_g).

Notes on the implementation
---------------------------
*Zero weights.* D_g is zero where the columns of V in the support of w_g are dependent;
N_g is zero there too, so that P - c Q is zero although the cost may exceed c. Hence the
conditions D_g > 0, and conditions for subsets of the classes, which are necessary for
cost <= c as every term is non-negative, and stay positive where D_g vanishes. A class
with k or fewer positive weights is fitted exactly by almost every V and is left out.

References
----------
docs/proofs.md; [RazenshteynSongWoodruff2016]_ for the elimination by Cramer's rule.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from flint import fmpz_mpoly, fmpz_mpoly_ctx

from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.instances import Instance
from reductions.row_class_terms import (
    ClassForm,
    class_term,
    class_term_of_kernel,
    row_class_forms,
)
from reductions.vanishing_classes import remaining_classes
from semialgebraic.polynomials import polynomial_ring, value_at
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import Condition, Relation, System

# V over a ring of polynomials.
Matrix = list[list[fmpz_mpoly]]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChartCost:
    """The least cost for a row space, as a function of its k(d - k) chart coordinates.

    Parameters
    ----------
    pivots : tuple of int
        The k columns, from 0, where V is the identity.
    n_columns : int
        d.
    variables : tuple of str
        x1_3 is the entry of V in row 1, column 3; row by row.
    weight_rows : tuple of tuples of int
        Primitive weight row of each class that is kept.
    numerators, denominators : tuples of fmpz_mpoly
        N_g >= 0 and D_g >= 0, divided by their common content.
    scale : int
        Positive.
    """

    pivots: tuple[int, ...]
    n_columns: int
    variables: tuple[str, ...]
    weight_rows: tuple[tuple[int, ...], ...]
    numerators: tuple[fmpz_mpoly, ...]
    denominators: tuple[fmpz_mpoly, ...]
    scale: int
    _fractions: dict[tuple[int, ...], tuple[fmpz_mpoly, fmpz_mpoly]] = field(
        default_factory=dict, repr=False
    )

    @property
    def ring(self) -> fmpz_mpoly_ctx:
        """The ring of the polynomials."""
        return polynomial_ring(self.variables)

    @property
    def rank(self) -> int:
        """k, the number of rows of V."""
        return len(self.pivots)

    @property
    def n_groups(self) -> int:
        """Number of classes of proportional weight rows that are kept."""
        return len(self.numerators)

    @property
    def vanishing(self) -> tuple[int, ...]:
        """The classes with a zero weight: their denominators may vanish on the box."""
        degrees = [q.total_degree() for q in self.denominators]
        return tuple(
            g for g, row in enumerate(self.weight_rows) if 0 in row and degrees[g]
        )

    @property
    def necessary_subsets(self) -> tuple[tuple[int, ...], ...]:
        """All classes, and what is left without those that can vanish together."""
        return remaining_classes(self.weight_rows, self.rank)

    def fraction(
        self, groups: Iterable[int] | None = None
    ) -> tuple[fmpz_mpoly, fmpz_mpoly]:
        """Return (P, Q): the sum of N_g / D_g over the groups is P / Q; Q = prod D_g.

        Without groups all classes are summed.
        """
        chosen = tuple(range(self.n_groups) if groups is None else groups)
        if chosen not in self._fractions:
            terms = [(self.numerators[g], self.denominators[g]) for g in chosen]
            self._fractions[chosen] = _sum_of_fractions(terms, self.ring)
        return self._fractions[chosen]

    def excess(
        self, threshold: Fraction, groups: Iterable[int] | None = None
    ) -> fmpz_mpoly:
        """Return a positive integer multiple of P - c scale Q, without content.

        Where no denominator vanishes, it is <= 0 if and only if the given classes cost
        at most c; for some of the classes this is necessary for cost <= c.

        Examples
        --------
        >>> from reductions.instances import ones_like
        >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
        >>> cost = chart_cost(
        ...     Instance(data=A, squared_weights=ones_like(A), rank=1), (0,)
        ... )
        >>> cost.excess(Fraction(1, 2))
        x1_2^2 - 4*x1_2 + 3
        """
        numerator, denominator = self.fraction(groups)
        c = Fraction(threshold) * self.scale
        return (c.denominator * numerator - c.numerator * denominator).primitive()[1]

    def value(self, point: Sequence[Fraction | int]) -> Fraction:
        """Return the least cost for the row space of V(x), classes left out excepted.

        It is at least OPT everywhere, and the cost of the best U where no D_g vanishes
        and no class was left out.

        Raises
        ------
        NotApplicableError
            If a denominator vanishes at the point.

        Examples
        --------
        >>> from reductions.instances import ones_like
        >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
        >>> cost = chart_cost(
        ...     Instance(data=A, squared_weights=ones_like(A), rank=1), (0,)
        ... )
        >>> cost.value([1]), cost.value([Fraction(3, 2)])
        (Fraction(1, 2), Fraction(5, 13))
        """
        total = Fraction(0)
        for g, (p, q) in enumerate(
            zip(self.numerators, self.denominators, strict=True)
        ):
            below = value_at(q, point)
            if below == 0:
                raise NotApplicableError(
                    f"the denominator of weight class {g + 1} vanishes at the point; "
                    "move the point."
                )
            total += value_at(p, point) / below
        return total / self.scale

    def right_factor(self, point: Sequence[Fraction | int]) -> RationalMatrix:
        """Return V at the point: the identity in the pivots, x elsewhere.

        Examples
        --------
        >>> from reductions.instances import ones_like
        >>> A = RationalMatrix.from_rows([[1, 1, 0], [0, 1, 1]])
        >>> cost = chart_cost(
        ...     Instance(data=A, squared_weights=ones_like(A), rank=1), (1,)
        ... )
        >>> cost.right_factor([Fraction(1, 2), -1])
        RationalMatrix([[1/2, 1, -1]])
        """
        if len(point) != len(self.variables):
            raise InvalidInstanceError(
                f"the point has {len(point)} coordinates; the chart has "
                f"{len(self.variables)}."
            )
        values = iter(point)
        rows = [
            [
                Fraction(int(self.pivots[a] == j))
                if j in self.pivots
                else Fraction(next(values))
                for j in range(self.n_columns)
            ]
            for a in range(self.rank)
        ]
        return RationalMatrix.from_fractions(rows)

    def system(
        self,
        threshold: Fraction,
        *,
        strict: bool = False,
        subsets: Iterable[Iterable[int]] | None = None,
    ) -> System:
        """Return the system: x in the box, all D_g > 0, cost <= threshold (or <).

        Parameters
        ----------
        threshold : Fraction
            c.
        strict : bool
            Ask for cost < c.
        subsets : iterable of subsets of the classes, optional
            One condition for each; `necessary_subsets` if not given. The system says
            cost <= c only if all classes together are among them.

        Notes
        -----
        First the box, x - 1 <= 0 and -x - 1 <= 0 for each variable, then D_g > 0 for
        the classes of `vanishing`, then the excesses.
        """
        chosen = self.necessary_subsets if subsets is None else subsets
        relation = Relation.LESS if strict else Relation.LESS_EQUAL
        conditions = (
            [
                Condition(side, Relation.LESS_EQUAL)
                for x in self.ring.gens()
                for side in (x - 1, -x - 1)
            ]
            + [
                Condition(self.denominators[g], Relation.GREATER)
                for g in self.vanishing
            ]
            + [Condition(self.excess(threshold, groups), relation) for groups in chosen]
        )
        return System(variables=self.variables, conditions=tuple(conditions))


def chart_costs(instance: Instance) -> tuple[ChartCost, ...]:
    """Return the cost in all C(d, k) charts, pivots in lexicographic order.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 1, 0], [0, 1, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> [cost.pivots for cost in chart_costs(instance)]
    [(0,), (1,), (2,)]
    """
    forms, scale = _checked_forms(instance)
    d, k = instance.shape[1], instance.rank
    return tuple(
        _chart(forms, scale, d, pivots)
        for pivots in itertools.combinations(range(d), k)
    )


def chart_cost(instance: Instance, pivots: Sequence[int]) -> ChartCost:
    """Return the cost in the chart with the given pivot columns, counted from 0.

    Raises
    ------
    NotApplicableError
        Unless 1 <= k < d and the pivots are k different columns.

    Notes
    -----
    **Cost.** Linear in n to form the Gram matrices; then independent of n.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
    >>> cost = chart_cost(Instance(data=A, squared_weights=ones_like(A), rank=1), (0,))
    >>> cost.numerators, cost.denominators, cost.scale
    ((x1_2^2 - 2*x1_2 + 2,), (x1_2^2 + 1,), 1)
    """
    forms, scale = _checked_forms(instance)
    chosen = tuple(sorted(set(pivots)))
    d = instance.shape[1]
    if len(chosen) != instance.rank or chosen[0] < 0 or chosen[-1] >= d:
        raise NotApplicableError(
            f"pivots {tuple(pivots)} are not {instance.rank} different columns of {d}."
        )
    return _chart(forms, scale, d, chosen)


def _checked_forms(instance: Instance) -> tuple[list[ClassForm], int]:
    """Return the classes and the scale of an instance with 1 <= k < d."""
    d, k = instance.shape[1], instance.rank
    if not 1 <= k < d:
        raise NotApplicableError(
            f"charts want 1 <= rank < number of columns; here rank {k} and {d} "
            "columns: the best cost is that of X = 0 or 0."
        )
    scale = instance.squared_weights.denominator * instance.data.denominator**2
    return row_class_forms(instance), scale


def _chart(
    forms: list[ClassForm], scale: int, d: int, pivots: tuple[int, ...]
) -> ChartCost:
    """Return the cost in one chart."""

    def term(g: int, right: Matrix) -> tuple[fmpz_mpoly, fmpz_mpoly]:
        if len(pivots) < d - 1:
            return class_term(forms[g], right)
        (rest,) = (j for j in range(d) if j not in pivots)
        kernel = [right[0][0] * 0 - 1] * d
        for a, j in enumerate(pivots):
            kernel[j] = right[a][rest]
        return class_term_of_kernel(forms[g], kernel)

    return chart_of_terms(pivots, d, [form[0] for form in forms], term, scale)


def chart_of_terms(
    pivots: tuple[int, ...],
    d: int,
    weight_rows: Sequence[Sequence[int]],
    term: Callable[[int, Matrix], tuple[fmpz_mpoly, fmpz_mpoly]],
    scale: int,
) -> ChartCost:
    """Return (1/scale) sum_g N_g/D_g in one chart, from functions of V.

    `term` returns N_g >= 0 and D_g >= 0 from g and the k x d matrix V; a D_g can only
    vanish if row g of `weight_rows` has a zero.
    """
    k, rest = len(pivots), [j for j in range(d) if j not in pivots]
    names = tuple(f"x{a + 1}_{j + 1}" for a in range(k) for j in rest)
    ring = polynomial_ring(names)
    coordinates = iter(ring.gens())
    zero, one = ring.constant(0), ring.constant(1)
    right = [
        [
            (one if pivots[a] == j else zero) if j in pivots else next(coordinates)
            for j in range(d)
        ]
        for a in range(k)
    ]
    kept = []
    for g, weights in enumerate(weight_rows):
        p, q = term(g, right)
        if p.is_zero():  # fitted exactly by almost every V
            continue
        common = math.gcd(int(p.primitive()[0]), int(q.primitive()[0]))
        kept.append((tuple(weights), p // common, q // common))
    return ChartCost(
        pivots=pivots,
        n_columns=d,
        variables=names,
        weight_rows=tuple(w for w, _, _ in kept),
        numerators=tuple(p for _, p, _ in kept),
        denominators=tuple(q for _, _, q in kept),
        scale=scale,
    )


def _sum_of_fractions(
    terms: list[tuple[fmpz_mpoly, fmpz_mpoly]], ring: fmpz_mpoly_ctx
) -> tuple[fmpz_mpoly, fmpz_mpoly]:
    """Return (P, Q): the sum of the p/q is P/Q, and Q the product of the q."""
    if not terms:
        return ring.constant(0), ring.constant(1)
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    p1, q1 = _sum_of_fractions(terms[:half], ring)
    p2, q2 = _sum_of_fractions(terms[half:], ring)
    return p1 * q2 + p2 * q1, q1 * q2
