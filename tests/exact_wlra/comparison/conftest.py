"""A small table of methods in the place of the laboratory's own.

The table grows; the tests of the comparison must not change with it.
"""

import sys
import time
from collections.abc import Iterator
from types import MappingProxyType, ModuleType

import numpy as np
import pytest

from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics import registry
from exact_wlra.heuristics.alternating import alternate
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

NOTHING = Guarantee.none("made for tests")


def low_rank(
    matrix: WeightedMatrix, left, right, guarantee=NOTHING, seed=None
) -> Answer:
    return answered(
        matrix,
        "made for tests",
        LowRank(left=left, right=right),
        started=time.perf_counter(),
        guarantee=guarantee,
        seed=seed,
    )


def als(matrix: WeightedMatrix, *, rank: int, seed: int) -> Answer:
    start = np.random.default_rng(seed).standard_normal((rank, matrix.shape[1]))
    run = alternate(
        matrix.data,
        matrix.squared_weights,
        start,
        sweeps=2000,
        tolerance=1e-14,
        budget=Budget(time_limit=60),
    )
    return low_rank(matrix, run.left, run.right, seed=seed)


def zero(matrix: WeightedMatrix, *, rank: int) -> Answer:
    n, d = matrix.shape
    return low_rank(matrix, np.zeros((n, rank)), np.zeros((rank, d)))


def wide(matrix: WeightedMatrix, **_: object) -> Answer:
    """A itself, stored as a product of inner dimension d."""
    return low_rank(matrix, matrix.data, np.eye(matrix.shape[1]))


def diverged(matrix: WeightedMatrix, *, rank: int) -> Answer:
    n, d = matrix.shape
    return low_rank(matrix, np.full((n, rank), np.nan), np.ones((rank, d)))


def boastful(matrix: WeightedMatrix, *, rank: int) -> Answer:
    """Zero, with a guarantee that it does not keep."""
    n, d = matrix.shape
    promise = Guarantee(statement="cost <= OPT_k", factor=1.0)
    return low_rank(matrix, np.zeros((n, rank)), np.zeros((rank, d)), promise)


def hopeful(matrix: WeightedMatrix, *, rank: int) -> Answer:
    n, d = matrix.shape
    promise = Guarantee(
        statement="E cost <= OPT_k", factor=1.0, confidence="in expectation"
    )
    return low_rank(matrix, np.zeros((n, rank)), np.zeros((rank, d)), promise)


def refuses(*_: object, **__: object) -> Answer:
    raise InvalidProblemError("not for <b>this</b> | matrix.")


def fails(*_: object, **__: object) -> Answer:
    raise np.linalg.LinAlgError("SVD did not converge")


def endless(*_: object, **__: object) -> Answer:
    while True:
        sum(range(1000))


def stopped_by_hand(*_: object, **__: object) -> Answer:
    raise KeyboardInterrupt


_METHODS = (
    als,
    zero,
    wide,
    diverged,
    boastful,
    hopeful,
    refuses,
    fails,
    endless,
    stopped_by_hand,
)
_RANDOMIZED = (als, endless)


@pytest.fixture(autouse=True, scope="module")
def table() -> Iterator[None]:
    home = ModuleType("exact_wlra.heuristics.made_for_tests")
    lines = {}
    for function in _METHODS:
        name = function.__name__
        setattr(home, name, function)
        lines[name] = registry.Method(
            name=name,
            home=f"made_for_tests:{name}",
            summary="made for tests",
            is_randomized=function in _RANDOMIZED,
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, home.__name__, home)
        patch.setattr(registry, "METHODS", MappingProxyType(lines))
        yield
