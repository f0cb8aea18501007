"""Solving one irreducible instance: methods tried in the order of their cost.

Contents
--------
METHODS             names of the methods, cheapest first
Attempt             what one method achieved
LeafSolution        factors, a proof, and the attempts
applicable          which methods apply to an instance, with the reason if not
solve_irreducible   run them until the gap is reached or the budget is spent
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

import numpy as np
from reductions.guarantees import Factor
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.weight_factorization import WeightFactorization, factor_weights

from exact_wlra.budget import Budget
from exact_wlra.certificates import Energy, Proof, Transpose, Zero
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.incumbent import Incumbent, exact_factors, round_factors

METHODS = ("exact-fit", "two-rows", "weighted-svd", "spectral", "simplicial", "split")
# Largest dimension of pattern space that is searched, and largest order of its matrices.
_LARGEST_DIMENSION = 7
_LARGEST_ORDER = 2500
# Entries above which the remainder matrix of the spectral bound is too large.
_LARGEST_SPECTRAL = 4_000_000
# With more column classes than this the univariate polynomials become unwieldy.
_LARGEST_TWO_ROWS = 60


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One method on one leaf: the bracket after it, in floats for reading."""

    method: str
    lower: float
    upper: float
    seconds: float
    nodes: int = 0


@final
@dataclass(slots=True, kw_only=True)
class LeafSolution:
    """The best proved lower bound and factors of one leaf.

    `algebraic` is the exact optimum as `bounds.two_rows.TwoRowsOptimum`, if known.
    """

    proof: Proof
    lower: Fraction
    left: Factor
    right: Factor
    upper: Fraction
    attempts: list[Attempt] = field(default_factory=list)
    algebraic: Any = None
    is_checked: bool = True

    def is_within(self, gap: Fraction) -> bool:
        """Tell whether upper - lower <= gap * upper."""
        return self.upper - self.lower <= gap * self.upper

    def improve(
        self,
        instance: Instance,
        method: str,
        proof: Proof,
        budget: Budget,
        *,
        nodes: int = 0,
        claimed: Fraction | None = None,
    ) -> None:
        """Take a proof if it gives a better lower bound.

        The bound is what the checker confirms; `claimed` stands in for it where checking
        is left to the end of the run, when the whole certificate is checked.
        """
        started = budget.seconds()
        lower = proved_bound(instance, proof) if claimed is None else claimed
        if lower > self.lower:
            self.proof, self.lower = proof, lower
            self.is_checked = claimed is None
        self.attempts.append(
            Attempt(
                method=method,
                lower=float(self.lower),
                upper=float(self.upper),
                seconds=started,
                nodes=nodes,
            )
        )
        budget.tell(method, float(self.lower), float(self.upper), nodes)

    def offer(self, incumbent: Incumbent) -> None:
        """Take factors if they cost less."""
        if incumbent.cost < self.upper:
            self.left, self.right = incumbent.left, incumbent.right
            self.upper = incumbent.cost


def proved_bound(instance: Instance, proof: Proof) -> Fraction:
    """Return the bound that the checker confirms, 0 if it rejects the proof."""
    try:
        return lower_bound(instance, proof)
    except RejectedCertificateError:
        return Fraction(0)


def applicable(instance: Instance) -> dict[str, str]:
    """Return for every method why it does not apply, or "" if it does.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [1, 1]])
    >>> reasons = applicable(Instance(data=A, squared_weights=omega, rank=1))
    >>> reasons["two-rows"], reasons["weighted-svd"]
    ('', 'the squared weights have rank above one')
    """
    n, d = instance.shape
    k = instance.rank
    reasons = dict.fromkeys(METHODS, "")
    if k < min(n, d) and k > 0 and n and d:
        reasons["exact-fit"] = "decided by the rank of the data"
    if not (k == 1 and min(n, d) == 2):
        reasons["two-rows"] = "needs two rows or columns and rank one"
    elif _n_column_classes(instance) > _LARGEST_TWO_ROWS:
        reasons["two-rows"] = f"more than {_LARGEST_TWO_ROWS} weight patterns"
    if not _is_rank_one(instance):
        reasons["weighted-svd"] = "the squared weights have rank above one"
    if n * d > _LARGEST_SPECTRAL:
        reasons["spectral"] = f"more than {_LARGEST_SPECTRAL} entries"
    if k != 1:
        reasons["simplicial"] = "built for rank one"
    else:
        side = _sides(instance)[0]
        dimension, order = side.dimension, side.order
        if dimension > _LARGEST_DIMENSION:
            reasons["simplicial"] = (
                f"{dimension + 1} weight patterns; at most {_LARGEST_DIMENSION + 1}"
            )
        elif order > _LARGEST_ORDER:
            reasons["simplicial"] = f"matrices of order {order} are too large"
    return reasons


def solve_irreducible(
    instance: Instance,
    *,
    gap: Fraction,
    budget: Budget,
    seed: int,
    method: str = "auto",
) -> LeafSolution:
    """Return factors and the best proved lower bound found within the budget.

    Parameters
    ----------
    gap : Fraction
        Relative gap at which to stop.
    method : str
        "auto", or one of `METHODS` to try that one only.
    """
    done = _exact_fit(instance)
    if done is not None:
        return done
    reasons = applicable(instance)
    chosen = [
        name
        for name in METHODS[1:]
        if not reasons[name] and method in ("auto", name)
    ]
    start = exact_zero(instance)
    if chosen[:1] == ["two-rows"]:
        _two_rows(instance, start, gap, budget)
        return start
    if chosen[:1] == ["weighted-svd"]:
        _weighted_svd(instance, start, gap, budget)
        if start.is_within(gap):
            return start
    from exact_wlra.heuristics.alternating import best_of_starts

    found = best_of_starts(instance, seed=seed, budget=budget)
    start.offer(
        round_factors(instance, found.left, found.right, tolerance=float(gap) / 50)
    )
    for name, run in (
        ("spectral", _spectral),
        ("simplicial", _simplicial),
        ("split", _split),
    ):
        if start.is_within(gap) or (start.attempts and budget.is_spent()):
            break
        if name in chosen:
            run(instance, start, gap, budget)
    return start


