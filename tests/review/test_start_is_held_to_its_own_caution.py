"""A start is held to what speaks against it here: tolerance lost, kidneys, a recent overdose, and what is really open."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review

BACK: dict[str, Any] = {"age_years": 44, "setting": "outpatient", "main_pain": "back_axial"}


def _case(answers: dict[str, Any], *medicines: str, **more: Any) -> Case:
    listed = [{"name": m, "ingredients": [m], "state": "current", "route": "oral"} for m in medicines]
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": listed} | more))


def _egfr(value: float) -> dict[str, Any]:
    return {"observations": [{"measure": "egfr", "value": value, "date": "2026-11-20"}]}


@pytest.mark.parametrize(("free_days", "low"), [(400, True), (14, True), (0, False)])
def test_after_lost_tolerance_both_agonists_start_low(free_days: int, low: bool) -> None:
    case = _case({**BACK, "oud_status": "active", "opioid_free_days": free_days})
    for id in ("buprenorphine", "methadone_otp"):
        labels = " ".join(c.label for c in case.option(id).cautions)
        assert ("Tolerance is lost" in labels) is low


@pytest.mark.parametrize(("egfr", "verb"), [(None, "Check first"), (90, None), (22, "Do not start")])
def test_acamprosate_waits_for_the_kidneys(egfr: float | None, verb: str | None) -> None:
    more = {} if egfr is None else _egfr(egfr)
    option = _case({**BACK, "alcohol_heavy": True}, conditions=[{"id": "alcohol_use_disorder"}], **more).option(
        "alcohol_medicine"
    )
    assert option.verb == verb or (verb is None and option.verb in ("Offer", "Consider"))


@pytest.mark.parametrize(("egfr", "first"), [(22, True), (75, False)])
def test_a_gel_on_failing_kidneys_is_checked_first(egfr: float, first: bool) -> None:
    answers = {**BACK, "main_pain": "osteoarthritis", "pain_site": "knee"}
    assert (_case(answers, **_egfr(egfr)).option("nsaid_topical").verb == "Check first") is first


def test_a_tricyclic_after_an_overdose_is_not_simply_offered() -> None:
    answers = {**BACK, "main_pain": "neuropathy_diabetic", "pain_months": 30}
    before = {a.verb for a in (_case(answers, **_ecg()).option("nortriptyline"),)}
    after = _case({**answers}, **_ecg(overdose="2026-10-20")).option("nortriptyline")
    assert before <= {"Offer", "Consider", "Check first"}
    assert any("overdose" in c.label for c in after.cautions)
    assert after.verb not in ("Offer", "Consider")


def _ecg(overdose: str | None = None) -> dict[str, Any]:
    seen: list[dict[str, Any]] = [{"measure": "qtc_ms", "value": 420, "date": "2026-11-20"}]
    if overdose:
        seen.append({"measure": "overdose", "date": overdose})
    return {"observations": seen}


@pytest.mark.parametrize(
    ("medicines", "more", "named"),
    [((), {}, True), ((), {"observations": [{"measure": "qtc_ms", "value": 520, "date": "2026-11-20"}]}, False)],
)
def test_one_way_left_open_is_not_named_as_the_choice(
    medicines: tuple[str, ...], more: dict[str, Any], named: bool
) -> None:
    case = _case({**BACK, "oud_status": "active", "nonprescribed_opioid_use": True}, *medicines, **more)
    [said] = [f for f in case.findings.recommendations if f.record.id == "asam2020.moud_choice"]
    assert (len(said.ways) > 1) is named
    assert (":" in said.action) is named


@pytest.mark.parametrize(("pain", "applies"), [("crps", False), ("osteoarthritis", True)])
def test_the_advice_on_a_joint_is_not_for_crps(pain: str, applies: bool) -> None:
    case = _case({**BACK, "main_pain": pain, "pain_site": "foot"})
    [found] = [f for f in case.findings.recommendations if f.record.id == "pain_site.joint"]
    assert (found.status == "applies") is applies


@pytest.mark.parametrize(("pregnant", "blocker"), [(True, False), (False, True)])
def test_in_pregnancy_laxatives_come_before_a_gut_blocker(pregnant: bool, blocker: bool) -> None:
    answers = {**BACK, "sex": "female", "age_years": 30, "pregnant": pregnant, "constipation_despite_laxatives": True}
    [found] = [f for f in _case(answers, "oxycodone").findings.recommendations if f.record.id == "aga2019.gut_blocker"]
    assert ("naldemedine or naloxegol" in found.action) is blocker


@pytest.mark.parametrize("concern", [True, False])
def test_an_maoi_of_a_person_at_risk_is_kept_with_small_supplies(concern: bool) -> None:
    case = _case({**BACK, "suicide_concern": concern}, "phenelzine")
    assert ("supplies_small" in case.medicines[0].beside) is concern
