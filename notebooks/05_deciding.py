# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is there a fit that costs at most c?
#
# Minimizing is hard to prove: one would have to compare with everything. A question
# with the answer yes or no is easier to think about:
#
# > Is there a matrix X of rank k with cost(X) ≤ c?
#
# *Yes* is shown by one X. *No* is a statement about all X, and needs another kind of
# evidence. This notebook puts the question to several programs that answer it by very
# different means, looks at what each of them shows, and finds the optimum by asking
# often enough.

# %%
import itertools
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra.plotting import landscape
from reductions.chart_formulation import ChartFormulation

A = [[4, 0, 1], [2, -1, -2], [-2, -2, -2]]
W = [[3, 2, 1], [3, 2, 1], [1, 4, 2]]
problem = ew.Problem(A, weights=W, rank=1)

# %% [markdown]
# ## The question as polynomials
#
# At rank one X = u v, a column u times a row v. Only the direction of v matters, so one
# entry of v can be made 1, say the largest in absolute value; the others then lie
# between −1 and 1. Three entries, three cases. Each case is called a **chart**: a map
# of a part of all directions, as in an atlas. In the first chart v = (1, x, y), and −1
# ≤ x, y ≤ 1.
#
# For a given v the best u is a least squares fit, row by row. Row i then costs
#
# $$\sum_j \omega_{ij}a_{ij}^2 \;-\;
#   \frac{\bigl(\sum_j \omega_{ij}a_{ij}v_j\bigr)^2}{\sum_j \omega_{ij}v_j^2},
#   \qquad \omega_{ij} = W_{ij}^2 .$$
#
# The denominators are positive. So we may multiply by them, and "cost ≤ c" becomes
# "polynomial ≤ 0". We call this polynomial the **excess**: positive where the cost is
# above c. The package writes it down, with the sides of the box; x1_2 and x1_3, the
# second and third entry of v, are our x and y. The first chart:

# %%
charts = ChartFormulation(instance=problem.instance)
c = Fraction(58)
systems = charts.systems(c)
for condition in systems[0].conditions:
    print(condition)

assert len(systems) == 3
assert all(len(system.variables) == 2 for system in systems)

# %% [markdown]
# A list of polynomial equations and inequalities is a **system**; the set of its real
# solutions, and any union of finitely many such sets, is called **semialgebraic**.
# Discs, half planes, polygons are semialgebraic, and so is the set of all good fits.
# Our question has become: is one of three semialgebraic sets not empty?
#
# Two rows of W are equal. They share a denominator, so that the degree is 4, not 6.

# %%
excesses = [system.conditions[-1].polynomial for system in systems]
assert [p.total_degree() for p in excesses] == [4, 4, 4]

# %% [markdown]
# With two unknowns the set can be looked at. The disc shows all directions of v at once
# (opposite points of its rim are the same direction).

# %%
landscape(problem)

# %% [markdown]
# ## Cutting the plane into cells
#
# How can a computer know that a set in the plane is empty? There are infinitely many
# points to try. The idea of George Collins (1975): cut the plane into finitely many
# connected pieces on each of which the polynomial does not change its sign. Then **one
# point of each piece** tells everything. The pieces are called **cells**, and they are
# arranged in vertical strips:
#
# 1. The **projection**. Walk along the x-axis, and look at the vertical line over x.
#    The excess, as a polynomial in y, has some real roots. Their number can change only
#    where two roots meet, or one runs off to infinity: at the roots of the
#    *discriminant* and of the *leading coefficient*, polynomials in x alone.
# 2. The **strips**. Between these places the roots are continuous curves that never
#    meet.
# 3. The **stack** over a strip: below the lowest curve, on it, between it and the next,
#    …
#
# This is a **cylindrical algebraic decomposition**, CAD for short. We take the excess
# of the first chart at c = 58.

# %%
from semialgebraic.cells import decompose
from semialgebraic.polynomials import value_at