def exact_zero(instance: Instance) -> LeafSolution:
    """Return the trivial bracket [0, cost of X = 0]."""
    from exact_wlra.incumbent import zero_incumbent

    zero = zero_incumbent(instance)
    return LeafSolution(
        proof=Zero(),
        lower=Fraction(0),
        left=zero.left,
        right=zero.right,
        upper=zero.cost,
    )


def _exact_fit(instance: Instance) -> LeafSolution | None:
    """Return the solution where the optimum is 0, or the rank is 0."""
    start = exact_zero(instance)
    if instance.rank == 0:
        start.proof, start.lower = Energy(), start.upper
        return start
    if 0 in instance.shape or start.upper == 0:
        return start
    fitted = exact_factors(instance)
    if fitted is None:
        return None
    start.offer(fitted)
    return start


def _two_rows(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve the one-unknown problem exactly."""
    from exact_wlra.bounds.two_rows import prove_two_rows, solve_two_rows

    turned = instance.shape[0] != 2
    oriented = instance.transpose if turned else instance
    optimum = solve_two_rows(oriented)
    proof, left, right = prove_two_rows(oriented, optimum, gap)
    cost = oriented.cost(left, right)
    if turned:
        left, right = right.transpose, left.transpose
    start.offer(Incumbent(left=left, right=right, cost=cost))
    start.algebraic = optimum
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    start.improve(instance, "two-rows", wrapped, budget)


def _weighted_svd(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve rank-one weights by a weighted singular value decomposition."""
    from exact_wlra.bounds.spectral import prove_weighted_svd

    proof, left, right = prove_weighted_svd(instance, gap)
    start.offer(
        Incumbent(left=left, right=right, cost=instance.cost(left, right))
    )
    start.improve(instance, "weighted-svd", proof, budget)


def _spectral(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Try the spectral certificate at the incumbent."""
    from exact_wlra.bounds.spectral import prove_spectral

    proof = prove_spectral(
        instance,
        start.left.to_float(),
        start.right.to_float(),
        target_gap=float(gap),
        interrupted=budget.is_spent,
    )
    start.improve(instance, "spectral", proof, budget)


def _simplicial(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Search pattern space, from both sides where both have few patterns."""
    from reductions.least_squares import solve_rows
    from reductions.pattern_space import pattern_space

    from exact_wlra.bounds.simplicial import SimplicialSearch, search_sides

    searches = []
    for side in _sides(instance):
        if searches and side.dimension > searches[0].space.dimension:
            continue
        space = pattern_space(side.instance, side.factorization)
        search = SimplicialSearch(side.instance, space, budget)
        right = start.left.transpose if side.is_transposed else start.right
        search.offer(right.to_float()[0])
        searches.append(search)
    # Rounding may spend what the search leaves of the gap.
    best = search_sides(searches, gap=0.7 * float(gap), budget=budget)
    oriented = best.instance
    turned = oriented is not instance
    weights = oriented.squared_weights.to_float()
    data = np.where(weights > 0, oriented.data.to_float(), 0.0)
    point = best.best_point[None]
    left = solve_rows(data, weights, point)
    found = round_factors(oriented, left, point, tolerance=float(gap) / 50)
    if turned:
        found = Incumbent(
            left=found.right.transpose, right=found.left.transpose, cost=found.cost
        )
    start.offer(found)
    proof = best.proof(0.2 * float(gap))
    nodes = sum(search.n_nodes for search in searches)
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    claimed = oriented.energy() - proof.capture
    start.improve(
        instance, "simplicial", wrapped, budget, nodes=nodes, claimed=claimed
    )


def _split(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Try the search-free bounds: splits of the weights, Woodruff-Yasuda."""
    from exact_wlra.bounds.splitting import prove_hadamard_rank, prove_split

    start.improve(instance, "split", prove_split(instance), budget)
    proof = prove_hadamard_rank(instance)
    if proof is not None:
        start.improve(instance, "hadamard-rank", proof, budget)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """An orientation of an instance and the factorization of its weights."""

    instance: Instance
    is_transposed: bool
    factorization: WeightFactorization

    @property
    def dimension(self) -> int:
        """Dimension of pattern space."""
        return len(self.factorization.generators) - 1

    @property
    def order(self) -> int:
        """Order of the matrices."""
        return self.instance.shape[1]


def _sides(instance: Instance) -> list[_Side]:
    """Return both orientations, the one with fewer generators first."""
    sides = []
    for turned in (False, True):
        oriented = instance.transpose if turned else instance
        sides.append(
            _Side(
                instance=oriented,
                is_transposed=turned,
                factorization=factor_weights(oriented.squared_weights),
            )
        )
    return sorted(sides, key=lambda side: (side.dimension, side.order))


def _n_column_classes(instance: Instance) -> int:
    """Return the number of classes of proportional weights along the longer side."""
    weights = instance.squared_weights.numerators
    return len(ray_classes(weights if weights.shape[1] == 2 else weights.T)[1])


def _is_rank_one(instance: Instance) -> bool:
    """Tell whether all weight rows are proportional."""
    return len(ray_classes(instance.squared_weights.numerators)[1]) <= 1
