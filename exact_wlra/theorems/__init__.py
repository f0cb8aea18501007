"""The theorem laboratory: every numbered statement, executable.

Contents
--------
check           one statement on one value
verify          one statement on its own cases
statements      all statements
quantities      exact, enclosed, or an interval of confidence
findings        a measured number, a bound, a verdict
measuring       optima and singular tails, proved
sampling        random cases
rounded_decompositions  best approximations, rounded to rationals
comparing       findings of one case
"""

from exact_wlra.theorems.registry import statement, statements
from exact_wlra.theorems.verifying import Verification, check, verify

__all__ = ["Verification", "check", "statement", "statements", "verify"]
