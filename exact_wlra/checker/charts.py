"""Checking the rule `charts`: no row space costs at most L, chart by chart.

Contents
--------
charts_bound    the bound, proved by one subdivision of [-1, 1]^m for each chart
refute_charts   subdivisions that refute one system in each chart
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb

from exact_wlra.certificates import Charts
from exact_wlra.errors import RejectedCertificateError
from reductions.charts import ChartCost, chart_costs
from reductions.instances import Instance
from semialgebraic.box_trees import check_box_tree
from semialgebraic.decisions import BoxTree
from semialgebraic.definiteness import Arithmetic
from semialgebraic.errors import MalformedEvidenceError, RejectedEvidenceError
from semialgebraic.systems import System

# Beyond these sizes a certificate is refused: nobody could have made it honestly.
_MOST_CHARTS = 2000
_MOST_COEFFICIENTS = 5_000_000
_MOST_WORK = 10**11


def charts_bound(
    instance: Instance, proof: Charts, arithmetic: Arithmetic = "automatic"
) -> Fraction:
    """Return the lower bound L of the rule, after proving OPT >= L.

    The C(d, k) charts in which V is the identity in k columns and has all other entries
    in [-1, 1] cover all row spaces. For each of them the system "cost < L" is rebuilt
    from the instance and refuted by its tree.

    Raises
    ------
    RejectedCertificateError
        If the trees are not one for each chart, or one of them refutes nothing.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[3, 0], [0, 2]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> proof = Charts(lower=Fraction(2), trees=((0, -3, -3), (-3,)))
    >>> charts_bound(instance, proof)
    Fraction(2, 1)
    """
    refute_charts(
        instance,
        proof.trees,
        lambda chart: chart.system(proof.lower, strict=True),
        arithmetic,
        rule="charts",
    )
    return proof.lower


def refute_charts(
    instance: Instance,
    trees: Sequence[tuple[int, ...]],
    system: Callable[[ChartCost], System],
    arithmetic: Arithmetic,
    *,
    rule: str,
) -> None:
    """Verify that the trees refute the systems of all charts.

    Parameters
    ----------
    system : callable
        Makes the system of a chart.
    rule : str
        Who asks, for messages.
    """
    d, k = instance.shape[1], instance.rank
    if not 1 <= k < d:
        raise RejectedCertificateError(
            f"rule {rule} wants 1 <= rank < columns; here rank {k} and {d} columns."
        )
    if not len(trees) == comb(d, k) <= _MOST_CHARTS:
        raise RejectedCertificateError(
            f"rule {rule}: {len(trees)} trees for {comb(d, k)} charts (at most "
            f"{_MOST_CHARTS})."
        )
    m = k * (d - k)
    _refuse_large(instance, m, sum(len(tree) for tree in trees))
    corner = (Fraction(1),) * m
    for number, (chart, nodes) in enumerate(
        zip(chart_costs(instance), trees, strict=True), start=1
    ):
        tree = BoxTree(low=tuple(-x for x in corner), high=corner, nodes=nodes)
        try:
            check_box_tree(system(chart), tree, arithmetic)
        except (RejectedEvidenceError, MalformedEvidenceError) as error:
            raise RejectedCertificateError(
                f"rule {rule}, chart {number}: {error}"
            ) from error


def _refuse_large(instance: Instance, m: int, n_nodes: int) -> None:
    """Refuse instances whose polynomials have too many coefficients, or huge trees."""
    from reductions.formulation import pattern_counts

    n_classes = pattern_counts(instance).n_row_classes
    n_coefficients = (2 * n_classes + 1) ** min(m, 64)
    if n_coefficients > _MOST_COEFFICIENTS or n_nodes * n_coefficients > _MOST_WORK:
        raise RejectedCertificateError(
            f"rule charts: {n_classes} weight classes, {m} variables and {n_nodes} "
            "nodes are too much to check."
        )