excess = excesses[0]
decomposition = decompose([excess])
on_axis, in_plane = decomposition.levels
degrees = [polynomial.total_degree() for polynomial in on_axis]
print("degrees of the polynomials in x alone:", *degrees)
print("cells:", len(decomposition.cells))

assert len(decomposition.cells) == 25

# %% [markdown]
# Every cell has an **index**, two numbers: the place of its strip from the left, and
# its place in the stack, from below. Odd numbers are open pieces, even numbers are
# walls or curves. And every cell has a **sample point**. The samples of open cells are
# rational numbers, and as simple as possible; those of walls may be irrational, and are
# stored as roots of polynomials. Two-dimensional cells first:

# %%
open_cells = [cell for cell in decomposition.cells if cell.dimension == 2]
for cell in open_cells:
    x, y = cell.sample.rational
    sign = "−" if value_at(excess, (x, y)) < 0 else "+"
    print(f"cell {cell.index}   sample ({x!s:>6}, {y!s:>6})   excess {sign}")

cheap = [cell for cell in open_cells if value_at(excess, cell.sample.rational) < 0]
assert len(cheap) == 2

# %% [markdown]
# Two cells where the cost is below 58. Now the picture. Every curve is drawn by asking
# for the roots over many x; every dot is a sample point.

# %%
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.stacks import Stack

walls = [
    float(sum(section.interval) / 2)
    for section in Stack.over(AlgebraicPoint.from_rationals([]), on_axis).sections
]
figure, axes = plt.subplots(figsize=(7, 6))
for wall in walls:
    axes.axvline(wall, color="#8C8C8C", linewidth=0.8, linestyle="--")

width = Fraction(1, 10**6)
ends = [-1.0, *walls, 1.0]
for left, right in itertools.pairwise(ends):
    # Denser near the walls, where curves turn.
    along = (left + right) / 2 - (right - left) / 2 * np.cos(np.linspace(0, np.pi, 101))
    inside = [Fraction(float(x)).limit_denominator(10**6) for x in along[1:-1]]
    curves = [
        [float(sum(interval) / 2) for interval in decomposition.roots_over([x], width)]
        for x in inside
    ]
    assert len({len(roots) for roots in curves}) == 1  # as many in the whole strip
    middles = [float(x) for x in inside]
    for lower, upper in zip(*[iter(zip(*curves, strict=True))] * 2, strict=True):
        axes.fill_between(middles, lower, upper, color="#56B4E9", alpha=0.5)
        axes.plot(middles, lower, color="#0072B2")
        axes.plot(middles, upper, color="#0072B2")

for cell in decomposition.cells:
    if cell.dimension == 2:
        x, y = map(float, cell.sample.rational)
        is_cheap = cell in cheap
        axes.plot(x, y, "v" if is_cheap else "o", color="#D55E00" if is_cheap else "k")
        if abs(x) < 1.02 and abs(y) < 1.02:
            axes.annotate(str(cell.index), (x, y), (4, 4), textcoords="offset points")
axes.set(
    title="cells of “cost ≤ 58” in the chart v = (1, x, y)",
    xlabel="x", ylabel="y", xlim=(-1.05, 1.05), ylim=(-1.05, 1.05),
)  # fmt: skip
axes.plot([], [], "v", color="#D55E00", label="sample with cost below 58")
axes.plot([], [], "o", color="k", label="sample with cost above 58")
axes.plot([], [], "--", color="#8C8C8C", label="walls of the strips")
axes.legend(loc="upper left", fontsize=8)
figure.tight_layout()
plt.show()

# %% [markdown]
# Two islands of good fits. (One of them leaves the box at the top; what is outside is
# seen in another chart.) The strips between the dashed lines are the cylinders of the
# name. Alternating minimization started on one of them can never reach the other: each
# of its half steps moves on a straight line on which the cost falls all the way, so
# that it never leaves the island. With c lower the smaller island sinks, and then the
# other one: the level at which the last island disappears is the optimum. A sample
# point on an island *is* the fit we asked for. We compute u for it, and its cost,
# exactly.

