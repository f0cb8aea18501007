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
        name="svd",
        home="svd:svd",
        summary="rank-k SVD of A, weights ignored",
    ),
    Method(
        name="reweighted",
        home="reweighted:reweighted",
        summary="Algorithm 1: rank-rk SVD of W o A, divided by W; X of any rank",
    ),
    Method(
        name="reweighted-randomized",
        home="reweighted:reweighted",
        summary="Algorithm 1 with a randomized SVD; kappa measured",
        is_randomized=True,
        options={"randomized": True},
    ),
    Method(
        name="reweighted-truncated",
        home="reweighted_truncated:reweighted_truncated",
        summary="Algorithm 1 cut down to rank k, left factor refitted",
    ),
    Method(
        name="svd_w",
        home="reweighted_practical:svd_w",
        summary="Algorithm 2: inverse weights at rank one; X of rank k",
    ),
    Method(
        name="zero-filled-svd",
        home="zero_filled:zero_filled_svd",
        summary="rank-rk SVD of binary W o A; X of rank rk",
    ),
    Method(
        name="group-svd",
        home="group_svd:group_svd",
        summary="rank-k SVD of each group of proportional weight rows; X of rank rk",
    ),
    Method(
        name="group-svd-columns",
        home="group_svd:group_svd",
        summary="the same for groups of columns",
        options={"axis": 1},
    ),
    Method(
        name="sample",
        home="row_sampling:sample",
        summary="k rows of A drawn by their norms, coefficients fitted; X of rank k",
        is_randomized=True,
    ),
    Method(
        name="sample-reweighted",
        home="row_sampling:sample_reweighted",
        summary="rk / epsilon rows of W o A drawn by their norms, divided by W",
        is_randomized=True,
    ),
    Method(
        name="sample-groups",
        home="row_sampling:sample_groups",
        summary="k / epsilon rows drawn in each group of weight rows; X of rank rk",
        is_randomized=True,
    ),
    Method(
        name="column-subset",
        home="column_subset:column_subset",
        summary="Corollary 1.3: columns of W o A by pivoted QR, divided by W",
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
