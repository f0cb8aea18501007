"""Errors of the reductions.

Contents
--------
ReductionError       root of the family
InvalidInstanceError shapes, signs or rank of an instance are wrong
NotApplicableError   a reduction was asked of an instance that it does not accept
"""


class ReductionError(Exception):
    """Root of the errors raised by `reductions`."""


class InvalidInstanceError(ReductionError, ValueError):
    """Data, weights and rank do not form an instance: correct the arguments."""


class NotApplicableError(ReductionError, ValueError):
    """The reduction does not accept this instance: ask `accepts` first."""
