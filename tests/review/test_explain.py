"""What a record says beyond its title can be asked of every line: its reason, then its details."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.pages import first_page, first_page_html, sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.markdown import escaped
from pathways.review.actions import further
from pathways.review.explain import why
from tests.pages.drawn import CASES, sample, tree

NAMES = [path.stem for path in CASES]


@pytest.mark.parametrize("id", load_content().recommendations)
def test_each_recommendation_says_why_and_its_details(id: str) -> None:
    case, record = sample("back_pain_120_mme"), load_content().recommendations[id]
    if id not in {f.record.id for f in case.findings.recommendations}:
        pytest.skip("not in force on the day of the case")
    answer = why(case, id)
    assert answer.says == (record.why, *record.details)
    assert answer.to_dict()["says"] == [record.why, *record.details]


def test_emergencies_and_needs_say_why() -> None:
    case = sample("back_pain_120_mme")
    for emergency in case.content.emergencies.values():
        assert why(case, emergency.id).says == (emergency.why,)
    for need in case.content.needs.values():
        assert why(case, need.id).says == (need.why,)


@pytest.mark.parametrize("name", NAMES)
def test_each_line_of_a_recommendation_on_the_sheet_holds_them(name: str) -> None:
    case = sample(name)
    page = next(n for n in tree(sheet_html(case)).all("details") if n.attributes.get("id") == "pw-guidelines")
    rows = {row.text() for tag in ("tr", "li") for row in page.all(tag)}
    text, data = sheet_markdown(case), {f["id"]: f for f in case_data(case)["findings"]}
    for finding in case.findings.recommendations:
        record = finding.record
        assert [data[record.id]["why"], *data[record.id]["details"]] == list(further(record))
        if finding.status in ("applies", "met") or (finding.status == "needs_information" and finding.asks):
            assert any(record.title in row and all(words in row for words in further(record)) for row in rows), (
                record.id
            )
            assert all(escaped(words) in text for words in further(record))


@pytest.mark.parametrize("name", NAMES)
def test_so_does_each_line_of_the_first_page(name: str) -> None:
    case = sample(name)
    root = tree(first_page_html(case))
    folded = [node.text() for node in root.all("details") if "pw-why" in node.classes()]
    recommendations = case.content.recommendations
    for part in (part for action in first_page(case).do for part in action.parts if part.id in recommendations):
        assert any(all(words in one for words in further(recommendations[part.id])) for one in folded), part.id
    for red in first_page(case).red:
        assert any(case.content.emergencies[red.id].why in one for one in folded)
