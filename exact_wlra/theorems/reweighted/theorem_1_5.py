"""Theorem 1.5 of the reweighted paper: bits that are necessary.

Contents
--------
HiddenBits          bits in an instance of cost 0, and a matrix that Bob may have
STATEMENT           whoever has a finite factor has read srk bits

References
----------
[WoodruffYasuda2024]_, Definition 3.2 and Theorem 1.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, final

from exact_wlra.communication.games import play
from exact_wlra.communication.hard_instances import (
    HardInstance,
    direct_message,
    fano_bound,
    hard_instance,
    read_bits,
    read_direct,
)
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import enclosed, exact
from exact_wlra.theorems.reweighted.rational_solutions import squared_norm
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import generator
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/theorem-1.5"

_FINITE = Hypothesis(
    name="finite factor",
    text="||W o (C - X)|| <= kappa OPT_k^{1/2} for some finite kappa",
)

# All messages of the protocol are compared up to this many hidden bits.
_MOST_BITS = 6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenBits:
    """Bits to hide, and what Bob answers on the support of W.

    Parameters
    ----------
    bits : tuple of int
        srk zeros and ones.
    blocks, sparsity, rank : int
        r, s and k.
    n : int
        Size of the square mask; 0 leaves the zero columns out.
    answer : RationalMatrix or None
        Bob's X; None plays the game.
    """

    bits: tuple[int, ...]
    blocks: int
    sparsity: int
    rank: int
    n: int
    answer: RationalMatrix | None = None


def check(case: Case[HiddenBits]) -> tuple[Finding, ...]:
    """Build the instance, play, and read the bits off Bob's matrix.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    hard = _hard(value)
    W, C, completed = (
        RationalMatrix(part) for part in (hard.weights, hard.data, hard.completed)
    )
    game = play(hard.data, hard.weights, rank=value.rank, elsewhere=False)
    answer = value.answer
    if answer is None:
        answer = RationalMatrix.from_fractions(game.solution.entries())
    cost = squared_norm(W.hadamard(C - answer))
    unmet = () if cost == 0 else (_FINITE.name,)
    first = W.hadamard(rounded_best_approximation(C, value.blocks * value.rank))
    direct = direct_message(value.bits)
    claims: list[tuple[str, Any, str, Any]] = [
        ("rank A* <= k", rational_rank(completed), "<=", value.rank),
        (
            "||W o (C - A*)||^2 = 0, so OPT_k = 0",
            squared_norm(W.hadamard(C - completed)),
            "==",
            0,
        ),
        ("nonzeros of a column of C <= s", _sparsity(hard.data), "<=", value.sparsity),
        ("rank W = r", rational_rank(W), "==", value.blocks),
        ("Bob's cost in the game = 0", game.cost, "==", 0),
        ("Algorithm 1: ||C - W o X||^2 = 0", squared_norm(C - first), "==", 0),
        ("the direct message has srk bits", direct.n_bits, "==", hard.n_bits),
        (
            "bits of the direct message that are read wrong = 0",
            _wrong(value.bits, read_direct(direct.payload, hard.n_bits)),
            "==",
            0,
        ),
    ]
    found = [_compared(case, *claim) for claim in claims]
    read = read_bits(
        answer.fractions(),
        blocks=value.blocks,
        sparsity=value.sparsity,
        rank=value.rank,
    )
    wrong = "bits read wrong off Bob's X = 0"
    found.append(_compared(case, wrong, _wrong(value.bits, read), "==", 0, unmet))
    fano = Fraction(fano_bound(hard.n_bits))
    found.append(
        case.finding(
            KEY,
            "bits that suffice, srk >= (2/3) srk - h(1/3)",
            exact(direct.n_bits),
            ">=",
            enclosed(fano - Fraction(1, 10**9), fano + Fraction(1, 10**9)),
        )
    )
    if hard.n_bits <= _MOST_BITS and value.answer is None:
        found += _all_messages(case)
    return tuple(found)


def _all_messages(case: Case[HiddenBits]) -> list[Finding]:
    """Return that all inputs have different messages, one of them of srk bits."""
    payloads, longest = set(), 0
    for bits in product((0, 1), repeat=len(case.value.bits)):
        hard = _hard(case.value, bits)
        game = play(hard.data, hard.weights, rank=case.value.rank, elsewhere=False)
        payloads.add(game.sent.message.payload)
        longest = max(longest, game.n_bits)
    n_inputs = 2 ** len(case.value.bits)
    return [
        _compared(case, "messages that differ = 2^srk", len(payloads), "==", n_inputs),
        _compared(
            case, "longest message >= srk bits", longest, ">=", len(case.value.bits)
        ),
    ]


def _compared(  # noqa: PLR0917  (a comparison, read from left to right)
    case: Case[HiddenBits],
    claim: str,
    measured: Fraction | int,
    relation: Any,
    bound: Fraction | int,
    unmet: tuple[str, ...] = (),
) -> Finding:
    """Compare two exact numbers."""
    return case.finding(
        KEY, claim, exact(measured), relation, exact(bound), unmet=unmet
    )


