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
# # How many traps can there be?
#
# A method that goes downhill stops at a local minimum. How many are there to stop at? A
# local minimum is a **critical point**: a matrix X of rank k at which the cost
#
# $$\sum_{ij} \omega_{ij}\,(A_{ij} - X_{ij})^2, \qquad \omega_{ij} = W_{ij}^2,$$
#
# does not change to first order, whichever way X moves within the matrices of rank k. So
# we count critical points. The answer is odd at first sight: it becomes simple if we
# also count those that are not there.

# %%
from collections import Counter
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import sympy as sp

import exact_wlra as ew
from exact_wlra.bounds.two_rows import solve_two_rows
from exact_wlra.plotting import landscape
from exact_wlra.theorems.critical_point_counts import counted_critical_points
from reductions.critical_counts import (
    few_pattern_count,
    generic_count,
    polar_degrees,
    unit_weight_count,
)
from reductions.plane import plane_critical_points
from semialgebraic.critical_points import hessian_signature
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots

BLUE, VERMILLION, ORANGE = "#0072B2", "#D55E00", "#E69F00"

# %% [markdown]
# ## Two by two
#
# Take X = u v with u = (1, y). For each slope y the best v is explicit, and every column j
# lowers the cost by a quotient of two quadratic polynomials:
#
# $$f(y) = \text{const} - \frac{N_1(y)}{D_1(y)} - \frac{N_2(y)}{D_2(y)}, \qquad
#   N_j = (\omega_{1j}A_{1j} + \omega_{2j}A_{2j}\,y)^2, \quad
#   D_j = \omega_{1j} + \omega_{2j}\,y^2 .$$
#
# A critical point is a zero of f′. SymPy writes the numerator of f′ down.

# %%
y = sp.Symbol("y")


def slope_polynomial(A, omega):
    """Return the numerator of f', a polynomial in the slope y of u."""
    captured = sum(
        (omega[0][j] * A[0][j] + omega[1][j] * A[1][j] * y) ** 2
        / (omega[0][j] + omega[1][j] * y**2)
        for j in range(len(A[0]))
    )
    return sp.Poly(sp.numer(sp.together(-sp.diff(captured, y))), y).primitive()[1]


A, omega = [[2, 1], [1, 3]], [[1, 2], [5, 3]]
polynomial = slope_polynomial(A, omega)
polynomial.as_expr()

# %%
print("zeros:", *(f"{complex(z):.3f}" for z in polynomial.nroots()), sep="\n  ")

assert polynomial.degree() == 6
assert polynomial.count_roots() == 2
assert sp.gcd(polynomial, polynomial.diff()).degree() == 0  # all zeros are simple

# %% [markdown]
# Degree 6, and so six zeros if we count complex ones. Two of them are real: one minimum and
# one maximum. The other four belong to matrices with complex entries.
#
# Why 6? The derivative of $N_j/D_j$ is $2J_j/D_j^2$ with a quadratic $J_j$: the terms of
# degree 3 cancel. Over the common denominator $D_1^2D_2^2$ the numerator is
# $J_1D_2^2 + J_2D_1^2$, of degree 2 + 4. With n columns it is 2 + 4(n − 1) = **4n − 2**.
# Equal weights, on the other hand, share one denominator, and 2 is left.
#
# Other data, other weights, and the number of *real* zeros changes. The number of complex
# ones does not, unless the numbers conspire. A property that holds for all inputs but those
# on which some fixed polynomial vanishes is called **generic**. The generic number of complex
# critical points is the **Euclidean distance degree** of the matrices of rank k, for
# generic weights.

# %%
rng = np.random.default_rng(9)


def random_problem(n, d, *, rank=1):
    """Return data and weights from a range so wide that nothing coincides."""
    data = rng.integers(-99, 100, (n, d))
    return ew.Problem(data, squared_weights=rng.integers(1, 1000, (n, d)), rank=rank)


def n_complex(problem):
    """Return the number of complex critical points: no rounding, all of them."""
    return counted_critical_points(problem.instance)


