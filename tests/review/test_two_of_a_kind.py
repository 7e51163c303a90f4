"""A medicine that is proposed beside one of its kind, or beside itself: refused or asked about, never simply started."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pathways import Profile, load_content, review
from pathways.content import models as m
from pathways.review.medicines import Weighed

CONTENT = load_content()
SEDATIVES = ("benzodiazepine", "z_drug", "barbiturate")


def members(of: str) -> list[str]:
    return [id for id in CONTENT.medicines if of in CONTENT.classes_of(id)]


def judged(*medicines: dict[str, Any], **more: Any) -> tuple[Weighed, ...]:
    return review(Profile.from_dict({"answers": {"age_years": 45}, "medicines": list(medicines), **more})).medicines


def taken(id: str, state: str = "current", **more: Any) -> dict[str, Any]:
    return {"ingredients": [id], "state": state, **more}


def pairs(of: Iterable[str]) -> list[tuple[str, str]]:
    """The first of each class with each of the next few."""
    return [(members(c)[0], other) for c in of for other in members(c)[1:5]]


@pytest.mark.parametrize(("one", "other"), pairs(SEDATIVES))
@pytest.mark.parametrize("opioid", [[], ["oxycodone"]])
def test_a_second_sedative_of_one_kind_is_refused(one: str, other: str, opioid: list[str]) -> None:
    *_, newcomer = judged(*map(taken, opioid), taken(one), taken(other, "proposed"))
    assert newcomer.verdict == "not_this"
    first, second = judged(taken(one), taken(other))
    assert (first.verdict, second.verdict) == ("change", "change")
    assert {first.how, second.how} <= {"taper", "stop_with_cover"}, "never at once"


@pytest.mark.parametrize(
    ("one", "other"), pairs(("antipsychotic", "sedating_antihistamine", "acei_arb", "anticoagulant"))
)
def test_another_of_one_kind_is_asked_about(one: str, other: str) -> None:
    *_, newcomer = judged(taken(one), taken(other, "proposed"))
    assert newcomer.verdict in ("cannot_tell", "not_this")
    assert newcomer.grounds[0].kind == "speaks_against"


def test_two_of_different_kinds_are_none_of_one_kind() -> None:
    _, newcomer = judged(taken("quetiapine"), taken("lisinopril", "proposed"))
    assert not {g.id for g in newcomer.grounds} & {"same_kind", "already_taken"}
    tablet = judged({"ingredients": ["sacubitril", "valsartan"], "state": "proposed"})[0]
    assert "same_kind" not in {g.id for g in tablet.grounds}, "the two in one tablet are one medicine"


@pytest.mark.parametrize("id", ["alprazolam", "oxycodone", "gabapentin", "ibuprofen", "sertraline", "acetaminophen"])
def test_what_is_taken_already_and_proposed_is_asked_about(id: str) -> None:
    current, newcomer = judged(taken(id), taken(id, "proposed"))
    assert newcomer.verdict == "cannot_tell"
    assert "already_taken" in {g.id for g in newcomer.grounds}
    assert "already_taken" not in {g.id for g in current.grounds}
    *_, alone = judged(taken(id, "stopped"), taken(id, "proposed"))
    assert "already_taken" not in {g.id for g in alone.grounds}


def test_another_way_into_the_body_or_a_form_for_oud_is_no_second_supply() -> None:
    for current, newcomer in (
        (taken("diclofenac", route="topical"), taken("diclofenac", "proposed", route="oral")),
        (taken("methadone", purpose="oud"), taken("methadone", "proposed", purpose="oud")),
        (taken("naloxone", route="nasal"), taken("naloxone", "proposed", route="nasal")),
    ):
        assert "already_taken" not in {g.id for g in judged(current, newcomer)[1].grounds}


@pytest.mark.parametrize("third", ["zolpidem", "hydroxyzine", "tizanidine", "cyclobenzaprine", "methocarbamol"])
def test_no_third_sedative_beside_an_opioid_and_a_benzodiazepine(third: str) -> None:
    two = (taken("oxycodone"), taken("alprazolam"))
    no = {"asked_none": {"conditions": ["palliative_care"]}}
    assert judged(*two, taken(third, "proposed"), **no)[2].verdict == "not_this"
    at_the_end = {"conditions": [{"id": "palliative_care"}]}
    closed = {g.id for g in judged(*two, taken(third, "proposed"), **at_the_end)[2].grounds}
    assert "sedative.third_beside_opioid_and_benzodiazepine" not in closed


@pytest.mark.parametrize("id", ["oxycodone", "tramadol", "tapentadol", "butorphanol", "pentazocine", "methadone"])
@pytest.mark.parametrize("sign", ["suicide_plan_or_intent", "suicide_concern"])
def test_no_new_opioid_for_pain_in_an_emergency_of_suicide(id: str, sign: str) -> None:
    proposed = taken(id, "proposed", purpose="pain")
    assert judged(proposed, answers={"age_years": 45, sign: True})[0].verdict == "not_this"
    for_oud = taken("methadone", "proposed", purpose="oud")
    assert judged(for_oud, answers={"age_years": 45, sign: True})[0].verdict != "not_this"


@pytest.mark.parametrize(("days", "brief"), [(3, True), (7, True), (8, False), (30, False), (None, False)])
@pytest.mark.parametrize("caution", [c for c in CONTENT.medicine_cautions.values() if c.brief])
def test_a_caution_about_long_use_weighs_how_long(caution: m.MedicineCaution, days: int | None, brief: bool) -> None:
    person = {"nsaid.older": {"answers": {"age_years": 70}}, "nsaid.kidney_mild": {"answers": {"age_years": 45}}}[
        caution.id
    ]
    low = [{"measure": "egfr", "value": 50, "date": "2026-11-01"}] if "kidney" in caution.id else []
    person = {**person, "as_of": "2026-11-02", "observations": low}
    supply = {} if days is None else {"supply_days": days}
    [one] = judged(taken("ibuprofen", "proposed", **supply), **person)
    [said] = [g.action for g in one.grounds if g.id == caution.id]
    assert said == (caution.brief if brief else caution.action)


def test_what_closes_an_option_names_no_way_that_is_closed() -> None:
    person: dict[str, Any] = {
        "answers": {"age_years": 45, "main_pain": "back_axial"},
        "conditions": [{"id": "heart_failure"}],
    }
    at_the_limit = {**taken("acetaminophen"), "dose": {"acetaminophen": 1000}, "per_day_min": 4, "per_day_max": 4}
    told = []
    for medicines in ([], [at_the_limit]):
        closed_by = review(Profile.from_dict({**person, "medicines": medicines})).option("nsaid_oral").closed_by
        assert closed_by
        told.append(" ".join(m.in_words(c.instead) for c in closed_by))
    assert "acetaminophen" in told[0]
    assert "acetaminophen" not in told[1]
