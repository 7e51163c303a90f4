"""Sentences for clinicians that were untrue or garbled: each is held to the state that it speaks of."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, load_content, review
from pathways.language.words import soft, without_dose
from pathways.pages.html import sections_of, texts
from pathways.review.actions import NO_DOSES, REST, STANDING, actions_of, first_actions
from pathways.review.case import Case
from pathways.review.shapes import Action, Part, Said

CONTENT = load_content()


def case(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    return review(Profile.from_dict({"answers": {"age_years": 45, **answers}, "medicines": list(medicines), **more}))


def taken(id: str, state: str = "current", **more: Any) -> dict[str, Any]:
    return {"ingredients": [id], "state": state, **more}


@pytest.mark.parametrize("id", ["codeine", "tramadol", "oxycodone", "cyclobenzaprine"])
@pytest.mark.parametrize("state", ["current", "proposed"])
def test_to_a_drowsy_person_no_other_sedative_is_named_instead(id: str, state: str) -> None:
    low = [{"measure": "egfr", "value": 20, "date": "2026-11-01"}]
    said = {"as_of": "2026-11-02", "observations": low}
    awake = case({"age_years": 81, "drowsy_or_confused": False}, taken(id, state), **said).medicines[0]
    drowsy = case({"age_years": 81, "drowsy_or_confused": True}, taken(id, state), **said).medicines[0]
    assert drowsy.verdict in ("change", "not_this")
    assert drowsy.instead == ""
    assert awake.verdict != "keep"


def test_what_takes_the_place_of_a_medicine_is_still_said_without_an_emergency() -> None:
    [one] = case({"age_years": 70}, taken("naproxen"), conditions=[{"id": "heart_failure"}]).medicines
    assert "acetaminophen" in one.instead


def test_the_plan_for_a_sedative_is_no_start_of_one() -> None:
    def plan(drowsy: bool) -> str | None:
        return (
            case({"drowsy_or_confused": drowsy}, taken("oxycodone"), taken("alprazolam")).option("sedative_review").verb
        )

    assert plan(False) not in ("Do not start", None)
    assert plan(True) not in ("Do not start", None)
    lowering = {"withdrawal_seizure": True, "alcohol_or_sedative_withdrawal": True}
    assert case(lowering, taken("oxycodone"), taken("alprazolam")).option("sedative_review").verb == "Do not start"


@pytest.mark.parametrize("maoi", ["rasagiline", "linezolid"])
@pytest.mark.parametrize("id", ["sertraline", "trazodone"])
def test_another_antibiotic_is_said_in_place_of_an_antibiotic(id: str, maoi: str) -> None:
    told = case({}, taken(id), taken(maoi)).medicines[0].instead
    assert "antibiotic" not in told or "in place of linezolid" in told


def test_keep_is_not_said_of_an_opioid_that_changes() -> None:
    found = case({"drowsy_or_confused": True, "main_pain": "back_axial", "pain_months": 60}, taken("oxycodone"))
    assert found.option("opioid_continue").verb == "Change"
    told = [said.text for s in sections_of(found) if s.id == "phases" for said in texts(s)]
    assert not [text for text in told if "Keep and optimize" in text]
    assert [text for text in told if "Change: oxycodone" in text]


def test_what_is_advised_for_an_attack_is_not_what_is_closed() -> None:
    def told(**answers: Any) -> str:
        found = case({"main_pain": "migraine", **answers}).findings.recommendations
        return next(f.action for f in found if f.record.id == "migraine.attack")

    assert told() == "For the attack, and no opioid: a triptan, an NSAID or acetaminophen"
    assert told(sex="female", pregnant=True, weeks_pregnant=24).endswith(": a triptan or acetaminophen")


@pytest.mark.parametrize("emergency", ["", "cannot_be_woken", "suicide_concern", "dependent_unsafe"])
def test_standing_care_that_is_in_place_is_no_line_of_its_own(emergency: str) -> None:
    in_place = {"storage_locked": True, "exercise_in_place": True, "psychological_therapy_in_place": True}
    naloxone = taken("naloxone", route="nasal")
    pain = {"main_pain": "back_axial", "pain_months": 60}
    found = case({**pain, **in_place, **({emergency: True} if emergency else {})}, taken("oxycodone"), naloxone)
    standing = {t.id for t in CONTENT.treatments.values() if t.standing and found.option(t.id).in_place == "yes"}
    assert {"naloxone_kit", "safe_storage", "exercise", "cbt_pain"} <= standing
    own = [p.id for a in actions_of(found) if a.theme != STANDING and a.rank < REST for p in a.parts]
    assert standing.isdisjoint(own)


def test_at_the_least_something_is_named_and_never_only_counted() -> None:
    def line(verb: str, rank: int, name: str) -> Action:
        return Action(name, rank, (Part(name, verb, Said(name), Said("its prescriber"), names=(name,)),))

    told = first_actions((line("", 1, "No abrupt stop"), line("Check", 2, "oxycodone 10 mg")), NO_DOSES)
    assert [part.text.text for action in told for part in action.parts] == ["No abrupt stop"]
    two = (line("Change", -3, "oxycodone 10 mg twice a day"), line("Change", -3, "diazepam 5 mg"), line("", 1, "Rest"))
    [one] = first_actions(two, NO_DOSES)
    assert [(p.verb, p.text.text, p.count) for p in one.parts] == [("Change", "oxycodone, diazepam", 2)]


@pytest.mark.parametrize(
    ("label", "short"),
    [("oxycodone 10 mg", "oxycodone"), ("fentanyl, from the street", "fentanyl"), ("5-HTP", "5-HTP"), ("", "")],
)
def test_a_name_without_its_dose(label: str, short: str) -> None:
    assert without_dose(label) == short


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CrCl below 30", "CrCl below 30"),
        ("Child-Pugh B", "Child-Pugh B"),
        ("MAOI now", "MAOI now"),
        ("A risk factor", "a risk factor"),
        ("A1c above 9", "A1c above 9"),
        ("Long QT", "long QT"),
        ("Z-drug", "Z-drug"),
        ("", ""),
    ],
)
def test_a_text_in_the_middle_of_a_line(text: str, said: str) -> None:
    assert soft(text) == said