print("shape    formula   counted   counted, weights 1")
for n, d in [(2, 2), (2, 3), (2, 4), (2, 6), (3, 3), (3, 4)]:
    problem = random_problem(n, d)
    unweighted = ew.Problem(problem.data, rank=1)
    row = generic_count(n, d, 1), n_complex(problem), n_complex(unweighted)
    print(f"{n} x {d} {row[0]:10}{row[1]:10}{row[2]:10}")
    assert row[0] == row[1]
    assert row[2] == unit_weight_count(n, d, 1) == min(n, d)

assert [generic_count(2, n, 1) for n in range(2, 9)] == [4 * n - 2 for n in range(2, 9)]

# %% [markdown]
# The column *counted* solves polynomial equations exactly: one polynomial in one unknown for
# two rows, two polynomials in two unknowns for three. The column *formula* solves nothing. It
# comes from algebraic geometry: the matrices of rank k and their tangent spaces form a
# variety with certain degrees, the **polar degrees**, and the distance degree is their sum
# [Draisma, Horobeț, Ottaviani, Sturmfels, Thomas 2016].
#
# Without weights nothing is left to count: 2 or 3 are the singular value triples, the
# global minimum among them, and the others are saddle points (or the maximum).

# %%
print(polar_degrees(3, 3, 1), "sum", sum(polar_degrees(3, 3, 1)))
for size in (3, 4, 5, 6):
    print(size, "x", size, [generic_count(size, size, k) for k in range(1, size)])

assert polar_degrees(3, 3, 1) == (3, 6, 12, 12, 6)
assert [generic_count(3, 3, k) for k in (1, 2)] == [39, 39]
assert [generic_count(4, 4, k) for k in (1, 2, 3)] == [284, 1350, 284]

# %% [markdown]
# The rows are palindromes. That is a theorem: Y = ω∘(A − X) is critical for the dual problem,
# of rank n − k, with data ω∘A and squared weights 1/ω
# [Ottaviani, Spaenlehauer, Sturmfels 2014].
#
# ## A surprise: a million columns, 19 points
#
# With all weights different the count grows with the matrix. Often weights are not all
# different: columns come in a few kinds, one pattern of weights each. For two rows we have
# seen what happens: columns of one kind share a denominator, and p kinds give 4p − 2. And three
# rows?

# %%
print("patterns   columns   counted   formula")
for p, width in [(1, 4), (2, 6), (2, 30), (2, 1000), (3, 9), (3, 60)]:
    patterns = rng.integers(1, 100, (3, p))
    problem = ew.Problem(
        rng.integers(-99, 100, (3, width)),
        squared_weights=patterns[:, np.arange(width) % p],
        rank=1,
    )
    found = n_complex(problem)
    print(f"{p:5}{width:11}{found:10}{few_pattern_count(3, p):10}")
    assert found == few_pattern_count(3, p)

assert [few_pattern_count(2, p) for p in range(1, 6)] == [
    4 * p - 2 for p in range(1, 6)
]
assert [few_pattern_count(3, p) for p in (1, 2, 3)] == [3, 19, 51]

# %% [markdown]
# The number of columns does not matter. The cost depends on u through p quotients only, whose
# numerators are sums over the columns of one kind: quadratic forms, and generic ones once a kind
# has three columns. So a problem with a million columns in two
# patterns has 19 candidates, and the optimum is the best of them.
#
# That the count depends on p alone is clear now. The formula, a coefficient of
# $(1+x)^{2p-2}/(1-x)^{2p}$, is proved for two rows; for more it is a *conjecture* that
# agrees with every case that was computed.
#
# ## Real points, and minima
#
# Complex critical points do not trap anyone. How many are real, and how many of those are
# minima? Eight hundred random problems with two rows, everything exact:

# %%
for n_columns in (2, 4):
    tally = Counter()
    for _ in range(400):
        optimum = solve_two_rows(random_problem(2, n_columns).instance)
        tally[optimum.n_real_critical_points, len(optimum.local_minima)] += 1
    print(f"2 x {n_columns}, {4 * n_columns - 2} complex critical points")
    for (n_real, n_minima), times in sorted(tally.items()):
        print(f"   {n_real} real, {n_minima} minima: {times} of 400")
        assert n_real == 2 * n_minima
        assert n_real <= 4 * n_columns - 2

