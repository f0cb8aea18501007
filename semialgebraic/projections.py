"""Projection: polynomials in fewer variables whose cells carry the cells of more.

Eliminating the last variable y from a set of polynomials leaves polynomials in the
other variables; over a cell on which these do not change sign, the real roots of the
given ones are continuous functions of the point, which never cross: a cylinder is cut
into sections (their graphs) and sectors (between them).

Contents
--------
irreducible_factors     sign, and the irreducible factors with their multiplicities
main_variable           index of the last variable that occurs
project                 the projection of a basis in one variable more
projection_levels       all projections, by main variable
resultant               of two polynomials along their main variable
elimination_order       the variables in the order in which they are best kept

Notes on the implementation
---------------------------
Two theorems are used, each for a basis of irreducible (or at least square-free and
pairwise coprime) polynomials of positive degree in y:

**All cells** (`open_cells_only=False`): Lazard's projection, which consists of the
leading and the trailing coefficients, the discriminants and the resultants of pairs. On
a connected set where all of these have constant Lazard valuation, the Lazard
evaluations of the basis are delineable, whether or not a polynomial vanishes
identically in y over some point [McCallumParusinskiPaunescu2019]_. The lifting must
then use Lazard's evaluation (`cells`). Over a line the trailing coefficients are not
needed: over an interval on which leading coefficients, discriminants and resultants
have no zero, the roots are simple, finite and distinct, hence continuous, and the
points that remain are lifted one by one.

**Open cells** (`open_cells_only=True`): leading coefficients, discriminants and
resultants. Over an open set where none of them vanishes, the roots are simple, finite
and distinct, hence continuous; every open set of the space meets such a cylinder. So
one point of each open cell is enough to decide a system of strict conditions.

References
----------
[McCallumParusinskiPaunescu2019]_, [Brown2004]_
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from flint import fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly

from semialgebraic.plane_resultants import plane_discriminant, plane_resultant
from semialgebraic.polynomials import coefficients_in

Levels = list[list[fmpz_mpoly]]


def irreducible_factors(p: fmpz_mpoly) -> tuple[int, list[tuple[fmpz_mpoly, int]]]:
    """Return the sign s and factors f with s p = c prod f^multiplicity, c > 0.

    Parameters
    ----------
    p : fmpz_mpoly
        Not zero.

    Notes
    -----
    The factors are primitive with positive leading coefficient, and irreducible; where
    FLINT cannot order factors for the size of their coefficients, they are square-free
    and pairwise coprime.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> irreducible_factors(-2 * x * (x - y) ** 2)
    (-1, [(x, 1), (x - y, 2)])
    """
    try:
        factors = [(f, int(e)) for f, e in p.factor()[1]]
    except OverflowError:  # python-flint sorts by coefficients that must fit a word
        factors = _square_free_factors(p)
    # Leading coefficients multiply, so that the sign is that of the leading one.
    return _sign(p), [(f.primitive()[1] * _sign(f), e) for f, e in factors]


def main_variable(p: fmpz_mpoly) -> int:
    """Return the index of the last variable that occurs in p; -1 for a constant.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y, z = polynomial_ring(["x", "y", "z"]).gens()
    >>> main_variable(x * y - 1)
    1
    """
    return max((i for i, degree in enumerate(p.degrees()) if degree > 0), default=-1)


def project(
    basis: Sequence[fmpz_mpoly],
    variable: int,
    *,
    open_cells_only: bool = False,
    poll: Callable[[], None] = lambda: None,
) -> Iterator[fmpz_mpoly]:
    """Yield the projection of a basis along one variable; constants are left out.

    Parameters
    ----------
    basis : sequence of fmpz_mpoly
        Square-free, pairwise coprime, of positive degree in the variable, which is the
        last that occurs.
    variable : int
        Its index, at least 1.
    open_cells_only : bool
        Whether open cells suffice; see the head of this module.
    poll : callable
        Called between any two steps; what it raises ends the computation.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> list(project([x**2 + y**2 - 1, x - y], 1))
    [-4*x^2 + 4, 2*x^2 - 1]
    """
    with_trailing = variable > 1 and not open_cells_only
    for p in basis:
        coefficients = coefficients_in(p, variable)
        yield from _nonconstant(coefficients[-1])
        if with_trailing:
            yield from _nonconstant(coefficients[0])
        if len(coefficients) > 2:
            yield from _nonconstant(_discriminant(p, variable, poll))
    for p, q in combinations(basis, 2):
        yield from _nonconstant(resultant(p, q, variable, poll))


def projection_levels(
    polynomials: Sequence[fmpz_mpoly],
    *,
    open_cells_only: bool = False,
    poll: Callable[[], None] = lambda: None,
) -> Levels:
    """Return for each variable the basis polynomials of which it is the main variable.

    Parameters
    ----------
    polynomials : sequence of fmpz_mpoly
        In one ring, at least one; constants are ignored.
    open_cells_only : bool
        See `project`.
    poll : callable
        Called between any two steps; what it raises ends the computation.

    Notes
    -----
    **Cost.** With m polynomials of degree d in n variables, up to (2 m d)^(2^n) in
    number and degree: doubly exponential in n.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> projection_levels([x**2 + y**2 - 1])
    [[x - 1, x + 1], [x^2 + y^2 - 1]]
    """
    n = polynomials[0].context().nvars()
    levels: Levels = [[] for _ in range(n)]

    def add(p: fmpz_mpoly) -> None:
        poll()
        for factor, _ in irreducible_factors(p)[1]:
            _insert(levels[main_variable(factor)], factor)

    for p in polynomials:
        for q in _nonconstant(p):
            add(q)
    for variable in range(n - 1, 0, -1):
        for p in project(
            levels[variable], variable, open_cells_only=open_cells_only, poll=poll
        ):
            add(p)
    return levels


def elimination_order(polynomials: Sequence[fmpz_mpoly]) -> list[int]:
    """Return the variables as Brown orders them: the last is eliminated first.

    First eliminated is the variable of lowest degree; of those, the one whose terms
    have the lowest total degree; of those, the one in the fewest terms [Brown2004]_.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y, z = polynomial_ring(["x", "y", "z"]).gens()
    >>> elimination_order([x * y**3 - z**2])
    [1, 2, 0]
    """
    n = polynomials[0].context().nvars()
    measures = [[0, 0, 0] for _ in range(n)]
    for p in polynomials:
        for exponents in p.monoms():
            total = sum(int(e) for e in exponents)
            for measure, e in zip(measures, exponents, strict=True):
                if e:
                    measure[0] = max(measure[0], int(e))
                    measure[1] = max(measure[1], total)
                    measure[2] += 1
    return sorted(range(n), key=lambda i: (measures[i], -i), reverse=True)


def _nonconstant(p: fmpz_mpoly) -> Iterator[fmpz_mpoly]:
    """Yield p unless it is constant, or zero: the trailing coefficient of y itself."""
    if not p.is_constant():
        yield p


def _discriminant(p: fmpz_mpoly, variable: int, poll: Callable[[], None]) -> fmpz_mpoly:
    poll()
    if variable != 1:
        return p.discriminant(variable)
    return _in_first_variable(plane_discriminant(p, poll), p.context())


def resultant(
    p: fmpz_mpoly,
    q: fmpz_mpoly,
    variable: int,
    poll: Callable[[], None] = lambda: None,
) -> fmpz_mpoly:
    """Return the resultant along the last variable that occurs.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> resultant(x**2 + y**2 - 1, x - y, 1)
    2*x^2 - 1
    """
    poll()
    if variable != 1:
        return p.resultant(q, variable)
    return _in_first_variable(plane_resultant(p, q, poll), p.context())


def _in_first_variable(p: fmpz_poly, ring: fmpz_mpoly_ctx) -> fmpz_mpoly:
    rest = (0,) * (ring.nvars() - 1)
    return ring.from_dict({(i, *rest): c for i, c in enumerate(p.coeffs()) if c != 0})


def _insert(basis: list[fmpz_mpoly], p: fmpz_mpoly) -> None:
    """Add a square-free polynomial to a basis, which stays pairwise coprime."""
    for i, q in enumerate(basis):
        if p == q:
            return
        common = p.gcd(q)
        if not common.is_constant():
            # Only factors that could not be split into irreducible ones come here.
            p, basis[i] = p // common, q // common
            _insert(basis, common)
            break
    else:
        basis.append(p)
        return
    basis[:] = [q for q in basis if not q.is_constant()]
    if not p.is_constant():
        _insert(basis, p)


def _sign(p: fmpz_mpoly) -> int:
    return 1 if p.leading_coefficient() > 0 else -1


def _square_free_factors(p: fmpz_mpoly) -> list[tuple[fmpz_mpoly, int]]:
    """Return square-free, pairwise coprime factors with their multiplicities (Yun)."""
    variable = main_variable(p)
    if variable < 0:
        return []
    content = 0 * p
    for c in coefficients_in(p, variable):
        content = content.gcd(c)
    factors = _square_free_factors(content)
    rest = p // content
    # `common` holds what occurs more often than `multiplicity` times, once less often.
    common, multiplicity = rest.gcd(rest.derivative(variable)), 1
    product = rest // common
    while not product.is_constant():
        following = product.gcd(common)
        factor = product // following
        if not factor.is_constant():
            factors.append((factor, multiplicity))
        product, common = following, common // following
        multiplicity += 1
    return factors
