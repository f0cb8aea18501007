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
# # Patterns: from 2201 rows to a handful
#
# On the Titanic there were 2201 people. For each of them four things are known: class
# (first, second, third, or crew), sex, adult or child, and whether they survived. We
# want a fit of low rank: two numbers for each person and two for each column, so that
# their products come close to the table.
#
# That is a problem with more than four thousand unknowns, and we do not want a good
# answer. We want the best one, with a proof. This sounds hopeless. It takes seconds.
# This notebook shows why.

# %%
import numpy as np

import exact_wlra as ew
from exact_wlra import datasets, plotting

table = np.loadtxt(datasets.path("titanic")[0], delimiter=",", dtype=int)
group, sex, age, survived = table.T

# %% [markdown]
# ## Data and weights
#
# Class is a label, not a quantity, so it becomes four columns of zeros and ones.
#
# The weights say what we trust, and here they are part of an exercise of ours.
#
# * The 711 survivors could be asked later. We let their rows count twice: W = 2.
# * "Child or adult?" is no question about the crew; they were at work. For the 885 of
#   them that column gets weight 0: it may be filled in as one likes.

# %%
columns = ["first", "second", "third", "crew", "female", "child", "survived"]
A = np.column_stack([*(group == c for c in (1, 2, 3, 4)), sex, 1 - age, survived])
A = A.astype(int)
W = np.where(survived == 1, 2, 1)[:, None] * np.ones(7, dtype=int)
W[group == 4, 5] = 0

problem = ew.Problem(A, weights=W, rank=2)
print(problem)
n, d = A.shape
print(f"unknowns: 2 x {n} + 2 x {d} = {2 * (n + d)}")
assert (n, d) == (2201, 7)
assert survived.sum() == 711
assert (group == 4).sum() == 885

# %% [markdown]
# ## First idea: equal rows
#
# There are few ways to be a person in this table. Many rows are equal, in data *and*
# weights. (Data without weight do not matter, so they are ignored.)
#
# Let rows 1 and 2 be equal, and let X be any matrix of low rank. One of the rows
# $X_1, X_2$ fits better; use it for both. The cost does not go up, and neither does the
# rank: we only dropped a row and repeated another. So **nothing is lost if equal rows
# get equal fits**. A class of m equal rows then counts like one row whose squared
# weights are m times as large.

# %%
from reductions.patterns import merge_types

merged = merge_types(problem.instance, axis=0)
print(f"{problem.instance.shape} -> {merged.instance.shape}")

sizes = np.bincount(merged.labels)
largest = int(sizes.argmax())
example = A[merged.labels == largest][0].tolist()
named = [name for name, value in zip(columns, example, strict=True) if value]
print(
    "the largest class has",
    sizes.max(),
    "people; of seven columns it has a 1 in",
    named,
)

distinct = np.unique(np.column_stack([np.where(W > 0, A, 0), W]), axis=0)
assert merged.instance.shape == (len(distinct), d) == (24, 7)
assert named == ["crew"]  # grown men of the crew who were lost
assert sizes.sum() == n

# %% [markdown]
# ## Second idea: proportional weights
#
# Now look at rows whose *weights* are equal, or multiples of one another, while their
# data may be anything. All passengers are of this kind: their squared weights are
# (1, 1, ..., 1) times 1 or 4. Call the multiple $s_i$, and the common squared weights
# $\omega$.
#
# Suppose the row space of X is fixed (the span of the rows of V). Each row $a_i$ is then
# fitted by itself, by least squares with weights $s_i \omega$: it is projected to the
# row space, and its cost is $s_i$ times a squared distance, which is a quadratic form in
# $a_i$, the same one, Q, for all rows of the class:
#
# $$\sum_i s_i\, a_i Q a_i^T = \operatorname{trace}(Q\,G),
# \qquad G = \sum_i s_i\, a_i^T a_i .$$
#
# So the class enters the cost *only through its Gram matrix* G, which is 7 x 7, however
# many rows there are. Any other rows with the same G will do as well. Elimination
# (the factorization $G = L D L^T$, without square roots) finds such rows, no more of
# them than the rank of G, and exactly, in rational numbers.

# %%
from reductions.proportional_rows import merge_proportional

gram = merge_proportional(merged.instance, axis=0)
print(f"{merged.instance.shape} -> {gram.instance.shape}")
for weights, row in zip(
    gram.instance.squared_weights.fractions(),
    gram.instance.data.fractions(),
    strict=True,
):
    print(f"{float(max(weights)):8.1f} x", "".join(f"{float(x):8.3f}" for x in row))

assert gram.instance.shape == (9, 7)