# %% [markdown]
# Exactly half of the real points are minima, always. The directions of u form a circle, and
# around a circle minima and maxima take turns (unless zeros coincide). For three rows the directions form a
# *projective plane*: a sphere with opposite points identified. There Morse's theorem takes the
# place of the circle: if no critical point is degenerate,
#
# $$\#\text{minima} - \#\text{saddles} + \#\text{maxima} = 1,$$
#
# 1 being the Euler characteristic of the projective plane (and 0 that of the circle).


# %%
def real_points(components):
    """Return (cost, kind, component) of each real critical point, by cost.

    The kind follows from the signs of the second derivatives, which are exact.
    """
    found = []
    for component in components:
        for point in component.real_points():
            ((low, high),) = component.cost_at(point).enclosures(Fraction(1, 10**9))
            chart = component.chart
            signs = hessian_signature(point, chart.numerators, chart.denominators)
            kind = {(0, 2): "minimum", (1, 1): "saddle", (2, 0): "maximum"}[signs]
            found.append((float(low + high) / 2, kind, component))
    return sorted(found, key=lambda each: each[0])


tally = Counter()
for _ in range(15):
    components = plane_critical_points(random_problem(3, 3).instance)
    kinds = [kind for _, kind, _ in real_points(components)]
    assert sum(component.degree for component in components) == 39
    assert len(kinds) % 2 == 1
    assert kinds.count("minimum") - kinds.count("saddle") + kinds.count("maximum") == 1
    tally[len(kinds), kinds.count("minimum")] += 1
for (n_real, n_minima), times in sorted(tally.items()):
    print(f"{n_real:2} real, {n_minima} minima: {times} of 15")

assert max(n_minima for _, n_minima in tally) == 2

# %% [markdown]
# Always 39 complex points, and few real ones. Their number is odd each time: complex zeros
# come in conjugate pairs, and 39 is odd. So it seems that there is little to fear: one or two
# minima at 3 × 3. Random problems are kind.
#
# ## The published instance
#
# Ottaviani, Spaenlehauer and Sturmfels published one that is not.

# %%
oss = ew.read("dataset:oss-3x3", rank=1)
picture = landscape(oss)
picture.set_dpi(70)
picture

# %% [markdown]
# Each point of the disc is a row space; opposite points of the rim are the same. 39 complex
# critical points, **19 real**, **7 local minima**, and the lowest value is taken three
# times.

# %%
components = plane_critical_points(oss.instance)
points = real_points(components)
kinds = Counter(kind for _, kind, _ in points)
assert sum(component.degree for component in components) == 39 == n_complex(oss)
assert len(points) == 19
assert kinds == {"minimum": 7, "saddle": 9, "maximum": 3}

print("degree of component   cost of its real points (* minimum)")
for component in components:
    costs = sorted((c, kind) for c, kind, where in points if where is component)
    text = ", ".join(f"{c:.4f}{'*' if k == 'minimum' else ''}" for c, k in costs)
    print(f"{component.degree:10}            {text or 'none is real'}")

assert sorted(component.degree for component in components) == [1, 2, 6, 10, 10, 10]

# %% [markdown]
# The 39 points fall into families. The points of one family are **conjugate**: they are zeros
# of the same irreducible polynomials over the rationals, so that no equation with rational
# coefficients tells them apart. Each of the three global minimizers lies in a family of ten,
# *together with a local minimum that is not global*. Algebra alone cannot say which is which.
# It takes the order of the real numbers: an interval that holds one root and no other.

# %%
lowest = [(cost, where) for cost, kind, where in points if kind == "minimum"][:3]
for cost, where in lowest:
    both = sorted(c for c, k, other in points if other is where and k == "minimum")
    print(f"global minimum {cost:.4f}, local minimum of the same family {both[1]:.4f}")
    assert [round(c, 4) for c in both] == [43556.7155, 43631.5078]

solution = ew.solve(oss)
optimum = solution.algebraic
print(optimum.decimal)
assert optimum.n_minimizers == 3
assert optimum.n_real_critical_points == 19
assert len(optimum.minimal_polynomial) - 1 == 10
assert ew.check(oss, solution.certificate) >= solution.lower

