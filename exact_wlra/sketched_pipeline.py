"""The few-pattern paper from end to end: compress, sketch, decide, search, recover.

*Statement.* The lossless reductions leave parts whose sizes depend on patterns alone.
Of each part a Gaussian sketch of t columns is taken; `reductions.sketched_charts` turns
it into polynomial systems; a threshold search with a decision oracle brackets their
infimum F; rational factors are recovered coordinate by coordinate and lifted. Then

    cost <= (1 + epsilon/3) F,   mean of F <= (1 + k/(t-k-1)) OPT

for each part, or (1 + epsilon) OPT where the sketch loses nothing; with t from
(k, epsilon, delta) cost <= (1 + epsilon) OPT with probability >= 1 - delta a part (as
for exact Gaussian sketches; that they are rounded is not accounted for).
*Accepts* every instance, and says `Unknown` where an oracle leaves a question open.

Contents
--------
SketchedPart        sizes, bracket and recovery of one irreducible part
SketchedSolution    factors of the whole instance, their exact cost, the parts
solve_by_sketch     the whole way

Notes on the implementation
---------------------------
One sketch instead of two, and V eliminated exactly: see `reductions.sketched_charts`
for why that says the same. The other side is sketched if that needs less, or if a
question stays open, as it may for one side with zero weights. Lifting may refit
factors, which then cost less than those of the parts. Only where rows or columns with
too few weights were peeled off, it is done in floats and may cost a little more.

Measured, epsilon = 1/10, oracle "auto", 10^4 x 12 with two column patterns and r row
patterns of 8 types, data from -9 to 9, seconds of all steps; cost over OPT:

    r  k  t   variables  degree   thresholds + questions   seconds   cost/OPT
    1  1  3       2         2            12 +  7             0.4       1.12
    1  1  4       3         2            12 +  6             0.5       1.16
    1  1  5       4         2            12 +  9             0.6       1.06
    1  2  4       4         4             9 +  7             0.7       1.24
    1  2  5       6         4            11 + 23             1.9       1.09
    2  1  3       5         4            12 + 12             1.3       1.08
    2  1  4       7         4            12 + 24            30         1.07
    2  1  5       9         4       not within a minute
    2  2  4      12         8       refused: about 4 million terms

Of 10^4 x 5, three types a pattern, r = k = 2, t = 4 ends as well: six variables of
degree 8, 3 seconds. With 48 rows of the same types it takes as long. Where t is at
least the rank of the data of each class, as it is with five columns, nothing is lost,
but then the sketch saves nothing either: `exact_wlra.solve` takes less than a second
for each of these.

References
----------
[LiLiangShiSong2025]_, Theorems 6.1 and 7.1.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.incumbent import exact_factors
from exact_wlra.recovery import Recovery, recover
from exact_wlra.threshold_deciders import OracleDecider, Unknown
from exact_wlra.threshold_search import ThresholdSearch, search
from reductions.errors import NotApplicableError
from reductions.formulation import FormulationSizes
from reductions.instances import Instance
from reductions.pipeline import Reduced, reduce
from reductions.sketched_charts import SketchedCharts, sketched_charts
from reductions.sketching import sketch_size
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedPart:
    """What was done with one irreducible part.

    Parameters
    ----------
    instance : Instance
    turned : bool
        Whether columns were sketched instead of rows.
    left, right : RationalMatrix
        Factors of the part.
    cost : Fraction
        Theirs, exact.
    t : int
        Columns of the sketch; 0 where none was needed, as the optimum is 0.
    sizes : FormulationSizes or None
    expected_ratio : Fraction
        A bound on the mean of F / OPT; 1 if the sketch loses nothing.
    search : ThresholdSearch or None
        `told_lower` and `upper` enclose F.
    recovery : Recovery or None
    """

    instance: Instance
    turned: bool = False
    left: RationalMatrix
    right: RationalMatrix
    cost: Fraction
    t: int = 0
    sizes: FormulationSizes | None = None
    expected_ratio: Fraction = Fraction(1)
    search: ThresholdSearch | None = None
    recovery: Recovery | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedSolution:
    """Factors of the whole instance, and how they were found.

    Parameters
    ----------
    left, right : RationalMatrix
        U (n x k) and V (k x d).
    cost : Fraction
        Of them, exact.
    reductions : tuple of (name, shape before, shape after)
    parts : tuple of SketchedPart
    seconds : float
    """

    left: RationalMatrix
    right: RationalMatrix
    cost: Fraction
    reductions: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]
    parts: tuple[SketchedPart, ...]
    seconds: float

    @property
    def n_decisions(self) -> int:
        """Number of thresholds of the searches and questions of the recoveries."""
        return sum(
            (part.search.n_steps if part.search else 0)
            + (part.recovery.n_decisions if part.recovery else 0)
            for part in self.parts
        )

    @property
    def is_exact(self) -> bool:
        """True if no sketch lost anything, so that cost <= (1 + epsilon) OPT."""
        return all(part.expected_ratio == 1 for part in self.parts)


def solve_by_sketch(
    instance: Instance,
    *,
    epsilon: Fraction,
    delta: Fraction = Fraction(1, 10),
    sketch_columns: int | None = None,
    seed: int = 0,
    oracle: str = "auto",
    budget: Budget,
) -> SketchedSolution | Unknown:
    """Return factors of cost <= (1 + epsilon) OPT, with the probability stated above.

    Parameters
    ----------
    epsilon : Fraction
        Positive, at most 3.
    delta : Fraction
        Failure probability for which t is chosen.
    sketch_columns : int, optional
        t instead; at least k + 2.
    seed : int
        Of the first part; the next ones count on.
    oracle : str
        A name of the registry, or "auto".

    Raises
    ------
    NotApplicableError
        If t < k + 2.

    Notes
    -----
    **Cost.** Linear in the number of entries for the reductions, n d k^2 for lifting
    and evaluation; the rest depends on the patterns and on t.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[2, 1, 1], [0, 1, 3], [1, 1, 0], [1, 0, 2]] * 50)
    >>> omega = RationalMatrix.from_rows(
    ...     [[1, 1, 1], [1, 1, 1], [1, 1, 4], [1, 1, 4]] * 50
    ... )
    >>> found = solve_by_sketch(
    ...     Instance(data=A, squared_weights=omega, rank=1),
    ...     epsilon=Fraction(1, 10),
    ...     sketch_columns=3,
    ...     budget=Budget(time_limit=60),
    ... )
    >>> (
    ...     found.left.shape,
    ...     found.parts[0].instance.shape,
    ...     found.parts[0].sizes.n_variables,
    ... )
    ((200, 1), (4, 3), 2)
    """
    if not 0 < epsilon <= 3:
        raise InvalidProblemError("epsilon of the pipeline must be in (0, 3].")
    whole = _without_cost(instance)
    reduced = Reduced(instance=instance) if whole else reduce(instance)
    t = sketch_columns or sketch_size(instance.rank, epsilon / 3, delta)
    parts: list[SketchedPart] = []
    for number, leaf in enumerate(reduced.leaves()):
        part: SketchedPart | Unknown | None = whole or _without_cost(leaf)
        if part is None:
            sides = _formulations(leaf, t, seed + number)
            part = _first_solved(leaf, sides, epsilon, oracle, budget)
        if isinstance(part, Unknown):
            return part
        parts.append(part)
    left, right = reduced.lift([(part.left, part.right) for part in parts])
    if not (isinstance(left, RationalMatrix) and isinstance(right, RationalMatrix)):
        left, right = (RationalMatrix.from_floats(x) for x in (left, right))
    return SketchedSolution(
        left=left,
        right=right,
        cost=instance.cost(left, right),
        reductions=tuple(reduced.steps()),
        parts=tuple(parts),
        seconds=budget.seconds(),
    )


def _without_cost(leaf: Instance) -> SketchedPart | None:
    """Return a part of rank 0 or with exact factors, else None."""
    n, d = leaf.shape
    if leaf.rank == 0:
        left, right = RationalMatrix.zeros(n, 0), RationalMatrix.zeros(0, d)
    else:
        fitted = exact_factors(leaf)
        if fitted is None:
            return None
        left, right = fitted.left, fitted.right
    return SketchedPart(
        instance=leaf, left=left, right=right, cost=leaf.cost(left, right)
    )


def _first_solved(
    leaf: Instance,
    sides: list[SketchedCharts],
    epsilon: Fraction,
    oracle: str,
    budget: Budget,
) -> SketchedPart | Unknown:
    """Return what the first side that succeeds gives, or why the last one does not."""
    for formulation in sides[:-1]:
        part = _solve_part(leaf, formulation, epsilon, oracle, budget)
        if isinstance(part, SketchedPart):
            return part
    return _solve_part(leaf, sides[-1], epsilon, oracle, budget)


def _solve_part(
    leaf: Instance,
    formulation: SketchedCharts,
    epsilon: Fraction,
    oracle: str,
    budget: Budget,
) -> SketchedPart | Unknown:
    """Return factors of one part, and the records."""
    oriented = formulation.instance
    ratio = formulation.accuracy.expected_ratio
    share = epsilon if ratio == 1 else epsilon / 3
    decider = OracleDecider(
        instance=oriented,
        formulation=formulation,
        oracle=oracle,
        budget=budget,
        polish=False,
    )
    found = search(oriented, decider, epsilon=share / 2, budget=budget)
    if found.upper > (1 + share / 2) * found.told_lower:
        return Unknown(
            reason=found.reason,
            advice="raise the time limit or epsilon, or ask another oracle",
            by=decider.name,
        )
    room = share / 4 * found.told_lower
    recovered = recover(
        oriented, formulation, found.upper + room, room, oracle=oracle, budget=budget
    )
    if isinstance(recovered, Unknown):
        return recovered
    turned = oriented is not leaf
    left, right = recovered.left, recovered.right
    if turned:
        left, right = right.transpose, left.transpose
    return SketchedPart(
        instance=leaf,
        turned=turned,
        left=left,
        right=right,
        cost=recovered.cost,
        t=formulation.t,
        sizes=formulation.sizes,
        expected_ratio=ratio,
        search=found,
        recovery=recovered,
    )


def _formulations(leaf: Instance, t: int, seed: int) -> list[SketchedCharts]:
    """Return those of both sides, that with less to write down and to lose first."""
    found: list[SketchedCharts] = []
    for side in (leaf, leaf.transpose):
        try:
            found.append(sketched_charts(side, t, seed=seed))
        except NotApplicableError as error:
            refusal = error
    if not found:
        raise refusal
    return sorted(
        found,
        key=lambda f: (
            f.sizes.n_systems * f.sizes.n_terms,
            f.accuracy.expected_ratio,
        ),
    )
