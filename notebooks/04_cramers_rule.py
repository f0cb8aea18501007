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
# # Cramer's rule, or: one fraction for a thousand rows
#
# A matrix X of rank k has a great many factorizations X = UV, and the cost of UV is a
# polynomial in all entries of U and V: thousands of unknowns for a matrix with a
# thousand rows. But if only few different weight rows occur, nearly all unknowns can be
# eliminated, and **Cramer's rule** says what comes out: a fraction. This notebook
# builds the fraction, counts its denominators and its degree, and then meets a theorem
# that builds an astonishingly large one on purpose.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import sympy as sp

import exact_wlra as ew

# %% [markdown]
# ## The rule, and its trap
#
# For an invertible k × k matrix R, Cramer's rule gives each entry of the inverse as a
# quotient of determinants:
#
# $$(R^{-1})_{ab} = (-1)^{a+b}\,
#   \frac{\det(R \text{ without row } b \text{ and column } a)}{\det R}.$$
#
# Look at the indices. On the left a is the row; on the right row **b** is left out. The
# matrix of these determinants with signs is called the **adjugate** of R. Here are two
# versions, one of them wrong.


# %%
def minor(R, row, column):
    """Return the determinant without a row and a column."""
    return R.minor_submatrix(row, column).det() if R.rows > 1 else sp.Integer(1)


def inverse(R):
    """Row b is left out for the entry (a, b)."""
    return (
        sp.Matrix(R.rows, R.rows, lambda a, b: (-1) ** (a + b) * minor(R, b, a))
        / R.det()
    )


def careless_inverse(R):
    """Row a is left out for the entry (a, b)."""
    return (
        sp.Matrix(R.rows, R.rows, lambda a, b: (-1) ** (a + b) * minor(R, a, b))
        / R.det()
    )


rng = np.random.default_rng(0)
n_right, n_wrong = 0, 0
for _ in range(100):
    P = sp.Matrix(rng.integers(-5, 6, (3, 5)).tolist())
    gram = P * P.T
    assert gram.det() > 0
    n_right += inverse(gram) * gram == sp.eye(3)
    n_wrong += careless_inverse(gram) * gram == sp.eye(3)
print(f"inverse:          {n_right} of 100 tests passed")
print(f"careless_inverse: {n_wrong} of 100 tests passed")
assert n_right == n_wrong == 100

# %% [markdown]
# Both pass a hundred tests! The tests are to blame: a matrix P Pᵀ is **symmetric**, and
# on symmetric matrices both conventions agree. All matrices inverted in this notebook
# will be of this kind, so the mistake could live in such a program for years. One
# matrix that is not symmetric finds it.

# %%
R = sp.Matrix([[1, 2], [3, 5]])
assert inverse(R) * R == sp.eye(2)
assert careless_inverse(R) * R != sp.eye(2)
print("careless_inverse(R) R =", (careless_inverse(R) * R).tolist())

# %% [markdown]
# ## Eliminating U
#
# The instance: 3 × 3, rank 1, two different weight rows.

# %%
A = [[3, -1, 2], [0, 2, 5], [1, 4, -2]]
W = [[1, 1, 2], [1, 1, 2], [3, 3, 1]]
problem = ew.Problem(A, weights=W, rank=1)

x, y = sp.symbols("x y")
V = sp.Matrix([[1, x, y]])  # rank one: only the direction of V counts


def row_cost(V, data, weights):
    """Return the least cost of a row, and the determinant det(V D Vᵀ)."""
    D = sp.diag(*[w**2 for w in weights])
    a = sp.Matrix([data])
    R = V * D * V.T  # of the normal equations u R = a D Vᵀ
    u = a * D * V.T * inverse(R)
    residual = a - u * V
    return sp.cancel((residual * D * residual.T)[0]), sp.expand(R.det())


for data, weights in zip(A, W, strict=True):
    cost, determinant = row_cost(V, data, weights)
    print("denominator", determinant)
    assert sp.cancel(sp.denom(sp.cancel(cost)) / determinant).is_number

