"""The models that SCIP gets, solved in a process of their own.

Run as ``python -m benchmarks.scip_models``: an instance comes in as JSON on standard
input, what SCIP reached goes out as JSON on standard output. Both models start from
our factors of X = U V with the gauge V V^T = 1, and V lower triangular with positive
diagonal in k of its columns:

- *bilinear*: minimize the sum over rows of s_i >= sum_j omega_ij (A_ij - (UV)_ij)^2;
- *eliminated*, rank one: u is minimized away, the cost is sum omega A^2 - sum_i s_i with
  s_i D_i <= N_i^2, where N_i = sum_j omega_ij A_ij v_j is linear in v and
  D_i = sum_c omega_ic t_c is linear in the block norms t_c = sum_{j in c} v_j^2 of the
  distinct columns c of omega.

Every variable has the bounds that follow from cost <= cost of the start.

Contents
--------
gauged                  the same product with factors in the gauge
bilinear, eliminated    build a model and its start
main                    read, solve to each gap in turn, write
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyscipopt import Model, quicksum

Array = NDArray[np.float64]
# Address space of this process, and what SCIP may use of it, in bytes and megabytes.
_ADDRESS_SPACE = 6 * 2**30
_SCIP_MEGABYTES = 3000
# This process is killed when its processor time exceeds this multiple of the limit and
# these seconds: the clock of SCIP leaves out what the system does for it.
_GRACE = 1.5, 20
# Level sets are widened by this, so that the start is inside.
_SLACK = 1 + 1e-6


def gauged(left: Array, right: Array) -> tuple[Array, Array, NDArray[np.int64]]:
    """Return factors of the same product in the gauge, and the k columns named.

    V V^T = 1; in the k columns V is upper triangular with a diagonal that is not
    negative. At rank one the column is that of the largest entry.
    """
    from scipy.linalg import qr

    rank = len(right)
    orthonormal, triangle = np.linalg.qr(right.T)
    left, right = left @ triangle.T, orthonormal.T
    rotation, upper, pivots = qr(right, pivoting=True)
    rotation = rotation * np.where(np.diag(upper) < 0, -1.0, 1.0)
    return left @ rotation, rotation.T @ right, pivots[:rank]


def bilinear(A: Array, omega: Array, left: Array, right: Array) -> Model:
    """Return the model in U, V and X with every X_ij inside its level set."""
    left, right, pivots = gauged(left, right)
    model = Model()
    (n, d), rank = A.shape, len(right)
    cost = float((omega * (A - left @ right) ** 2).sum())
    with np.errstate(divide="ignore"):
        radius = np.sqrt(_SLACK * cost / omega)
    size = np.sqrt(((np.abs(A) + radius) ** 2).sum(axis=1))
    us = [
        [model.addVar(f"u{i}_{m}", lb=-size[i], ub=size[i]) for m in range(rank)]
        for i in range(n)
    ]
    least, most = -np.ones((rank, d)), np.ones((rank, d))
    for place, column in enumerate(pivots):
        least[place:, column] = 0
        most[place + 1 :, column] = 0
    vs = [
        [model.addVar(f"v{m}_{j}", lb=least[m, j], ub=most[m, j]) for j in range(d)]
        for m in range(rank)
    ]
    xs = [
        [
            model.addVar(
                f"x{i}_{j}", lb=A[i, j] - radius[i, j], ub=A[i, j] + radius[i, j]
            )
            for j in range(d)
        ]
        for i in range(n)
    ]
    costs = [model.addVar(f"s{i}", lb=0, ub=_SLACK * cost) for i in range(n)]
    for i in range(n):
        for j in range(d):
            terms = (us[i][m] * vs[m][j] for m in range(rank))
            model.addCons(xs[i][j] == quicksum(terms))
        squares = (omega[i, j] * (A[i, j] - xs[i][j]) ** 2 for j in range(d))
        model.addCons(quicksum(squares) <= costs[i])
    for m in range(rank):
        for other in range(m + 1):
            products = (vs[m][j] * vs[other][j] for j in range(d))
            model.addCons(quicksum(products) == float(m == other))
    model.setObjective(quicksum(costs), "minimize")
    product = left @ right
    energies = (omega * (A - product) ** 2).sum(axis=1)
    _start(model, (us, vs, xs, costs), (left, right, product, energies))
    return model


def _start(model: Model, variables: tuple[Any, ...], values: tuple[Array, ...]) -> None:
    """Give a model the point that it starts from, block by block."""
    start = model.createSol()
    for block, numbers in zip(variables, values, strict=True):
        flat = np.array(block, dtype=object).ravel()
        for variable, number in zip(flat, numbers.ravel(), strict=True):
            model.setSolVal(start, variable, number)
    model.addSol(start)


def eliminated(A: Array, omega: Array, left: Array, right: Array) -> Model:
    """Return the model in v, the block norms t, and the captured energies s."""
    _, (v,), (first,) = gauged(left, right)  # the best u for v is what is eliminated
    model = Model()
    n, d = A.shape
    classes, class_of = np.unique(omega, axis=1, return_inverse=True)
    weighted = omega * A
    energies = (weighted * A).sum(axis=1)
    numerators = weighted @ v
    denominators = omega @ v**2
    captured = numerators**2 / denominators
    cost = float(energies.sum() - captured.sum())
    # sum s >= energy - cost, and every s_i <= its energy.
    least = np.maximum(energies - _SLACK * cost, 0)
    vs = [model.addVar(f"v{j}", lb=0 if j == first else -1, ub=1) for j in range(d)]
    ts = [model.addVar(f"t{c}", lb=0, ub=1) for c in range(classes.shape[1])]
    for c, t in enumerate(ts):
        members = np.flatnonzero(class_of.ravel() == c)
        model.addCons(quicksum(vs[j] * vs[j] for j in members) == t)
    model.addCons(quicksum(ts) == 1)
    ss, parts = [], []
    for i in range(n):
        most = float(np.sqrt((weighted[i] ** 2).sum()))
        s = model.addVar(f"s{i}", lb=least[i], ub=energies[i])
        top = model.addVar(f"n{i}", lb=-most, ub=most)
        bottom = model.addVar(f"d{i}", lb=omega[i].min(), ub=omega[i].max())
        model.addCons(top == quicksum(weighted[i, j] * vs[j] for j in range(d)))
        model.addCons(bottom == quicksum(classes[i, c] * t for c, t in enumerate(ts)))
        model.addCons(s * bottom <= top * top)
        ss.append(s)
        parts.append((top, bottom))
    model.addCons(quicksum(ss) >= float(energies.sum()) - _SLACK * cost)
    model.setObjective(float(energies.sum()) - quicksum(ss), "minimize")
    start = model.createSol()
    for j in range(d):
        model.setSolVal(start, vs[j], v[j])
    for c, t in enumerate(ts):
        model.setSolVal(start, t, float((v[class_of.ravel() == c] ** 2).sum()))
    for i, (top, bottom) in enumerate(parts):
        model.setSolVal(start, top, numerators[i])
        model.setSolVal(start, bottom, denominators[i])
        model.setSolVal(start, ss[i], captured[i])
    model.addSol(start)
    return model


_MODELS = {"bilinear": bilinear, "eliminated": eliminated}


def main() -> None:
    """Solve the instance on standard input to each gap in turn."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    task: dict[str, Any] = json.load(sys.stdin)
    factor, constant = _GRACE
    seconds = int(factor * task["time_limit"]) + constant
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    A, omega = np.array(task["data"], float), np.array(task["squared_weights"], float)
    left, right = np.array(task["left"], float), np.array(task["right"], float)
    started = time.process_time()
    model = _MODELS[task["model"]](A, omega, left, right)
    model.hideOutput()
    model.setParam("limits/memory", _SCIP_MEGABYTES)
    model.setParam("timing/clocktype", 1)  # processor time, as for ours
    model.setParam("numerics/feastol", task.get("tolerance", 1e-6))
    phases = []
    for gap in task["gaps"]:
        left = task["time_limit"] - (time.process_time() - started)
        if left <= 0:
            break
        model.setParam("limits/gap", gap)
        model.setParam("limits/time", model.getSolvingTime() + left)
        model.optimize()
        phases.append(
            {
                "gap_asked": gap,
                "status": model.getStatus(),
                "seconds": time.process_time() - started,
                "primal": model.getPrimalbound(),
                "dual": model.getDualbound(),
                "nodes": model.getNTotalNodes(),
                "start_accepted": model.getNSolsFound() > 0,
            }
        )
    json.dump({"scip": model.version(), "phases": phases}, sys.stdout)


if __name__ == "__main__":
    main()
