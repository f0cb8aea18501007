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
# # When the minimum does not exist
#
# Three of four numbers are known:
#
# $$A = \begin{pmatrix} 0 & 1 \\ 1 & ? \end{pmatrix}.$$
#
# Which matrix of rank one, $X_{ij} = u_i v_j$, fits the three best? The missing entry
# has weight 0, the others have weight 1. What could be simpler? There are four unknowns
# for three equations. Let us run alternating least squares (find v from u, then u from
# v, and so on; see notebook 01) and watch.

# %%
import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra import plotting

A = np.array([[0.0, 1.0], [1.0, 0.0]])
known = np.array([[1, 1], [1, 0]])

u, v = np.array([1.0, 2.0]), np.zeros(2)
print("    steps       cost   filled in for the ?")
history = {}
for step in range(1, 100_001):
    v = u @ (known * A) / (u**2 @ known)
    u = (known * A) @ v / (known @ v**2)
    if step in {1, 10, 100, 1000, 10_000, 100_000}:
        X = np.outer(u, v)
        history[step] = ((known * (A - X) ** 2).sum(), X[1, 1])
        print(f"{step:9} {history[step][0]:10.7f} {history[step][1]:12.1f}")

falling = [cost for cost, _ in history.values()]
rising = [filled for _, filled in history.values()]
assert falling == sorted(falling, reverse=True)
assert falling[-1] < 1e-5
assert rising == sorted(rising)
assert rising[-1] > 400

# %% [markdown]
# The run never stands still. The cost creeps towards 0, and the missing entry grows
# without end. Is this a slow method, or is something wrong with the question?
#
# ## The question is wrong
#
# *There are fits as good as we like.* Take $u = (\varepsilon, 1)$ and
# $v = (1, 1/\varepsilon)$:
#
# $$X = \begin{pmatrix} \varepsilon & 1 \\ 1 & 1/\varepsilon \end{pmatrix},
# \qquad \text{cost } \varepsilon^2 .$$
#
# *There is no perfect fit.* A perfect fit has $X_{11} = 0$ and
# $X_{12} = X_{21} = 1$. Rank one means $X_{11} X_{22} = X_{12} X_{21}$. That says
# $0 \cdot X_{22} = 1$, whatever $X_{22}$ is.
#
# So the costs have a greatest lower bound, 0, but no cost equals it. The greatest lower
# bound is called the *infimum*; it always exists. It is called the *minimum* if some X
# attains it. Here the minimum does not exist. The library says so:

# %%
hole = ew.Problem([[0, 1], [1, None]], rank=1)
solution = ew.solve(hole)
print(solution)

assert solution.claim == "infimum"
assert solution.attained is False
assert solution.lower == 0 < solution.upper < 1e-12
assert ew.check(hole, solution.certificate) == 0

# %% [markdown]
# Three things are told apart here, and you should look at each of them:
#
# * `claim`: the infimum is known, it is `lower`, which is 0;
# * `attained`: it is *proved* that no X costs 0;
# * `upper`: the exact cost of the factors that were returned, as small as was asked.
#
# The price of a small cost is a large entry. Any X of rank one that costs at most
# $\varepsilon^2$ with $\varepsilon < 1$ has $|X_{11}| \le \varepsilon$ and
# $X_{12} X_{21} \ge (1 - \varepsilon)^2$, hence
# $|X_{22}| \ge (1 - \varepsilon)^2/\varepsilon$. The factors that `solve` returned
# obey this, too:

# %%
U, V = solution.U, solution.V
filled = abs(float(U[1, 0] * V[0, 1]))
epsilon = float(solution.upper) ** 0.5
print(f"cost {float(solution.upper):.1e}, missing entry {filled:.1e}")
assert filled >= (1 - epsilon) ** 2 / epsilon > 1e6

# %% [markdown]
# ## What the landscape looks like
#
# For given $v$, or rather its direction, the best u is known, and the cost becomes a
# function of one angle (notebook 01 does this by hand). With $v = (1, y)$ it is
# $1/(1 + y^2)$. It goes to 0 as $y \to \infty$, that is, as v turns towards
# $(0, 1)$. But at $v = (0, 1)$ itself the known 1 in the lower left corner cannot be
# met at all, and the cost *jumps* to 1. The bottom of the valley is missing.

# %%
plotting.landscape(hole)

# %% [markdown]
# With positive weights this cannot happen. Then a large entry anywhere is expensive. So
# the good fits lie in a bounded part of the set of matrices of rank at most one, this
# set is closed, and a continuous function has a minimum there. Only a zero in W lets
# entries run away for free.
#
# ## Almost zero is not zero
#
# A popular remedy: give the hole a tiny weight and any value, say weight
# $\delta$ and value 0. Now all weights are positive, and the minimum exists. With
# $u = (1, y)$ and $s = y^2$ the cost is
#
# $$\frac{1}{1 + s} + \frac{\delta s}{1 + \delta s} .$$
#
# Its derivative is zero where $1 + \delta s = \sqrt\delta\,(1 + s)$, that is, at
# $s = 1/\sqrt\delta$. Put this in:
#
# $$\mathrm{OPT}(\delta) = \frac{2 \sqrt\delta}{1 + \sqrt\delta}
# \qquad (0 \le \delta \le 1).$$
#
# The solver knows nothing of this formula. For $\delta = 1/4$ and $\delta = 1/100$ it
# must find 2/3 and 2/11, and for $\delta = 1/3$ the number $\sqrt 3 - 1$, a root of
# $t^2 + 2t - 2$. It does, exactly.

