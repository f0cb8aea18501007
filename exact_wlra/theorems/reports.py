"""The report of a run: what each statement says, what was found, what is misprinted.

Contents
--------
report          the parts of the page
write_report    as .md with a folder of pictures, or as one .html file
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from exact_wlra import __version__
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.growth import (
    DATA_PATTERNS,
    WEIGHT_PATTERNS,
    Timing,
    above_floor,
    exponent,
    medians,
    patterned_timing,
)
from exact_wlra.theorems.pages import (
    Block,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Picture,
    html,
    markdown,
    write_pictures,
)
from exact_wlra.theorems.pictures import growth_svg, sample_picture, slack_picture
from exact_wlra.theorems.statements import Erratum
from exact_wlra.theorems.summaries import Summary, slack_text, summary
from exact_wlra.theorems.verifying import Verification

TITLE = "Theorem laboratory: what was verified"

_SKETCH = "few-patterns/lemma-3.8"
_GROWTH_SIZES = (1000, 10_000, 100_000, 177_828, 316_228, 562_341, 1_000_000)


def write_report(
    found: Sequence[Verification], path: Path, *, seeds: int, with_growth: bool
) -> None:
    """Write the report to a file that ends in .md or .html.

    Parameters
    ----------
    seeds : int
        How many random cases of each kind there were.
    with_growth : bool
        Measure running time against n, some seconds.
    """
    timings = medians(patterned_timing, _GROWTH_SIZES) if with_growth else ()
    blocks = report(found, seeds=seeds, timings=timings)
    if path.suffix == ".html":
        path.write_text(html(blocks, title=TITLE), encoding="utf-8")
        return
    images = f"{path.stem}-images"
    write_pictures(blocks, path.parent / images)
    path.write_text(markdown(blocks, images=images), encoding="utf-8")


def report(
    found: Sequence[Verification], *, seeds: int, timings: Sequence[Timing] = ()
) -> list[Block]:
    """Return the parts of the page.

    Examples
    --------
    >>> from exact_wlra.theorems import statement, verify
    >>> found = verify(statement("reweighted/lemma-2.1"), seeds=1)
    >>> [block.text for block in report([found], seeds=1) if isinstance(block, Heading)]
    ['Theorem laboratory: what was verified', 'Lemma 2.1: rank of an entrywise product']
    """
    blocks = list(_head([summary(each) for each in found], seeds))
    if len(found) > 1:
        blocks.append(_overview(found))
    if timings:
        blocks += _growth(timings)
    for each in found:
        blocks += _section(each)
    return blocks


def _head(numbers: Sequence[Summary], seeds: int) -> Iterator[Block]:
    """Yield the title, what the words mean, and one row a statement."""
    yield Heading(text=TITLE, level=1)
    yield Paragraph(
        text=f"exact-wlra {__version__}, {seeds} seeds for each kind of random case; "
        f"{sum(each.seconds for each in numbers):.0f} s of processor time. A finding "
        "holds or fails as far as its evidence goes: exact rationals, enclosures that "
        "are proved, or samples with intervals of four standard errors. It agrees if "
        "two narrow enclosures meet, and is undecided if wide ones do. Slack is the "
        "room that a bound leaves, as a part of the bound; for equalities minus the "
        "relative difference. It is computed from the middles of enclosures: it may be "
        "a little below 0 where two of them meet, and for samples."
    )
    head = ["statement", "title", "outcome", "cases", "holds", "agrees"]
    head += ["hypothesis not met", "undecided", "fails", "worst slack", "evidence"]
    head += ["seconds", "errata shown"]
    rows = [
        (
            each.key,
            each.title,
            each.outcome,
            str(each.cases),
            *(str(each.verdicts[name] or "") for name in ("holds", "agrees")),
            str(each.verdicts["hypothesis not met"] or ""),
            *(str(each.verdicts[name] or "") for name in ("undecided", "fails")),
            slack_text(each.worst_slack),
            each.evidence or "",
            f"{each.seconds:.1f}",
            f"{each.errata_shown} of {each.errata}" if each.errata else "",
        )
        for each in numbers
    ]
    marked = frozenset(i for i, each in enumerate(numbers) if each.outcome == "fails")
    yield Grid(head=tuple(head), rows=tuple(rows), marked=marked)


def _overview(found: Sequence[Verification]) -> Picture:
    """Return the slacks of all statements."""
    groups = [
        (each.statement.key, [f for f in each.findings if not f.unmet])
        for each in found
    ]
    return Picture(
        svg=slack_picture(groups),
        name="slack",
        caption="Slack of every finding, a strip for each statement",
    )


def _growth(timings: Sequence[Timing]) -> list[Block]:
    """Return the section on the almost-linear claim."""
    whole, growing = exponent(timings, "total"), exponent(timings, "growing")
    tells = above_floor(timings)
    last = ""
    if len(tells) > 2:
        slope = exponent(tells, "growing")
        last = f" (from n = {tells[0].n} on, where it exceeds its start, {slope})"
    return [
        Heading(text="Time against n, few patterns"),
        Paragraph(
            text=f"n x n with {WEIGHT_PATTERNS} x {WEIGHT_PATTERNS} weight patterns "
            f"and {DATA_PATTERNS} x {DATA_PATTERNS} data patterns, rank 1, given by "
            f"labels and cores, n = {timings[0].n} ... {timings[-1].n}. The whole time "
            f"grows with exponent {whole} (95 %), because solving, which comes after "
            "the compression, takes most of it and about the same at every n. All but "
            f"solving grows with exponent {growing}{last}. The claim is 1 + o(1). "
            "Dense input costs n^2, since it has to be read: docs/benchmarks.md.",
        ),
        Picture(
            svg=growth_svg(timings),
            name="growth",
            caption="Processor time against n, by stage, with fitted exponents",
        ),
    ]


def _section(found: Verification) -> Iterator[Block]:
    """Yield what one statement says and what was found."""
    stated, numbers = found.statement, summary(found)
    yield Heading(text=stated.title)
    yield Paragraph(text=f"{stated.key}; {_source(stated.source)}")
    yield Paragraph(text=stated.text)
    if stated.hypotheses:
        yield Paragraph(text="Hypotheses:")
        yield Listing(items=tuple(f"{h.name}: {h.text}" for h in stated.hypotheses))
    for erratum, findings in zip(stated.errata, found.of_errata, strict=True):
        yield from _erratum(erratum, findings)
    yield Paragraph(text=f"{numbers.outcome}.", label="Outcome")
    claims = _by_claim(found.findings)
    yield _claims(claims)
    short = stated.key.replace("/", "-")
    met = [(claim, [f for f in each if not f.unmet]) for claim, each in claims]
    drawn = [(claim, each) for claim, each in met if each]
    if drawn:
        yield Picture(
            svg=slack_picture(drawn),
            name=short,
            caption=f"Slack of the findings of {stated.key}, by claim",
        )
    samples = [
        f
        for f in found.findings
        if f.evidence == "statistical"
        and f.relation == "=="
        and f.bound.middle > 0
        and not f.unmet
    ]
    if samples:
        what = "Sketch ratio" if stated.key == _SKETCH else "Mean of samples"
        yield Picture(
            svg=sample_picture(samples),
            name=f"{short}-samples",
            caption=f"{what} beside the sharp value, {stated.key}",
        )
    bad = [f for f in found.findings if f.verdict in {"fails", "undecided"}]
    if bad:
        yield Paragraph(text="Findings that fail or are undecided:")
        yield _findings(bad)


def _erratum(erratum: Erratum, findings: Sequence[Finding]) -> Iterator[Block]:
    """Yield what is printed, why it is wrong, what is true, and the numbers."""
    yield Paragraph(label="Printed:", text=erratum.printed)
    yield Paragraph(label="Wrong because:", text=erratum.wrong_because)
    yield Paragraph(label="Repaired:", text=erratum.repaired)
    if findings:
        yield Paragraph(label="Counterexample", text="to the statement as printed:")
        yield _findings(findings)


def _by_claim(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return the findings of each claim, in the order of the claims."""
    groups: dict[str, list[Finding]] = {}
    for found in findings:
        groups.setdefault(found.claim, []).append(found)
    return list(groups.items())


