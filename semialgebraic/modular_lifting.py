"""Rational vectors from their images modulo primes.

Arithmetic modulo a polynomial over Q makes numbers explode on the way to a small
result. Modulo primes nothing grows; the result is put together by the Chinese remainder
theorem and rational reconstruction.

Contents
--------
rational_candidates     ever more certain guesses of a rational vector

Notes on the implementation
---------------------------
A candidate is a guess: whoever asks verifies it exactly, and takes the next one if it
is wrong.

References
----------
[WangGuyDavenport1982]_
"""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from flint import fmpz

_FIRST = (1 << 62) - 57


def rational_candidates(
    image: Callable[[int], Sequence[int] | None],
) -> Iterator[list[Fraction]]:
    """Yield rational vectors that agree with the images modulo more and more primes.

    Parameters
    ----------
    image : callable
        Gets a prime p and returns the vector modulo p, always of one length, or None if
        p is unsuitable.

    Yields
    ------
    list of Fraction
        After 1, 2, 4, 8, ... primes, whenever there is a vector with numerators and
        denominators below the square root of half the product of the primes.

    Examples
    --------
    >>> def image(p):
    ...     return [pow(3, -1, p) * 22 % p, p - 5]
    >>> next(rational_candidates(image))
    [Fraction(22, 3), Fraction(-5, 1)]
    """
    modulus, residues, due, used = 1, None, 1, 0
    for prime in _primes():
        found = image(prime)
        if found is None:
            continue
        if residues is None:
            residues = [0] * len(found)
        inverse = pow(modulus, -1, prime)
        residues = [
            r + modulus * ((v - r) * inverse % prime)
            for r, v in zip(residues, found, strict=True)
        ]
        modulus *= prime
        used += 1
        if used == due:
            due *= 2
            candidate = _reconstructed(residues, modulus)
            if candidate is not None:
                yield candidate


def _primes() -> Iterator[int]:
    """Yield primes of 62 bits in descending order."""
    n = _FIRST
    while True:
        if fmpz(n).is_prime():
            yield n
        n -= 2


def _reconstructed(residues: Sequence[int], modulus: int) -> list[Fraction] | None:
    """Return fractions with small terms, of one small common denominator."""
    bound = math.isqrt(modulus // 2)
    common, values = 1, []
    for residue in residues:
        # The denominators so far are likely those of the next number too.
        scaled = _reconstruct(residue * common % modulus, modulus, bound)
        if scaled is None:
            return None
        value = scaled / common
        common = math.lcm(common, value.denominator)
        if common > bound:
            return None
        values.append(value)
    return values


def _reconstruct(residue: int, modulus: int, bound: int) -> Fraction | None:
    """Return a/b = residue modulo the modulus with |a|, b at most the bound."""
    if residue <= bound:
        return Fraction(residue)
    if modulus - residue <= bound:
        return Fraction(residue - modulus)
    r0, r1, t0, t1 = modulus, residue, 0, 1
    while r1 > bound:
        quotient = r0 // r1
        r0, r1 = r1, r0 - quotient * r1
        t0, t1 = t1, t0 - quotient * t1
    if t1 == 0 or abs(t1) > bound or math.gcd(t1, modulus) != 1:
        return None
    return Fraction(r1, t1)
