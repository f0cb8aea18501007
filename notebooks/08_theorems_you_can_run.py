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
# # Theorems you can run
#
# A paper states a bound. You rely on it. How do you know that it is true *as printed*,
# with the constant as printed, and that you have not forgotten a hypothesis?
#
# Read the proof, of course. But a second way costs little and finds other mistakes: run
# the statement. Compute both sides, on instances that try to break it, in arithmetic that
# cannot round. `ew.theorems` does this for every numbered statement of two papers,
# Woodruff and Yasuda (*Reweighted Solutions*, 2024) and Li, Liang, Shi and Song
# (2025, on weights with few patterns), and for the statements of this project.
#
# Running a statement never proves it. It refutes it, or it fails to. This notebook shows
# what one can learn from that.

# %%
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.reports import write_report

# %% [markdown]
# ## What a statement is
#
# Theorem 1.2 of the first paper gives a lower bound for the best weighted approximation
#
# $$\mathrm{OPT}_k = \inf_{\operatorname{rank} X \le k} f(X), \qquad
#   f(X) = \sum_{ij} W_{ij}^2 (A_{ij} - X_{ij})^2 .$$
#
# Notation: $\circ$ multiplies entry by entry; $f$ is the cost; $M_{-q}$ is what the best
# approximation of M of rank q misses, so that
# $\|M_{-q}\|_F^2 = \sigma_{q+1}^2 + \sigma_{q+2}^2 + \dots$, the *tail* of the squared
# singular values of M.

# %%
stated = ew.theorems.statement("reweighted/theorem-1.2")
print(stated.title, "\n")
print(stated.text, "\n")
for hypothesis in stated.hypotheses:
    print(f"hypothesis '{hypothesis.name}': {hypothesis.text}")

# %% [markdown]
# A statement has a text with *all* its hypotheses, and **cases**: random ones from fixed
# seeds, structured ones where the two sides should be equal, adversarial ones, and some
# that *violate a hypothesis on purpose*.

# %%
cases = list(stated.cases(1))
for case in cases:
    print(f"{case.kind:11} {case.name}")

assert {case.kind for case in cases} == {"random", "structured", "violation"}

# %% [markdown]
# ## What a finding is
#
# Running it gives a **finding** for each claim on each case: the measured number, the
# bound, and a verdict.

# %%
verified = ew.theorems.verify(stated, seeds=1)
verified

# %% [markdown]
# How to read a line:
#
# * *holds* and *fails* are certain as far as the evidence goes. *Exact* means two
#   rationals were compared. *Enclosure* means that a number is only known to lie in an
#   interval, which is proved; OPT for instance, between the two bounds that `ew.solve` proves.
# * *agrees*: two narrow intervals meet. The sides are equal, or nearly so, and intervals
#   cannot tell. (*undecided*: wide ones meet.)
# * *hypothesis not met*: the case violates one; nothing is claimed.
# * **slack** is the room that the bound leaves, as a part of the bound. Slack 0.25 for
#   "x ≤ y" means x = 0.75 y. Slack 0: the bound is *tight* here.
#
# Slack 1 appears three times. There the bound says $0 \le \mathrm{OPT}$: true, and empty.

# %%
verdicts = Counter(finding.verdict for finding in verified.findings)
print(dict(verdicts))
bound = "||(W o A)_{-rk}||^2 <= OPT_k"
empty = [f for f in verified.findings if f.claim == bound and f.slack == 1]

assert verified.stands
assert verdicts["fails"] == verdicts["undecided"] == 0
assert len(empty) == 3
assert all(f.measured.high == 0 for f in empty)

# %% [markdown]
# ## Your own instance
#
# `ew.theorems.check` runs a statement on a value of yours. Three problems, with the same
# 4 × 4 data and different weights:

