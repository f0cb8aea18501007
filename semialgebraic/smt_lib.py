"""SMT-LIB 2: systems as scripts for solvers, and solvers' answers read.

The text through which solvers of nonlinear real arithmetic are asked, so that none of
them is linked into this process.

Contents
--------
script          a system as an SMT-LIB 2 script that asks for a model
SmtAnswer       what a solver wrote: its version, its verdict, the values of a model
read_answer     the answer from a solver's text
as_point        the values as a point with algebraic coordinates

Notes on the implementation
---------------------------
Variables are written as x0, x1, ... so that no name needs quoting. Nothing that is read
is believed: the caller substitutes the point.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from flint import fmpz, fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.smt_values import Expression, as_number, as_text, read_all
from semialgebraic.systems import Relation, System

# Coordinates are put into one number field, of degree up to the product of theirs.
_LARGEST_FIELD_DEGREE = 64


def script(
    system: System,
    *,
    check: str = "(check-sat)",
    options: Mapping[str, str] | None = None,
) -> str:
    """Return the SMT-LIB 2 script that asks for a point of the system.

    Parameters
    ----------
    check : str
        The command that decides; solvers have variants of their own.
    options : mapping of str to str
        Options of the solver and their values.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> lines = script(System.of((x**2 - 3 * y, "<"))).splitlines()
    >>> print(lines[4])
    (assert (< (+ (* x0 x0) (* (- 3) x1)) 0))
    """
    names = [f"x{i}" for i in range(len(system.variables))]
    return "\n".join(
        [
            "(set-option :produce-models true)",
            *(f"(set-option :{key} {value})" for key, value in (options or {}).items()),
            "(set-logic QF_NRA)",
            *(f"(declare-const {name} Real)" for name in names),
            *(
                f"(assert {_condition(c.polynomial, c.relation, names)})"
                for c in system.conditions
            ),
            "(get-info :name)",
            "(get-info :version)",
            check,
            "(get-info :reason-unknown)",
            f"(get-value ({' '.join(names)}))",
            "",
        ]
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SmtAnswer:
    """What a solver wrote.

    Parameters
    ----------
    program : str
        Its name and version.
    verdict : str
        "sat", "unsat" or "unknown".
    reason : str
        Why unknown, in the solver's words.
    values : tuple of RealAlgebraicNumber
        The model, if the verdict is "sat".
    """

    program: str
    verdict: str
    reason: str = ""
    values: tuple[RealAlgebraicNumber, ...] = ()


def read_answer(text: str, n_variables: int) -> SmtAnswer:
    """Return the answer to a script of `script`.

    Raises
    ------
    InvalidInputError
        If the text is no such answer, a command before the verdict failed, or a value
        of the model cannot be read exactly.

    Examples
    --------
    >>> answer = read_answer(
    ...     '(:name "Z3") (:version "5.4.0") sat (:reason-unknown "")'
    ...     "((x0 (- (/ 1.0 2.0))) (x1 (root-obj (+ (^ x 2) (- 2)) 2)))",
    ...     n_variables=2,
    ... )
    >>> answer.program, answer.verdict, [str(x) for x in answer.values]
    ('z3 5.4.0', 'sat', ['-1/2', '≈ 1.414213562373095048802, root of x^2 - 2'])
    """
    answers = read_all(text)
    verdicts = [i for i, e in enumerate(answers) if e in ("sat", "unsat", "unknown")]
    if len(verdicts) != 1:
        raise InvalidInputError(f"no verdict in the solver's text {text[:80]!r}.")
    # After a failed command the verdict would be about another system.
    for e in answers[: verdicts[0]]:
        if isinstance(e, list) and e[:1] == ["error"]:
            raise InvalidInputError(f"the solver refused a command: {as_text(e)}.")
    infos = _pairs(answers)
    name, version = (as_text(infos.get(key, "")) for key in (":name", ":version"))
    verdict = as_text(answers[verdicts[0]])
    return SmtAnswer(
        program=f"{name.lower()} {version}".replace('"', "").strip() or "a solver",
        verdict=verdict,
        reason=as_text(infos.get(":reason-unknown", "")).strip('"'),
        values=_values(answers[-1], n_variables) if verdict == "sat" else (),
    )


def as_point(values: Sequence[RealAlgebraicNumber]) -> AlgebraicPoint:
    """Return the point with these coordinates, all in one number field.

    Raises
    ------
    InvalidInputError
        If the degree of the field might exceed 64.

    Examples
    --------
    >>> as_point([RealAlgebraicNumber.from_rational(2)]).rational
    (Fraction(2, 1),)
    """
    rational = [x.rational for x in values if x.rational is not None]
    if len(rational) == len(values):
        return AlgebraicPoint.from_rationals(rational)
    degree = math.prod(len(p) - 1 for p in {x.minimal_polynomial for x in values})
    if degree > _LARGEST_FIELD_DEGREE:
        raise InvalidInputError(
            f"the coordinates may need a number field of degree {degree}, above "
            f"{_LARGEST_FIELD_DEGREE}."
        )
    from semialgebraic.number_fields import joint_point

    return joint_point(values)


def _condition(p: fmpz_mpoly, relation: Relation, names: Sequence[str]) -> str:
    """Return the term that says p REL 0."""
    if relation is Relation.NOT_EQUAL:
        return f"(not {_condition(p, Relation.EQUAL, names)})"
    terms = [
        _application(
            "*",
            [_integer(c)] * (c != 1)
            + [name for name, e in zip(names, powers, strict=True) for _ in range(e)],
            "1",
        )
        for powers, c in p.terms()
    ]
    return f"({relation} {_application('+', terms, '0')} 0)"


def _application(operator: str, arguments: Sequence[str], neutral: str) -> str:
    if len(arguments) > 1:
        return f"({operator} {' '.join(arguments)})"
    return arguments[0] if arguments else neutral


def _integer(c: fmpz) -> str:
    return str(c) if c >= 0 else f"(- {-c})"


def _pairs(expressions: Sequence[Expression]) -> dict[str, Expression]:
    """Return the pairs (word expression) among the expressions as a mapping."""
    return {
        e[0]: e[1]
        for e in expressions
        if isinstance(e, list) and len(e) == 2 and isinstance(e[0], str)
    }


def _values(model: Expression, n_variables: int) -> tuple[RealAlgebraicNumber, ...]:
    """Return the values of ((x0 v0) (x1 v1) ...)."""
    found = _pairs(model) if isinstance(model, list) else {}
    names = [f"x{i}" for i in range(n_variables)]
    if set(found) != set(names):
        raise InvalidInputError("the model does not give each variable one value.")
    return tuple(as_number(found[name]) for name in names)
