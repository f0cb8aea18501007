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
        name="reweighted-separable",
        home="reweighted_separable:reweighted_separable",
        summary="W replaced by its leading singular pair; X of rank k",
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
    Method(
        name="em",
        home="expectation_maximization:em",
        summary="expectation maximization from the SVD of A, 25 steps",
    ),
    Method(
        name="em-zero",
        home="expectation_maximization:em",
        summary="expectation maximization from zero, 25 steps",
        options={"start": "zero"},
    ),
    Method(
        name="em-svd_w",
        home="expectation_maximization:em",
        summary="expectation maximization from the answer of Algorithm 2, 25 steps",
        options={"start": "svd_w"},
    ),
    Method(
        name="em-warm",
        home="expectation_maximization:em",
        summary="25 steps of EM, each a step of subspace iteration, not an SVD",
        options={"decomposition": "warm"},
    ),
    Method(
        name="als",
        home="alternating_least_squares:als",
        summary="alternating weighted least squares from the SVD of A",
    ),
    Method(
        name="als-gaussian",
        home="alternating_least_squares:als",
        summary="alternating weighted least squares from a Gaussian start",
        is_randomized=True,
        options={"start": "gaussian"},
    ),
    Method(
        name="varpro",
        home="variable_projection:varpro",
        summary="variable projection, restarted until the best was seen twice",
        is_randomized=True,
    ),
    Method(
        name="lbfgs",
        home="lbfgs:lbfgs",
        summary="L-BFGS on both factors from the SVD of A",
    ),
    Method(
        name="lbfgs-gaussian",
        home="lbfgs:lbfgs",
        summary="L-BFGS on both factors from a Gaussian start",
        is_randomized=True,
        options={"start": "gaussian"},
    ),
    Method(
        name="adam",
        home="adam:adam",
        summary="Adam, 100 full gradients, step 1.0 times 0.7 after every tenth",
        is_randomized=True,
    ),
    Method(
        name="adam-normalized",
        home="adam:adam",
        summary="the same, with data and weights scaled to one before",
        is_randomized=True,
        options={"is_normalized": True},
    ),
    Method(
        name="greedy",
        home="greedy:greedy",
        summary="greedy pursuit: the steepest rank-one matrix k times",
    ),
    Method(
        name="greedy-corrective",
        home="greedy:greedy",
        summary="greedy pursuit, all coefficients fitted again after each choice",
        options={"is_corrective": True},
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
