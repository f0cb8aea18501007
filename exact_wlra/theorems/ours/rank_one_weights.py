"""C4: weights of rank one make a weighted singular value decomposition.

Contents
--------
STATEMENT           OPT = sum over i > k of sigma_i(D_p^1/2 A D_q^1/2)^2
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from exact_wlra.bounds.weighted_svd import prove_weighted_svd
from exact_wlra.checker import lower_bound
from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import enclosed
from exact_wlra.theorems.sampling import generator, weighted_problem
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from exact_wlra.theorems.weighted_tails import rank_one_pair, weighted_tail

KEY = "ours/rank-one-weights"

_RANK_ONE = Hypothesis(name="rank one", text="omega = p q^T > 0")
_GAP = Fraction(1, 10**12)


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Compare the tail with OPT and with the bracket of the weighted SVD.

    Where the weights have not rank one, p and q are their first column and row.
    """
    instance = case.value.instance
    omega = instance.squared_weights
    pair = rank_one_pair(omega)
    unmet = () if pair else (_RANK_ONE.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    if pair is None:
        first = omega[0, 0] or Fraction(1)
        pair = omega.take(columns=[0]).transpose, omega.take([0]).scaled(1 / first)
    tail = weighted_tail(instance.data, *pair, instance.rank)
    claim = "OPT = sum over i > k of sigma_i(D_p^1/2 A D_q^1/2)^2"
    findings = [say(claim, direct_optimum(instance), "==", tail)]
    if not unmet:
        proof, left, right = prove_weighted_svd(instance, _GAP)
        bracket = enclosed(lower_bound(instance, proof), instance.cost(left, right))
        findings.append(
            say("prove_weighted_svd encloses the tail", bracket, "==", tail)
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield weights of rank one, equal ones, and weights of rank two."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for shape, k in (((3, 4), 1), ((4, 5), 2)):
            yield Case(
                name=f"random-{shape[0]}x{shape[1]}-{seed}",
                kind="random",
                value=weighted_problem(noise, shape, k, weights="rank one"),
                seed=seed,
            )
    yield Case(
        name="equal-weights",
        kind="structured",
        value=Problem([[2, 1, 0], [1, 3, 1]], weights=[[1, 1, 1]] * 2, rank=1),
    )
    yield Case(
        name="no-squares",
        kind="structured",
        value=Problem([[2, 1], [1, 3]], squared_weights=[[2, 2], [3, 3]], rank=1),
    )
    yield Case(
        name="data-of-rank-one",
        kind="adversarial",
        value=Problem([[2, 4], [1, 2]], weights=[[1, 2], [3, 6]], rank=1),
    )
    yield Case(
        name="weights-of-rank-two",
        kind="violation",
        value=Problem([[2, 1], [1, 3]], weights=[[1, 1], [1, 4]], rank=1),
    )


STATEMENT = Statement(
    key=KEY,
    title="C4: weights of rank one",
    source="docs/proofs.md, C4",
    text=(
        "For omega = p q^T > 0, OPT is the tail sum over i > k of sigma_i(B)^2 of B = "
        "D_p^1/2 A D_q^1/2, attained by D_p^-1/2 B_k D_q^-1/2. With W of rank one, B = "
        "W o A."
    ),
    hypotheses=(_RANK_ONE,),
    cases=cases,
    check=check,
    value_type=Problem,
    used_by=("exact_wlra.bounds.weighted_svd:prove_weighted_svd",),
    tests=("tests/exact_wlra/test_weighted_svd.py",),
)
