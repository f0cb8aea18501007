"""Errors of the real-algebra layer.

One root, and every leaf also derives from the built-in that describes it.

Contents
--------
SemialgebraicError   root of the family
InvalidInputError    a call with arguments outside the domain
InexactInputError    a floating-point number where an exact one is required
"""


class SemialgebraicError(Exception):
    """Root of the errors raised by `semialgebraic`."""


class InvalidInputError(SemialgebraicError, ValueError):
    """The arguments are outside the domain of the function: correct the call."""


class InexactInputError(InvalidInputError):
    """A float stands where an exact number is required: pass an int or a Fraction."""
