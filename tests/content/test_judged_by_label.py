"""What labels and guidelines say of a few treatments, with people of our own and their neighbors who stay as they were."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.review.case import Case
from pathways.review.options import Option


def person(
    *medicines: dict[str, Any], conditions: tuple[str, ...] = (), egfr: float | None = None, **answers: Any
) -> Case:
    given: dict[str, Any] = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 44, **answers},
        "medicines": list(medicines),
        "conditions": [{"id": one} for one in conditions],
    }
    if egfr is not None:
        given["observations"] = [{"measure": "egfr", "value": egfr, "date": "2026-11-10"}]
    return review(Profile.from_dict(given))


def entry(ingredient: str, state: str = "current", **more: Any) -> dict[str, Any]:
    return {"ingredients": [ingredient], "state": state, **more}


def told(option: Option) -> set[str]:
    """The ids of all that is said against an option or to be checked first."""
    checks = (*option.cautions, *option.closed_by, *option.check_first, *option.not_checked)
    return {c.id for c in checks} | {x.record.id for x in option.meets}


# ---- under 18 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("medicine", ["gabapentin", "pregabalin"])
@pytest.mark.parametrize(("age", "said"), [(12, True), (17, True), (18, False)])
def test_a_gabapentinoid_under_18_is_off_label_for_pain(medicine: str, age: int, said: bool) -> None:
    option = person(age_years=age, main_pain="neuropathy_other", pain_months=12).option(medicine)
    labels = [c.label for c in option.cautions]
    assert any("not for pain" in label for label in labels) is said
    assert option.verb == "Check first"


@pytest.mark.parametrize(("age", "verb"), [(14, "Do not start"), (18, "Check first")])
def test_pregabalin_is_not_begun_for_fibromyalgia_under_18(age: int, verb: str) -> None:
    assert person(age_years=age, main_pain="fibromyalgia", pain_months=12).option("pregabalin").verb == verb


# ---- a check of a few is asked of the few -----------------------------------------------------------------------

BYPASS = "nsaid.bypass_surgery"


@pytest.mark.parametrize(
    ("conditions", "answers", "asked"),
    [
        ((), {}, False),
        ((), {"surgery_planned": True}, False),
        (("ischaemic_heart_disease",), {}, False),
        (("ischaemic_heart_disease",), {"surgery_planned": True}, True),
        (("ischaemic_heart_disease",), {"surgery_planned": True, "bypass_surgery": False}, False),
    ],
)
def test_a_bypass_is_asked_about_where_one_may_be_coming(
    conditions: tuple[str, ...], answers: dict[str, Any], asked: bool
) -> None:
    case = person(conditions=conditions, main_pain="injury", acute_injury=True, **answers)
    assert (BYPASS in told(case.option("nsaid_oral"))) is asked


def test_an_nsaid_is_not_given_around_a_bypass() -> None:
    case = person(entry("naproxen"), main_pain="osteoarthritis", bypass_surgery=True)
    assert (case.medicines[0].verdict, case.medicines[0].how) == ("change", "stop")
    proposed = person(entry("naproxen", "proposed"), main_pain="osteoarthritis", bypass_surgery=True)
    assert proposed.medicines[0].verdict == "not_this"


# ---- an opioid is not begun within 14 days of an MAOI -----------------------------------------------------------

ACUTE = {"main_pain": "injury", "acute_injury": True, "opioid_start_considered": True}


@pytest.mark.parametrize(
    ("other", "verb"),
    [
        (entry("phenelzine"), "Do not start"),
        (entry("linezolid"), "Check first"),
        (entry("phenelzine", "stopped", stop="2026-11-08"), "Check first"),
        (entry("phenelzine", "stopped", stop="2026-10-20"), "Consider"),
        (entry("metformin"), "Consider"),
    ],
    ids=["MAOI", "linezolid", "8 days ago", "27 days ago", "another"],
)
def test_a_short_opioid_course_beside_an_maoi(other: dict[str, Any], verb: str) -> None:
    assert person(other, **ACUTE).option("opioid_short_course").verb == verb


# ---- injections at the spine ------------------------------------------------------------------------------------

SCIATICA = {"main_pain": "back_radicular", "pain_months": 4}


@pytest.mark.parametrize(
    ("medicines", "conditions", "answers", "said"),
    [
        ((entry("apixaban"),), (), {}, "blood_thinner"),
        ((), ("bleeding_disorder",), {}, "bleeding_disorder"),
        ((), ("diabetes",), {}, "diabetes"),
        ((), (), {"immunosuppressed": True}, "immunosuppressed"),
    ],
)
def test_an_epidural_steroid_says_what_speaks_against_it(
    medicines: tuple[dict[str, Any], ...], conditions: tuple[str, ...], answers: dict[str, Any], said: str
) -> None:
    option = person(*medicines, conditions=conditions, **SCIATICA, **answers).option("epidural_steroid")
    assert said in {c.id for c in option.cautions}
    assert option.verb == "Check first"


def test_fever_closes_an_epidural_steroid() -> None:
    assert person(**SCIATICA, fever=True).option("epidural_steroid").verb == "Do not start"


# ---- suzetrigine and the kidneys --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("egfr", "conditions", "verb"),
    [(14, (), "Do not start"), (15, (), "Consider"), (None, ("dialysis",), "Do not start"), (None, (), "Consider")],
)
def test_suzetrigine_is_avoided_in_kidney_failure(egfr: float | None, conditions: tuple[str, ...], verb: str) -> None:
    case = person(conditions=conditions, egfr=egfr, main_pain="injury", acute_injury=True)
    assert case.option("suzetrigine").verb == verb


# ---- one medicine, however it is started ------------------------------------------------------------------------

WAYS = ("buprenorphine_low_dose_start", "buprenorphine_high_dose_start", "buprenorphine_home_start")


@pytest.mark.parametrize("way", WAYS)
def test_every_start_of_buprenorphine_says_what_the_ordinary_one_says_of_the_medicine(way: str) -> None:
    others = [entry(one) for one in ("alprazolam", "carbamazepine", "phenelzine", "ketoconazole")]
    oxycodone = entry("oxycodone", purpose="pain")
    case = person(*others, oxycodone, conditions=("bowel_obstruction", "sleep_apnea"), oud_status="active")
    ordinary = case.option("buprenorphine")
    own = {c.id for c in ordinary.record.precautions}
    assert len(told(ordinary) - own) >= 6
    assert told(ordinary) - own <= told(case.option(way))


# ---- remission, and methadone in use ----------------------------------------------------------------------------


def test_early_remission_lays_the_medicines_side_by_side_while_the_list_is_not_whole() -> None:
    case = person(oud_status="remission", remission_months=4, main_pain="back_axial", pain_months=20)
    fork = next(f for f in case.shown.forks if f.id == "moud_choice")
    ways = {id for a in fork.alternatives for id in a.items}
    assert ways == {"buprenorphine", "methadone_otp", "naltrexone_xr", "remission_without_medication"}


def test_remission_on_medication_is_no_reason_to_go_on_without() -> None:
    buprenorphine = entry("buprenorphine", purpose="oud", route="sublingual")
    case = person(buprenorphine, oud_status="remission", remission_months=4, main_pain="back_axial")
    assert case.option("remission_without_medication").verb == "Do not start"
    assert case.option("buprenorphine").verb in ("Keep", "Keep with", "Check")
    assert all(f.id != "moud_choice" for f in case.shown.forks)


def test_long_remission_raises_no_decision() -> None:
    answers = {"lost_tolerance": False, "fear_of_relapse": False}
    case = person(oud_status="remission", remission_months=60, main_pain="back_axial", **answers)
    assert all(f.id != "moud_choice" for f in case.shown.forks)


@pytest.mark.parametrize(("state", "status"), [("current", "does_not_apply"), ("proposed", "applies")])
def test_what_is_done_before_methadone_is_not_asked_of_those_on_it(state: str, status: str) -> None:
    """Whatever else is proposed: nortriptyline is no start of methadone."""
    medicines = [entry("methadone", state, purpose="oud", source="otp"), entry("nortriptyline", "proposed")]
    if state == "proposed":
        medicines.append(entry("oxycodone", purpose="pain"))
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 52, "oud_status": "active", "main_pain": "neuropathy_other"},
        "medicines": medicines,
        "complete": {"medicines": "yes" if state == "proposed" else "no"},
    }
    case = review(Profile.from_dict(given))
    found = {f.record.id: f.status for f in case.findings.recommendations}
    assert found["meth2014.ecg_baseline"] == status
    assert found["cfr42_8.first_day"] == status
