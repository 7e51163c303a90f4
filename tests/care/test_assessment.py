"""Working together: two sides, owners, differences, and people close by, on the sheet and in the data."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.care.assessment import assessed, ownership
from pathways.content import load_content
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.html import sections_of
from pathways.pages.side_sections import NO_PART, NOT_SETTLED
from pathways.profile import Profile, ProfileError
from tests.pages.drawn import reviewed as person
from tests.pages.drawn import tree, unnamed_numbers
from tests.reviews import NAMES, data, reviewed

ROLES = {  # R1 to R14: each can be named for an item
    "pain_specialist", "addiction_specialist", "therapist", "psychiatry", "primary_care", "surgeon", "chiropractor",
    "physical_therapist", "person", "family", "peer", "case_manager", "admissions",
}  # fmt: skip  # data, read across
BASE = {"age_years": 50, "main_pain": "back_axial", "pain_months": 24, "oud_status": "active"}


def test_every_role_of_the_team_can_take_something_on() -> None:
    assert set(load_content().roles) >= ROLES
    assert len(load_content().roles["pain_specialist"].disciplines) == 4
    for role in ROLES:
        case = person(BASE, owners=[{"item": "exercise", "role": role}])
        assert next(o for o in ownership(case) if o.item == "exercise").taken_on == role


@pytest.mark.parametrize(
    ("owner", "says"),
    [
        ({"item": "exercize", "role": "peer"}, "Did you mean 'exercise'"),
        ({"item": "exercise", "role": "peers"}, "Did you mean 'peer'"),
        ({"item": "exercise", "role": "pain_specialist", "discipline": "Astrology"}, "there are Anesthesiology"),
        ({"item": "exercise", "role": "peer", "discipline": "Neurology"}, "'peer' has none"),
    ],
)
def test_an_owner_that_is_not_there_is_told(owner: dict[str, Any], says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        Profile.from_dict({"owners": [owner]})


@pytest.mark.parametrize("name", NAMES)
def test_every_item_has_a_delivering_role_and_is_owned_or_shown_as_unowned(name: str) -> None:
    case = reviewed(name)
    items = {i.id for i in case.shown.core} | {i.id for plan in case.shown.plans for i in plan.items}
    owners = ownership(case)
    assert {o.item for o in owners} == items
    assert all(o.delivered_by for o in owners)
    text = sheet_markdown(case)
    waiting = [o for o in owners if o.taken_on is None]
    assert ("Unowned until" in text) is bool(waiting)


def test_who_has_taken_it_on_is_told_apart_from_who_is_proposed() -> None:
    owner = {"item": "exercise", "role": "pain_specialist", "discipline": "Neurology"}
    text = sheet_markdown(person(BASE, owners=[owner]))
    unowned = next(line for line in text.splitlines() if "Exercise" in line and "(" in line and "|" not in line)
    assert "Exercise (" not in unowned or "Exercise program" in unowned
    assert "| Exercise | Pain specialist (Neurology) |" in text


def test_both_sides_are_assessed_and_what_is_missing_is_listed() -> None:
    sides = {one.record.side for one in assessed(person(BASE))}
    assert sides == {"pain", "oud", "both"}
    oud = next(one for one in assessed(person(BASE)) if one.record.id == "oud")
    assert [r["fact"] for r in oud.known] == ["oud_status"]
    assert any("criteria" in text.lower() for text in oud.missing)
    blank = {one.record.id: one for one in assessed(person())}
    assert all(not one.known and one.missing for one in blank.values())


def test_a_low_risk_case_is_spared_what_is_ruled_out() -> None:
    here = {one.record.id for one in assessed(reviewed("low_risk"))}
    assert not here & {"withdrawal_craving", "medication", "recovery", "pain_opioid"}
    assert {"oud", "pain_kind", "mood"} <= here


DIFFERENCE = {"topic": "Taper", "pain_side": "Keep it.", "substance_use_side": "Change to buprenorphine."}


def test_a_difference_is_shown_whole_and_never_settled_silently() -> None:
    case = person(BASE, differences=[DIFFERENCE])
    for text in (sheet_markdown(case), sheet_html(case)):
        assert all(word in text for word in ("Taper", "Keep it.", "Change to buprenorphine.", NOT_SETTLED, "unowned"))
    assert case_data(case)["profile"]["differences"] == [DIFFERENCE]
    settled = {**DIFFERENCE, "plan": "Joint visit.", "owner": "case_manager", "by": "2026-11-20"}
    text = sheet_markdown(person(BASE, differences=[settled]))
    assert "Joint visit." in text
    assert "Case manager, 2026-11-20" in text
    assert NOT_SETTLED not in text


def test_a_difference_changes_nothing_in_the_review() -> None:
    plain, told = case_data(person(BASE)), case_data(person(BASE, differences=[DIFFERENCE]))
    for part in (plain, told):
        part.pop("profile")
    assert plain == told


def test_no_difference_is_said_as_such() -> None:
    assert "No difference between the two sides is recorded." in sheet_markdown(person(BASE))
    assert len(data("methadone_qtc_above_500")["profile"]["differences"]) == 2


def test_people_close_by_have_their_own_needs_and_a_part_only_with_consent() -> None:
    people = [
        {"relation": "partner", "part": "comes to visits", "needs": "rest"},
        {"relation": "peer", "part": "calls"},
    ]
    text = sheet_markdown(person(BASE, people=people))
    assert f"Partner: {NO_PART}; own needs: rest" in text
    assert "Peer: calls" in text
    agreed = {**BASE, "partner_consent": True, "private_safety_screen_done": True}
    assert "Partner: comes to visits; own needs: rest" in sheet_markdown(person(agreed, people=people))


def test_what_the_team_writes_stays_text() -> None:
    bad = "<img src=x onerror=alert(1)> [x](javascript:1)"
    case = person(
        BASE,
        differences=[{"topic": bad, "pain_side": bad, "substance_use_side": bad, "plan": bad}],
        people=[{"relation": "friend", "part": bad, "needs": bad}],
    )
    assert not list(tree(sheet_html(case)).all("img"))
    assert "<img" not in sheet_markdown(case)
    assert unnamed_numbers(tree(sheet_html(case))) == []


def test_the_section_stands_on_every_sheet() -> None:
    for name in NAMES:
        ids = [section.id for section in sections_of(reviewed(name))]
        assert ids.count("sides") == ids.count("assessment") == 1
