"""C0: the optimum as a function of the weights.

Contents
--------
WeightPair          data, two matrices of squared weights, a rank
STATEMENT           superadditive, homogeneous, monotone, hence concave
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import Quantity, enclosed
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/concavity"

_NONNEGATIVE = Hypothesis(
    name="nonnegative weights", text="both omega and omega' are non-negative"
)
_FACTOR = Fraction(7, 3)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPair:
    """A, omega and omega' of one shape, and k.

    The sum omega + omega' is non-negative, even where a hypothesis is violated.
    """

    data: RationalMatrix
    first: RationalMatrix
    second: RationalMatrix
    rank: int

    def optimum(self, squared_weights: RationalMatrix) -> Quantity:
        """Return OPT for these data and the given weights."""
        return optimum(
            Problem(self.data, squared_weights=squared_weights, rank=self.rank)
        )


def check(case: Case[WeightPair]) -> tuple[Finding, ...]:
    """Compare OPT of the sum with the sum of OPT, and with that of one of them."""
    value = case.value
    say = partial(case.finding, KEY)
    first, together = (
        value.optimum(weights) for weights in (value.first, value.first + value.second)
    )
    claim = "OPT(omega + omega') >= OPT(omega)"
    if (value.second.numerators < 0).any():
        return (say(claim, together, ">=", first, unmet=(_NONNEGATIVE.name,)),)
    second = value.optimum(value.second)
    scaled = value.optimum(value.first.scaled(_FACTOR))
    sum_of_both = enclosed(
        Fraction(first.low) + Fraction(second.low),
        Fraction(first.high) + Fraction(second.high),
    )
    return (
        say(claim, together, ">=", first),
        say(
            "OPT(omega + omega') >= OPT(omega) + OPT(omega')",
            together,
            ">=",
            sum_of_both,
        ),
        say(
            f"OPT({_FACTOR} omega) = {_FACTOR} OPT(omega)",
            scaled,
            "==",
            first.times(_FACTOR),
        ),
    )


def cases(seeds: int) -> Iterator[Case[WeightPair]]:
    """Yield random weights, proportional ones (equality), disjoint supports."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        (n, d), least = ((2, 4), 0) if seed % 2 else ((3, 4), 1)
        parts = (
            RationalMatrix(integer_matrix(noise, (n, d), low, high))
            for low, high in ((-5, 5), (least, 6), (least, 6))
        )
        yield Case(
            name=f"random-{n}x{d}-{seed}",
            kind="random",
            value=_pair(*parts, rank=1),
            seed=seed,
        )
    data, first = RationalMatrix.from_rows([[1, 2, 0], [3, -1, 4]]), [[1, 2, 3]] * 2
    weights = RationalMatrix.from_rows(first)
    yield Case(
        name="proportional",
        kind="structured",
        value=_pair(data, weights, weights.scaled(2), rank=1),
    )
    diagonal = RationalMatrix.from_rows([[1, 0, 1], [0, 1, 1]])
    yield Case(
        name="each-alone-costs-nothing",
        kind="adversarial",
        value=_pair(
            data, diagonal, RationalMatrix.from_rows([[1, 1, 1]] * 2) - diagonal, rank=1
        ),
    )
    less = RationalMatrix.from_rows([[0, 0, 0], [0, "-3/2", -2]])
    yield Case(
        name="negative-difference",
        kind="violation",
        value=_pair(data, weights, less, rank=1),
    )


def _pair(
    data: RationalMatrix, first: RationalMatrix, second: RationalMatrix, *, rank: int
) -> WeightPair:
    """Return the value."""
    return WeightPair(data=data, first=first, second=second, rank=rank)


STATEMENT = Statement(
    key=KEY,
    title="C0: OPT is concave, homogeneous and monotone in the squared weights",
    source="docs/proofs.md, C0",
    text=(
        "For omega, omega' >= 0 and c >= 0: OPT(omega + omega') >= OPT(omega) + "
        "OPT(omega') >= OPT(omega) and OPT(c omega) = c OPT(omega); so OPT is concave. "
        "It is an infimum of linear functions of omega."
    ),
    hypotheses=(_NONNEGATIVE,),
    cases=cases,
    check=check,
    value_type=WeightPair,
    used_by=("exact_wlra.checker.spectral:split_bound",),
    tests=("tests/exact_wlra/test_splitting.py",),
)
