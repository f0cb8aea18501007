"""The instance whose residual at given factors is amplified: bounds that grow away.

*Statement.* Let X* be any matrix, R = A - X*, 0 < e < 1 and B = X* + R/(1 - e). For
every X

    f_A(X) = e ||X - X*||^2 + (1 - e) f_B(X) - e/(1 - e) f_A(X*),

squares and norm weighted by omega. The weights are those of before, so a lower bound l
on f_B over X of rank at most k can come from any method that suits them, and it says
that every X of rank at most k that costs at most f_A(X*) has

    ||X - X*||^2 <= (f_A(X*)/(1 - e) - (1 - e) l) / e.

*Accepts*: everything. *Guarantee*: the identity is exact (docs/proofs.md).

Contents
--------
amplified           the instance with data B
squared_radius      the right-hand side of the last line
"""

from fractions import Fraction

from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def amplified(
    instance: Instance,
    left: RationalMatrix,
    right: RationalMatrix,
    growth: Fraction,
) -> Instance:
    """Return the instance with data X* + (A - X*)/(1 - growth), X* = left @ right.

    Data without weight stay zero.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> left = RationalMatrix.from_rows([[2], [0]])
    >>> right = RationalMatrix.from_rows([[1, 0]])
    >>> amplified(instance, left, right, Fraction(1, 3)).data
    RationalMatrix([[2, 0], [0, 3/2]])
    """
    center = left @ right
    data = center + (instance.data - center).scaled(1 / (1 - growth))
    support = RationalMatrix(instance.support().astype("int64"), 1)
    return Instance(
        data=data.hadamard(support).reduced(),
        squared_weights=instance.squared_weights,
        rank=instance.rank,
    )


def squared_radius(cost: Fraction, lower: Fraction, growth: Fraction) -> Fraction:
    """Return a bound on ||X - X*||^2 for all X of rank <= k that cost at most `cost`.

    Parameters
    ----------
    cost : Fraction
        f_A(X*).
    lower : Fraction
        A lower bound on f_B over X of rank at most k.

    Examples
    --------
    With the bound 0 this is the triangle inequality, at its best for 1/2:

    >>> squared_radius(Fraction(1), Fraction(0), Fraction(1, 2))
    Fraction(4, 1)
    """
    return (cost / (1 - growth) - (1 - growth) * lower) / growth
