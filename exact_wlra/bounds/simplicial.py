"""Branch and bound in pattern space at rank one (T2, T3).

The cost after eliminating u depends on v through a few block norms t = t(v), a point of
a simplex. On a small simplex the captured energy F is below a tiny quadratic form whose
coefficients come from multipliers at the vertices; best-first bisection makes the bound
converge quadratically. The search is floating point; the certificate it returns is
verified in exact arithmetic by `exact_wlra.checker.simplicial`.

Contents
--------
SimplicialSearch    the search, resumable: `run` until a target or the budget is reached
prove_simplicial    search and return the certificate and the best v

Notes on the implementation
---------------------------
A multiplier is aimed not at its own vertex but at a point pulled towards the center of
the simplex; measured to need many times fewer simplices. Nodes are processed in batches,
so that the linear algebra of a batch is one LAPACK call.
"""

import heapq
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from reductions.pattern_space import PatternSpace
from semialgebraic.rationals import dyadic_above

from exact_wlra.bounds.multipliers import Floats, find_multipliers
from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex
from exact_wlra.budget import Budget
from exact_wlra.certificates import Bisection, Leaf, Multiplier, Simplicial

# How far a multiplier's aim is pulled from its vertex towards the center.
_PULL = 0.6
_BATCH_FLOATS = 4_000_000


@final
@dataclass(slots=True, kw_only=True)
class _Node:
    """A simplex: vertices, multiplier indices, bound, and its place in the tree."""

    vertices: Floats
    chosen: list[int]
    bound: float
    children: "tuple[_Node, _Node] | None" = None
    split: tuple[int, int] = (0, 0)


