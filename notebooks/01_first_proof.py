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
# # Is this rank-one fit really the best?
#
# Given data A and weights W, the best fit of rank one minimizes
#
# $$\sum_{ij} W_{ij}^2\,(A_{ij} - u_i v_j)^2 .$$
#
# The usual methods go downhill and stop where no small step helps. Two instances show
# that this is not an answer, and what an answer looks like. The first is so small that
# everything can be drawn.

# %%
import matplotlib.pyplot as plt
import numpy as np

import exact_wlra as ew
from exact_wlra.terminal.demo import usual_answers


def show(problem):
    """Print A and W."""
    for name, matrix in (("A", problem.data), ("W", problem.root_weights)):
        print(name)
        for row in matrix.fractions():
            print("".join(f"{entry!s:>5}" for entry in row))


small = ew.read("dataset:small-2x3", rank=1)
show(small)

# %% [markdown]
# ## What the usual methods say
#
# Each of them runs until it stands still.

# %%
answers = usual_answers(small.instance, seed=0)
for name, cost in answers:
    print(f"{name:<28}{cost:10.4f}")

# %% [markdown]
# The two decompositions do not minimize this cost at all. The others stop at one of two
# values; which one depends on where they start.

# %%
ends = {round(cost, 4) for name, cost in answers if "SVD" not in name[:3]}
assert ends == {43.8410, 118.5048}

# %% [markdown]
# ## The whole landscape
#
# For fixed u the best v is explicit, and the cost depends on the direction of u only:
# on one angle. So all fits of rank one lie on one curve.

# %%
A, omega = small.data.to_float(), small.squared_weights.to_float()


def best_cost(angle):
    """Return the least cost of u v for u = (cos, sin), over all v."""
    u = np.array([np.cos(angle), np.sin(angle)])
    captured = np.einsum("ij,ij,i...->j...", omega, A, u) ** 2
    return (omega * A**2).sum() - (captured / (omega.T @ u**2)).sum(axis=0)


angles = np.linspace(0, np.pi, 20_001)[:-1]
costs = best_cost(angles)
is_minimum = (costs < np.roll(costs, 1)) & (costs < np.roll(costs, -1))

figure, axes = plt.subplots(figsize=(7, 3.5))
axes.plot(angles, costs, color="#0072B2")
axes.plot(angles[is_minimum], costs[is_minimum], "o", color="#D55E00")
for angle, cost in zip(angles[is_minimum], costs[is_minimum], strict=True):
    axes.text(angle, cost + 15, f"{cost:.4f}", ha="center")
axes.set(title="small-2x3: every rank-one fit", xlabel="angle of u", ylabel="cost")
axes.set_ylim(0, 450)
axes.set_xticks([0, np.pi / 2, np.pi], ["0", "π/2", "π"])
figure.tight_layout()
plt.show()

assert sorted(costs[is_minimum].round(4)) == [43.8410, 118.5048]

# %% [markdown]
# There are two valleys. A picture drawn from floating-point samples is convincing, but
# it is no proof, and with more rows there is no curve to draw.
#
# ## An answer that can be checked
#
# `solve` returns factors, a lower and an upper bound, and a certificate. With two rows
# the optimum is even known exactly: it is a root of an integer polynomial.

# %%
solution = ew.solve(small)
print(solution)

# %%
optimum = solution.algebraic
assert solution.claim == "minimum"
assert solution.lower <= optimum.isolating_interval[0]
assert optimum.isolating_interval[1] <= solution.upper
assert solution.upper == small.cost(solution.U, solution.V)
print(f"a root of a polynomial of degree {len(optimum.minimal_polynomial) - 1}")
print(f"{optimum.n_real_critical_points} real critical points, two of them minima")

# %% [markdown]
# The checker does not trust the solver. It reads the certificate, rebuilds the problem
# from A and W, and verifies each step. A certificate that claims a little more than it
# proves is rejected.

# %%
from dataclasses import replace

from exact_wlra.errors import RejectedCertificateError

proved = ew.check(small, solution.certificate)
assert proved >= solution.lower

lie = replace(solution.certificate, lower=solution.upper)
try:
    ew.check(small, lie)
except RejectedCertificateError as error:
    print("rejected:", error)
else:
    raise AssertionError("the lie was believed")

# %% [markdown]
# ## Four valleys
#
# Now four by four integers. There is no curve to draw any more, and the usual methods
# give five different answers.

# %%
hero = ew.read("dataset:four-basins-4x4", rank=1)
show(hero)
answers = usual_answers(hero.instance, seed=0)
for name, cost in answers:
    print(f"{name:<28}{cost:10.4f}")

assert len({round(cost, 3) for _, cost in answers}) == 5

# %% [markdown]
# Many starts are the usual remedy. Here are 2000 runs of alternating least squares:
# they end in four valleys, so that the best of a few runs may well be wrong, and
# nothing in the runs says so.

# %%
A, omega = hero.data.to_float(), hero.squared_weights.to_float()
v = np.random.default_rng(0).standard_normal((2000, 4))
for _ in range(2000):
    u = v @ (omega * A).T / (v**2 @ omega.T)
    v = u @ (omega * A) / (u**2 @ omega)
residuals = A - u[:, :, None] * v[:, None, :]
costs = (omega * residuals**2).sum(axis=(1, 2))
ends, counts = np.unique(costs.round(3), return_counts=True)
for cost, count in zip(ends, counts, strict=True):
    print(f"{cost:10.3f}   {count / 2000:.0%} of the starts")

assert list(ends) == [230.730, 246.329, 433.857, 487.900]
assert (counts / 2000 < 0.5).all()

# %% [markdown]
# ## Which one is the optimum?

# %%
solution = ew.solve(hero, gap=1e-6)
print(solution)

assert solution.is_proved
assert solution.lower <= solution.upper <= solution.lower * (1 + 2e-6)
assert all(cost > solution.upper for _, cost in answers)
assert abs(float(solution.upper) - ends[0]) < 1e-3

# %% [markdown]
# No matrix of rank one costs less than `lower`: all seven usual answers are wrong, and
# the lowest of the four valleys is the optimum. The certificate is a covering of the
# possible fits by small simplices, with a verified inequality on each;
# `docs/certificate-format.md` says what stands in it, `docs/proofs.md` why it proves
# the bound. Written to a file and read again, the checker accepts it.

# %%
text = ew.certificate_to_json(solution.certificate)
certificate = ew.certificate_from_json(text)
assert certificate == solution.certificate
proved = ew.check(hero, certificate)
assert proved >= solution.lower
print("accepted: the optimum is at least", round(float(proved), 6))
