"""The section of docs/benchmarks.md on formulations and oracles, from oracles.json.

Contents
--------
section     the section as text
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from benchmarks import records
from benchmarks.tables import seconds_text, table

_PREFIX = "decisions: "
_TITLES = {
    "charts": "Charts, of the side with less work",
    "plain": "Plain: the entries of U and V",
    "sketched": "Sketched from both sides, t = k + 2",
    "sketched-charts": "Sketched from one side, t = k + 2, in charts",
}
_FAMILIES = ("generic", "two row patterns", "one zero")
_NOT_TRIED, _OUT_OF_SCOPE = "·", "–"
_QUESTIONS = ("1.01", "0.99")
_PROVED = ("p", "t", "s", "c")


def section() -> str:
    """Return the tables on single questions."""
    found = records.load("oracles")["records"]
    return _decisions(
        {
            name.removeprefix(_PREFIX): record
            for name, record in found.items()
            if name.startswith(_PREFIX)
        }
    )


def _decisions(found: dict[str, Any]) -> str:
    """Return the tables on single questions."""
    record = found["charts"]
    named = [f"{k} {v}" for k, v in record["programs"].items() if "msolve" not in k]
    texts = [
        f"""## Formulations and oracles

*Is OPT <= c?* is asked once with c 1% above and once 1% below the best cost known, which
a certificate proves to be nearly optimal; all answers below agree with it. Data are
integers in -9 .. 9, weights W in 1 .. 9; "one zero" has one weight 0 (where OPT is 0 then,
nothing is asked). One question, all its systems together, has {record["limit"]:g} s on the clock,
of which other work on the machine takes a part; seconds are processor time, external
programs included ({", ".join(named)}).
An oracle that failed at a question on one size was not asked it on larger ones of the
same kind of weights; in the plain and the sketched formulation, of any weights.

Each cell has the seconds for 1.01 and for 0.99 of the best cost and what the answer rests
on: **p** a point, evaluated; **t** a box tree, replayed; **s** a sum of squares, verified;
**c** an exact computation run to its end; **r** the report of an external program, not
proved. *time*: the limit was reached; *?*: given up before, see the reasons; {_OUT_OF_SCOPE} out of its
scope; {_NOT_TRIED} not tried. `portfolio` asks the others one after the other.
""",
        _summary(found),
    ]
    texts += [_formulation(name, found[name]) for name in _TITLES if name in found]
    texts.append(_choice(found))
    return "\n".join(texts)


def _summary(found: dict[str, Any]) -> str:
    """Return decided and undecided questions by formulation and oracle."""
    rows = []
    for name in _TITLES:
        if name not in found:
            continue
        by_oracle = _grouped(found[name]["answers"], "oracle")
        for oracle, answers in by_oracle.items():
            right = [a for a in answers if a["outcome"] == "right"]
            proved = [a for a in right if _letter(a) in _PROVED]
            scope = sum(a["outcome"] == "out of scope" for a in answers)
            if scope == len(answers):
                continue
            times = [a["seconds"] for a in right]
            rows.append(
                (
                    name,
                    oracle,
                    len(right),
                    len(proved),
                    len(answers) - len(right) - scope,
                    scope,
                    2 * len(found[name]["sizes"]) - len(answers),
                    seconds_text(statistics.median(times)) if times else "",
                    seconds_text(max(times)) if times else "",
                )
            )
    head = (
        "formulation",
        "oracle",
        "decided",
        "of these proved",
        "undecided",
        "out of scope",
        "not tried",
        "median s",
        "max s",
    )
    return table(head, rows) + "\n"


def _formulation(name: str, record: dict[str, Any]) -> str:
    """Return the table of one formulation."""
    columns = list(dict.fromkeys(one["size"] for one in record["sizes"]))
    rows: list[tuple[str, ...]] = []
    families = _grouped(
        sorted(record["sizes"], key=lambda one: _FAMILIES.index(one["family"])),
        "family",
    )
    answers = {
        (a["family"], a["size"], a["oracle"], a["question"]): a
        for a in record["answers"]
    }
    oracles = list(dict.fromkeys(a["oracle"] for a in record["answers"]))
    for family, sizes in families.items():
        by_size = {one["size"]: one for one in sizes}
        rows.append(
            (f"*{family}*", "", *(_system(by_size.get(size)) for size in columns))
        )
        for oracle in oracles:
            cells = [
                _cell([answers.get((family, size, oracle, q)) for q in _QUESTIONS])
                if size in by_size
                else ""
                for size in columns
            ]
            if any(c not in ("", _NOT_TRIED, _OUT_OF_SCOPE) for c in cells):
                rows.append(("", oracle, *cells))
    return f"""### {_TITLES[name]}

