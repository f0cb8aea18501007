"""docs/benchmarks.md is what benchmarks.render makes of the stored results."""

from benchmarks import decisions, records, render


def test_the_page_is_made_from_the_stored_results() -> None:
    assert render.page() == render.PAGE.read_text(encoding="utf-8")


def test_every_formulation_and_oracle_is_in_the_stored_results() -> None:
    found = records.load("oracles")["records"]
    for formulation in decisions.FORMULATIONS:
        answers = found[f"decisions: {formulation}"]["answers"]
        assert {answer["oracle"] for answer in answers} == set(decisions.ORACLES)
        outcomes = {answer["outcome"] for answer in answers}
        assert outcomes <= {"right", "undecided", "out of scope"}