# %% [markdown]
# For fixed V, each row of U is a weighted least squares fit: u = a D Vᵀ (V D Vᵀ)⁻¹,
# where D holds the squared weights. The denominator is det(V D Vᵀ), once, not squared,
# though the cost is a square: the residual is perpendicular to the fit, so the cost is
# aDaᵀ − uVDaᵀ, and u occurs once.
#
# It depends on the *weights* of the row only. Rows with the same weights share it. So
# the total cost is a sum of as many fractions as there are different weight rows
# (proportional ones count as one):

# %%
total = sp.together(sum(row_cost(V, a, w)[0] for a, w in zip(A, W, strict=True)))
numerator, denominator = sp.fraction(sp.cancel(total))
print("numerator  ", sp.expand(numerator))
print("denominator", sp.factor(denominator))
assert sp.Poly(denominator, x, y).total_degree() == 4
assert len(sp.factor_list(denominator)[1]) == 2

# %% [markdown]
# Three rows, two denominators. The package does the same with a fast library; let us
# see that it agrees, and that repeating rows does not change the size of the result. A
# thousand rows with two weight patterns:

# %%
from reductions.charts import chart_cost

cost = chart_cost(problem.instance, (0,))  # V = 1 in column 0
by_package = sum(
    sp.sympify(str(p)) / sp.sympify(str(q))
    for p, q in zip(cost.numerators, cost.denominators, strict=True)
) / sp.Integer(cost.scale)
in_xy = by_package.subs({"x1_2": x, "x1_3": y})
assert sp.cancel(in_xy - total) == 0

generator = np.random.default_rng(1)
tall = ew.Problem(
    generator.integers(-9, 10, (1000, 3)).tolist(),
    weights=[W[0]] * 500 + [W[2]] * 500,
    rank=1,
)
cost_of_tall = chart_cost(tall.instance, (0,))
for name, each in (("3 rows", cost), ("1000 rows", cost_of_tall)):
    p, q = each.fraction()
    print(
        f"{name:>9}: {each.n_groups} fractions, degree {p.total_degree()}, "
        f"{len(p.coeffs())} terms"
    )
assert cost_of_tall.n_groups == cost.n_groups == 2
assert cost_of_tall.fraction()[0].total_degree() == 4

# %% [markdown]
# A thousand unknowns of U have gone, and nothing was lost. That is the exact
# elimination which the solvers of this package use. With k = 1, d columns and r weight
# patterns: d − 1 unknowns, r denominators of degree 2, together degree 2r.
#
# ### The same at rank two
#
# Now Cramer's rule has something to do: V has two rows, and V D Vᵀ is a 2 × 2 matrix.
# One may multiply V from the left by any invertible matrix (U takes the inverse), so
# that two columns of V can be made the identity matrix.

# %%
V2 = sp.Matrix([[1, 0, x], [0, 1, y]])
total2 = sp.cancel(sum(row_cost(V2, a, w)[0] for a, w in zip(A, W, strict=True)))
rank_two = ew.Problem(A, weights=W, rank=2)
cost2 = chart_cost(rank_two.instance, (0, 1))
by_package = sum(
    sp.sympify(str(p)) / sp.sympify(str(q))
    for p, q in zip(cost2.numerators, cost2.denominators, strict=True)
) / sp.Integer(cost2.scale)
assert sp.cancel(by_package.subs({"x1_3": x, "x2_3": y}) - total2) == 0
for each in cost2.denominators:
    print("denominator", each)
assert [each.total_degree() for each in cost2.denominators] == [2, 2]

# %% [markdown]
# Two denominators again, each the determinant of a 2 × 2 matrix.
#
# ## Eliminating V as well?
#
# What if there are a million columns as well, and r different weight *columns*? U was a
# function of V. Now V should go too, but they depend on each other in a circle. A
# theorem of Razenshteyn, Song and Woodruff (2016), used by Li, Liang, Song and Shi
# (2025), breaks it with a surprising idea: **guess**, but guess little. It needs a
# sketch.
#
# ### What a sketch is
#
# A regression ‖Ax − b‖ with n equations is replaced by ‖SAx − Sb‖ with t equations, S a
# t × n matrix of independent normal random numbers: t random combinations of the
# equations. The solution y of the small problem is not optimal for the large one. How
# bad is it? If A has rank ρ, then **exactly**
#
# $$\mathbb E\,\|Ay-b\|^2=\Bigl(1+\frac{\rho}{t-\rho-1}\Bigr)\min_x\|Ax-b\|^2,\qquad t\ge\rho+2 .$$
#
# No n in it, no A, no b. Let us see it in an experiment: ρ = 2, n = 40.

