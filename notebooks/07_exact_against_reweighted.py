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
# # Exact against reweighted
#
# We want a matrix X of rank at most k that is close to the data A, where each entry has
# its own weight:
#
# $$f(X) = \sum_{ij} W_{ij}^2\,(A_{ij} - X_{ij})^2, \qquad
#   \mathrm{OPT}_k = \inf_{\operatorname{rank} X \le k} f(X).$$
#
# In general this is hard. Woodruff and Yasuda (*Reweighted Solutions for Weighted Low
# Rank Approximation*, ICML 2024) propose an answer that takes one singular value
# decomposition and costs *at most* $\mathrm{OPT}_k$. At most the optimum? Either they
# found something remarkable, or there is a catch. It is both, and this notebook shows
# how to tell what is what: by putting every answer beside the *proved* optimum.
#
# Notation: $\circ$ multiplies matrices entry by entry, $W^{\circ -1}$ has the entries
# $1/W_{ij}$, and $M_q$ is the best approximation of $M$ of rank $q$, which the singular
# value decomposition (SVD) gives. What $M_q$ misses is the *tail*
# $\|M - M_q\|_F^2 = \sigma_{q+1}^2 + \sigma_{q+2}^2 + \dots$, where
# $\sigma_1 \ge \sigma_2 \ge \dots$ are the singular values of M.

# %%
import warnings
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra import plotting
from exact_wlra.errors import UnsuitableWeightsError
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

# Below this a cost is zero up to rounding errors.
ROUNDING = 1e-9

# %% [markdown]
# ## A cost that is too good
#
# Algorithm 1 of the paper, `reweighted` from here on, is two lines. With r the rank of W:
#
# 1. B is the best approximation of rank rk of $W \circ A$;
# 2. X is B divided by W, entry by entry.
#
# Here it is on sixteen integers that mislead most methods.

# %%
hero = ew.read("dataset:four-basins-4x4", rank=1)
A, W = hero.data.to_float(), hero.root_weights.to_float()
r, k = np.linalg.matrix_rank(W), hero.rank


