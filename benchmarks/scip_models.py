"""The models that SCIP gets, solved in a process of their own.

Run as ``python -m benchmarks.scip_models``: an instance comes in as JSON on standard
input, what SCIP reached goes out as JSON on standard output. Both models are of
rank one, X = u v^T with the gauge |v| = 1, and start from our factors:

- *bilinear*: minimize the sum over rows of s_i >= sum_j omega_ij (A_ij - u_i v_j)^2;
- *eliminated*: u is minimized away, the cost is sum omega A^2 - sum_i s_i with
  s_i D_i <= N_i^2, where N_i = sum_j omega_ij A_ij v_j is linear in v and
  D_i = sum_c omega_ic t_c is linear in the block norms t_c = sum_{j in c} v_j^2 of the
  distinct columns c of omega.

Every variable has the bounds that follow from cost <= cost of the start.

Contents
--------
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
# Seconds of processor time after its limit when this process is killed.
_GRACE = 20
# Level sets are widened by this, so that the start is inside.
_SLACK = 1 + 1e-6


def bilinear(A: Array, omega: Array, u: Array, v: Array) -> Model:
    """Return the model in u, v and X with every X_ij inside its level set."""
    model = Model()
    n, d = A.shape
    cost = float((omega * (A - np.outer(u, v)) ** 2).sum())
    with np.errstate(divide="ignore"):
        radius = np.sqrt(_SLACK * cost / omega)
    size = np.sqrt(((np.abs(A) + radius) ** 2).sum(axis=1))
    first = int(np.abs(v).argmax())
    us = [model.addVar(f"u{i}", lb=-size[i], ub=size[i]) for i in range(n)]
    vs = [model.addVar(f"v{j}", lb=0 if j == first else -1, ub=1) for j in range(d)]
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
            model.addCons(xs[i][j] == us[i] * vs[j])
        squares = (omega[i, j] * (A[i, j] - xs[i][j]) ** 2 for j in range(d))
        model.addCons(quicksum(squares) <= costs[i])
    model.addCons(quicksum(x * x for x in vs) == 1)
    model.setObjective(quicksum(costs), "minimize")
    start = model.createSol()
    for i in range(n):
        model.setSolVal(start, us[i], u[i])
        model.setSolVal(
            start, costs[i], float((omega[i] * (A[i] - u[i] * v) ** 2).sum())
        )
        for j in range(d):
            model.setSolVal(start, xs[i][j], u[i] * v[j])
    for j in range(d):
        model.setSolVal(start, vs[j], v[j])
    model.addSol(start)
    return model


def eliminated(A: Array, omega: Array, u: Array, v: Array) -> Model:
    """Return the model in v, the block norms t, and the captured energies s."""
    del u  # the best u for v is what is eliminated
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
    first = int(np.abs(v).argmax())
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
    seconds = int(task["time_limit"]) + _GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    A, omega = np.array(task["data"], float), np.array(task["squared_weights"], float)
    u, v = np.array(task["u"], float), np.array(task["v"], float)
    u, v = u * np.linalg.norm(v), v / np.linalg.norm(v)
    if v[np.abs(v).argmax()] < 0:
        u, v = -u, -v
    started = time.process_time()
    model = _MODELS[task["model"]](A, omega, u, v)
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
