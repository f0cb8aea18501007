"""Errors of the front package.

Contents
--------
WLRAError                  root of the family
InvalidProblemError        data, weights and rank do not form a problem
UnsuitableWeightsError     a method of approximation cannot be used with these weights
ProblemFileError           a file cannot be read as a matrix
CertificateError           root of the two certificate errors
CheckpointError            a checkpoint cannot be resumed
LostWorkerError            a worker process ended early
MalformedMessageError      a message of a communication protocol cannot be read
MissingExtraError          an optional library is not installed
ContradictionError         two answers about the optimum exclude each other
ViolatedBoundError         a matrix of rank k costs less than a proved lower bound
MalformedCertificateError  cannot be read
RejectedCertificateError   was read, and a step is false
"""

from fractions import Fraction
from typing import Any


class WLRAError(Exception):
    """Root of the errors raised by `exact_wlra`."""


class InvalidProblemError(WLRAError, ValueError):
    """Data, weights and rank do not form a problem; the message says where."""


class UnsuitableWeightsError(WLRAError, ValueError):
    """A method of approximation cannot be used with these weights; another can."""


class ProblemFileError(WLRAError, ValueError):
    """A file cannot be read as a matrix; the message says where and what to do."""


class CheckpointError(WLRAError, ValueError):
    """A checkpoint cannot be resumed; the message says why and what to do."""


class LostWorkerError(WLRAError, RuntimeError):
    """A worker process ended before its result was there."""


class MalformedMessageError(WLRAError, ValueError):
    """A message of a communication protocol cannot be read; it says where."""


class MissingExtraError(WLRAError, ImportError):
    """An optional library is not installed; the message says which, and how to."""


class ContradictionError(WLRAError, ArithmeticError):
    """Factors cost less than a threshold that an oracle had refuted: it was wrong.

    Parameters
    ----------
    refuted, cost : Fraction
        The threshold, and the exact cost of the factors.
    steps : tuple
        The steps of the search: the reproducer.
    """

    def __init__(
        self, refuted: Fraction, cost: Fraction, steps: tuple[Any, ...]
    ) -> None:
        super().__init__(
            f"an oracle said that every X costs at least {float(refuted):.12g}, and "
            f"factors cost {float(cost):.12g}; report the oracle named in the steps, "
            "and use another."
        )
        self.refuted, self.cost, self.steps = refuted, cost, steps


class ViolatedBoundError(WLRAError, ArithmeticError):
    """A matrix of rank k costs less than a proved lower bound: something is wrong."""


class CertificateError(WLRAError, ValueError):
    """A certificate was not accepted."""


class MalformedCertificateError(CertificateError):
    """The document does not follow `docs/certificate-format.md`; nothing was judged."""


class RejectedCertificateError(CertificateError):
    """The document was read and one of its steps is false."""
