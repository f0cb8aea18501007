r"""Bernstein coefficients of polynomials on boxes, in integers.

On the box with centre m and half-widths h, write x = m + h s with s in [-1, 1]^v. A
polynomial of degree n_i in x_i is one and only one combination of the products of the
B_j(s_i) = C(n_i, j) ((1+s_i)/2)^j ((1-s_i)/2)^(n_i-j), which are non-negative and sum
to 1. So its values on the box lie between the smallest and the largest *Bernstein
coefficient*, and the coefficients at the corners are the values there.

Contents
--------
tensor_shape            n_i + 1 for each variable
tensor_size             number of Bernstein coefficients
coefficients            the coefficients as integers over one denominator
halve                   those on the two halves of the box
centred                 the polynomial in s
power_to_bernstein      the matrix from powers of s to Bernstein coefficients
halving                 the matrices to the coefficients on the halves
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from flint import fmpz_mpoly
from numpy.typing import NDArray

from semialgebraic.errors import InvalidInputError
from semialgebraic.integer_arrays import IntegerArray, integers, matmul, narrow


def tensor_shape(p: fmpz_mpoly) -> tuple[int, ...]:
    """Return n_i + 1 for each variable, n_i the degree of p in it.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> tensor_shape(x**2 - y), tensor_size(x**2 - y)
    ((3, 2), 6)
    """
    return tuple(max(int(n), 0) + 1 for n in p.degrees())


def tensor_size(p: fmpz_mpoly) -> int:
    """Return the number of Bernstein coefficients: the product of the n_i + 1."""
    return math.prod(tensor_shape(p))


def coefficients(
    p: fmpz_mpoly, low: Sequence[Fraction], high: Sequence[Fraction]
) -> tuple[IntegerArray, int]:
    """Return the Bernstein coefficients on a box as integers over one denominator.

    Parameters
    ----------
    p : fmpz_mpoly
        A polynomial in v variables.
    low, high : sequences of Fraction
        The box, low <= high.

    Returns
    -------
    numerators : integer array of shape `tensor_shape(p)`
    denominator : int
        Positive.

    Notes
    -----
    **Cost.** For each variable one exact matrix product of its conversion matrix with
    the tensor.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> coefficients(x**2, [Fraction(-1)], [Fraction(1)])
    (array([ 2, -2,  2]), 2)
    """
    terms, denominator = centred(p, low, high)
    tensor: NDArray[Any] = np.zeros(tensor_shape(p), dtype=object)
    for powers, a in terms.items():
        tensor[powers] = a
    result = narrow(tensor)
    for axis, length in enumerate(result.shape):
        matrix, common = power_to_bernstein(length - 1)
        result = _apply(matrix, result, axis)
        denominator *= common
    return result, denominator


def halve(b: IntegerArray, axis: int) -> tuple[IntegerArray, IntegerArray]:
    """Return the coefficients on the lower and the upper half, both times 2^n.

    Parameters
    ----------
    b : integer array
        Bernstein coefficients on a box, up to one factor.
    axis : int
        The variable whose interval is cut in the middle; n is the degree in it.

    Notes
    -----
    De Casteljau's averages in closed form: the i-th coefficient on the lower half is
    sum_j C(i, j) b_j / 2^i.

    Examples
    --------
    >>> halve(integers([0, 0, 1]), 0)
    (array([0, 0, 1]), array([1, 2, 4]))
    """
    n = b.shape[axis] - 1
    lower, upper = (integers(half) for half in halving(n))
    return _apply(lower, b, axis), _apply(upper, b, axis)


def centred(
    p: fmpz_mpoly, low: Sequence[Fraction], high: Sequence[Fraction]
) -> tuple[dict[tuple[int, ...], int], int]:
    """Return the terms of D p(m + h s) in s, and D; integers, D > 0.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> centred(x, [Fraction(0)], [Fraction(1)])
    ({(1,): 1, (0,): 1}, 2)
    """
    if any(a > b for a, b in zip(low, high, strict=True)):
        raise InvalidInputError("the box is empty: a lower bound exceeds the upper.")
    ring = p.context()
    degrees = [max(int(n), 0) for n in p.degrees()]
    centres = [(Fraction(a) + b) / 2 for a, b in zip(low, high, strict=True)]
    halves = [(Fraction(b) - a) / 2 for a, b in zip(low, high, strict=True)]
    if all(m == 0 and h == 1 for m, h in zip(centres, halves, strict=True)):
        return {tuple(map(int, e)): int(a) for e, a in p.terms()}, 1
    denominators = [
        math.lcm(m.denominator, h.denominator)
        for m, h in zip(centres, halves, strict=True)
    ]
    # x_i = (m' + h' s) / q, so the term x^j becomes (m' + h' s)^j q^(n-j) over q^n.
    homogeneous = ring.from_dict(
        {
            powers: a
            * math.prod(
                q ** (n - int(e))
                for q, n, e in zip(denominators, degrees, powers, strict=True)
            )
            for powers, a in p.terms()
        }
    )
    arguments = [
        int(m * q) + int(h * q) * s
        for m, h, q, s in zip(centres, halves, denominators, ring.gens(), strict=True)
    ]
    moved = homogeneous.compose(*arguments, ctx=ring)
    total = math.prod(q**n for q, n in zip(denominators, degrees, strict=True))
    return {tuple(map(int, e)): int(a) for e, a in moved.terms()}, total


@cache
def power_to_bernstein(n: int) -> tuple[IntegerArray, int]:
    """Return C times the Bernstein coefficients of s^j on [-1, 1], column j, and C.

    The i-th of them is the mean of the products of j out of n numbers of which i are 1
    and the others -1; so it lies in [-1, 1].

    Examples
    --------
    >>> power_to_bernstein(1)
    (array([[ 1, -1],
           [ 1,  1]]), 1)
    """
    common = math.lcm(*(math.comb(n, j) for j in range(n + 1)))
    matrix = [
        [
            sum(
                math.comb(i, s) * math.comb(n - i, j - s) * (-1) ** (j - s)
                for s in range(max(0, j - n + i), min(i, j) + 1)
            )
            * (common // math.comb(n, j))
            for j in range(n + 1)
        ]
        for i in range(n + 1)
    ]
    return integers(np.array(matrix, dtype=object)), common


@cache
def halving(n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return 2^n times the matrices of the lower and the upper half.

    Examples
    --------
    >>> halving(1)[0].tolist()
    [[2, 0], [1, 1]]
    """
    lower: NDArray[Any] = np.zeros((n + 1, n + 1), dtype=object)
    for i in range(n + 1):
        for j in range(i + 1):
            lower[i, j] = math.comb(i, j) << (n - i)
    return lower, lower[::-1, ::-1].copy()


def _apply(matrix: IntegerArray, tensor: IntegerArray, axis: int) -> IntegerArray:
    """Multiply a matrix along one axis of a tensor, exactly."""
    front = np.moveaxis(tensor, axis, 0)
    product = matmul(matrix, front.reshape(len(front), -1))
    return np.moveaxis(product.reshape(front.shape), 0, axis)
