"""Oracles agree on small random systems: a contradiction raises with its reproducer.

Bounded variables, one or two; degree at most four; all relations. The systems are drawn
from fixed seeds, so that a run repeats.
"""

import random
from collections import Counter
from itertools import combinations

import pytest

from semialgebraic.cross_checking import CrossCheck, cross_check
from semialgebraic.decisions import Budget, Satisfiable, Unsatisfiable
from semialgebraic.oracles.registry import BUILT_IN, get_oracle, why_broken
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import Relation, System

N_SYSTEMS = 500
BUDGET = Budget(seconds=1.0)
# Each question starts a process.
PROGRAMS = ("nlsat", "coverings")
AVAILABLE = [
    name
    for name in BUILT_IN
    if name != "portfolio" and not why_broken(name) and not get_oracle(name).missing()
]
OURS = [name for name in AVAILABLE if name not in PROGRAMS]
CHUNK = 50


def random_system(seed: int) -> System:
    """One to three conditions of degree up to four in a box around the origin."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    names = ("x", "y")[: rng.choice([1, 2, 2])]
    powers = [
        (i, j)[: len(names)]
        for i in range(5)
        for j in range(5 if len(names) > 1 else 1)
        if i + j <= 4
    ]
    conditions = []
    for _ in range(rng.choice([1, 2, 2, 3])):
        chosen = rng.sample(powers, rng.randint(2, min(5, len(powers))))
        terms = {e: rng.choice([-1, 1]) * rng.randint(1, 9) for e in chosen}
        relation = rng.choice([*Relation, Relation.EQUAL])
        conditions.append((from_terms(names, terms), relation))
    for x in polynomial_ring(names).gens():
        size = rng.randint(1, 3)
        conditions += [(x - size, rng.choice(["<", "<="]))]
        conditions += [(x + rng.randint(0, size), rng.choice([">", ">="]))]
    return System.of(*conditions)


def decided_by(record: CrossCheck) -> list[str]:
    """Names of the oracles that said yes or no."""
    return [
        name
        for name, answer in record.answers.items()
        if isinstance(answer, Satisfiable | Unsatisfiable)
    ]


def compared(oracles: list[str], seeds: range) -> tuple[Counter, Counter]:
    """Count the systems on which each pair agreed, and the answers."""
    pairs: Counter = Counter()
    verdicts: Counter = Counter()
    for seed in seeds:
        record = cross_check(random_system(seed), oracles, BUDGET)
        verdicts[record.is_satisfiable] += 1
        pairs.update(combinations(decided_by(record), 2))
    return pairs, verdicts


@pytest.mark.parametrize("start", range(0, N_SYSTEMS, CHUNK))
def test_our_oracles_agree(start: int) -> None:
    pairs, verdicts = compared(OURS, range(start, start + CHUNK))
    assert pairs["cad", "subdivision"] >= CHUNK // 2
    assert min(verdicts[True], verdicts[False]) >= 5
    assert verdicts[None] == 0


def test_the_programs_agree_with_ours_on_a_few() -> None:
    pairs, _ = compared(AVAILABLE, range(0, N_SYSTEMS, 25))
    for program in set(PROGRAMS) & set(AVAILABLE):
        assert pairs["cad", program] >= 15


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_agrees_with_ours_on_all(program: str) -> None:
    asked = [name for name in (*OURS, program) if name in AVAILABLE]
    pairs, verdicts = compared(asked, range(N_SYSTEMS))
    assert verdicts[None] == 0
    if program in AVAILABLE:
        assert pairs["cad", program] >= N_SYSTEMS - 50


def test_the_systems_are_those_that_the_header_names() -> None:
    systems = [random_system(seed) for seed in range(N_SYSTEMS)]
    assert {c.relation for s in systems for c in s.conditions} == set(Relation)
    assert {len(s.variables) for s in systems} == {1, 2}
    assert max(s.sizes.degree for s in systems) == 4
    assert all(None not in bounds for s in systems for bounds in s.box())
    assert len({str(s) for s in systems}) > N_SYSTEMS - 5
