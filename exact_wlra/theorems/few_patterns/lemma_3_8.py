"""Lemma 3.8: a Gaussian sketch of many least squares problems.

Contents
--------
Regressions         designs, responses, the sketch, and what is drawn
STATEMENT           the mean of the sketched cost, exactly; Markov's inequality

Notes on the implementation
---------------------------
One draw of S serves all problems. In an orthonormal basis Q of the columns of a design
the excess is |(SQ)^+ S e|^2, e the residual; draws are a leading axis of the arrays.

References
----------
[LiLiangShiSong2025]_, Lemma 3.8; [RazenshteynSongWoodruff2016]_, Theorem 3.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import confident, exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from reductions.sketching import (
    expected_ratio,
    gaussian_sketch,
    sketched_least_squares,
)
from semialgebraic.rational_matrices import RationalMatrix

KEY = "few-patterns/lemma-3.8"

_GAUSSIAN = Hypothesis(
    name="Gaussian", text="the entries of S (t x n) are independent and N(0, 1)"
)
_INDEPENDENT = Hypothesis(
    name="independent", text="S is independent of all A_j and b_j"
)
_FINITE = Hypothesis(name="t >= k + 2", text="S has at least k + 2 rows")

_DRAWS = 20_000
# With fewer rows beyond k the fourth moment is infinite, and the spread of a sample
# tells nothing about its mean.
_FOR_MEANS = 8


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Regressions:
    """Least squares problems min |A_j x - b_j| that share one sketch.

    Parameters
    ----------
    designs, responses : tuples of RationalMatrix, shapes (n, k) and (n, 1)
        A_j and b_j; no b_j in the column space of A_j.
    t : int
        Rows of S.
    epsilon : Fraction
        Accuracy of which the probability is asked.
    entries : tuple of int
        Empty for Gaussian entries; otherwise entries are uniform on these numbers.
    n_choices : int
        1, or of so many sketches that is taken which the data make the worst.
    """

    designs: tuple[RationalMatrix, ...]
    responses: tuple[RationalMatrix, ...]
    t: int
    epsilon: Fraction
    entries: tuple[int, ...] = ()
    n_choices: int = 1


def check(case: Case[Regressions]) -> tuple[Finding, ...]:
    """Compare means of 20 000 draws with rho/(t - rho - 1), and frequencies.

    Examples
    --------
    >>> sorted({finding.verdict for finding in check(next(cases(1)))})
    ['agrees', 'holds']
    """
    value = case.value
    k, t = value.designs[0].shape[1], value.t
    unmet = tuple(
        hypothesis.name
        for hypothesis, is_met in (
            (_GAUSSIAN, not value.entries),
            (_INDEPENDENT, value.n_choices == 1),
            (_FINITE, t >= k + 2),
        )
        if not is_met
    )
    note = "" if t >= k + _FOR_MEANS else "heavy tails: the interval says little"
    excess, best = excesses(value, generator(KEY + case.name, case.seed or 0))
    # Outside the hypothesis on t: the least t for which there is a formula.
    defined = max(t, k + 2)
    found = [
        case.finding(
            KEY,
            f"mean excess of problem {j + 1}/its least cost = rho/(t - rho - 1)",
            confident(excess[:, j] / best[j]),
            "==",
            exact(expected_ratio(rational_rank(design), defined) - 1),
            unmet=unmet,
            note=note,
        )
        for j, design in enumerate(value.designs)
    ]
    total = excess.sum(axis=1) / best.sum()
    bound = expected_ratio(k, defined) - 1
    found.append(
        case.finding(
            KEY,
            "mean total excess/total least cost <= k/(t - k - 1)",
            confident(total),
            "<=",
            exact(bound),
            unmet=unmet,
            note=note,
        )
    )
    found.append(
        case.finding(
            KEY,
            "P(total > (1 + eps) least) <= k/(eps (t - k - 1))",
            confident((total > float(value.epsilon)).astype(float)),
            "<=",
            exact(bound / value.epsilon),
            unmet=unmet,
        )
    )
    found.append(_normal_equations(case))
    return tuple(found)


def excesses(value: Regressions, noise: Generator) -> tuple[Any, Any]:
    """Return |A_j y_j - b_j|^2 - |A_j x_j - b_j|^2 for each draw, and the least costs.

    Returns
    -------
    arrays, shapes (draws, m) and (m,)
    """
    bases, residuals = [], []
    for design, response in zip(value.designs, value.responses, strict=True):
        left, singular, _ = np.linalg.svd(design.to_float(), full_matrices=False)
        basis = left[:, singular > 1e-9 * singular[0]]
        b = response.to_float()[:, 0]
        bases.append(basis)
        residuals.append(b - basis @ (basis.T @ b))
    best = np.array([float(e @ e) for e in residuals])
    draws = _DRAWS * value.n_choices
    shape = (draws, value.t, value.designs[0].shape[0])
    if value.entries:
        sketches = noise.choice(np.array(value.entries, dtype=float), size=shape)
    else:
        sketches = noise.standard_normal(shape)
    columns = []
    for basis, e in zip(bases, residuals, strict=True):
        left, right = sketches @ basis, sketches @ e
        normal = np.einsum("sta,stb->sab", left, left)
        moments = np.einsum("sta,st->sa", left, right)
        errors = np.linalg.solve(normal, moments[:, :, None])[:, :, 0]
        columns.append((errors**2).sum(axis=1))
    found = np.stack(columns, axis=1).reshape(_DRAWS, value.n_choices, len(best))
    worst = found.sum(axis=2).argmax(axis=1)
    return found[np.arange(_DRAWS), worst], best


def _normal_equations(case: Case[Regressions]) -> Finding:
    """Return that our integer sketch and solver minimize |S(A y - b)|, exactly."""
    value = case.value
    design, response = value.designs[0], value.responses[0]
    sketch = gaussian_sketch(value.t, design.shape[0], seed=case.seed or 0)
    solution = sketched_least_squares(design, response, sketch)
    sketched = sketch @ design
    gradient = sketched.transpose @ (sketched @ solution - sketch @ response)
    return case.finding(
        KEY,
        "|(S A)^T S(A y - b)|^2 = 0 for our sketch and solver",
        exact(gradient.hadamard(gradient).total()),
        "==",
        exact(0),
    )


def cases(seeds: int) -> Iterator[Case[Regressions]]:
    """Yield shared and different designs, a deficient one, and violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        k = 1 + seed % 3
        designs = tuple(_matrix(noise, (10, k)) for _ in range(3))
        responses = tuple(_matrix(noise, (10, 1)) for _ in range(3))
        yield _case(
            f"random-{k}-{seed}", "random", designs, responses, 4 * k + 8, seed=seed
        )
    noise = generator(KEY, 100)
    design = _matrix(noise, (12, 2))
    responses = tuple(_matrix(noise, (12, 1)) for _ in range(3))
    yield _case("one-design", "structured", (design,) * 3, responses, 12)
    # Rank one in two columns: the mean is that of rho = 1, and below that of k.
    twice = RationalMatrix(np.repeat(design.numerators[:, :1], 2, axis=1))
    yield _case("deficient", "adversarial", (twice, design), responses[:2], 12)
    unit, other = _unit(0), _unit(1)
    yield _case("signs", "violation", (unit,), (other,), 4, entries=(-1, 1))
    yield _case("chosen-sketch", "violation", (design,), responses[:1], 12, choices=4)
    yield _case("t = k + 1", "violation", (unit,), (other,), 2)