# %% [markdown]
# Nine rows: six for the passengers, three for the crew. One can even read them. The
# first is the *average* passenger of first class (survivors counted four times): 61 %
# female, 3 % children, 87 % survivors. The average member of the crew is the seventh row.
# The other rows, three for the passengers and two for the crew, hold the variation around
# the averages.
#
# Is nothing lost? Take a row space at random, fit all 2201 rows to it, fit the 9 rows
# to it, and compare the costs.


# %%
def cost_of_row_space(V, data, squared_weights):
    """Fit every row by weighted least squares on V, and return the total cost."""
    total = 0.0
    for a, w in zip(data, squared_weights, strict=True):
        root = np.sqrt(w)
        u = np.linalg.lstsq((V * root).T, a * root, rcond=None)[0]
        total += (w * (a - u @ V) ** 2).sum()
    return total


small = gram.instance.data.to_float(), gram.instance.squared_weights.to_float()
random = np.random.default_rng(0)
for _ in range(3):
    V = random.standard_normal((2, 7))
    many, few = cost_of_row_space(V, A, W**2), cost_of_row_space(V, *small)
    print(f"2201 rows: {many:.9f}   9 rows: {few:.9f}")
    assert abs(many - few) < 1e-8 * many

# %% [markdown]
# The costs agree for *every* row space. That is more than "the optimum is the same":
# the two problems have the same landscape.
#
# One call draws data and weights before and after. The strips at the sides show which
# rows, and which columns, have proportional weights.

# %%
plotting.patterns(problem)

# %% [markdown]
# ## Solve the small one, answer the big one
#
# `solve` does these reductions by itself and folds them until nothing shrinks any more.
# `plan` says beforehand what it would do.

# %%
print("\n".join(str(ew.plan(problem)).splitlines()[:7]))

# %%
solution = ew.solve(problem)
print(solution)

assert solution.is_proved
assert solution.gap < 1e-6
assert solution.U.shape == (2201, 2)
assert solution.V.shape == (2, 7)

# %% [markdown]
# The answer is about all 2201 people. On the way back ("lifting") the rows of a class
# are fitted on the V that was found, and equal rows get equal fits. We check the cost
# against the definition, with all 2201 rows and in exact arithmetic; and the checker
# judges the certificate against the original table.

# %%
assert solution.upper == problem.cost(solution.U, solution.V)
assert ew.check(problem, solution.certificate) >= solution.lower
assert len({tuple(row) for row in solution.U.fractions()}) == 24

U, V = solution.U.to_float(), solution.V.to_float()
X = U @ V
print("what is fitted in the column 'survived', for some kinds of people:")
for text in ("first female", "third female", "first", "third", "crew"):
    person = [int(name in text.split()) for name in columns]
    for outcome in (0, 1):
        rows = np.flatnonzero((A[:, :6] == person[:6]).all(1) & (survived == outcome))
        kind = f"{text}, {'survived' if outcome else 'lost'}"
        print(f"  {kind:24}{len(rows):5} people   fit {X[rows[0], 6]:6.3f}")
        assert np.allclose(X[rows], X[rows[0]])

# %% [markdown]
# (The row of each person includes the outcome, so this is a summary of the table and no
# prediction; and nothing keeps a fit between 0 and 1. The two dimensions do tell women
# from men, and those who were lost from those who were not.)
#
# ## Noise does no harm to the second idea
#
# Equal rows are fragile. Add a little noise and no two rows are equal. But the second
# idea never asked for equal data: *few kinds of weights* are enough.

# %%
noise = np.random.default_rng(1).integers(-5, 6, A.shape)
noisy = ew.Problem(
    [[f"{x}/1000" for x in row] for row in (1000 * A + noise).tolist()],
    weights=W,
    rank=2,
)
n_distinct = len(np.unique(1000 * A + noise, axis=0))
leaf = merge_proportional(noisy.instance, axis=0).instance
print(f"{n_distinct} distinct rows, and yet {noisy.instance.shape} -> {leaf.shape}")

assert n_distinct > 2190
assert leaf.shape == (7 + 6, 7)

# %% [markdown]
# Seven rows for the passengers and six for the crew (their Gram matrix lives on the six
# columns with weight). With r kinds of weights and d columns no more than rd rows can
# be left, whatever the data are. In the other direction: if *every* row has weights of
# its own, nothing merges, and a problem with thousands of rows stays one.
#
# ## Third idea: components
#
# Two shops have no product and no customer in common. Their numbers stand in one table;
# the rest of it has weight 0.

# %%
shops = [
    [4, None, 1, None, 2],
    [None, 3, None, 1, None],
    [1, None, 5, None, 3],
    [None, -1, None, 2, None],
    [2, None, -2, None, 1],
    [None, 2, None, 6, None],
]
together = ew.Problem(shops, rank=1)
plotting.support_graph(together)

