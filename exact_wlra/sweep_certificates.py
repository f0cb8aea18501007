"""Certificates for weights of rank two: the rules `sweep` and `row-cells`.

Contents
--------
Sweep, SweepVertex      one unknown t in [0, 1], for all rows of V at once
RowCells                rows of V distributed over cells: CellLeaf, CellSweep,
                        CellVertex at the leaves; GroupSplit, ConeSplit inside
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, final

from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SweepVertex:
    """kappa_0 and kappa_1 at a point t of [0, 1]."""

    at: Fraction
    values: tuple[Fraction, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """T2 at any rank: weights of rank two, multipliers S_c = F_c F_c^T, t in [0, 1].

    `ends` bound what groups without weight on the other class add near t = 0 and 1,
    `pins` the rows of V that lie in class 0 alone, and in class 1 alone.
    """

    rule: ClassVar[str] = "sweep"
    generators: tuple[int, ...]
    shares: RationalMatrix
    factors: tuple[RationalMatrix, ...]
    reciprocal_bits: int
    vertices: tuple[SweepVertex, ...]
    ends: tuple[Fraction, ...]
    pins: tuple[Fraction, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSplit:
    """The rows of a group divided at t = `at`: none to all of them above."""

    group: int
    at: Fraction


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConeSplit:
    """The cell of a single row v divided by `right`.v / `left`.v at -1 and 1."""

    group: int
    left: tuple[Fraction, ...]
    right: tuple[Fraction, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellVertex:
    """kappa_0 and kappa_1 at a point t, and a multiplier for each cone of the cell."""

    at: Fraction
    values: tuple[Fraction, ...]
    cones: tuple[Fraction, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellSweep:
    """The vertices of one group."""

    vertices: tuple[CellVertex, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellLeaf:
    """Multipliers of a leaf, its ends as in `Sweep`, and a sweep for each group."""

    factors: tuple[RationalMatrix, ...]
    ends: tuple[Fraction, ...]
    sweeps: tuple[CellSweep, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowCells:
    """T2 with branching: how many rows of V lie in which cell, in preorder."""

    rule: ClassVar[str] = "row-cells"
    generators: tuple[int, ...]
    shares: RationalMatrix
    reciprocal_bits: int
    tree: tuple[GroupSplit | ConeSplit | CellLeaf, ...]
