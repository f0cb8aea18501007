"""Findings of one case: statement, case and seed are the same for all of them.

Contents
--------
compared        one finding
truth           a truth value as the exact number 0 or 1
"""

from typing import Any

from exact_wlra.theorems.findings import Finding, Relation
from exact_wlra.theorems.quantities import Quantity, exact
from exact_wlra.theorems.statements import Case


def compared(  # noqa: PLR0917  (a comparison, read from left to right)
    key: str,
    case: Case[Any],
    claim: str,
    measured: Quantity,
    relation: Relation,
    bound: Quantity,
    *,
    unmet: tuple[str, ...] = (),
    note: str = "",
) -> Finding:
    """Return the finding of a claim on a case.

    Examples
    --------
    >>> case = Case(name="two", kind="structured", value=2)
    >>> compared("ours/example", case, "2 < 3", exact(2), "<=", exact(3)).verdict
    'holds'
    """
    return Finding(
        statement=key,
        claim=claim,
        case=case.name,
        measured=measured,
        relation=relation,
        bound=bound,
        unmet=unmet,
        note=note,
        seed=case.seed,
    )


def truth(value: bool) -> Quantity:  # noqa: FBT001
    """Return 1 for true and 0 for false.

    Examples
    --------
    >>> str(truth(True))
    '1'
    """
    return exact(int(value))
