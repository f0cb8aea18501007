"""The front door: read the plan, reduce, solve the leaves, lift, prove, check.

Contents
--------
solve       proved bracket, factors and certificate of a problem
check       judge a certificate against a problem, without any solver

Notes on the implementation
---------------------------
Every certificate is checked before it is returned: what `solve` calls proved has been
accepted by the same checker that `check` runs.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from exact_wlra.applicability import METHODS, refuse_extreme_units
from exact_wlra.budget import Budget, Report
from exact_wlra.certificates import Certificate, Proof, Zero
from exact_wlra.certification import assemble
from exact_wlra.checker import lower_bound
from exact_wlra.checkpoint import Checkpoint, digest
from exact_wlra.conclusions import (
    advice_on,
    claim_of,
    evidence_of,
    is_zero_infimum,
    minimizer_of,
    statistics_of,
    termination_of,
)
from exact_wlra.errors import InvalidProblemError, RejectedCertificateError
from exact_wlra.incumbent import (
    Incumbent,
    exact_factors,
    round_factors,
    zero_incumbent,
)
from exact_wlra.irreducible import solve_irreducible
from exact_wlra.leaf_solution import LeafSolution, proved_bound
from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import complete_rank_one
from exact_wlra.solution import (
    Solution,
)
from exact_wlra.threshold_method import Question
from exact_wlra.workers import workers
from reductions.guarantees import Factor
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.pipeline import Reduced, reduce
from semialgebraic.rational_matrices import RationalMatrix

_POLISHED_ENTRIES = 30_000_000
_MOST_DIGITS = 100_000


def solve(
    problem: Problem,
    *,
    gap: Fraction | float = Fraction(1, 10**6),
    digits: int | None = None,
    time_limit: float = 60.0,
    method: str = "auto",
    oracle: str = "auto",
    formulation: str = "charts",
    seed: int = 0,
    jobs: int | Executor = 1,
    checkpoint: str | Path | None = None,
    report: Callable[[Report], None] | None = None,
) -> Solution:
    """Return a proved bracket lower <= OPT <= upper, factors, and a certificate.

    OPT = inf over U (n x k), V (k x d) of sum omega_ij (A_ij - (UV)_ij)^2.

    Parameters
    ----------
    problem : Problem
        Data, weights and rank, exact.
    gap : Fraction or float
        Stop when upper - lower <= gap * upper. At least 0 and below 1.
    digits : int or None
        A gap of 10^-digits, if that is smaller. Below 1e-9 the critical point inside
        the bracket is enclosed by Newton steps, if it can be isolated.
    time_limit : float
        Seconds after which the best proved bracket is returned. The reductions and the
        last check are finished in any case.
    method : str
        "auto", or one of "two-rows", "weighted-svd", "plane", "spectral",
        "simplicial", "sweep", "row-cells", "moments", "minorant", "split", "charts",
        "threshold".
    oracle, formulation : str
        Whom the method "threshold" asks, and what; naming either chooses that method.
        See `exact_wlra.threshold_method.Question`.
    seed : int
        Of the random starts of the heuristics; recorded in the statistics.
    jobs : int or concurrent.futures.Executor
        How many processes share the long search of pattern space; or who computes its
        parts. The result does not depend on it, unless the time limit ends the run. A
        script that asks for processes needs `if __name__ == "__main__":`.
    checkpoint : path or None
        A file in which that search keeps its state, and from which it goes on when the
        same problem is solved again. With a smaller gap it goes on, too.
    report : callable or None
        Receives progress. Ctrl-C in the main thread ends the run with the bracket
        proved so far; a second one aborts.

    Raises
    ------
    InvalidProblemError
        If gap, time_limit, method or jobs is out of range.
    CheckpointError
        If the checkpoint is damaged or belongs to another problem.

    Examples
    --------
    >>> problem = Problem(
    ...     [[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1
    ... )
    >>> solution = solve(problem)
    >>> solution.algebraic.decimal[:16]
    '43.8410168589361'
    """
    wanted = _valid_gap(gap)
    if digits is not None:
        wanted = min(wanted, _gap_of_digits(digits))
    if not time_limit > 0:
        raise InvalidProblemError("time_limit must be a positive number of seconds.")
    question = Question(formulation=formulation, oracle=oracle)
    if question != Question() and method == "auto":
        method = "threshold"
    if method not in ("auto", *METHODS, "threshold"):
        raise InvalidProblemError(
            f"there is no method '{method}'; choose auto or one of "
            + ", ".join((*METHODS[1:], "threshold"))
            + "."
        )
    refuse_extreme_units(problem.instance)
    with workers(jobs) as group:
        budget = Budget(
            time_limit=time_limit,
            report=report,
            workers=group,
            checkpoint=_checkpoint(problem.instance, checkpoint),
        )
        with _interruptible(budget):
            return _solve(
                problem, wanted, budget, method=method, question=question, seed=seed
            )


def check(
    problem: Problem, certificate: Certificate, *, arithmetic: Any = "automatic"
) -> Fraction:
    """Judge a certificate; return the lower bound that its proof proves.

    Parameters
    ----------
    arithmetic : {"automatic", "rational", "rounded"}
        How semidefiniteness is proved; see `docs/certificate-format.md`.

    Raises
    ------
    RejectedCertificateError
        If a step is false.

    Examples
    --------
    >>> problem = Problem([[1, -2, 4], [3, 5, -1]], rank=1)
    >>> solution = solve(problem)
    >>> check(problem, solution.certificate) >= solution.lower
    True
    """
    from exact_wlra.checker import check_certificate

    return check_certificate(problem.instance, certificate, arithmetic=arithmetic)


def _solve(
    problem: Problem,
    gap: Fraction,
    budget: Budget,
    *,
    method: str,
    question: Question,
    seed: int,
) -> Solution:
    """Run all stages; the budget may end any of them early."""
    instance = problem.instance
    budget.tell("reduce", 0.0, float("inf"), 0)
    reduced = reduce(instance)
    solutions: list[LeafSolution] = []
    for leaf in reduced.leaves():
        budget.settle(sum(float(s.lower) for s in solutions), _total_upper(solutions))
        solutions.append(
            solve_irreducible(
                leaf,
                gap=gap,
                budget=budget,
                seed=seed,
                method=method,
                question=question,
            )
        )
    budget.settle(0.0, 0.0)
    budget.tell("lift", 0.0, _total_upper(solutions), 0)
    incumbent = _lifted(instance, reduced, solutions, gap)
    attained = None
    if incumbent.cost > 0 and is_zero_infimum(solutions):
        exact = exact_factors(instance)
        if exact is None and instance.rank == 1:
            exact = complete_rank_one(instance)
            attained = exact is not None
        incumbent = exact or incumbent
    budget.tell(
        "check", float(sum(s.lower for s in solutions)), float(incumbent.cost), 0
    )
    proof, lower = _proved(instance, reduced, solutions)
    upper = incumbent.cost
    certificate = Certificate(
        shape=instance.shape,
        rank=instance.rank,
        lower=lower,
        upper=upper,
        left=incumbent.left,
        right=incumbent.right,
        proof=proof,
    )
    claim, attained, algebraic = claim_of(
        reduced, solutions, lower, upper, zero_attained=attained
    )
    termination = termination_of(claim, lower, upper, gap, budget)
    return Solution(
        claim=claim,
        lower=lower,
        upper=upper,
        attained=attained,
        termination=termination,
        advice=advice_on(termination, solutions),
        certificate=certificate,
        evidence=evidence_of(solutions),
        algebraic=algebraic,
        minimizer=minimizer_of(reduced, solutions, incumbent.left, incumbent.right),
        statistics=statistics_of(problem, reduced, solutions, budget, seed),
        row_labels=problem.row_labels,
        column_labels=problem.column_labels,
    )


def _total_upper(solutions: list[LeafSolution]) -> float:
    """Return the sum of the upper bounds of the parts, for reading."""
    return sum(float(s.upper) for s in solutions)


def _proved(
    instance: Instance, reduced: Reduced, solutions: list[LeafSolution]
) -> tuple[Proof, Fraction]:
    """Return the whole proof and the lower bound that the checker confirms."""
    proof = assemble(reduced, [s.proof for s in solutions])
    if reduced.is_leaf and solutions[0].is_checked:
        return proof, solutions[0].lower
    try:
        return proof, lower_bound(instance, proof)
    except RejectedCertificateError:
        # Rounding failed somewhere: keep what is confirmed leaf by leaf.
        for leaf, solution in zip(reduced.leaves(), solutions, strict=True):
            solution.lower = proved_bound(leaf, solution.proof)
            if solution.lower == 0:
                solution.proof = Zero()
        proof = assemble(reduced, [s.proof for s in solutions])
        return proof, lower_bound(instance, proof)


def _lifted(
    instance: Instance, reduced: Reduced, solutions: list[LeafSolution], gap: Fraction
) -> Incumbent:
    """Return rational factors of the whole instance with their exact cost."""
    left, right = reduced.lift([(s.left, s.right) for s in solutions])
    if isinstance(left, RationalMatrix):
        cost = instance.cost(left, right)
        exact = Incumbent(left=left.reduced(), right=right.reduced(), cost=cost)
        if _is_short(left) and _is_short(right):
            return exact
        rounded = _rounded(instance, left.to_float(), right.to_float(), gap)
        excess = rounded.cost - cost
        return exact if excess > gap * cost / 20 else rounded
    return _rounded(instance, left, right, gap)


def _rounded(
    instance: Instance, left: Factor, right: Factor, gap: Fraction
) -> Incumbent:
    """Refit U once in floating point, then round both factors."""
    if instance.shape[0] * instance.shape[1] <= _POLISHED_ENTRIES and instance.rank:
        weights = instance.squared_weights.to_float()
        data = np.where(weights > 0, instance.data.to_float(), 0.0)
        left = solve_rows(data, weights, right)
    best = round_factors(instance, left, right, tolerance=float(gap) / 50)
    zero = zero_incumbent(instance)
    return best if best.cost < zero.cost else zero


def _is_short(matrix: RationalMatrix) -> bool:
    """Tell whether the entries are short enough to be printed and checked quickly."""
    return matrix.denominator.bit_length() <= 128


def _checkpoint(instance: Instance, path: str | Path | None) -> Checkpoint:
    """Return the checkpoint in a file; one that keeps nothing where there is none."""
    if path is None:
        return Checkpoint()
    return Checkpoint.resume(Path(path), instance=digest(instance))


def _valid_gap(gap: Fraction | float) -> Fraction:
    """Return the gap as a Fraction in [0, 1)."""
    if isinstance(gap, float) and not np.isfinite(gap):
        raise InvalidProblemError("gap must be a finite number in [0, 1).")
    exact = Fraction(gap)
    if not 0 <= exact < 1:
        raise InvalidProblemError(f"gap is {float(exact):g}; it must lie in [0, 1).")
    return exact


def _gap_of_digits(digits: int) -> Fraction:
    """Return 10^-digits."""
    if type(digits) is not int or not 1 <= digits <= _MOST_DIGITS:
        raise InvalidProblemError(
            f"digits is {digits!r}; it must be an integer from 1 to {_MOST_DIGITS}."
        )
    return Fraction(1, 10**digits)


@contextmanager
def _interruptible(budget: Budget) -> Iterator[None]:
    """Turn the first Ctrl-C into the end of the budget."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        if budget.interrupted:
            raise KeyboardInterrupt
        budget.interrupt()

    previous = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