# %%
sample = cheap[0].sample.rational
left, right = charts.factors(0, sample)
cost = problem.instance.cost(left, right)
print("v =", right.fractions()[0])
print("cost", cost, "=", float(cost))
assert cost <= c

# %% [markdown]
# ## One question, many oracles
#
# A program that answers such questions is called an **oracle** here. They know quite
# different mathematics:
#
# | name | how it thinks |
# |---|---|
# | `cad` | cells, as above |
# | `critical_points` | in each component of the set, the point nearest to the origin solves equations |
# | `subdivision` | cuts the box into small boxes until a bound on each of them decides |
# | `sum_of_squares` | looks for an identity *excess = sum of squares + something positive* |
# | `coverings` | cvc5, a solver of formulas: intervals that exclude, collected |
# | `nlsat` | z3, another one: learns from conflicts |
#
# Those that are not installed are shown as such; nothing below depends on them. We ask
# about all three charts, at c = 58 and at c = 34.

# %%
from semialgebraic.cross_checking import cross_check
from semialgebraic.decisions import Budget, Satisfiable, Undecided, Unsatisfiable

ORACLES = (
    "cad", "critical_points", "subdivision", "sum_of_squares", "coverings", "nlsat",
)  # fmt: skip


def in_words(answer):
    """Return what an oracle said, and what it showed."""
    match answer:
        case Satisfiable():
            return "yes: a point"
        case Unsatisfiable():
            return f"no: {type(answer.evidence).__name__}"
        case Undecided():
            return "undecided"
    return "not installed"


def ask_all(threshold):
    """Ask every oracle about every chart; print a table and return the answers."""
    checks = [
        cross_check(system, ORACLES, Budget(seconds=60))
        for system in charts.systems(Fraction(threshold))
    ]
    print(f"cost ≤ {threshold}?")
    for name in ORACLES:
        words = [in_words(check.answers.get(name)) for check in checks]
        print((f"  {name:<16}" + "".join(f"{each:<22}" for each in words)).rstrip())
    return checks


above = ask_all(58)
assert [check.is_satisfiable for check in above] == [True, False, True]

# %%
below = ask_all(34)
assert [check.is_satisfiable for check in below] == [False, False, False]
assert all(check.n_agreeing >= 3 for check in above + below)

# %% [markdown]
# A yes in one chart is a yes. (The set "cost ≤ 58" also reaches into the third chart.)
# A no needs all three. If two oracles had contradicted each other, `cross_check` would
# have raised an error with the system in it. That has happened in the history of such
# programs: the catalogue of this package keeps systems on which released solvers were
# wrong.
#
# ## What the answers are worth
#
# A *yes* comes with a point, and inserting it settles the matter. A *no* comes with
# **evidence**, of four kinds:
#
# * `BoxTree`: how the box was cut, and which condition fails on each small box. Anyone
#   can replay it with integers; that is done each time.
# * `SumOfSquares`: an identity between polynomials. Multiply out, compare.
# * `Computed`: an exact and complete algorithm of this package ran to its end. To
#   believe it, believe the code, or run it again.
# * `Reported`: an external program said so. It may well be right; nothing here proves
#   it.
#
# The sum of squares at c = 34, by hand. It says
#
# $$q\cdot p = \sum_l d_l\,\bigl(\textstyle\sum_m r_{lm}\,m\bigr)^2 + \text{slack},$$
#
# with q > 0, d_l > 0, slack > 0, where p is the excess. Then p > 0 everywhere: no fit
# in this chart costs 34 or less.


# %%
def holds(system, proof):
    """Multiply the identity out, over one denominator, and compare."""
    p = system.conditions[proof.condition].polynomial
    common = proof.slack.denominator
    for weight, row in zip(proof.weights, proof.rows, strict=True):
        common *= weight.denominator
        for entry in row:
            common *= entry.denominator**2
    right_side = {(0,) * len(system.variables): proof.slack}
    for weight, row in zip(proof.weights, proof.rows, strict=True):
        for (a, x), (b, y) in itertools.product(
            zip(row, proof.monomials, strict=True), repeat=2
        ):
            exponents = tuple(i + j for i, j in zip(x, y, strict=True))
            right_side[exponents] = right_side.get(exponents, 0) + weight * a * b
    integers = {e: int(c * common) for e, c in right_side.items() if c}
    return (
        p.context().from_dict(integers) == common * proof.multiplier * p
        and proof.slack > 0
        and all(weight > 0 for weight in proof.weights)
    )


