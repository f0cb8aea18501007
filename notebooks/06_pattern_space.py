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
# # A proof that fits on a triangle
#
# The weighted problem is hard: nobody knows a method that always ends soon. But if the
# weights follow few **patterns**, there is a way to prove how good a fit can be, and
# the proof can be drawn. It has hundreds of small steps in it, each of which a patient
# person could check with integers. At the end of this notebook we are that person.
#
# The instance: six columns in three pairs. The weights of a row may be anything, as
# long as they are equal within a pair.

# %%
import itertools
import json
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize_scalar

import exact_wlra as ew
from exact_wlra.plotting import pattern_space

A = np.random.default_rng(12).integers(-9, 10, (6, 6))
by_pair = np.array([[1, 1, 4], [4, 1, 1], [1, 4, 1], [3, 1, 2], [1, 2, 4], [1, 3, 1]])
W = by_pair.repeat(2, axis=1)
problem = ew.Problem(A.tolist(), weights=W.tolist(), rank=1)
print("A", A, "W", W, sep="\n")

omega = W**2
energy = int((omega * A**2).sum())
print("cost of X = 0:", energy)

# %% [markdown]
# ## From a fit to a captured energy
#
# X = u vᵀ has rank one. For given v, the best u is a least squares fit in each row, and
# what remains to be paid is
#
# $$\text{cost}(v) = E - F(v),\qquad
#   F(v)=\sum_i \frac{\bigl(\sum_j \omega_{ij}a_{ij}v_j\bigr)^2}{\sum_j\omega_{ij}v_j^2},$$
#
# where E is the cost of X = 0. F(v) is the energy that v **captures**. So the task is
# to find the largest F, and to prove that nothing captures more.
#
# F does not change if v is multiplied by a number. It is a sum of quotients of
# quadratic forms; a single quotient would be an eigenvalue problem, a sum is not. 2000
# runs of alternating least squares end in four valleys.


# %%
def captured(v):
    """Return F of each row of v."""
    return ((v @ (omega * A).T) ** 2 / (v**2 @ omega.T)).sum(axis=1)


v = np.random.default_rng(0).standard_normal((2000, 6))
for _ in range(500):
    u = v @ (omega * A).T / (v**2 @ omega.T)
    v = u @ (omega * A) / (u**2 @ omega)
ends, counts = np.unique((energy - captured(v)).round(3), return_counts=True)
for cost, count in zip(ends, counts, strict=True):
    print(f"{cost:10.3f}   {count / len(v):6.1%} of the starts")
incumbent = v[np.argmax(captured(v))]
best = energy - captured(v).max()
assert len(ends) == 4
assert counts.max() < len(v) / 3

# %% [markdown]
# ## One pattern is easy
#
# If all rows of W were proportional, W = p qᵀ, all denominators would be the same up to
# factors. Scaling rows and columns then gives an ordinary problem, solved by the
# singular value decomposition (Eckart and Young). So a first idea for a bound (**T1**
# in `docs/theory.md`): lower the weights to a matrix of rank one. Smaller weights cost
# less:
#
# $$\pi_{ij}=p_iq_j\le\omega_{ij}\quad\Longrightarrow\quad
#   \text{cost}_\omega(X)\ \ge\ \text{cost}_\pi(X)\ \ge\ \sigma_2^2+\sigma_3^2+\dots$$
#
# with σ the singular values of √π ∘ A. With p_i the least weight of row i and q = 1:

# %%
p = omega.min(axis=1)
sigma = np.linalg.svd(np.sqrt(p)[:, None] * A, compute_uv=False)
spectral = (sigma[1:] ** 2).sum()
print(f"{spectral:.1f} ≤ optimum ≤ {best:.1f}")
assert spectral < best / 2