The first line of each kind of weights has the systems, their variables and degree.

{table(("weights", "oracle", *columns), rows)}

{_reasons(record["answers"])}
"""


def _system(sizes: dict[str, Any] | None) -> str:
    """Return number of systems, variables and degree."""
    if sizes is None:
        return ""
    n, v, d = sizes["systems"], sizes["variables"], sizes["degree"]
    return f"*{n} x {v} var., deg. {d}*"


def _cell(pair: list[dict[str, Any] | None]) -> str:
    """Return the answers to both questions in short."""
    first, second = (_short(answer) for answer in pair)
    return first if first == second else f"{first} / {second}"


def _short(answer: dict[str, Any] | None) -> str:
    """Return seconds and evidence, or why there is none."""
    if answer is None:
        return _NOT_TRIED
    match answer["outcome"]:
        case "right":
            return f"{seconds_text(answer['seconds'])} {_letter(answer)}"
        case "out of scope":
            return _OUT_OF_SCOPE
        case _:
            return "time" if _is_about_time(answer) else "?"


def _letter(answer: dict[str, Any]) -> str:
    """Return the kind of evidence as a letter; external reports count as such."""
    kind = answer["kind"]
    if "reported" in kind:
        return "r"
    words = {"point": "p", "subdivision": "t", "sum of squares": "s", "computed": "c"}
    return next(letter for word, letter in words.items() if kind.startswith(word))


def _is_about_time(answer: dict[str, Any]) -> bool:
    """Tell whether the limit was reached."""
    kind = answer["kind"]
    return any(w in kind for w in ("time is over", "out of time", "did not stop"))


def _reasons(answers: Iterable[dict[str, Any]]) -> str:
    """Return why oracles gave up before the limit, and who was out of scope."""
    reasons: dict[str, list[str]] = {}
    for answer in answers:
        if answer["outcome"] == "undecided" and not _is_about_time(answer):
            text = answer["kind"].split("; Gram")[0].split(": cad:")[0].rstrip(".")
            said = reasons.setdefault(answer["oracle"], [])
            if text not in said:
                said.append(text)
    lines = [f"- `{oracle}`: {'; '.join(said)}." for oracle, said in reasons.items()]
    return "\n".join(["Given up:", "", *lines]) if lines else "Nobody gave up before."


def _choice(found: dict[str, Any]) -> str:
    """Return who is fastest with a proof, beside the automatic choice, in charts."""
    record = found["charts"]
    sizes = {(one["family"], one["size"]): one for one in record["sizes"]}
    seconds: dict[tuple[int, str], list[float]] = defaultdict(list)
    asked: dict[tuple[int, str], int] = defaultdict(int)
    choices: dict[int, set[str]] = defaultdict(set)
    for one in sizes.values():
        choices[one["variables"]].add(one["choice"])
    for answer in record["answers"]:
        variables = sizes[answer["family"], answer["size"]]["variables"]
        key = (variables, answer["oracle"])
        asked[key] += 1
        if answer["outcome"] == "right" and _letter(answer) in _PROVED:
            seconds[key].append(answer["seconds"])
    oracles = list(dict.fromkeys(a["oracle"] for a in record["answers"]))
    rows = [
        (
            v,
            " or ".join(f"`{name}`" for name in sorted(choices[v])),
            *(_proved(seconds[v, o], asked[v, o]) for o in oracles),
        )
        for v in sorted(choices)
    ]
    return f"""### The automatic choice

In charts, by the number of variables: the oracle that `semialgebraic.deciding.choose`
takes, and for each oracle how many of the questions it was asked it decided with a proof
or a point, and the median of the seconds.

{table(("variables", "choice", *oracles), rows)}
"""


def _proved(seconds: list[float], asked: int) -> str:
    """Return decided of asked, and the median."""
    if not asked:
        return _NOT_TRIED
    if not seconds:
        return f"0 of {asked}"
    median = seconds_text(statistics.median(seconds))
    return f"{len(seconds)} of {asked}, {median}"


def _grouped(
    answers: Iterable[dict[str, Any]], name: str
) -> dict[str, list[dict[str, Any]]]:
    """Return records by a field, in the order of first occurrence."""
    found: dict[str, list[dict[str, Any]]] = {}
    for answer in answers:
        found.setdefault(answer[name], []).append(answer)
    return found
