"""Rational matrices: one integer array over one positive common denominator.

The type in which data, weights and factors travel. Fast where the numerators fit 64
bits, exact always.

Contents
--------
RationalMatrix      immutable matrix of rationals, shape (n, d)

Notes on the implementation
---------------------------
A common denominator suits measured data (decimals) and floats (dyadic rationals) alike
and leaves all arithmetic to `integer_arrays`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, final

import numpy as np
from numpy.typing import NDArray

from semialgebraic import integer_arrays
from semialgebraic.errors import InexactInputError, InvalidInputError
from semialgebraic.integer_arrays import IntegerArray


@final
@dataclass(frozen=True, slots=True, eq=False)
class RationalMatrix:
    """The matrix `numerators / denominator`, immutable.

    Parameters
    ----------
    numerators : integer array, shape (n, d)
        int64, or Python integers in an object array.
    denominator : int
        Positive.

    Examples
    --------
    >>> M = RationalMatrix.from_rows([["1/2", 3], [0, "-0.25"]])
    >>> M
    RationalMatrix([[1/2, 3], [0, -1/4]])
    >>> (M @ M)[0, 0]
    Fraction(1, 4)
    """

    numerators: IntegerArray
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerators.ndim != 2:
            raise InvalidInputError("a matrix has two axes; pass an (n, d) array.")
        if self.denominator <= 0:
            raise InvalidInputError("the denominator must be positive.")
        array = integer_arrays.integers(self.numerators)
        if array.flags.writeable:
            array = array.view()
            array.flags.writeable = False
        object.__setattr__(self, "numerators", array)

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[Any]]) -> Self:
        """Return the matrix of exact entries: int, Fraction, or text like ``-7/3``."""
        fractions = [[_exact(entry) for entry in row] for row in rows]
        return cls.from_fractions(fractions)

    @classmethod
    def from_fractions(cls, rows: Sequence[Sequence[Fraction]]) -> Self:
        """Return the matrix with these Fraction entries (rows of equal length)."""
        width = len(rows[0]) if rows else 0
        if any(len(row) != width for row in rows):
            raise InvalidInputError("the rows differ in length.")
        denominator = math.lcm(1, *{x.denominator for row in rows for x in row})
        array = np.empty((len(rows), width), dtype=object)
        for i, row in enumerate(rows):
            for j, x in enumerate(row):
                array[i, j] = x.numerator * (denominator // x.denominator)
        return cls(integer_arrays.integers(array), denominator)

    @classmethod
    def from_floats(cls, array: NDArray[np.float64]) -> Self:
        """Return the exact dyadic rationals that the finite floats are.

        Examples
        --------
        >>> RationalMatrix.from_floats(np.array([[0.5, 0.75]]))
        RationalMatrix([[1/2, 3/4]])
        """
        array = np.asarray(array, dtype=np.float64)
        if not np.isfinite(array).all():
            raise InvalidInputError("the array holds NaN or infinity.")
        mantissas, exponents = np.frexp(array)
        odd = (mantissas * 2.0**53).astype(np.int64)
        nonzero = odd != 0
        if not nonzero.any():
            return cls(np.zeros(array.shape, dtype=np.int64), 1)
        trailing = _trailing_zeros(odd)
        odd = odd >> trailing
        powers = np.where(nonzero, exponents.astype(np.int64) - 53 + trailing, 0)
        lowest = int(powers[nonzero].min())
        shift = np.where(nonzero, powers - lowest, 0)
        bits = np.frexp(np.abs(odd).astype(np.float64))[1] + shift
        if int(bits.max()) <= 61:
            numerators = odd << shift
        else:
            numerators = odd.astype(object) << shift.astype(object)
        if lowest >= 0:
            return cls(integer_arrays.multiply(numerators, 1 << lowest), 1)
        return cls(numerators, 1 << -lowest)

    @classmethod
    def rounded(cls, array: NDArray[np.float64], bits: int) -> Self:
        """Return the nearest matrix over the denominator 2^bits (bits may be negative).

        Examples
        --------
        >>> RationalMatrix.rounded(np.array([[0.3]]), 2)
        RationalMatrix([[1/4]])
        """
        scaled = np.rint(np.ldexp(np.asarray(array, dtype=np.float64), bits))
        if np.abs(scaled).max(initial=0.0) < 2.0**61:
            numerators = scaled.astype(np.int64)
        else:
            numerators = np.vectorize(int, otypes=[object])(scaled)
        if bits >= 0:
            return cls(numerators, 1 << bits)
        return cls(integer_arrays.multiply(numerators, 1 << -bits), 1)

    @classmethod
    def zeros(cls, n_rows: int, n_columns: int) -> Self:
        """Return the zero matrix."""
        return cls(np.zeros((n_rows, n_columns), dtype=np.int64), 1)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.numerators.shape[0], self.numerators.shape[1]

    @property
    def transpose(self) -> "RationalMatrix":
        """The transposed matrix."""
        return RationalMatrix(self.numerators.T, self.denominator)

    def __getitem__(self, index: tuple[int, int]) -> Fraction:
        return Fraction(int(self.numerators[index]), self.denominator)

    def __repr__(self) -> str:
        n, d = self.shape
        if n * d > 36:
            return f"RationalMatrix({n} x {d})"
        rows = [
            "[" + ", ".join(str(self[i, j]) for j in range(d)) + "]" for i in range(n)
        ]
        return "RationalMatrix([" + ", ".join(rows) + "])"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RationalMatrix):
            return NotImplemented
        if self.shape != other.shape:
            return False
        left = integer_arrays.multiply(self.numerators, other.denominator)
        right = integer_arrays.multiply(other.numerators, self.denominator)
        return bool((left == right).all())

    def __hash__(self) -> int:
        reduced = self.reduced()
        return hash((reduced.denominator, tuple(map(int, reduced.numerators.ravel()))))

    def reduced(self) -> "RationalMatrix":
        """Return the same matrix over the least common denominator."""
        divisor = self.denominator
        if divisor > 1 and self.numerators.size:
            divisor = math.gcd(divisor, int(np.gcd.reduce(self.numerators, axis=None)))
        if divisor == 1:
            return self
        if self.numerators.size == 0:
            return RationalMatrix(self.numerators, 1)
        numerators = self.numerators
        if divisor >= 1 << 62:  # beyond 64 bits; zeros stand over any number
            numerators = numerators.astype(object)
        return RationalMatrix(
            integer_arrays.narrow(numerators // divisor), self.denominator // divisor
        )

    def take(
        self, rows: Any = slice(None), columns: Any = slice(None)
    ) -> "RationalMatrix":
        """Return the submatrix of the given rows and columns (indices or slices)."""
        return RationalMatrix(self.numerators[rows][:, columns], self.denominator)

    def hadamard(self, other: "RationalMatrix") -> "RationalMatrix":
        """Return the entrywise product."""
        return RationalMatrix(
            integer_arrays.multiply(self.numerators, other.numerators),
            self.denominator * other.denominator,
        )

    def __matmul__(self, other: "RationalMatrix") -> "RationalMatrix":
        return RationalMatrix(
            integer_arrays.matmul(self.numerators, other.numerators),
            self.denominator * other.denominator,
        )

    def __add__(self, other: "RationalMatrix") -> "RationalMatrix":
        return self._combine(other, integer_arrays.add)

    def __sub__(self, other: "RationalMatrix") -> "RationalMatrix":
        return self._combine(other, integer_arrays.subtract)

    def _combine(self, other: "RationalMatrix", operation: Any) -> "RationalMatrix":
        """Return the sum or difference over the least common denominator."""
        denominator = math.lcm(self.denominator, other.denominator)
        left = integer_arrays.multiply(self.numerators, denominator // self.denominator)
        right = integer_arrays.multiply(
            other.numerators, denominator // other.denominator
        )
        return RationalMatrix(operation(left, right), denominator)

    def scaled(self, factor: Fraction | int) -> "RationalMatrix":
        """Return `factor` times the matrix."""
        factor = Fraction(factor)
        return RationalMatrix(
            integer_arrays.multiply(self.numerators, factor.numerator),
            self.denominator * factor.denominator,
        )

    def total(self) -> Fraction:
        """Return the sum of all entries."""
        return Fraction(integer_arrays.total(self.numerators), self.denominator)

    def to_float(self) -> NDArray[np.float64]:
        """Return the entries as floats, for searching (relative error below 2^-51)."""
        if self.numerators.dtype == np.int64 and self.denominator < 1 << 53:
            return self.numerators.astype(np.float64) / float(self.denominator)
        flat = [int(x) / self.denominator for x in self.numerators.ravel()]
        return np.array(flat, dtype=np.float64).reshape(self.shape)

    def fractions(self) -> list[list[Fraction]]:
        """Return the entries as nested lists of Fraction (small matrices)."""
        d = self.denominator
        return [[Fraction(int(x), d) for x in row] for row in self.numerators]


def _exact(entry: Any) -> Fraction:
    """Return the entry as a Fraction; floats are refused."""
    if isinstance(entry, str):
        from semialgebraic.rationals import parse_rational

        return parse_rational(entry)
    if isinstance(entry, float):
        raise InexactInputError(
            "a float stands among exact entries; write it as text or as a Fraction."
        )
    return Fraction(entry)


def _trailing_zeros(array: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of trailing zero bits of each nonzero entry, 0 for zeros."""
    lowest_bit = array & -array
    exponent: NDArray[np.int64] = np.frexp(lowest_bit.astype(np.float64))[1] - 1
    return np.where(array == 0, 0, exponent).astype(np.int64)
