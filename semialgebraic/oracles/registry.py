"""The oracles by name: those of this package, and those that others register.

Contents
--------
BUILT_IN        name -> "module:class", imported on first use
ENTRY_POINTS    the entry-point group through which others register theirs
names           all names, built-in first
get_oracle      the oracle of a name
why_broken      why a registered oracle cannot be loaded

Notes on the implementation
---------------------------
Listing names imports nothing. A plug-in that fails to load keeps its name and shows its
error where it is asked for.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from semialgebraic.errors import (
    InvalidInputError,
    OracleUnavailableError,
    UnknownOracleError,
)
from semialgebraic.oracles.protocol import Oracle

ENTRY_POINTS = "semialgebraic.oracles"
BUILT_IN = {
    "cad": "semialgebraic.oracles.cad:CylindricalDecomposition",
    "critical_points": "semialgebraic.oracles.critical_points:CriticalPoints",
    "subdivision": "semialgebraic.oracles.subdivision:Subdivision",
    "sum_of_squares": "semialgebraic.oracles.sum_of_squares:SumsOfSquares",
    "coverings": "semialgebraic.oracles.coverings:Coverings",
    "nlsat": "semialgebraic.oracles.nlsat:Nlsat",
    "portfolio": "semialgebraic.oracles.portfolio:Portfolio",
}


def names() -> tuple[str, ...]:
    """Return the names of all registered oracles; nothing is imported.

    Examples
    --------
    >>> names()[:2]
    ('cad', 'critical_points')
    """
    return (*BUILT_IN, *sorted(_registered()))


def get_oracle(name: str) -> Oracle:
    """Return the oracle of this name.

    Raises
    ------
    UnknownOracleError
        If there is none; the message lists those that there are.
    OracleUnavailableError
        If it is registered and cannot be loaded.

    Examples
    --------
    >>> get_oracle("cad").name
    'cad'
    """
    if name not in names():
        raise UnknownOracleError(
            f"there is no oracle '{name}'; there are {', '.join(names())}."
        )
    return _load(name)


def why_broken(name: str) -> str:
    """Return why a registered oracle cannot be loaded, or "" if it can."""
    try:
        get_oracle(name)
    except OracleUnavailableError as error:
        return str(error)
    return ""


@cache
def _load(name: str) -> Oracle:
    """Import and make the oracle; each is made once."""
    try:
        if name in BUILT_IN:
            module, _, attribute = BUILT_IN[name].partition(":")
            made = getattr(import_module(module), attribute)()
        else:
            made = _registered()[name].load()()
    except Exception as error:  # whatever a plug-in raises is shown, not hidden
        raise OracleUnavailableError(
            f"the oracle {name} cannot be loaded ({type(error).__name__}: {error})."
        ) from error
    if not isinstance(made, Oracle) or made.name != name:
        raise OracleUnavailableError(
            f"what is registered as the oracle {name} does not follow the protocol "
            "or has another name."
        )
    return made


def _registered() -> dict[str, EntryPoint]:
    """Return the entry points of others by name."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=ENTRY_POINTS):
        if point.name in BUILT_IN or point.name in found:
            raise InvalidInputError(
                f"two oracles are registered as '{point.name}'; uninstall one of them."
            )
        found[point.name] = point
    return found