# %%
EXPECTED = {"1/4": (-2, 3), "1/100": (-2, 11), "1/3": (-2, 2, 1)}
for delta, polynomial in EXPECTED.items():
    filled = ew.Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, delta]], rank=1)
    solution = ew.solve(filled)
    exact = solution.algebraic
    print(f"delta = {delta:6} OPT = {exact.decimal[:22]}, coefficients {polynomial}")
    assert exact.minimal_polynomial == polynomial  # from low to high
    assert solution.claim == "minimum"
    assert exact.n_minimizers == 2

# %%
deltas = np.linspace(0, 1, 401)[1:] ** 5
optima = 2 * deltas**0.5 / (1 + deltas**0.5)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), dpi=90)
left.plot(deltas, optima, color="#0072B2")
left.set(title="Linear scales", xlabel="weight δ of the hole", ylabel="OPT(δ)")
right.loglog(deltas, optima, color="#0072B2", label="OPT(δ)")
right.loglog(deltas, deltas, "--", color="#D55E00", label="δ, for comparison")
right.set(title="Logarithmic scales", xlabel="weight δ of the hole")
right.legend()
figure.tight_layout()
plt.show()

assert 0.0019 < 2 * 1e-3 / (1 + 1e-3) < 0.002  # OPT for the weight one millionth

# %% [markdown]
# The curve reaches 0, so the optimum depends *continuously* on the weights (this is a
# theorem, for all weights $\ge 0$). But it leaves 0 with a vertical tangent. A weight of
# one millionth moves the optimum by two thousandths. "Tiny" weights are not harmless.
#
# ## Which holes can be filled?
#
# Now for larger matrices. When is a row no trouble at all? Suppose that a row has only
# one known entry, and the rank is one. Whatever v is, unless its entry there is zero,
# the row's own $u_i$ can be chosen to meet the known entry exactly. So the row costs
# nothing (in the limit, if $v_j = 0$), and we may delete it. The same holds for columns.
# For rank k it holds with "at most k known entries".
#
# After a deletion other rows and columns have fewer known entries. So we go on: this is
# called *peeling*. What remains at the end is the $(k+1)$-*core*: every row and column
# of it has at least $k + 1$ known entries. We draw rows and columns as dots, and each
# known entry as a line between its row and its column.

# %%
gaps = ew.Problem(
    [
        [2, -3, -2, None, None],
        [2, 3, 1, None, None],
        [None, 1, -2, 4, None],
        [None, None, None, -3, 5],
        [None, None, None, None, -1],
        [7, None, None, None, None],
    ],
    rank=1,
)
plotting.support_graph(gaps)

# %% [markdown]
# Row 6 hangs on one line, and so does row 5. Cut them off. Then column 5 hangs on one
# line, then row 4, then column 4. Rows 1 to 3 and columns 1 to 3 are left.

# %%
from reductions.cores import peeling

peeled = peeling(gaps.instance.support(), rank=1)
for axis, indices in peeled.rounds:
    print("peel off", ("row", "column")[axis], [int(i) + 1 for i in indices])
print("left:", (peeled.rows + 1).tolist(), "x", (peeled.columns + 1).tolist())

core = ew.Problem([[2, -3, -2], [2, 3, 1], [None, 1, -2]], rank=1)
whole, part = ew.solve(gaps), ew.solve(core)
print(f"all  6 x 5: {float(whole.lower):.6f} to {float(whole.upper):.6f}")
print(f"core 3 x 3: {float(part.lower):.6f} to {float(part.upper):.6f}")

assert peeled.rows.tolist() == peeled.columns.tolist() == [0, 1, 2]
assert max(whole.lower, part.lower) <= min(whole.upper, part.upper)
assert whole.gap < 2e-6
assert part.gap < 2e-6
assert ew.check(gaps, whole.certificate) >= whole.lower

# %% [markdown]
# Both brackets agree: **the infimum depends on the core alone.** Attainment may be lost
# when rows are put back ("in the limit", above), so the library is careful with the
# word: it says that an infimum is attained only when it is proved.
#
# If nothing is left, the infimum is 0. At rank one this means that the graph has no
# cycle.
#
# ## Rank-one completion
#
# When is there a fit of cost exactly 0 at rank one? If the known entries are not zero,
# the graph answers. Let it be in one piece, and choose $u_1 = 1$. Every line from a known dot gives the number at
# its other end: $v_j = A_{ij}/u_i$ or $u_i = A_{ij}/v_j$. Walk over all lines. A line
# that leads to a dot already visited closes a cycle, and *it is a condition*. On the
# cycle of six lines
#
# $$\begin{pmatrix} 1 & 2 & ? \\ ? & 3 & 4 \\ x & ? & 2 \end{pmatrix}$$
#
# the condition is $1 \cdot 3 \cdot 2 = 2 \cdot 4 \cdot x$, so $x = 3/4$.