# %% [markdown]
# Why three minimizers? Shift all rows and all columns of A and ω by one place, in opposite
# directions: both matrices stay what they are. The shift turns each minimizer into the next.


# %%
def shifted(matrix):
    """Shift rows down and columns left, by one place."""
    return np.roll(np.roll(matrix, 1, axis=0), -1, axis=1)


A, omega = np.array(oss.data.fractions()), np.array(oss.squared_weights.fractions())
for matrix in (A, omega):
    assert (shifted(matrix) == matrix).all()

X = (solution.U @ solution.V).to_float()
minimizers = [X, shifted(X), shifted(shifted(X))]
for row in range(3):
    print("      ".join("".join(f"{x:9.3f}" for x in each[row]) for each in minimizers))
for matrix in minimizers:
    misfit = (omega.astype(float) * (A.astype(float) - matrix) ** 2).sum()
    assert abs(misfit - float(solution.upper)) < 1e-6
for one, other in zip(minimizers, minimizers[1:] + minimizers[:1], strict=True):
    assert abs(one - other).max() > 1

# %% [markdown]
# Minima, saddles and maxima obey Morse's count: 7 − 9 + 3 = 1. So with 39 points no 3 × 3
# problem without degenerate points can have more than 19 local minima (exercise 2). How many
# there can really be, we do not know.
#
# ## Where minima are born
#
# Without weights there is one minimum. With weights there may be several. So let weights grow
# slowly and watch. Srebro and Jaakkola did this in 2003:
#
# $$A = \begin{pmatrix} 1 & 1.1 \\ 1 & -1 \end{pmatrix}, \qquad
#   \omega = \begin{pmatrix} 1 + a & 1 \\ 1 & 1 + a \end{pmatrix}, \qquad a \ge 0 .$$


# %%
def family(a, data=(("1", "1.1"), ("1", "-1"))):
    """Return the problem of Srebro and Jaakkola."""
    return ew.Problem(data, squared_weights=[[1 + a, 1], [1, 1 + a]], rank=1)


def n_minima(problem):
    """Return the number of local minima of a problem with two rows."""
    return len(solve_two_rows(problem.instance).local_minima)


for a in (Fraction(0), Fraction(1, 20), Fraction(1, 10), Fraction(1)):
    print(f"a = {a!s:>5}: {n_minima(family(a))} local minima")

assert [n_minima(family(a)) for a in (0, Fraction(1, 20))] == [1, 1]
assert [n_minima(family(a)) for a in (Fraction(1, 10), 1)] == [2, 2]

# %% [markdown]
# Somewhere between 1/20 and 1/10 a second minimum appears. Where? The number of real zeros of
# a polynomial can change only where two zeros meet. There the **discriminant**, a polynomial
# in the coefficients, vanishes. So: write f′ with a as a letter, take the discriminant, and
# factor it.

# %%
a = sp.Symbol("a")
moving = slope_polynomial([[1, sp.Rational(11, 10)], [1, -1]], [[1 + a, 1], [1, 1 + a]])
_, factors = sp.factor_list(sp.discriminant(moving.as_expr(), y), a)
for factor, power in factors:
    print(f"power {int(power):2}:  {factor}")

quartic = sp.Poly(25 * a**4 + 100 * a**3 + 210 * a**2 - a - 1, a)
assert dict(factors)[quartic.as_expr()] == 3
positive = {f: sp.Poly(f, a).count_roots(sp.Rational(1, 10**9)) for f, _ in factors}
assert [f for f, count in positive.items() if count] == [quartic.as_expr()]

# %% [markdown]
# Only one factor has a positive root, and only one: its coefficients change sign once
# (Descartes). Zeros that escape to infinity are no exception: (0, 1) is a direction as any
# other, and the discriminant of degree 6 counts it. So between 0 and that root, and from there
# to infinity, the number of minima cannot change. Two samples suffice, and we have them:
# **one minimum below the root, two above it, for every a > 0.** The root, to as many digits as
# you like:

# %%
bifurcation = RealAlgebraicNumber.from_root([-1, -1, 210, 100, 25], (0, 1))
print(bifurcation.decimal(40))
low, high = bifurcation.refine(12).isolating_interval
assert bifurcation.decimal(19) == "0.0702036542528789948"
assert (n_minima(family(low)), n_minima(family(high))) == (1, 2)
assert Fraction(70, 1000) < low < high < Fraction(71, 1000)
assert high - low <= Fraction(1, 10**12)


# %%
def branches(problem):
    """Return (angle, cost, is_minimum) of each real critical slope, exactly isolated."""
    data, weights = problem.data.fractions(), problem.squared_weights.fractions()
    rational = [[[sp.Rational(x) for x in row] for row in m] for m in (data, weights)]
    form = [int(c) for c in slope_polynomial(*rational).all_coeffs()[::-1]]
    minima = {slope for slope, _ in solve_two_rows(problem.instance).local_minima}
    roots = real_roots(form)
    slopes = [float(sum(root.refine(15).isolating_interval) / 2) for root in roots]
    rays = [(root, np.arctan(slope)) for root, slope in zip(roots, slopes, strict=True)]
    if len(form) < 7:  # degree below 6: the ray (0, 1) is critical
        rays.append((None, np.pi / 2))
    A, omega = problem.data.to_float(), problem.squared_weights.to_float()
    found = []
    for root, angle in rays:
        u = np.array([np.cos(angle), np.sin(angle)])
        captured = ((u @ (omega * A)) ** 2 / (u**2 @ omega)).sum()
        found.append((angle, (omega * A**2).sum() - captured, root in minima))
    return found


