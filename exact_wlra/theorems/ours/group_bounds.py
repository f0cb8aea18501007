"""C9: classes of rows of equal weights, against Theorem 1.2 of the reweighted paper.

Contents
--------
STATEMENT           ||(W o A)_{-rk}||^2 <= sum of the tails of the classes <= OPT
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import enclosed, exact
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.patterns import ray_classes
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/group-bounds"

_FEW_CLASSES = Hypothesis(
    name="r classes",
    text="W >= 0 is given and has no more classes of proportional rows than its rank r",
)
# How much more a rounded best approximation may cost.
_ROUNDED = Fraction(1, 10**6)


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Compare both bounds with each other and with OPT; build the bicriteria matrix."""
    problem, root = case.value, case.value.root_weights
    say = partial(case.finding, KEY)
    if root is None or problem.is_patterned:
        nothing = exact(0)
        name = _FEW_CLASSES.name
        return (say("W given", nothing, "==", nothing, unmet=(name,), note="give W"),)
    labels, first, _ = ray_classes(root.numerators)
    r, k = rational_rank(root), problem.rank
    unmet = () if len(first) <= r else (_FEW_CLASSES.name,)
    product = root.hadamard(problem.data)
    groups = [np.flatnonzero(labels == g) for g in range(len(first))]
    tails = [singular_tail(product.take(rows), k) for rows in groups]
    total = enclosed(
        sum((Fraction(x.low) for x in tails), Fraction(0)),
        sum((Fraction(x.high) for x in tails), Fraction(0)),
    )
    best = optimum(problem)
    theirs = singular_tail(product, r * k)
    findings = [
        say("sum of the tails of the classes <= OPT", total, "<=", best),
        say(
            "||(W o A)_{-rk}||^2 <= sum of the tails of the classes",
            theirs,
            "<=",
            total,
            unmet=unmet,
        ),
    ]
    if (root.numerators > 0).all():
        fitted = _stacked_fits(root, problem, groups)
        difference = root.hadamard(problem.data - fitted)
        cost = difference.hadamard(difference).total()
        findings += [
            say(
                "rank of the best fits of the classes <= r k",
                exact(rational_rank(fitted)),
                "<=",
                exact(r * k),
                unmet=unmet,
            ),
            say(
                "their cost = sum of the tails (rounded)",
                exact(cost),
                "<=",
                total.times(1 + _ROUNDED),
            ),
        ]
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield two classes of rows, one (equality), and more classes than the rank."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        weights = integer_matrix(noise, (2, 6), 1, 5)[[0, 0, 0, 1, 1, 1]]
        yield Case(
            name=f"two-classes-{seed}",
            kind="random",
            value=Problem(
                integer_matrix(noise, (6, 6), -5, 5), weights=weights, rank=1
            ),
            seed=seed,
        )
    yield Case(
        name="one-class",
        kind="structured",
        value=Problem([[2, 1, 0], [1, 3, 1]], weights=[[1, 2, 3], [2, 4, 6]], rank=1),
    )
    yield Case(
        name="block-mask",
        kind="adversarial",
        value=Problem(
            [[2, 1, 0, 0], [1, 3, 0, 0], [0, 0, 1, 4], [0, 0, 2, 1]],
            weights=np.kron(np.eye(2, dtype=int), np.ones((2, 2), dtype=int)),
            rank=1,
        ),
    )
    # Every row is its own class and is fitted exactly, although the rank of W is two.
    yield Case(
        name="rank-two-with-four-classes",
        kind="violation",
        value=Problem(
            np.diag([3, 2, 4, 5]),
            weights=[[1, 1, 1, 2], [1, 2, 3, 1], [2, 3, 4, 3], [3, 4, 5, 5]],
            rank=1,
        ),
    )


def _stacked_fits(
    root: RationalMatrix, problem: Problem, groups: list[np.ndarray]
) -> RationalMatrix:
    """Return X whose rows in each class are a rounded best fit of rank k."""
    rows: list[list[Fraction]] = [[] for _ in range(root.shape[0])]
    for members in groups:
        product = root.take(members).hadamard(problem.data.take(members))
        fit = rounded_best_approximation(product, problem.rank).fractions()
        for i, line in zip(members, fit, strict=True):
            weights = root.take([i]).fractions()[0]
            rows[i] = [x / w for x, w in zip(line, weights, strict=True)]
    return RationalMatrix.from_fractions(rows)


STATEMENT = Statement(
    key=KEY,
    title="C9: bounds of classes dominate Theorem 1.2, and a bicriteria solution",
    source="docs/proofs.md, C9 and Woodruff-Yasuda",
    text=(
        "The tails of W o A, restricted to the classes of proportional rows of W, add "
        "up to at most OPT. If there are no more classes than r = rank W, they add up "
        "to at least ||(W o A)_{-rk}||_F^2, the bound of Theorem 1.2; and for W > 0 "
        "the best fits of the classes form one matrix of rank at most rk that costs at "
        "most OPT_k."
    ),
    hypotheses=(_FEW_CLASSES,),
    cases=cases,
    check=check,
    value_type=Problem,
    used_by=(
        "exact_wlra.bounds.weight_splits:class_split",
        "exact_wlra.bounds.splitting:prove_hadamard_rank",
    ),
    tests=("tests/exact_wlra/test_splitting.py",),
)
