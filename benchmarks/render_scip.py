"""The section of docs/benchmarks.md on SCIP, from benchmarks/results/scip.json.

Contents
--------
section     the section as text
"""

from typing import Any

from benchmarks import records
from benchmarks.compare_with_scip import GAPS, INSTANCES
from benchmarks.tables import seconds_text, table


def section() -> str:
    document = records.load("scip")
    records_by_name = document["records"]
    found = {
        name: records_by_name[name] for name in INSTANCES if name in records_by_name
    }
    limit = max(record["time_limit"] for record in found.values())
    rows = []
    for name, record in found.items():
        ours = [_reached(run) for run in record["ours"]]
        short = record["time_limit"] < limit
        title = f"{name} (limit {record['time_limit']:g} s)" if short else name
        rows.append((title, "ours", *ours, "", "", ""))
        for model, answer in record["scip"].items():
            rows.append(("", f"SCIP, {model}", *_answer(answer)))
    judged = [
        answer["phases"][-1]
        for record in found.values()
        for answer in record["scip"].values()
        if answer["phases"]
    ]
    claims = [p for p in judged if p["closed"] and p["gap_asked"] == GAPS[-1]]
    below = sum(phase["primal_below_lower"] for phase in claims)
    above = sum(phase["dual_above_upper"] for phase in judged)
    worst = max((phase["relative_shortfall"] for phase in claims), default=0.0)
    loads = [record["load_average"] for record in found.values()]
    head = (
        "instance",
        "solver",
        "s to 1e-3",
        "s to 1e-6",
        "value reported",
        "below our lower bound",
        "dual above our upper",
    )
    return f"""## SCIP on the same instances

PySCIPOpt {document["versions"]["pyscipopt"]} with default settings, in a process of its
own with 6 GiB and a limit of {limit:g} s unless shown otherwise; "-" and a gap mean not
reached in that time. The clock of SCIP leaves out what the system does for it; the seconds
shown include that, and so may exceed the limit. Ours include loading libraries in the
first column, about 0.3 s. The load average was {min(loads):g} to {max(loads):g}. SCIP
starts from our factors and so has to prove the bound only; we start from nothing. Two
models are tried, both with X = U V, V V^T = 1 and bounds on the variables from the
level set of our factors:

- *bilinear*: the sum of omega_ij (A_ij - X_ij)^2 with X = U V;
- *eliminated*, at rank one: u is minimized away, s_i D_i <= N_i^2 with N_i linear in v and D_i
  linear in the sums of v_j^2 over the columns with one weight pattern.

{table(head, rows)}

Of SCIP's {len(claims)} claims of a gap of 1e-6, {below} report a value that is below
our proved lower bound, so that no matrix of the rank asked has it; the largest such shortfall
is {worst:.1e} of the value. {above} of its {len(judged)} dual bounds lie above our
proved upper bound. The values are compared as exact rationals with a bracket of ours
that was asked for a gap of 1e-9; where that was not reached the comparison says
less ({_loose(found)}).

{_tolerances()}
"""


def _tolerances() -> str:
    """Return the table of shortfalls against SCIP's feasibility tolerance."""
    if not (records.RESULTS / "scip_tolerance.json").exists():
        return ""
    ((name, record),) = records.load("scip_tolerance")["records"].items()
    head = ("SCIP's tolerance", *record["scip"])
    rows = [
        (
            f"{tolerance:.0e}",
            *(_shortfall(phases[index]) for phases in record["scip"].values()),
        )
        for index, tolerance in enumerate(record["tolerances"])
    ]
    return f"""The cause is that SCIP accepts points that violate its constraints a little, by 1e-6
unless told otherwise. On "{name}" its value falls short of our lower bound,
relatively, by

{table(head, rows)}

so that a smaller tolerance makes the error smaller, and no tolerance makes a proof.
"""


def _shortfall(phase: dict[str, Any]) -> str:
    """Return by how much a value is below the proved lower bound."""
    below = phase["primal_below_lower"]
    text = f"{phase['relative_shortfall']:.0e}" if below else "not below"
    return f"{text} ({seconds_text(phase['seconds'])} s)"


def _loose(found: dict[str, Any]) -> str:
    """Return the instances whose reference bracket is wide."""
    wide = [
        f"{name}: {record['reference_gap']:.1e}"
        for name, record in found.items()
        if record["reference_gap"] > 1e-8
    ]
    return "; ".join(wide) or "it was reached everywhere"


def _reached(run: dict[str, Any]) -> str:
    """Return the seconds to a gap, or the gap that was reached instead."""
    if run["closed"]:
        return seconds_text(run["seconds"])
    return f"- ({run['gap_reached']:.1e})"


def _answer(answer: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of one model of SCIP."""
    phases = answer["phases"]
    if not phases:
        return (str(answer.get("failed")), "", "", "", "")
    last = phases[-1]
    times = [_reached(phase) for phase in phases] + ["-"] * (2 - len(phases))
    below = (
        f"yes, by {last['relative_shortfall']:.0e}"
        if last["primal_below_lower"]
        else "no"
    )
    above = "yes" if last["dual_above_upper"] else "no"
    return (*times, f"{last['primal']:.10g}", below, above)
