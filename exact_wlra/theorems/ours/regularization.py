"""C12: a penalty on the factors makes the infimum attained, and tends to OPT.

Contents
--------
Penalized           a problem and the weight of the penalty
STATEMENT           OPT <= R(lambda) <= cost(X) + 2 lambda ||X||_*
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import eigenvalues, optimum
from exact_wlra.theorems.ours.lipschitz import root
from exact_wlra.theorems.quantities import Quantity, enclosed, exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/regularization"

_POSITIVE = Hypothesis(name="positive penalty", text="lambda > 0 (for attainment)")
_STARTS, _STEPS = 4, 400
_CLOSE = Fraction(1, 10**5)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Penalized:
    """A problem, lambda >= 0, and factors of some X.

    R(lambda) = inf cost(U V) + lambda (||U||^2 + ||V||^2).
    """

    problem: Problem
    penalty: Fraction
    U: RationalMatrix
    V: RationalMatrix

    def objective(self, U: RationalMatrix, V: RationalMatrix) -> Fraction:
        """Return the penalized cost, exactly."""
        squares = U.hadamard(U).total() + V.hadamard(V).total()
        return self.problem.cost(U, V) + self.penalty * squares


def check(case: Case[Penalized]) -> tuple[Finding, ...]:
    """Compare the least objective that was found with OPT, with X, and with formulas.

    What is found is a number above R(lambda), so that R lies between OPT and it.
    """
    value, problem = case.value, case.value.problem
    say = partial(case.finding, KEY)
    unmet = () if value.penalty > 0 else (_POSITIVE.name,)
    attained = is_attained(problem.instance) or value.penalty > 0
    findings = [
        say("the infimum is attained", truth(attained), "==", exact(1), unmet=unmet)
    ]
    if unmet:
        return tuple(findings)
    best = optimum(problem)
    U, V = _ridge(value)
    reached = exact(value.objective(U, V))
    nuclear = _nuclear_norm(value.U @ value.V)
    bound = problem.cost(value.U, value.V) + 2 * value.penalty * Fraction(nuclear.high)
    squares = U.hadamard(U).total() + V.hadamard(V).total()
    findings += [
        say("OPT <= R(lambda)", best, "<=", reached),
        say("R(lambda) <= cost(X) + 2 lambda ||X||_*", reached, "<=", exact(bound)),
        say(
            "||U||^2 + ||V||^2 <= R(lambda) / lambda",
            exact(squares),
            "<=",
            reached.times(1 / value.penalty),
        ),
    ]
    if problem.squared_weights.numerators.tolist() == _ones(problem):
        formula = _thresholded(value)
        findings += [
            say(
                "unit weights: soft thresholds of singular values",
                reached,
                ">=",
                formula,
            ),
            say(
                "unit weights: some factors come as close as 10^-5",
                reached,
                "<=",
                formula.times(1 + _CLOSE),
            ),
        ]
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Penalized]]:
    """Yield random weights, unit weights, D1 with smaller and smaller penalties."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (3, 4), -5, 5)
        weights = integer_matrix(noise, (3, 4), 1, 6)
        for name, omega in (("random", weights), ("unit", np.ones_like(weights))):
            problem = Problem(data, squared_weights=omega, rank=1)
            found = solve(problem)
            yield Case(
                name=f"{name}-{seed}",
                kind="random",
                value=Penalized(
                    problem=problem,
                    penalty=Fraction(1, 2 ** (1 + 3 * seed)),
                    U=found.U,
                    V=found.V,
                ),
                seed=seed,
            )
    # X = (1, 1/t)^T (t, 1) with t = lambda^1/3 costs t^2 and proves R <= 3 t^2 + 2 t^4.
    for name, t in (("tenth", 10), ("hundredth", 100)):
        yield Case(
            name=f"corner-missing-{name}",
            kind="adversarial",
            value=_corner(Fraction(1, t), Fraction(1, t**3)),
        )
    yield Case(
        name="corner-missing-no-penalty",
        kind="violation",
        value=_corner(Fraction(1), Fraction(0)),
    )


def _corner(t: Fraction, penalty: Fraction) -> Penalized:
    """Return D1 at delta = 0 with X = (1, 1/t)^T (t, 1)."""
    return Penalized(
        problem=Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 0]], rank=1),
        penalty=penalty,
        U=RationalMatrix.from_rows([[1], [1 / t]]),
        V=RationalMatrix.from_rows([[t, 1]]),
    )


