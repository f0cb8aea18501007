"""The one result of every approximation of the laboratory.

Contents
--------
Guarantee           what is proved about the cost before the method runs, if anything
Answer              form, cost, rank, numbers stored, seconds, seed, guarantee
answered            the answer that a form makes

References
----------
[WoodruffYasuda2024]_, Definition 1.1: without a bound on what is stored, a bound on the
cost says nothing; cost, rank and numbers always stand together.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

from exact_wlra.heuristics.forms import Form
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Confidence = Literal["always", "in expectation", "with constant probability"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """f(X) <= factor * OPT_k + additive, in exact arithmetic.

    Parameters
    ----------
    statement : str
        The theorem in one clause, with its source.
    factor : float or None
        None where nothing is proved.
    additive : float
        In the units of the cost.
    confidence : {"always", "in expectation", "with constant probability"}
        What the inequality is about: each run, the mean over the seeds, or most runs.

    Examples
    --------
    >>> Guarantee.none("a local method").factor is None
    True
    """

    statement: str
    factor: float | None
    additive: float = 0.0
    confidence: Confidence = "always"

    @classmethod
    def none(cls, why: str) -> "Guarantee":
        """Return the guarantee of a method that has none."""
        return cls(statement=f"none: {why}", factor=None)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What one run of one method returned.

    Parameters
    ----------
    method : str
        Name in the table of `exact_wlra.heuristics.registry`.
    form : Form
        What determines X.
    cost : float
        f(X), an estimate in float64.
    seconds : float
        Wall time of the method, without evaluating `cost`.
    seed : int or None
        None if the method uses no random numbers.
    guarantee : Guarantee
        What is proved.
    history : tuple of float
        The cost after each iteration; empty for methods that do not iterate.
    stopped : str
        Why an iteration ended; empty for methods that do not iterate.
    """

    method: str
    form: Form
    cost: float
    seconds: float
    seed: int | None
    guarantee: Guarantee
    history: tuple[float, ...] = ()
    stopped: str = ""

    @property
    def rank(self) -> int:
        """What the rank of X is at most, by its form."""
        return self.form.rank_bound

    @property
    def n_numbers(self) -> int:
        """How many numbers determine X."""
        return self.form.n_numbers

    def is_feasible(self, rank: int) -> bool:
        """Tell whether X competes at this rank: whether its form bounds its rank so."""
        return self.rank <= rank


def answered(
    matrix: WeightedMatrix,
    method: str,
    form: Form,
    *,
    started: float,
    guarantee: Guarantee,
    seed: int | None = None,
    history: Sequence[float] = (),
    stopped: str = "",
) -> Answer:
    """Return the answer; the clock stops before the cost is evaluated.

    Parameters
    ----------
    started : float
        `time.perf_counter()` when the method began.
    """
    seconds = time.perf_counter() - started
    return Answer(
        method=method,
        form=form,
        cost=matrix.cost(form.entries()),
        seconds=seconds,
        seed=seed,
        guarantee=guarantee,
        history=tuple(history),
        stopped=stopped,
    )
