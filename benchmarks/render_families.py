"""The section of docs/benchmarks.md on families, from benchmarks/results/families.json.

Contents
--------
section     the section as text
"""

import math
from collections import Counter
from typing import Any

from benchmarks import families
from benchmarks.tables import seconds_text, table

# Gaps below this are taken for it where logarithms are averaged.
_LEAST_GAP = 1e-9


def section() -> str:
    """Return the section: the picture and a table for each family."""
    found = families.stored()
    titles = list(dict.fromkeys(record["family"] for record in found))
    texts = [_head(found)]
    for family in titles:
        members = [record for record in found if record["family"] == family]
        texts.append(f"### {family[0].upper()}{family[1:]}\n\n{_table(members)}\n")
        if members[0]["published_gap"] is not None:
            texts.append(_completion(members))
    return "\n".join(texts)


def _head(found: list[dict[str, Any]]) -> str:
    loads = [record["load_average"] for record in found]
    return f"""## Families: the gap that is proved in a given time

![Proved gap against time, one panel for each family](images/gaps.png)

([The same as SVG](images/gaps.svg).) One line is one seed: the gap known to `solve`
against seconds of processor time, with a dot at the end, where the checker has confirmed
it. A method is heard of when it ends, so that most lines are stairs of few steps. A solve
ends at the limit, in seconds of processor time, or at twice that on the clock, or when no
method is left to try. Other work took most of the clock: the load average of the two
cores was {min(loads):g} to {max(loads):g}. The first seed of a size pays for loading libraries, about 0.3 s.

*Any weights*: every W_ij is drawn from 1, 2, 3, and data are noise, or planted of rank k
plus noise. *Weights of rank two*: two column patterns, and two, three or k row patterns.
*Missing data*: weights 0 and 1.
"""


def _table(members: list[dict[str, Any]]) -> str:
    rows = [
        (
            record["member"],
            f"{record['gap_asked']:.0e}",
            f"{record['time_limit']:g}",
            f"{record['closed']} of {record['seeds']}",
            seconds_text(record["median_seconds"]),
            seconds_text(record["max_seconds"]),
            f"{record['median_gap']:.1e}",
            f"{record['max_gap']:.1e}",
            _rules(record),
        )
        for record in members
    ]
    head = (
        "instance",
        "gap asked",
        "limit s",
        "closed",
        "median s",
        "max s",
        "median gap",
        "largest gap",
        "bound by",
    )
    return table(head, rows)


def _rules(record: dict[str, Any]) -> str:
    """Return what the lower bounds rest on, the most frequent first."""
    rules = Counter(_rule(run) for run in record["each"])
    if len(rules) == 1:
        return next(iter(rules))
    return ", ".join(f"{rule} ({n})" for rule, n in rules.most_common())


def _rule(run: dict[str, Any]) -> str:
    """Return the rule of a bound; where it is one of the transpose, the last method."""
    last: str = run["method"].split(" + ")[-1]
    return last if run["rule"] == "transpose" else str(run["rule"])


def _completion(members: list[dict[str, Any]]) -> str:
    """Return the comparison with the published gaps."""
    rows = []
    for record in members:
        with_constant = [run["gap_with_constant"] for run in record["each"]]
        rows.append(
            (
                record["member"],
                f"{_mean([run['gap_reached'] for run in record['each']]):.1e}",
                f"{_mean(with_constant):.1e}",
                f"{max(with_constant):.1e}",
                f"{record['published_gap']:.1e}",
            )
        )
    head = (
        "instance",
        "our gap, geometric mean",
        "of their objective",
        "largest",
        "published, of their objective",
    )
    seconds = max(record["max_seconds"] for record in members)
    return f"""These are the instances of Bertsimas, Cory-Wright, Lo and Pauphilet (*Disjunctive
branch-and-bound for certifiably optimal low-rank matrix completion*), their generator
run with our seeds: A = U V + 0.1 N, gamma = 80. Their objective is larger than
ours by a constant, sum over the observed entries of A^2/(1 + gamma) in the scale of twice
theirs, so that gaps relative to it are smaller. The published gaps are geometric means
over 50 instances after 3600 s (the first: 3235 s) on their machine, with Mosek; ours are
over the seeds of the table and took at most {seconds_text(seconds)} s here. Gaps below {_LEAST_GAP:.0e} count as that in the means.

{table(head, rows)}
"""


def _mean(gaps: list[float]) -> float:
    """Return the geometric mean."""
    logarithms = [math.log(max(gap, _LEAST_GAP)) for gap in gaps]
    return math.exp(sum(logarithms) / len(logarithms))
