"""The dual instance: critical points of complementary ranks correspond.

*Statement.* Let omega > 0 and m = min(n, d). X is a critical point of the weighted
distance to A on matrices of rank k if and only if Y = omega o (A - X) is one of the
weighted distance to omega o A with weights 1/omega on matrices of rank m - k, and then

    cost(X) + dual cost(Y) = sum omega_ij A_ij^2.

So the least critical value of one belongs to the greatest of the other.

Contents
--------
dual_instance       (omega o A, 1/omega, m - k)
dual_point          Y from X

References
----------
[OttavianiSpaenlehauerSturmfels2014]_.
"""

from fractions import Fraction

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def dual_instance(instance: Instance) -> Instance:
    """Return the instance with data omega o A, weights 1/omega and rank m - k.

    Raises
    ------
    NotApplicableError
        If a weight is zero, or the rank exceeds min(n, d).

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2, 0], [3, 4, 1], [0, 1, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 2, 1], [1, 1, 1], [4, 1, 1]])
    >>> dual = dual_instance(Instance(data=A, squared_weights=omega, rank=1))
    >>> dual.rank, dual.data[0, 1], dual.squared_weights[2, 0]
    (2, Fraction(4, 1), Fraction(1, 4))
    """
    weights = instance.squared_weights
    rank = min(instance.shape) - instance.rank
    if not instance.support().all() or rank < 0:
        raise NotApplicableError(
            "the dual instance wants positive weights and a rank of at most "
            f"{min(instance.shape)}."
        )
    inverse = [[1 / Fraction(w) for w in row] for row in weights.fractions()]
    return Instance(
        data=instance.weighted_data(),
        squared_weights=RationalMatrix.from_fractions(inverse),
        rank=rank,
    )


def dual_point(instance: Instance, point: RationalMatrix) -> RationalMatrix:
    """Return Y = omega o (A - X).

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> dual_point(instance, RationalMatrix.zeros(2, 2))
    RationalMatrix([[1, 4], [3, 4]])
    """
    return instance.squared_weights.hadamard(instance.data - point)
