r"""Bernstein coefficients in float64 with proved error bounds, many boxes at a time.

What `bernstein` computes in integers is computed here in floating point, together with
a bound on the error of every coefficient that holds in every rounding. A sign that
survives the bound is proved.

Contents
--------
LARGEST_DEGREE      the largest degree in one variable
boxes_at_once       how many tensors of a size fit the processor's cache
Rounded             coefficients of one polynomial on several boxes
rounded             the coefficients on one box
halve_rounded       those on the two halves of each box

Notation
--------
u = 2^-53 is the unit roundoff and gamma_k = k u / (1 - k u), as in [Higham2002]_: a
computed sum of k products of floats, in any order and fused or not, is the exact sum of
these products times factors 1 + theta, each with abs(theta) <= gamma_k.

Notes on the implementation
---------------------------
The power s^j has Bernstein coefficients in [-1, 1] on the centred box, so that the
conversion of sum_j a_j s^j has no error larger than about u sum_j abs(a_j) times the
number of operations: centring first, in integers, is what makes floats good enough.
Underflow adds at most 2^-1022 an operation, even if it is flushed to zero; as the
absolute values in a row of the matrices used here sum to at most n + 1, less than
2^-900 of it reaches a result, which every bound includes. Above that, differences of
floats do not underflow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Self, final

import numpy as np
from flint import fmpz_mpoly
from numpy.typing import NDArray

from semialgebraic.bernstein import (
    centred,
    halving,
    power_to_bernstein,
    tensor_shape,
)
from semialgebraic.errors import InvalidInputError

# C(56, 28) < 2^53 < C(57, 28): up to here binomials are floats.
LARGEST_DEGREE = 56
_CACHED = 1 << 18
_MOST_AT_ONCE = 1 << 7
_UNIT = 2.0**-53
_UNDERFLOW = 2.0**-900
# Covers the rounding of the few operations in which an error bound is computed.
_UPWARD = 1 + 2.0**-48

FloatArray = NDArray[np.float64]


def boxes_at_once(size: int) -> int:
    """Return how many tensors of a size are worth halving together.

    Fewer cost more calls, more leave the cache.

    Examples
    --------
    >>> boxes_at_once(1 << 30)
    1
    """
    return min(max(1, _CACHED // max(size, 1)), _MOST_AT_ONCE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """Bernstein coefficients of one polynomial on several boxes, in float64.

    Parameters
    ----------
    values : float array of shape (boxes, n_1 + 1, ..., n_v + 1)
        The coefficients of each box, times a positive number.
    errors : float array of shape (boxes,)
        No coefficient differs by more from the true one (times that number).
    lowest, highest : float arrays of shape (boxes,)
        Smallest and largest value of each box.
    """

    values: FloatArray
    errors: FloatArray
    lowest: FloatArray
    highest: FloatArray

    @classmethod
    def of(cls, values: FloatArray, errors: FloatArray) -> Self:
        """Return the coefficients with their extreme values."""
        flat = values.reshape(len(values), -1)
        return cls(
            values=values,
            errors=errors,
            lowest=flat.min(axis=1),
            highest=flat.max(axis=1),
        )

    def __len__(self) -> int:
        return len(self.values)

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return for each box a lower and an upper bound on all true coefficients.

        Each is the difference of two floats and so has the right sign, which is what
        counts; its magnitude is rounded.
        """
        return self.lowest - self.errors, self.highest + self.errors

    @classmethod
    def joined(cls, parts: Sequence["Rounded"]) -> Self:
        """Return the coefficients on the boxes of all parts."""
        return cls(
            values=np.concatenate([part.values for part in parts]),
            errors=np.concatenate([part.errors for part in parts]),
            lowest=np.concatenate([part.lowest for part in parts]),
            highest=np.concatenate([part.highest for part in parts]),
        )

    def take(self, boxes: NDArray[Any] | slice) -> "Rounded":
        """Return the coefficients on some of the boxes: indices, a mask or a slice.

        Nothing is copied for a slice, or a mask that takes all of them.
        """
        if not isinstance(boxes, slice) and boxes.dtype == bool and boxes.all():
            return self
        return Rounded(
            values=self.values[boxes],
            errors=self.errors[boxes],
            lowest=self.lowest[boxes],
            highest=self.highest[boxes],
        )

    def replace(self, box: int, other: "Rounded") -> None:
        """Put the coefficients of the only box of `other` in the place of a box.

        This changes the arrays in place, and what shares them.
        """
        self.values[box], self.errors[box] = other.values[0], other.errors[0]
        self.lowest[box], self.highest[box] = other.lowest[0], other.highest[0]


