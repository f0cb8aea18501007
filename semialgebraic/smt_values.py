"""The values in models of SMT solvers: exact numbers read from text.

Contents
--------
Expression      an S-expression: a word, or a list of expressions
read_all        the expressions of a text
as_text         an expression as text
as_number       the number that an expression denotes

Notes on the implementation
---------------------------
Rational values are standard arithmetic, like `(/ (- 1) 2)`. Algebraic ones have no
common notation: z3 writes `(root-obj p i)`, the i-th real root of p counted from 1, and
cvc5 writes `(_ real_algebraic_number <p, (a, b)>)`, the root of p in (a, b).
"""

import re
from functools import reduce
from operator import add, mul, sub

from flint import fmpq, fmpq_poly

from semialgebraic.errors import InvalidInputError
from semialgebraic.rationals import parse_rational
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots

# <p, (a, b)> is one token, although it contains blanks and parentheses.
_TOKEN = re.compile(r'"[^"]*"|<-?\d[^<>]*>|[()]|[^\s()"]+')
_POWER = re.compile(r"\d{1,4}", re.ASCII)
_CVC5_ROOT = re.compile(r"<(.*), \((\S+), (\S+)\)>")
_CVC5_TERM = re.compile(r"\(?(-?\d+)(?:\*\w+(?:\^(\d{1,4}))?)?\)?", re.ASCII)

Expression = str | list["Expression"]


def read_all(text: str) -> list[Expression]:
    """Return the S-expressions of a text.

    Raises
    ------
    InvalidInputError
        If parentheses do not match.

    Examples
    --------
    >>> read_all("sat ((x0 (/ 1 2)))")
    ['sat', [['x0', ['/', '1', '2']]]]
    """
    stack: list[list[Expression]] = [[]]
    for piece in _TOKEN.findall(text):
        match piece:
            case "(":
                stack.append([])
            case ")" if len(stack) > 1:
                inner = stack.pop()
                stack[-1].append(inner)
            case ")":
                raise InvalidInputError("a parenthesis is closed that was not opened.")
            case _:
                stack[-1].append(piece)
    if len(stack) > 1:
        raise InvalidInputError("a parenthesis is not closed.")
    return stack[0]


def as_text(expression: Expression) -> str:
    """Return the expression as text.

    Examples
    --------
    >>> as_text(["+", "1", ["-", "2"]])
    '(+ 1 (- 2))'
    """
    if isinstance(expression, str):
        return expression
    return f"({' '.join(map(as_text, expression))})"


def as_number(expression: Expression) -> RealAlgebraicNumber:
    """Return the number that an expression of a model denotes.

    Raises
    ------
    InvalidInputError
        If it denotes none, or is written in a way not known here.

    Examples
    --------
    >>> print(as_number(["root-obj", ["+", ["^", "x", "2"], ["-", "2"]], "1"]))
    ≈ -1.414213562373095048802, root of x^2 - 2
    >>> print(as_number(["_", "real_algebraic_number", "<1*x^2 + (-2), (1, 2)>"]))
    ≈ 1.414213562373095048802, root of x^2 - 2
    >>> print(as_number(["/", "1.0", "2.0"]))
    1/2
    """
    match expression:
        case ["root-obj", p, str(index)] if _POWER.fullmatch(index):
            roots = real_roots(_polynomial(p).numer())
            if 1 <= int(index) <= len(roots):
                return roots[int(index) - 1]
        case ["_", "real_algebraic_number", str(root)]:
            return _cvc5_root(root)
        case _:
            value = _polynomial(expression)
            if value.degree() < 1:
                constant = parse_rational(str(value[0]))
                return RealAlgebraicNumber.from_rational(constant)
    raise _not_understood(expression)


def _polynomial(expression: Expression) -> fmpq_poly:
    """Return the value of a polynomial expression in the letter x."""
    match expression:
        case "x":
            return fmpq_poly([0, 1])
        case str(word):
            number = parse_rational(word)
            return fmpq_poly([fmpq(number.numerator, number.denominator)])
        case ["^", base, str(power)] if _POWER.fullmatch(power):
            return _polynomial(base) ** int(power)
        case ["-", argument]:
            return -_polynomial(argument)
        case ["/", numerator, denominator]:
            divisor = _polynomial(denominator)
            if divisor.degree() == 0:
                return _polynomial(numerator) * (1 / divisor[0])
        case ["+" | "-" | "*" as operator, *arguments] if arguments:
            operation = {"+": add, "-": sub, "*": mul}[str(operator)]
            return reduce(operation, map(_polynomial, arguments))
        case _:
            pass
    raise _not_understood(expression)


def _cvc5_root(text: str) -> RealAlgebraicNumber:
    """Return the number <p, (a, b)>, p written like 1*x^2 + (-2)."""
    parts = _CVC5_ROOT.fullmatch(text)
    terms = [_CVC5_TERM.fullmatch(t) for t in parts[1].split(" + ")] if parts else []
    coefficients: dict[int, int] = {}
    for term in terms:
        if term is None:
            raise _not_understood(text)
        power = int(term[2] or 1) if "*" in term[0] else 0
        coefficients[power] = int(parse_rational(term[1]))
    if parts is None:
        raise _not_understood(text)
    p = [coefficients.get(i, 0) for i in range(max(coefficients) + 1)]
    interval = parse_rational(parts[2]), parse_rational(parts[3])
    return RealAlgebraicNumber.from_root(p, interval)


def _not_understood(expression: Expression) -> InvalidInputError:
    shown = as_text(expression)
    return InvalidInputError(f"the value {shown[:80]} is not understood.")
