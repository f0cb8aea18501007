"""All statements, by key, imported when they are asked for.

Contents
--------
HOMES               key -> module
statement           one statement
statements          several, by prefix of their keys
"""

from importlib import import_module
from types import MappingProxyType
from typing import Any

from exact_wlra.errors import InvalidProblemError
from exact_wlra.theorems.statements import Statement

# In the order in which the papers, then this project, state them.
HOMES = MappingProxyType(
    {
        "reweighted/definition-1.1": "reweighted.definition_1_1",
        "reweighted/algorithm-1": "reweighted.algorithm_1",
        "reweighted/theorem-1.2": "reweighted.theorem_1_2",
        "reweighted/theorem-1.2-randomized": "reweighted.theorem_1_2_randomized",
        "reweighted/algorithm-2": "reweighted.algorithm_2",
        "reweighted/corollary-1.3": "reweighted.corollary_1_3",
        "reweighted/lemma-2.1": "reweighted.lemma_2_1",
        "reweighted/theorem-3.1": "reweighted.theorem_3_1",
        "reweighted/definition-3.2": "reweighted.definition_3_2",
        "reweighted/theorem-1.5": "reweighted.theorem_1_5",
        "reweighted/expectation-maximization": "reweighted.expectation_maximization",
        "reweighted/greedy": "reweighted.greedy",
        "reweighted/lemma-a.1": "reweighted.lemma_a_1",
        "reweighted/row-sampling-1": "reweighted.row_sampling_1",
        "reweighted/row-sampling-2": "reweighted.row_sampling_2",
        "reweighted/row-sampling-3": "reweighted.row_sampling_3",
        "few-patterns/definition-3.1": "few_patterns.definition_3_1",
        "few-patterns/lemma-3.3": "few_patterns.lemma_3_3",
        "few-patterns/theorem-3.4": "few_patterns.theorem_3_4",
        "few-patterns/theorem-3.5": "few_patterns.theorem_3_5",
        "few-patterns/lemma-3.7": "few_patterns.lemma_3_7",
        "few-patterns/lemma-3.8": "few_patterns.lemma_3_8",
        "few-patterns/lemma-4.1": "few_patterns.lemma_4_1",
        "few-patterns/theorem-5.1": "few_patterns.theorem_5_1",
        "few-patterns/theorem-6.1": "few_patterns.theorem_6_1",
        "few-patterns/theorem-7.1": "few_patterns.theorem_7_1",
        "few-patterns/theorem-1.2": "few_patterns.theorem_1_2",
        "ours/concavity": "ours.concavity",
        "ours/supergradient": "ours.supergradient",
        "ours/lipschitz": "ours.lipschitz",
        "ours/continuity": "ours.continuity",
        "ours/types": "ours.types",
        "ours/gram-merge": "ours.gram_merge",
        "ours/scalings": "ours.scalings",
        "ours/rank-one-weights": "ours.rank_one_weights",
        "ours/orthogonal-symmetry": "ours.orthogonal_symmetry",
        "ours/components": "ours.components",
        "ours/core": "ours.core",
        "ours/trivial-ranks": "ours.trivial_ranks",
        "ours/all-reductions": "ours.all_reductions",
        "ours/splits": "ours.splits",
        "ours/group-bounds": "ours.group_bounds",
        "ours/projection": "ours.projection",
        "ours/max-volume": "ours.max_volume",
        "ours/critical-counts": "ours.critical_counts",
        "ours/few-pattern-count": "ours.few_pattern_count",
        "ours/regularization": "ours.regularization",
        "ours/rank-one-completion": "ours.rank_one_completion",
        "ours/duality": "ours.duality",
        "ours/biclique": "ours.biclique",
        "ours/singular-tails": "ours.singular_tails",
        "ours/minorants": "ours.minorants",
        "ours/spectral-bound": "ours.spectral_bound",
        "ours/weight-cone": "ours.weight_cone",
        "ours/elimination": "ours.elimination",
        "ours/simplicial-bound": "ours.simplicial_bound",
        "ours/separation": "ours.separation",
        "ours/sweep-bound": "ours.sweep_bound",
        "ours/rank-forms": "ours.rank_forms",
        "ours/moment-bound": "ours.moment_bound",
        "ours/amplified-residual": "ours.amplified_residual",
        "ours/growth": "ours.growth",
    }
)


def statement(key: str) -> Statement[Any]:
    """Return a statement.

    Raises
    ------
    InvalidProblemError
        If there is none of this key.

    Examples
    --------
    >>> statement("reweighted/lemma-2.1").title
    'Lemma 2.1: rank of an entrywise product'
    """
    if key not in HOMES:
        raise InvalidProblemError(
            f"there is no statement '{key}'; exact-wlra verify-theorems --list names "
            "all of them."
        )
    module = import_module(f"exact_wlra.theorems.{HOMES[key]}")
    found: Statement[Any] = module.STATEMENT
    return found


def statements(prefixes: tuple[str, ...] = ()) -> list[Statement[Any]]:
    """Return the statements whose keys begin with one of the prefixes; all if none.

    A prefix that is a key stands for that statement only.

    Raises
    ------
    InvalidProblemError
        If a prefix begins no key.

    Examples
    --------
    >>> [found.key for found in statements(("reweighted/lemma",))]
    ['reweighted/lemma-2.1', 'reweighted/lemma-a.1']
    >>> [found.key for found in statements(("reweighted/theorem-1.2",))]
    ['reweighted/theorem-1.2']
    """
    chosen: set[str] = set()
    for prefix in prefixes:
        begun = {key for key in HOMES if key.startswith(prefix)}
        if not begun:
            statement(prefix)
        chosen |= {prefix} if prefix in HOMES else begun
    return [statement(key) for key in HOMES if not prefixes or key in chosen]
