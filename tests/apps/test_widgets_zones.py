"""The zones without a browser: what is tried, what the plans are held to, and when the six questions are answered."""

from __future__ import annotations

import re

import pytest

from pathways.apps.widgets import CaseConference
from pathways.apps.widgets.item_zone import wish
from pathways.apps.widgets.marks import join_notes, split_notes, within_of
from pathways.apps.widgets.plans_zone import PlansZone
from pathways.content import load_content
from pathways.content.models import PHASES
from pathways.profile import parse_profile
from pathways.review.plans import Within
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"


@pytest.fixture
def conference() -> CaseConference:
    made = CaseConference()
    made.load(SAMPLE)
    return made


def test_what_is_tried_is_on_the_page_and_in_no_file(conference: CaseConference) -> None:
    kept, page, case = conference.case_file(), conference.page, conference.case
    conference.tried = {**conference.state, "rows": {**conference.state["rows"], "cannot_be_woken": True}}
    assert "pw-red" in conference.page
    assert conference.view["before"] == page
    assert "suspected overdose" in conference.view["changes"].lower()
    assert conference.case_file() == kept
    assert conference.case == case
    conference.set("fever", False)
    assert conference.tried["rows"]["fever"] is False
    assert "fever" not in conference.state["rows"]
    conference.tried = {}
    assert conference.page == page
    assert (conference.view["before"], conference.view["changes"]) == ("", "")


def test_another_case_ends_what_is_tried(conference: CaseConference) -> None:
    conference.tried = dict(conference.state)
    conference.load(SAMPLE)
    assert conference.tried == {}
    conference.tried = dict(conference.state)
    conference.new()
    assert conference.tried == {}
    assert conference.state["rows"] == {}


def test_what_the_plans_are_held_to_stands_in_the_notes_of_a_case_file(conference: CaseConference) -> None:
    conference.hold("in", "opioid_taper")
    conference.hold("out", "duloxetine")
    conference.state = {**conference.state, "held": {**conference.state["held"], "burden": 9}}
    profile = parse_profile(conference.case_file(), "toml")
    assert profile.notes.splitlines()[-3:] == [
        "[plans] locked in = opioid_taper",
        "[plans] ruled out = duloxetine",
        "[plans] burden at most = 9",
    ]
    again = CaseConference(profile)
    assert again.state["held"] == {"in": ["opioid_taper"], "out": ["duloxetine"], "burden": 9}
    assert again.state["notes"] == "Synthetic case."
    conference.hold("out", "opioid_taper")
    assert conference.state["held"] == {"out": ["duloxetine", "opioid_taper"], "burden": 9}
    conference.hold("out", "opioid_taper")
    assert conference.state["held"] == {"out": ["duloxetine"], "burden": 9}


def test_notes_that_only_look_like_holds_stay_notes() -> None:
    for line in ("[plans] locked in", "[plans] burden at most = many", "we spoke of [plans] ruled out = x"):
        assert split_notes(line) == {"notes": line, "marks": {}, "held": {}}
    state = split_notes("a\n[plans] locked in = x\nb")
    assert join_notes(state) == "a\nb\n[plans] locked in = x"


@pytest.mark.parametrize("held", [{"in": 3}, {"in": ["nothing_such"], "out": None}, {"burden": "9"}, {"burden": True}])
def test_what_the_content_does_not_know_holds_nothing(held: dict[str, object]) -> None:
    assert within_of({"held": held}, load_content()) == Within()


def test_the_first_page_is_the_same_whatever_the_plans_are_held_to(conference: CaseConference) -> None:
    page = conference.page
    conference.hold("in", "opioid_taper")
    assert conference.page == page


def test_what_the_person_says_keeps_what_was_tried_before() -> None:
    kept = {"wishes": [{"treatment": "exercise", "tried": "helped", "note": "in water"}]}
    asked = wish(kept, "exercise", "asks_for")
    assert asked["wishes"] == [{"treatment": "exercise", "tried": "helped", "note": "in water", "says": "asks_for"}]
    assert wish(asked, "exercise", "asks_for") == kept
    assert wish(wish({}, "exercise", "refuses"), "exercise", "refuses") == {}


