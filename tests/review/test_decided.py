"""What was decided, held to the case as it stands now: each state, what takes the place of what, and what others see of it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pathways.content import Content, load_content
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.audience import for_audience
from pathways.review.case import Case, review
from pathways.review.decided import STATES, Decided, decided, last_meeting, new_since, stands
from tests.conftest import ROOT

AS_OF = "2026-11-02"
BASE = {
    "as_of": AS_OF,
    "answers": {"age_years": 58, "main_pain": "back_axial", "pain_months": 96, "sex": "male", "oud_status": "active"},
    "complete": {"medicines": "yes"},
}
OXYCODONE = {
    "name": "oxycodone ER 20 mg", "ingredients": ["oxycodone"], "release": "er", "dose": {"oxycodone": 20},
    "per_day_min": 2, "per_day_max": 2, "purpose": "pain", "state": "current",
}  # fmt: skip  # data, read across
BUPRENORPHINE = {
    "name": "buprenorphine/naloxone film", "ingredients": ["buprenorphine", "naloxone"], "route": "sublingual",
    "dose": {"buprenorphine": 8, "naloxone": 2}, "per_day_min": 2, "per_day_max": 2, "purpose": "oud",
    "state": "current", "start": "2026-10-20",
}  # fmt: skip  # data, read across


def case(*decisions: dict[str, Any], **more: Any) -> Case:
    entries = [{"date": "2026-10-05", **one} for one in decisions]
    return review(Profile.from_dict({**BASE, **more, "decisions": entries}))


def only(*decisions: dict[str, Any], **more: Any) -> Decided:
    (found,) = decided(case(*decisions, **more))
    return found


def states(one: Decided) -> list[str]:
    return [sign.state for sign in one.signs]


def test_nothing_decided_says_nothing() -> None:
    assert decided(case()) == ()
    assert new_since(case()) == ()
    assert last_meeting(case()) is None


def test_what_is_not_due_and_as_it_was_is_open() -> None:
    one = only({"item": "buprenorphine", "outcome": "do", "due": "2026-11-30", "stood": "Offer"})
    assert (states(one), one.stands, one.title) == (["open"], "Offer", "Buprenorphine (MOUD)")


@pytest.mark.parametrize(
    ("due", "said"), [("2026-11-01", True), ("2026-11-02", False), ("2026-11", False), ("2026-10", True)]
)
def test_overdue_is_what_is_surely_past(due: str, said: bool) -> None:
    one = only({"item": "buprenorphine", "outcome": "do", "due": due})
    assert (one.state == "overdue") is said


def test_without_a_day_of_review_nothing_is_overdue() -> None:
    one = only({"item": "buprenorphine", "outcome": "do", "date": "2019", "due": "2020"}, as_of=None)
    assert one.state == "open"


def test_what_is_in_use_is_done_and_not_overdue() -> None:
    entry = {"item": "buprenorphine", "outcome": "do", "due": "2026-10-12", "stood": "Offer"}
    assert states(only(entry, medicines=[BUPRENORPHINE])) == ["done"]
    # Knowing less: of a medicine that nobody recognizes, nothing is done.
    assert states(only(entry, medicines=[{"name": "a film", "state": "current"}]))[0] != "done"


def test_what_a_danger_now_speaks_against_comes_first_with_its_reason() -> None:
    one = only({"item": "naltrexone_xr", "outcome": "do", "due": "2026-10-12", "stood": "Offer"}, medicines=[OXYCODONE])
    assert states(one) == ["against", "overdue"]
    assert "opioid" in one.signs[0].why
    assert one.signs[0].why.startswith("stood as “Offer”, now “Do not start”: ")
    assert one.signs[0].source


def test_what_stood_otherwise_that_day_is_said() -> None:
    one = only({"item": "buprenorphine", "outcome": "do", "stood": "Check first"})
    assert (states(one), one.signs[0].why) == (["changed"], "stood as “Check first”, now “Offer”")


def test_what_the_person_refuses_since_is_against_it() -> None:
    one = only({"item": "duloxetine", "outcome": "do"}, wishes=[{"treatment": "duloxetine", "says": "refuses"}])
    assert one.state == "against"
    assert "the person does not want it" in [sign.why for sign in one.signs]


def test_what_was_decided_against_and_is_in_use_is_said() -> None:
    for outcome in ("do_not", "wait"):
        one = only({"item": "buprenorphine", "outcome": outcome}, medicines=[BUPRENORPHINE])
        assert (one.state, one.signs[0].why) == ("against", "in place now")


def test_what_was_decided_against_and_every_plan_holds_is_said() -> None:
    assert only({"item": "naloxone_kit", "outcome": "do_not"}).signs[0].why.startswith("every plan found now holds it")
    assert only({"item": "methadone_otp", "outcome": "do_not"}).state == "holds"


def test_a_recommendation_is_done_when_it_is_met_and_changed_when_it_does_not_apply() -> None:
    assert only({"item": "cdc2022.12", "outcome": "do"}, medicines=[BUPRENORPHINE]).state == "done"
    assert only({"item": "cdc2022.12", "outcome": "do"}).state == "open"
    none = {**BASE["answers"], "oud_status": "none"}  # type: ignore[dict-item]  # a table of answers
    assert only({"item": "cdc2022.12", "outcome": "do"}, answers=none).state == "changed"
    assert only({"item": "cdc2022.12", "outcome": "done"}).signs[0].why == "recorded as done, and it still applies"


def test_a_recommendation_that_is_not_in_force_that_day_is_said() -> None:
    dated = next(r for r in load_content().recommendations.values() if r.effective_from)
    assert dated.effective_from is not None
    before = (dated.effective_from - timedelta(days=1)).isoformat()
    one = only({"date": "2000", "item": dated.id, "outcome": "do"}, as_of=before)
    assert (one.state, one.stands) == ("changed", "not in force")
    assert only({"date": "2000", "item": dated.id, "outcome": "wait"}, as_of=before).state == "holds"


def test_what_another_content_does_not_have_is_left_out() -> None:
    content = load_content()
    tables = {**content.tables, "treatment": {id: t for id, t in content.treatments.items() if id != "exercise"}}
    made = case({"item": "exercise", "outcome": "do"}, {"item": "cbt_pain", "outcome": "do"})
    other = replace(made, content=Content(tables, content.files, content.hash))
    assert [one.decision.item for one in decided(other)] == ["cbt_pain"]


def test_what_was_done_and_is_not_there_is_said_only_where_that_is_known() -> None:
    entry = {"item": "buprenorphine", "outcome": "done"}
    assert only(entry, medicines=[OXYCODONE]).signs[0].why == "recorded as done, and not in place now"
    assert only(entry, medicines=[OXYCODONE], complete={}).state == "done"
    assert only(entry, medicines=[BUPRENORPHINE]).state == "done"


def test_the_newest_entry_of_an_item_holds_whatever_their_order_in_the_file() -> None:
    later = {"date": "2026-10-26", "item": "exercise", "outcome": "done"}
    one = only(later, {"item": "exercise", "outcome": "do", "due": "2026-10-12"})
    assert (one.state, one.place, one.earlier) == ("done", 0, (1,))


def test_what_is_dated_after_the_day_of_review_is_not_held_to_it() -> None:
    one = only({"date": "2026-12-01", "item": "buprenorphine", "outcome": "do", "due": "2026-12-02"})
    assert states(one) == ["ahead"]
    assert last_meeting(case({"date": "2026-12-01", "item": "buprenorphine", "outcome": "do"})) is None


def test_what_wants_attention_stands_first() -> None:
    found = decided(
        case(
            {"item": "exercise", "outcome": "done"},
            {"item": "methadone_otp", "outcome": "do_not"},
            {"item": "cbt_pain", "outcome": "do", "due": "2026-12-01"},
            {"item": "case_management", "outcome": "do", "due": "2026-10-30"},
            {"item": "naltrexone_xr", "outcome": "do"},
            medicines=[OXYCODONE],
        )
    )
    order = [STATES.index(one.state) for one in found]
    assert order == sorted(order)
    assert [one.state for one in found] == ["against", "overdue", "open", "holds", "done"]


def test_new_is_what_is_surely_dated_after_the_conference_and_not_to_come() -> None:
    seen = [
        {"measure": "qtc_ms", "value": 440, "date": "2026-10-20"},
        {"measure": "qtc_ms", "value": 430, "date": "2026-10"},
        {"measure": "qtc_ms", "value": 450, "date": "2026-11-20"},
        {"measure": "qtc_ms", "value": 420},
    ]
    made = case({"item": "exercise", "outcome": "do"}, medicines=[BUPRENORPHINE], observations=seen)
    assert [(one.path, one.what) for one in new_since(made)] == [("medicines.0", "started"), ("observations.0", "seen")]


def test_how_an_item_stands_is_what_the_page_says_of_it() -> None:
    made = case()
    assert stands(made, "buprenorphine") == "Offer"
    assert stands(made, "cdc2022.12") == "applies"


def test_the_advice_is_the_same_with_and_without_decisions() -> None:
    def told(made: Case) -> dict[str, Any]:
        data = case_data(made)
        for part in ("profile", "decisions", "new_since", "owners"):
            data.pop(part, None)
        return data

    assert told(
        case({"item": "buprenorphine", "outcome": "do_not"}, {"item": "opioid_taper", "outcome": "do"})
    ) == told(case())


@pytest.mark.parametrize("audience", ["pain_clinic", "partner"])
def test_a_restricted_view_says_nothing_of_it(audience: Any) -> None:
    data = tomllib.loads((ROOT / "sample_data/cases/back_pain_120_mme.toml").read_text("utf-8"))
    data.pop("teaches", None)
    entry = {
        "date": "2026-10-05",
        "item": "buprenorphine",
        "outcome": "do",
        "dissent": [{"role": "otp", "says": "zzFree"}],
    }
    shown = for_audience(review(Profile.from_dict({**data, "decisions": [entry]})), audience)
    bare = for_audience(review(Profile.from_dict(data)), audience)
    assert not decided(shown)
    assert not new_since(shown)
    assert json.dumps(case_data(shown)) == json.dumps(case_data(bare))