def constant_probability() -> tuple[Finding, ...]:
    """Return "high probability", read as 1 - 1/n, with t = 4 k/eps and n = 100.

    The law of the excess does not depend on n; here it is that of F(1, t)/t.
    """
    n = 100
    value = Regressions(
        designs=(_unit(0, n),), responses=(_unit(1, n),), t=8, epsilon=Fraction(1, 2)
    )
    case = Case(name="n = 100, t = 4 k/eps", kind="adversarial", value=value)
    excess, best = excesses(value, generator(KEY, 0))
    failures = (excess[:, 0] / best[0] > 0.5).astype(float)
    return (
        case.finding(
            KEY,
            "as printed: P(failure) <= 1/n",
            confident(failures),
            "<=",
            exact(Fraction(1, n)),
        ),
    )


def _case(
    name: str,
    kind: Kind,
    designs: tuple[RationalMatrix, ...],
    responses: tuple[RationalMatrix, ...],
    t: int,
    *,
    seed: int | None = None,
    entries: tuple[int, ...] = (),
    choices: int = 1,
) -> Case[Regressions]:
    """Return a case with epsilon = 1/2."""
    value = Regressions(
        designs=designs,
        responses=responses,
        t=t,
        epsilon=Fraction(1, 2),
        entries=entries,
        n_choices=choices,
    )
    return Case(name=name, kind=kind, value=value, seed=seed)


def _matrix(noise: Generator, shape: tuple[int, int]) -> RationalMatrix:
    """Return small integers."""
    return RationalMatrix(integer_matrix(noise, shape, -9, 9))


def _unit(place: int, n: int = 2) -> RationalMatrix:
    """Return a unit vector as a column."""
    return RationalMatrix.from_rows([[int(i == place)] for i in range(n)])


STATEMENT = Statement(
    key=KEY,
    title="Lemma 3.8: sketched least squares",
    source="[LiLiangShiSong2025]_, Lemma 3.8",
    text=(
        "Let A_j be n x k of rank rho_j and b_j in R^n, j = 1, ..., m; let S be t x n "
        "with independent N(0, 1) entries (a common factor is irrelevant), independent "
        "of the data, t >= k + 2. Let x_j minimize |A_j x - b_j| and y_j minimize "
        "|S(A_j y - b_j)|. Then E |A_j y_j - b_j|^2 = (1 + rho_j/(t - rho_j - 1)) "
        "|A_j x_j - b_j|^2 exactly, for each j; so the total excess is in the mean at "
        "most k/(t - k - 1) times the total least cost, and by Markov's inequality "
        "exceeds eps times it with probability at most k/(eps (t - k - 1)): "
        "t >= k + 1 + k/(eps delta) suffices for 1 - delta."
    ),
    hypotheses=(_GAUSSIAN, _INDEPENDENT, _FINITE),
    cases=cases,
    check=check,
    value_type=Regressions,
    is_statistical=True,
    errata=(
        Erratum(
            printed="With t = O(k/eps) the bound holds with high probability.",
            wrong_because="The law of the excess is that of t and rho alone, whatever "
            "n and m are: at t = C k/eps the probability of failure is a constant.",
            repaired="Probability 1 - delta with t = k + 1 + k/(eps delta).",
            counterexample=constant_probability,
        ),
    ),
    used_by=(
        "reductions.sketching:expected_ratio",
        "reductions.sketching:sketched_least_squares",
        "reductions.sketching:sketch_size",
        "reductions.cramer:CramerFormulation",
    ),
    tests=("tests/reductions/test_sketching.py",),
)
