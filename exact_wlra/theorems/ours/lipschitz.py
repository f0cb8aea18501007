"""C0: the root of the optimum is 1-Lipschitz in the data.

Contents
--------
DataPair            two data matrices, squared weights, a rank
STATEMENT           |OPT(A)^1/2 - OPT(B)^1/2| <= ||A - B||_omega
root                square root of a number, enclosed
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import Quantity, enclosed
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/lipschitz"

_SAME = Hypothesis(name="same weights", text="A and B have the same weights")
_BITS = 80


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DataPair:
    """A with omega, B with omega', and k; the statement asks for omega' = omega."""

    A: RationalMatrix
    B: RationalMatrix
    first: RationalMatrix
    second: RationalMatrix
    rank: int


def check(case: Case[DataPair]) -> tuple[Finding, ...]:
    """Compare the difference of the roots with the weighted distance, enclosed."""
    value = case.value
    one, two = (
        root(optimum(Problem(data, squared_weights=weights, rank=value.rank)))
        for data, weights in ((value.A, value.first), (value.B, value.second))
    )
    difference = value.A - value.B
    square = value.first.hadamard(difference).hadamard(difference).total()
    if one.middle < two.middle:
        one, two = two, one
    return (
        case.finding(
            KEY,
            "|OPT(A)^1/2 - OPT(B)^1/2| <= ||A - B||_omega",
            enclosed(
                Fraction(one.low) - Fraction(two.high),
                Fraction(one.high) - Fraction(two.low),
            ),
            "<=",
            root(enclosed(square, square)),
            unmet=() if value.first == value.second else (_SAME.name,),
        ),
    )


def cases(seeds: int) -> Iterator[Case[DataPair]]:
    """Yield random data, a singular value that grows (equality), other weights."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (3, 4), -5, 5)
        nearby = data + integer_matrix(noise, (3, 4), -1, 1)
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=_pair(data, nearby, integer_matrix(noise, (3, 4), 1, 6)),
            seed=seed,
        )
    ones = np.ones((2, 2), dtype=np.int64)
    yield Case(
        name="second-singular-value-grows",
        kind="structured",
        value=_pair(np.diag([5, 1]), np.diag([5, 3]), ones),
    )
    yield Case(
        name="other-weights",
        kind="violation",
        value=_pair(np.diag([5, 1]), np.diag([5, 1]), ones, 4 * ones),
    )


def _pair(A: object, B: object, first: object, second: object = None) -> DataPair:
    """Return the value for arrays, at rank one."""
    arrays = (A, B, first, first if second is None else second)
    a, b, one, two = (RationalMatrix(np.asarray(x)) for x in arrays)
    return DataPair(A=a, B=b, first=one, second=two, rank=1)


def root(value: Quantity) -> Quantity:
    """Return the square root, enclosed to some bits, exact for squares of rationals."""
    return enclosed(_floor_root(Fraction(value.low)), _ceil_root(Fraction(value.high)))


def _floor_root(value: Fraction) -> Fraction:
    """Return the root rounded down, exact where it is rational."""
    p, q = value.numerator, value.denominator
    if isqrt(p) ** 2 == p and isqrt(q) ** 2 == q:
        return Fraction(isqrt(p), isqrt(q))
    return Fraction(isqrt((p << 2 * _BITS) // q), 1 << _BITS)


def _ceil_root(value: Fraction) -> Fraction:
    """Return the root rounded up, exact where it is rational."""
    below = _floor_root(value)
    return below if below**2 == value else below + Fraction(1, 1 << _BITS)


STATEMENT = Statement(
    key=KEY,
    title="C0: the root of OPT is 1-Lipschitz in the data",
    source="docs/proofs.md, C0",
    text=(
        "For data A, B and the same weights omega >= 0, |OPT(A)^1/2 - OPT(B)^1/2| <= "
        "||A - B||_omega, the root of sum omega (A - B)^2: OPT^1/2 is the distance to "
        "the matrices of rank at most k in this (semi)norm."
    ),
    hypotheses=(_SAME,),
    cases=cases,
    check=check,
    value_type=DataPair,
    used_by=("exact_wlra.driver:solve",),
    tests=("tests/exact_wlra/test_metamorphic.py",),
)
