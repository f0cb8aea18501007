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

    Raises
    ------
    InvalidProblemError
        If a prefix begins no key.

    Examples
    --------
    >>> [found.key for found in statements(("reweighted/lemma",))]
    ['reweighted/lemma-2.1', 'reweighted/lemma-a.1']
    """
    for prefix in prefixes:
        if not any(key.startswith(prefix) for key in HOMES):
            statement(prefix)
    return [statement(key) for key in HOMES if not prefixes or key.startswith(prefixes)]
