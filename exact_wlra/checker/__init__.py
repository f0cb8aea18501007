"""The independent checker of certificates; it imports no solver.

Contents
--------
check_certificate   judge a certificate against an instance
lower_bound         the rational lower bound that a proof proves about an instance
"""

from fractions import Fraction

from exact_wlra.certificates import Certificate
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from semialgebraic.definiteness import Arithmetic

__all__ = ["check_certificate", "lower_bound"]


def check_certificate(
    instance: Instance,
    certificate: Certificate,
    *,
    arithmetic: Arithmetic = "automatic",
) -> Fraction:
    """Return the proved lower bound if the certificate holds for this instance.

    The cost of the factors must equal `upper`, the proof must prove at least `lower`.

    Raises
    ------
    RejectedCertificateError
        With the step that is false.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> from exact_wlra.certificates import Zero
    >>> one = RationalMatrix.from_rows([[1]])
    >>> check_certificate(
    ...     Instance(data=one, squared_weights=one, rank=1),
    ...     Certificate(
    ...         shape=(1, 1),
    ...         rank=1,
    ...         lower=Fraction(0),
    ...         upper=Fraction(0),
    ...         left=one,
    ...         right=one,
    ...         proof=Zero(),
    ...     ),
    ... )
    Fraction(0, 1)
    """
    if certificate.shape != instance.shape:
        raise RejectedCertificateError(
            f"the certificate is about a {certificate.shape} matrix, the problem is "
            f"{instance.shape}."
        )
    if certificate.rank != instance.rank:
        raise RejectedCertificateError(
            f"the certificate is about rank {certificate.rank}, the problem about "
            f"rank {instance.rank}."
        )
    (n, d), k = instance.shape, instance.rank
    left, right = certificate.left, certificate.right
    if left.shape != (n, k) or right.shape != (k, d):
        raise RejectedCertificateError(
            f"the factors have shapes {left.shape} and {right.shape}; "
            f"{(n, k)} and {(k, d)} are needed."
        )
    cost = instance.cost(left, right)
    if cost != certificate.upper:
        raise RejectedCertificateError(
            f"the factors cost about {_decimal(cost)}, not the claimed upper bound."
        )
    proved = lower_bound(instance, certificate.proof, arithmetic=arithmetic)
    if proved < certificate.lower:
        raise RejectedCertificateError(
            f"the proof proves a lower bound of about {_decimal(proved)} only, "
            "less than the certificate claims."
        )
    return proved


def _decimal(value: Fraction) -> str:
    """Return a value in a few digits, for messages."""
    try:
        return f"{float(value):.12g}"
    except OverflowError:
        return "1e308 or more in absolute value"
