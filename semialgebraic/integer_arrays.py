"""Exact integer arithmetic on NumPy arrays.

An *integer array* is a NumPy array of dtype int64, or of dtype object holding Python
integers when 64 bits do not suffice. Every function here takes and returns such arrays
and is exact: the dtype is chosen from proved bounds on the result, never from luck.
The matrix product runs at the speed of floating-point BLAS: the factors are cut into
slices so short that every float64 product and sum is exact.

Contents
--------
integers        any array of integers as an integer array
magnitude       largest absolute value
add, subtract, multiply     elementwise, with broadcasting
matmul          exact matrix product
total           exact sum of all entries
narrow          int64 if the values fit

Notes on the implementation
---------------------------
A sum of p products of integers below 2^s is exact in float64, in any order of
summation and with or without fused operations, when 2s + log2(p) <= 53
[OzakiOgitaOishiRump2012]_.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from semialgebraic.errors import InexactInputError

IntegerArray = NDArray[Any]

_INT64_LIMIT = 1 << 62
_MANTISSA = 53
# Products of slices above which FLINT multiplies integers as they are.
_MOST_SLICES = 200


def integers(values: Any) -> IntegerArray:
    """Return `values` as an integer array.

    Examples
    --------
    >>> integers([[1, 2], [3, 4]]).dtype
    dtype('int64')
    >>> integers([10**30]).dtype
    dtype('O')
    """
    array = np.asarray(values)
    if array.dtype == np.int64:
        return array
    if array.dtype.kind in "iub":
        if array.dtype == np.uint64:
            return narrow(array.astype(object))
        return array.astype(np.int64)
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype != object:
        raise InexactInputError(
            f"an array of dtype {array.dtype} is not exact; pass integers."
        )
    return narrow(array)


def narrow(array: IntegerArray) -> IntegerArray:
    """Return the same values as int64 when they fit, else as Python integers."""
    if array.dtype == np.int64:
        return array
    if magnitude(array) < _INT64_LIMIT:
        return array.astype(np.int64)
    return array


def magnitude(array: IntegerArray) -> int:
    """Return the largest absolute value, 0 for an empty array.

    Examples
    --------
    >>> magnitude(integers([3, -5]))
    5
    """
    if array.size == 0:
        return 0
    return max(abs(int(array.max())), abs(int(array.min())))


def add(left: IntegerArray, right: IntegerArray) -> IntegerArray:
    """Return the elementwise sum, exactly.

    Examples
    --------
    >>> int(add(integers([2**62 - 1]), integers([2**62 - 1]))[0]) == 2**63 - 2
    True
    """
    dtype = _sum_dtype(left, right)
    result: IntegerArray = left.astype(dtype) + right.astype(dtype)
    return result


def subtract(left: IntegerArray, right: IntegerArray) -> IntegerArray:
    """Return the elementwise difference, exactly."""
    dtype = _sum_dtype(left, right)
    result: IntegerArray = left.astype(dtype) - right.astype(dtype)
    return result


def multiply(left: IntegerArray, right: IntegerArray | int) -> IntegerArray:
    """Return the elementwise product, exactly.

    Examples
    --------
    >>> multiply(integers([2**40]), 2**40)[0] == 2**80
    True
    >>> multiply(integers([0]), 2**80).tolist()
    [0]
    """
    if isinstance(right, int):
        right = integers(np.array(right, dtype=object))
    sizes = magnitude(left), magnitude(right)
    # A factor may be huge where the other is zero, hence the test of both.
    if max(*sizes, sizes[0] * sizes[1]) < _INT64_LIMIT:
        return left.astype(np.int64) * right.astype(np.int64)
    return narrow(left.astype(object) * right.astype(object))


def _sum_dtype(left: IntegerArray, right: IntegerArray) -> Any:
    """Return the dtype that holds sums and differences of two arrays."""
    fits = magnitude(left) + magnitude(right) < _INT64_LIMIT
    return np.int64 if fits else object


def total(array: IntegerArray) -> int:
    """Return the exact sum of all entries.

    Examples
    --------
    >>> total(integers([2**62 - 1] * 4)) == 4 * (2**62 - 1)
    True
    """
    if array.size == 0:
        return 0
    if magnitude(array) * array.size < _INT64_LIMIT:
        return int(array.sum(dtype=np.int64))
    if array.dtype == np.int64:
        low = array & np.int64(0x7FFFFFFF)
        high = array >> np.int64(31)
        return (total(high) << 31) + total(low)
    return int(sum(array.ravel().tolist()))


def matmul(left: IntegerArray, right: IntegerArray) -> IntegerArray:
    """Return the matrix product of an (m, p) and a (p, q) integer array, exactly.

    Notes
    -----
    **Cost.** One float64 matrix product when the result fits 53 bits, otherwise one for
    each pair of slices; a product of long integers is left to FLINT.

    Examples
    --------
    >>> matmul(integers([[2**40, 1]]), integers([[2**40], [1]]))[0, 0] == 2**80 + 1
    True
    """
    inner = left.shape[1]
    sizes = magnitude(left), magnitude(right)
    bound = sizes[0] * sizes[1] * max(inner, 1)
    if 0 in sizes:
        return np.zeros((left.shape[0], right.shape[1]), dtype=np.int64)
    if bound < 1 << _MANTISSA:
        product = left.astype(np.float64) @ right.astype(np.float64)
        return product.astype(np.int64)
    if inner == 1:
        return multiply(left, right)
    width = (_MANTISSA - max(inner - 1, 1).bit_length()) // 2
    if sizes[0].bit_length() * sizes[1].bit_length() > _MOST_SLICES * width**2:
        return _product_of_long_integers(left, right)
    left_slices = _slices(left, width)
    right_slices = _slices(right, width)
    n_levels = len(left_slices) + len(right_slices) - 1
    # A product is below 2^53, so that fewer than 2^9 of them stay below 2^62.
    most_terms = min(len(left_slices), len(right_slices))
    sum_dtype = np.int64 if most_terms < 1 << 9 else object
    levels: list[IntegerArray] = []
    for level in range(n_levels):
        terms = [
            (left_slices[i] @ right_slices[level - i])
            .astype(np.int64)
            .astype(sum_dtype)
            for i in range(len(left_slices))
            if 0 <= level - i < len(right_slices)
        ]
        levels.append(sum(terms[1:], start=terms[0]))
    if bound < _INT64_LIMIT:
        result = levels[-1]
        for part in reversed(levels[:-1]):
            result = (result << width) + part
        return result
    result = levels[-1].astype(object)
    for part in reversed(levels[:-1]):
        result = (result << width) + part.astype(object)
    return result


def _product_of_long_integers(left: IntegerArray, right: IntegerArray) -> IntegerArray:
    """Return the matrix product by FLINT."""
    from flint import fmpz_mat

    one, two = (
        fmpz_mat(len(array), array.shape[1], [int(x) for x in array.ravel()])
        for array in (left, right)
    )
    product = np.empty(left.shape[0] * right.shape[1], dtype=object)
    product[:] = [int(x) for x in (one * two).entries()]
    return narrow(product.reshape(left.shape[0], right.shape[1]))


def _slices(array: IntegerArray, width: int) -> list[NDArray[np.float64]]:
    """Return float64 arrays D_k of digits below 2^width with sum_k D_k 2^(k width)."""
    n_slices = max(1, -(-magnitude(array).bit_length() // width))
    if n_slices == 1:
        return [array.astype(np.float64)]
    if magnitude(array) > _INT64_LIMIT:  # -2^63 has no negative among 64-bit integers
        array = array.astype(object)
    mask = (1 << width) - 1
    negative = array < 0
    rest = np.where(negative, -array, array)
    slices = []
    for _ in range(n_slices):
        digit = (rest & mask).astype(np.float64)
        np.negative(digit, out=digit, where=negative.astype(bool))
        slices.append(digit)
        rest = rest >> width
    return slices