# %% [markdown]
# True, and poor. (T1 in full also uses the residual of a good fit, and is often sharp
# if there is little noise. Here is nothing but noise.)
#
# ## Three patterns: where does v live?
#
# Here is the key. All denominators depend on v through **three numbers only**: the sums
# of squares in the three pairs,
#
# $$t_1=v_1^2+v_2^2,\quad t_2=v_3^2+v_4^2,\quad t_3=v_5^2+v_6^2,\qquad
#   \sum_j\omega_{ij}v_j^2 = s_i(t) = \omega_{i1}t_1+\omega_{i3}t_2+\omega_{i5}t_3 .$$
#
# We may scale v so that t₁ + t₂ + t₃ = 1. Then t says which share of v lives on which
# pattern, and all t form a triangle: **pattern space**. Its size has nothing to do with
# the number of rows or columns: with a million of them it is the same triangle.
#
# *If somebody told us t*, all denominators would be constants, and F a quadratic form:
#
# $$F(v)= v^{\mathsf T}M(t)\,v,\qquad M(t)=\sum_i \frac{1}{s_i(t)}\,b_ib_i^{\mathsf T},
#   \qquad b_i=(\omega_{ij}a_{ij})_j .$$
#
# The matrices bᵢbᵢᵀ are **Gram matrices**: products Bᵀ B. (Rows with proportional
# weights share a denominator, so their Gram matrices may be added up before anything
# else is done. That is why a million rows cost nothing.) A Gram matrix is **positive
# semidefinite**: vᵀ(Bᵀ B)v = ‖Bv‖² is never negative. We write M ⪰ 0.

# %%
SHARES = np.kron(np.eye(3), np.ones((1, 2)))  # which column belongs to which pattern


def gram_sum(t):
    """Return M(t)."""
    b = omega * A
    return b.T @ (b / (omega @ (SHARES.T @ t) / 2)[:, None])


t = SHARES @ incumbent**2
assert np.isclose(t @ [1, 1, 1], incumbent @ incumbent)
assert np.isclose(incumbent @ gram_sum(t) @ incumbent, captured(incumbent[None])[0])
print("shares of the best v:", (t / t.sum()).round(3))

# %% [markdown]
# ## The bound at one point t
#
# Let D_l be the diagonal matrix with ones on the columns of pattern l, so that
# vᵀ D_l v = t_l. Suppose that three numbers λ₁, λ₂, λ₃, called **multipliers**, satisfy
#
# $$\lambda_1D_1+\lambda_2D_2+\lambda_3D_3-M(t)\succeq0 .$$
#
# Then every v with shares t captures F(v) = vᵀM(t)v ≤ λ₁t₁ + λ₂t₂ + λ₃t₃ = ⟨λ, t⟩. One
# matrix inequality bounds infinitely many v. The simplest choice is λ₁ = λ₂ = λ₃ = the
# largest eigenvalue of M(t); better ones are found by optimization.
#
# ## From points to pieces
#
# There are infinitely many t as well. But M(t) is **convex** in t: between two points
# it lies below its chord, in the sense of ⪰. For it is a sum of fixed matrices ⪰ 0
# times the convex functions 1/sᵢ(t). Take a small triangle with corners t¹, t², t³ and
# multipliers λ¹, λ², λ³ valid at the corners. A point of it is t = ϑ₁t¹ + ϑ₂t² + ϑ₃t³
# with ϑ ≥ 0 and sum 1 (ϑ are its barycentric coordinates). Then
#
# $$F(v)=v^{\mathsf T}M(t)v\le\sum_j\vartheta_j\,v^{\mathsf T}M(t^j)v
#   \le\sum_j\vartheta_j\langle\lambda^j,t\rangle
#   =\sum_{i,j}\vartheta_i\vartheta_j\,\langle\lambda^j,t^i\rangle .$$
#
# The first step is convexity, the second are the three matrix inequalities: vᵀD_lv =
# t_l for *this* v. At the end stands a quadratic polynomial in ϑ: six numbers bound all
# v whose shares lie in the triangle. (This is **T2** for two patterns, where triangles
# are intervals, and **T3** for three or more.) Let us see it on an interval first: the
# edge from t = (1, 0, 0) to (0, 1, 0), that is, all v that vanish on the third pair.
# With two patterns the best multipliers can be found by trying ratios λ₂ : λ₁. We aim
# them a little into the interval, not at the corner itself.


# %%
def edge(s):
    """Return the point of the edge with t_2 = s."""
    return np.array([1 - s, s, 0.0])