# %%
A = [[3, -1, 2, 4], [1, 5, -2, 0], [2, 2, 7, 1], [-1, 3, 1, 6]]
weights = {
    "rank 1": [[2, 1, 1, 3]] * 4,
    "rank 2": [[3, 1, 1, 3], [1, 2, 2, 1], [1, 2, 2, 1], [3, 1, 1, 3]],
    "rank 4": [[3, 1, 1, 1], [1, 3, 1, 1], [1, 1, 3, 1], [1, 1, 1, 3]],
}
mine = {name: ew.Problem(A, weights=W, rank=1) for name, W in weights.items()}
found = {}
for name, problem in mine.items():
    found[name] = ew.theorems.check("reweighted/theorem-1.2", problem, name=name)[0]
    print(
        f"W of {name}: {found[name].verdict:7} {found[name].sides:44} slack {round(found[name].slack, 3) + 0.0}"
    )

assert found["rank 1"].verdict == "agrees"
assert abs(found["rank 1"].slack) < 1e-6
assert found["rank 2"].verdict == "holds"
assert 0.2 < found["rank 2"].slack < 0.3
assert found["rank 4"].slack == 1

# %% [markdown]
# One theorem, three faces. For weights of rank one it is an equality. For rank 2 it leaves
# room. For rank 4 it is empty: the tail begins after rk = 4 of 4 singular values.
#
# A statement about something else says so, and a key that does not exist is an error:

# %%
from exact_wlra.errors import InvalidProblemError

for key in ("reweighted/lemma-2.1", "reweighted/theorem-9.9"):
    try:
        ew.theorems.check(key, mine["rank 2"])
    except InvalidProblemError as error:
        print(error)
    else:
        raise AssertionError("a statement accepted the wrong value")

# %% [markdown]
# ## Would it notice?
#
# All findings hold. That is good news, or the check is too weak to fail. To find out,
# break the theorem on purpose. If we had misread the bound by ten per cent, that is,
# claimed that $\|(W \circ A)_{-rk}\|_F^2 \le 0.9\,\mathrm{OPT}_k$: would some case catch it?

# %%
for name, finding in found.items():
    mutated = finding.with_bound(Fraction(9, 10))
    print(f"W of {name}: {finding.verdict:7} with 0.9 OPT: {mutated.verdict}")

assert found["rank 1"].with_bound(Fraction(9, 10)).verdict == "fails"
assert found["rank 2"].with_bound(Fraction(9, 10)).verdict == "holds"
assert found["rank 4"].with_bound(Fraction(9, 10)).verdict == "holds"

# %% [markdown]
# Only the case without slack notices. A thousand random matrices with slack 0.5 would
# all have applauded a wrong constant. So the cases of a statement must contain **tight**
# ones, and the slack tells which they are: a bound with slack s survives any factor above
# 1 - s, and no factor below it.

# %%
factors = [Fraction(i, 50) for i in range(66)]
fig, axes = plt.subplots(figsize=(7, 2.6))
levels = {
    "fails": ("x", "#D55E00"),
    "agrees": ("D", "#E69F00"),
    "holds": ("o", "#0072B2"),
}
for row, finding in enumerate(found.values()):
    seen = [finding.with_bound(factor).verdict for factor in factors]
    for verdict, (marker, color) in levels.items():
        xs = [float(f) for f, v in zip(factors, seen, strict=True) if v == verdict]
        axes.plot(
            xs,
            [row] * len(xs),
            marker,
            color=color,
            markersize=4,
            label=verdict if row == 0 else None,
        )
    axes.plot(1 - finding.slack, row + 0.25, "v", color="black")
    if finding.measured.low > 0:
        edge = Fraction(1 - finding.slack)
        assert finding.with_bound(edge * Fraction(999, 1000)).verdict == "fails"
        assert finding.with_bound(edge * Fraction(1001, 1000)).verdict == "holds"
axes.set(
    title="The bound, multiplied by a factor (triangles: 1 - slack)",
    xlabel="factor",
    ylim=(-0.5, 2.6),
)
axes.set_yticks(range(3), [f"W of {name}" for name in found])
axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
fig.tight_layout()
plt.show()

# %% [markdown]
# A subtler mutation: use r - 1 instead of r. A reader who takes "rank" for "number of
# singular values that matter" does exactly this. The pieces of a check are functions, so
# the mutated theorem takes one line.

# %%
two = mine["rank 2"]
right = singular_tail(two.root_weights.hadamard(two.data), 2)
wrong = singular_tail(two.root_weights.hadamard(two.data), 1)
print("tail after 2:", right, "  tail after 1:", wrong, "  OPT:", optimum(two))

