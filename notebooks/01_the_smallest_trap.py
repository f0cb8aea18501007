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
# # The smallest trap
#
# Here is a table of six numbers. Can it go wrong to fit two numbers u and three
# numbers v to it?
#
# We are given data $A$ and weights $W$, both with two rows and three columns. We look
# for a column $u = (u_1, u_2)$ and a row $v = (v_1, v_2, v_3)$ such that the products
# $u_i v_j$ come close to the data. The matrix of all products has *rank one*: its rows
# are multiples of one another. What "close" means is up to the weights:
#
# $$f(u, v) = \sum_{i,j} W_{ij}^2\,(A_{ij} - u_i v_j)^2 .$$
#
# A large weight says "I trust this number". Without weights (all equal) the best fit is
# in every textbook: the singular value decomposition, SVD for short. With weights there
# is no such formula. We will see why, on the smallest example there is.

# %%
import matplotlib.pyplot as plt
import numpy as np
import sympy as sp

import exact_wlra as ew
from exact_wlra import plotting

A = np.array([[1, 1, 1], [2, 0, -2]])
W = np.array([[1, 1, 2], [2, 2, 1]])
omega = W**2  # the squared weights: these multiply the squared errors


def cost(u, v):
    """Return f(u, v)."""
    return (omega * (A - np.outer(u, v)) ** 2).sum()


# %% [markdown]
# ## The usual method
#
# If u were known, each $v_j$ would be found by school arithmetic: minimize a parabola.
#
# $$v_j = \frac{\sum_i W_{ij}^2 A_{ij} u_i}{\sum_i W_{ij}^2 u_i^2}.$$
#
# If v were known, each $u_i$ would be found the same way. So: start anywhere, find v
# from u, then u from v, and so on. The cost never goes up. This is *alternating least
# squares*; most software does it, or something like it.


# %%
def alternate(v, steps=400):
    """Return u and v after alternating least squares from the start v."""
    for _ in range(steps):
        u = (omega * A) @ v / (omega @ v**2)
        v = u @ (omega * A) / (u**2 @ omega)
    return u, v


random = np.random.default_rng(0)
starts = random.standard_normal((1000, 3))
costs = np.array([cost(*alternate(v)) for v in starts])
ends, counts = np.unique(costs.round(6), return_counts=True)
for end, count in zip(ends, counts, strict=True):
    print(f"cost {end:.6f} from {count} of 1000 random starts")

assert ends.tolist() == [3.951750, 8.757486]
assert 400 < counts[1] < 500

# %% [markdown]
# Nearly half of the runs end at a cost more than **twice** as large as the others.
# Nothing warns us. Each run stands still; no small step helps any more.
#
# It is worse than that. Suppose we forget about the weights and use the SVD. The two
# rows of A are perpendicular, so that the SVD can be read off: the best fit of rank one
# keeps the longer row, (2, 0, -2), and replaces the other by zero. In our cost:

# %%
forgetful = cost([0, 1], [2, 0, -2])
print("cost of the SVD, which knows nothing of the weights:", forgetful)

careful = cost(*alternate(np.ones(3)))
print(f"alternating least squares from v = (1, 1, 1):        {careful:.6f}")

assert forgetful == 6 < careful

# %% [markdown]
# From the most natural start of all, minding the weights gives a worse answer than
# ignoring them. And how do we know that 3.951750 is the best? So far we know only that
# nothing better turned up.
#
# ## Two unknowns less, then two more
#
# Five unknowns are too many for a picture. We get rid of four of them.
#
# *First*, v. For given u we know the best v. Put it into f. Column j then costs
#
# $$\sum_i W_{ij}^2 A_{ij}^2 \;-\;
# \frac{\bigl(\sum_i W_{ij}^2 A_{ij} u_i\bigr)^2}{\sum_i W_{ij}^2 u_i^2}$$
#
# (the minimum of a parabola; do it by hand once). *Second*, the length of u. Twice u
# with half of v gives the same products. So only the direction of u matters: write
# $u = (1, y)$. One unknown is left, and the cost is a fraction of two polynomials:
#
# $$f(y) = 26 - \frac{(1 + 8y)^2 + 1}{1 + 4y^2} - \frac{(4 - 2y)^2}{4 + y^2} .$$
#
# The only direction without a slope y is $u = (0, 1)$, the SVD of above; it is the limit
# $y \to \infty$ and costs 6. Let SymPy confirm the formula.

