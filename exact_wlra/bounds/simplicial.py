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
Node, Entry         a simplex, and a multiplier in the pool

Notes on the implementation
---------------------------
A multiplier is aimed not at its own vertex but at a point pulled towards the center of
the simplex; measured to need many times fewer simplices. Nodes are processed in
batches, so that the linear algebra of a batch is one LAPACK call. Eliminating U or V
gives different relaxations; where one is not tight the other often is, so both take
turns.
"""

import heapq
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.bounds.multipliers import find_multipliers
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex
from exact_wlra.bounds.simplicial_proof import Entry, Node, write_proof
from exact_wlra.budget import Budget
from exact_wlra.certificates import Exclusion, Simplicial
from reductions.instances import Instance
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import factor_weights

# How far a multiplier's aim is pulled from its vertex towards the center.
_PULL = 0.6
# Edges shorter than this part of the longest are not bisected: no slivers.
_LONG = 0.7
_BATCH_FLOATS = 4_000_000
_LARGEST_BATCH = 64
# Part of the remaining time for the bound on one set of excluded groups.
_SHARE = 0.05
# Length of the first turn of each side, in seconds.
_FIRST_TURN = 0.5


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
    """

    def __init__(self, instance: Instance, space: PatternSpace, budget: Budget) -> None:
        self.instance = instance
        self.space = space
        self.floats = PatternFloats.of(space)
        self.best_capture = 0.0
        self.best_point = np.zeros(len(self.floats.roots))
        self.n_nodes = 0
        self.pool: list[Entry] = []
        self._budget = budget
        self._accuracy = 0.0
        self._exclusions: dict[frozenset[int], Exclusion] = {}
        self._heap: list[tuple[float, int, Node]] = []
        # Bound of simplices too small for exact midpoints: they stay as they are.
        self._stuck = 0.0
        self.root = self._make_root()
        self._push(self.root)

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

    def run(self, gap: float, *, slack: float = 0.0, seconds: float = np.inf) -> bool:
        """Search until upper - lower <= gap * upper + slack; tell whether it was."""
        order = len(self.floats.roots)
        size = len(self.floats.diagonals)
        batch = _BATCH_FLOATS // (order * order * size)
        batch = int(np.clip(batch, 1, _LARGEST_BATCH))
        deadline = self._budget.seconds() + seconds
        while True:
            target = self.best_capture + gap * self.upper + slack
            self._accuracy = (target - self.best_capture) / 30
            if self._stuck > target:
                return False
            if not self._heap or -self._heap[0][0] <= target:
                return True
            if self._budget.is_spent() or self._budget.seconds() > deadline:
                return False
            nodes: list[Node] = []
            while self._heap and len(nodes) < batch and -self._heap[0][0] > target:
                nodes.append(heapq.heappop(self._heap)[2])
            self._bisect(nodes)
            self._budget.tell(
                "simplicial", self.floats.energy - self.bound, self.upper, self.n_nodes
            )

    def is_stuck(self) -> bool:
        """Tell whether the search met simplices that bisection cannot improve."""
        return self._stuck > 0.0

    def proof(self, gap: float, slack: float = 0.0) -> Simplicial:
        """Return the certificate that the tree of this moment supports.

        Rounding may spend gap * upper + slack of the captured energy.
        """
        spend = max(gap * self.upper + slack, 2e-15 * self.floats.energy, 1e-300)
        return write_proof(
            self.space.factorization,
            self.root,
            self.pool,
            self._exclusions_of,
            capture=self.best_capture,
            spend=spend,
        )

    def _push(self, node: Node) -> None:
        self.n_nodes += 1
        heapq.heappush(self._heap, (-node.bound, self.n_nodes, node))

    def _make_root(self) -> Node:
        """Return the whole simplex with multipliers at its corners."""
        size = len(self.floats.diagonals)
        starts = np.ones((size, len(self.floats.roots)))
        starts += 0.01 * np.cos(np.arange(starts.size)).reshape(starts.shape)
        leading = self.floats.grams.sum(axis=0)
        for _ in range(20):
            starts = starts @ leading
            starts /= np.linalg.norm(starts, axis=1, keepdims=True) + 1e-300
        node = Node(vertices=np.eye(size), chosen=[])
        self._improve([node], starts)
        return node

    def _bisect(self, nodes: list[Node]) -> None:
        """Replace nodes by their halves."""
        children: list[Node] = []
        for node in nodes:
            i, j = self._edge(node)
            middle = (node.vertices[i] + node.vertices[j]) / 2
            if (np.ldexp(middle, 52) % 1 != 0).any():  # no longer exact in float64
                self._stuck = max(self._stuck, node.bound)
                continue
            mean = self._mean(middle, node.chosen[i], node.chosen[j])
            pair = []
            for replaced in (i, j):
                vertices = node.vertices.copy()
                vertices[replaced] = middle
                chosen = list(node.chosen)
                chosen[replaced] = mean
                pair.append(Node(vertices=vertices, chosen=chosen, middle=replaced))
            node.children = (pair[0], pair[1])
            node.split = (i, j)
            children += pair
        if children:
            starts = [self.pool[i].point for child in children for i in child.chosen]
            self._improve(children, np.array(starts))
        for child in children:
            self._push(child)

    def _mean(self, middle: Floats, first: int, second: int) -> int:
        """Return the pool index of the mean of two multipliers, at the midpoint."""
        one, other = self.pool[first], self.pool[second]
        self.pool.append(
            Entry(
                vertex=middle,
                values=(one.values + other.values) / 2,
                point=one.point,
                excluded=one.excluded | other.excluded,
            )
        )
        return len(self.pool) - 1

    def _edge(self, node: Node) -> tuple[int, int]:
        """Return the edge along which the bound loses most, among the long ones."""
        values = np.array([self.pool[index].values for index in node.chosen])
        products = values @ node.vertices.T
        form = products + products.T
        diagonal = np.diag(form)
        loss = form - (diagonal[:, None] + diagonal[None, :]) / 2
        lengths = np.abs(node.vertices[:, None] - node.vertices[None]).sum(axis=2)
        loss[lengths < _LONG * lengths.max()] = -np.inf
        np.fill_diagonal(loss, -np.inf)
        i, j = divmod(int(loss.argmax()), len(loss))
        return (i, j) if i < j else (j, i)

    def _improve(self, nodes: list[Node], starts: Floats) -> None:
        """Find multipliers for all vertices of the nodes and set their bounds."""
        size = len(self.floats.diagonals)
        vertices = np.array([node.vertices for node in nodes])
        centers = vertices.mean(axis=1, keepdims=True)
        aims = ((1 - _PULL) * vertices + _PULL * centers).reshape(-1, size)
        excluded = []
        for node in nodes:
            singular = self.floats.singular_groups(node.vertices)
            excluded += [frozenset[int]().union(*singular)] * size
        flat = vertices.reshape(-1, size)
        found = find_multipliers(
            self.floats.matrices(flat, excluded),
            self.floats.diagonals,
            aims,
            starts,
            margin=self.floats.margin,
            accuracy=self._accuracy,
        )
        self._consider(found.points)
        candidates: list[tuple[Node, list[int]]] = []
        for number, node in enumerate(nodes):
            fresh = []
            for index in range(number * size, (number + 1) * size):
                fresh.append(len(self.pool))
                self.pool.append(
                    Entry(
                        vertex=flat[index],
                        values=found.values[index],
                        point=found.points[index],
                        excluded=excluded[index],
                    )
                )
            candidates += [(node, chosen) for chosen in _candidates(node, fresh)]
        self._choose(candidates)

    def _choose(self, candidates: list[tuple[Node, list[int]]]) -> None:
        """Give every node the best bound among its candidate multipliers."""
        values = np.array([[self.pool[i].values for i in c] for _, c in candidates])
        vertices = np.array([node.vertices for node, _ in candidates])
        products = np.einsum("kis,kjs->kij", values, vertices)
        maxima, _ = maximum_on_simplex((products + products.transpose(0, 2, 1)) / 2)
        for node, _ in candidates:
            node.bound = np.inf
        for (node, chosen), value in zip(candidates, maxima, strict=True):
            bound = float(value)
            if self.floats.has_zeros:
                exclusions = self._exclusions_of(chosen)
                captured = sum((e.bound for e in exclusions), start=Fraction(0))
                bound += float(captured) * (1 + 1e-15)
            if bound < node.bound:
                node.bound, node.chosen = bound, chosen

    def _exclusions_of(self, chosen: list[int]) -> list[Exclusion]:
        """Return bounds on what the groups excluded at a node capture.

        The groups that are singular at one vertex are bounded together: their rows have
        no weight on the classes of that vertex, so theirs is a smaller problem.
        """
        excluded = frozenset[int]().union(*(self.pool[i].excluded for i in chosen))
        if not excluded:
            return []
        vertices = np.array([self.pool[i].vertex for i in chosen])
        singular = set(self.floats.singular_groups(vertices))
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
            slack = max(1e-9 * self.floats.energy, self._accuracy)
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
    """Run searches in turns of doubling length; return the one with the best bound."""
    turn = _FIRST_TURN if len(searches) > 1 else np.inf
    while True:
        for search in searches:
            if search.run(gap, seconds=turn) or budget.is_spent():
                return min(searches, key=lambda s: s.bound)
        alive = [search for search in searches if not search.is_stuck()]
        if not alive:
            return min(searches, key=lambda s: s.bound)
        turn *= 2


def _candidates(node: Node, fresh: list[int]) -> list[list[int]]:
    """Return choices of multipliers: fresh ones, the inherited ones, and a mixture.

    At the new vertex of a child, the middle of an edge, the mean of the multipliers at
    its ends is valid (operator convexity): no child is bounded worse than its parent.
    """
    if not node.chosen:
        return [fresh]
    mixed = list(node.chosen)
    mixed[node.middle] = fresh[node.middle]
    return [fresh, node.chosen, mixed]
