r"""Checking box trees: a bounded system refuted leaf by leaf.

A `BoxTree` cuts a box that contains all solutions of a system into smaller boxes, and
names for each of them a condition that fails on all of it. A condition p <= 0 fails on
a box where all Bernstein coefficients of p are positive, since p lies between the
smallest and the largest of them. Nothing else is used: the tree covers the root box
because each cut covers what it cuts.

Contents
--------
DEEPEST                 the largest depth of a tree that is read
check_box_tree          accept a tree, or say which leaf is false
refutes                 whether bounds on the Bernstein coefficients refute a condition
might_refute            whether only the error bound is in the way
refuted_in_integers     whether a condition fails on a box, computed exactly
part_of_box             the box at the end of a path of cuts

Notes on the implementation
---------------------------
Each condition walks only through the part of the tree above the leaves that name it;
many boxes at a time, but no more than fit the processor's cache. Rounded arithmetic
comes with a proved error bound (`rounded_bernstein`), so that what it accepts is true;
where its margin does not suffice, the leaf is computed in integers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, final

import numpy as np
from flint import fmpz_mpoly
from numpy.typing import NDArray

from semialgebraic.bernstein import coefficients, halve, tensor_shape, tensor_size
from semialgebraic.decisions import BoxTree
from semialgebraic.errors import (
    InvalidInputError,
    MalformedEvidenceError,
    RejectedEvidenceError,
)
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rounded_bernstein import (
    LARGEST_DEGREE,
    Rounded,
    boxes_at_once,
    halve_rounded,
    rounded,
)
from semialgebraic.systems import Relation, System

Arithmetic = Literal["automatic", "rational", "rounded"]
DEEPEST = 10_000
Box = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
_Array = NDArray[Any]


def check_box_tree(
    system: System, tree: BoxTree, arithmetic: Arithmetic = "automatic"
) -> None:
    """Return if the tree proves that the system has no real solution.

    Parameters
    ----------
    system : System
    tree : BoxTree
    arithmetic : {"automatic", "rational", "rounded"}
        "rational" computes in integers alone; "rounded" in float64 with a proved error
        bound, and rejects a leaf whose margin is smaller; "automatic" starts rounded
        and computes such leaves in integers.

    Raises
    ------
    MalformedEvidenceError
        If the tree is none: nodes missing or left over, a variable or a condition that
        does not exist, an empty root box, or a depth above `DEEPEST`.
    RejectedEvidenceError
        If the root box does not contain the box of the system, or the condition named
        by a leaf is not refuted there.

    Notes
    -----
    **Cost.** For each condition, 2 (n + 1) operations a Bernstein coefficient and a
    node above its leaves.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> system = System.of((x, ">="), (x - 1, "<="), (x**2 - x + 1, "<="))
    >>> tree = BoxTree(low=(Fraction(0),), high=(Fraction(1),), nodes=(-3,))
    >>> check_box_tree(system, tree)
    """
    if arithmetic not in ("automatic", "rational", "rounded"):
        raise InvalidInputError(
            f"there is no arithmetic '{arithmetic}'; choose automatic, rational or "
            "rounded."
        )
    walk = _read(system, tree)
    _check_root(system, tree)
    named = set(tree.nodes)
    for index, condition in enumerate(system.conditions):
        if -1 - index not in named:
            continue
        needed = walk.above_leaves_of(index)
        degree = max(tensor_shape(condition.polynomial)) - 1
        if arithmetic == "rational" or (
            arithmetic == "automatic" and degree > LARGEST_DEGREE
        ):
            _check_in_integers(system, walk, index, needed)
        else:
            exact = arithmetic == "automatic"
            _check_rounded(system, walk, index, needed, exact_where_unclear=exact)


def refutes(relation: Relation, lowest: Any, highest: Any) -> Any:
    """Tell whether p REL 0 fails wherever lowest <= p <= highest; arrays elementwise.

    Examples
    --------
    >>> refutes(Relation.LESS_EQUAL, 0, 1), refutes(Relation.LESS, 0, 1)
    (False, True)
    """
    match relation:
        case Relation.LESS:
            return lowest >= 0
        case Relation.LESS_EQUAL:
            return lowest > 0
        case Relation.EQUAL:
            return (lowest > 0) | (highest < 0)
        case Relation.NOT_EQUAL:
            return (lowest == 0) & (highest == 0)
        case Relation.GREATER_EQUAL:
            return highest < 0
        case Relation.GREATER:
            return highest <= 0


def might_refute(relation: Relation, form: Rounded) -> _Array:
    """Tell for which boxes some coefficients within the error bounds refute p REL 0.

    Where they do and `refutes` does not, the error bound is too wide to decide.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> form = rounded(x, [Fraction(0)], [Fraction(1)])
    >>> might_refute(Relation.LESS, form), refutes(Relation.LESS, *form.bounds())
    (array([ True]), array([False]))
    """
    lowest, highest = form.lowest + form.errors, form.highest - form.errors
    if relation is Relation.NOT_EQUAL:
        found: _Array = (highest <= 0) & (lowest >= 0)
        return found
    near: _Array = refutes(relation, lowest, highest)
    return near


def part_of_box(
    low: Sequence[Fraction],
    high: Sequence[Fraction],
    cuts: Iterable[tuple[int, bool]],
) -> Box:
    """Return the box that is left after taking halves one after the other.

    Parameters
    ----------
    low, high : sequences of Fraction
    cuts : iterable of (int, bool)
        The variable that is cut, and whether the upper half is taken.

    Examples
    --------
    >>> part_of_box([Fraction(0)], [Fraction(1)], [(0, True), (0, False)])
    ((Fraction(1, 2),), (Fraction(3, 4),))
    """
    lower, upper = list(low), list(high)
    for variable, is_upper in cuts:
        middle = (lower[variable] + upper[variable]) / 2
        (lower if is_upper else upper)[variable] = middle
    return tuple(lower), tuple(upper)


@final
@dataclass(frozen=True, slots=True)
class _Walk:
    """A tree in preorder with the way up and down; the lower half of i is i + 1."""

    tree: BoxTree
    nodes: NDArray[np.int64]
    upper: NDArray[np.int64]
    parents: list[int]

    def above_leaves_of(self, condition: int) -> list[bool]:
        """Tell for each node whether a leaf below it (or it) names the condition."""
        needed: list[bool] = (self.nodes == -1 - condition).tolist()
        for i in range(len(needed) - 1, 0, -1):
            if needed[i]:
                needed[self.parents[i]] = True
        return needed

    def box(self, node: int) -> Box:
        """Return the box of a node."""
        cuts = []
        while node:
            parent = self.parents[node]
            cuts.append((int(self.nodes[parent]), node != parent + 1))
            node = parent
        return part_of_box(self.tree.low, self.tree.high, reversed(cuts))

    def reject(self, system: System, node: int, why: str) -> RejectedEvidenceError:
        """Return the error that names a false leaf."""
        number = int(np.count_nonzero(self.nodes[: node + 1] < 0))
        condition = -1 - int(self.nodes[node])
        low, high = self.box(node)
        sides = " x ".join(f"[{a}, {b}]" for a, b in zip(low, high, strict=True))
        return RejectedEvidenceError(
            f"leaf {number} (node {node + 1}) is not refuted by condition "
            f"{condition + 1}, {system.conditions[condition].relation} 0, on {sides}: "
            f"{why}."
        )


def _read(system: System, tree: BoxTree) -> _Walk:
    """Read the nodes one by one; see that they are one binary tree."""
    n_variables, n_conditions = len(system.variables), len(system.conditions)
    if not len(tree.low) == len(tree.high) == n_variables:
        raise MalformedEvidenceError(
            f"the root box has {len(tree.low)} lower and {len(tree.high)} upper bounds "
            f"and the system {n_variables} variables."
        )
    size = len(tree.nodes)
    upper, parents, depths = [0] * size, [0] * size, [0] * (size + 1)
    waiting: list[int] = []  # nodes whose upper half has not begun
    for i, node in enumerate(tree.nodes):
        if type(node) is not int or not -n_conditions <= node < n_variables:
            raise MalformedEvidenceError(
                f"node {i + 1} is {node!r}, which is no variable (0 to "
                f"{n_variables - 1}) and no condition (-1 to {-n_conditions})."
            )
        following = i + 1
        if node >= 0:
            waiting.append(i)
            above = i
        elif waiting:
            above = waiting.pop()
            upper[above] = following
        elif following < size:
            raise MalformedEvidenceError(
                f"the tree is complete after node {following}, and {size - following} "
                "nodes are left over."
            )
        else:
            return _Walk(tree, np.array(tree.nodes), np.array(upper), parents)
        if following < size:
            parents[following] = above
        depths[following] = depths[above] + 1
        if depths[following] > DEEPEST:
            raise MalformedEvidenceError(f"the tree is deeper than {DEEPEST} cuts.")
    raise MalformedEvidenceError(f"the tree ends too early, after node {size}.")


def _check_root(system: System, tree: BoxTree) -> None:
    """See that all solutions lie in the root box."""
    for name, (low, high), a, b in zip(
        system.variables, system.box(), tree.low, tree.high, strict=True
    ):
        if a > b:
            raise MalformedEvidenceError(f"the root box is empty in {name}: {a} > {b}.")
        if low is None or high is None:
            raise RejectedEvidenceError(
                f"the conditions do not bound {name}, so no box holds all solutions."
            )
        if a > low or b < high:
            raise RejectedEvidenceError(
                f"the root box has {name} in [{a}, {b}], and the conditions only imply "
                f"[{low}, {high}]."
            )


def _check_in_integers(
    system: System, walk: _Walk, index: int, needed: list[bool]
) -> None:
    """Halve in integers down to each leaf of one condition."""
    condition = system.conditions[index]
    numerators, _ = coefficients(condition.polynomial, walk.tree.low, walk.tree.high)
    stack: list[tuple[int, IntegerArray]] = [(0, numerators)]
    while stack:
        node, b = stack.pop()
        variable = int(walk.nodes[node])
        if variable >= 0:
            children = node + 1, int(walk.upper[node])
            halves = halve(b, variable)
            stack += [
                pair for pair in zip(children, halves, strict=True) if needed[pair[0]]
            ]
        elif not refutes(condition.relation, b.min(), b.max()):
            raise walk.reject(system, node, "its Bernstein coefficients allow it")


def _check_rounded(
    system: System,
    walk: _Walk,
    index: int,
    needed: list[bool],
    *,
    exact_where_unclear: bool,
) -> None:
    """Halve in float64 down to the leaves of one condition, many boxes at a time."""
    condition = system.conditions[index]
    p = condition.polynomial
    root = rounded(p, walk.tree.low, walk.tree.high)
    at_once = boxes_at_once(tensor_size(p))
    is_needed = np.array(needed)
    stack: list[tuple[_Array, Rounded]] = [(np.zeros(1, dtype=np.int64), root)]
    while stack:
        nodes, b = stack.pop()
        while stack and len(nodes) + len(stack[-1][0]) <= at_once:
            others, more = stack.pop()
            nodes, b = np.concatenate([nodes, others]), Rounded.joined([b, more])
        if len(nodes) > at_once:
            stack.append((nodes[at_once:], b.take(slice(at_once, None))))
            nodes, b = nodes[:at_once], b.take(slice(at_once))
        variables = walk.nodes[nodes]
        unclear = ~refutes(condition.relation, *b.bounds())
        for i in np.flatnonzero(unclear & (variables < 0)).tolist():
            node = int(nodes[i])
            _check_leaf(system, walk, node, exact=exact_where_unclear)
        # Anew above the leaves, too: what is regained there serves all of them.
        unclear &= (variables >= 0) & might_refute(condition.relation, b)
        for i in np.flatnonzero(unclear).tolist():
            b.replace(i, rounded(p, *walk.box(int(nodes[i]))))
        for variable in np.unique(variables[variables >= 0]).tolist():
            cut = variables == variable
            parents = nodes[cut]
            children = np.concatenate([parents + 1, walk.upper[parents]])
            keep = is_needed[children]
            halves = halve_rounded(b.take(cut), variable)
            stack.append((children[keep], halves.take(keep)))


def _check_leaf(system: System, walk: _Walk, node: int, *, exact: bool) -> None:
    """Judge a leaf by itself, which regains what rounding lost on the way there."""
    condition = system.conditions[-1 - int(walk.nodes[node])]
    box = walk.box(node)
    if refutes(condition.relation, *rounded(condition.polynomial, *box).bounds())[0]:
        return
    if not exact:
        raise walk.reject(system, node, "the margin is smaller than the rounding")
    if not refuted_in_integers(condition.polynomial, condition.relation, box):
        raise walk.reject(system, node, "its Bernstein coefficients allow it")


def refuted_in_integers(p: fmpz_mpoly, relation: Relation, box: Box) -> bool:
    """Tell whether the Bernstein coefficients on a box refute p REL 0; exact.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> box = (Fraction(0),), (Fraction(1),)
    >>> refuted_in_integers(x**2, Relation.LESS, box)
    True
    """
    numerators, _ = coefficients(p, *box)
    return bool(refutes(relation, numerators.min(), numerators.max()))