if "sum_of_squares" in below[0].answers:
    proof = below[0].answers["sum_of_squares"].evidence
    assert holds(below[0].system, proof)
    print(f"{len(proof.weights)} squares, multiplier {proof.multiplier},", end=" ")
    print("slack", float(proof.slack))
else:
    print("sum_of_squares is not installed:", below[0].not_asked["sum_of_squares"])

# %% [markdown]
# The identity holds to the last digit. It was *found* by floating-point optimization;
# that does not matter any more.
#
# ## Undecided is an answer
#
# No oracle answers everything, and none guesses. Three examples. First: sums of squares
# prove that there is no solution. Where there is one, they have nothing to say.

# %%
from semialgebraic.deciding import decide

asked = decide(systems[0], oracle="sum_of_squares")
assert isinstance(asked, Undecided)  # not installed is undecided, too
print(asked.reason, "\nAdvice:", asked.advice)

# %% [markdown]
# Second: `subdivision` compares with bounds that are never quite sharp. If c **is** the
# optimum, "cost < c" fails only just: the excess touches zero at the minimizer without
# going below, and the boxes around it could be cut forever. In the following instance
# all weights are 1 and the rows are orthogonal, of lengths 21, 14 and 7. So the best
# fit keeps the first row, and the optimum is 14² + 7² = 245. To decide at exactly 245
# takes an oracle that computes with roots, not with boxes.

# %%
rows = np.array([[6, 9, 18], [6, -12, 4], [6, 2, -3]])
assert (rows @ rows.T == np.diag([21**2, 14**2, 7**2])).all()

orthogonal = ew.Problem(rows.tolist(), rank=1)
touching = ChartFormulation(instance=orthogonal.instance).systems(
    Fraction(245), strict=True
)[2]
by_boxes = decide(touching, oracle="subdivision")
by_cells = decide(touching, oracle="cad")
print("subdivision:", in_words(by_boxes), "-", by_boxes.reason)
print("cad:        ", in_words(by_cells))
assert isinstance(by_boxes, Undecided)
assert isinstance(by_cells, Unsatisfiable)

# %% [markdown]
# Third: size. The number of cells grows doubly exponentially with the number of
# unknowns, so `cad` takes three at most. A 5 × 5 problem of rank one has four,
# whichever factor is eliminated.

# %%
cyclic = [[1, 2, 0, 1, 3][j:] + [1, 2, 0, 1, 3][:j] for j in range(5)]
larger = ew.Problem(cyclic, rank=1)
four_unknowns = ChartFormulation(instance=larger.instance).systems(Fraction(1))[0]
refused = decide(four_unknowns, oracle="cad")
assert isinstance(refused, Undecided)
print(refused.reason, "\nAdvice:", refused.advice)

# %% [markdown]
# ## From questions to the optimum
#
# Bisection: keep a cost that is possible (`upper`) and one that is not (`lower`), and
# ask in between. A yes brings factors, often much better than asked for, and lowers
# `upper` to their cost. A no raises `lower`. The search below asks `subdivision`, whose
# evidence can be stored in a certificate.

# %%
from exact_wlra.budget import Budget as Time
from exact_wlra.threshold_deciders import OracleDecider
from exact_wlra.threshold_search import search

time = Time(time_limit=300)
found = search(
    problem.instance,
    OracleDecider(
        instance=problem.instance, formulation=charts, oracle="subdivision", budget=time
    ),
    epsilon=Fraction(1, 1000),
    budget=time,
)
for number, step in enumerate(found.steps, 1):
    print(f"{number:2}  cost ≤ {float(step.threshold):9.4f}?  {step.answer}")
