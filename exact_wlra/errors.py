"""Errors of the front package.

Contents
--------
WLRAError                  root of the family
InvalidProblemError        data, weights and rank do not form a problem
ProblemFileError           a file cannot be read as a matrix
CertificateError           root of the two certificate errors
MalformedCertificateError  cannot be read
RejectedCertificateError   was read, and a step is false
"""


class WLRAError(Exception):
    """Root of the errors raised by `exact_wlra`."""


class InvalidProblemError(WLRAError, ValueError):
    """Data, weights and rank do not form a problem; the message says where."""


class ProblemFileError(WLRAError, ValueError):
    """A file cannot be read as a matrix; the message says where and what to do."""


class CertificateError(WLRAError, ValueError):
    """A certificate was not accepted."""


class MalformedCertificateError(CertificateError):
    """The document does not follow `docs/certificate-format.md`; nothing was judged."""


class RejectedCertificateError(CertificateError):
    """The document was read and one of its steps is false."""
