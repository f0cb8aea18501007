"""The oracle `sum_of_squares`: refutation of one condition by a polynomial identity.

If q s p is a sum of squares plus a positive constant, with q > 0 and s = 1 or -1, then
s p > 0 everywhere, and a condition that says otherwise has no solution. The squares are
found by a semidefinite program in floating point [Parrilo2003]_ and made exact.

Contents
--------
SumsOfSquares       never says yes; a no carries the identity

Notes on the implementation
---------------------------
The program maximizes the least eigenvalue t of a Gram matrix, in a scaling of the
monomials: an optimum t > 0 leaves room for rounding. Positive polynomials without such
a matrix, for instance those with zeros at infinity, remain undecided. The multipliers
are (1 + |x|^2)^r for r = 0, 1, x the variables that occur [Reznick1995]_.

References
----------
[Parrilo2003]_, [Reznick1995]_, [GoulartChen2024]_
"""

import time
from collections.abc import Sequence
from fractions import Fraction
from importlib.util import find_spec
from math import ceil, log2, sqrt
from typing import final

import numpy as np
from flint import fmpz_mpoly
from numpy.typing import NDArray

from semialgebraic.decisions import (
    Budget,
    Decision,
    SumOfSquares,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.gram_matrices import (
    Monomial,
    Pairs,
    exact_gram,
    monomial_basis,
    pairs_by_product,
    squares,
)
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.polynomials import bitsize
from semialgebraic.sums_of_squares import refutable_signs
from semialgebraic.systems import System

_LARGEST_BASIS = 100
_MULTIPLIER_POWERS = (0, 1)
# Bits beyond those that the least eigenvalue demands; short numbers are tried first.
_SPARE_BITS = (4, 16, 32)
# Below what double precision reaches: the solver goes on as long as it improves.
_TOLERANCE = 1e-13
# Terms below this, relative to the largest, do not steer the scaling.
_SMALLEST_TERM = 2.0**-200


@final
class SumsOfSquares:
    """Semidefinite programming with exact rounding.

    Examples
    --------
    >>> SumsOfSquares().capabilities.proves_satisfiable
    False
    """

    name = "sum_of_squares"
    capabilities = Capabilities(
        scope="refutes systems one condition of which fails everywhere",
        most_variables=8,
        proves_satisfiable=False,
        proves_unsatisfiable=True,
    )
    references = ("Parrilo2003", "PeyrlParrilo2008", "Reznick1995", "GoulartChen2024")

    def missing(self) -> str:
        """Return what to install if clarabel is not there."""
        if find_spec("clarabel") is not None:
            return ""
        return (
            "the package clarabel is not installed; "
            "pip install 'exact_wlra[sdp]' brings it."
        )

    def accepts(self, system: System) -> str:
        """Return "" if there is a condition that might fail everywhere."""
        if _candidates(system):
            return ""
        return (
            "no condition can be refuted by squares: each has a zero at the origin or "
            "the right sign there, odd degree, or says only that a polynomial is not 0."
        )

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Search an identity for each condition and multiplier; cheapest first."""
        end = time.monotonic() + budget.seconds
        too_large = False
        for power in _MULTIPLIER_POWERS:
            for index, sign in _candidates(system):
                p = system.conditions[index].polynomial
                q = _multiplier(p, power)
                product = sign * q * p
                basis = monomial_basis(product, _LARGEST_BASIS)
                if basis is None or len(basis) > _LARGEST_BASIS:
                    too_large = True
                    continue
                left = end - time.monotonic()
                if left <= 0:
                    return self._undecided("the time of the budget is over.")
                found = _identity(product, basis, seconds=left)
                if found is None:
                    continue
                weights, rows, slack = found
                evidence = SumOfSquares(
                    condition=index,
                    multiplier=q,
                    monomials=tuple(basis),
                    weights=tuple(weights),
                    rows=tuple(tuple(row) for row in rows),
                    slack=slack,
                )
                return Unsatisfiable(evidence=evidence, by=self.name)
        return self._undecided(
            "no sum of squares with a positive definite Gram matrix was found"
            + (
                f"; Gram matrices of order above {_LARGEST_BASIS} were not tried."
                if too_large
                else "."
            )
        )

    def _undecided(self, reason: str) -> Undecided:
        return Undecided(
            reason=reason,
            advice="the system may have a solution: ask `subdivision` or `portfolio`.",
            by=self.name,
        )


def _candidates(system: System) -> list[tuple[int, int]]:
    """Return (index, s) for the conditions p that s p > 0 refutes, lowest degree first.

    At the origin s p must be positive.
    """
    origin = (0,) * len(system.variables)
    found = [
        (int(c.polynomial.total_degree()), index, sign)
        for index, c in enumerate(system.conditions)
        for sign in refutable_signs(c.relation)
        if sign * c.polynomial[origin] > 0 and c.polynomial.total_degree() % 2 == 0
    ]
    return [(index, sign) for _, index, sign in sorted(found)]


def _multiplier(p: fmpz_mpoly, power: int) -> fmpz_mpoly:
    """Return (1 + |x|^2)^power, where x are the variables that occur in p."""
    ring = p.context()
    occurring = [
        x for x, degree in zip(ring.gens(), p.degrees(), strict=True) if degree
    ]
    return sum((x * x for x in occurring), ring.constant(1)) ** power


def _identity(
    p: fmpz_mpoly, basis: Sequence[Monomial], *, seconds: float
) -> tuple[list[Fraction], list[list[Fraction]], Fraction] | None:
    """Return weights, rows and slack of an identity for p, or None."""
    pairs = pairs_by_product(basis)
    if not all(tuple(int(e) for e in powers) in pairs for powers in p.monoms()):
        return None
    scale = bitsize(p)
    estimate = _estimated_gram(p, basis, pairs, scale=scale, seconds=seconds)
    if estimate is None:
        return None
    gram, least = estimate
    needed = max(ceil(log2(len(basis) / least)) - scale, 0)
    for spare in _SPARE_BITS:
        bits = needed + spare
        exact = exact_gram(p, pairs, gram, scale=scale, bits=bits)
        found = squares(exact, bits + 1)
        if found is not None:
            return found
    return None


def _estimated_gram(
    p: fmpz_mpoly,
    basis: Sequence[Monomial],
    pairs: Pairs,
    *,
    scale: int,
    seconds: float,
) -> tuple[NDArray[np.float64], float] | None:
    """Return an estimate of a Gram matrix of p / 2^scale and of its least eigenvalue.

    Maximizes t over G = S (H + t I) S with H positive semidefinite, S = diag(sizes);
    None if t > 0 was not reached. The unknowns are the upper triangle of H by columns,
    off-diagonal entries times sqrt(2), and t.
    """
    import clarabel
    from scipy import sparse

    order = len(basis)
    unit = Fraction(1, 1 << scale)
    target = {m: float(int(p[m]) * unit) for m in pairs}
    terms = [abs(target[_square(m)]) for m in basis]
    sizes = [sqrt(max(term, _SMALLEST_TERM)) if term else 1.0 for term in terms]
    n_entries = order * (order + 1) // 2
    rows, columns, entries, right = [], [], [], []
    for row, (product, members) in enumerate(pairs.items()):
        largest = max(sizes[i] * sizes[j] for i, j in members)
        for i, j in members:
            factor = sizes[i] * sizes[j] / largest
            rows.append(row)
            columns.append(j * (j + 1) // 2 + i)
            entries.append(factor if i == j else sqrt(2) * factor)
            if i == j:
                rows.append(row)
                columns.append(n_entries)
                entries.append(factor)
        right.append(target[product] / largest)
    equations = sparse.csc_matrix(
        (entries, (rows, columns)), shape=(len(pairs), n_entries + 1)
    )
    cone = sparse.hstack(
        [-sparse.identity(n_entries), sparse.csc_matrix((n_entries, 1))]
    )
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.time_limit = seconds
    settings.tol_feas = settings.tol_gap_abs = settings.tol_gap_rel = _TOLERANCE
    settings.direct_solve_method = "qdldl"  # one thread: the same result every time
    objective = np.zeros(n_entries + 1)
    objective[-1] = -1.0
    solution = clarabel.DefaultSolver(
        sparse.csc_matrix((n_entries + 1, n_entries + 1)),
        objective,
        sparse.vstack([equations, cone], format="csc"),
        np.concatenate([right, np.zeros(n_entries)]),
        [clarabel.ZeroConeT(len(pairs)), clarabel.PSDTriangleConeT(order)],
        settings,
    ).solve()
    x = np.array(solution.x)
    if not (np.isfinite(x).all() and x[-1] > 0):
        return None
    upper = np.zeros((order, order))
    upper[np.tril_indices(order)] = x[:-1]  # by rows of the transpose
    gram = (upper + upper.T) / sqrt(2)
    gram[np.diag_indices(order)] = upper.diagonal() + x[-1]
    scaling = np.array(sizes)
    return scaling[:, None] * gram * scaling, float(x[-1] * scaling.min() ** 2)


def _square(m: Monomial) -> Monomial:
    return tuple(2 * e for e in m)