# %%
from reductions.sketching import expected_ratio

generator = np.random.default_rng(2)
design, response = generator.standard_normal((40, 2)), generator.standard_normal(40)
least = np.linalg.lstsq(design, response, rcond=None)[1][0]


def ratios(t, n_draws):
    """Return cost of the sketched solution over the least cost, for many sketches."""
    S = generator.standard_normal((n_draws, t, 40))
    SA, Sb = S @ design, S @ response
    y = np.linalg.solve(
        SA.transpose(0, 2, 1) @ SA, (SA.transpose(0, 2, 1) @ Sb[..., None])
    )[..., 0]
    return ((y @ design.T - response) ** 2).sum(axis=1) / least


sizes = [6, 8, 12, 16, 24, 32]
samples = {t: ratios(t, 20_000) for t in sizes}
print(" t   predicted   mean     median")
for t, sample in samples.items():
    predicted = expected_ratio(2, t)
    print(
        f"{t:2}   {float(predicted):9.4f}   {sample.mean():.4f}   {np.median(sample):.4f}"
    )
    error = sample.std() / len(sample) ** 0.5
    assert abs(sample.mean() - float(predicted)) < 4 * error
    assert np.median(sample) < sample.mean()

# %%
figure, axes = plt.subplots(figsize=(7, 3.6))
axes.boxplot(
    [samples[t] - 1 for t in sizes], positions=range(6), whis=(5, 95), showfliers=False,
    medianprops={"color": "#0072B2"},
)  # fmt: skip
means = [samples[t].mean() - 1 for t in sizes]
axes.plot(range(6), means, "o", color="#D55E00", label="mean of 20 000 sketches")
curve = [float(expected_ratio(2, t)) - 1 for t in sizes]
axes.plot(range(6), curve, "--", color="k", label="ρ/(t − ρ − 1)")
axes.set_xticks(range(6), sizes)
axes.set(
    title="what a sketch costs: excess over the least cost, ρ = 2", xlabel="t",
    ylabel="relative excess",
)  # fmt: skip
axes.legend()
figure.tight_layout()
plt.show()

# %% [markdown]
# The mean is where the formula says, well above the median: few bad sketches pull it
# up.
#
# Why the formula holds: the residual e = b − Ax is perpendicular to the columns of A.
# With Q an orthonormal basis of these, SQ and Se are *independent* normal matrices; y
# is off by (SQ)⁺Se, and the mean of ‖(SQ)⁺‖² is tρ/(t − ρ − 1) for normal entries of
# variance 1/t.
#
# ### Guessing
#
# Now sketch all the fits of the rows of U with one S. For row i, whose row of W is w_g,
#
# $$u_i = s_i\,P_g^{\mathsf T}(P_gP_g^{\mathsf T})^{-1},\qquad P_g=V\,\mathrm{diag}(w_g)\,S
#   \;\;(k\times t),\qquad s_i=a_i\,\mathrm{diag}(w_g)\,S .$$
#
# The vector s_i is known. The unknown V enters through the small matrices P_g only,
# **one for each weight pattern**, and whatever we insert for them gives some U, hence
# an honest upper bound. So take their entries as unknowns! Do the same on the other
# side with matrices Q_h for V. All numbers together: 2rkt, whatever the numbers of rows
# and columns. Cramer's rule makes U and V fractions in them:

# %%
from reductions.cramer import cramer_formulation

