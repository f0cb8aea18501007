"""All lossless reductions folded to a fixpoint.

Contents
--------
Reduced         a tree: reductions on the way down, irreducible instances at the leaves
reduce          build it

Notes on the implementation
---------------------------
Order (mathematics C13): types of rows and columns, components, core, Gram matrices,
again until nothing shrinks, then one scaling. Merging comes before peeling because it
lowers degrees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from reductions.cores import Peeled, peel, peeling
from reductions.guarantees import LOSSLESS, Factor, Guarantee
from reductions.instances import Instance
from reductions.patterns import MergedTypes, merge_types
from reductions.proportional_rows import MergedGram, merge_proportional
from reductions.scalings import Scaled, equilibrate, scale
from reductions.support_graph import Restricted, components, restrict_to_component
from semialgebraic.rational_matrices import RationalMatrix

Record = MergedTypes | MergedGram | Scaled | Peeled | Restricted


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """An instance, and what it was reduced to.

    Parameters
    ----------
    instance : Instance
        The instance of this node.
    parts : tuple of (record, Reduced)
        Empty at a leaf; several only where components decouple.
    """

    instance: Instance
    parts: "tuple[tuple[Record, Reduced], ...]" = ()
    is_leaf: bool = True

    def leaves(self) -> Iterator[Instance]:
        """Yield the irreducible instances from left to right."""
        if self.is_leaf:
            yield self.instance
        for _, part in self.parts:
            yield from part.leaves()

    @property
    def guarantee(self) -> Guarantee:
        """What survives all reductions below this node."""
        guarantees = [LOSSLESS]
        for record, part in self.parts:
            guarantees += [record.guarantee, part.guarantee]
        return Guarantee(
            infimum=all(g.infimum for g in guarantees),
            attainment=all(g.attainment for g in guarantees),
        )

    def steps(self) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
        """Return (name, shape before, shape after) of every reduction, depth first."""
        found = []
        for record, part in self.parts:
            found.append((record.name, self.instance.shape, part.instance.shape))
            found += part.steps()
        return found

    def lift(self, factors: Sequence[tuple[Factor, Factor]]) -> tuple[Factor, Factor]:
        """Return factors of this instance from one pair for each leaf, in order.

        Exact pairs stay exact (unless a core is refitted); mixed pairs become floats.
        """
        waiting = list(factors)
        if not all(isinstance(u, RationalMatrix) for u, _ in waiting):
            waiting = [(_as_floats(u), _as_floats(v)) for u, v in waiting]
        waiting.reverse()
        return _lift(self, waiting)


def reduce(instance: Instance) -> Reduced:
    """Reduce until nothing shrinks.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2, 2], [1, 2, 2], [3, 0, 0]])
    >>> omega = RationalMatrix.from_rows([[1, 1, 1], [1, 1, 1], [1, 2, 2]])
    >>> reduced = reduce(Instance(data=A, squared_weights=omega, rank=1))
    >>> [leaf.shape for leaf in reduced.leaves()]
    [(2, 2)]
    """
    if 0 in instance.shape:
        return Reduced(instance=instance)
    for axis in (0, 1):
        types = merge_types(instance, axis=axis)
        if types.instance.shape != instance.shape:
            return _one(instance, types)
    support = instance.support()
    blocks = components(support)
    if len(blocks) != 1:
        return Reduced(
            instance=instance,
            parts=tuple(
                (record, reduce(record.instance))
                for record in (
                    restrict_to_component(instance, rows, columns)
                    for rows, columns in blocks
                )
            ),
            is_leaf=False,
        )
    if not support.all():
        peeled = peeling(support, instance.rank)
        shape = len(peeled.rows), len(peeled.columns)
        # With one unknown all of the instance is solved exactly, attainment included.
        has_one_unknown = instance.rank == 1 and min(instance.shape) == 2
        if shape != instance.shape and not (has_one_unknown and all(shape)):
            return _one(instance, peel(instance))
    for axis in sorted((0, 1), key=lambda a: instance.shape[1 - a]):
        gram = merge_proportional(instance, axis=axis)
        if gram is not None:
            return _one(instance, gram)
    rows, columns = equilibrate(instance)
    if np.any(rows) or np.any(columns):
        record = scale(instance, rows, columns)
        return Reduced(
            instance=instance,
            parts=((record, Reduced(instance=record.instance)),),
            is_leaf=False,
        )
    return Reduced(instance=instance)


def _lift(
    reduced: Reduced, waiting: list[tuple[Factor, Factor]]
) -> tuple[Factor, Factor]:
    """Consume factors for the leaves below, from the end of the list."""
    if reduced.is_leaf:
        return waiting.pop()
    n, d = reduced.instance.shape
    k = reduced.instance.rank
    lifted = [record.lift(*_lift(part, waiting)) for record, part in reduced.parts]
    if not lifted:
        return RationalMatrix.zeros(n, k), RationalMatrix.zeros(k, d)
    if not all(isinstance(u, RationalMatrix) for u, _ in lifted):
        lifted = [(_as_floats(u), _as_floats(v)) for u, v in lifted]
    left, right = lifted[0]
    for u, v in lifted[1:]:
        left, right = left + u, right + v
    return left, right


def _one(instance: Instance, record: Record) -> Reduced:
    """Return the node of one reduction, with what follows it."""
    return Reduced(
        instance=instance,
        parts=((record, reduce(record.instance)),),
        is_leaf=False,
    )


def _as_floats(factor: Factor) -> Factor:
    """Return a factor as a float64 array."""
    return factor.to_float() if isinstance(factor, RationalMatrix) else factor