assert right.is_at_most(optimum(two))
assert wrong.exceeds(optimum(two))

# %% [markdown]
# With r - 1 the "lower bound" exceeds the optimum. The rank of W cannot be
# underestimated.
#
# ## Is every hypothesis needed?
#
# The cases of kind *violation* answer that. Take the statement that lets the solver shrink
# its problems: *rows with equal data and proportional weights merge into one*. Two
# hypotheses, and for each a case that violates it. `without_hypotheses` asks what the
# numbers say anyway.

# %%
merging = ew.theorems.verify(ew.theorems.statement("ours/types"), seeds=1)
claim = "OPT(merged) = OPT"
for finding in merging.findings:
    if finding.claim == claim and finding.unmet:
        print(f"without '{', '.join(finding.unmet)}': {finding.sides}")
        assert finding.verdict == "hypothesis not met"
        assert finding.without_hypotheses().verdict == "fails"

unmet = {name for finding in merging.findings for name in finding.unmet}
assert unmet == {"equal data", "proportional weights"}
assert merging.stands

# %% [markdown]
# Without either of them the claim is false. Both hypotheses earn their place.
#
# ## When the printed statement is wrong
#
# Papers have misprints and gaps; some matter. Where a statement as printed is wrong, the
# laboratory keeps the printed form, says why it is wrong, gives the repair, and *runs a
# counterexample*. Our Theorem 1.2 has one.

# %%
[misprint] = stated.errata
print("printed: ", misprint.printed)
print("wrong:   ", misprint.wrong_because)
print("repaired:", misprint.repaired)
[refuted] = misprint.counterexample()
print(refuted)

assert refuted.verdict == "fails"
assert refuted.measured.high == 0 < refuted.bound.low

# %% [markdown]
# This one is easily seen. With the next one it is a matter of luck. Lemma 3.3 of the second
# paper is Cramer's rule for the inverse of R: the entry (a, b) is a minor over det R,
# up to a sign. Which row and column does the minor lack? In the text that this project
# has, the indices are lost. A reader fills in what seems natural: for the entry (a, b),
# without row a and column b.

# %%
cramer = ew.theorems.statement("few-patterns/lemma-3.3")
[erratum] = cramer.errata
print("wrong:   ", erratum.wrong_because)
print("repaired:", erratum.repaired)
refutations = erratum.counterexample()
for finding in refutations:
    print(finding)

assert all(finding.verdict == "fails" for finding in refutations)

# %% [markdown]
# By hand, on a 2 × 2 matrix that is not symmetric:

# %%
R = np.array([[1, 2], [3, 5]])


def cramer_rule(matrix, is_natural):
    """Return the matrix of (-1)^(a+b) times a minor, over the determinant."""
    inverse = np.empty(matrix.shape)
    for a, b in np.ndindex(matrix.shape):
        row, column = (a, b) if is_natural else (b, a)
        minor = np.delete(np.delete(matrix, row, axis=0), column, axis=1)
        inverse[a, b] = (-1) ** (a + b) * np.linalg.det(minor)
    return inverse / np.linalg.det(matrix)


print("the natural reading, times R:\n", (cramer_rule(R, is_natural=True) @ R).round(9))
print("repaired, times R:\n", (cramer_rule(R, is_natural=False) @ R).round(9))

assert np.allclose(cramer_rule(R, is_natural=False) @ R, np.eye(2))
assert not np.allclose(cramer_rule(R, is_natural=True) @ R, np.eye(2))
assert np.allclose(cramer_rule(R, is_natural=True), np.linalg.inv(R).T)

# %% [markdown]
# The natural reading gives the inverse of the *transposed* matrix. The paper uses the rule
# for symmetric matrices, where nobody can notice: there the two agree. A check on random
# symmetric matrices would have passed a thousand times.

# %%
symmetric = R + R.T
natural, repaired = (
    cramer_rule(symmetric, is_natural=which) for which in (True, False)
)
assert np.allclose(natural, repaired)
assert np.allclose(natural @ symmetric, np.eye(2))

# %% [markdown]
# ## A tour
#
# Three statements of each paper, and three of this project. The column *caught* counts the
# findings that would fail if the bound were wrong by a tenth: where it is zero, we should
# not trust the cases.

