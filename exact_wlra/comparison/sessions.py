"""The runs at one rank: every method, every seed, as long as there is time.

All methods run with the first seed before any runs with the second. A run gets at most
a quarter of the time that remains; a method that is ended by this is not run again.

Contents
--------
Attempts        runs, refusals, and what was left out
attempt_all     make them
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, final

import numpy as np

from exact_wlra.comparison.minima import LocalMinima
from exact_wlra.comparison.rank_results import Setting
from exact_wlra.comparison.runs import LeftOut, Refusal, Run
from exact_wlra.comparison.scoring import Scale, scored
from exact_wlra.comparison.time_limits import TimeIsOverError, run_within
from exact_wlra.errors import WLRAError
from exact_wlra.heuristics import registry
from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

_SHARE = 0.25
# A run that is begun gets so many seconds in any case.
_LEAST_SECONDS = 0.5
_INTERRUPTED = "interrupted"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """What came of the runs at one rank, in the order of the methods."""

    runs: tuple[Run, ...]
    refusals: tuple[Refusal, ...]
    left_out: tuple[LeftOut, ...]
    is_interrupted: bool

    @classmethod
    def none(cls, setting: Setting) -> Self:
        """Return what there is if Ctrl-C came before the first run."""
        return cls(
            runs=(),
            refusals=(),
            left_out=_left_out(_waiting(setting), _INTERRUPTED),
            is_interrupted=True,
        )


def attempt_all(
    setting: Setting,
    matrix: WeightedMatrix,
    *,
    rank: int,
    scale: Scale,
    minima: LocalMinima | None,
    deadline: float,
    tell: Callable[[str], None],
) -> Attempts:
    """Run every method with every seed.

    Parameters
    ----------
    scale : Scale
        The bracket at this rank.
    minima : LocalMinima or None
        Those that runs may end in.
    deadline : float
        By `time.monotonic()`.
    tell : callable
        Receives in words what is done now.

    Raises
    ------
    ViolatedBoundError
        If a matrix of rank at most k costs less than the lower bound.
    """
    runs: list[Run] = []
    refusals: list[Refusal] = []
    left_out: list[LeftOut] = []
    waiting = _waiting(setting)
    while waiting:
        name, seed = waiting[0]
        words = f", seed {seed}" if registry.METHODS[name].is_randomized else ""
        tell(f"rank {rank}: {name}{words}")
        remaining = deadline - time.monotonic()
        try:
            outcome = _attempt(name, seed, matrix, rank, remaining)
        except KeyboardInterrupt:
            left_out += _left_out(waiting, _INTERRUPTED)
            break
        if isinstance(outcome, Answer):
            place = _place(outcome, matrix, rank, minima)
            run = scored(outcome, method=name, rank=rank, scale=scale, minimum=place)
            runs.append(run)
            waiting = waiting[1:]
            continue
        own = [pair for pair in waiting if pair[0] == name]
        waiting = [pair for pair in waiting if pair[0] != name]
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
        else:
            left_out += _left_out(own, outcome)
    order = {name: place for place, name in enumerate(setting.methods)}
    return Attempts(
        runs=tuple(sorted(runs, key=lambda run: order[run.method])),
        refusals=tuple(sorted(refusals, key=lambda each: order[each.method])),
        left_out=tuple(sorted(left_out, key=lambda each: order[each.method])),
        is_interrupted=any(each.why == _INTERRUPTED for each in left_out),
    )


def _attempt(
    name: str, seed: int, matrix: WeightedMatrix, rank: int, remaining: float
) -> Answer | Refusal | str:
    """Return the answer, or that the method refuses, or why there was no time."""
    if remaining <= 0:
        return "no time was left"
    limit = max(_SHARE * remaining, _LEAST_SECONDS)
    try:
        return run_within(
            limit, lambda: registry.run(name, matrix, rank=rank, seed=seed)
        )
    except TimeIsOverError:
        return f"a run took longer than its {limit:.1f} s"
    except WLRAError as error:
        return Refusal(method=name, why=str(error))
    except (ArithmeticError, ValueError) as error:
        # LinAlgError is a ValueError.
        why = f"{type(error).__name__}: {error}"
        return Refusal(method=name, why=why, is_failure=True)


def _place(
    answer: Answer, matrix: WeightedMatrix, rank: int, minima: LocalMinima | None
) -> int | None:
    """Return the local minimum that an answer is near."""
    if minima is None or not answer.is_feasible(rank) or not np.isfinite(answer.cost):
        return None
    return minima.near(matrix, answer.form.entries(), answer.cost)


def _waiting(setting: Setting) -> list[tuple[str, int]]:
    """Return (method, seed) of all runs, in the order in which they are made."""
    return [
        (name, seed)
        for number, seed in enumerate(setting.seeds)
        for name in setting.methods
        if number == 0 or registry.METHODS[name].is_randomized
    ]


def _left_out(waiting: list[tuple[str, int]], why: str) -> tuple[LeftOut, ...]:
    """Return these runs as left out, one record a method."""
    names = [name for name, _ in waiting]
    return tuple(
        LeftOut(method=name, n_runs=names.count(name), why=why)
        for name in dict.fromkeys(names)
    )