def multipliers(t, aim):
    """Return λ with λ_1 D_1 + λ_2 D_2 - M(t) ⪰ 0 for which <λ, aim> is small."""
    m = gram_sum(t)[:4, :4]

    def with_ratio(logarithm):
        """Return the least λ with λ_2/λ_1 given."""
        ratio = np.exp(logarithm)
        scale = np.array([1, 1, ratio, ratio]) ** -0.5
        return np.linalg.eigvalsh(scale[:, None] * m * scale)[-1] * np.array([1, ratio])

    found = minimize_scalar(
        lambda x: with_ratio(x) @ aim[:2],
        bounds=(-8, 8),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return with_ratio(found.x)


def bounds_on(cuts):
    """Return (s, bound) along the edge, cut at these places."""
    found = []
    for a, b in itertools.pairwise(cuts):
        ends = [edge(a), edge(b)]
        middle = (ends[0] + ends[1]) / 2
        values = [multipliers(t, (3 * t + middle) / 4) for t in ends]
        theta = np.linspace(0, 1, 40)
        points = np.outer(1 - theta, ends[0]) + np.outer(theta, ends[1])
        bound = (1 - theta) * (points[:, :2] @ values[0]) + theta * (
            points[:, :2] @ values[1]
        )
        found.append((a + theta * (b - a), bound))
    return found


sample = np.zeros((40_000, 6))
sample[:, :4] = np.random.default_rng(1).standard_normal((40_000, 4))
sample /= np.linalg.norm(sample, axis=1)[:, None]
share = (sample[:, 2:4] ** 2).sum(axis=1)

figure, axes = plt.subplots(figsize=(7, 3.8))
axes.plot(share[::8], captured(sample)[::8], ".", color="#8C8C8C", markersize=1.5)
axes.plot([], [], ".", color="#8C8C8C", label="F(v), random v")
for n, color, style in ((1, "#E69F00", ":"), (2, "#009E73", "--"), (6, "#0072B2", "-")):
    pieces = bounds_on(np.linspace(0, 1, n + 1))
    for number, (s, bound) in enumerate(pieces):
        label = None if number else f"bound with {n} piece{'s' if n > 1 else ''}"
        axes.plot(s, bound, style, color=color, label=label)
        inside = (s[0] <= share) & (share <= s[-1])
        line = np.interp(share[inside], s, bound)
        assert (captured(sample[inside]) <= line + 10).all()  # `interp` is a chord
axes.set(
    title="captured energy on one edge of pattern space", xlabel="$t_2$", ylabel="F",
    ylim=(0, None),
)  # fmt: skip
axes.legend()
figure.tight_layout()
plt.show()

# %% [markdown]
# Each piece is a parabola above the grey cloud. With more pieces the parabolas come
# closer to its upper edge. How fast? We compare with the largest F that an ascent
# finds.

# %%
w = np.random.default_rng(3).standard_normal((200, 6)) * [1, 1, 1, 1, 0, 0]
for _ in range(500):
    u = w @ (omega * A).T / (w**2 @ omega.T)
    w = u @ (omega * A) / (u**2 @ omega) * [1, 1, 1, 1, 0, 0]
top = captured(w).max()
too_much = []
for n in (4, 8, 16, 32, 64):
    bound = max(values.max() for _, values in bounds_on(np.linspace(0, 1, n + 1)))
    too_much.append(bound - top)
    print(f"{n:3} pieces: bound {bound:9.3f}, above the best F by {bound - top:8.3f}")

assert all(
    3.5 < before / after < 4.5 for before, after in itertools.pairwise(too_much[1:])
)

# %% [markdown]
# Twice as many pieces, a quarter of the error: it falls like the *square* of their
# length. That is what makes the method fast.
#
# ## Bisecting the triangle
#
# The search starts with the whole triangle. The piece with the worst bound is cut into
# two at the midpoint of an edge, new multipliers are computed at the midpoint, and so
# on: where v captures little, large pieces are good enough. `solve` does this.

# %%
solution = ew.solve(problem, method="simplicial", gap=Fraction(1, 1000))
print(solution)
assert solution.upper <= solution.lower * Fraction(1002, 1000)
assert abs(float(solution.upper) - best) < 1e-2

# %%
figure = pattern_space(solution)
figure.set_dpi(70)
figure

# %% [markdown]
# No v whose shares lie in a piece costs less than its color says. The least of all
# these numbers is the proved bound. So the optimum is enclosed between two numbers that
# are close, but not the same: that is what the word `enclosure` says.
#
# How did it come to this? The certificate is a tree: it says which piece was cut where.
# If we prune the tree at some depth, what remains still covers the triangle and all its
# matrix inequalities still hold: it is a proof of a weaker bound. So we can watch the
# proof grow, and let the checker confirm each stage.

# %%
from dataclasses import replace

from exact_wlra.certificates import Leaf
from exact_wlra.plotting.pattern_spaces import simplex_bounds


def pruned(tree, depth):
    """Return the tree without what lies deeper; preorder, as in the certificate."""
    items = iter(tree)

    def walk(level):
        """Return the pruned part, and a multiplier for each corner."""
        item = next(items)
        if isinstance(item, Leaf):
            return [item], list(item.multipliers)
        i, _ = item.split
        first, below_first = walk(level + 1)
        second, below_second = walk(level + 1)
        corners = list(below_first)  # the first child has the midpoint at i
        corners[i] = below_second[i]
        if level < depth:
            return [item, *first, *second], corners
        return [Leaf(multipliers=tuple(corners), exclusions=())], corners

    return tuple(walk(0)[0])


def stage(depth):
    """Return the certificate of the proof pruned at this depth."""
    proof = replace(
        solution.certificate.proof, tree=pruned(solution.certificate.proof.tree, depth)
    )
    pieces = simplex_bounds(proof, energy - proof.capture)
    lower = Fraction(int(np.floor(min(piece.lower for piece in pieces))) - 1)
    return replace(
        solution.certificate, proof=replace(proof, capture=energy - lower), lower=lower
    )


def n_pieces(certificate):
    """Return the number of leaves."""
    return sum(isinstance(item, Leaf) for item in certificate.proof.tree)


stages = {depth: stage(depth) for depth in range(14)}
for depth, certificate in stages.items():
    assert ew.check(problem, certificate) >= certificate.lower
    print(
        f"depth {depth:2}, pieces: {n_pieces(certificate):3}, proved:",
        certificate.lower,
    )
assert stages[0].lower < 0 < stages[13].lower  # at first worse than nothing

# %%
CORNERS = np.array([[0, 0], [1, 0], [0.5, 3**0.5 / 2]])
valleys = [v[np.argmin(abs(energy - captured(v) - cost))] for cost in ends]


def draw(axes, certificate):
    """Draw the pieces: the darker, the more is missing to the best known cost.

    The scale is logarithmic: white for a thousandth, dark for all of it or more.
    """
    for piece in simplex_bounds(certificate.proof, certificate.lower):
        points = np.array([[float(x) for x in t] for t in piece.vertices]) @ CORNERS
        missing = np.clip((best - piece.lower) / best, 1e-3, 1)
        shade = plt.cm.Blues(0.25 * (3 + np.log10(missing)))
        axes.fill(*points.T, facecolor=shade, edgecolor="k", lw=0.3)
    for number, each in enumerate(valleys):
        place = (SHARES @ each**2) / (each @ each) @ CORNERS
        mark = ("o", "#E69F00", 5) if number else ("*", "#D55E00", 10)
        axes.plot(*place, mark[0], color=mark[1], markersize=mark[2], mec="k", mew=0.5)
    axes.set_title(
        f"pieces: {n_pieces(certificate)}, optimum ≥ {int(certificate.lower)}",
        fontsize=9,
    )
    axes.set_aspect("equal")
    axes.axis("off")


figure, grid = plt.subplots(2, 3, figsize=(9, 5.6), dpi=70)
for axes, depth in zip(grid.flat, (0, 3, 5, 6, 8, 13), strict=True):
    draw(axes, stages[depth])
figure.suptitle(f"The proof grows; the best known v (star) costs {best:.1f}")
figure.tight_layout()
plt.show()

# %% [markdown]
# The dots are the other three valleys of the cost. Large pieces do for them; the
# small ones crowd around the star, where the bound has to be sharp. The same as a film:

# %%
import io

from IPython.display import Image
from PIL import Image as Picture

frames = []
for certificate in stages.values():
    figure, axes = plt.subplots(figsize=(4, 3.6), dpi=60)
    draw(axes, certificate)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    frames.append(Picture.open(file).convert("P", palette=Picture.Palette.ADAPTIVE))
film = io.BytesIO()
frames[0].save(
    film, format="gif", save_all=True, append_images=frames[1:], duration=700, loop=0
)
assert len(film.getvalue()) < 100_000
Image(film.getvalue(), format="gif")

# %% [markdown]
# ## The certificate, opened
#
# A **certificate** is data with which anyone can verify a claim, without trusting the
# program that made it. How it was found does not matter.
#
# A gap of one tenth makes a shorter proof, to be read in full. It is a JSON document.
# Floating-point numbers do not occur in it: all numbers are integers or fractions,
# written as text.

# %%
certificate = ew.solve(problem, method="simplicial", gap=Fraction(1, 10)).certificate
text = ew.certificate_to_json(certificate)
document = json.loads(text)
proof = document["proof"]
print("document:", list(document))
print("proof:   ", list(proof))
print("rule:     ", proof["rule"])
print("lower:    ", document["lower"], "  capture:", proof["capture"])
print("multipliers:", len(proof["multipliers"]), "  the second of them:")
print("   ", proof["multipliers"][1])
print("tree:     ", len(proof["tree"]), "items, the first three:")
for item in proof["tree"][:3]:
    print("   ", item)
assert proof["rule"] == "simplicial"

# %% [markdown]
# `capture` is the number μ of which the proof says: no v captures more. `multipliers`
# are the λ with the places t *at* which they are valid. `tree` says how the triangle is
# cut: `split` [i, j] replaces corner i, then corner j, by their midpoint; a leaf names
# the multipliers of its three corners. What is *not* in it: A and W. Who checks uses
# their own.
#
# So three things have to be checked:
#
# 1. at each corner, that λ₁D₁ + λ₂D₂ + λ₃D₃ − M(t) ⪰ 0,
# 2. on each piece, that the quadratic polynomial in ϑ is at most μ,
# 3. that the pieces cover the triangle. (They do: each comes from cutting another in
#    two.)
#
# Let us find the pieces.

# %%
CORNER = [tuple(Fraction(int(i == j)) for j in range(3)) for i in range(3)]


def pieces_of(tree):
    """Return (corners, leaf) for each leaf of the tree."""
    waiting, found = [CORNER], []
    for item in tree:
        corners = waiting.pop()
        if "split" in item:
            i, j = item["split"]
            middle = tuple(
                (a + b) / 2 for a, b in zip(corners[i], corners[j], strict=True)
            )
            first = [middle if n == i else x for n, x in enumerate(corners)]
            second = [middle if n == j else x for n, x in enumerate(corners)]
            waiting += [second, first]
        else:
            found.append((corners, item))
    assert not waiting
    return found


pieces = pieces_of(proof["tree"])


def area(corners):
    """Return the area as a share of that of the whole triangle."""
    (a, b, c), (d, e, f), (g, h, i) = corners
    return abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))


