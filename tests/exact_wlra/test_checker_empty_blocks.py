"""Proofs about instances without rows: nothing positive can be proved there."""

from fractions import Fraction

import pytest

from exact_wlra.certificates import (
    Block,
    Blocks,
    Leaf,
    Simplicial,
    Spectral,
    Split,
)
from exact_wlra.checker import lower_bound
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

INSTANCE = Instance(
    data=RationalMatrix.from_rows([[1, 2], [3, 5]]),
    squared_weights=RationalMatrix.from_rows([[1, 2], [2, 1]]),
    rank=1,
)


def empty_block(proof):
    return Blocks(parts=(Block(rows=(), columns=(0, 1), proof=proof),))


def test_a_negative_capture_without_rows_is_rejected():
    proof = Simplicial(
        generators=(),
        shares=RationalMatrix.zeros(0, 2),
        capture=Fraction(-1000),
        reciprocal_bits=32,
        multipliers=(),
        exclusions=(),
        tree=(Leaf(multipliers=(), exclusions=()),),
    )
    with pytest.raises(RejectedCertificateError, match="capture is negative"):
        lower_bound(INSTANCE, empty_block(proof))


def test_spectral_and_split_prove_nothing_without_rows():
    spectral = Spectral(
        rows=RationalMatrix.zeros(1, 0),
        columns=RationalMatrix.from_rows([[1, 1]]),
        center_left=RationalMatrix.zeros(0, 0),
        center_right=RationalMatrix.zeros(0, 2),
        grid=0,
        theta=Fraction(0),
        factor=RationalMatrix.zeros(2, 0),
    )
    assert lower_bound(INSTANCE, empty_block(spectral)) == 0
    assert lower_bound(INSTANCE, empty_block(Split(pieces=()))) == 0