both = ew.Problem(
    [[3, -1, 2], [3, -1, 2], [1, 4, -2]],
    weights=[[1, 1, 2], [1, 1, 2], [3, 3, 1]],
    rank=1,
)
formulation = cramer_formulation(both.instance, 3, seed=0)
expressions = formulation.sympy()
print("U of the two kinds of rows:")
sp.pprint(expressions.left)
print("\nthe denominators:")
for each in expressions.denominators:
    print("  ", each)

r, k, t = 2, 1, 3
assert len(expressions.denominators) == 2 * r
assert len(formulation.variables) == 2 * r * k * t

# %% [markdown]
# There are 2r denominators, each of degree 2k, and they contain no data at all. The
# cost is the sum of ω (a − u v)²; u v has one denominator of either side, and squared,
# over a common denominator, the degree is 2 · 2r · 2k = **8kr**. (Squared, this time: U
# and V are not the best for each other, so nothing is perpendicular and nothing
# cancels.)

# %%
p, q = formulation.numerator_denominator()
print(f"numerator:   degree {p.total_degree()}, {len(p.coeffs())} terms")
print(f"denominator: degree {q.total_degree()}, {len(q.coeffs())} terms")
assert p.total_degree() == q.total_degree() == 8 * k * r
assert sorted(exponent for _, exponent in q.factor()[1]) == [2] * (2 * r)

# %% [markdown]
# Eighteen thousand terms for a 3 × 3 matrix! What was gained? Nothing, at this size.
# But the count does not grow with the matrix. Any choice of the unknowns is an honest
# fit, so its cost is at least the optimum; and the best V, sketched, is one of the
# choices:

# %%
optimum = ew.solve(both)
for seed in range(3):
    each = cramer_formulation(both.instance, 3, seed=seed)
    point = each.planted(optimum.V)
    value = each.value(point)
    left, right = each.factors(0, point)
    assert value == both.cost(left, right) >= optimum.lower
    print(
        f"sketch {seed}: planted {float(value):9.4f}   optimum {float(optimum.upper):.4f}"
    )
print("bound on the mean of planted/optimum:", formulation.planted_ratio)
assert formulation.planted_ratio == expected_ratio(1, 3) ** 2 == 4

# %% [markdown]
# The planted point is only where the proof of the theorem looks; the minimum over all x
# is at most that. Here it is even the optimum, with no loss at all: the rows of each
# pattern have rank at most t = 3, so that a sketch of 3 columns forgets nothing about
# them.

# %%
print(formulation.accuracy.words)
reached = formulation.value(formulation.point_of(optimum.V))
print("reached:", float(reached), "  optimum:", optimum.algebraic.decimal)
assert optimum.lower <= reached <= optimum.upper

# %% [markdown]
# ## All formulations, side by side
#
# How large must t be for a guarantee? To be within 1 + ε of the optimum with
# probability 1 − δ, two sketches one after the other need t − k − 1 ≥ k/(√(1 + εδ) −
# 1). For ε = 1/2 and δ = 1/10 that is t = 43. Here is the size of the question "cost ≤
# c?" in each formulation:
#
# * *plain*: all entries of U and V are unknowns,
# * *charts*: U (or V) eliminated exactly, as above,
# * *sketched charts*: one sketch, then exact elimination,
# * *sketched Cramer*: the one of the theorem.

# %%
from reductions.formulations import sizes_of_all, sizes_table

print("3 x 3, two weight patterns")
print(sizes_table(sizes_of_all(both.instance)))
print("\n1000 x 3, two weight patterns")
sizes = sizes_of_all(tall.instance)
print(sizes_table(sizes))

by_name = {each.name: each for each in sizes}
assert by_name["charts of V"].n_variables == 2
assert by_name["sketched Cramer"].n_variables == (2 + 2) * 1 * 43
assert by_name["sketched Cramer"].degree == 8 * 1 * 2
assert by_name["sketched Cramer"].n_terms > 10**20

# %% [markdown]
# ## Why nobody decides the literal formulation
#
# The theorem is true. Systems of m conditions of degree D in v unknowns can be decided
# with (mD)^(Cv) operations (Renegar 1992), and v does not depend on n. Nobody names the
# constant C; let it be 1, and insert the numbers:

