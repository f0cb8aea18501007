"""The theorem laboratory: every numbered statement, executable.

    >>> from exact_wlra import Problem, theorems
    >>> problem = Problem([[1, 2], [3, 5]], weights=[[1, 2], [3, 1]], rank=1)
    >>> for found in theorems.check("reweighted/theorem-1.2", problem):
    ...     print(found.verdict, found.claim)
    holds ||(W o A)_{-rk}||^2 <= OPT_k
    holds cost(W^-1 o B) == ||W o A - B||^2

Contents
--------
check           one statement on one value
verify          one statement on its own cases, a `Verification`
statement       one statement
statements      all statements
case_documents  cases from JSON files, and to them
summaries       verdicts counted, the worst slack
growth          time against n, for the almost-linear claim
regression      its exponent
reports         the report of a run
pages           its parts, as Markdown or HTML
pictures        its pictures
quantities      exact, enclosed, or an interval of confidence
findings        a measured number, a bound, a verdict
measuring       optima and singular tails, proved
sampling        random cases
rounded_decompositions  best approximations, rounded to rationals
direct_optima   optima without any reduction
weighted_tails  singular tails for weights of rank one
critical_point_counts   complex critical points, counted
"""

from exact_wlra.theorems.registry import statement, statements
from exact_wlra.theorems.verifying import Verification, check, verify

__all__ = ["Verification", "check", "statement", "statements", "verify"]