# %%
def cycle(x):
    """Return the problem of the cycle of six entries."""
    return ew.Problem([[1, 2, None], [None, 3, 4], [x, None, 2]], rank=1)


for x in ("3/4", "1", "0"):
    solution = ew.solve(cycle(x))
    print(f"x = {x}: {float(solution.lower):.6f} <= OPT <= {float(solution.upper):.6f}")
    assert (solution.upper == 0) == (x == "3/4")
    assert (solution.lower > 0) == (x != "3/4")

perfect = ew.solve(cycle("3/4"))
assert perfect.claim == "minimum"
assert perfect.attained is True

plotting.support_graph(cycle("3/4"))

# %% [markdown]
# So the same mask of known entries can have a perfect fit, or none even in the limit.
# For our first matrix the graph is a path of three lines, without a cycle, but one
# known entry is 0. There the walk breaks down: it divides by zero. A hole alone does no
# harm, nor does a zero alone; here it is **a hole together with a zero**.
#
# ## What to do with your own data
#
# * Look at `solution.attained`. `False` means that the best fit does not exist; `None`
#   that it is not known whether it does.
# * Compare the size of the factors with the size of the data.
# * If entries run away, the data do not determine them. Ask for less: a smaller rank,
#   fewer rows, or a penalty on the size of the factors (exercise 4).
#
# ## Exercises
#
# **1.** For which numbers a, b, c is the infimum of
# $\begin{pmatrix} a & b \\ c & ? \end{pmatrix}$ at rank one attained?
#
# <details><summary>Solution</summary>
#
# The infimum is 0 in any case: the graph has no cycle. A fit of cost 0 needs
# $a X_{22} = bc$. It exists if $a \ne 0$, or if $bc = 0$. So the infimum is not attained
# exactly if $a = 0$ and $b, c$ are both different from 0.
#
# </details>
#
# **2.** Let the hole be weighted with $\delta > 1$ and the value 0. What is
# $\mathrm{OPT}(\delta)$? Why does the formula of above not go on?
#
# <details><summary>Solution</summary>
#
# It is 1. For $\delta > 1$ the critical point $s = 1/\sqrt\delta$ is a maximum: the
# derivative changes its sign there from plus to minus. The least values are now at the
# ends, $s = 0$ and $s = \infty$, and both are 1. At $\delta = 1$ all weights are equal,
# the curve is constant, and the roles change.
#
# </details>
#
# **3.** A 3 x 3 matrix has its only hole in the lower right corner. Show that the
# infimum at rank two is 0. Take the leading block $[[1, 2], [2, 4]]$, the last column
# $(3, 1, ?)$ and the last row $(5, 1, ?)$. Is the infimum attained?
#
# <details><summary>Solution</summary>
#
# Row 3 has two known entries, so it is peeled off at rank two; the rest has two rows
# and costs 0. A fit of cost 0 would need det X = 0. Expand the determinant along the
# hole: $\det X = X_{33} \cdot 0 + c$, because the leading block is singular. Here c is
# $3 \cdot (2 \cdot 1 - 4 \cdot 5) - 1 \cdot (1 \cdot 1 - 2 \cdot 5) = -54 + 9 = -45$.
# It is not 0, so there is no such X: the infimum is not attained.
#
# </details>
#
# **4.** Add a penalty $\lambda (|u|^2 + |v|^2)$ with $\lambda > 0$ to the cost. Show
# that the minimum exists now, for all weights $\ge 0$. What happens to it for
# $\lambda \to 0$?
#
# <details><summary>Solution</summary>
#
# Pairs (u, v) with $\lambda(|u|^2 + |v|^2)$ above $f(0, 0)$ cost more than (0, 0). The
# others form a closed bounded set, on which the continuous cost has its minimum. As
# $\lambda$ falls, the minimum falls to the infimum of f: any fixed pair costs
# $f(u, v) + \lambda(\ldots)$, which tends to $f(u, v)$.
#
# </details>

# %% tags=["hide-input"]
# The solutions, checked.
for (a, b, c), is_attained in {
    (2, 1, 1): True,
    (0, 0, 1): True,
    (0, 0, 0): True,
    (0, 2, 5): False,
}.items():
    corner = ew.solve(ew.Problem([[a, b], [c, None]], rank=1))
    assert corner.lower == 0
    assert corner.attained is is_attained

heavy = ew.Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 2]], rank=1)
assert ew.solve(heavy).lower == ew.solve(heavy).upper == 1

singular = ew.Problem([[1, 2, 3], [2, 4, 1], [5, 1, None]], rank=2)
assert ew.solve(singular).lower == 0 < ew.solve(singular).upper
X33 = np.array([-1e6, 0.0, 1e6])
matrices = [np.array([[1, 2, 3], [2, 4, 1], [5, 1, x]]) for x in X33]
assert np.allclose(np.linalg.det(matrices), -45)
