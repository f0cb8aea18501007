"""docs/theory.md: every statement, where it stands, who uses it, what was last found.

``python -m benchmarks.theory`` runs all statements, stores their numbers in
benchmarks/results/theorems.json and writes the page; with ``--page`` it only writes the
page from the stored numbers. Times are left out, so that the same code gives the same
page.

Contents
--------
main            run, store, write
record          the numbers of one statement
page            the page as text
proofs          where a source stands in docs/proofs.md
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.records import RESULTS
from benchmarks.tables import table
from exact_wlra.theorems.pages import escaped
from exact_wlra.theorems.registry import HOMES, statement, statements
from exact_wlra.theorems.statements import Erratum, Statement
from exact_wlra.theorems.summaries import slack_text, summary
from exact_wlra.theorems.verifying import Verification, verify

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "theory.md"
STORED = RESULTS / "theorems.json"
SEEDS = 3

_PAPERS = {
    "reweighted": "Reweighted solutions [WoodruffYasuda2024]",
    "few-patterns": "Few patterns [LiLiangShiSong2025]",
    "ours": "Ours",
}
# What a source says after this are labels and titles of docs/proofs.md.
_PROOFS = "docs/proofs.md, "


def main(arguments: list[str]) -> None:
    """Run the statements unless told not to, and write the page."""
    if "--page" not in arguments:
        records = {}
        for stated in statements():
            sys.stderr.write(f"{stated.key}\n")
            records[stated.key] = record(verify(stated, seeds=SEEDS))
        document = {"seeds": SEEDS, "records": records}
        text = json.dumps(document, indent=1, ensure_ascii=False)
        STORED.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def record(found: Verification) -> dict[str, Any]:
    """Return what is stored about a statement: no times."""
    numbers = summary(found)
    return {
        "outcome": numbers.outcome,
        "cases": numbers.cases,
        "verdicts": {name: count for name, count in numbers.verdicts.items() if count},
        "worst_slack": slack_text(numbers.worst_slack),
        "evidence": numbers.evidence,
        "errata": numbers.errata,
        "errata_shown": numbers.errata_shown,
    }


def stored() -> dict[str, Any]:
    """Return the stored numbers, by key."""
    document = json.loads(STORED.read_text(encoding="utf-8"))
    records: dict[str, Any] = document["records"]
    return records


def page() -> str:
    """Return docs/theory.md."""
    records = stored()
    parts = [_head(records)]
    for paper, title in _PAPERS.items():
        chosen = [s for s in statements() if s.key.partition("/")[0] == paper]
        if chosen:
            parts.append(_paper(title, chosen, records))
    return "\n".join(parts)


def _head(records: dict[str, Any]) -> str:
    counts = {
        name: sum(each["outcome"] == name for each in records.values())
        for name in ("stands", "undecided", "fails")
    }
    errata = sum(len(stated.errata) for stated in statements())
    shown = sum(each["errata_shown"] for each in records.values())
    return f"""# Theory

