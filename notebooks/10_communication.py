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
# # How many bits is a good approximation?
#
# Alice has a matrix A of integers. Bob is far away and wants a good approximation of low rank.
# Both know the weights W. Every bit that Alice sends costs money. How many does she need?
#
# The rules [Woodruff and Yasuda 2024]: W is n × d, of rank r; A has at most s nonzeros in a
# column. Bob has to end with *some* matrix X such that
#
# $$\sum_{ij} W_{ij}^2 (A_{ij} - X_{ij})^2 \;\le\; (1 + \varepsilon)\,\mathrm{OPT}_k ,$$
#
# where $\mathrm{OPT}_k$ is the least cost of a matrix of rank k. X itself may have any rank.
# W, k, ε and a seed of public coins are known to both and cost nothing.
#
# Here the game is played: messages are bytes, and every bit is counted.

# %%
import itertools
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra.communication.adaptive_columns import play_adaptive
from exact_wlra.communication.channels import decoded_elsewhere
from exact_wlra.communication.games import play
from exact_wlra.communication.hard_instances import (
    fano_bound,
    hard_instance,
    read_bits,
)
from exact_wlra.communication.servers import play_servers
from exact_wlra.errors import MalformedMessageError

BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
HALF = Fraction(1, 2)


def instance(seed, *, n, d, s, r, k):
    """Return A, a signal of rank k and noise on s rows of a column, and W of rank r."""
    rng = np.random.default_rng(seed)
    W = rng.integers(1, 4, (n, r)) @ rng.integers(1, 4, (r, d))
    A = 9 * rng.integers(-5, 6, (n, k)) @ rng.integers(-5, 6, (k, d))
    A += rng.integers(-3, 4, (n, d))
    for j in range(d):
        A[rng.permutation(n)[s:], j] = 0
    return A, W


# %% [markdown]
# ## One game
#
# The idea is old: a matrix that is close to low rank has a few columns that nearly span all of
# it. Alice picks such columns S of A and sends them, with **coefficients** X' that say how to
# combine them. Bob puts in the weights, combines, and takes the weights out again:
#
# $$X = \frac{(W \circ A)_S\; X'}{W} \quad\text{(entry by entry)}.$$
#
# Weights are the trick. W∘A, for an A of rank k, has rank up to rk and not k. So aim at rank rk
# without weights: that is an ordinary low rank approximation, and the squares of the singular
# values after the rk-th, the **tail**, are at most $\mathrm{OPT}_k$.

# %%
A, W = instance(1, n=60, d=40, s=60, r=2, k=1)
game = play(A, W, rank=1, epsilon=HALF)

print("all of A          ", game.direct_bits, "bits")
print("Alice's message   ", game.n_bits, "bits, coefficients sent as", game.sent.kind)
for part, bits in game.sent.message.parts:
    print(f"   {part:<15}{bits:6}")
print("columns sent      ", game.sent.n_columns, "of", A.shape[1])
print("cost / tail       ", round(float(game.squared_kappa), 4))

