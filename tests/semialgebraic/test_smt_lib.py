"""SMT-LIB 2: the script means the system; answers are read or refused."""

from __future__ import annotations

import operator
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots
from semialgebraic.smt_lib import as_point, read_answer, script
from semialgebraic.smt_values import Expression, read_all
from semialgebraic.systems import Condition, Relation, System

NAMES = ("x", "y z", "|")
exponents = st.tuples(*[st.integers(0, 3)] * 3)
polynomials = st.dictionaries(exponents, st.integers(-9, 9), max_size=5).map(
    lambda terms: from_terms(NAMES, terms)
)
conditions = st.builds(Condition, polynomials, st.sampled_from(Relation))
systems = st.lists(conditions, min_size=1, max_size=4).map(
    lambda cs: System(variables=NAMES, conditions=tuple(cs))
)
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=4)
ANSWER = '(:name "cvc5")\n(:version "1.4.2")\n'


def _value(term: Expression, point: dict[str, Fraction]) -> Fraction | bool:
    """Evaluate a term of SMT-LIB, independently of what wrote it."""
    if isinstance(term, str):
        return point[term] if term in point else Fraction(term)
    name, *arguments = term
    values = [_value(argument, point) for argument in arguments]
    match name:
        case "+":
            return sum(values, Fraction(0))
        case "*":
            return reduce(operator.mul, values)
        case "-":
            assert len(values) == 1
            return -values[0]
        case "not":
            return not values[0]
        case "=":
            return values[0] == values[1]
        case _:
            return getattr(
                operator, {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[name]
            )(*values)


@given(systems, st.tuples(rationals, rationals, rationals))
def test_script_holds_where_the_system_does(
    system: System, point: tuple[Fraction, ...]
) -> None:
    commands = read_all(script(system))
    assertions = [c[1] for c in commands if c[0] == "assert"]
    assert len(assertions) == len(system.conditions)
    at = {f"x{i}": x for i, x in enumerate(point)}
    assert all(_value(a, at) for a in assertions) == system.holds_at(point)


def test_script_declares_every_variable_and_asks_for_it() -> None:
    x, _ = polynomial_ring(["x", "let"]).gens()
    text = script(System.of((x, ">")), check="(check-sat-using t)", options={"o": "7"})
    assert text.splitlines() == [
        "(set-option :produce-models true)",
        "(set-option :o 7)",
        "(set-logic QF_NRA)",
        "(declare-const x0 Real)",
        "(declare-const x1 Real)",
        "(assert (> x0 0))",
        "(get-info :name)",
        "(get-info :version)",
        "(check-sat-using t)",
        "(get-info :reason-unknown)",
        "(get-value (x0 x1))",
    ]


def test_long_coefficients_are_written() -> None:
    (x,) = polynomial_ring(["x"]).gens()
    assert len(script(System.of((10**5000 * x - 1, "=")))) > 5000


# --- answers


def test_no_is_read() -> None:
    answer = read_answer(ANSWER + 'unsat\n(error "no model")', 2)
    assert (answer.verdict, answer.program, answer.values) == (
        "unsat",
        "cvc5 1.4.2",
        (),
    )


def test_unknown_is_read_with_its_reason() -> None:
    answer = read_answer(ANSWER + 'unknown (:reason-unknown "(incomplete)")', 2)
    assert (answer.verdict, answer.reason) == ("unknown", "(incomplete)")


def test_yes_is_read_with_its_model_in_order() -> None:
    answer = read_answer(ANSWER + "sat\n((x1 2.0) (x0 (- 1.0)))", 2)
    assert [x.rational for x in answer.values] == [-1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "segmentation fault",
        "sat unsat",
        '(error "line 3: unknown constant") unsat',
        "unsat (",
        "sat",
        "sat ((x0 1.0))",
        "sat ((x0 1.0) (x2 1.0))",
        "sat ((x0 1.0) (x1 (foo)))",
        'sat (error "no model")',
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_answer(text, 2)


# --- points


@given(st.lists(rationals, min_size=1, max_size=4))
def test_rational_values_make_a_rational_point(values: list[Fraction]) -> None:
    numbers = [RealAlgebraicNumber.from_rational(x) for x in values]
    assert as_point(numbers).rational == tuple(values)


def test_algebraic_values_make_a_point() -> None:
    values = [real_roots([-2, 0, 1])[1], real_roots([-3, 0, 1])[0]]
    point = as_point(values)
    assert [point.coordinate(i) for i in range(2)] == values


def test_point_in_a_field_of_too_high_degree_is_refused() -> None:
    values = [real_roots([-p, 0, 0, 0, 0, 1])[0] for p in (2, 3, 5)]
    with pytest.raises(InvalidInputError, match="degree 125"):
        as_point(values)
