"""The search of the oracle `subdivision`: halving boxes until a system is decided.

Contents
--------
BoxSearch           the tree so far and the boxes that are still open
shortest_between    the fraction with the least denominator in an interval

Notes on the implementation
---------------------------
The search goes depth first, so that few boxes are in memory, and into the more
promising half first, which soon comes near a minimum: no local minimisation is needed.
It is done in float64 with proved error bounds; boxes where these are too wide are
computed anew, then in integers.
"""

import math
import time
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.bernstein import tensor_size
from semialgebraic.box_trees import (
    Box,
    might_refute,
    part_of_box,
    refuted_in_integers,
    refutes,
)
from semialgebraic.decisions import (
    BoxTree,
    Budget,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.open_boxes import (
    NEGATED,
    OpenBoxes,
    best_cuts,
    least_violation,
    least_violations,
)
from semialgebraic.rounded_bernstein import (
    Rounded,
    boxes_at_once,
    halve_rounded,
    rounded,
)
from semialgebraic.systems import Condition, Relation, System

_MOST_CUTS = 50  # of each variable, on average
_MOST_STUCK = 64
_OPEN = 1 << 30
_MOST_IN_INTEGERS = 50_000  # coefficients: a fraction of a second
_Array = NDArray[Any]


@final
class BoxSearch:
    """One search in the box of a system, every variable of which is bounded.

    The open boxes lie on a stack, the next ones on top. A node of the tree is the
    variable of its cut, or -1 - c where condition c fails, or _OPEN; the lower and the
    upper half of a box are neighbours.

    Parameters
    ----------
    system : System
    budget : Budget
        Its megabytes limit the coefficients of the open boxes.
    by : str
        Name of the oracle.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> system = System.of((x, ">="), (x - 1, "<="), (4 * x**2 - 4 * x + 2, "<="))
    >>> BoxSearch(system, Budget(), by="me").run().evidence.nodes
    (0, -3, -3)
    """

    def __init__(self, system: System, budget: Budget, *, by: str) -> None:
        self.by = by
        self.system = system
        self.deadline = time.monotonic() + budget.seconds
        sides = [(a, b) for a, b in system.box() if a is not None and b is not None]
        self.low = tuple(min(side) for side in sides)
        self.high = tuple(max(side) for side in sides)
        self.has_inner_points = all(a < b for a, b in sides)
        active = [
            (tensor_size(condition.polynomial), index)
            for index, condition in enumerate(system.conditions)
            if not self._follows_from_box(condition)
        ]
        self.active = [index for _, index in sorted(active)]
        self.relations = [system.conditions[index].relation for index in self.active]
        self.nodes, self.parents, self.children = [_OPEN], [0], [0]
        self.stack: list[OpenBoxes] = []
        self.stuck = 0
        self.attempts = 0
        self.at_once = boxes_at_once(sum(size for size, _ in active))
        # A box may share its memory with one that is done.
        open_doubles = budget.megabytes * 2**20 // 16
        self.most_open = open_doubles // max(sum(size for size, _ in active), 1)

    def _follows_from_box(self, condition: Condition) -> bool:
        """Tell whether it is a condition a x + b REL 0 that refutes no part of the box.

        On a box with inner points none does, as they define it. A flat box may be on
        the border of a strict condition; and where bounds contradict each other the
        box lies between them.
        """
        if not _is_bound(condition):
            return False
        if self.has_inner_points:
            return True
        opposite = NEGATED[condition.relation]
        return refuted_in_integers(
            condition.polynomial, opposite, (self.low, self.high)
        )

    def run(self) -> Decision:
        """Halve boxes until none is left, a point is found, or the budget ends."""
        middle = [(a + b) / 2 for a, b in zip(self.low, self.high, strict=True)]
        if self.system.holds_at(middle):
            return self._found(middle)
        point = self._judge_root()
        while self.stack and point is None:
            if time.monotonic() > self.deadline:
                return self._undecided("the time is up")
            if sum(len(boxes.nodes) for boxes in self.stack) > self.most_open:
                return self._undecided("the memory of the budget is full")
            if self.stuck > _MOST_STUCK:
                break
            point = self._step()
        if point is not None:
            return self._found(point)
        if self.stuck:
            return self._undecided("some boxes became tiny without an answer")
        tree = BoxTree(low=self.low, high=self.high, nodes=self._preorder())
        return Unsatisfiable(evidence=tree, by=self.by)

    def _found(self, point: list[Fraction]) -> Satisfiable:
        return Satisfiable(witness=AlgebraicPoint.from_rationals(point), by=self.by)

    def _undecided(self, why: str) -> Undecided:
        left = self.stuck + sum(len(boxes.nodes) for boxes in self.stack)
        refuted = sum(1 for node in self.nodes if node < 0)
        if self.stuck:
            advice = (
                "the system seems to hold or to fail without margin: ask `cad` or "
                "`critical_points`, or move a bound a little."
            )
        else:
            advice = "allow more time or memory, or ask for less precision."
        return Undecided(
            reason=f"{why}; {left} boxes remain, {refuted} are refuted.",
            advice=advice,
            by=self.by,
        )

    def _preorder(self) -> tuple[int, ...]:
        """Return the nodes of the finished tree in preorder."""
        found, waiting = [], [0]
        while waiting:
            i = waiting.pop()
            found.append(self.nodes[i])
            if self.nodes[i] >= 0:
                waiting += [self.children[i] + 1, self.children[i]]
        return tuple(found)

    def _box(self, node: int) -> Box:
        """Return the box of a node."""
        cuts = []
        while node:
            parent = self.parents[node]
            cuts.append((self.nodes[parent], node != self.children[parent]))
            node = parent
        return part_of_box(self.low, self.high, reversed(cuts))

    def _judge_root(self) -> list[Fraction] | None:
        """Refute the whole box or open it."""
        nodes = np.zeros(1, dtype=np.int64)
        forms = []
        for k, index in enumerate(self.active):
            p = self.system.conditions[index].polynomial
            forms.append(rounded(p, self.low, self.high))
            if not self._refute(nodes, forms[-1], k, np.ones(1, dtype=bool))[0]:
                return None
        return self._open(OpenBoxes(nodes, np.zeros((1, len(self.low)), int), forms))

    def _step(self) -> list[Fraction] | None:
        """Halve the next boxes; return a solution if a corner is one."""
        parts = [self.stack.pop()]
        size = len(parts[0].nodes)
        while self.stack and size + len(self.stack[-1].nodes) <= self.at_once:
            parts.append(self.stack.pop())
            size += len(parts[-1].nodes)
        boxes = OpenBoxes.joined(parts[::-1])
        if size > self.at_once:
            self.stack.append(boxes.take(slice(size - self.at_once)))
            boxes = boxes.take(slice(size - self.at_once, None))
        variables = best_cuts(boxes, self.relations)
        halves = []
        for variable in np.unique(variables).tolist():
            same = variables == variable
            halved = self._halve(boxes.take(same), variable)
            if len(halved.nodes):
                halves.append(halved)
        halves.sort(
            key=lambda part: -float(least_violations(part, self.relations).min())
        )
        for part in halves:
            point = self._open(part)
            if point is not None:
                return point
        return None

    def _halve(self, boxes: OpenBoxes, variable: int) -> OpenBoxes:
        """Cut boxes along a variable; return the halves that are not refuted."""
        n = len(boxes.nodes)
        first = len(self.nodes)
        for i, parent in enumerate(boxes.nodes.tolist()):
            self.nodes[parent] = variable
            self.children[parent] = first + 2 * i
            self.parents += [parent, parent]
        self.nodes += [_OPEN] * (2 * n)
        self.children += [0] * (2 * n)
        lower = first + 2 * np.arange(n)
        cuts = np.concatenate([boxes.cuts, boxes.cuts])
        cuts[:, variable] += 1
        done = OpenBoxes(np.concatenate([lower, lower + 1]), cuts, [])
        useful = np.ones(n, dtype=bool)  # the boxes of which a half is left
        alive = np.ones(2 * n, dtype=bool)
        for k, form in enumerate(boxes.forms):
            halves = halve_rounded(form.take(useful), variable)
            done.forms.append(halves)
            alive = self._refute(done.nodes, halves, k, alive)
            left = np.logical_or(*np.split(alive, 2))
            if not left.any():
                return OpenBoxes(done.nodes[:0], cuts[:0], [])
            both = np.concatenate([left, left])
            done, alive = done.take(both), alive[both]
            useful[useful] = left
        return done.take(alive)

    def _refute(self, nodes: _Array, form: Rounded, k: int, alive: _Array) -> _Array:
        """Close the boxes on which a condition fails; return which are alive."""
        relation, index = self.relations[k], self.active[k]
        failed = alive & refutes(relation, *form.bounds())
        unclear = alive & ~failed & might_refute(relation, form)
        for i in np.flatnonzero(unclear).tolist():
            if time.monotonic() > self.deadline:
                break
            p = self.system.conditions[index].polynomial
            box = self._box(int(nodes[i]))
            anew = rounded(p, *box)
            form.replace(i, anew)
            failed[i] = bool(refutes(relation, *anew.bounds())[0])
            if (
                not failed[i]
                and tensor_size(p) <= _MOST_IN_INTEGERS
                and might_refute(relation, anew)[0]
            ):
                failed[i] = refuted_in_integers(p, relation, box)
        for node in nodes[failed].tolist():
            self.nodes[node] = -1 - index
        left: _Array = alive & ~failed
        return left

    def _open(self, boxes: OpenBoxes) -> list[Fraction] | None:
        """Put boxes on the stack, the best last; return a solution if one is seen."""
        point = self._solution_at_corner(boxes)
        if point is not None:
            return point
        deepest = _MOST_CUTS * len(self.low)
        shallow = boxes.cuts.sum(axis=1) < deepest
        for node in boxes.nodes[~shallow].tolist():
            # Where a system only just holds, the point may still be a short rational.
            sides = zip(*self._box(node), strict=True)
            point = [shortest_between(a, b) for a, b in sides]
            if self.system.holds_at(point):
                return point
            self.stuck += 1
        boxes = boxes.take(shallow)
        order = np.argsort(-least_violations(boxes, self.relations), kind="stable")
        if self.at_once == 1:
            self.stack += [boxes.take(slice(i, i + 1)) for i in order.tolist()]
        elif len(order):
            self.stack.append(boxes.take(order))
        return None

    def _solution_at_corner(self, boxes: OpenBoxes) -> list[Fraction] | None:
        """Return a corner, or a point near it in its box, if it is a solution."""
        miss: Any = np.full((len(boxes.nodes), *[1] * len(self.low)), -np.inf)
        for form, relation in zip(boxes.forms, self.relations, strict=True):
            ends = [slice(None, None, max(n - 1, 1)) for n in form.values.shape[1:]]
            corners = form.values[(slice(None), *ends)]
            errors = form.errors.reshape(-1, *[1] * len(self.low))
            miss = np.maximum(
                miss, least_violation(relation, corners, corners) - errors
            )
        best = np.unravel_index(int(miss.argmin()), miss.shape)
        if miss[best] > 0 or self.attempts > 16 + len(self.nodes) // 16:
            return None
        self.attempts += 1
        low, high = self._box(int(boxes.nodes[best[0]]))
        for share in (Fraction(0), Fraction(1, 4), Fraction(1, 32)):
            point = [
                b - share * (b - a) if is_upper else a + share * (b - a)
                for a, b, is_upper in zip(low, high, best[1:], strict=True)
            ]
            if self.system.holds_at(point):
                return point
        return None


def shortest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the least denominator in a closed interval.

    The continued fractions of both ends agree up to where the answer branches off.

    Examples
    --------
    >>> shortest_between(Fraction(-3, 10), Fraction(-1, 4))
    Fraction(-1, 4)
    """
    if low <= 0 <= high:
        return Fraction(0)
    sign = 1 if low > 0 else -1
    if sign < 0:
        low, high = -high, -low
    quotients = []
    while low.denominator != 1 and math.floor(low) + 1 > high:
        quotients.append(math.floor(low))
        low, high = 1 / (high - quotients[-1]), 1 / (low - quotients[-1])
    found = Fraction(math.ceil(low))
    for quotient in reversed(quotients):
        found = quotient + 1 / found
    return sign * found


def _is_bound(condition: Condition) -> bool:
    """Tell whether it is a x + b REL 0, which the box of the system expresses."""
    p = condition.polynomial
    return (
        p.total_degree() == 1
        and sum(1 for degree in p.degrees() if degree) == 1
        and condition.relation is not Relation.NOT_EQUAL
    )
