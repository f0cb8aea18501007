"""Time limits, interruption and progress of a run, and what it may use.

Contents
--------
Budget      deadline and interruption flag, asked by searches between steps; workers
            and checkpoint
Report      one line of progress: a bracket and a count
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import final

from exact_wlra.checkpoint import Checkpoint
from exact_wlra.workers import Workers


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Progress of a search; floats here are estimates for reading only."""

    stage: str
    lower: float
    upper: float
    nodes: int
    seconds: float


@final
@dataclass(slots=True, kw_only=True)
class Budget:
    """Deadline and interruption of one run; the only mutable value that is passed on.

    Parameters
    ----------
    time_limit : float
        Seconds from now.
    report : callable
        Receives a `Report` from time to time; may be None.
    settled : (float, float)
        Bracket of the parts that are done; it is added to what is reported.
    muted : bool
        True while a search runs whose bracket is not about the problem.
    workers : Workers
        Who computes what can be computed side by side.
    checkpoint : Checkpoint
        Where long searches leave their state, and find it.

    Examples
    --------
    >>> budget = Budget(time_limit=60)
    >>> budget.is_spent()
    False
    >>> budget.interrupt()
    >>> budget.is_spent()
    True
    """

    time_limit: float
    report: Callable[[Report], None] | None = None
    interrupted: bool = False
    settled: tuple[float, float] = (0.0, 0.0)
    muted: bool = False
    workers: Workers = field(default_factory=Workers)
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    def is_spent(self) -> bool:
        """Tell whether the time is over or the run was interrupted."""
        return self.interrupted or self.seconds() > self.time_limit

    def interrupt(self) -> None:
        """Ask the running search to stop at its next step."""
        self.interrupted = True

    def settle(self, lower: float, upper: float) -> None:
        """Count parts that are done in what is reported from now on."""
        self.settled = (lower, upper)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Report nothing inside the block."""
        before, self.muted = self.muted, True
        try:
            yield
        finally:
            self.muted = before

    def tell(self, stage: str, lower: float, upper: float, nodes: int) -> None:
        """Pass one line of progress on."""
        if self.report is not None and not self.muted:
            self.report(
                Report(
                    stage=stage,
                    lower=self.settled[0] + lower,
                    upper=self.settled[1] + upper,
                    nodes=nodes,
                    seconds=self.seconds(),
                )
            )
