"""C6: parts that no entry of weight links decouple, each with the same rank.

Contents
--------
Partition           a problem, and the part of each row and each column
STATEMENT           OPT is the sum over the parts
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import enclosed, exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.instances import Instance
from reductions.support_graph import components

KEY = "ours/components"

_UNLINKED = Hypothesis(
    name="no link",
    text="no entry of positive weight lies in a row and a column of different parts",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A problem; rows and columns with equal numbers form a part."""

    problem: Problem
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def parts(self) -> list[Instance]:
        """Return the instance of each part, all with the rank of the problem."""
        instance = self.problem.instance
        return [
            instance.restrict(
                np.flatnonzero(np.array(self.rows) == number),
                np.flatnonzero(np.array(self.columns) == number),
            )
            for number in sorted({*self.rows} & {*self.columns})
        ]

    def is_linked(self) -> bool:
        """Tell whether an entry of weight lies between two parts."""
        between = np.not_equal.outer(np.array(self.rows), np.array(self.columns))
        return bool((self.problem.instance.support() & between).any())


def check(case: Case[Partition]) -> tuple[Finding, ...]:
    """Compare OPT of the whole, unreduced, with the sum over the parts."""
    value, instance = case.value, case.value.problem.instance
    unmet = (_UNLINKED.name,) if value.is_linked() else ()
    say = partial(case.finding, KEY, unmet=unmet)
    optima = [direct_optimum(part) for part in value.parts()]
    total = enclosed(
        sum((Fraction(x.low) for x in optima), Fraction(0)),
        sum((Fraction(x.high) for x in optima), Fraction(0)),
    )
    findings = [
        say("OPT = sum of OPT of the parts", direct_optimum(instance), "==", total)
    ]
    if not unmet:
        n_found = len(components(instance.support()))
        findings.append(
            say(
                "components finds at least these parts",
                exact(n_found),
                ">=",
                exact(len(value.parts())),
            )
        )
    attained = [is_attained(part) for part in value.parts()]
    whole = solve(value.problem).attained
    if not unmet and whole is not None and None not in attained:
        findings.append(
            say("attained iff each part is", truth(whole), "==", truth(all(attained)))
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Partition]]:
    """Yield two parts in any order, one not attained, parts that are linked."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        rows, columns = (
            tuple(map(int, noise.permutation([0, 0, 1, 1]))) for _ in range(2)
        )
        weights = integer_matrix(noise, (4, 4), 1, 6)
        weights = weights * np.equal.outer(rows, columns)
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=_partition(
                integer_matrix(noise, (4, 4), -5, 5), weights, rows, columns
            ),
            seed=seed,
        )
    corner = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    data = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 2], [0, 0, 2, 4]]
    yield Case(
        name="one-part-not-attained",
        kind="adversarial",
        value=_partition(data, corner, (0, 0, 1, 1), (0, 0, 1, 1)),
    )
    linked = np.kron(np.eye(2, dtype=int), np.ones((2, 2), dtype=int))
    linked[0, 2:], linked[2, :2] = 3, 2
    yield Case(
        name="linked",
        kind="violation",
        value=_partition(
            [[1, 2, 5, -3], [2, 3, 0, 0], [4, -2, 1, 1], [0, 0, 1, 2]],
            linked,
            (0, 0, 1, 1),
            (0, 0, 1, 1),
        ),
    )


def _partition(
    data: object, weights: object, rows: tuple[int, ...], columns: tuple[int, ...]
) -> Partition:
    """Return the value at rank one."""
    problem = Problem(data, squared_weights=weights, rank=1)
    return Partition(problem=problem, rows=rows, columns=columns)


STATEMENT = Statement(
    key=KEY,
    title="C6: components of the support graph decouple, each with the same rank",
    source="docs/proofs.md, C6",
    text=(
        "Let rows and columns be sorted into parts such that no entry of positive "
        "weight lies between two of them. Then OPT_k is the sum of OPT_k over the "
        "parts, each with the same k, and it is attained if and only if each of them "
        "is."
    ),
    hypotheses=(_UNLINKED,),
    cases=cases,
    check=check,
    value_type=Partition,
    used_by=("reductions.support_graph:components",),
    tests=("tests/reductions/test_support_graph.py",),
)