def _claims(claims: Sequence[tuple[str, Sequence[Finding]]]) -> Grid:
    """Return one row a claim: the count of each verdict and the worst finding."""
    rows = []
    for claim, findings in claims:
        verdicts = [found.verdict for found in findings]
        counts = ", ".join(
            f"{verdicts.count(name)} {name}" for name in dict.fromkeys(verdicts)
        )
        met = [found for found in findings if not found.unmet]
        worst = min(met or findings, key=lambda found: found.slack)
        seed = "" if worst.seed is None else f", seed {worst.seed}"
        rows.append(
            (
                claim,
                counts,
                f"{worst.case}{seed}",
                worst.sides,
                slack_text(worst.slack),
                worst.evidence,
            )
        )
    head = ("claim", "findings", "worst case", "measured, bound", "slack", "evidence")
    return Grid(head=head, rows=tuple(rows))


def _findings(findings: Sequence[Finding]) -> Grid:
    """Return one row a finding."""
    rows = tuple((f.claim, f.case, f.verdict, f.sides, f.evidence) for f in findings)
    head = ("claim", "case", "verdict", "measured, bound", "evidence")
    return Grid(head=head, rows=rows)


def _source(source: str) -> str:
    """Return where a statement stands, without the mark of a footnote."""
    return source.replace("]_", "]")