def rounded(
    p: fmpz_mpoly, low: Sequence[Fraction], high: Sequence[Fraction]
) -> Rounded:
    """Return the Bernstein coefficients on one box in float64, with an error bound.

    They are scaled by a power of two so that none exceeds 1 in absolute value (up to
    rounding), whatever the size of p.

    Raises
    ------
    InvalidInputError
        If a degree exceeds `LARGEST_DEGREE`.

    Notes
    -----
    **Error.** Let sum_j a_j s^j be the centred polynomial, divided by a power of two so
    that S = sum_j abs(a_j) <= 1. Each a_j and each entry of the conversion matrices is
    rounded to nearest, and the product along axis i sums n_i + 1 products. So a
    computed coefficient is sum_j a_j M_j (1 + theta_j) with abs(M_j) <= 1 and
    abs(theta_j) <= gamma_K, K = 1 + sum_i (n_i + 2), and its error is at most
    gamma_K S <= 2 K u, as K u <= 1/2.

    **Cost.** One float64 matrix product for each variable.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> enclosure = rounded(x**2 - 2, [Fraction(0)], [Fraction(1)])
    >>> bool(enclosure.bounds()[1][0] < 0)
    True
    """
    shape = tensor_shape(p)
    if max(shape) - 1 > LARGEST_DEGREE:
        raise InvalidInputError(
            f"degree {max(shape) - 1} in one variable is too large for rounded "
            f"arithmetic, which takes {LARGEST_DEGREE}; use rational arithmetic."
        )
    terms, _ = centred(p, low, high)
    scale = 1 << sum(abs(a) for a in terms.values()).bit_length()
    values = np.zeros(shape)
    if terms:
        # Division of integers is correctly rounded by Python, whatever their size.
        values[tuple(np.array(list(terms)).T)] = [a / scale for a in terms.values()]
    for axis, length in enumerate(shape):
        matrix, common = power_to_bernstein(length - 1)
        floats = np.array([[int(a) / common for a in row] for row in matrix])
        values = _apply_floats(floats, values[None], axis + 1)[0]
    error = 2 * (1 + sum(n + 1 for n in shape)) * _UNIT + _UNDERFLOW
    return Rounded.of(values[None], np.array([error]))


def halve_rounded(b: Rounded, axis: int) -> Rounded:
    """Return the coefficients on the lower halves of all boxes, then on the upper ones.

    Parameters
    ----------
    b : Rounded
    axis : int
        The variable whose interval is cut in the middle.

    Notes
    -----
    **Error.** A coefficient on a half is sum_j t_j b_j with dyadic t_j >= 0, which are
    floats, and sum_j t_j = 1. If b' are the computed coefficients, off by at most e,
    and M is the largest abs(b'_j), then the computed sum of n + 1 products is off by
    at most gamma_(n+1) M + e. That is one step; e after L halvings of degree n is at
    most the first error plus L gamma_(n+1) times the largest M on the way, which only
    shrinks (up to rounding) from a box to its halves.

    **Cost.** 2 (n + 1) multiplications and additions a coefficient.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> halves = halve_rounded(rounded(x, [Fraction(0)], [Fraction(1)]), 0)
    >>> halves.values.tolist()
    [[0.0, 0.25], [0.25, 0.5]]
    """
    length = b.values.shape[axis + 1]
    largest = np.maximum(np.abs(b.lowest), np.abs(b.highest))
    step = 2 * (length + 1) * _UNIT * largest + _UNDERFLOW
    errors = (b.errors + step) * _UPWARD
    values = np.empty((2, *b.values.shape))
    for half, matrix in enumerate(_halving_floats(length - 1)):
        _apply_floats(matrix, b.values, axis + 1, out=values[half])
    joined = values.reshape(2 * len(b), *b.values.shape[1:])
    return Rounded.of(joined, np.concatenate([errors, errors]))


@cache
def _halving_floats(n: int) -> tuple[FloatArray, FloatArray]:
    """Return the matrices of the halves, floats without rounding."""
    lower, upper = (
        np.array([[int(a) / (1 << n) for a in row] for row in half])
        for half in halving(n)
    )
    return lower, upper


def _apply_floats(
    matrix: FloatArray, tensor: FloatArray, axis: int, out: FloatArray | None = None
) -> FloatArray:
    """Multiply a matrix along one axis (not the first) of a contiguous tensor."""
    if out is None:
        out = np.empty_like(tensor)
    length = tensor.shape[axis]
    after = math.prod(tensor.shape[axis + 1 :])
    if after == 1:
        np.matmul(tensor.reshape(-1, length), matrix.T, out=out.reshape(-1, length))
    else:
        np.matmul(
            matrix,
            tensor.reshape(-1, length, after),
            out=out.reshape(-1, length, after),
        )
    return out
