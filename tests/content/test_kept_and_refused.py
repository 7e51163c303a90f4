"""Kinds of judgement that a tester broke: what works stays, what comes first is checked first, and what is reached is offered.

Each kind is tried on several people who differ from one another, never on one input alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.pages import sheet_markdown
from pathways.pages.plan_data import item_data
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.questions import next_questions

AS_OF = date(2026, 11, 16)
WHOLE = {"medicines": "yes", "conditions": "yes", "observations": "yes"}
ADULT = {"age_years": 53, "sex": "female", "setting": "outpatient", "pregnant": False}
BACK = {**ADULT, "main_pain": "back_axial", "pain_months": 80, "acute_injury": False, "surgery_planned": False}
NO_OUD = {"oud_status": "none", "nonprescribed_opioid_use": False, "opioid_misuse": False, "lost_tolerance": False}
SOBER = {"alcohol_daily": False, "alcohol_heavy": False, "stimulant_use": False}
ITEMS = (
    "more_than_meant", "cut_down", "time_spent", "craving", "roles", "social_problems", "given_up", "hazardous",
    "despite_harm", "tolerance", "withdrawal",
)  # fmt: skip  # data, read across
EGFR = {"measure": "egfr", "value": 90, "date": "2026-11-01"}


def person(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    data = {"as_of": AS_OF, "answers": answers, "medicines": list(medicines), "complete": WHOLE, **more}
    return review(Profile.from_dict(data))


def taken(ingredient: str, mg: float = 0, times: int = 1, **more: Any) -> dict[str, Any]:
    dose = {"dose": {ingredient: mg}, "per_day_min": times, "per_day_max": times} if mg else {}
    return {"ingredients": [ingredient], "state": "current", "route": "oral", "purpose": "pain", **dose, **more}


def conditions(*ids: str) -> list[dict[str, str]]:
    return [{"id": id} for id in ids]


def verb(case: Case, id: str) -> str | None:
    return case.option(id).verb


def in_plans(case: Case, id: str) -> tuple[bool, bool]:
    """Whether it stands in any plan, and whether in every one."""
    found = [id in plan.ids for plan in case.frontier.plans]
    return any(found), bool(found) and all(found)


OXYCODONE = taken("oxycodone", 10, 4, source="pdmp")
HELPED = {**BACK, **NO_OUD, **SOBER, "opioid_months": 50, "opioid_helps": "yes", "wants_taper": False}


# ---- what works stays ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opioid",
    [OXYCODONE, taken("oxycodone", 15, 4), taken("hydrocodone", 10, 3), taken("hydromorphone", 4, 4)],
)
def test_an_opioid_that_helps_is_kept_in_every_plan_and_no_taper_is_pushed(opioid: dict[str, Any]) -> None:
    case = person(HELPED, opioid, observations=[EGFR])

    assert verb(case, "opioid_continue") == "Keep"
    assert in_plans(case, "opioid_continue") == (True, True)
    assert not in_plans(case, "opioid_taper")[0]
    assert not in_plans(case, "buprenorphine_for_pain")[0]
    assert "long_term_opioid" not in {fork.id for fork in case.shown.forks}
    page = sheet_markdown(case)
    first = page[: page.index("Ask next")]
    assert "Keep and optimize the opioid" in first
    assert "or taper" not in first


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({"wants_taper": True}, ()),
        ({"opioid_helps": "no"}, ()),
        ({"opioid_helps": "unsure"}, ()),
        ({}, (taken("alprazolam", 1, 2, purpose="other"),)),
    ],
)
def test_a_wish_doubt_or_danger_keeps_the_decision_open(
    answers: dict[str, Any], more: tuple[dict[str, Any], ...]
) -> None:
    case = person({**HELPED, **answers}, OXYCODONE, *more, observations=[EGFR])

    assert in_plans(case, "opioid_taper")[0]
    assert "long_term_opioid" in {fork.id for fork in case.shown.forks}


def test_whether_a_taper_is_wanted_is_asked_before_the_decision_is_closed() -> None:
    case = person({k: v for k, v in HELPED.items() if k != "wants_taper"}, OXYCODONE, observations=[EGFR])

    assert verb(case, "opioid_continue") == "Keep"
    assert "long_term_opioid" in {fork.id for fork in case.shown.forks}
    assert "wants_taper" in {q.ask for q in next_questions(case)}


@pytest.mark.parametrize("sedative", ["lorazepam", "midazolam", "clonazepam"])
@pytest.mark.parametrize("where", ["hospice", "palliative_care"])
def test_comfort_care_keeps_opioid_and_sedative_without_a_plan_to_lower_them(where: str, sedative: str) -> None:
    answers = {k: v for k, v in HELPED.items() if k != "wants_taper"} | {"main_pain": "cancer", "age_years": 83}
    calming = taken(sedative, 0.5, 2, purpose="other")
    case = person(answers, taken("morphine", 10, 6), calming, conditions=conditions(where, "metastatic_cancer"))

    assert verb(case, "opioid_continue") in ("Keep", "Keep with")
    assert in_plans(case, "opioid_continue") == (True, True)
    for id in ("opioid_taper", "buprenorphine_for_pain", "sedative_review"):
        assert not in_plans(case, id)[0], id
    assert {w.verdict for w in case.medicines} == {"keep_with"}  # the pair is still named, with what goes beside it


def test_a_taper_that_a_person_in_palliative_care_asks_for_is_not_lost() -> None:
    answers = {**HELPED, "wants_taper": True}
    case = person(answers, taken("morphine", 10, 6), conditions=conditions("palliative_care"))

    assert in_plans(case, "opioid_taper")[0]


# ---- what comes first ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pain", ["neuropathy_diabetic", "fibromyalgia", "back_axial"])
def test_no_antidepressant_for_pain_in_bipolar_disorder_before_psychiatry(pain: str) -> None:
    case = person({**BACK, **NO_OUD, "main_pain": pain}, conditions=conditions("bipolar"), observations=[EGFR])

    for id in ("duloxetine", "venlafaxine", "milnacipran", "nortriptyline"):
        assert verb(case, id) in (None, "Check first", "Do not start"), id
    assert verb(case, "duloxetine") == "Check first"


@pytest.mark.parametrize("ingredient", ["duloxetine", "venlafaxine", "amitriptyline"])
def test_one_that_is_taken_with_bipolar_disorder_goes_on_with_psychiatry(ingredient: str) -> None:
    case = person({**BACK, **NO_OUD}, taken(ingredient, 30), conditions=conditions("bipolar"), observations=[EGFR])

    assert case.medicines[0].verdict != "change"
    assert "mania_asked" in case.medicines[0].beside


@pytest.mark.parametrize(("mine", "other"), [("gabapentin", "pregabalin"), ("pregabalin", "gabapentin")])
def test_a_second_gabapentinoid_is_not_started_and_of_two_one_goes(mine: str, other: str) -> None:
    nerves = {**BACK, **NO_OUD, "main_pain": "neuropathy_diabetic"}
    case = person(nerves, taken(mine, 300, 3), observations=[EGFR])
    new = person(nerves, taken(mine, 300, 3), taken(other, 75, 2, state="proposed"), observations=[EGFR])
    both = person(nerves, taken(mine, 300, 3), taken(other, 75, 2), observations=[EGFR])

    assert verb(case, other) == "Do not start"
    assert not in_plans(case, other)[0]
    assert new.medicines[1].verdict == "not_this"
    assert {w.verdict for w in both.medicines} == {"change"}
    assert both.medicines[0].how == "taper"


def test_a_second_tricyclic_is_not_started() -> None:
    nerves = {**BACK, **NO_OUD, "main_pain": "neuropathy_diabetic"}
    case = person(nerves, taken("nortriptyline", 25), taken("amitriptyline", 10, 1, state="proposed"))

    assert case.medicines[1].verdict == "not_this"


FACE = {**BACK, **NO_OUD, "main_pain": "neuropathy_other"}


@pytest.mark.parametrize("id", ["duloxetine", "venlafaxine", "nortriptyline", "gabapentin", "pregabalin"])
def test_trigeminal_neuralgia_is_first_met_with_its_own_medicine(id: str) -> None:
    case = person(FACE, conditions=conditions("pain_trigeminal"), observations=[EGFR])
    other = person(FACE, observations=[EGFR])

    assert verb(case, "carbamazepine") == "Offer"
    assert in_plans(case, "carbamazepine")[0]
    first = "Trigeminal neuralgia: carbamazepine or oxcarbazepine comes first"
    assert verb(case, id) == "Check first"
    assert (first in case.option(id).avoided, first in other.option(id).avoided) == (True, False)


@pytest.mark.parametrize("months", [4, 40])
def test_an_inducer_beside_methadone_waits_for_the_program(months: int) -> None:
    otp = taken("methadone", 100, 1, purpose="oud", source="otp", setting="otp")
    answers = {**FACE, "oud_status": "remission", "remission_months": months}
    case = person(answers, otp, conditions=conditions("pain_trigeminal"), observations=[EGFR])

    assert verb(case, "carbamazepine") == "Check first"
    assert any("methadone" in said.lower() for said in case.option("carbamazepine").avoided)


# ---- what can be reached ---------------------------------------------------------------------------------------

HEROIN = {"ingredients": ["heroin"], "state": "current", "purpose": "other", "source": "nonprescribed"}
OUD = {**BACK, "oud_status": "active", "nonprescribed_opioid_use": True}


@pytest.mark.parametrize(
    "reach",
    [
        {"otp_km": 51},
        {"otp_km": 150},
        {"phone_only": True},
        {"otp_reachable": False},
        {"otp_km": 150, "phone_only": True},
    ],
)
def test_methadone_out_of_reach_is_no_first_plan_and_never_closed(reach: dict[str, Any]) -> None:
    case = person({**OUD, **reach}, HEROIN)

    assert verb(case, "methadone_otp") == "Check first"
    assert verb(case, "buprenorphine") == "Offer"
    assert "buprenorphine" in case.shown.plans[0].ids
    assert in_plans(case, "methadone_otp")[0]


@pytest.mark.parametrize("why", [{"otp_reachable": False}, {"otp_km": 80}, {"phone_only": True}])
def test_what_makes_it_check_first_is_among_its_open_checks(why: dict[str, Any]) -> None:
    case = person({**OUD, **why}, HEROIN)
    items = [i for plan in case.frontier.plans for i in plan.items if i.id == "methadone_otp"]

    assert items
    for item in items:
        assert item.verb == "Check first"
        assert item_data(item)["check_first"][: len(item.option.avoided)] == list(item.option.avoided) != []


def test_an_otp_nearby_is_offered() -> None:
    case = person({**OUD, "otp_km": 49, "phone_only": False, "otp_reachable": True}, HEROIN)

    assert verb(case, "methadone_otp") == "Offer"


@pytest.mark.parametrize("where", [{"phone_only": True}, {"induction_setting": "home"}])
def test_the_start_at_home_stands_beside_buprenorphine_and_only_there(where: dict[str, Any]) -> None:
    case = person({**OUD, **where}, HEROIN)
    office = person({**OUD, "phone_only": False, "induction_setting": "office"}, HEROIN)

    for plan in case.frontier.plans:
        assert ("buprenorphine_home_start" in plan.ids) is ("buprenorphine" in plan.ids)
    assert in_plans(case, "buprenorphine_home_start")[0]
    assert not in_plans(office, "buprenorphine_home_start")[0]
    assert all("buprenorphine_home_start" not in a.items for fork in case.shown.forks for a in fork.alternatives)


@pytest.mark.parametrize("where", ["emergency_department", None])
def test_the_start_at_home_stands_in_no_plan_where_it_does_not_fit_or_nobody_knows(where: str | None) -> None:
    answers = {k: v for k, v in {**OUD, "phone_only": True, "setting": where}.items() if v is not None}
    case = person(answers, HEROIN)

    assert case.option("buprenorphine").verb == "Offer"
    assert not any("buprenorphine_home_start" in plan.ids for plan in case.frontier.plans)


# ---- OUD by its criteria ---------------------------------------------------------------------------------------


def criteria(*met: str) -> dict[str, Any]:
    return {"measure": "oud_criteria", "items": {i: int(i in met) for i in ITEMS}, "date": "2026-11-16"}


UNTOLD = {k: v for k, v in HELPED.items() if k != "oud_status"}


@pytest.mark.parametrize("met", [(), ("tolerance", "withdrawal"), ("craving",)])
def test_eleven_criteria_answer_whether_there_is_oud(met: tuple[str, ...]) -> None:
    case = person(UNTOLD, OXYCODONE, observations=[criteria(*met), EGFR])

    need = next(n for n in case.findings.needs if n.record.id == "oud_treatment")
    assert need.raised is False
    assert "oud_status" not in {q.ask for q in next_questions(case)}


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({"nonprescribed_opioid_use": True}, {}),
        ({}, {"conditions": conditions("alcohol_use_disorder")}),
        ({}, {"complete": {**WHOLE, "conditions": "no"}}),
    ],
)
def test_remission_stays_open_where_something_may_speak_of_it(answers: dict[str, Any], more: dict[str, Any]) -> None:
    case = person({**UNTOLD, **answers}, OXYCODONE, observations=[criteria(), EGFR], **more)

    assert case.facts.values["oud_status"] == frozenset({"none", "remission"})


def test_naloxone_is_offered_with_any_opioid_and_is_no_choice() -> None:
    case = person(UNTOLD, OXYCODONE, observations=[criteria(), EGFR])

    assert verb(case, "naloxone_kit") == "Offer"
    assert in_plans(case, "naloxone_kit") == (True, True)


# ---- what does not fit together ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"sex": "male", "weeks_pregnant": 22}, "male_and_pregnant"),
        ({"sex": "male", "pregnant": True}, "male_and_pregnant"),
        ({"sex": "male", "breastfeeding": True}, "male_and_pregnant"),
        ({"sex": "male", "postpartum": True}, "male_and_pregnant"),
        ({"sex": "female", "pregnant": False, "weeks_pregnant": 20}, "not_pregnant_but_weeks"),
        ({"sex": "female", "age_years": 79, "weeks_pregnant": 20}, "pregnant_at_that_age"),
        ({"sex": "female", "age_years": 79, "pregnant": True}, "pregnant_at_that_age"),
    ],
)
def test_a_pregnancy_that_cannot_be_is_named_and_asked_about(answers: dict[str, Any], found: str) -> None:
    base = {"age_years": 34, "setting": "outpatient", "main_pain": "back_axial", "pain_months": 8}
    case = person({**base, **answers}, taken("naproxen", 500, 2))

    assert case.facts.contradictions == (found,)
    unsettled = case.content.contradictions[found].unsettles
    assert set(unsettled) <= {q.ask for q in next_questions(case)}
    assert case.medicines[0].verdict != "keep"  # what warns goes on warning


@pytest.mark.parametrize("age", [9, 56, 79])
def test_a_pregnancy_that_the_age_contradicts_goes_on_warning(age: int) -> None:
    """A contradiction opens what would reassure, never what warns."""
    base = {"age_years": age, "sex": "female", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 8}
    case = person({**base, "pregnant": True}, taken("topiramate", 25, 2), taken("oxycodone", 10, 3))

    assert case.facts.contradictions == ("pregnant_at_that_age",)
    assert case.facts.values["pregnant"] is True
    assert [w.verdict for w in case.medicines if "topiramate" in w.ingredients] == ["change"]
    assert verb(case, "supervised_withdrawal") in (None, "Do not start")
    assert "pregnant" in {q.ask for q in next_questions(case)}


@pytest.mark.parametrize("given", [{"pregnant": False}, {}])
def test_that_a_person_is_not_pregnant_is_opened_by_weeks_at_any_age(given: dict[str, Any]) -> None:
    for age in (30, 79):
        base = {"age_years": age, "sex": "female", "setting": "outpatient", "main_pain": "back_axial"}
        case = person({**base, "weeks_pregnant": 20, **given})
        assert case.facts.values["pregnant"] is not False


def test_weeks_that_fit_contradict_nothing() -> None:
    assert not person({**ADULT, "age_years": 34, "pregnant": True, "weeks_pregnant": 22}).facts.contradictions


# ---- order, and what is asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign", [{"chest_pain_or_hypoxia": True}, {"temperature_c": 39}, {"sudden_pallor_or_spleen_pain": True}]
)
def test_a_sickle_cell_emergency_says_relief_within_the_hour_and_leaves_no_choice_of_later_care(
    sign: dict[str, Any],
) -> None:
    answers = {
        **ADULT,
        "setting": "emergency_department",
        "main_pain": "sickle_cell",
        "oud_status": "remission",
        **sign,
    }
    otp = taken("methadone", 100, 1, purpose="oud", source="otp", setting="otp")
    case = person(answers, otp, conditions=conditions("sickle_cell"))

    page = sheet_markdown(case)
    assert "within 1 hour" in page[: page.index("Ask next")]
    for fork in case.shown.forks:
        held = [verb(case, id) == "After this" for a in fork.alternatives for id in a.items]
        assert not held or not all(held), fork.id
    told = {f.record.id for f in case.findings.recommendations if f.status == "applies"}
    assert "asam2020.nonopioid_first" not in told


def test_the_naloxone_in_a_film_does_not_unsettle_the_rescue_kit() -> None:
    film = {"ingredients": ["buprenorphine", "naloxone"], "route": "sublingual", "state": "current", "purpose": "oud"}
    otp = taken("methadone", 60, 1, purpose="oud", source="otp", setting="otp")
    spray = {"ingredients": ["naloxone"], "route": "nasal", "state": "current", "purpose": "other"}
    case = person({**BACK, "oud_status": "remission"}, otp, film, spray)

    assert (verb(case, "buprenorphine"), verb(case, "methadone_otp"), verb(case, "naloxone_kit")) == (
        "Verify",
        "Verify",
        "Keep",
    )


@pytest.mark.parametrize("context", [{"immunosuppressed": False}, {"immunosuppressed": True}])
def test_the_context_of_a_headache_sign_is_no_sign_of_a_headache(context: dict[str, Any]) -> None:
    case = person({**BACK, **NO_OUD, **context})
    begun = person({**BACK, **NO_OUD, **context, "headache_thunderclap": False})

    def state(of: Case) -> str:
        return next(e.state for e in of.findings.emergencies if e.record.id == "headache_secondary")

    assert (state(case), state(begun)) == ("not_asked", "possible")
