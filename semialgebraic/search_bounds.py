"""How long the search for an optimum can take: what lies below it, how many halvings.

The bounds of the few-pattern paper, with its constants. They prove that the search
ends; they are no stopping rule, being far smaller than any optimum that occurs.

Contents
--------
sketched_optimum_bound  bits of a nonzero optimum, as the few-pattern paper counts them
projected_optimum_bound bits of a nonzero optimum, positive weights, compact
n_linear_bisections     halvings of [L, B] down to a width of eps L
n_log_bisections        halvings of the exponents first, then of the value

References
----------
[LiLiangShiSong2025]_
"""

from fractions import Fraction

from semialgebraic.bounds import minimum_bound, require_at_least
from semialgebraic.errors import HypothesisError, InexactInputError


def sketched_optimum_bound(
    *,
    n_patterns: int,
    rank: int,
    sketch_size: int,
    height: int,
    component_is_compact: bool = False,
) -> int:
    """Return the bits of the lower bound on a nonzero optimum of Theorem 5.1.

    The sketched formulation minimizes y p(x) subject to y q(x) = 1 over 2 r k t
    entries x of the guessed matrices: `minimum_bound` with n = 2 r k t + 1 variables,
    one condition and degree 8 k r + 2. [LiLiangShiSong2025]_ states the conclusion in
    asymptotic form.

    Parameters
    ----------
    n_patterns, rank, sketch_size : int
        r, k, t: patterns of the weights, rank, rows of the sketch.
    height : int
        H, at least every coefficient of y p(x) and y q(x) - 1.
    component_is_compact : bool
        The set {y q(x) = 1} itself is *not* compact, so that the proof in the paper
        has a gap. Pass True for the number that the paper's argument gives, or if the
        minimum is known to lie in a compact component.

    Raises
    ------
    HypothesisError
        As `minimum_bound`.

    Examples
    --------
    >>> bits = sketched_optimum_bound(
    ...     n_patterns=2,
    ...     rank=1,
    ...     sketch_size=22,
    ...     height=2**40,
    ...     component_is_compact=True,
    ... )
    >>> len(str(bits))
    144
    """
    r = require_at_least("the number of patterns", n_patterns, 1)
    k = require_at_least("the rank", rank, 1)
    t = require_at_least("the sketch size", sketch_size, 1)
    return minimum_bound(
        n_variables=2 * r * k * t + 1,
        degree=8 * k * r + 2,
        height=height,
        n_conditions=1,
        component_is_compact=component_is_compact,
    )


def projected_optimum_bound(
    *, n_rows: int, n_patterns: int, rank: int, height: int, weights_are_positive: bool
) -> int:
    """Return the bits of a lower bound on a nonzero optimum for positive weights.

    With U in R^(N x k) orthonormal, U^T U = I, the other factor projected out and one
    variable y for the product of the r denominators det(U^T Omega_h U), the feasible
    set is compact: each denominator is at least (min omega)^k > 0. `minimum_bound`
    applies with N k + 1 variables, k (k + 1)/2 + 1 conditions, and the least even
    degree that is at least 2 k r + 1 and 4.

    Parameters
    ----------
    n_rows, n_patterns, rank : int
        N, r (patterns of the weight columns), k.
    height : int
        At least every coefficient of the objective and of the conditions.
    weights_are_positive : bool
        The caller's word that no weight is zero.

    Raises
    ------
    HypothesisError
        If the weights are not declared positive, or a number is not positive.

    Examples
    --------
    >>> projected_optimum_bound(
    ...     n_rows=4, n_patterns=2, rank=1, height=2**40, weights_are_positive=True
    ... )
    67713175
    """
    if not weights_are_positive:
        raise HypothesisError(
            "a zero weight lets the denominators vanish and the set is not compact; "
            "this bound is for positive weights."
        )
    n = require_at_least("the number of rows", n_rows, 1)
    r = require_at_least("the number of patterns", n_patterns, 1)
    k = require_at_least("the rank", rank, 1)
    return minimum_bound(
        n_variables=n * k + 1,
        degree=2 * k * r + 2,
        height=height,
        n_conditions=k * (k + 1) // 2 + 1,
        component_is_compact=True,
    )


def n_linear_bisections(
    upper: Fraction | int, *, lower_bits: int, epsilon: Fraction | int
) -> int:
    """Return ceil(log2(B / (eps L))), L = 2^-lower_bits: the steps of Lemma 4.1.

    That many halvings of [L, B] leave an interval no longer than eps L, whose upper
    end is at most 1 + eps times any number in it.

    Parameters
    ----------
    upper : rational
        B > 0, an upper bound on the optimum.
    lower_bits : int
        b >= 0 with L = 2^-b below a nonzero optimum, as `minimum_bound` returns it.
    epsilon : rational
        Positive, at most 1.

    Raises
    ------
    HypothesisError
        Outside these ranges.

    Examples
    --------
    >>> n_linear_bisections(100, lower_bits=10, epsilon=Fraction(1, 2))
    18
    """
    start, accuracy = _bracket(upper, lower_bits, epsilon)
    return max(lower_bits + _ceil_log2(start / accuracy), 0)


def n_log_bisections(
    upper: Fraction | int, *, lower_bits: int, epsilon: Fraction | int
) -> int:
    """Return ceil(log2(E)) + ceil(log2(1 / eps)), E = number of octaves in [L, B].

    First the exponent is bisected, until the optimum lies in [2^e, 2^(e+1)]; then the
    value, until the interval is no longer than eps 2^e. The parameters are those of
    `n_linear_bisections`.

    Raises
    ------
    HypothesisError
        As `n_linear_bisections`.

    Examples
    --------
    >>> n_log_bisections(100, lower_bits=10, epsilon=Fraction(1, 2))
    6
    """
    start, accuracy = _bracket(upper, lower_bits, epsilon)
    octaves = max(lower_bits + _ceil_log2(start), 1)
    return (octaves - 1).bit_length() + _ceil_log2(1 / accuracy)


def _bracket(
    upper: Fraction | int, lower_bits: int, epsilon: Fraction | int
) -> tuple[Fraction, Fraction]:
    """Return B and eps after a look at the hypotheses of a bisection."""
    if isinstance(upper, float) or isinstance(epsilon, float):
        raise InexactInputError("a float is no exact bound; pass int or Fraction.")
    require_at_least("the number of bits", lower_bits, 0)
    if upper <= 0:
        raise HypothesisError("an upper bound on a nonzero optimum is positive.")
    if not 0 < epsilon <= 1:
        raise HypothesisError("epsilon must be positive and at most 1.")
    return Fraction(upper), Fraction(epsilon)


def _ceil_log2(x: Fraction) -> int:
    """Return the least integer e with x <= 2^e, for x > 0."""
    e = x.numerator.bit_length() - x.denominator.bit_length()
    # 2^(e - 1) < x < 2^(e + 1)
    power = Fraction(2) ** e
    return e if x <= power else e + 1