# %%
y = sp.symbols("y")
u = sp.Matrix([1, y])
f = 0
for j in range(3):
    weights, column = omega[:, j].tolist(), A[:, j].tolist()
    energy = sum(w * a**2 for w, a in zip(weights, column, strict=True))
    cross = sum(w * a * x for w, a, x in zip(weights, column, u, strict=True))
    length = sum(w * x**2 for w, x in zip(weights, u, strict=True))
    f += energy - cross**2 / length

by_hand = 26 - ((1 + 8 * y) ** 2 + 1) / (1 + 4 * y**2) - (4 - 2 * y) ** 2 / (4 + y**2)
assert sp.simplify(f - by_hand) == 0
assert sp.limit(f, y, sp.oo) == 6
sp.factor(sp.together(f))

# %% [markdown]
# For each direction of u the best fit is now one point of one curve. We draw it over the
# angle of u, from 0 to 180 degrees, and mark where the 1000 runs came to rest.

# %%
angles = np.linspace(0, np.pi, 2001)
curve = sp.lambdify(y, f)(np.tan(angles))
is_minimum = (curve < np.roll(curve, 1)) & (curve < np.roll(curve, -1))

figure, axes = plt.subplots(figsize=(7, 3.6), dpi=90)
axes.plot(np.degrees(angles), curve, color="#0072B2")
for angle, value in zip(angles[is_minimum], curve[is_minimum], strict=True):
    share = np.isclose(costs, value, atol=1e-3).mean()
    axes.plot(np.degrees(angle), value, "o", color="#D55E00")
    axes.annotate(
        f"{value:.2f}\n{share:.0%} of the runs",
        (np.degrees(angle), value),
        xytext=(0, 24),
        textcoords="offset points",
        ha="center",
        va="bottom",
    )
axes.set(xlabel="angle of u in degrees", ylabel="cost", ylim=(0, 25), xlim=(0, 180))
axes.set_title("The cost of the best fit for each direction of u")
axes.set_xticks(range(0, 181, 45))
figure.tight_layout()
plt.show()

assert curve[is_minimum].round(2).tolist() == [8.76, 3.95]

# %% [markdown]
# Two valleys. On one side the hill between them rises by 0.19 only, and that is enough:
# a method that only walks downhill does not get across. That is all there is to the
# trap.
#
# The library draws the same curve with one call, and says which points it can prove.

# %%
problem = ew.Problem(A.tolist(), weights=W.tolist(), rank=1)
plotting.landscape(problem)

# %% [markdown]
# ## The optimum as the root of a polynomial
#
# A picture made of 2001 samples is convincing. It is not a proof: a narrow third valley
# could hide between two samples. So we turn to algebra.
#
# At the bottom of a valley the derivative is zero. Such points, the tops of hills
# included, are called *critical points*. The derivative of f is a fraction, and a
# fraction vanishes where its numerator does.

# %%
slope = sp.Poly(sp.numer(sp.together(sp.diff(f, y))), y).primitive()[1]
slope = slope if slope.LC() > 0 else -slope
print("critical points are the roots of", slope.as_expr())
roots = slope.real_roots()
for root in roots:
    print(f"  y = {float(root):9.6f}   cost {float(f.subs(y, root.evalf(30))):.6f}")

assert slope == sp.Poly([12, 7, -87, 56, -87, 112, 12], y)
assert slope.count_roots() == len(roots) == 4
low, high = sorted(float(f.subs(y, root.evalf(30))) for root in roots)[1:3]
assert 0.18 < high - low < 0.19

# %% [markdown]
# Degree six, and four of the roots are real. The count is no guess: Sturm's theorem
# (1829) counts the real roots of a polynomial with nothing but exact divisions, and
# SymPy uses it. Hence the curve has exactly four critical points: two
# valleys and two hills. No valley hides between samples. The optimum belongs to
# $y \approx -3.386$; the direction $(0, 1)$ with its cost of 6 is beaten.
#
# What number *is* the optimum? Write $f = p/q$. Its value t at a critical point
# satisfies two polynomial equations at once,
#
# $$\mathrm{slope}(y) = 0, \qquad p(y) - t\,q(y) = 0 .$$
#
# The *resultant* removes y: it is a polynomial in t alone (a determinant in the
# coefficients) that is zero exactly when both equations share a root y.

# %%
t = sp.symbols("t")
p, q = sp.fraction(sp.together(f))
values = sp.Poly(sp.resultant(slope.as_expr(), sp.expand(p - t * q), y), t)
values = values.primitive()[1]
values.as_expr()