# %% [markdown]
# In the picture rows and columns are joined where there is weight. It falls into two
# *connected components*. Since $X = UV$ and the components share no row of U and no
# column of V, each can be fitted alone. The optima add up. And each component may use
# the *full* rank k: the parts of different components stand in different rows and
# columns, but in the same k columns of U.

# %%
first = ew.Problem([row[0::2] for row in shops[0::2]], rank=1)
second = ew.Problem([row[1::2] for row in shops[1::2]], rank=1)
whole, parts = ew.solve(together), [ew.solve(part) for part in (first, second)]
lower, upper = sum(s.lower for s in parts), sum(s.upper for s in parts)
print(f"together   {float(whole.lower):.7f} to {float(whole.upper):.7f}")
print(f"one by one {float(lower):.7f} to {float(upper):.7f}")

assert whole.U.shape == (6, 1)
assert max(lower, whole.lower) <= min(upper, whole.upper)
assert float(upper - lower) < 1e-4

# %% [markdown]
# ## A million rows
#
# If a table is given by types from the start, it need never be written out. Here are a
# million customers of six types and a thousand products of five types, 10^9 entries.
# The labels say who is of which type; the cores hold data and weights of the types.

# %%
random = np.random.default_rng(0)
row_labels = random.integers(0, 6, 1_000_000)
column_labels = random.integers(0, 5, 1_000)
huge = ew.Problem.patterned(
    row_labels=row_labels,
    column_labels=column_labels,
    data_core=random.integers(-3, 4, (6, 5)),
    weight_core=[[1, 1, 1, 1, 1]] * 3 + [[1, 1, 1, 2, 2]] * 3,
    rank=2,
)
solution = ew.solve(huge)
print(huge)
print(solution)

assert solution.is_proved
assert ew.check(huge, solution.certificate) >= solution.lower
i, j = 123_456, 789
fit = solution.U.to_float()[row_labels[i]] @ solution.V.to_float()[:, column_labels[j]]
print(f"the fit of entry ({i}, {j}) is {fit:.4f}")

# %% [markdown]
# ## What have we learned?
#
# The number of rows is not what makes a problem hard. The number of columns, and of
# *kinds of weights*, is: the cost as a function of V is a sum of r terms, one for each kind. This is the
# idea of "few patterns" behind the theory; notebook 06 goes on from here.
#
# ## Exercises
#
# **1.** Three rows have the squared weights (1, 2), (2, 4) and (3, 6), and any data. To
# how many rows can they be merged?
#
# <details><summary>Solution</summary>
#
# To two at most: the weights are proportional, and the Gram matrix is 2 x 2.
#
# </details>
#
# **2.** All weights are equal. Show that a table of n rows and d columns can be replaced
# by d rows. What is the optimum then?
#
# <details><summary>Solution</summary>
#
# One class, with $G = A^T A$. Only the eigenvalues of G matter: the optimum is the sum of
# its d - k smallest ones. They are the squares of the singular values of A; this is the
# theorem of Eckart and Young.
#
# </details>
#
# **3.** Rows 1 and 2 have the data (1, 5) and (1, 7), and both have the weights (1, 0).
# May they be merged?
#
# <details><summary>Solution</summary>
#
# Yes. The 5 and the 7 have weight 0, so no cost depends on them. (The library sets such
# entries to 0 first.)
#
# </details>
#
# **4.** Two components of sizes 3 x 3 and 3 x 2 are fitted with rank 1. A friend says:
# "One of them uses up the rank, so the other gets a fit of rank 0." What is wrong?
#
# <details><summary>Solution</summary>
#
# u has entries for the rows of both, v for the columns of both. The products outside the
# two blocks are not zero, but they have weight 0 and cost nothing. With weights there,
# asking for zeros, the friend would be right.
#
# </details>

# %% tags=["hide-input"]
# The solutions, checked.
three = ew.Problem(
    [[3, 1], [4, 1], [5, 9]], squared_weights=[[1, 2], [2, 4], [3, 6]], rank=1
)
assert merge_proportional(three.instance, axis=0).instance.shape == (2, 2)

plain = ew.solve(ew.Problem(A, rank=2))
tail = np.sort(np.linalg.eigvalsh(A.T @ A))[:-2].sum()
assert float(plain.lower) - 1e-6 < tail < float(plain.upper) + 1e-6

ignored = ew.Problem([[1, 5], [1, 7]], weights=[[1, 0], [1, 0]], rank=1)
assert merge_types(ignored.instance, axis=0).instance.shape[0] == 1

zeros = [[x or 0 for x in row] for row in shops]
assert ew.solve(ew.Problem(zeros, rank=1)).lower > upper