def best_of_rank(matrix, rank):
    """Return the best approximation of this rank, by the SVD."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    return (left[:, :rank] * values[:rank]) @ right[:rank]


X = best_of_rank(W * A, r * k) / W
cost = np.sum(W**2 * (A - X) ** 2)
solution = ew.solve(hero)
print(f"reweighted costs {cost:.1e}")
print(f"every matrix of rank one costs at least {float(solution.lower):.4f}, proved")

assert cost < ROUNDING < float(solution.lower)
assert solution.is_proved

# %% [markdown]
# No contradiction: X does not have rank one.

# %%
print("rank of W:", r, "  rank of X:", np.linalg.matrix_rank(X))
assert r == np.linalg.matrix_rank(X) == 4
assert np.allclose(X, A)

# %% [markdown]
# W has rank 4, so that rk = 4, and a "best approximation of rank 4" of a 4 × 4 matrix is
# the matrix itself. The answer is $X = A$. It costs nothing, and it is useless: we
# wanted something smaller than A.
#
# **A cost by itself says nothing.** Three numbers belong together:
#
# | | what it is | the optimum of rank k | `reweighted` |
# | --- | --- | --- | --- |
# | cost | $f(X)$ | $\mathrm{OPT}_k$ | at most $\mathrm{OPT}_k$ |
# | rank | of X | k | anything, up to min(n, d) |
# | numbers | that must be stored to rebuild X | (n + d) k | (n + d) rk for B, (n + d) r for W |
#
# `ew.compare` runs a method and keeps the three together. On 4 × 4 the answer of
# `reweighted` needs 64 numbers; A itself has 16.

# %%
[line] = ew.compare(hero, methods=["reweighted"]).summary(1)
print(
    f"cost {line.best_cost:.0e}, rank {line.best.rank_bound},",
    f"numbers {line.best.n_numbers}",
)

assert (line.best.rank_bound, line.best.n_numbers) == (4, 64)
assert not line.is_feasible  # it is no rival at rank one
assert line.n_successes == 0  # and never counted as one

# %% [markdown]
# ## Why it works: Theorem 1.2
#
# Now an instance for which the method is made. Twenty-four people answer sixteen
# questions. The first half are experts on the first eight questions, the second half on
# the others; an expert's answer weighs three times as much. So W has few patterns, and
# rank 2.

# %%
generator = np.random.default_rng(7)
n, d = 24, 16
W = np.ones((n, d), dtype=int)
W[:12, :8] = W[12:, 8:] = 3
A = generator.integers(-4, 5, (n, 2)) @ generator.integers(-4, 5, (2, d))
A += generator.integers(-6, 7, (n, d))
r = np.linalg.matrix_rank(W)
assert r == 2

survey = ew.Problem(A.tolist(), weights=W.tolist(), rank=1)
solution = ew.solve(survey)
print(solution)
assert solution.is_proved

# %% [markdown]
# Take the best X of rank one, and look at $W \circ X$.

# %%
X = solution.U.to_float() @ solution.V.to_float()
print(
    "rank of X:",
    np.linalg.matrix_rank(X),
    "  rank of W o X:",
    np.linalg.matrix_rank(W * X),
)
assert np.linalg.matrix_rank(X) == 1
assert np.linalg.matrix_rank(W * X) == 2

# %% [markdown]
# This is Lemma 2.1: *if W has rank r and X has rank k, then $W \circ X$ has rank at most
# rk*. The proof fits on one line: write W and X as sums of r and of k matrices $p q^T$;
# the entrywise product of two such matrices is again one,
# $(p q^T) \circ (x y^T) = (p \circ x)(q \circ y)^T$, and there are rk products.
#
# And $f(X) = \|W \circ A - W \circ X\|_F^2$. So every X of rank k is, seen through W, one of
# the many matrices of rank rk that the SVD of $W \circ A$ beats:
#
# $$\|(W \circ A) - (W \circ A)_{rk}\|_F^2 \;\le\; \mathrm{OPT}_k .$$
#
# The left side is what `reweighted` costs (for W > 0). That is Theorem 1.2. It is a true
# lower bound for OPT, from one SVD. Let us see it at two ranks.

# %%
values = np.linalg.svd(W * A, compute_uv=False)
for k in (1, 2):
    bracket = ew.solve(survey.with_rank(k))
    tail = np.sum(values[r * k :] ** 2)
    X = best_of_rank(W * A, r * k) / W
    cost = np.sum(W**2 * (A - X) ** 2)
    print(
        f"k = {k}: reweighted {cost:8.0f} <= OPT {float(bracket.lower):8.0f}"
        f"   but rank {np.linalg.matrix_rank(X)}"
    )
    assert abs(cost - tail) < ROUNDING * tail
    assert tail < float(bracket.lower)
    assert np.linalg.matrix_rank(X) == 2 * r * k

# %% [markdown]
# Dividing by W raises the rank again: here to 4 and to 8.
#
# ## At equal rank, at equal numbers
#
# "Cheaper than the optimum" is not a fair comparison. There are two fair ones:
#
# * at **equal rank**: cut the answer down to rank k (the method `reweighted-truncated`);
# * at **equal numbers**: the answer of `reweighted` stores (n + d)(rk + r) numbers. With so
#   many one can store a matrix of rank rk + r. So compare with $\mathrm{OPT}_{rk + r}$.
#
# We do this on weights from practice. A network with one hidden layer of 32 units learns
# to read the handwritten digits of scikit-learn. Its first layer is the matrix A, one row
# for a pixel, one column for a unit. The importance of an entry is the mean square of the
# derivative of the loss by it (the *Fisher information*): entries that hardly matter may
# be stored badly.

# %%
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

images, digits = load_digits(return_X_y=True)
images = images / 16
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # thirty rounds suffice; scikit-learn would go on
    network = MLPClassifier((32,), max_iter=30, random_state=0).fit(images, digits)

layer = network.coefs_[0]
hidden = np.maximum(images @ layer + network.intercepts_[0], 0)
slope = network.predict_proba(images)  # of the loss, by the scores of the ten digits
slope[np.arange(len(digits)), digits] -= 1
slope = (slope @ network.coefs_[1].T) * (hidden > 0)  # by what enters the hidden units
fisher = (images**2).T @ slope**2 / len(digits)

alive = fisher.any(axis=1)  # some pixels are black in every image
layer, fisher = layer[alive], fisher[alive] / fisher.max()
share = np.linalg.svd(fisher, compute_uv=False) ** 2
print(f"{network.score(images, digits):.0%} of the digits are read correctly")
print(f"{layer.shape[0]} pixels, {layer.shape[1]} units")
print(
    f"the first singular value holds {share[0] / share.sum():.0%} of the weights' square sum"
)

assert share[0] / share.sum() > 0.9

# %% [markdown]
# The weights are nearly of rank one: important pixels times important units. The paper
# sees the same in its networks (95 % and more), and the practical success of its methods
# rests on it.
#
# We use the importance as W, like the paper, averaged over two groups of pixels and two
# groups of units. So W has rank 2 (exactly), few patterns, and all optima can be proved.

# %%
groups = (0, 1)  # the smaller half, the larger half


def exact(matrix, digits):
    """Return the entries as fractions with so many decimals."""
    return [
        [Fraction(round(x * 10**digits), 10**digits) for x in row] for row in matrix
    ]


def halves(sizes):
    """Return the group of each entry."""
    return (np.argsort(np.argsort(sizes)) >= len(sizes) / 2).astype(int)


pixels, units = halves(fisher.sum(axis=1)), halves(fisher.sum(axis=0))
means = [[fisher[pixels == i][:, units == j].mean() for j in groups] for i in groups]
weights = np.array(means).round(4)[np.ix_(pixels, units)]
trained = ew.Problem(exact(layer, 2), weights=exact(weights, 4), rank=1)

n, d = weights.shape
r = np.linalg.matrix_rank(weights)
print(np.array(means).round(4))
assert r == 2

# %%
methods = ["svd", "svd_w", "reweighted", "reweighted-truncated", "group-svd", "als"]
comparison = ew.compare(
    trained, methods, ranks=range(1, 9), seeds=1, title="a trained layer"
)
assert comparison.is_proved
assert not comparison.violations

ranks = range(1, 9)
optimum = {k: float(comparison.result(k).solution.upper) for k in ranks}
found = {(line.method, k): line.best for k in ranks for line in comparison.summary(k)}

print("        cost at rank k                     numbers stored")
print(" k     OPT   truncated   reweighted        OPT   reweighted")
for k in ranks:
    run, cut = found["reweighted", k], found["reweighted-truncated", k]
    print(
        f"{k:2} {optimum[k]:8.4f} {cut.cost:10.4f} {run.cost:12.4f} {(n + d) * k:11} {run.n_numbers:11}"
    )

# %% [markdown]
# Read it line by line. In each, `reweighted` costs less than the optimum and stores more;
# cut down to rank k it costs more than the optimum.
#
# Then compare across lines, at equal numbers. `reweighted` at k = 1 stores as many
# numbers as a matrix of rank 4; look at the optimum there.

# %%
for k in ranks:
    run, cut = found["reweighted", k], found["reweighted-truncated", k]
    assert run.cost < optimum[k] < cut.cost
    assert run.n_numbers == (n + d) * (r * k + r)
    assert run.rank_bound == min(n, d)  # nothing better is known from its form
    assert found["group-svd", k].rank_bound == r * k
    if r * k + r in ranks:
        assert run.cost > 1.2 * optimum[r * k + r]  # dearer at equal numbers

fig, axes = plt.subplots(figsize=(7, 4))
curves = [
    (
        "proved optimum of rank k",
        "o-",
        "#0072B2",
        [((n + d) * k, optimum[k]) for k in ranks],
    ),
    (
        "group-svd, rank 2k",
        "s--",
        "#009E73",
        [(found["group-svd", k].n_numbers, found["group-svd", k].cost) for k in ranks],
    ),
    (
        "reweighted, rank 32",
        "^:",
        "#D55E00",
        [
            (found["reweighted", k].n_numbers, found["reweighted", k].cost)
            for k in ranks
        ],
    ),
]
for name, style, color, points in curves:
    axes.plot(*zip(*points, strict=True), style, color=color, label=name)
for k in (1, 4, 8):
    place = ((n + d) * k, optimum[k])
    axes.annotate(f"k = {k}", place, (-6, -14), textcoords="offset points", ha="right")
for k in (1, 8):
    place = (found["reweighted", k].n_numbers, found["reweighted", k].cost)
    axes.annotate(f"k = {k}", place, (6, 6), textcoords="offset points")
axes.axvline(n * d, color="grey", linewidth=1)
axes.text(
    n * d, axes.get_ylim()[1] * 0.97, "A itself ", ha="right", va="top", color="grey"
)
axes.set(
    title="A trained layer: cost against numbers stored",
    xlabel="numbers stored",
    ylabel="cost",
    xlim=(-100, None),
    ylim=(0, None),
)
axes.legend(frameon=False)
fig.tight_layout()
plt.show()

# %% [markdown]
# At equal numbers the proved optimum lies below. Why so clearly? Look at the costs again:
# `reweighted` at k costs what the *optimum of rank 2k* costs, to three digits and more. The
# weights are close to $p q^T$, and for such weights $W \circ X$ has the same rank as X;
# the tail of rank rk is then nearly $\mathrm{OPT}_{rk}$. So one may as well take a matrix of
# rank 2k, and store no weights. For the same reason `svd_w`, which replaces the weights by
# such a product, is within one per cent of the optimum of rank k.

# %%
for k in ranks:
    assert found["svd_w", k].cost < 1.01 * optimum[k]  # Algorithm 2, at rank k
for k in (1, 2, 3, 4):
    assert abs(found["reweighted", k].cost - optimum[2 * k]) < 1e-3 * optimum[2 * k]

# %% [markdown]
# ### The opposite happens as well
#
# Is this always so? No. Take weights of rank 2 that are far from rank one, and data that
# look simple *through* the weights: $A = B / W$ with B of rank 2. Then `reweighted` at
# k = 1 is exact, while with the same numbers no matrix of rank 4 is.

# %%
generator = np.random.default_rng(3)
W = 1 + np.outer(np.arange(12), np.arange(12))
B = generator.integers(-5, 6, (12, 2)) @ generator.integers(-5, 6, (2, 12))
A = [
    [Fraction(int(b), int(w)) for b, w in zip(*rows, strict=True)]
    for rows in zip(B, W, strict=True)
]
simple = ew.Problem(A, weights=W.tolist(), rank=1)

[line] = ew.compare(simple, ["reweighted"], time_limit=10).summary(1)
rival = ew.solve(simple.with_rank(4), gap=Fraction(1, 10))
print(f"reweighted at k = 1: cost {line.best_cost:.0e}, {line.best.n_numbers} numbers")
print(
    f"rank 4: cost at least {float(rival.lower):.2f}, proved, {(12 + 12) * 4} numbers"
)

assert np.linalg.matrix_rank(W) == np.linalg.matrix_rank(B) == 2
assert line.best.n_numbers == (12 + 12) * 4 < 12 * 12
assert line.best_cost < ROUNDING < 1 < float(rival.lower)

# %% [markdown]
# So neither form contains the other. "Low rank" and "low rank divided by W" are two
# families of matrices; which one fits depends on the data. What never helps is to compare
# the costs without the numbers.
#
# ## Everybody against the optimum
#
# Now all methods, on the 4 × 4 integers. Each method stands with its cost, rank and
# numbers; those that are of rank above one stand in a group of their own.

# %%
comparison = ew.compare(hero, seeds=5, title="four-basins-4x4")
comparison

# %%
picture = plotting.comparison(comparison)
picture.set_dpi(64)
picture

# %% [markdown]
# The last panel answers a question that a cost cannot: *where* did a run end? A local
# minimum is a matrix of rank one that no small change improves. Here four of them were
# found, by 300 random starts; a rerun from another start may end in another one.

# %%
result = comparison.result(1)
minima = result.minima
print(minima.label)
for number, point in enumerate(minima.points, start=1):
    print(
        f"#{number}  cost {point.cost:8.3f}   {point.n_starts / minima.n_starts:.0%} of the starts"
    )

assert minima.n_starts == 300
assert len(minima.points) == 4
assert not minima.are_all
assert abs(minima.points[0].cost - float(result.solution.upper)) < 1e-3
assert all(point.n_starts < minima.n_starts / 2 for point in minima.points)

# %%
lines = {line.method: line for line in comparison.summary(1)}
for name in ("als", "lbfgs", "als-gaussian", "varpro", "em", "greedy", "svd_w", "svd"):
    line = lines[name]
    ends = ", ".join(
        f"{count} x {'elsewhere' if place is None else f'#{place + 1}'}"
        for place, count in line.minima.items()
    )
    print(
        f"{name:14} reached the optimum {line.n_successes}/{line.n_runs}   ended: {ends}"
    )

# %% [markdown]
# * `als` and `lbfgs` are two different ways downhill. From the SVD of A both end in the
#   *same wrong* valley, 88 % above the optimum. Agreement proves nothing.
# * From random starts some runs arrive, some do not. Nothing in a run says which.
# * `em` runs its 25 steps as published and has not yet arrived anywhere.
# * `svd`, `svd_w` and `greedy` do not go downhill at all; they end in no valley.

# %%
assert lines["als"].minima == lines["lbfgs"].minima == {2: 1}
assert 1.8 < lines["als"].best_cost / float(result.solution.upper) < 1.9
assert 0 < lines["varpro"].n_successes < lines["varpro"].n_runs
assert all(lines[name].minima == {None: 1} for name in ("em", "svd", "svd_w", "greedy"))
assert all(line.n_successes == 0 for line in lines.values() if not line.is_feasible)
assert not comparison.violations

# %% [markdown]
# ## A block of the layer
#
# Is practice as bad as this? Six pixels and six units of the trained layer, with the
# importances as they are: positive, of full rank, and spread widely.

# %%
rows = np.sort(np.argsort(-fisher.sum(axis=1))[:48:8])
columns = np.argsort(-fisher.sum(axis=0))[:30:5]
block = ew.Problem(
    exact(layer[np.ix_(rows, columns)], 2),
    weights=exact(fisher[np.ix_(rows, columns)], 4),
    rank=1,
)
on_block = ew.compare(block, ranks=[1, 2], seeds=3, title="a block of a trained layer")
lines = {k: {line.method: line for line in on_block.summary(k)} for k in (1, 2)}
for k in (1, 2):
    best = float(on_block.result(k).solution.upper)
    print(
        f"rank {k}: OPT {best:.6f}, proved to {on_block.result(k).solution.gap:.0e};"
        f" {len(on_block.result(k).minima.points)} local minima found"
    )
    for name in ("varpro", "als", "em", "svd_w", "reweighted-truncated", "svd"):
        line = lines[k][name]
        print(
            f"   {name:22} {line.best_cost / best:8.4f} x OPT   reached {line.n_successes}/{line.n_runs}"
        )

# %%
assert on_block.is_proved
on_it = block.root_weights.to_float()
print(f"the largest weight is {on_it.max() / on_it.min():.0f} times the smallest")
assert on_it.max() > 20 * on_it.min() > 0
assert np.linalg.matrix_rank(on_it) == 6
known = on_block.result(1).minima
assert known.points[0].n_starts == known.n_starts == 300
for k in (1, 2):
    best = float(on_block.result(k).solution.upper)
    assert lines[k]["varpro"].n_successes > 0
    assert lines[k]["svd"].best_cost > 1.3 * best
    assert 1.05 * best < lines[k]["svd_w"].best_cost < 1.3 * best
    assert lines[k]["reweighted"].best.rank_bound == 6
    assert (
        lines[k]["reweighted"].best.n_numbers
        > block.data.shape[0] * block.data.shape[1]
    )

# %% [markdown]
# Practice is kinder: at rank one a descent from any of 300 starts finds the optimum. But
# this sentence could not have been written without the proof. Ignoring the weights
# (`svd`) costs visibly more, and `svd_w`, which is not iterative either, mends a good part
# of it. W has full rank here, and `reweighted` stores more than the block has entries.
#
# ## Algorithm 2, and where it fails
#
# If W has high rank, Algorithm 1 is useless, and the paper has a *practical* variant,
# `svd_w`: replace $W^{\circ -1}$ by its best approximation V of a low rank m, use
# $W' = V^{\circ -1}$ for the weights, and take $X = V \circ (W' \circ A)_k$. It is stated
# for general W. There are two catches.
#
# * Theorem 1.2 needs *weights* of low rank. Here the *inverse* weights have low rank, and
#   no theorem is left, except for m = 1 (then both have rank one).
# * The SVD fits large entries first, and $1/W_{ij}$ is largest where the weight is
#   *smallest*. The entries that matter least are fitted best. The others may come out
#   near zero, or negative; then $W'$ is huge or has the wrong sign.
#
# Heavy tails, that is a few large weights among many tiny ones, make this happen. For
# each of 200 random 8 × 8 matrices W of rank 2, we ask for m = 2.

# %%
generator = np.random.default_rng(0)
refused, ratios, ratios_one, worst = 0, [], [], None
for _ in range(200):
    W = generator.gamma(0.3, size=(8, 2)) @ generator.gamma(0.3, size=(2, 8))
    matrix = WeightedMatrix.from_arrays(
        generator.standard_normal((8, 8)), W, weight_rank=2
    )
    of_zero = matrix.cost(np.zeros((8, 8)))
    try:
        svd_w(matrix, rank=1, rank_inverse=2)
    except UnsuitableWeightsError as error:
        refused, reason = refused + 1, str(error)
    forced = svd_w(matrix, rank=1, rank_inverse=2, on_sign_change="report")
    if forced.cost / of_zero > max(ratios, default=0):
        worst = W
    ratios.append(forced.cost / of_zero)
    ratios_one.append(svd_w(matrix, rank=1).cost / of_zero)

print(f"refused: {refused} of 200. The last reason:\n{reason}\n")
print(f"forced to go on: up to {max(ratios):.0f} times the cost of X = 0")
print(f"with m = 1: up to {max(ratios_one):.2f} times the cost of X = 0")

assert refused > 60
assert max(ratios) > 10
assert max(ratios_one) > 1

# %% [markdown]
# The zero matrix stores nothing, and beats the answer by far. (With m = 1 all weights
# used are positive, as the leading singular vectors of a positive matrix are; but it
# may lose against zero, too.) So the laboratory *refuses*: weights of the wrong sign are an error with a reason, never a silent result.
# (`on_sign_change="report"` is for experiments like this one.)
#
# Here is the worst of these W, entry by entry: true weights against the weights that
# Algorithm 2 really used.

# %%
left, values, right = np.linalg.svd(1 / worst)
inverse = (left[:, :2] * values[:2]) @ right[:2]
used = 1 / inverse
fig, axes = plt.subplots(figsize=(6, 4))
for sign, marker, color, label in (
    (1, "o", "#0072B2", "positive"),
    (-1, "x", "#D55E00", "negative"),
):
    chosen = np.sign(used) == sign
    axes.loglog(worst[chosen], abs(used[chosen]), marker, color=color, label=label)
axes.loglog(*[[worst.min(), worst.max()]] * 2, color="grey", linewidth=1)
axes.set(
    title="Algorithm 2 with m = 2: the weights it uses",
    xlabel="true weight",
    ylabel="|weight used|",
)
axes.legend(title="the weight used is", frameon=False)
fig.tight_layout()
plt.show()

# Where weights are small they are right; where they are large they are not.
relative = abs(used / worst - 1)
small, large = worst < np.quantile(worst, 0.1), worst > np.median(worst)
assert np.median(relative[small]) < 0.05
assert np.median(relative[large]) > 0.5
assert (used < 0).any()

# %% [markdown]
# A refusal in a comparison is an outcome, too. Zero weights have no inverse:

# %%
gap = ew.Problem(
    [[1, 2, 3], [4, 5, 9], [2, 7, 1]], weights=[[1, 2, 1], [3, 0, 1], [1, 1, 2]], rank=1
)
comparison = ew.compare(gap, methods=["svd_w", "reweighted"])
[refusal] = comparison.result(1).refusals
print(f"{refusal.method}: {refusal.why}")
assert refusal.method == "svd_w"
assert not refusal.is_failure
assert [line.method for line in comparison.summary(1)] == ["reweighted"]

# %% [markdown]
# ## What to use when
#
# | you have | use | because (shown above) |
# | --- | --- | --- |
# | a small matrix, or weights with few patterns | `ew.solve` | the optimum, with a proof |
# | a larger one, and need rank k | `varpro` or `als` from many starts, then `ew.solve` for the bound | each run ends in *some* valley |
# | weights of low rank r, and may store (n + d)(rk + r) numbers | `reweighted` | costs at most $\mathrm{OPT}_k$; compare at equal numbers |
# | r distinct rows of weights | `group-svd` | the same promise, and a matrix of rank rk (exercise 3) |
# | weights close to rank one, and no time | `svd_w` with m = 1 | within 1 % on the layer; 5 % to 30 % off on the block |
# | to get a lower bound on OPT from one SVD | the tail of $W \circ A$ | Theorem 1.2; empty if rk ≥ min(n, d) |
# | heavy-tailed weights | not Algorithm 2 with m ≥ 2 | it may lose against X = 0 |
#
# ## Exercises
#
# **1.** W is n × d of rank r, without further structure. For which k does `reweighted`
# store fewer numbers than A has entries? What does that give for the trained layer?
#
# <details><summary>Solution</summary>
#
# It stores (n + d)(rk + r) numbers. This is below nd exactly for
# $k < \dfrac{nd}{r(n + d)} - 1$. For 61 × 32 and r = 2 that is k < 9.49, so k ≤ 9. For a
# square matrix it is k < n/(2r) - 1: weights of rank n/4 leave only k < 1, nothing at all.
# </details>

# %% tags=["hide-input"]
n, d = weights.shape
largest = max(k for k in range(1, 32) if (n + d) * (2 * k + 2) < n * d)
assert largest < n * d / (2 * (n + d)) - 1 <= largest + 1
print("the layer: up to k =", largest)

# %% [markdown]
# **2.** Let $W = p q^T$ with positive p and q. Show that `reweighted` returns a matrix of
# rank k that is optimal. How does the bound of Theorem 1.2 relate to OPT then?
#
# <details><summary>Solution</summary>
#
# Now r = 1 and $W \circ M = D_p M D_q$ with diagonal matrices, which keeps ranks. So
# B = $(W \circ A)_k$ has rank k and $X = D_p^{-1} B D_q^{-1}$ has rank k as well. It costs the
# tail, which is at most $\mathrm{OPT}_k$ by the theorem, and at least $\mathrm{OPT}_k$
# because X has rank k. The bound is an equality: weights of rank one are the easy case.
# </details>

# %% tags=["hide-input"]
p, q = [1, 2, 3, 1], [2, 1, 1, 4]
easy = ew.Problem(hero.data.fractions(), weights=np.outer(p, q).tolist(), rank=2)
X = best_of_rank(np.outer(p, q) * hero.data.to_float(), 2) / np.outer(p, q)
tail = np.sum(
    np.linalg.svd(np.outer(p, q) * hero.data.to_float(), compute_uv=False)[2:] ** 2
)
assert np.linalg.matrix_rank(X) == 2
assert abs(tail - float(ew.solve(easy).upper)) < 1e-5 * tail
print("rank one weights: tail and OPT agree,", round(tail, 4))

# %% [markdown]
# **3.** W > 0 has r distinct rows, and rank r. Approximate each group of equal weight rows by
# itself: within a group the weights have rank one, so exercise 2 gives the optimum $X_g$ of
# rank k for it. Stack the $X_g$. Show that the stack has rank at most rk and that
#
# $$\|W \circ A - (W \circ A)_{rk}\|_F^2 \;\le\; f(\text{stack}) \;\le\; \mathrm{OPT}_k .$$
#
# <details><summary>Solution</summary>
#
# The rank of a stack is at most the sum of the ranks, rk. *Right:* restrict an X of rank k
# to the rows of a group; it still has rank at most k, so it costs there at least what
# $X_g$ costs. Add up the groups. *Left:* $W \circ \text{stack}$ is a stack of r matrices of
# rank at most k (in each group the weights only scale columns), so it has rank at most
# rk, and the SVD is better. So `group-svd` keeps the promise of Theorem 1.2 with a matrix of
# rank rk, and no weights need to be stored.
# </details>

# %% tags=["hide-input"]
[group] = ew.compare(survey, ["group-svd"], solution=solution).summary(1)
tail = np.sum(
    np.linalg.svd(
        survey.root_weights.to_float() * survey.data.to_float(), compute_uv=False
    )[2:]
    ** 2
)
assert tail <= group.best_cost <= float(solution.upper)
assert group.best.rank_bound == 2
print(f"{tail:.0f} <= {group.best_cost:.0f} <= {float(solution.upper):.0f}")