print(f"optimum between {float(found.lower):.4f} and {float(found.upper):.4f}")

assert found.lower == found.told_lower  # every no had evidence that can be stored
assert found.upper <= found.lower * Fraction(1001, 1000)
assert found.lower == 35

# %%
figure, axes = plt.subplots(figsize=(7, 3.5))
for answer, marker, color in (("at most", "v", "#D55E00"), ("above", "^", "#0072B2")):
    chosen = [(i, s) for i, s in enumerate(found.steps, 1) if s.answer == answer]
    axes.plot(
        [i for i, _ in chosen], [float(s.threshold) for _, s in chosen], marker,
        color=color, label=f"asked, answer: optimum {answer} c",
    )  # fmt: skip
axes.axhline(float(found.upper), color="#8C8C8C", linewidth=0.8)
axes.set(title="Bisection over c", xlabel="question", ylabel="c", yscale="log")
axes.legend()
figure.tight_layout()
plt.show()

# %% [markdown]
# Look at the question "cost ≤ 35?". The answer was no, but the optimum is so close to
# 35 that a program which prints six digits would say 35.0000. What is it exactly?
#
# Here is the same from the front door, with a certificate. `solve` without an oracle
# does not bisect: for three columns it computes *all* critical points, and knows the
# optimum as a root of a polynomial. Both must agree.

# %%
asked = ew.solve(problem, oracle="subdivision", gap=Fraction(1, 1000))
proved = ew.check(problem, asked.certificate)
exact = ew.solve(problem)
print("by questions:      ", float(asked.lower), "≤ optimum ≤", float(asked.upper))
print("by critical points:", exact.algebraic.decimal)

low, high = exact.algebraic.isolating_interval
assert asked.lower <= proved <= high
assert low <= asked.upper
assert found.lower <= high
assert low <= found.upper
assert 35 < low < high < 35 + Fraction(1, 10**5)

# %% [markdown]
# ## What to remember
#
# * "Is there a fit of cost ≤ c?" is a finite list of polynomial inequalities.
# * Cells make an infinite question finite: one sample point for each.
# * A yes is a point. A no is worth what its evidence is worth.
# * *Undecided* is honest; a bracket with proved ends is better than a guess.
#
# ## Exercises
#
# 1. At which c does the second island appear? (Hint: `landscape` shows it. The level is
#    the cost at the second local minimum.) Check your answer with the number of cheap
#    open cells a little above and below.
# 2. Why may two neighbouring cells not be merged into one in a *cylindrical*
#    decomposition, even if the excess has the same sign on both?
# 3. `sum_of_squares` refuted c = 34. Could it refute every c below the optimum?
# 4. How many questions does plain bisection need from [L, U] to reach a ratio of 1 + ε?
#    And if the *exponent* of c is bisected first?
#
# <details><summary>Solutions</summary>
#
# 1. At about 52.98, the cost at the second local minimum. At c = 53 there are two cheap
#    open cells, at c = 52 only one is left: run `decompose` again with
#    `charts.systems(Fraction(52))[0].conditions[-1].polynomial`. (In general several
#    cheap cells may belong to one island, because a wall may cut it.)
# 2. The number of roots over x must be the same in the whole strip, and strips are used
#    for the whole plane. Cells over different strips are different by construction.
#    That is the price of lifting one variable at a time, and why there are 25 cells and
#    not 5.
# 3. Not necessarily. A positive polynomial need not be a sum of squares (Motzkin 1967:
#    $x^4y^2 + x^2y^4 + 1 - 3x^2y^2$ is nonnegative and no sum of squares). A multiplier
#    q helps, and some q always works in theory, but nobody knows its degree beforehand.
#    Also, at c near the optimum the numbers become long, and the excess may be negative
#    outside the box.
# 4. About log₂((U − L)/(εL)); this is large if U/L is. Bisecting the exponent first
#    takes log₂ log₂(U/L) + log₂(1/ε) questions, up to rounding. With L = 2^(−10⁶) that
#    is 20 questions instead of a million.
#
# </details>
