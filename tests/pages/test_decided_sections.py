"""What was decided, on the first page, in the print and in every form: within its room, escaped, withheld from others."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.pages import first_page, sheet_html
from pathways.pages.chart_text import chart_text
from pathways.pages.data import case_data
from pathways.pages.decided_sections import OUTCOME_WORDS, STATE_WORDS, decided_lines
from pathways.pages.html import sections_of, texts
from pathways.pages.markdown import sheet_markdown
from pathways.pages.outs import OUTS, take_out
from pathways.pages.page import MOST_WORDS
from pathways.pages.two_pages import paged
from pathways.profile import Profile
from pathways.profile.decisions import Outcome
from pathways.review.case import Case, review
from pathways.review.decided import STATES, decided
from tests.reviews import NAMES, profile

HOSTILE = "</td><script>alert(1)</script> | *x* [y](http://example.org)"
MANY: tuple[dict[str, Any], ...] = (
    {"item": "naltrexone_xr", "outcome": "do", "owner": "addiction_specialist", "due": "2026-10-20", "stood": "Offer"},
    {"item": "buprenorphine", "outcome": "do", "owner": "otp", "due": "2026-10-12", "dissent": [{"role": "person"}]},
    {"item": "duloxetine", "outcome": "do_not", "note": "Tried before.", "dissent": [{"role": "pain_specialist", "says": "Again."}]},
    {"item": "opioid_taper", "outcome": "wait", "due": "2026-10-30"},
    {"item": "exercise", "outcome": "do", "owner": "physical_therapist"},
    {"item": "cbt_pain", "outcome": "do", "owner": "therapist", "due": "2026-12-01"},
    {"item": "cdc2022.12", "outcome": "do", "owner": "primary_care"},
    {"item": "safe_storage", "outcome": "done"},
    {"item": "naloxone_kit", "outcome": "done"},
    {"item": "case_management", "outcome": "do", "owner": "case_manager", "due": "2026-10-19"},
)  # fmt: skip  # data, read across


def with_decisions(name: str, *decisions: dict[str, Any]) -> Case:
    entries = [{"date": "2026-10-05", **one} for one in decisions or MANY]
    return review(Profile.from_dict({**profile(name).to_dict(), "decisions": entries}))


def line(case: Case) -> str:
    return next((said.text for said in first_page(case).state if said.opens == "decided"), "")


def section(case: Case, id: str) -> str:
    return "\n".join(said.text for s in sections_of(case) if s.id == id for said in texts(s))


def test_every_outcome_and_state_has_its_words() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome.__args__)  # type: ignore[attr-defined]  # a Literal
    assert set(STATE_WORDS) == set(STATES)


@pytest.mark.parametrize("name", NAMES)
def test_a_first_page_tells_it_and_keeps_to_its_words(name: str) -> None:
    case = with_decisions(name)
    page = first_page(case)
    assert page.words() <= MOST_WORDS
    assert line(case) in [way.said.text for way in decided_lines(case)]
    assert [red.title for red in page.red] == [red.title for red in first_page(review(profile(name))).red]


@pytest.mark.parametrize("name", NAMES)
def test_a_print_still_keeps_what_is_urgent_and_what_was_decided(name: str) -> None:
    case = with_decisions(name)
    front = [one for one in sections_of(case) if not one.annex]
    spared = [spare.select for spare in paged(first_page(case), front).spares]
    assert "decided" in [one.id for one in front]
    assert "#pw-decided" not in spared
    assert not [select for select in spared if "urgent" in select]


def test_a_case_without_decisions_says_nothing_of_them() -> None:
    case = review(profile("back_pain_120_mme"))
    assert line(case) == ""
    assert not {"decided", "decisions"} & {one.id for one in sections_of(case)}
    assert "Decided before" not in sheet_html(case)


def test_the_section_says_who_by_when_and_what_wants_a_look() -> None:
    case = with_decisions("back_pain_120_mme")
    told = section(case, "decided")
    assert told.index("Naltrexone injection (XR)") < told.index("Exercise"), "what wants a look stands first"
    assert "Addiction specialist, by 2026-10-20" in told
    assert "stood as “Offer”, now “Do not start”" in told
    assert "Did not agree: The person" in told
    whole = section(case, "decisions")
    for entry in decided(case):
        assert entry.title in whole
    assert "Pain specialist (“Again.”)" in whole
    assert "Tried before." in whole


def test_the_line_names_what_wants_a_look_where_there_is_room() -> None:
    case = with_decisions("low_risk", MANY[0])
    widest = decided_lines(case)[0].said.text
    assert widest.startswith("Decided 2026-10-05: 1 ")


def test_what_took_the_place_of_an_entry_is_kept_on_record() -> None:
    case = with_decisions("back_pain_120_mme", MANY[4], {"date": "2026-10-26", "item": "exercise", "outcome": "done"})
    assert "The entry of 2026-10-26 took its place" in section(case, "decisions")
    assert section(case, "decided") == "Exercise"


def test_an_owner_of_a_decision_has_taken_it_on() -> None:
    owners = {one["item"]: one["taken_on"] for one in case_data(with_decisions("back_pain_120_mme"))["owners"]}
    assert owners["exercise"] == "physical_therapist"
    assert owners["sedative_review"] is None


def test_data_has_it_whole() -> None:
    data = case_data(with_decisions("back_pain_120_mme"))
    first = data["decisions"][0]
    assert (first["item"], first["state"], first["stands"]) == ("naltrexone_xr", "against", "Do not start")
    assert first["grounds"][0]["source"]
    assert {one["item"] for one in data["decisions"]} == {one["item"] for one in MANY}


def test_free_text_is_escaped_in_every_form() -> None:
    case = with_decisions(
        "back_pain_120_mme", {**MANY[1], "note": HOSTILE, "dissent": [{"role": "person", "says": HOSTILE}]}
    )
    html = sheet_html(case)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    text = sheet_markdown(case)
    assert "<script" not in text
    assert r"\| \*x\* \[y\]" in text


@pytest.mark.parametrize("audience", ["pain_clinic", "partner"])
@pytest.mark.parametrize("which", [which for which, out in OUTS.items() if not out.for_person])
def test_others_are_told_nothing_of_it(which: str, audience: Any) -> None:
    secret = {**MANY[1], "note": "zzNote", "dissent": [{"role": "person", "says": "zzSays"}]}
    shown = take_out(with_decisions("back_pain_120_mme", secret), which, audience)
    assert "zzNote" not in shown
    assert "zzSays" not in shown
    assert shown == take_out(review(profile("back_pain_120_mme")), which, audience)


def test_the_text_for_the_chart_tells_it() -> None:
    assert line(with_decisions("back_pain_120_mme")) in " ".join(
        chart_text(with_decisions("back_pain_120_mme")).split()
    )