def draw(values, make, mark, title):
    """Draw angle and cost of all critical points against a."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), dpi=80)
    for value in values:
        for angle, cost, is_minimum in branches(make(value)):
            style = (
                {"color": BLUE, "s": 12} if is_minimum else {"color": ORANGE, "s": 5}
            )
            # Angles that differ by pi are the same direction.
            left.scatter(float(value), angle + np.pi * (angle < -0.9), **style)
            right.scatter(float(value), cost, **style)
    for axes in (left, right):
        axes.axvline(mark, color=VERMILLION, linestyle="--", linewidth=1)
        axes.set_xlabel("a")
    left.set(ylabel="angle of u", title="where", ylim=(-0.9, np.pi - 0.9))
    right.set(ylabel="cost", title="how high")
    left.scatter([], [], color=BLUE, s=12, label="minimum")
    left.scatter([], [], color=ORANGE, s=5, label="maximum")
    left.plot([], [], color=VERMILLION, linestyle="--", label="root of discriminant")
    figure.suptitle(title)
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside lower center", ncols=3
    )
    figure.set_layout_engine("constrained")
    plt.show()


values = [Fraction(i, 250) for i in range(1, 51)]
draw(values, family, float(low), "Srebro and Jaakkola: a maximum becomes a minimum")

# %% [markdown]
# Look at the left picture. The old minimum does not notice anything. It is the *maximum*
# that turns into a minimum, and leaves two maxima at its sides: a **pitchfork**. The trap is
# born at the top, as a shallow dent, and is always the worse of the two minima here.
#
# Three critical points meet, and that is why the factor has power 3. Generically only two
# would. And the two maxima are equally high: someone arranged this. Again it is a symmetry:
# mirror X at the antidiagonal and change two signs, and the cost stays what it was.

# %%
later = sorted(branches(family(Fraction(1, 5))), key=lambda each: each[1])
for angle, cost, is_minimum in later:
    print(
        f"{'minimum' if is_minimum else 'maximum'}  angle {angle:7.4f}  cost {cost:.6f}"
    )

assert [is_minimum for _, _, is_minimum in later] == [True, True, False, False]
assert abs(later[2][1] - later[3][1]) < 1e-12
assert ew.solve(family(Fraction(1, 5))).algebraic.n_minimizers == 1


def mirrored(matrix):
    """Mirror at the antidiagonal, then change the signs of row 2 and column 1."""
    return np.diag([1, -1]) @ matrix[::-1, ::-1].T @ np.diag([-1, 1])


data = np.array(family(0).data.fractions())
assert (mirrored(data) == data).all()

# %% [markdown]
# So weights that differ by 7.1 percent are enough: below, going downhill always ends at the
# optimum, as it does without weights. Above, it can fail.
#
# ## Exercises
#
# **1.** Show that a 2 × 2 problem of rank one has at most three local minima. Find one with
# three. (Try integers, and let the computer search.)
#
# <details><summary>Solution</summary>
#
# Six complex critical points, so at most six real ones (if there are finitely many), and half
# of them are minima. Among random small integers those with three are rare; one is
# A = [[1, −5], [5, −1]], ω = [[18, 2], [1, 19]]. All six points are real.
#
# </details>
#
# **2.** Use Morse's count to show that a 3 × 3 problem of rank one without degenerate
# critical points has at most 19 local minima. What does it give for 3 × n with two patterns?
#
# <details><summary>Solution</summary>
#
# Let there be p minima, q saddles, r maxima; p − q + r = 1 and p + q + r ≤ 39. Adding gives
# 2(p + r) ≤ 40. A continuous function on a compact set has a maximum: r ≥ 1, p ≤ 19. With two
# patterns p + q + r ≤ 19, so 2(p + r) ≤ 20 and p ≤ 9, whatever n is.
#
# </details>
#
# **3.** Break the symmetry: replace the entry −1 of Srebro and Jaakkola's A by −0.9. Where is the
# second minimum born now, how many points meet there, and are the two minima equally low?
#
# <details><summary>Solution</summary>
#
# The discriminant has a factor of power 1 instead: two points meet. A minimum and a maximum
# are born together out of nothing (a *saddle-node*), beside the old maximum. The new minimum
# is higher than the old one. The picture is drawn below.
#
# </details>
#
# **4.** Take a generic 3 × 3 problem and change one weight, so that
# ω₁₁ω₂₂ = ω₁₂ω₂₁. How many complex critical points are lost? Explain the same number for two
# rows.
#
# <details><summary>Solution</summary>
#
# Four: 39 becomes 35. For two rows, ω₁₁ω₂₂ = ω₁₂ω₂₁ says that the first two columns of ω are
# proportional. They share a denominator, and p = n becomes p = n − 1: of 4p − 2 points four are
# lost. (For 3 × 3 we counted, and proved nothing.)
#
# </details>

# %% tags=["hide-input"]
# The solutions, checked. 1:
three = ew.Problem([[1, -5], [5, -1]], squared_weights=[[18, 2], [1, 19]], rank=1)
assert n_complex(three) == 6 == ew.solve(three).algebraic.n_real_critical_points
assert n_minima(three) == 3

# 2: arithmetic. 4:
data, weights = rng.integers(-99, 100, (3, 3)), rng.integers(1, 100, (3, 3)).tolist()
assert n_complex(ew.Problem(data, squared_weights=weights, rank=1)) == 39
weights[1][1] = Fraction(weights[0][1] * weights[1][0], weights[0][0])
assert n_complex(ew.Problem(data, squared_weights=weights, rank=1)) == 35

# 3:
broken = slope_polynomial(
    [[1, sp.Rational(11, 10)], [1, sp.Rational(-9, 10)]], [[1 + a, 1], [1, 1 + a]]
)
_, factors = sp.factor_list(sp.discriminant(broken.as_expr(), y), a)
roots = [
    (root, power)
    for factor, power in factors
    for root in sp.Poly(factor, a).nroots()
    if root.is_real and root > 0
]
print("positive roots of the discriminant, with their powers:", roots)


def unsymmetric(a):
    """Return the problem with -0.9 in place of -1."""
    return family(a, (("1", "1.1"), ("1", "-0.9")))


((birth, power),) = roots
assert power == 1
near = Fraction(1, 1000)
assert n_minima(unsymmetric(Fraction(float(birth)) - near)) == 1
assert n_minima(unsymmetric(Fraction(float(birth)) + near)) == 2
assert ew.solve(unsymmetric(Fraction(3, 10))).algebraic.n_minimizers == 1
values = [Fraction(i, 125) for i in range(1, 51)]
draw(values, unsymmetric, float(birth), "Symmetry broken: two points are born together")