assert sum(area(corners) for corners, _ in pieces) == 1
print(len(pieces), "pieces; their areas add up to 1, exactly")

# %% [markdown]
# ## One leaf by hand
#
# We take the piece in which the best known v lives, and all its numbers as
# fractions. From here to the end of the section nothing is rounded.

# %%
target = [Fraction(float(x)) for x in t / t.sum()]


def barycentric(point, corners):
    """Return theta with point = sum of theta_j corner_j, by Cramer's rule."""

    def signed(rows):
        (a, b, c), (d, e, f), (g, h, i) = rows
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    whole = signed(corners)
    return [
        signed([point if n == j else x for n, x in enumerate(corners)]) / whole
        for j in range(3)
    ]


corners, leaf = next(
    (corners, leaf)
    for corners, leaf in pieces
    if min(barycentric(target, corners)) >= 0
)
chosen = [proof["multipliers"][index] for index in leaf["multipliers"]]
values = [[Fraction(x) for x in multiplier["values"]] for multiplier in chosen]
for corner, multiplier, value in zip(corners, chosen, values, strict=True):
    assert tuple(Fraction(x) for x in multiplier["at"]) == corner
    print("t =", *corner, "   λ =", *value)

# %% [markdown]
# **First check.** Is N = λ₁D₁ + λ₂D₂ + λ₃D₃ − M(t) positive semidefinite? Gaussian
# elimination tells: if all pivots are positive, N = L D Lᵀ with D > 0, so vᵀNv is a sum
# of squares. All entries are fractions, so is every step.