def _hard(value: HiddenBits, bits: tuple[int, ...] | None = None) -> HardInstance:
    """Return the instance that hides the bits."""
    return hard_instance(
        value.bits if bits is None else bits,
        blocks=value.blocks,
        sparsity=value.sparsity,
        rank=value.rank,
        n=value.n or None,
    )


def _sparsity(matrix: Any) -> int:
    """Return the most nonzeros of a column."""
    return int((matrix != 0).sum(axis=0).max(initial=0))


def _wrong(bits: tuple[int, ...], read: list[int]) -> int:
    """Return how many bits differ."""
    return sum(a != b for a, b in zip(bits, read, strict=True))


def cases(seeds: int) -> Iterator[Case[HiddenBits]]:
    """Yield random bits, all inputs of a small shape, and a wrong answer."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for r, s, k, n in ((2, 3, 2, 0), (3, 4, 1, 15), (2, 2, 1, 0)):
            bits = tuple(int(x) for x in noise.integers(0, 2, r * s * k))
            yield Case(
                name=f"random-{r}-{s}-{k}-{n}-{seed}",
                kind="random",
                value=HiddenBits(bits=bits, blocks=r, sparsity=s, rank=k, n=n),
                seed=seed,
            )
    yield Case(
        name="ones",
        kind="structured",
        value=HiddenBits(bits=(1,) * 24, blocks=3, sparsity=4, rank=2, n=15),
    )
    yield Case(
        name="zero-matrix-for-an-answer",
        kind="violation",
        value=HiddenBits(
            bits=(1, 0, 1, 1),
            blocks=2,
            sparsity=2,
            rank=1,
            n=0,
            answer=RationalMatrix.zeros(4, 2),
        ),
    )


def repeated_matrix() -> tuple[Finding, ...]:
    """Return the printed input of Alice, r copies of A_pad: sr nonzeros in a column."""
    hard = hard_instance((1,) * 24, blocks=3, sparsity=4, rank=2, n=15)
    case: Case[Any] = Case(
        name="all ones, r = 3, s = 4", kind="adversarial", value=None
    )
    claim = "as printed: a column of A = [A_pad, ..., A_pad] has at most s nonzeros"
    return (_compared(case, claim, _sparsity(hard.completed), "<=", 4),)


def rank_of_zeros() -> tuple[Finding, ...]:
    """Return bits that are all zero: A_pad has rank 0."""
    hard = hard_instance((0,) * 8, blocks=2, sparsity=2, rank=2)
    rank = rational_rank(RationalMatrix(hard.completed))
    case: Case[Any] = Case(name="all zeros, k = 2", kind="adversarial", value=None)
    return (_compared(case, "as printed: A_pad has rank k", rank, "==", 2),)


STATEMENT = Statement(
    key=KEY,
    title="Theorem 1.5: bits that are necessary",
    source="[WoodruffYasuda2024]_, Theorem 1.5, with the construction repaired",
    text=(
        "W the mask of r diagonal blocks (rank W = r), s, k at most the sides of a "
        "block; srk bits fill the s x k corners of the blocks of C, which has at most "
        "s nonzeros in a column. A matrix A* of rank at most k equals C on the support "
        "of W: OPT_k = 0. If ||W o (C - X)|| <= kappa OPT_k^{1/2} with a finite kappa, "
        "X = C there, and the bits are read off X. So a protocol without error has "
        "2^{srk} different messages, one of at least srk bits; one that is right with "
        "probability 2/3 sends at least (2/3) srk - h(1/3) bits (Fano), "
        "h(1/3) = 0.918..."
    ),
    hypotheses=(_FINITE,),
    cases=cases,
    check=check,
    value_type=HiddenBits,
    errata=(
        Erratum(
            printed="Alice's A is the horizontal concatenation of r copies of A_pad.",
            wrong_because="Its columns have up to sr nonzeros, not s.",
            repaired="Give her C = W o A*, with OPT_k = 0 as before.",
            counterexample=repeated_matrix,
        ),
        Erratum(
            printed="A_pad has rank k.",
            wrong_because="Random bits may be dependent, even all zero.",
            repaired="Rank at most k.",
            counterexample=rank_of_zeros,
        ),
        Erratum(
            printed="The upper bound matches: the instance is square, d = n > s.",
            wrong_because=(
                "There the upper bound has a term rkn log(n) that the lower bound "
                "srk lacks."
            ),
            repaired=(
                "Leave the zero columns out, d = rk: for d <= s both are srk up to "
                "log(nd) / epsilon."
            ),
        ),
        Erratum(
            printed="'Standard information theoretic argument', Appendix B.",
            wrong_because="The appendix is not in the text that this project has.",
            repaired="Fano's inequality, as in the text above.",
        ),
    ),
    used_by=("exact_wlra.communication.hard_instances:hard_instance",),
    tests=("tests/exact_wlra/communication/test_hard_instances.py",),
)