# %%
assert values.is_irreducible
least = min(values.real_roots())
print("the optimum is", least.evalf(50))
assert abs(least.evalf(50) - sp.Float(ends[0])) < 1e-6

# %% [markdown]
# So the optimum is *algebraic*: the least real root of that polynomial with integer
# coefficients. We may print as many digits as we like.
#
# Is there a formula for it, with roots such as $\sqrt[3]{2 + \sqrt 5}$? Galois gave the
# answer: exactly if the symmetry group of the roots of the polynomial is *solvable*.
# Here the group is the largest possible one, that of all 720 permutations of six
# things, and it is not solvable.

# %%
from sympy.polys.numberfields.galoisgroups import galois_group

group, _ = galois_group(values, by_name=True)
print("symmetry group of the six roots:", group.value)
assert group.value == "S6"

# %% [markdown]
# Six small integers, six small weights, and the best rank-one fit cannot be written
# with plus, minus, times, divided by, and roots of any order. This is why nobody ever
# found "the SVD with weights".
#
# ## An answer that can be checked
#
# `solve` does all this by itself. It returns factors, a lower and an upper bound, the
# polynomial, and a *certificate*: the evidence, as a file that can be sent around.

# %%
solution = ew.solve(problem)
print(solution)

optimum = solution.algebraic
assert solution.claim == "minimum"
assert optimum.minimal_polynomial == tuple(map(int, reversed(values.all_coeffs())))
assert optimum.n_real_critical_points == 4
assert optimum.decimal.startswith(str(least.evalf(25))[:22])
assert solution.upper == problem.cost(solution.U, solution.V)

# %% [markdown]
# For two rows the certificate contains little more than the number `lower`, and we can
# check it by hand. The claim is $f(y) \ge \mathrm{lower}$ for all y. Multiply by the
# denominator, which is positive: the claim says that one polynomial is never negative.
# It is positive at y = 0, and it has no real root. So it never changes sign.

# %%
lower = sp.Rational(solution.lower.numerator, solution.lower.denominator)
claim = sp.Poly(sp.expand(p - lower * q), y)

assert sp.Poly(q, y).count_roots() == 0
assert q.subs(y, 0) > 0
assert claim.eval(0) > 0
assert claim.count_roots() == 0
assert lower < 6  # the direction (0, 1)
print("checked by hand: no rank-one fit costs less than", lower.evalf(12))

# %% [markdown]
# The library's checker does the same and more. It does not trust the solver: it reads
# the certificate, rebuilds the problem from A and W, and verifies each step. A
# certificate that claims a little more than it proves is rejected.

# %%
from dataclasses import replace

from exact_wlra.errors import RejectedCertificateError

proved = ew.check(problem, solution.certificate)
assert proved >= solution.lower

lie = replace(solution.certificate, lower=solution.upper)
try:
    ew.check(problem, lie)
except RejectedCertificateError as error:
    print("rejected:", error)
else:
    raise AssertionError("the lie was believed")

# %% [markdown]
# ## Four valleys
#
# With four rows and four columns there is no curve to draw. Here are seven answers of
# the usual methods to one such problem, each run until it stands still.

# %%
from exact_wlra.terminal.demo import usual_answers

hero = ew.read("dataset:four-basins-4x4", rank=1)
for name, matrix in (("A", hero.data), ("W", hero.root_weights)):
    print(name)
    for row in matrix.fractions():
        print("".join(f"{entry!s:>5}" for entry in row))

answers = usual_answers(hero.instance, seed=0)
for name, value in answers:
    print(f"{name:<28}{value:10.4f}")

assert len({round(value, 3) for _, value in answers}) == 5

# %% [markdown]
# Five different answers. Many starts are the usual remedy; 2000 runs of alternating
# least squares end in four valleys, none of which gets half of the runs.

# %%
data, squared = hero.data.to_float(), hero.squared_weights.to_float()
v = np.random.default_rng(0).standard_normal((2000, 4))
for _ in range(2000):
    u = v @ (squared * data).T / (v**2 @ squared.T)
    v = u @ (squared * data) / (u**2 @ squared)
residuals = data - u[:, :, None] * v[:, None, :]
costs = (squared * residuals**2).sum(axis=(1, 2))
ends, counts = np.unique(costs.round(3), return_counts=True)
for end, count in zip(ends, counts, strict=True):
    print(f"{end:10.3f}   {count / 2000:.0%} of the starts")

