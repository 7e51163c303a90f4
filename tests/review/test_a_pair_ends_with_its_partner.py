"""What is asked for the sake of a pair goes when this review stops one of the two, or does not let it begin."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.profile import Profile
from pathways.review.case import Case, review

DAY = "2026-11-30"
PERSON = {"age_years": 52, "setting": "outpatient", "main_pain": "back_axial"}
NO_NSAID: list[tuple[dict[str, Any], float | None]] = [({"pregnant": True, "weeks_pregnant": 24}, None), ({}, 22)]


def person(*medicines: dict[str, Any], egfr: float | None = None, **answers: Any) -> Case:
    seen = [] if egfr is None else [{"measure": "egfr", "value": egfr, "date": DAY}]
    data = {"as_of": DAY, "answers": {**PERSON, **answers}, "medicines": list(medicines), "observations": seen}
    return review(Profile.from_dict(data))


def taken(ingredient: str, **more: Any) -> dict[str, Any]:
    return {"name": ingredient, "ingredients": [ingredient], "state": "current", "route": "oral", **more}


def beside(case: Case) -> set[str]:
    return {a.record.id for plan in case.frontier.plans for a in case.beside(plan.items)}


def met(case: Case, place: int) -> set[str]:
    return {d.id for d in case.medicines[place].grounds if d.table == "interaction"}


@pytest.mark.parametrize(("answers", "egfr"), NO_NSAID)
@pytest.mark.parametrize("nsaid", ["ibuprofen", "naproxen"])
@pytest.mark.parametrize("antidepressant", ["sertraline", "duloxetine"])
def test_no_stomach_is_protected_from_what_is_stopped(
    nsaid: str, antidepressant: str, answers: dict[str, Any], egfr: float | None
) -> None:
    case = person(taken(nsaid), taken(antidepressant), egfr=egfr, sex="female", **answers)
    assert case.medicines[0].how == "stop"
    assert "nsaid_ssri_snri" not in met(case, 1)
    assert "stomach_protected" not in beside(case)
    assert not any("NSAID with an SSRI" in c.text for plan in case.frontier.plans for c in plan.cautions)


def test_what_goes_on_with_its_partner_keeps_its_care() -> None:
    case = person(taken("ibuprofen"), taken("sertraline"), egfr=90, sex="male")
    assert case.medicines[0].verdict != "change"
    assert "stomach_protected" in beside(case)
    assert "nsaid_ssri_snri" in met(case, 1)


def test_a_start_is_not_measured_by_what_is_stopped() -> None:
    def records(case: Case) -> set[str]:
        return {x.record.id for x in case.option("duloxetine").meets}

    stopped = person(taken("ibuprofen"), sex="female", pregnant=True, weeks_pregnant=24)
    assert "nsaid_ssri_snri" not in records(stopped)
    assert "nsaid_ssri_snri" in records(person(taken("ibuprofen"), egfr=90, sex="male"))


def test_what_is_not_begun_asks_nothing_of_what_stays() -> None:
    asked = {**taken("ibuprofen"), "state": "proposed"}
    refused = person(asked, taken("sertraline"), sex="female", pregnant=True, weeks_pregnant=24)
    assert [w.verdict for w in refused.medicines] == ["not_this", "keep"]
    assert "stomach_protected" not in beside(refused)
    assert refused.medicines[0].grounds  # and all that speaks against it is still said of it
    assert "nsaid_ssri_snri" in met(refused, 0)
    begun = person(asked, taken("sertraline"), egfr=90, sex="male")
    assert begun.medicines[0].verdict != "not_this"
    assert begun.medicines[1].verdict == "keep_with"


def test_a_slow_end_is_watched_while_it_lasts() -> None:
    opioid = taken("oxycodone", dose={"oxycodone": 5}, per_day_min=4, per_day_max=4, purpose="pain")
    case = person(opioid, taken("clonazepam"), sex="male")
    assert "opioid_benzodiazepine" in met(case, 0) & met(case, 1)


def test_a_hold_of_hours_ends_no_pair() -> None:
    case = person(
        taken("oxycodone", purpose="pain"), taken("sertraline"), taken("ibuprofen"), egfr=90, drowsy_or_confused=True
    )
    assert case.medicines[0].how == "hold"
    assert "nsaid_ssri_snri" in met(case, 1)


def test_a_level_is_watched_also_when_the_other_one_stops() -> None:
    case = person(taken("ibuprofen"), taken("lithium"), sex="female", pregnant=True, weeks_pregnant=24)
    assert case.medicines[0].how == "stop"
    assert case.medicines[1].verdict != "keep"
