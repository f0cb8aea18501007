"""Optima of instances as they are: no reduction is used.

What a check of a reduction compares with: two rows by isolating all roots, everything
else by the methods for irreducible instances, which are proofs for any instance.

Contents
--------
direct_optimum      OPT between the ends of a proved bracket
bracket_by          the same by one method alone
is_attained         whether the infimum is attained, where that is known
problem_of          an instance as a problem
"""

from fractions import Fraction

from exact_wlra.bounds.two_rows import TwoRowsOptimum, solve_two_rows
from exact_wlra.budget import Budget
from exact_wlra.irreducible import solve_irreducible
from exact_wlra.problem import Problem
from exact_wlra.theorems.quantities import Quantity, enclosed
from reductions.instances import Instance

# Asked of all methods together, and of one alone, which may not come that close.
_GAP, _GAP_OF_ONE = Fraction(1, 10**9), Fraction(1, 10**6)
_TIME_LIMIT = 20.0


def direct_optimum(instance: Instance) -> Quantity:
    """Return OPT without reducing the instance.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[3, 0], [0, 2]])
    >>> ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> str(direct_optimum(Instance(data=A, squared_weights=ones, rank=1)))
    '4'
    """
    if 0 in instance.shape:
        return enclosed(0, 0)
    found = _two_rows(instance)
    if found is not None:
        return enclosed(*found.enclosure)
    return bracket_by(instance, "auto")


def bracket_by(instance: Instance, method: str) -> Quantity:
    """Return what one method of `solve` proves about OPT, without reductions.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[3, 0], [0, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 2]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> round(bracket_by(instance, "moments").middle, 6)
    7.0
    """
    solution = solve_irreducible(
        instance,
        gap=_GAP if method == "auto" else _GAP_OF_ONE,
        budget=Budget(time_limit=_TIME_LIMIT),
        seed=0,
        method=method,
    )
    if solution.is_zero:
        return enclosed(0, 0)
    return enclosed(solution.lower, solution.upper)


def is_attained(instance: Instance) -> bool | None:
    """Tell whether OPT is attained; None if no exact method says so.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[0, 1], [1, 0]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 0]])
    >>> is_attained(Instance(data=A, squared_weights=omega, rank=1))
    False
    """
    if instance.support().all():
        return True
    found = _two_rows(instance)
    return None if found is None else found.attained


def problem_of(instance: Instance) -> Problem:
    """Return the problem of an instance.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> one = RationalMatrix.from_rows([[1]])
    >>> problem_of(Instance(data=one, squared_weights=one, rank=0))
    Problem(1 x 1, rank=0)
    """
    return Problem(
        instance.data, squared_weights=instance.squared_weights, rank=instance.rank
    )


def _two_rows(instance: Instance) -> TwoRowsOptimum | None:
    """Return the exact optimum of two rows, or two columns, at rank one."""
    if instance.rank != 1 or 2 not in instance.shape:
        return None
    return solve_two_rows(instance if instance.shape[0] == 2 else instance.transpose)
