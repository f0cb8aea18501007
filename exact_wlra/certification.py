"""Proofs about leaves become a proof about the whole: reductions turned into rules.

Contents
--------
assemble        the proof of a reduced instance from the proofs of its leaves
"""

from collections.abc import Sequence

from exact_wlra.certificates import Block, Blocks, Gram, Proof, Scaling, Types, Zero
from reductions.cores import Peeled
from reductions.patterns import MergedTypes
from reductions.pipeline import Reduced
from reductions.proportional_rows import MergedGram
from reductions.scalings import Scaled
from reductions.support_graph import Restricted


def assemble(reduced: Reduced, proofs: Sequence[Proof]) -> Proof:
    """Return the proof about `reduced.instance`; one proof per leaf, left to right."""
    waiting = list(reversed(proofs))
    return _assemble(reduced, waiting)


def _assemble(reduced: Reduced, waiting: list[Proof]) -> Proof:
    """Consume leaf proofs from the end of the list."""
    if reduced.is_leaf:
        return waiting.pop()
    blocks: list[Block] = []
    for record, part in reduced.parts:
        proof = _assemble(part, waiting)
        match record:
            case MergedTypes():
                return (
                    proof if proof == Zero() else Types(axis=record.axis, proof=proof)
                )
            case MergedGram():
                return proof if proof == Zero() else Gram(axis=record.axis, proof=proof)
            case Scaled():
                return Scaling(
                    row_exponents=tuple(record.row_exponents.tolist()),
                    column_exponents=tuple(record.column_exponents.tolist()),
                    proof=proof,
                )
            case Peeled() | Restricted():
                if proof != Zero():
                    blocks.append(
                        Block(
                            rows=tuple(record.rows.tolist()),
                            columns=tuple(record.columns.tolist()),
                            proof=proof,
                        )
                    )
    return Blocks(parts=tuple(blocks)) if blocks else Zero()
