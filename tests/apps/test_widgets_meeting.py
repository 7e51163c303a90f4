"""Meeting mode behind the screen: the list, what each seat marked, decisions, and that no case takes the place of another."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.apps.widgets import CaseConference
from pathways.apps.widgets.meeting import choices, seats_html
from pathways.disk.limits import CASE_BYTES
from pathways.profile import ProfileError, parse_profile
from tests.conftest import ROOT

CASES = ROOT / "sample_data/cases"
BACK, LOW = "back_pain_120_mme", "low_risk"


@pytest.fixture
def conference(monkeypatch: pytest.MonkeyPatch) -> CaseConference:
    made = CaseConference()
    made.load(CASES / f"{BACK}.toml")
    heard: list[Any] = []
    monkeypatch.setattr(made, "send", heard.append)
    made.heard = heard  # type: ignore[attr-defined]  # what the browser was told
    return made


def tell(made: CaseConference, do: str, **more: Any) -> dict[str, Any]:
    """Send a message as the browser does; the zone that comes back."""
    made._message(None, {"do": do, "edit": made.view["answers"] + 1, **more})
    answer: dict[str, Any] = made.heard[-1]  # type: ignore[attr-defined]  # see the fixture
    assert answer["do"] == "meeting"
    return answer


def file(name: str, **more: Any) -> dict[str, Any]:
    text = (CASES / f"{name}.toml").read_text("utf-8")
    return {"name": f"{name}.toml", "text": text, "size": len(text), **more}


def test_the_list_is_taken_whole_and_each_case_is_opened_from_it(conference: CaseConference) -> None:
    zone = tell(conference, "list", files=[file(BACK), file(LOW)])
    assert [(row["name"], row["changed"]) for row in zone["rows"]] == [(BACK, False), (LOW, False)]
    assert zone["at"] is None
    zone = tell(conference, "meet", n=1)
    assert (zone["at"], conference.profile.answers["age_years"]) == (1, 33)
    assert conference.view["file"]["name"] == "low_risk.toml"


def test_each_case_keeps_its_own_changes_and_says_what_is_not_saved(conference: CaseConference) -> None:
    tell(conference, "list", files=[file(BACK), file(LOW)])
    tell(conference, "meet", n=1)
    files = conference.view["files"]
    tell(conference, "decide", item="exercise", outcome="do", owner="person")
    zone = tell(conference, "meet", n=0)
    assert [row["changed"] for row in zone["rows"]] == [False, True]
    assert zone["rows"][1]["before"][0]["says"].startswith("To do: Exercise – The person, no date")
    assert not conference.profile.decisions
    assert conference.view["files"] == files + 1, "as its file has it"
    zone = tell(conference, "meet", n=1)
    assert conference.profile.decisions[0].item == "exercise"
    assert conference.view["files"] == files + 1, "it has changes that no file has"
    assert [row["changed"] for row in tell(conference, "kept")["rows"]] == [False, False]


def test_a_case_opened_by_itself_takes_no_place_of_the_list(conference: CaseConference) -> None:
    tell(conference, "list", files=[file(BACK), file(LOW)])
    for leave in (lambda: conference.load(CASES / "cancer_pain.toml"), conference.new):
        tell(conference, "meet", n=1)
        leave()
        zone = tell(conference, "meet", n=0)
        assert [(row["name"], row["changed"]) for row in zone["rows"]] == [(BACK, False), (LOW, False)]
        tell(conference, "meet", n=1)
        assert conference.profile.answers["age_years"] == 33


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([file(BACK), file(LOW, text="answers = 5")], "No case was taken. low_risk.toml: answers"),
        ([file(BACK, text="", size=CASE_BYTES.most + 1)], "No case was taken. back_pain_120_mme.toml"),
        ([file(BACK)] * 11, "11 cases: a conference takes at most 10"),
    ],
)
def test_a_list_with_one_wrong_file_is_not_taken(conference: CaseConference, files: list[Any], words: str) -> None:
    tell(conference, "list", files=[file(BACK)])
    zone = tell(conference, "list", files=files)
    assert zone["problem"].startswith(words)
    assert [row["name"] for row in zone["rows"]] == [BACK]


@pytest.mark.parametrize("message", [{"files": 5}, {"files": [5, None]}, {}])
def test_a_message_of_no_list_ends_in_an_empty_one(conference: CaseConference, message: dict[str, Any]) -> None:
    assert tell(conference, "list", **message)["rows"] == []
    assert tell(conference, "meet", n="0")["at"] is None
    assert tell(conference, "meet", n=7)["at"] is None


def test_a_decision_is_dated_by_the_day_of_review_and_keeps_how_its_item_stood(conference: CaseConference) -> None:
    zone = tell(conference, "decide", item="naloxone_kit", outcome="do", owner="", due="", note="", dissent=[])
    assert zone["done"]
    assert conference.profile.to_dict()["decisions"] == [
        {"date": "2026-11-02", "item": "naloxone_kit", "outcome": "do", "stood": "Offer"}
    ]
    assert [(one["item"], one["open"], one["place"]) for one in zone["before"]] == [("naloxone_kit", True, 0)]
    again = parse_profile(conference.case_file(), "toml")
    assert again.decisions == conference.profile.decisions
    assert tell(conference, "take_back", n=0)["before"] == []
    assert "decisions" not in conference.state["kept"]
    assert tell(conference, "take_back", n=3)["problem"] == ""


def test_a_wrong_decision_is_one_clear_line_and_changes_nothing(conference: CaseConference) -> None:
    before = conference.state
    for wrong, words in (
        ({"item": "exercise", "outcome": "do", "owner": "Sam"}, "owner: no role 'Sam'"),
        ({"item": "exercise", "outcome": "do", "note": "ask Dr. Example"}, "a role is enough here"),
        ({"item": "", "outcome": "do"}, "item"),
        ({"item": "exercise", "outcome": "do", "due": "soon"}, "is not a date"),
        ({"item": "exercise", "outcome": "do", "dissent": 5}, "dissent"),
    ):
        zone = tell(conference, "decide", **wrong)
        assert words in zone["problem"]
        assert "\n" not in zone["problem"]
    assert conference.state == before
    with pytest.raises(ProfileError):
        conference.decide("exercise", owner="Sam")


def test_from_python_a_decision_is_recorded_too(conference: CaseConference) -> None:
    conference.decide("exercise", owner="person", dissent=[{"role": "therapist", "says": "CBT first."}])
    assert conference.profile.decisions[0].dissent[0].says == "CBT first."


def test_while_a_change_is_tried_a_decision_belongs_to_the_trial(conference: CaseConference) -> None:
    conference.tried = {**conference.state}
    tell(conference, "decide", item="exercise", outcome="do")
    assert conference.tried["kept"]["decisions"]
    assert "decisions" not in conference.state["kept"]


def test_what_can_be_decided_are_the_ways_the_core_and_what_applies(conference: CaseConference) -> None:
    found = dict(map(tuple, choices(conference.case)))  # type: ignore[arg-type]  # pairs
    assert {"opioid_taper", "naloxone_kit", "duloxetine"} <= set(found)
    applies = {f.record.id for f in conference.case.findings.recommendations if f.status == "applies"}
    assert applies <= set(found)


def marked(conference: CaseConference, *seats: str) -> None:
    marks = {fork["id"]: {way["key"]: "for" for way in fork["alternatives"]} for fork in conference.view["forks"]}
    conference.state = {
        **conference.state,
        "seats": {"pharmacist": {}, "person": {}, **dict.fromkeys(seats, marks)},
    }


def test_marks_of_seats_show_and_a_lens_opens_when_each_seat_has_marked(conference: CaseConference) -> None:
    conference.lens = "pain"
    for fork in conference.view["forks"]:  # the room's own marks count for nothing once seats are named
        conference.mark(fork["id"], fork["alternatives"][0]["key"], "for")
    assert conference.view["open"]
    marked(conference, "pharmacist")
    assert not conference.view["open"]
    assert conference.view["agenda"] == ""
    assert seats_html(conference.case, conference.state) == ""
    marked(conference, "pharmacist", "person")
    assert conference.view["open"]
    assert "Pharmacist" in seats_html(conference.case, conference.state)


def test_seats_travel_with_the_case(conference: CaseConference) -> None:
    marked(conference, "person")
    again = CaseConference(parse_profile(conference.case_file(), "toml"))
    assert again.state["seats"] == conference.state["seats"]
    assert [seat.role for seat in again.profile.seats] == ["pharmacist", "person"]
