"""Exact weighted low rank approximation: global optima with proofs that anyone checks.

Contents
--------
Problem         data, weights and rank, exact
read            a Problem from files
plan            what would be done, and why
solve           proved bracket, factors, certificate
check           judge a certificate
compare         approximations beside the proved optimum
Solution        the result of `solve`
Comparison      the result of `compare`
Certificate     evidence; `certificate_to_json`, `certificate_from_json`
theorems        the theorem laboratory: `theorems.check`, `theorems.verify`
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exact_wlra import theorems
    from exact_wlra.certificate_json import certificate_from_json, certificate_to_json
    from exact_wlra.certificates import Certificate
    from exact_wlra.comparison.comparing import compare
    from exact_wlra.comparison.results import Comparison
    from exact_wlra.driver import check, solve
    from exact_wlra.planning import plan
    from exact_wlra.problem import Problem
    from exact_wlra.reading import read
    from exact_wlra.solution import Solution

__version__ = "0.1.0"

__all__ = [
    "Certificate",
    "Comparison",
    "Problem",
    "Solution",
    "certificate_from_json",
    "certificate_to_json",
    "check",
    "compare",
    "plan",
    "read",
    "solve",
    "theorems",
]

# Names are imported on first use, so that `import exact_wlra` stays fast.
_HOMES = {
    "Certificate": "exact_wlra.certificates",
    "Comparison": "exact_wlra.comparison.results",
    "Problem": "exact_wlra.problem",
    "Solution": "exact_wlra.solution",
    "certificate_from_json": "exact_wlra.certificate_json",
    "certificate_to_json": "exact_wlra.certificate_json",
    "check": "exact_wlra.driver",
    "compare": "exact_wlra.comparison.comparing",
    "plan": "exact_wlra.planning",
    "read": "exact_wlra.reading",
    "solve": "exact_wlra.driver",
    "theorems": "exact_wlra.theorems",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'exact_wlra' has no attribute '{name}'")
    from importlib import import_module

    module = import_module(_HOMES[name])
    value = module if module.__name__ == f"exact_wlra.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