# %%
from semialgebraic.bounds import decision_cost, minimum_bound

literal = by_name["sketched Cramer"]
base, exponent = decision_cost(
    n_variables=literal.n_variables,
    n_conditions=literal.n_conditions,
    degree=literal.degree,
)
print(f"operations: {base}^{exponent} = about 10^{exponent * math.log10(base):.0f}")
assert exponent * math.log10(base) > 200

# %% [markdown]
# There are about 10⁸⁰ atoms in the observable universe. The proof also needs to know
# how small an optimum can be if it is not zero: otherwise the bisection over c would
# not know when to stop. There is a theorem on the least value of a polynomial
# (Jeronimo, Perrucci and Tsigaridas 2013). It is about *compact* sets, closed and
# bounded ones. Is ours?

# %%
from semialgebraic.errors import HypothesisError

about_ours = {
    "n_variables": literal.n_variables + 1,  # one more, so that y · denominator = 1
    "degree": literal.degree + 2,
    "height": 2**literal.bitsize,
    "n_conditions": 1,
}
try:
    minimum_bound(**about_ours)
except HypothesisError as error:
    print("refused:", error)
else:
    raise AssertionError("the hypothesis was not asked for")

bits = minimum_bound(**about_ours, component_is_compact=True)
print(
    "\nIf it were: optimum 0, or at least 2^-b, where b has", len(str(bits)), "digits."
)
assert len(str(bits)) > 250

# %% [markdown]
# The unknowns of our fraction range over an unbounded set, so the theorem does not
# apply as it stands. (The argument can be repaired. The number does not get useful.)
# And what it would give is not a small number, but one with so many zeros after the
# point that the *count* of zeros fills three lines.
#
# "Time n^(1+o(1))" says how the time *grows* with n; the numbers above are the
# constant. What replaces it here:
#
# 1. **Exact elimination of one side** instead of guessing both: two unknowns here, not
#    172. Guessing has fewer unknowns only if each weight pattern carries more than 2t =
#    86 kinds of rows, and of columns, in A.
# 2. **Merging first**: a thousand rows with two weight patterns are at most 2 · 3 rows
#    after their Gram matrices are added (notebook 03).
# 3. **Subdivision, critical points, pattern space** (notebooks 05 and 06) instead of a
#    general decision procedure.
# 4. **Proved brackets** instead of a smallest possible value at which to stop.

# %%
solution = ew.solve(tall, gap=1e-9)
print(solution)
assert solution.is_proved
assert ew.check(tall, solution.certificate) >= solution.lower

# %% [markdown]
# ## Exercises
#
# 1. Show that the cost of a least squares fit has the denominator det(V D Vᵀ) once, not
#    squared, for every k.
# 2. Rank 2, four columns, one weight pattern: V = (1 0 x y; 0 1 z w). Of which degree
#    is det(V D Vᵀ)? And why was it only 2 for three columns? Use `sympy`.
# 3. Why may one guess the P_g independently of each other, although all come from the
#    same V?
# 4. For which t is the mean ratio of one sketch at most 1.1 if k = 3?
#
# <details><summary>Solutions</summary>
#
# 1. With R = VDVᵀ and u = aDVᵀR⁻¹ the residual e = a − uV satisfies eDVᵀ = 0. So eDeᵀ =
#    eDaᵀ = aDaᵀ − aDVᵀR⁻¹VDaᵀ, and R⁻¹ = adj(R)/det(R).
# 2. Degree 4. By Cauchy and Binet det(VDVᵀ) = Σ ω_iω_j (minor of columns i, j)², and
#    the minor of the last two columns is xw − yz. With three columns the minors are 1,
#    y and −x, so the degree is 2. In general it is 2 min(k, d − k).
# 3. Every choice gives a U and a V, hence an upper bound of the optimum. There may be
#    more choices than there are V, but none can be better than the optimum; and the
#    choice that comes from the best V is among them.
# 4. 3/(t − 4) ≤ 1/10: t ≥ 34. `expected_ratio(3, 34)` is 11/10.
#
# </details>
