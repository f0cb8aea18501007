"""Branch and bound in pattern space at rank one (T2, T3).

The cost after eliminating u depends on v through a few block norms t = t(v), a point of
a simplex. On a small simplex the captured energy F is below a tiny quadratic form whose
coefficients come from multipliers at the vertices; best-first bisection makes the bound
converge quadratically. The search is floating point; the certificate it returns is
verified in exact arithmetic by `exact_wlra.checker.simplicial`.

Contents
--------
SimplicialSearch    the search, resumable: `run` until a target or a time is reached
search_sides        the searches from both sides in turns

Notes on the implementation
---------------------------
A multiplier is aimed not at its own vertex but at a point pulled into the simplex;
measured to need many times fewer simplices. Nodes are processed in batches, so that the
linear algebra of a part of a batch is one LAPACK call, and parts may be computed side
by side; what a batch consists of does not depend on who computes it. Eliminating U or V
gives different relaxations; where one is not tight the other often is, so both take
turns, measured in work and not in time, so that runs repeat.
"""

import heapq
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.simplex_batches import (
    Batch,
    Booleans,
    Improved,
    improve,
    longest_losses,
)
from exact_wlra.bounds.simplicial_proof import Node, write_proof
from exact_wlra.bounds.simplicial_state import (
    pack_exclusions,
    pack_tree,
    unpack_exclusions,
    unpack_tree,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Exclusion, Simplicial
from exact_wlra.checkpoint import Arrays
from reductions.instances import Instance
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import factor_weights

_BATCH_FLOATS = 32_000_000
_LARGEST_BATCH = 512
# Parts of a batch that are computed by themselves.
_PARTS = 8
# Part of the remaining time for the bound on one set of excluded groups.
_SHARE = 0.05
# Length of the first turn of each side, in seconds, and about how many seconds a vertex
# takes: a constant, and a multiple of the cube of the order.
_FIRST_TURN = 0.5
_VERTEX_SECONDS, _CUBE_SECONDS = 5e-5, 1e-8


@final
class SimplicialSearch:
    """Best-first bisection of pattern space.

    Parameters
    ----------
    instance : Instance
        Of rank one, every row with weight.
    space : PatternSpace
        Its exact formulation.
    budget : Budget
        Ends `run` early.
    name : str
        Under which checkpoints keep the state; "" for a search that none keeps.
    """

    def __init__(
        self,
        instance: Instance,
        space: PatternSpace,
        budget: Budget,
        *,
        name: str = "",
    ) -> None:
        self.name = name
        self.instance = instance
        self.space = space
        self.floats = PatternFloats.of(space)
        self.best_capture = 0.0
        self.best_point = np.zeros(len(self.floats.roots))
        self.n_nodes = 0
        self._budget = budget
        # Nodes with larger bounds are open; set by `run`.
        self._target = 0.0
        self._exclusions: dict[frozenset[int], Exclusion] = {}
        self._heap: list[tuple[float, int, Node]] = []
        # Bound of simplices too small for exact midpoints: they stay as they are.
        self._stuck = 0.0
        size, order = len(self.floats.diagonals), len(self.floats.roots)
        batch = _BATCH_FLOATS // (order * order * size)
        self._batch_size = int(np.clip(batch, 1, _LARGEST_BATCH))
        self.root = self._make_root()
        self._push(self.root)
        state = budget.checkpoint.find(name) if name else None
        if state is not None:
            self._resume(state)

    @property
    def bound(self) -> float:
        """The largest bound on the captured energy among open leaves (an estimate)."""
        top = -self._heap[0][0] if self._heap else 0.0
        return max(top, self._stuck, self.best_capture)

    @property
    def upper(self) -> float:
        """The cost of the best point, an estimate."""
        return max(self.floats.energy - self.best_capture, 0.0)

    def offer(self, right: Floats) -> None:
        """Offer a vector v found elsewhere as incumbent."""
        self._consider((right * self.floats.roots)[None])

    @property
    def node_seconds(self) -> float:
        """About how long a node takes: for the length of turns, not for clocks."""
        cube = len(self.floats.roots) ** 3
        return len(self.floats.diagonals) * (_VERTEX_SECONDS + _CUBE_SECONDS * cube)

    def run(
        self,
        gap: float,
        *,
        slack: float = 0.0,
        seconds: float = np.inf,
        max_nodes: float = np.inf,
    ) -> bool:
        """Search until upper - lower <= gap * upper + slack; tell whether it was.

        It also ends after some seconds, or once there have been `max_nodes` in all.
        """
        deadline = self._budget.seconds() + seconds
        while True:
            target = self.best_capture + gap * self.upper + slack
            self._target = target
            if self._stuck > target:
                return False
            if not self._heap or -self._heap[0][0] <= target:
                return True
            if self._budget.is_spent() or self._budget.seconds() > deadline:
                return False
            if self.n_nodes >= max_nodes:
                return False
            nodes: list[Node] = []
            while (
                self._heap
                and len(nodes) < self._batch_size
                and -self._heap[0][0] > target
            ):
                nodes.append(heapq.heappop(self._heap)[2])
            self._bisect(nodes)
            self._budget.tell(
                "simplicial", self.floats.energy - self.bound, self.upper, self.n_nodes
            )
            if self.name:
                self._budget.checkpoint.keep(self.name, self.state)

    def is_stuck(self) -> bool:
        """Tell whether the search met simplices that bisection cannot improve."""
        return self._stuck > 0.0

    def state(self) -> Arrays:
        """Return all that a search needs to go on from here, between two runs."""
        counts = [self.n_nodes, self.best_capture]
        return (
            pack_tree(self.root)
            | pack_exclusions(self._exclusions.values())
            | {
                "best": self.best_point,
                "counts": np.array(counts, dtype=float),
            }
        )

    def _resume(self, state: Arrays) -> None:
        """Go on from a state.

        Raises
        ------
        CheckpointError
            If it is not that of a search in this pattern space.
        """
        n_groups, size = self.floats.weights.shape
        order = len(self.floats.roots)
        try:
            root, leaves = unpack_tree(state, size=size, order=order, n_groups=n_groups)
            self._exclusions = unpack_exclusions(state)
            (n_nodes, capture), best = state["counts"].tolist(), state["best"]
            met = float(self.floats.captures((best * self.floats.roots)[None])[0])
        except (ValueError, KeyError, TypeError) as error:
            raise self._budget.checkpoint.damaged() from error
        if not abs(met - capture) <= 1e-9 * met:
            raise self._budget.checkpoint.damaged()
        self.root, self.n_nodes = root, int(n_nodes)
        self.best_capture, self.best_point = capture, best
        self._heap = [
            (-leaf.bound, leaf.number, leaf) for leaf in leaves if leaf.number
        ]
        heapq.heapify(self._heap)
        self._stuck = max(
            (leaf.bound for leaf in leaves if not leaf.number), default=0.0
        )

    def proof(self, gap: float, slack: float = 0.0) -> Simplicial:
        """Return the certificate that the tree of this moment supports.

        Rounding may spend gap * upper + slack of the captured energy.
        """
        spend = max(gap * self.upper + slack, 2e-15 * self.floats.energy, 1e-300)
        return write_proof(
            self.space.factorization,
            self.root,
            lambda node: self._exclusions_of(node.vertices, node.excluded),
            capture=self.best_capture,
            spend=spend,
        )

    def _push(self, node: Node) -> None:
        self.n_nodes += 1
        node.number = self.n_nodes
        heapq.heappush(self._heap, (-node.bound, node.number, node))

    def _make_root(self) -> Node:
        """Return the whole simplex with multipliers at its corners."""
        size, order = len(self.floats.diagonals), len(self.floats.roots)
        starts = np.ones((size, order))
        starts += 0.01 * np.cos(np.arange(starts.size)).reshape(starts.shape)
        leading = self.floats.grams.sum(axis=0)
        for _ in range(20):
            starts = starts @ leading
            starts /= np.linalg.norm(starts, axis=1, keepdims=True) + 1e-300
        node = Node(
            vertices=np.eye(size),
            values=np.zeros((size, size)),
            points=starts.astype(np.float32),
            excluded=np.zeros((size, len(self.floats.weights)), dtype=bool),
        )
        self._improve([node], None)
        return node

    def _bisect(self, nodes: list[Node]) -> None:
        """Replace nodes by their halves."""
        vertices = np.array([node.vertices for node in nodes])
        first, second = longest_losses(
            vertices, np.array([node.values for node in nodes])
        )
        rows = np.arange(len(nodes))
        middles = (vertices[rows, first] + vertices[rows, second]) / 2
        is_exact = (np.ldexp(middles, 52) % 1 == 0).all(axis=1)
        children: list[Node] = []
        replaced: list[int] = []
        for row, node in enumerate(nodes):
            if not is_exact[row]:
                self._stuck, node.number = max(self._stuck, node.bound), 0
                continue
            i, j = int(first[row]), int(second[row])
            children += node.bisect(i, j, middles[row])
            replaced += [i, j]
        if children:
            self._improve(children, replaced)
        for child in children:
            self._push(child)

    def _improve(self, nodes: list[Node], replaced: list[int] | None) -> None:
        """Find multipliers for all vertices of the nodes and set their bounds."""
        vertices = np.array([node.vertices for node in nodes])
        inherited = np.array([node.excluded for node in nodes])
        excluded = np.zeros((len(nodes), inherited.shape[2]), dtype=bool)
        offsets = np.zeros((len(nodes), 3))
        middles = np.array(replaced or [0] * len(nodes))
        if self.floats.has_zeros:
            for row, corners in enumerate(vertices):
                excluded[row] = self.floats.singular_groups(corners).any(axis=0)
            mixed = inherited.copy()
            mixed[np.arange(len(nodes)), middles] = excluded
            for column, masks in enumerate((excluded[:, None], inherited, mixed)):
                offsets[:, column] = self._offsets(vertices, masks)
        batch = Batch(
            vertices=vertices,
            values=np.array([node.values for node in nodes]) if replaced else None,
            points=np.array([node.points for node in nodes]),
            middles=middles,
            excluded=excluded,
            offsets=offsets,
            target=self._target,
            accuracy=(self._target - self.best_capture) / 2,
        )
        size = max(1, self._batch_size // _PARTS)
        parts = [batch.part(k, k + size) for k in range(0, len(nodes), size)]
        results = self._budget.workers.map(partial(improve, self.floats), parts)
        for number, result in enumerate(results):
            self._take(nodes[number * size :], excluded[number * size :], result)

    def _take(self, nodes: list[Node], excluded: Booleans, result: Improved) -> None:
        """Write what was found into the nodes, and keep the best point."""
        for row, bound in enumerate(result.bounds.tolist()):
            node, is_new = nodes[row], result.is_new[row]
            node.bound = bound
            node.values, node.points = result.values[row], result.points[row]
            node.excluded[is_new] = excluded[row]
        if result.capture > self.best_capture:
            self.best_capture = result.capture
            self.best_point = result.best / self.floats.roots

    def _offsets(self, vertices: Floats, masks: Booleans) -> Floats:
        """Return what the groups excluded anywhere may add to the bounds of nodes."""
        added = [
            sum((e.bound for e in self._exclusions_of(*pair)), start=Fraction(0))
            for pair in zip(vertices, masks, strict=True)
        ]
        return np.array(added, dtype=float) * (1 + 1e-15)

    def _exclusions_of(self, vertices: Floats, masks: Booleans) -> list[Exclusion]:
        """Return bounds on what the groups excluded at a node's vertices capture.

        The groups that are singular at one vertex are bounded together: their rows have
        no weight on the classes of that vertex, so theirs is a smaller problem.
        """
        if not masks.any():
            return []
        excluded = frozenset(np.nonzero(masks)[1].tolist())
        singular = {
            frozenset(np.flatnonzero(row).tolist())
            for row in self.floats.singular_groups(vertices)
        }
        parts = []
        for groups in sorted(singular, key=lambda g: (-len(g), sorted(g))):
            if groups & excluded:
                parts.append(self._exclusion(groups & excluded))
                excluded -= groups
        parts += [self._exclusion(frozenset({g})) for g in sorted(excluded)]
        return parts

    def _exclusion(self, groups: frozenset[int]) -> Exclusion:
        """Return a proved bound on what the rows of some groups capture together."""
        if groups not in self._exclusions:
            rows = np.flatnonzero(np.isin(self.space.labels, sorted(groups)))
            part = self.instance.restrict(rows)
            space = pattern_space(part, factor_weights(part.squared_weights))
            # A part of what the whole may lose, and of the time; any bound holds.
            spare = (self._target - self.best_capture) / 30
            slack = max(1e-9 * self.floats.energy, spare)
            left = self._budget.time_limit - self._budget.seconds()
            with self._budget.silence():
                search = SimplicialSearch(part, space, self._budget)
                search.run(0.0, slack=slack, seconds=max(_SHARE * left, 0.5))
            proof = search.proof(0.0, slack)
            self._exclusions[groups] = Exclusion(
                groups=tuple(sorted(groups)), bound=proof.capture, proof=proof
            )
        return self._exclusions[groups]

    def _consider(self, points: Floats) -> None:
        """Evaluate F at points x and keep the best."""
        captures = self.floats.captures(points)
        best = int(captures.argmax())
        if captures[best] > self.best_capture:
            self.best_capture = float(captures[best])
            self.best_point = points[best] / self.floats.roots


def search_sides(
    searches: list[SimplicialSearch], *, gap: float, budget: Budget
) -> SimplicialSearch:
    """Run searches in turns of doubling length; return the one with the best bound.

    Turns end at numbers of nodes: a resumed search goes on in the turn where it was.
    """
    turn = _FIRST_TURN
    is_open = True
    while is_open:
        alive = [search for search in searches if not search.is_stuck()]
        is_open = bool(alive)
        for search in alive:
            limit = turn / search.node_seconds if len(alive) > 1 else np.inf
            if search.run(gap, max_nodes=limit) or budget.is_spent():
                is_open = False
                break
        turn *= 2
    budget.checkpoint.write()
    return min(searches, key=lambda s: s.bound)
