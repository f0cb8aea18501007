"""A bound at 0.999999 of the best cost, proved over all charts and replayed.

Contents
--------
LIMIT       seconds on the clock for one search
CASES       instances, with the time wanted
refute      search, then replay, timed apart
"""

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from benchmarks.decisions import Size, draw, instance_of
from exact_wlra.bounds.charts import chart_formulation
from exact_wlra.budget import Budget
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.incumbent import round_factors
from exact_wlra.threshold_search import shortened
from reductions.instances import Instance
from semialgebraic.box_trees import check_box_tree
from semialgebraic.decisions import BoxTree, Undecided, Unsatisfiable
from semialgebraic.decisions import Budget as OracleBudget
from semialgebraic.oracles.registry import get_oracle

LIMIT = 60.0
_PART = Fraction(999_999, 1_000_000)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefutationCase:
    """Shape, rank, number of row patterns (0: generic), and the seconds wanted."""

    size: Size
    patterns: int = 0
    wanted: str = ""

    @property
    def name(self) -> str:
        """Shape, rank and weights."""
        n, d, k = self.size
        kind = f"{self.patterns} row patterns" if self.patterns else "generic"
        return f"{n} x {d}, k = {k}, {kind}"


CASES = (
    RefutationCase(size=(5, 5, 1), wanted="1 s"),
    RefutationCase(size=(5, 4, 2), wanted="1 s"),
    RefutationCase(size=(6, 6, 1), wanted="15 s"),
    RefutationCase(size=(8, 8, 1), patterns=2, wanted="15 s"),
    RefutationCase(size=(20, 5, 2), patterns=2, wanted="15 s"),
    RefutationCase(size=(4, 4, 2)),
    RefutationCase(size=(10, 6, 1), patterns=3),
)


def refute(case: RefutationCase) -> dict[str, Any]:
    """Return seconds of the search and of the replay, and the size of the proof."""
    family = f"{case.patterns} row patterns" if case.patterns else "generic"
    problem = draw(family, case.size, patterns=case.patterns or 1)
    instance = instance_of(problem)
    best = _best(instance)
    threshold = shortened(best * _PART, best)
    formulation = chart_formulation(instance)
    if isinstance(formulation, str):
        return {"failed": formulation, "wanted": case.wanted}
    oracle = get_oracle("subdivision")
    started, clock = time.process_time(), time.monotonic()
    systems = formulation.systems(threshold)
    trees: list[BoxTree] = []
    failed = ""
    for system in systems:
        left = max(LIMIT - (time.monotonic() - clock), 0.01)
        match oracle.decide(system, budget=OracleBudget(seconds=left)):
            case Unsatisfiable(evidence=BoxTree() as tree):
                trees.append(tree)
            case Undecided(reason=reason):
                failed = reason
                break
            case _:
                raise AssertionError(
                    f"{case.name}: cheaper factors than the best known"
                )
    searched = time.process_time()
    for system, tree in zip(systems, trees, strict=False):
        check_box_tree(system, tree)
    replayed = time.process_time()
    return {
        "wanted": case.wanted,
        "side": formulation.name,
        "systems": len(systems),
        "variables": formulation.sizes.n_variables,
        "search_seconds": searched - started,
        "replay_seconds": replayed - searched,
        "leaves": sum(node < 0 for tree in trees for node in tree.nodes),
        "part_of_best": float(threshold / best),
        **({"failed": failed} if failed else {}),
    }


def _best(instance: Instance) -> Fraction:
    """Return the cost of the best factors of many starts, polished."""
    costs = []
    for seed in range(3):
        found = best_of_starts(instance, seed=seed, budget=Budget(time_limit=60))
        rounded = round_factors(instance, found.left, found.right, tolerance=1e-9)
        costs.append(rounded.cost)
    return min(costs)