assert list(ends) == [230.730, 246.329, 433.857, 487.900]
assert (counts / 2000 < 0.5).all()

# %%
solution = ew.solve(hero, gap=1e-6)
print(solution)

assert solution.is_proved
assert solution.lower <= solution.upper <= solution.lower * (1 + 2e-6)
assert all(value > solution.upper for _, value in answers)
assert abs(float(solution.upper) - ends[0]) < 1e-3

# %% [markdown]
# No matrix of rank one costs less than `lower`: all seven usual answers are wrong, and
# the lowest of the four valleys is the optimum. The certificate is now a covering of
# all possible fits by small simplices, with a verified inequality on each;
# `docs/certificate-format.md` says what stands in it, `docs/theory.md` why it proves
# the bound. Written to text and read again, the checker accepts it.

# %%
text = ew.certificate_to_json(solution.certificate)
certificate = ew.certificate_from_json(text)
assert certificate == solution.certificate
proved = ew.check(hero, certificate)
assert proved >= solution.lower
print("accepted: the optimum is at least", round(float(proved), 6))

# %% [markdown]
# ## Exercises
#
# **1.** Set all weights of the small problem to 1. How many valleys has the curve now,
# and why can there never be a trap with equal weights and two rows?
#
# <details><summary>Solution</summary>
#
# With equal weights all denominators are the same, and
# $f(y) = \|A\|^2 - u^T A A^T u / u^T u$. The second term runs once up and down between
# the two eigenvalues of $AA^T$ as u turns by 180 degrees: one valley, one hill. Here
# $AA^T$ has the eigenvalues 3 and 8, and the optimum is 3, the smaller one.
#
# </details>
#
# **2.** Replace the second column of A by $10 \times$ itself and the second column of W
# by $1/10 \times$ itself. What happens to the curve?
#
# <details><summary>Solution</summary>
#
# Nothing. With $v_2$ replaced by $10 v_2$ every weighted residual stays what it was.
# Measuring a column in other units is harmless if the weights change along.
#
# </details>
#
# **3.** Is there an even smaller trap, of two rows and two columns? Hint: in
# A = [[1, 1, 1], [1, -1, -1]], W = [[1, 2, 2], [2, 1, 1]] two columns are equal.
#
# <details><summary>Solution</summary>
#
# Yes. Two equal columns can be merged to one whose squared weights are the sums. That
# gives A = [[1, 1], [1, -1]] with squared weights [[1, 8], [4, 2]], whose curve has two
# valleys, 2.816992 and 4.647269.
#
# </details>
#
# **4.** Equal columns or proportional columns of weights share a denominator. Let there
# be r different denominators. Show that slope(y) has degree at most 4r - 2. How many
# valleys can a problem with two rows and a thousand columns have, if its weight columns
# come in two kinds?
#
# <details><summary>Solution</summary>
#
# $f = c - \sum_{h \le r} N_h/D_h$ with quadratic $N_h$, $D_h$. The derivative of
# $N_h/D_h$ is $(N_h' D_h - N_h D_h')/D_h^2$; the terms of degree 3 of the numerator
# cancel, leaving degree 2. Over the common denominator $\prod D_h^2$ each numerator has
# degree at most $2 + 4(r - 1) = 4r - 2$. Valleys and hills alternate around the circle
# of directions, so that at most half of the critical points are valleys: with r = 2 at
# most three, whatever the number of columns.
#
# </details>

# %% tags=["hide-input"]
# The solutions, checked.
equal = ew.solve(ew.Problem(A.tolist(), rank=1))
assert equal.lower <= 3 <= equal.upper
rescaled = ew.Problem(
    [[1, 10, 1], [2, 0, -2]], weights=[["1", "1/10", "2"], ["2", "1/5", "1"]], rank=1
)
assert ew.solve(rescaled).algebraic.minimal_polynomial == optimum.minimal_polynomial
wide = ew.Problem([[1, 1, 1], [1, -1, -1]], weights=[[1, 2, 2], [2, 1, 1]], rank=1)
narrow = ew.Problem([[1, 1], [1, -1]], squared_weights=[[1, 8], [4, 2]], rank=1)
small, smaller = ew.solve(wide).algebraic, ew.solve(narrow).algebraic
assert small.minimal_polynomial == smaller.minimal_polynomial
assert smaller.decimal.startswith("2.816992")
assert smaller.n_real_critical_points == 4