def _ridge(value: Penalized) -> tuple[RationalMatrix, RationalMatrix]:
    """Return good factors, by alternating ridge regression from X and other starts."""
    problem, penalty = value.problem, float(value.penalty)
    data, weights = problem.data.to_float(), problem.squared_weights.to_float()
    noise, k, n = generator(KEY, 0), problem.rank, problem.shape[0]
    best: tuple[float, Any, Any] = (np.inf, None, None)
    leading = np.linalg.svd(data)[0][:, :k]
    starts = [leading, *(noise.normal(size=(n, k)) for _ in range(_STARTS))]
    for start in (_balanced(value), *starts):
        U = start
        for _ in range(_STEPS):
            V = _fit(data.T, weights.T, U, penalty).T
            U = _fit(data, weights, V.T, penalty)
        cost = float((weights * (data - U @ V) ** 2).sum())
        cost += penalty * float((U**2).sum() + (V**2).sum())
        best = min(best, (cost, U, V), key=lambda found: found[0])
    return RationalMatrix.rounded(best[1], 40), RationalMatrix.rounded(best[2], 40)


def _balanced(value: Penalized) -> Any:
    """Return U of X = U V with U^T U = V V^T, so that ||U||^2 + ||V||^2 = 2 ||X||_*."""
    left, singular, _ = np.linalg.svd((value.U @ value.V).to_float())
    k = value.problem.rank
    return left[:, :k] * np.sqrt(singular[:k])


def _fit(data: Any, weights: Any, factor: Any, penalty: float) -> Any:
    """Return the ridge regression of each row of the data on the columns of factor."""
    k = factor.shape[1]
    normal = np.einsum("ij,ja,jb->iab", weights, factor, factor)
    normal += (penalty + 1e-12) * np.eye(k)
    return np.linalg.solve(normal, ((weights * data) @ factor)[:, :, None])[:, :, 0]


def _nuclear_norm(X: RationalMatrix) -> Quantity:
    """Return the sum of the singular values, enclosed."""
    gram = X @ X.transpose if X.shape[0] <= X.shape[1] else X.transpose @ X
    roots = [
        root(
            enclosed(
                max(Fraction(x.low), Fraction(0)), max(Fraction(x.high), Fraction(0))
            )
        )
        for x in eigenvalues(gram)
    ]
    return enclosed(
        sum((Fraction(x.low) for x in roots), Fraction(0)),
        sum((Fraction(x.high) for x in roots), Fraction(0)),
    )


def _ones(problem: Problem) -> list[list[int]]:
    """Return unit weights of the shape of the problem."""
    n, d = problem.shape
    return [[problem.squared_weights.denominator] * d for _ in range(n)]


def _thresholded(value: Penalized) -> Quantity:
    """Return R for unit weights: k times 2 lambda sigma - lambda^2, else sigma^2."""
    A, lam = value.problem.data, value.penalty
    squares = sorted(eigenvalues(A @ A.transpose), key=lambda x: -x.middle)
    low = high = Fraction(0)
    for number, square in enumerate(squares):
        ends = [max(Fraction(x), Fraction(0)) for x in (square.low, square.high)]
        sigma = root(enclosed(*ends))
        if number < value.problem.rank and Fraction(sigma.low) > lam:
            ends = [2 * lam * Fraction(x) - lam**2 for x in (sigma.low, sigma.high)]
        low, high = low + ends[0], high + ends[1]
    return enclosed(low, high)


STATEMENT = Statement(
    key=KEY,
    title="C12: a penalty on the factors",
    source="docs/proofs.md, C12; [BanWoodruffZhang2019]_",
    text=(
        "R(lambda) = inf cost(U V) + lambda (||U||^2 + ||V||^2) = inf over rank X <= k "
        "of cost(X) + 2 lambda ||X||_* is attained for lambda > 0 and any omega >= 0, "
        "and OPT <= R(lambda) <= cost(X) + 2 lambda ||X||_* for every X, so R(lambda) "
        "decreases to OPT. For unit weights R is the sum of 2 lambda sigma_i - "
        "lambda^2 for the k largest sigma_i (if they exceed lambda) and sigma_i^2 for "
        "the others."
    ),
    hypotheses=(_POSITIVE,),
    cases=cases,
    check=check,
    value_type=Penalized,
)
