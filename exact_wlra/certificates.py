"""Certificates as values: one frozen class per rule of `docs/certificate-format.md`.

Nothing is judged here: that is the checker's part. The JSON form is in
`certificate_json`.

Contents
--------
Certificate         bracket, factors and a proof
Proof               union of the rules: Zero, Energy, Transpose, Blocks, Types, Gram,
                    Scaling, Spectral, Split, HadamardRank, Minorant, Simplicial,
                    Sweep, RowCells, TwoRows, Plane, Charts, Moments, Isolated, Basins
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, final

from exact_wlra.sweep_certificates import RowCells, Sweep
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Zero:
    """OPT >= 0."""

    rule: ClassVar[str] = "zero"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """OPT = sum omega A^2 when k = 0."""

    rule: ClassVar[str] = "energy"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Transpose:
    """A proof about the transposed instance."""

    rule: ClassVar[str] = "transpose"
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of `Blocks`."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The sum of bounds of blocks that share no entry."""

    rule: ClassVar[str] = "blocks"
    parts: tuple[Block, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """Identical rows (axis 0) or columns (axis 1) merged."""

    rule: ClassVar[str] = "types"
    axis: int
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Gram:
    """Rows (columns) of proportional weights merged through their Gram matrix."""

    rule: ClassVar[str] = "gram"
    axis: int
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Data scaled by powers of two, weights inversely."""

    rule: ClassVar[str] = "scaling"
    row_exponents: tuple[int, ...]
    column_exponents: tuple[int, ...]
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spectral:
    """T1: rank-one minorant of the weights, linearized remainder, singular values."""

    rule: ClassVar[str] = "spectral"
    rows: RationalMatrix
    columns: RationalMatrix
    center_left: RationalMatrix
    center_right: RationalMatrix
    grid: int
    theta: Fraction
    factor: RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One rank-one piece of `Split`."""

    rows: RationalMatrix
    columns: RationalMatrix
    theta: Fraction
    factor: RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Weights split into non-negative rank-one pieces."""

    rule: ClassVar[str] = "split"
    pieces: tuple[Piece, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HadamardRank:
    """Woodruff-Yasuda: singular values of W o A beyond rank(W) k."""

    rule: ClassVar[str] = "hadamard-rank"
    rows: RationalMatrix
    columns: RationalMatrix
    root_weights: RationalMatrix
    theta: Fraction
    factor: RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Minorant:
    """Weights lowered to weight_left @ weight_right, the rest linearized at a center.

    The proof is about the instance with these weights and data moved towards the
    remainder of the center.
    """

    rule: ClassVar[str] = "minorant"
    weight_left: RationalMatrix
    weight_right: RationalMatrix
    center_left: RationalMatrix
    center_right: RationalMatrix
    grid: int
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """Multipliers lambda at a point t of pattern space."""

    at: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    excluded: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bisection:
    """An inner node of the subdivision tree: the edge that is bisected."""

    split: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf of the subdivision tree: one multiplier for each vertex.

    `exclusions` lists the entries of `Simplicial.exclusions` that bound what the
    excluded groups capture.
    """

    multipliers: tuple[int, ...]
    exclusions: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What some groups of rows capture together is at most `bound`."""

    groups: tuple[int, ...]
    bound: Fraction
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Simplicial:
    """T2, T3: a covering of pattern space by simplices with vertex multipliers."""

    rule: ClassVar[str] = "simplicial"
    generators: tuple[int, ...]
    shares: RationalMatrix
    capture: Fraction
    reciprocal_bits: int
    multipliers: tuple[Multiplier, ...]
    exclusions: tuple[Exclusion, ...]
    tree: tuple[Bisection | Leaf, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TwoRows:
    """n = 2, k = 1: the cost minus `lower` is positive on the projective line."""

    rule: ClassVar[str] = "two-rows"
    lower: Fraction


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """d = 3, k = 1 or 2, positive weights: no real critical value is below `lower`."""

    rule: ClassVar[str] = "plane"
    lower: Fraction


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """Subdivisions of all max-volume charts in which no V costs at most `lower`.

    Each tree lists its nodes in preorder: i >= 0 halves the box along coordinate i, and
    -1 - c says that condition c of the chart's system fails on the whole box.
    """

    rule: ClassVar[str] = "charts"
    lower: Fraction
    trees: tuple[tuple[int, ...], ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RankForm:
    """A quadratic form in a block of X that is not negative where rank X <= k.

    Three semidefinite matrices (`reductions.rank_forms`) in the entries of the block
    (`axis` 0) or of its transpose (1), row by row; each its upper triangle as one row.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    axis: int
    antisymmetric: RationalMatrix
    symmetric: RationalMatrix
    complement: RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """cost - `lower` - forms is a sum of squares in the entries of X.

    `minors` are multipliers of the 2 x 2 minors, at rank one; else it is empty.
    """

    rule: ClassVar[str] = "moments"
    lower: Fraction
    minors: RationalMatrix
    forms: tuple[RankForm, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Isolated:
    """OPT is the cost at the critical point next to a center, and at least `lower`.

    `proof` is about the instance whose residual at the center is amplified; the center
    is regular on the k `columns`.
    """

    rule: ClassVar[str] = "isolated"
    center_left: RationalMatrix
    center_right: RationalMatrix
    growth: Fraction
    columns: tuple[int, ...]
    lower: Fraction
    proof: "Proof"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Basin:
    """The row spaces with a basis V = [I Y] within `radius` of that of `center`.

    V is the identity in the k `columns`, and so is `center` (k x d).
    """

    columns: tuple[int, ...]
    center: RationalMatrix
    radius: Fraction


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Basins:
    """All V that cost less than `threshold` lie in basins with one critical point each.

    The trees are those of `Charts`; conditions beyond those of "cost < threshold" say
    that V lies outside a basin of the chart. OPT is at least `lower`.
    """

    rule: ClassVar[str] = "basins"
    lower: Fraction
    threshold: Fraction
    basins: tuple[Basin, ...]
    trees: tuple[tuple[int, ...], ...]


Proof = (
    Zero
    | Energy
    | Transpose
    | Blocks
    | Types
    | Gram
    | Scaling
    | Spectral
    | Split
    | HadamardRank
    | Minorant
    | Simplicial
    | Sweep
    | RowCells
    | TwoRows
    | Plane
    | Charts
    | Moments
    | Isolated
    | Basins
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A proof that lower <= OPT <= upper, with factors of cost `upper`.

    Parameters
    ----------
    shape : (int, int)
        n and d, of the core for patterned problems.
    rank : int
        k.
    lower, upper : Fraction
        The claims.
    left, right : RationalMatrix, shapes (n, k) and (k, d)
        U and V.
    proof : Proof
        The tree of rules that proves `lower`; docs/certificate-format.md has them all.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> certificate = solve(Problem([[3, 0], [0, 2]], rank=1)).certificate
    >>> certificate.upper, type(certificate.proof).__name__
    (Fraction(4, 1), 'TwoRows')
    """

    shape: tuple[int, int]
    rank: int
    lower: Fraction
    upper: Fraction
    left: RationalMatrix
    right: RationalMatrix
    proof: Proof