assert sum(bits for _, bits in game.sent.message.parts) == game.n_bits
assert len(game.sent.message.payload) == -(-game.n_bits // 8)
assert game.n_bits * 5 < game.direct_bits
assert game.cost <= (1 + HALF) * game.sent.tail

# %% [markdown]
# The last line is no measurement that happened to come out well. Alice computes in rational
# arithmetic what Bob will have, and does not send unless cost ≤ (1 + ε) · tail. The tail is
# a proved lower bound too. Let us check what can be checked.
#
# **Bob knows nothing of A.** He was another process; all that he was given are the public
# input and the bytes. We can call him again, and compute the cost ourselves.

# %%
bob = decoded_elsewhere(game.public, game.sent.message.payload)
X = bob.entries()

cost = sum(
    Fraction(int(w)) ** 2 * (int(a) - x) ** 2
    for a, w, x in zip(A.ravel(), W.ravel(), itertools.chain(*X), strict=True)
)
assert cost == game.cost == game.sent.cost
assert not hasattr(game.public, "data")

# %% [markdown]
# **The message matters.** Cut off its last byte, and Bob does not guess.

# %%
try:
    decoded_elsewhere(game.public, game.sent.message.payload[:-1])
except MalformedMessageError as error:
    print("Bob:", error)
else:
    raise AssertionError("Bob was content with less")

# %% [markdown]
# **The tail is below the optimum.** On a small instance the optimum of rank one can be
# enclosed, so that all three numbers can be compared.

# %%
A, W = instance(1, n=12, d=10, s=12, r=2, k=1)
small = play(A, W, rank=1, epsilon=HALF)
solution = ew.solve(ew.Problem(A, weights=W, rank=1), time_limit=60)

print(f"tail           {float(small.sent.tail):12.2f}")
print(f"optimum >=     {float(solution.lower):12.2f}   proved")
print(f"optimum <=     {float(solution.upper):12.2f}   cost of factors")
print(f"Bob            {float(small.cost):12.2f}   rank {small.solution.rank}")

assert small.sent.tail <= solution.lower <= solution.upper
assert small.cost <= (1 + HALF) * solution.lower
assert small.solution.weighted_rank == 2
assert small.solution.rank == 10

# %% [markdown]
# Look at the rank. Bob's W∘X has rank 2, as it should. His X has rank up to 10: dividing by W
# destroys low rank. The game allows that. It asks how many *bits* are needed, not how many
# columns. But it would be wrong to call X a solution of the problem of rank one, so
# cost and rank are given together.
#
# ## Where the bits go
#
# Coefficients can be sent in two ways. A **sketch** is G(W∘A), with a matrix G of random signs
# that both know: integers, and Bob solves for the coefficients. **Rounded** means factors
# Y Z with just as many binary digits as the guarantee needs.

# %%
A, W = instance(1, n=60, d=40, s=60, r=2, k=2)
games = {
    kind: play(A, W, rank=2, epsilon=HALF, kind=kind) for kind in ("sketch", "rounded")
}
figure, axes = plt.subplots(figsize=(8, 2.6), dpi=80, layout="constrained")
direct = games["sketch"].direct_bits
axes.barh("all of A", direct, color=BLUE)
axes.text(direct + 200, "all of A", f"{direct}", va="center")
for kind, played in games.items():
    parts, left = dict(played.sent.message.parts), 0
    shares = [parts["values"], parts["coefficients"]]
    shares.append(played.n_bits - sum(shares))
    for bits, color in zip(shares, (BLUE, ORANGE, VERMILLION), strict=True):
        axes.barh(kind, bits, left=left, color=color)
        left += bits
    axes.text(left + 200, kind, f"{played.n_bits}", va="center")
for label, color in (
    ("entries of A", BLUE),
    ("coefficients", ORANGE),
    ("where they stand", VERMILLION),
):
    axes.barh("all of A", 0, color=color, label=label)
axes.set(xlabel="bits", title="60 × 40, r = 2, k = 2, ε = 1/2")
axes.legend(fontsize=8, loc="lower right")
axes.set_xlim(0, 1.4 * games["sketch"].n_bits)
axes.invert_yaxis()
plt.show()

assert games["rounded"].n_bits * 3 < games["sketch"].n_bits
assert games["sketch"].n_bits > games["sketch"].direct_bits

# %% [markdown]
# A surprise: here the sketch is *longer than A*. It is the method with the shorter proof. Its
# coefficients are integers at once, but of many digits, and there are (number of rows of G) × d
# of them. Rounding is more work to analyze, and takes less than a third of the bits.
#
# ## Bits against s, r and k
#
# The theorem says: (srk/ε + rkd) log(nd) bits are enough, up to a constant factor. The first
# term counts the columns, the second the coefficients. What do the games say? We let s, r and
# k grow, play four games for each point, and fit a straight line in logarithmic scales. Its
# slope is the exponent.


# %%
def sweep(values, make):
    """Return mean bits and the mean bound, for each value."""
    bits, bounds = [], []
    for value in values:
        played = []
        for seed in range(4):
            A, W, k = make(value, seed)
            played.append(
                play(A, W, rank=k, epsilon=HALF, kind="rounded", elsewhere=False)
            )
        assert all(each.cost <= (1 + HALF) * each.sent.tail for each in played)
        bits.append(np.mean([each.n_bits for each in played]))
        bounds.append(np.mean([each.bound for each in played]))
    return np.array(bits), np.array(bounds)


def slope(values, numbers):
    """Return the exponent that fits best."""
    return np.polyfit(np.log(values), np.log(numbers), 1)[0]


sweeps = {
    "s": (
        [10, 20, 40, 80, 160],
        lambda s, seed: (*instance(seed, n=160, d=20, s=s, r=2, k=1), 1),
    ),
    "r": (
        [1, 2, 3, 4, 6],
        lambda r, seed: (*instance(seed, n=80, d=30, s=80, r=r, k=1), 1),
    ),
    "k": (
        [1, 2, 3, 4, 6],
        lambda k, seed: (*instance(seed, n=80, d=30, s=80, r=1, k=k), k),
    ),
}
figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), dpi=80, layout="constrained")
for axes, (name, (values, make)) in zip(panels, sweeps.items(), strict=True):
    bits, bounds = sweep(values, make)
    measured, expected = slope(values, bits), slope(values, bounds)
    axes.loglog(values, bits, "o-", color=BLUE, label=f"sent, slope {measured:.2f}")
    axes.loglog(
        values, bounds, "--", color="black", label=f"bound, slope {expected:.2f}"
    )
    axes.set(xlabel=name, title=f"bits against {name}")
    axes.set_xticks(values, [str(value) for value in values])
    axes.minorticks_off()
    axes.legend(fontsize=8)
    print(f"{name}: slope {measured:.2f}, of the bound {expected:.2f}, ", end="")
    print("bits / bound", *(f"{ratio:.2f}" for ratio in bits / bounds))
    assert 0.7 < measured < 1.3
    assert abs(measured - expected) < 0.25
    assert (bits < 1.5 * bounds).all()