def test_a_letter_stays_with_its_plan_and_begins_anew_with_another_case(conference: CaseConference) -> None:
    zone = PlansZone()
    first = zone.message(conference.case, conference.state, 1, 1)
    assert first["status"].startswith("Plans A, B, C")
    held = {**conference.state, "held": {"out": ["opioid_continue"]}}
    assert "Plan C" not in zone.message(conference.case, held, 1, 2)["html"]
    assert zone.message(conference.case, conference.state, 1, 3)["status"] == first["status"]
    assert zone.message(conference.case, held, 2, 4)["status"].startswith("Plans A, B")


def test_left_counts_only_what_matters_for_this_person(conference: CaseConference) -> None:
    assert conference.view["left"]["1"] == 18
    conference.asked_none(1)
    assert conference.view["left"]["1"] == 0
    conference.set("oud_status", "none")
    assert conference.view["left"]["5"] == 0, "months in remission are no question here"
    conference.set("oud_status", "remission")
    assert conference.view["left"]["5"] == 1
    conference.state = {**conference.state, "cannot_answer": ["remission_months"]}
    assert conference.view["left"]["5"] == 0


def text(html: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", str(html), flags=re.S))


def test_the_status_line_agrees_with_the_page_about_the_signs() -> None:
    blank = CaseConference()
    assert blank.view["person"] == "Nothing entered yet"
    assert "0 of 44 answered" in text(blank.page), "what the kit assumes is no answer"
    blank.set("fever", True)
    assert "1 yes (fever)" in text(blank.page)
    assert blank.view["status"].startswith("1 urgent sign is there (fever); no emergency found so far.")
    assert blank.view["person"] == "Age and pain not entered yet, OUD not assessed"
    blank.set("fever", False)
    assert blank.view["status"].startswith("No urgent sign among those asked.")
    blank.set("cannot_be_woken", True)
    assert blank.view["status"].startswith("Urgent: Suspected overdose.")
    assert "Nothing entered" not in text(blank.page)


def test_once_all_signs_are_asked_the_line_says_what_is_still_to_be_asked() -> None:
    blank = CaseConference()
    blank.asked_none(1)
    line = text(blank.page).partition("18 of 18 asked, none. ")[2].partition("Ask next")[0]
    for emergency in blank.case.findings.emergencies:
        if emergency.state == "possible":
            assert f"{emergency.record.title.lower()};" not in line.lower(), "as if none of its signs was asked"
    assert "cauda equina compression (new sexual dysfunction together with back or leg pain)" in line


def test_why_there_is_no_plan() -> None:
    blank = CaseConference()
    html = PlansZone().message(blank.case, blank.state, 1, 1)["html"]
    assert "No plan yet: too little is answered to tell what is needed." in html
    assert "met" not in text(html)


def test_a_code_that_the_team_confirmed_is_a_code_in_the_sentence_and_no_assessment() -> None:
    made = CaseConference()
    made.load_record(ROOT / "sample_data/fhir/synthetic_back_pain_oud.json")
    code = next(n for n, one in enumerate(made.view["record"]["lines"]) if "Opioid dependence" in one["made"])
    for on in (False, True):
        made.confirm(code, on)
        assert made.view["person"].endswith("OUD as a code in the chart, not assessed")


@pytest.mark.parametrize("key", ["conditions.liver_disease", "pregnant", "alcohol_daily", "conditions.sleep_apnea"])
def test_a_letter_stays_with_its_content_when_an_answer_changes(conference: CaseConference, key: str) -> None:
    zone = PlansZone()

    def contents(renders: int) -> dict[str, frozenset[str]]:
        """What sets each plan apart from the others, by its letter."""
        html = zone.message(conference.case, conference.state, 1, renders)["html"]
        letters = re.findall(r"data-plan='(\w+)'", html)
        assert letters == sorted(letters)
        rows = re.findall(r"<tr><th scope='row'><button[^>]* data-item='(\w+)'.*?</th>(.*?)</tr>", html)
        cells = {
            item: ["not in it" not in cell for cell in re.findall(r"<td[^>]*>(.*?)</td>", told)] for item, told in rows
        }
        return {letter: frozenset(i for i in cells if cells[i][n]) for n, letter in enumerate(letters)}

    before = contents(1)
    assert before["B"] == {"buprenorphine_for_pain"}
    conference.set(key, True)
    after = contents(2)
    assert after["B"] == before["B"]
    for letter, content in after.items():
        assert content == before.get(letter, content), f"plan {letter} is another plan"
    for letter, content in before.items():
        assert content not in {after[other] for other in after if other != letter}
    conference.set(key, None)
    assert contents(3) == before


def plan_rows(conference: CaseConference) -> list[str]:
    """The items of the zone of plans, as they are read."""
    html = PlansZone().message(conference.case, conference.state, 1, 1)["html"]
    return [text(button).strip() for button in re.findall(r"<button[^>]* class='cc-item'.*?</button>", html)]


def test_a_check_is_asked_and_never_told_as_if_it_were_found(conference: CaseConference) -> None:
    def row(name: str) -> str:
        return next(row for row in plan_rows(conference) if name in row)

    kidneys = "Check first Duloxetine – first check: severe kidney disease (CrCl below 30)? (not known: eGFR)"
    assert row("Duloxetine") == kidneys
    assert "– first check: OUD without medication? (not known: " in row("opioid taper")
    conference.set("conditions.ckd", False)
    assert row("Duloxetine") == kidneys, "nobody measured it: the answer beside it does not gainsay the question"
    conference.set("observations.egfr", 84)
    assert "kidney" not in row("Duloxetine"), "it is known, and no"
    for said in plan_rows(conference):
        assert "Check first" not in said or (said.endswith((")", "?")) and "first check: " in said)
    assert "– severe kidney disease (CrCl below 30)" not in conference.page


def test_a_higher_limit_can_be_picked_after_a_lower_one(conference: CaseConference) -> None:
    def choices(renders: int) -> list[str]:
        html = PlansZone().message(conference.case, conference.state, 1, renders)["html"]
        return re.findall(r"<option value='(\d+)'", html)

    free = choices(1)
    assert len(free) > 1
    conference.state = {**conference.state, "held": {"burden": int(free[0])}}
    assert choices(2) == free
    conference.hold("out", "duloxetine")
    assert len(choices(3)) > 1


def test_nothing_is_called_agreed_that_the_room_did_not_agree_on(conference: CaseConference) -> None:
    for fork in conference.view["forks"]:
        for way in fork["alternatives"]:
            conference.mark(fork["id"], way["key"], "for")
    said = text(PlansZone().message(conference.case, conference.state, 1, 1)["html"])
    assert "more than one is wanted" in said
    assert "In the first plan, whichever way you look" in said
    assert "Agreed" not in said


def test_a_way_of_looking_lists_what_is_done_first_before_the_rest(conference: CaseConference) -> None:
    for fork in conference.view["forks"]:
        conference.mark(fork["id"], fork["alternatives"][0]["key"], "for")
    conference.lens = "pain"
    listed = re.search(r"by when it is done</h3><ul>(.*?)</ul>", conference.view["agenda"])
    assert listed is not None
    shown = re.findall(r"<li>(.*?)</li>", listed[1])
    first = next(view.first for view in conference.case.shown.lenses if view.lens.id == "pain")
    assert first is not None
    due = {item.option.record.short: PHASES.index(item.phase) for item in first.items}
    assert [due[one] for one in shown] == sorted(due.values())
    assert any("aloxone" in one for one in shown[:2])
