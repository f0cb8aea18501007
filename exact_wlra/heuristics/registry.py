"""The methods of the laboratory, by name.

Contents
--------
Method          a name, where its function lives, what it is
METHODS         all of them, in the order of tables
run             one method on one matrix

Notes on the implementation
---------------------------
A method is a function of a `WeightedMatrix` and the keywords `rank` and, if it is
randomized, `seed`; it returns an `Answer`. It is imported when it is run. To add one,
write the function in a file of its own and add a line to the table.
"""

from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any, final

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One line of the table.

    Parameters
    ----------
    name : str
        As users type it.
    home : str
        ``module:function`` below `exact_wlra.heuristics`.
    summary : str
        What it does, in one clause.
    is_randomized : bool
        Whether it takes a seed.
    options : dict
        Keywords that this line fixes.
    """

    name: str
    home: str
    summary: str
    is_randomized: bool = False
    options: dict[str, Any] = field(default_factory=dict)


_TABLE = (
    Method(
        name="reweighted",
        home="reweighted:reweighted",
        summary="Algorithm 1: rank-rk SVD of W o A, divided by W; X of any rank",
    ),
    Method(
        name="reweighted-separable",
        home="reweighted_separable:reweighted_separable",
        summary="W replaced by its leading singular pair; X of rank k",
    ),
)

METHODS = MappingProxyType({method.name: method for method in _TABLE})


def run(name: str, matrix: WeightedMatrix, *, rank: int, seed: int = 0) -> Answer:
    """Run one method.

    Parameters
    ----------
    name : str
        A key of `METHODS`.
    rank : int
        k.
    seed : int
        For methods that are randomized; others do not see it.

    Raises
    ------
    InvalidProblemError
        If no method has this name.

    Examples
    --------
    >>> matrix = WeightedMatrix.from_arrays([[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0]] * 2)
    >>> run("reweighted", matrix, rank=1).method
    'reweighted'
    """
    if name not in METHODS:
        known = ", ".join(METHODS)
        raise InvalidProblemError(f"there is no method '{name}'; choose among {known}.")
    method = METHODS[name]
    module, function = method.home.split(":")
    function_of_method = getattr(
        import_module(f"exact_wlra.heuristics.{module}"), function
    )
    options = dict(method.options)
    if method.is_randomized:
        options["seed"] = seed
    answer: Answer = function_of_method(matrix, rank=rank, **options)
    return answer