# %%
def dominance_matrix(t, value):
    """Return N, exact."""
    column = [j // 2 for j in range(6)]
    matrix = [[value[column[i]] * (i == j) for j in range(6)] for i in range(6)]
    for weights, data in zip(omega.tolist(), A.tolist(), strict=True):
        denominator = sum(w * x for w, x in zip(weights[::2], t, strict=True))
        b = [w * a for w, a in zip(weights, data, strict=True)]
        for i, j in itertools.product(range(6), repeat=2):
            matrix[i][j] -= Fraction(b[i] * b[j]) / denominator
    return matrix


def pivots(matrix):
    """Return the pivots of elimination without exchange of rows."""
    rows, found = [list(row) for row in matrix], []
    for k in range(len(rows)):
        found.append(rows[k][k])
        for i in range(k + 1, len(rows)):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return found


for corner, value in zip(corners, values, strict=True):
    found = pivots(dominance_matrix(corner, value))
    print("pivots", *(f"{float(x):10.3f}" for x in found))
    assert all(x > 0 for x in found)

# %% [markdown]
# **Second check.** For ϑ ≥ 0 with sum 1 we need ϑᵀQϑ ≤ μ, Q_ij = (⟨λⁱ,tʲ⟩ + ⟨λʲ,tⁱ⟩)/2.
# Since (ϑ₁+ϑ₂+ϑ₃)² = 1, this says ϑᵀCϑ ≥ 0 for C = μ·11ᵀ − Q. It need not hold for all
# ϑ, only for nonnegative ones. Such a matrix is called **copositive**. For 3 × 3 there
# is a simple test (Hadeler 1983): C is copositive unless some principal submatrix S
# (rows and columns with the same indices) has det S < 0 and an adjugate without
# negative entries.

# %%
mu = Fraction(proof["capture"])


def product(x, y):
    """Return the inner product."""
    return sum(a * b for a, b in zip(x, y, strict=True))


def comparison_matrix(corners, values):
    """Return C."""
    return [
        [
            mu - (product(values[i], corners[j]) + product(values[j], corners[i])) / 2
            for j in range(3)
        ]
        for i in range(3)
    ]


def determinant(rows):
    """Return the determinant by expansion along the first row."""
    if not rows:
        return Fraction(1)
    return sum(
        (-1) ** j * rows[0][j] * determinant([r[:j] + r[j + 1 :] for r in rows[1:]])
        for j in range(len(rows))
    )


def adjugate(rows):
    """Return the adjugate: note which index names the row that is left out."""
    n = len(rows)
    return [
        [
            (-1) ** (a + b)
            * determinant([r[:a] + r[a + 1 :] for i, r in enumerate(rows) if i != b])
            for b in range(n)
        ]
        for a in range(n)
    ]


def is_copositive(matrix):
    """Decide by Hadeler's criterion."""
    for size in (1, 2, 3):
        for chosen in itertools.combinations(range(3), size):
            s = [[matrix[i][j] for j in chosen] for i in chosen]
            if determinant(s) < 0 and all(x >= 0 for row in adjugate(s) for x in row):
                return False
    return True


C = comparison_matrix(corners, values)
for row in C:
    print(*(f"{float(x):12.4f}" for x in row))
assert is_copositive(C)

# %% [markdown]
# So this leaf holds: whatever v has its shares in this triangle, it captures at most μ
# and costs at least E − μ. The other leaves are checked in the same way; a computer
# does not get tired.

# %%
at = {}
for number, multiplier in enumerate(proof["multipliers"]):
    place = tuple(Fraction(x) for x in multiplier["at"])
    value = [Fraction(x) for x in multiplier["values"]]
    assert all(x > 0 for x in pivots(dominance_matrix(place, value)))
    at[number] = (place, value)
for corners, leaf in pieces:
    used = [at[index] for index in leaf["multipliers"]]
    assert [place for place, _ in used] == corners
    assert is_copositive(comparison_matrix(corners, [value for _, value in used]))
by_hand = energy - mu
print(f"checked by hand: the optimum is at least {by_hand}")
assert by_hand >= Fraction(document["lower"])

# %% [markdown]
# That was a complete verification, in some eighty lines of Python and fractions. The
# checker of the package does the same for all rules that there are, and says the same:

# %%
proved = ew.check(problem, ew.certificate_from_json(text))
print("ew.check:", proved)
assert proved == by_hand

# %% [markdown]
# ## Lies
#
# Does the checker notice? We change one thing at a time: claim more, replace a
# multiplier by a smaller one, claim a smaller capture, drop a leaf, say that the
# certificate is about other data.

# %%
from exact_wlra.errors import WLRAError


def claim_more(d):
    d["lower"] = str(Fraction(d["lower"]) + 50)


def lower_a_multiplier(d):
    values = d["proof"]["multipliers"][1]["values"]
    values[0] = str(Fraction(values[0]) / 2)


def claim_a_smaller_capture(d):
    d["proof"]["capture"] = str(mu - 100)
    d["lower"] = str(energy - mu + 100)


def drop_a_leaf(d):
    d["proof"]["tree"].pop()


refused = 0
for lie in (claim_more, lower_a_multiplier, claim_a_smaller_capture, drop_a_leaf):
    forged = json.loads(text)
    lie(forged)
    try:
        ew.check(problem, ew.certificate_from_json(json.dumps(forged)))
    except WLRAError as error:
        refused += 1
        print(f"{lie.__name__}:\n    {type(error).__name__}: {error}")
assert refused == 4

other = A.copy()
other[0, 0] += 1
try:
    ew.check(ew.Problem(other.tolist(), weights=W.tolist(), rank=1), certificate)
except WLRAError as error:
    print(f"other data:\n    {type(error).__name__}: {error}")
else:
    raise AssertionError("a certificate about other data was believed")

# %% [markdown]
# The last one was refused before its proof was read: a certificate also holds factors,
# and their cost for *these* data is not what it says.
#
# ## What this does not do
#
# The method is for rank one, and the triangle becomes a simplex of more dimensions with
# more patterns: 3 or 4 are comfortable, 10 are not. And there is a catch with three
# patterns or more: at fixed t the best multipliers may not reach the true maximum of F,
# so that bisection alone may stop short of the optimum. Eliminating v instead of u
# gives another pattern space, which then often helps; both are tried. For rank two and
# above other rules take over (`docs/certificate-format.md`).
#
# ## Exercises
#
# 1. Show that t ↦ 1/s(t) is convex for s linear and positive, and conclude that M(ϑ₁t¹
#    + ϑ₂t²) ⪯ ϑ₁M(t¹) + ϑ₂M(t²).
# 2. Multipliers λⁱ and λʲ are valid at the ends of an edge. Show that (λⁱ + λʲ)/2 is
#    valid at the midpoint. So bisection never makes a bound worse.
# 3. Find a 2 × 2 matrix that is copositive and not positive semidefinite.
# 4. All entries of C nonnegative: why is that enough? Count for how many of the leaves
#    above it already settles the matter.
# 5. A certificate must not be believed if the multipliers are right and the pieces
#    leave a hole. Where in the code above would that be noticed?
#
# <details><summary>Solutions</summary>
#
# 1. The second derivative of 1/s along a line is 2(s′)²/s³ ≥ 0. For every v, vᵀM(t)v =
#    Σ (bᵢᵀv)²/sᵢ(t) is a sum of convex functions with nonnegative coefficients; that is
#    what ⪯ means, v by v.
# 2. By 1, M at the midpoint ⪯ the mean of M at the ends ⪯ the mean of the diagonal
#    matrices.
# 3. (0 1; 1 0): ϑᵀCϑ = 2ϑ₁ϑ₂ ≥ 0 for ϑ ≥ 0, but (1, −1) gives −2.
# 4. ϑᵀCϑ is then a sum of nonnegative terms. It settles 29 of 77: `sum(min(min(r) for r
#    in comparison_matrix(c, [at[i][1] for i in l["multipliers"]])) >= 0 for c, l in
#    pieces)`.
# 5. `pieces_of`: every split puts back two pieces that cover the one taken, and at the
#    end nothing may be waiting. The areas are a second, independent check.
#
# </details>
