"""Checking the rule `moments`: cost(X) minus forms of rank <= k is bounded for every X.

*Why it is sound.* Each quadratic form q_p of the proof is not negative at X of rank at
most k (`reductions.rank_forms`; here its matrices are proved semidefinite). So

    cost(X) - L >= cost(X) - L - sum_p q_p(X) = (1, x) S (1, x)^T >= 0

for such X = U V, x = vec X, once S is proved positive semidefinite (docs/proofs.md).

Contents
--------
moments_bound   L, once all matrices are verified
"""

from fractions import Fraction

import numpy as np

from exact_wlra.certificates import Moments, RankForm
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.rank_forms import embedded, minor_form, rank_form, unpacked
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic, is_positive_semidefinite
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

# Larger matrices are refused: nobody could have made the certificate honestly.
_LARGEST_ORDER = 2500
_LARGEST_WORK = 10**12


def moments_bound(
    instance: Instance, proof: Moments, arithmetic: Arithmetic = "automatic"
) -> Fraction:
    """Return the lower bound L of the rule after verifying the proof.

    Raises
    ------
    RejectedCertificateError
        If a form is not proved non-negative on matrices of rank k, or the last matrix
        is not proved semidefinite.

    Examples
    --------
    min (1 - x)^2 + (1 - z)^2 + w^2 + y^2 over x z = w y is 1: half the minor is enough.

    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 0], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> one = RationalMatrix.from_rows([[-1]])
    >>> moments_bound(instance, Moments(lower=Fraction(1), minors=one, forms=()))
    Fraction(1, 1)
    """
    n, d = instance.shape
    if not (0 < n * d < _LARGEST_ORDER and instance.rank >= 1):
        raise _rejected(
            f"the rule proves ranks from 1 on, of matrices with fewer than "
            f"{_LARGEST_ORDER} entries; here {n} x {d} at rank {instance.rank}"
        )
    work = sum((len(form.rows) * len(form.columns)) ** 3 for form in proof.forms)
    if work > _LARGEST_WORK:
        raise _rejected("the forms are too large to check")
    weights = instance.squared_weights
    order = n * d
    flat = weights.numerators.reshape(order)
    diagonal: IntegerArray = np.zeros((order, order), dtype=flat.dtype)
    diagonal[np.diag_indices(order)] = flat
    quadratic = RationalMatrix(diagonal, weights.denominator)
    quadratic = quadratic - _minors(instance, proof)
    for number, form in enumerate(proof.forms, start=1):
        quadratic = quadratic - _form(instance, form, number, arithmetic)
    matrix = _bordered(instance, quadratic, proof.lower)
    if not is_positive_semidefinite(matrix, arithmetic=arithmetic):
        raise _rejected("cost - L - forms is not proved to be a sum of squares")
    return proof.lower


def _minors(instance: Instance, proof: Moments) -> RationalMatrix:
    """Return the form of the minors."""
    n, d = instance.shape
    if proof.minors.numerators.size == 0:
        return RationalMatrix.zeros(n * d, n * d)
    if instance.rank != 1:
        raise _rejected("2 x 2 minors vanish at rank one only")
    try:
        return minor_form(proof.minors, (n, d))
    except NotApplicableError as error:
        raise _rejected(str(error).rstrip(".")) from None


def _form(
    instance: Instance, form: RankForm, number: int, arithmetic: Arithmetic
) -> RationalMatrix:
    """Return the matrix of one form on vec X, its parts proved semidefinite."""
    n, d = instance.shape
    for name, indices, size in (("row", form.rows, n), ("column", form.columns, d)):
        if len(set(indices)) != len(indices) or any(not 0 <= i < size for i in indices):
            raise _rejected(f"form {number} names a {name} twice or one not there")
    places = np.arange(n * d).reshape(n, d)[np.ix_(list(form.rows), list(form.columns))]
    if form.axis == 1:
        places = places.T
    shape = (places.shape[0], places.shape[1])
    order = shape[0] * shape[1]
    try:
        parts = [
            unpacked(triangle, order)
            for triangle in (form.antisymmetric, form.symmetric, form.complement)
        ]
        matrix = rank_form(*parts, shape=shape, rank=instance.rank)
    except NotApplicableError as error:
        raise _rejected(f"form {number}: {str(error).rstrip('.')}") from None
    for name, part in zip(("first", "second", "third"), parts, strict=True):
        if not is_positive_semidefinite(part.numerators, arithmetic=arithmetic):
            raise _rejected(
                f"the {name} matrix of form {number} is not proved semidefinite"
            )
    return embedded(matrix, places.ravel(), n * d)


def _bordered(
    instance: Instance, quadratic: RationalMatrix, lower: Fraction
) -> IntegerArray:
    """Return a positive multiple of S, its first row and column scaled.

    The unknown 1 is replaced by 2^s, about the size of the data, which keeps S apart
    from singular in floating point.
    """
    linear = instance.weighted_data()
    corner = instance.energy() - lower
    order = quadratic.shape[0]
    scale = _power_near_data(instance)
    common = RationalMatrix(quadratic.numerators.reshape(1, -1), quadratic.denominator)
    border = linear.scaled(-scale)
    parts = [
        RationalMatrix.from_fractions([[corner * scale**2]]),
        RationalMatrix(border.numerators.reshape(1, -1), border.denominator),
        common,
    ]
    denominator = int(np.lcm.reduce([p.denominator for p in parts], dtype=object))
    scaled = [
        integer_arrays.multiply(p.numerators, denominator // p.denominator)
        for p in parts
    ]
    dtype = np.result_type(*(p.dtype for p in scaled))
    matrix: IntegerArray = np.zeros((order + 1, order + 1), dtype=dtype)
    matrix[0, 0] = scaled[0][0, 0]
    matrix[0, 1:] = matrix[1:, 0] = scaled[1][0]
    matrix[1:, 1:] = scaled[2].reshape(order, order)
    return matrix


def _power_near_data(instance: Instance) -> Fraction:
    """Return 2^-s, about one over the norm of the data where there are weights."""
    data = instance.data
    seen = np.where(instance.support(), data.numerators, 0)
    square = integer_arrays.total(integer_arrays.multiply(seen, seen))
    exponent = (square.bit_length() + 1) // 2 - data.denominator.bit_length() + 1
    return Fraction(2) ** -exponent if square else Fraction(1)


def _rejected(reason: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"moments: {reason}.")