panels[0].set_ylabel("bits")
plt.show()

# %% [markdown]
# Slopes near one in r and in k: twice the rank, twice the bits. In s the bound starts flatter,
# because for small s its second term, the coefficients, dominates. The constant hidden in the
# theorem is about one for these instances.
#
# ## Can it be done with fewer?
#
# No. Or not by much: srk bits are necessary. The proof is an instance, and the
# instance is a mailbox. Take srk bits, any bits. Put them as r blocks of s × k on the diagonal of
# a matrix C, and let W be one on the blocks and zero elsewhere. Here is a message of 37
# characters, 296 bits.

# %%
TEXT = "What can be read must have been sent."
bits = [int(digit) for byte in TEXT.encode() for digit in format(byte, "08b")]
hard = hard_instance(bits, blocks=4, sparsity=37, rank=2)
assert hard.n_bits == len(bits) == 296 == 4 * 37 * 2

figure, panels = plt.subplots(1, 3, figsize=(6, 5), dpi=70, layout="constrained")
for axes, (matrix, title) in zip(
    panels,
    [(hard.weights, "W"), (hard.data, "Alice's C"), (hard.completed, "rank 2, cost 0")],
    strict=True,
):
    axes.imshow(matrix, cmap="Greys", aspect="auto", interpolation="nearest")
    axes.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# Where W is zero nothing is asked. So each block row may be repeated along the row (right
# picture): a matrix of rank k = 2 that equals C wherever it counts. Its cost is 0.
# $\mathrm{OPT}_k = 0$, and (1 + ε) · 0 = 0. Whatever protocol they use, Bob must end with a
# matrix that equals C on the blocks. And then he can read.

# %%
game = play(hard.data, hard.weights, rank=2, epsilon=1)
read = read_bits(game.solution.entries(), blocks=4, sparsity=37, rank=2)
octets = ["".join(map(str, read[i : i + 8])) for i in range(0, len(read), 8)]
received = bytes(int(octet, 2) for octet in octets).decode()
print("Bob reads:", received)
print(f"{len(bits)} bits were hidden, {game.n_bits} were sent")