# %%
TOUR = {
    "reweighted/lemma-2.1": "W o X has rank at most rank W times rank X",
    "reweighted/theorem-1.2": "one SVD bounds OPT from below",
    "reweighted/theorem-1.5": "bits that must be sent, whoever sends them",
    "few-patterns/definition-3.1": "what counts as a pattern",
    "few-patterns/lemma-3.3": "Cramer's rule, for one factor from the other",
    "few-patterns/lemma-3.7": "OPT is at most the cost of zero",
    "ours/concavity": "OPT is concave in the squared weights",
    "ours/components": "blocks that share no weight are solved one by one",
    "ours/group-bounds": "better than Theorem 1.2 if W has few patterns",
}
tour = {key: ew.theorems.verify(ew.theorems.statement(key), seeds=2) for key in TOUR}


def is_caught(finding):
    """Tell whether the finding would fail for a bound that is wrong by a tenth."""
    factor = Fraction(11, 10) if finding.relation == ">=" else Fraction(9, 10)
    return not finding.unmet and finding.with_bound(factor).verdict == "fails"


print(f"{'':28} findings  caught  errata")
for key, verified in tour.items():
    met = [finding for finding in verified.findings if not finding.unmet]
    caught = sum(map(is_caught, verified.findings))
    refuted = sum(finding.verdict == "fails" for finding in verified.counterexamples)
    print(f"{key:28} {len(met):8} {caught:7} {refuted:7}  {TOUR[key]}")
    assert verified.stands
    assert not verified.failed
    assert caught > 0

# %% [markdown]
# Look closer at three of them.
#
# **Theorem 1.5** is about *communication*: Alice knows A, Bob must approximate it, and she
# sends few bits. It says that srk bits can be hidden in A such that every good
# approximation reveals all of them. That can be run: hide the bits, approximate, read them
# off. For a small case all $2^{srk}$ messages are tried.

# %%
hidden = tour["reweighted/theorem-1.5"]
SHOWN = ("messages that differ = 2^srk", "bits read wrong off Bob's X = 0")
for finding in hidden.findings:
    if finding.claim in SHOWN:
        print(finding)

counted = [f for f in hidden.findings if f.claim == SHOWN[0]]
assert counted
assert all(f.verdict == "holds" and f.evidence == "exact" for f in counted)
[blind] = [f for f in hidden.findings if f.unmet]
assert blind.without_hypotheses().verdict == "fails"

# %% [markdown]
# The last line is the violation: Bob answers X = 0, which is no approximation within any
# factor (OPT is 0 here), and some bits are read wrong.
#
# **Concavity** sounds abstract; in one sentence: more weight never makes a problem cheaper,
# and two weightings together cost at least the sum of what each costs alone. (One X has to
# serve both; alone, each may choose its own.)

# %%
adds = [
    f
    for f in tour["ours/concavity"].findings
    if f.claim.endswith("OPT(omega) + OPT(omega')")
]
for finding in adds:
    print(f"{finding.case:28} {finding.sides}   slack {finding.slack:.3g}")
assert all(finding.verdict in ("holds", "agrees") for finding in adds)

# %% [markdown]
# **Group bounds** improve on the paper: if W has only r different rows, up to factors,
# bounding each group of rows by itself beats Theorem 1.2. On our problem of rank 2:

# %%
for finding in ew.theorems.check("ours/group-bounds", mine["rank 2"])[:2]:
    print(f"{finding.verdict}: {finding.claim}: {finding.sides}")
    assert finding.verdict == "holds"

# %% [markdown]
# ## The report
#
# All of it can be written to one page, with texts, errata, findings and pictures; here for
# the tour. From a terminal `exact-wlra verify-theorems --report theorems.html` does it for
# all statements, and exits with an error if one of them fails.

# %%
with tempfile.TemporaryDirectory() as folder:
    page = Path(folder) / "theorems.html"
    write_report(list(tour.values()), page, seeds=2, with_growth=False)
    text = page.read_text(encoding="utf-8")
n_tables, n_pictures = text.count("<table"), text.count("<img")
print(f"one file of {len(text) // 1000} kB, {n_tables} tables, {n_pictures} pictures")

