"""Reports: well-formed, complete, and loud where a statement fails."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from exact_wlra.theorems.growth import Timing
from exact_wlra.theorems.pages import Grid, Heading, Paragraph, Picture, html, markdown
from exact_wlra.theorems.quantities import confident, exact
from exact_wlra.theorems.registry import statement
from exact_wlra.theorems.reports import report, write_report
from exact_wlra.theorems.verifying import Verification, verify

KEYS = ("reweighted/lemma-2.1", "reweighted/theorem-1.2")


@cache
def found() -> tuple[Verification, ...]:
    return tuple(verify(statement(key), seeds=1) for key in KEYS)


def tree(page: str) -> ET.Element:
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314


def timings() -> list[Timing]:
    return [
        Timing(
            n=n,
            seconds={"reading": n * 1e-8, "solving": 0.1, "lifting": n * 1e-9},
            gap=0.0,
            system={"reading": 0.0, "solving": 0.0, "lifting": 0.0},
        )
        for n in (1000, 10_000, 100_000)
    ]


def test_html_is_well_formed_and_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(found(), path, seeds=1, with_growth=False)
    page = tree(path.read_text(encoding="utf-8"))
    text = " ".join(page.itertext())
    for each in found():
        assert each.statement.title in text
        assert each.statement.text in text
        for erratum in each.statement.errata:
            assert erratum.printed in text
            assert erratum.repaired in text
        for claim in {finding.claim for finding in each.findings}:
            assert claim in text
    sources = [image.attrib["src"] for image in page.iter("img")]
    assert len(sources) == 1 + len(KEYS)
    assert all(source.startswith("data:image/svg+xml") for source in sources)
    assert list(tmp_path.iterdir()) == [path]


def test_markdown_links_to_the_pictures_it_writes(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_report(found(), path, seeds=1, with_growth=False)
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"!\[.*?\]\((.*?)\)", text)
    assert len(links) == 1 + len(KEYS)
    for link in links:
        assert ET.parse(tmp_path / link).getroot().tag.endswith("svg")  # noqa: S314
    widths = {
        len(re.findall(r"(?<!\\)\|", line))
        for line in text.split("\n\n")[2].splitlines()
    }
    assert len(widths) == 1


def test_a_failure_is_marked_and_listed() -> None:
    first = found()[0]
    broken = replace(
        first,
        findings=tuple(f.with_bound(Fraction(1, 10**6)) for f in first.findings),
    )
    blocks = report([broken], seeds=1)
    grids = [block for block in blocks if isinstance(block, Grid)]
    assert grids[0].marked == {0}
    assert 'class="fails"' in html(blocks, title="x")
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert "Findings that fail or are undecided:" in texts
    assert {row[2] for row in grids[-1].rows} == {"fails"}


def test_samples_are_drawn_beside_their_bound() -> None:
    first = found()[0]
    sample = replace(
        first.findings[0],
        measured=confident([1.3, 1.5, 1.4, 1.4]),
        relation="==",
        bound=exact(Fraction(7, 5)),
    )
    blocks = report([replace(first, findings=(sample,))], seeds=1)
    names = [block.name for block in blocks if isinstance(block, Picture)]
    assert names == ["reweighted-lemma-2.1", "reweighted-lemma-2.1-samples"]


def test_growth_has_its_section_with_both_exponents() -> None:
    blocks = report(found(), seeds=1, timings=timings())
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings[1] == "Time against n, few patterns"
    text = next(
        b.text for b in blocks if isinstance(b, Paragraph) and "3 x 3" in b.text
    )
    assert "All but solving grows with exponent 1.00 [1.00, 1.00]" in text
    assert tree(html(blocks, title="x")) is not None


@pytest.mark.parametrize("text", ["|x| < 2 & *y*_z_", "# `a`", "\\"])
def test_text_stays_text(text: str) -> None:
    blocks = [Paragraph(text=text), Grid(head=("h",), rows=((text,),))]
    page = tree(html(blocks, title=text))
    assert [element.text for element in page.iter("td")] == [text]
    assert [element.text for element in page.iter("p")] == [text]
    cell = markdown(blocks).splitlines()[-1].removeprefix("| ").removesuffix(" |")
    assert re.sub(r"\\(.)", r"\1", cell) == text
    assert "|" not in re.sub(r"\\.", "", cell)


def test_pictures_are_the_same_each_time() -> None:
    first, again = (
        [b.svg for b in report(found(), seeds=1) if isinstance(b, Picture)]
        for _ in range(2)
    )
    assert first == again