assert np.linalg.matrix_rank(hard.completed.astype(float)) <= 2
assert (hard.weights * hard.completed == hard.data).all()
assert game.cost == 0
assert received == TEXT
assert game.n_bits >= len(bits)

# %% [markdown]
# If every text of 296 bits can arrive, then different texts need different messages, and there
# are $2^{296}$ of them. Fewer than $2^{296}$ messages are shorter than 296 bits. So some text
# takes at least 296 bits, in this protocol and in any other. With six bits we can look at all
# texts:

# %%
lengths = {}
for word in itertools.product((0, 1), repeat=6):
    tiny = hard_instance(word, blocks=3, sparsity=2, rank=1)
    played = play(tiny.data, tiny.weights, rank=1, epsilon=1, elsewhere=False)
    entries = played.solution.entries()
    assert read_bits(entries, blocks=3, sparsity=2, rank=1) == list(word)
    lengths[played.sent.message.payload] = played.n_bits

print(len(lengths), "different messages, of", *sorted(set(lengths.values())), "bits")
assert len(lengths) == 2**6
assert max(lengths.values()) >= 6

# %% [markdown]
# What if Alice and Bob may fail now and then? Fano's inequality, a theorem of information theory,
# says that even a protocol that errs with probability 1/3 takes (2/3) srk − 0.92 bits. On
# these instances d = rk ≤ s, so that the upper bound is srk log(nd): a logarithm is all that
# is between the two. How near is the protocol really?

# %%
rng = np.random.default_rng(10)
sizes, sent_bits = [], []
for s, r, k in [(8, 2, 1), (8, 4, 2), (32, 4, 2), (64, 8, 2), (128, 8, 4)]:
    bits = rng.integers(0, 2, s * r * k).tolist()
    hard = hard_instance(bits, blocks=r, sparsity=s, rank=k)
    game = play(hard.data, hard.weights, rank=k, epsilon=1, elsewhere=False)
    assert read_bits(game.solution.entries(), blocks=r, sparsity=s, rank=k) == bits
    sizes.append(len(bits))
    sent_bits.append(game.n_bits)

figure, axes = plt.subplots(figsize=(6, 3.6), dpi=80, layout="constrained")
axes.loglog(sizes, sent_bits, "o-", color=BLUE, label="sent by the general protocol")
axes.loglog(sizes, sizes, "--", color="black", label="srk: needed without error")
axes.loglog(sizes, [fano_bound(x) for x in sizes], ":", color=VERMILLION, label="Fano")
axes.set(xlabel="srk, bits hidden", ylabel="bits", title="The lower bound, nearly met")
axes.legend()
plt.show()

ratios = [sent / size for sent, size in zip(sent_bits, sizes, strict=True)]
print("bits sent / bits hidden:", *(f"{ratio:.2f}" for ratio in ratios))
assert min(ratios) >= 1
assert ratios[-1] < 1.5
assert all(
    sent >= fano_bound(size) for sent, size in zip(sent_bits, sizes, strict=True)
)

# %% [markdown]
# ## Many servers
#
# Now the columns of A live on m servers, and a coordinator collects. *One message each:* every
# server plays the game for its own columns. Optima of parts add up to at most the optimum of
# the whole, so nothing is lost. *Rounds:* columns are drawn from all servers, more often where
# much is left to explain, and made known to all. Each server keeps the coefficients of its own
# columns, and nothing of length d ever travels. Every server is a process of its own.

# %%
A, W = instance(1, n=100, d=48, s=100, r=2, k=1)
alone = play(A, W, rank=1, epsilon=HALF)
print(f"{'':14}{'bits':>8}{'cost / tail':>14}{'rank of W o X':>16}")
print(f"{'one player':14}{alone.n_bits:8}{float(alone.squared_kappa):14.3f}{2:16}")
totals = []
for m in (1, 2, 4):
    once = play_servers(A, W, servers=m, rank=1, epsilon=HALF)
    share = float(once.cost / alone.sent.tail)
    print(f"m = {m}, once{once.n_bits:11}{share:14.3f}{once.weighted_rank:16}")
    print("   sent:    ", *once.bits)
    assert sum(once.bits) == once.n_bits <= once.bound
    assert once.cost <= (1 + HALF) * once.tail
    assert once.tail <= alone.sent.tail * (1 + Fraction(1, 10**5))
    assert once.weighted_rank == 2 * m
    totals.append(once.n_bits)