Every numbered statement of the two papers, and ours, each as a module that runs: with all
its hypotheses, cases that try to break it, and the errors of the printed version.
{len(records)} statements: {counts["stands"]} stand, {counts["undecided"]} have something undecided, \
{counts["fails"]} fail. {errata} errata of what is printed, {shown} of them shown by a \
counterexample that runs.
[proofs.md](proofs.md) has the proofs of what the solver rests on,
[benchmarks.md](benchmarks.md#the-almost-linear-claim) the running time that Theorem 1.2 on few
patterns claims, measured.

    exact-wlra verify-theorems                            # all of them
    exact-wlra verify-theorems --statement {next(iter(records))}
    exact-wlra verify-theorems --report theorems.html     # with pictures

*Last finding* counts cases and verdicts, then the least slack (the room that a bound
leaves, as a part of it; for equalities minus the relative difference; a little below 0
where two enclosures meet, and for samples) and the weakest evidence. *Not met*: the case violates
a hypothesis, on purpose. Below each table stand the statements in full, with their modules, who
uses them, and the tests that try to break them. This page is made by `make theory`, not by hand.
"""


def _paper(title: str, chosen: list[Statement[Any]], records: dict[str, Any]) -> str:
    """Return the table of a paper, then its statements in full."""
    rows = [
        (
            f"[{each.key}](#{_anchor(each.key)})",
            escaped(each.title),
            _last(records[each.key]),
        )
        for each in chosen
    ]
    head = ("statement", "says", "last finding")
    texts = "\n".join("\n".join(_statement(each)) for each in chosen)
    return f"## {title}\n\n{table(head, rows)}\n\n{texts}"


def _last(found: dict[str, Any]) -> str:
    """Return the numbers of a statement in one cell."""
    names = {"hypothesis not met": "not met"}
    verdicts = ", ".join(
        f"{count} {names.get(name, name)}" for name, count in found["verdicts"].items()
    )
    state = "" if found["outcome"] == "stands" else f"**{found['outcome']}**: "
    errata = (
        f"; {found['errata_shown']} of {found['errata']} errata shown"
        if found["errata"]
        else ""
    )
    slack = f"; slack {found['worst_slack']}" if found["worst_slack"] else ""
    evidence = f"; {found['evidence']}" if found["evidence"] else ""
    return f"{state}{found['cases']} cases: {verdicts}{slack}{evidence}{errata}"


def _statement(stated: Statement[Any]) -> Iterator[str]:
    """Yield the lines of one statement: text, hypotheses, errata, where it is used."""
    yield f"### {stated.key}\n"
    source = escaped(stated.source.replace("]_", "]").partition(_PROOFS)[0])
    links = [
        f"[{name}](proofs.md#{to})" if to else name
        for name, to in proofs(stated.source).items()
    ]
    where = f"{source}{'proof: ' if links else ''}{', '.join(links)}"
    yield f"*{escaped(stated.title)}* ({where})\n"
    yield f"{escaped(stated.text)}\n"
    if stated.hypotheses:
        for hypothesis in stated.hypotheses:
            yield f"* *{escaped(hypothesis.name)}*: {escaped(hypothesis.text)}"
        yield ""
    for erratum in stated.errata:
        yield _erratum(erratum, stated.key)
    places = {"Module": (_module(stated.key),), "used by": stated.used_by}
    named = {**places, "tests": stated.tests}.items()
    yield (
        "; ".join(
            f"{what}: " + ", ".join(f"`{name}`" for name in names)
            for what, names in named
            if names
        )
        + ".\n"
    )


def _erratum(erratum: Erratum, key: str) -> str:
    """Return what is printed, why it is wrong, what is true."""
    shown = (
        f" *Counterexample:* `exact-wlra verify-theorems --statement {key}`."
        if erratum.counterexample is not None
        else ""
    )
    return (
        f"> **Erratum.** {escaped(erratum.printed)} *Wrong because:* "
        f"{escaped(erratum.wrong_because)} *Repaired:* {escaped(erratum.repaired)}"
        f"{shown}\n"
    )


def proofs(source: str) -> dict[str, str | None]:
    """Return the anchor in docs/proofs.md of each label or title that a source names.

    Where it is not found, None. What stands after a semicolon is other literature.
    """
    if _PROOFS not in source:
        return {}
    text = (DOCS / "proofs.md").read_text(encoding="utf-8").replace("–", "-")
    names = re.split(r", | and ", source.partition(_PROOFS)[2].partition(";")[0])
    return {name: _heading_of(name, text) for name in names}


def _heading_of(name: str, text: str) -> str | None:
    """Return the anchor of the section that has a name as heading or in bold."""
    pattern = rf"(?mi)^##+ .*\b{re.escape(name)}\b|\*\*[^*\n]*\b{re.escape(name)}\b"
    found = re.search(pattern, text)
    if found is None:
        return None
    line_end = text.find("\n", found.start())
    return _anchor(re.findall(r"(?m)^##+ (.+)$", text[:line_end])[-1])


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _module(key: str) -> str:
    """Return the module of a statement."""
    return f"exact_wlra.theorems.{HOMES[statement(key).key]}"


if __name__ == "__main__":
    main(sys.argv[1:])