assert n_pictures > 0
assert all(verified.statement.key in text for verified in tour.values())

# %% [markdown]
# ## Exercises
#
# **1.** Lemma 2.1 says rank(W ∘ X) ≤ rank W · rank X. A student claims equality whenever
# the right side is at most min(n, d). Refute this with 4 × 4 matrices of rank 2, and run
# the lemma on them. What slack do you expect?
#
# <details><summary>Solution</summary>
#
# Take $W = X$ with two equal diagonal blocks of ones: $W \circ X = W$ has rank 2, not 4. The
# bound leaves half of itself: slack 0.5. (For *random* factors there is equality; that
# the student tried random ones is why the claim looked right.)
# </details>

# %% tags=["hide-input"]
from exact_wlra.theorems.reweighted.lemma_2_1 import HadamardFactors
from semialgebraic.rational_matrices import RationalMatrix

P = RationalMatrix.from_rows([[1, 0], [1, 0], [0, 1], [0, 1]])
blocks = HadamardFactors(P=P, Q=P.transpose, L=P, R=P.transpose)
finding = ew.theorems.check("reweighted/lemma-2.1", blocks)[0]
print(finding)
assert finding.verdict == "holds"
assert finding.slack == 0.5

at_random = [f for f in tour["reweighted/lemma-2.1"].findings if "random" in f.case]
assert at_random
assert all(f.slack == 0 for f in at_random)

# %% [markdown]
# **2.** Definition 1.1 of the first paper calls X *κ-approximate* if
# $\|W \circ (A - X)\|_F \le \kappa\,\mathrm{OPT}_k^{1/2}$; Theorem 1.2 uses κ for
# $f(X) \le \kappa\,\mathrm{OPT}_k$. Find X for a diagonal 2 × 2 matrix that is 2-approximate
# in one sense and not in the other.
#
# <details><summary>Solution</summary>
#
# $A = \operatorname{diag}(3, 2)$, W all ones, k = 1: $\mathrm{OPT}_1 = 4$. X = 0 costs
# f(0) = 13. In the first sense 13 ≤ 2² · 4 = 16: it is 2-approximate. In the second
# 13 > 2 · 4 = 8: it is not. One letter, two meanings; the laboratory lists it among the
# errata of the definition.
# </details>

# %% tags=["hide-input"]
diagonal = ew.Problem([[3, 0], [0, 2]], rank=1)
best, of_zero = optimum(diagonal), 13
assert best.low == best.high == 4
assert 2 * best.high < of_zero < 2**2 * best.low
definition = ew.theorems.verify(
    ew.theorems.statement("reweighted/definition-1.1"), seeds=1
)
assert any(finding.verdict == "fails" for finding in definition.counterexamples)
print(definition.counterexamples[0])

# %% [markdown]
# **3.** Prove the inequality of concavity,
# $\mathrm{OPT}(\omega + \omega') \ge \mathrm{OPT}(\omega) + \mathrm{OPT}(\omega')$ (ω is the
# matrix of squared weights), and find an instance where the left side is positive
# and both terms on the right are zero.
#
# <details><summary>Solution</summary>
#
# For each X of rank at most k: $f_{\omega + \omega'}(X) = f_\omega(X) + f_{\omega'}(X) \ge
# \mathrm{OPT}(\omega) + \mathrm{OPT}(\omega')$. Take the infimum over X on the left. For the
# instance give ω all its weight in the first row and ω' in the second: one row alone has
# rank one and costs nothing, both together need not: $A = \operatorname{diag}(3, 2)$ again.
# </details>

# %% tags=["hide-input"]
from exact_wlra.theorems.ours.concavity import WeightPair

pair = WeightPair(
    data=RationalMatrix.from_rows([[3, 0], [0, 2]]),
    first=RationalMatrix.from_rows([[1, 1], [0, 0]]),
    second=RationalMatrix.from_rows([[0, 0], [1, 1]]),
    rank=1,
)
for finding in ew.theorems.check("ours/concavity", pair):
    print(finding)
    assert finding.verdict == "holds"
assert pair.optimum(pair.first).high == pair.optimum(pair.second).high == 0
assert pair.optimum(pair.first + pair.second).low == 4