rounds = play_adaptive(A, W, servers=4, rank=1, epsilon=HALF, rounds=2)
share, rank = float(rounds.cost / alone.sent.tail), rounds.solution.weighted_rank
print(f"{'m = 4, rounds':14}{rounds.n_bits:8}{share:14.3f}{rank:16}")
print("   sent:    ", *rounds.sent_bits, "\n   received:", *rounds.received_bits)

assert totals[0] == alone.n_bits
assert totals[0] < totals[1] < totals[2] < 4 * totals[0]
assert sum(rounds.sent_bits) < totals[2] < rounds.n_bits
assert rounds.cost <= rounds.mean_bound

# %% [markdown]
# Bits grow with the number of servers, somewhat slower than in proportion; the bound
# (m srk/ε + rkd) log(nd) says so too. With one message each, everyone spans with columns of their
# own, and the rank of the whole grows with m. With rounds all share the same columns, whose
# number does not depend on m, but these have to be sent to everybody: the servers *receive* far
# more than they send.
#
# ## Exercises
#
# **1.** Alice could send A rounded to fewer digits, instead of columns and coefficients. Why is
# that no protocol of the game?
#
# <details><summary>Solution</summary>
#
# The optimum may be 0, or tiny, for an A with large entries: rank one and no noise, say. Then any
# rounding error is more than (1 + ε) OPT. The accuracy asked for is relative to the
# optimum, not to A.
#
# </details>
#
# **2.** Let W be all ones and A of rank k exactly. How few numbers does Alice have to send? Play
# the game with a 50 × 50 matrix of rank one and compare.
#
# <details><summary>Solution</summary>
#
# k columns and k rows of A that cross in an invertible k × k matrix determine A: all the rest
# follows by Cramer's rule. These are k(s + d) entries and no fractions at all; the protocol
# does exactly that (*rows*), and Bob has A.
#
# </details>
#
# **3.** In the hard instance replace the ones of W by twos. Does Bob still read the text? What if
# the zeros of W are replaced by a small positive weight?
#
# <details><summary>Solution</summary>
#
# Twos change nothing: cost 0 still forces equality. If no weight is zero, cost 0 forces X = C
# everywhere; but C has rank up to rk, more than k. So OPT > 0, a factor leaves Bob room for
# errors, and the argument breaks. It is the zeros that make the instance hard.
#
# </details>
#
# **4.** Show that the pigeonhole argument is sharp: a protocol for these instances that
# always takes exactly srk bits.
#
# <details><summary>Solution</summary>
#
# Send the bits. Both know W and k, hence r, s and where the blocks are; Bob writes the bits
# into the blocks. (`hard_instances.direct_message` does so.)
#
# </details>

# %% tags=["hide-input"]
# The solutions, checked. 1 and 2:
from exact_wlra.communication.hard_instances import direct_message, read_direct

line = np.outer(np.arange(1, 51), np.arange(3, 53))
exact = play(line, np.ones((50, 50), dtype=int), rank=1, elsewhere=False)
assert exact.sent.kind == "rows"
assert exact.cost == 0
assert exact.solution.entries() == line.tolist()
assert exact.sent.n_columns == 1
assert exact.n_bits * 10 < exact.direct_bits

# 3 and 4:
bits = rng.integers(0, 2, 24).tolist()
hard = hard_instance(bits, blocks=3, sparsity=4, rank=2)
twice = play(hard.data, 2 * hard.weights, rank=2, epsilon=1, elsewhere=False)
assert read_bits(twice.solution.entries(), blocks=3, sparsity=4, rank=2) == bits
assert np.linalg.matrix_rank(hard.data.astype(float)) > 2
assert direct_message(bits).n_bits == 24
assert read_direct(direct_message(bits).payload, 24) == bits