@final
class SimplicialSearch:
    """Best-first bisection of pattern space.

    Parameters
    ----------
    space : PatternSpace
        The exact formulation.
    """

    def __init__(self, space: PatternSpace) -> None:
        shares = space.factorization.shares.to_float()
        total = shares.sum(axis=0)
        self._space = space
        self._root_total = np.sqrt(np.where(total > 0, total, 1.0))
        self._diagonals = shares / np.where(total > 0, total, 1.0)
        self._diagonals[0, total == 0] = 1.0
        grams = np.array([_floats(gram, space.scale) for gram in space.grams])
        self._grams = grams / self._root_total[:, None] / self._root_total[None, :]
        self._weights = space.group_weights.astype(float)
        self._exclusion: dict[int, float] = {}
        order = grams.shape[1]
        # What the rounded Cholesky test of the checker costs, relative to the trace.
        spread = float((self._root_total.max() / self._root_total.min()) ** 2)
        self._margin = 8.0 * (order + 4) * 2.0**-53 * spread
        self._pool: list[tuple[Floats, Floats, Floats, frozenset[int]]] = []
        self.energy = space.energy / space.scale
        self.best_capture = 0.0
        self.best_point = np.zeros(order)
        self.n_nodes = 0
        self._root = self._make_root()
        self._heap: list[tuple[float, int, _Node]] = []
        self._push(self._root)

    @property
    def bound(self) -> float:
        """The largest bound on the captured energy among all leaves (an estimate)."""
        return self._pruned_bound if not self._heap else max(
            -self._heap[0][0], self._pruned_bound
        )

    _pruned_bound = 0.0

    def offer(self, right: Floats) -> None:
        """Offer a vector v found elsewhere as incumbent."""
        self._consider((right * self._root_total)[None])

    def run(self, gap: float, budget: Budget) -> bool:
        """Search until (upper - lower) <= gap * upper; tell whether it was reached.

        Parameters
        ----------
        gap : float
            Relative to the cost, in the units of the formulation.
        """
        order = self._grams.shape[1]
        size = len(self._diagonals)
        batch = max(1, min(32, _BATCH_FLOATS // (order * order * size)))
        while True:
            target = self._target(gap)
            if not self._heap or -self._heap[0][0] <= target:
                return True
            if budget.is_spent():
                return False
            nodes = []
            while self._heap and len(nodes) < batch and -self._heap[0][0] > target:
                nodes.append(heapq.heappop(self._heap)[2])
            self._bisect(nodes)
            upper = self.energy - self.best_capture
            budget.tell("simplicial", self.energy - self.bound, upper, self.n_nodes)

    def _target(self, gap: float) -> float:
        """Return the captured energy below which a node needs no further work."""
        upper = max(self.energy - self.best_capture, 0.0)
        return self.best_capture + gap * upper

    def _push(self, node: _Node) -> None:
        self.n_nodes += 1
        heapq.heappush(self._heap, (-node.bound, self.n_nodes, node))

    def _make_root(self) -> _Node:
        """Return the whole simplex with multipliers at its corners."""
        size = len(self._diagonals)
        vertices = np.eye(size)
        node = _Node(vertices=vertices, chosen=[], bound=np.inf)
        starts = np.ones((size, self._grams.shape[1]))
        starts += 0.01 * np.cos(np.arange(starts.size)).reshape(starts.shape)
        leading = self._grams.sum(axis=0)
        for _ in range(20):
            starts = starts @ leading
            starts /= np.linalg.norm(starts, axis=1, keepdims=True)
        self._improve([node], [starts])
        return node

    def _bisect(self, nodes: list[_Node]) -> None:
        """Replace nodes by their halves."""
        children: list[_Node] = []
        for node in nodes:
            i, j = self._edge(node)
            middle = (node.vertices[i] + node.vertices[j]) / 2
            pair = []
            for replaced in (i, j):
                vertices = node.vertices.copy()
                vertices[replaced] = middle
                pair.append(
                    _Node(
                        vertices=vertices, chosen=list(node.chosen), bound=node.bound
                    )
                )
            node.children = (pair[0], pair[1])
            node.split = (i, j)
            children += pair
        starts = [self._starts(child) for child in children]
        self._improve(children, starts)
        for child in children:
            self._push(child)

    def _starts(self, child: _Node) -> Floats:
        """Return starting points: those of the parent's multipliers."""
        return np.array([self._pool[index][2] for index in child.chosen])

    def _edge(self, node: _Node) -> tuple[int, int]:
        """Return the edge along which the bound loses most, among the long ones."""
        form = self._form(node.vertices, node.chosen)
        diagonal = np.diag(form)
        loss = form - (diagonal[:, None] + diagonal[None, :]) / 2
        lengths = np.abs(node.vertices[:, None] - node.vertices[None]).sum(axis=2)
        loss[lengths < 0.3 * lengths.max()] = -np.inf
        np.fill_diagonal(loss, -np.inf)
        i, j = divmod(int(loss.argmax()), len(loss))
        return (i, j) if i < j else (j, i)

    def _form(self, vertices: Floats, chosen: list[int]) -> Floats:
        """Return Q_ij = (<lambda_i, t_j> + <lambda_j, t_i>)/2."""
        values = np.array([self._pool[index][1] for index in chosen])
        products = values @ vertices.T
        form: Floats = (products + products.T) / 2
        return form

    def _improve(self, nodes: list[_Node], starts: list[Floats]) -> None:
        """Find multipliers for all vertices of the nodes and set their bounds."""
        excluded = [self._excluded(node.vertices) for node in nodes]
        matrices, aims = [], []
        for node, groups in zip(nodes, excluded, strict=True):
            center = node.vertices.mean(axis=0)
            for vertex in node.vertices:
                matrices.append(self._matrix(vertex, groups))
                aims.append((1 - _PULL) * vertex + _PULL * center)
        aim_array = np.array(aims)
        found = find_multipliers(
            np.array(matrices),
            self._diagonals,
            aim_array,
            np.concatenate(starts),
            self._margin,
        )
        self._consider(found.points)
        size = len(self._diagonals)
        for number, (node, groups) in enumerate(zip(nodes, excluded, strict=True)):
            fresh = []
            for position, vertex in enumerate(node.vertices):
                index = number * size + position
                self._pool.append(
                    (vertex, found.values[index], found.points[index], groups)
                )
                fresh.append(len(self._pool) - 1)
            self._choose(node, fresh)

    def _choose(self, node: _Node, fresh: list[int]) -> None:
        """Take, vertex by vertex, the inherited or the fresh multiplier."""
        candidates = [fresh]
        inherited = [
            old
            if old is not None and (self._pool[old][0] == vertex).all()
            else new
            for old, new, vertex in zip(
                node.chosen or [None] * len(fresh), fresh, node.vertices, strict=True
            )
        ]
        if inherited != fresh:
            candidates.append(inherited)
        for chosen in candidates:
            form = self._form(node.vertices, chosen)
            value, _ = maximum_on_simplex(form[None])
            groups = frozenset[int]().union(*(self._pool[i][3] for i in chosen))
            bound = float(value[0]) + sum(self._group_bound(g) for g in groups)
            if bound <= node.bound or chosen is fresh:
                node.bound = min(bound, node.bound)
                node.chosen = list(chosen)

    def _excluded(self, vertices: Floats) -> frozenset[int]:
        """Return the groups without weight at some vertex."""
        sigma = self._weights @ vertices.T
        return frozenset(np.flatnonzero((sigma <= 0).any(axis=1)).tolist())

    def _matrix(self, vertex: Floats, excluded: frozenset[int]) -> Floats:
        """Return sum_g M_g / s_g(t) over the groups that are not excluded."""
        sigma = self._weights @ vertex
        coefficients = np.where(sigma > 0, 1 / np.where(sigma > 0, sigma, 1.0), 0.0)
        for group in excluded:
            coefficients[group] = 0.0
        return np.tensordot(coefficients, self._grams, axes=1)

    def _group_bound(self, group: int) -> float:
        """Return the most that one group can capture, rounded up."""
        if group not in self._exclusion:
            row = self._space.weight_rows[group].astype(float) / self._root_total**2
            root = np.where(row > 0, 1 / np.sqrt(np.where(row > 0, row, 1.0)), 0.0)
            matrix = root[:, None] * self._grams[group] * root[None, :]
            top = float(np.linalg.eigvalsh(matrix)[-1])
            trace = float(np.trace(matrix))
            spread = float(row.max() / row[row > 0].min())
            self._exclusion[group] = top + self._margin * trace * spread + 1e-300
        return self._exclusion[group]

    def _consider(self, points: Floats) -> None:
        """Evaluate F at points x and keep the best."""
        norms = (points * points) @ self._diagonals.T
        sigma = norms @ self._weights.T
        quadratic = np.einsum(
            "ki,gij,kj->kg", points, self._grams, points, optimize=True
        )
        terms = np.divide(
            quadratic, sigma, out=np.zeros_like(quadratic), where=sigma > 1e-300
        )
        captures = terms.sum(axis=1)
        best = int(np.nanargmax(captures))
        if captures[best] > self.best_capture:
            self.best_capture = float(captures[best])
            self.best_point = points[best] / self._root_total

    def certificate(self, gap: float) -> Simplicial:
        """Return the proof that the tree of this moment supports.

        Parameters
        ----------
        gap : float
            Part of the cost that rounding may spend.
        """
        upper = max(self.energy - self.best_capture, 0.0)
        slack = max(gap * upper, 2e-15 * self.energy)
        bits = _bits_below(slack / 16)
        tree: list[Bisection | Leaf] = []
        multipliers: list[Multiplier] = []
        numbers: dict[int, int] = {}
        capture = 0.0
        waiting = [self._root]
        used: set[int] = set()
        while waiting:
            node = waiting.pop()
            if node.children is not None:
                tree.append(Bisection(split=node.split))
                waiting += [node.children[1], node.children[0]]
                continue
            capture = max(capture, node.bound)
            leaf = []
            for index in node.chosen:
                if index not in numbers:
                    numbers[index] = len(multipliers)
                    multipliers.append(self._exact_multiplier(index, bits))
                    used |= self._pool[index][3]
                leaf.append(numbers[index])
            tree.append(Leaf(multipliers=tuple(leaf)))
        exclusion = tuple(
            (group, dyadic_above(self._group_bound(group), bits))
            for group in sorted(used)
        )
        relative = slack / max(self.best_capture, slack)
        reciprocal_bits = max(12, _bits_below(relative / 64))
        rounding = (2 + len(exclusion)) * 2.0**-bits + 1e-15 * capture + slack / 16
        return Simplicial(
            generators=self._space.factorization.generators,
            shares=self._space.factorization.shares,
            capture=dyadic_above(capture + rounding, bits),
            reciprocal_bits=reciprocal_bits,
            multipliers=tuple(multipliers),
            exclusion_bounds=exclusion,
            tree=tuple(tree),
        )

    def _exact_multiplier(self, index: int, bits: int) -> Multiplier:
        """Return a multiplier rounded up to short dyadic numbers."""
        vertex, values, _, excluded = self._pool[index]
        slack = 2.0**-bits
        return Multiplier(
            at=tuple(Fraction(float(t)) for t in vertex),
            values=tuple(dyadic_above(float(x) + slack, bits) for x in values),
            excluded=tuple(sorted(excluded)),
        )


def prove_simplicial(
    space: PatternSpace, starts: list[Floats], *, gap: float, budget: Budget
) -> tuple[Simplicial, Floats, SimplicialSearch]:
    """Search, and return the certificate, the best v, and the search itself.

    Parameters
    ----------
    starts : list of arrays (d,)
        Vectors v of incumbents.
    gap : float
        Wanted gap relative to the cost; rounding spends at most a quarter of it.
    """
    search = SimplicialSearch(space)
    for start in starts:
        search.offer(start)
    search.run(0.7 * gap, budget)
    return search.certificate(0.2 * gap), search.best_point, search


def _bits_below(value: float) -> int:
    """Return b with 2^-b <= value."""
    return int(np.ceil(-np.log2(max(value, 1e-300))))


def _floats(gram: object, scale: int) -> Floats:
    """Return the integer matrix over `scale` as floats."""
    array = np.asarray(gram)
    if array.dtype == np.int64 and scale < 1 << 62:
        return array.astype(float) / float(scale)
    flat = [int(x) / scale for x in array.ravel()]
    return np.array(flat, dtype=float).reshape(array.shape)
