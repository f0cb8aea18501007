"""Two rows, rank one: the cost as a function of one unknown (mathematics C10).

*Statement.* For fixed u the optimal v is explicit, and the cost of X = u v becomes

    cost(u) = (total - sum_h N_h(u) / D_h(u)) / scale,
    N_h(u) = u^T M_h u,   D_h(u) = w_1h u_1^2 + w_2h u_2^2,

a sum over the classes h of proportional weight columns, N_h and D_h integer binary
quadratic forms. OPT is its infimum over the rays u, the real projective line.
*Accepts* instances with two rows and rank one. *Produces* one term for each column
class, however many columns there are. *Lifts by* weighted least squares for v.
*Guarantee* infimum and attainment.

Contents
--------
ColumnClass     D_h and N_h of one class
ProjectedCost   the cost of a ray, as a value and as polynomials in the slope
project_cost    the formulation of an instance

Notation
--------
u = (1 : y) has the slope y; the ray (0 : 1) has infinite slope, written None.

Notes on the implementation
---------------------------
Where D_h vanishes, N_h vanishes too and the term is 0: this happens at a coordinate
ray, for a class with weight in one row only. Everywhere else such a term is a constant.
So the cost may lie above its limit at the coordinate rays (it is not lower
semicontinuous there). OPT is the minimum of the limit, a continuous function on a
compact line; it is attained if a minimizing ray has no such jump, and only then.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from flint import fmpz_poly

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.univariate import Interval

# A rational slope, or None for the ray (0 : 1).
RationalSlope = Fraction | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnClass:
    """One class of columns with proportional weights.

    Parameters
    ----------
    weights : (int, int)
        The primitive weight column (w_1, w_2), so D = w_1 u_1^2 + w_2 u_2^2.
    form : (int, int, int)
        (m_11, m_12, m_22), so N = m_11 u_1^2 + 2 m_12 u_1 u_2 + m_22 u_2^2.
    n_columns : int
        Number of columns in the class.
    """

    weights: tuple[int, int]
    form: tuple[int, int, int]
    n_columns: int

    @property
    def jacobian(self) -> tuple[int, int, int]:
        """Coefficients j of J = j_0 u_1^2 + j_1 u_1 u_2 + j_2 u_2^2.

        d/dy (N/D) = 2 J / D^2 at u = (1, y). J = 0 if and only if N/D is constant.
        """
        (w1, w2), (m11, m12, m22) = self.weights, self.form
        return m12 * w1, m22 * w1 - m11 * w2, -m12 * w2

    @property
    def is_constant(self) -> bool:
        """True if N/D is the same for all rays (with D != 0)."""
        return self.jacobian == (0, 0, 0)

    def ratio(self, slope: RationalSlope) -> Fraction:
        """Return N/D at a ray, or its limit where D vanishes."""
        (w1, w2), (m11, m12, m22) = self.weights, self.form
        if self.is_constant:
            return Fraction(m11, w1) if w1 else Fraction(m22, w2)
        if slope is None:
            return Fraction(m22, w2)
        p, q = slope.numerator, slope.denominator
        return Fraction(
            m11 * q * q + 2 * m12 * p * q + m22 * p * p, w1 * q * q + w2 * p * p
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedCost:
    """The least cost of X = u v for given u, as a function of the ray of u.

    Parameters
    ----------
    total : int
        scale times the cost of X = 0.
    scale : int
        Positive.
    classes : tuple of ColumnClass
        Columns without weight are in none of them.
    """

    total: int
    scale: int
    classes: tuple[ColumnClass, ...]

    @property
    def energy(self) -> Fraction:
        """The cost of X = 0."""
        return Fraction(self.total, self.scale)

    @property
    def moving(self) -> tuple[ColumnClass, ...]:
        """The classes whose term is not constant: they have weight in both rows."""
        return tuple(h for h in self.classes if not h.is_constant)

    @property
    def constant(self) -> Fraction:
        """The value of scale * limit + sum of the moving terms."""
        captured = (h.ratio(None) for h in self.classes if h.is_constant)
        return self.total - sum(captured, Fraction(0))

    def limit(self, slope: RationalSlope) -> Fraction:
        """Return the limit of the cost at a ray, which is the cost if nothing jumps."""
        ratios = (h.ratio(slope) for h in self.moving)
        return (self.constant - sum(ratios, Fraction(0))) / self.scale

    def singular_class(self, slope: RationalSlope) -> ColumnClass | None:
        """Return the class whose columns of X vanish, or are free, at this ray."""
        weightless = {None: 1, Fraction(0): 0}.get(slope)
        if weightless is None:
            return None
        found = (h for h in self.classes if h.weights[weightless] == 0)
        return next(found, None)

    def jump(self, slope: RationalSlope) -> Fraction:
        """Return by how much the cost at the ray exceeds its limit there."""
        singular = self.singular_class(slope)
        if singular is None:
            return Fraction(0)
        return singular.ratio(slope) / self.scale

    def at(self, slope: RationalSlope) -> Fraction:
        """Return the least cost of X = u v at the ray of this slope.

        Examples
        --------
        The value of the limit, 0, is not attained:

        >>> from semialgebraic.rational_matrices import RationalMatrix
        >>> A = RationalMatrix.from_rows([[1, 0], [0, 1]])
        >>> omega = RationalMatrix.from_rows([[1, 0], [1, 1]])
        >>> cost = project_cost(Instance(data=A, squared_weights=omega, rank=1))
        >>> cost.limit(Fraction(0)), cost.at(Fraction(0)), cost.at(Fraction(1, 10))
        (Fraction(0, 1), Fraction(1, 1), Fraction(1, 101))
        """
        return self.limit(slope) + self.jump(slope)

    def fraction(self) -> tuple[fmpz_poly, fmpz_poly]:
        """Return integer polynomials (F, G), limit(y) = F(y)/G(y) and G > 0.

        G = c prod D_h over the r moving classes; both have formal degree 2r, and the
        coefficients of y^(2r) give the value at the infinite slope.
        """
        terms = [
            (_even(h.form[0], 2 * h.form[1], h.form[2]), _even(*_spread(h.weights)))
            for h in self.moving
        ]
        numerator, denominator = _sum_of_fractions(terms)
        p, q = self.constant.numerator, self.constant.denominator
        return p * denominator - q * numerator, self.scale * q * denominator

    def excess(self, lower: Fraction) -> fmpz_poly:
        """Return a polynomial Q with (limit - lower) = Q / (positive polynomial).

        OPT >= lower if and only if Q(y) >= 0 for all real y.

        Examples
        --------
        >>> from semialgebraic.rational_matrices import RationalMatrix
        >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
        >>> ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
        >>> cost = project_cost(Instance(data=A, squared_weights=ones, rank=1))
        >>> cost.excess(Fraction(0))
        2*x^2 + (-2)*x + 1
        """
        numerator, denominator = self.fraction()
        return lower.denominator * numerator - lower.numerator * denominator

    def critical_form(self) -> tuple[fmpz_poly, int]:
        """Return (P, 4r - 2) with d limit/dy = -2 P / (scale prod D_h^2).

        P is a binary form of that degree, r the number of moving classes, given at
        u = (1, y): if its degree in y is less, the infinite slope is critical. For
        r = 0 the limit is constant and P = 0.

        Examples
        --------
        >>> from semialgebraic.rational_matrices import RationalMatrix
        >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
        >>> ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
        >>> cost = project_cost(Instance(data=A, squared_weights=ones, rank=1))
        >>> cost.critical_form()
        ((-1)*x^2 + (-1)*x + 1, 2)
        """
        terms = [
            (_even(*h.jacobian), _even(*_spread(h.weights)) ** 2) for h in self.moving
        ]
        if not terms:
            return fmpz_poly([0]), 0
        return _sum_of_fractions(terms)[0], 4 * len(terms) - 2

    def enclosure(self, slopes: Interval, bits: int) -> Interval:
        """Return bounds on the limit over all slopes in the interval [low, high].

        Rounding widens them by at most 4r 2^-bits, r the number of moving classes; the
        rest of their width is proportional to that of the interval (mean value
        theorem).
        """
        low, high = slopes
        middle, radius = (low + high) / 2, (high - low) / 2
        largest = max(abs(low), abs(high))
        smallest = Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))
        unit = max((1 << max(bits, 0)) // self.scale, 1)
        ratios = steepness = 0
        for h in self.moving:
            value = h.ratio(middle) * unit
            ratios += value.numerator // value.denominator
            j0, j1, j2 = (abs(j) for j in h.jacobian)
            least = h.weights[0] + h.weights[1] * smallest**2
            slope = 2 * (j0 + j1 * largest + j2 * largest**2) / least**2 * unit
            steepness += -(-slope.numerator // slope.denominator)
        center = self.constant * unit - ratios
        error = steepness * radius + len(self.moving)
        unit *= self.scale
        return (center - error) / unit, (center + error) / unit


def project_cost(instance: Instance) -> ProjectedCost:
    """Return the cost of the instance as a function of the ray of u.

    Raises
    ------
    NotApplicableError
        If the instance has not two rows, or its rank is not one.

    Notes
    -----
    **Cost.** Linear in the number of columns, vectorised.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 1, 3], [0, 1, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 2, 1], [1, 2, 3]])
    >>> cost = project_cost(Instance(data=A, squared_weights=omega, rank=1))
    >>> [(h.weights, h.form, h.n_columns) for h in cost.classes]
    [((1, 1), (3, 2, 2), 2), ((1, 3), (9, 9, 9), 1)]
    """
    n, d = instance.shape
    if n != 2 or instance.rank != 1:
        raise NotApplicableError(
            f"the formulation in one unknown wants 2 rows and rank 1; this instance is "
            f"{n} x {d} with rank {instance.rank}: transpose or reduce it first."
        )
    data, weights = instance.data, instance.squared_weights
    labels, first, content = ray_classes(weights.numerators.T)
    primitive = weights.numerators.T[first] // np.maximum(content[first], 1)[:, None]
    b1, b2 = data.numerators
    moments = [
        _class_sums(
            integer_arrays.multiply(integer_arrays.multiply(left, right), content),
            labels,
            len(first),
        )
        for left, right in ((b1, b1), (b1, b2), (b2, b2))
    ]
    counts = np.bincount(labels, minlength=len(first))
    classes = []
    for h, (w1, w2) in enumerate(primitive.tolist()):
        if w1 == w2 == 0:
            continue
        s11, s12, s22 = (moment[h] for moment in moments)
        classes.append(
            ColumnClass(
                weights=(w1, w2),
                form=(w1 * w1 * s11, w1 * w2 * s12, w2 * w2 * s22),
                n_columns=int(counts[h]),
            )
        )
    scale = weights.denominator * data.denominator**2
    total = instance.energy() * scale
    return ProjectedCost(total=int(total), scale=scale, classes=tuple(classes))


def _class_sums(
    values: IntegerArray, labels: IntegerArray, n_classes: int
) -> list[int]:
    """Return the exact sum of the values of each class."""
    if integer_arrays.magnitude(values) * max(len(values), 1) >= 1 << 62:
        values = values.astype(object)
    sums = np.zeros(n_classes, dtype=values.dtype)
    np.add.at(sums, labels, values)
    return [int(x) for x in sums]


def _spread(weights: tuple[int, int]) -> tuple[int, int, int]:
    """Return the coefficients of D as a quadratic form."""
    return weights[0], 0, weights[1]


def _even(c0: int, c1: int, c2: int) -> fmpz_poly:
    """Return the quadratic polynomial of a binary quadratic form at u = (1, y)."""
    return fmpz_poly([c0, c1, c2])


def _sum_of_fractions(
    terms: list[tuple[fmpz_poly, fmpz_poly]],
) -> tuple[fmpz_poly, fmpz_poly]:
    """Return the sum over the product of the denominators, by pairs of like size."""
    if not terms:
        return fmpz_poly([0]), fmpz_poly([1])
    while len(terms) > 1:
        paired = [
            (a * d + c * b, b * d)
            for (a, b), (c, d) in zip(terms[::2], terms[1::2], strict=False)
        ]
        terms = paired + terms[len(terms) - len(terms) % 2 :]
    return terms[0]
