"""What one page says of one thing agrees: a medicine that is timed anew goes on, what is held is not "never stopped", what is
refused gets no dose advice, and acute pain gets the relief that nothing speaks against.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pathways.care.handout import handout
from pathways.profile import Profile
from pathways.review.actions import IN_A_FORK, actions_of
from pathways.review.case import Case, review
from pathways.review.questions import next_questions
from pathways.review.special import special, unpaired

AS_OF = date(2026, 11, 16)
REMISSION = {"age_years": 35, "sex": "male", "oud_status": "remission", "remission_months": 30, "lost_tolerance": False}
INJURY = {"main_pain": "injury", "pain_months": 0.1, "acute_injury": True}
COLIC = {"main_pain": "other", "pain_months": 0.1, "acute_injury": False}
BACK = {"main_pain": "back_axial", "pain_months": 40, "acute_injury": False}


def entry(ingredient: str, state: str = "current", **more: Any) -> dict[str, Any]:
    return {"ingredients": [ingredient], "name": ingredient, "state": state, **more}


def measured(measure: str, value: Any = None, days: int = 0) -> dict[str, Any]:
    one = {"measure": measure, "date": (AS_OF + timedelta(days=days)).isoformat()}
    return one if value is None else {**one, "value": value}


def person(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    known = {"medicines": "yes", "conditions": "yes"}
    answers = {"setting": "outpatient", **answers}
    data = {"complete": known, "as_of": AS_OF, "answers": answers, "medicines": list(medicines), **more}
    return review(Profile.from_dict(data))


def planned(case: Case) -> set[str]:
    """All that stands in some plan."""
    return {id for plan in case.frontier.plans for id in plan.ids}


def core(case: Case) -> set[str]:
    return {item.id for item in case.shown.core}


def verb(case: Case, id: str) -> str | None:
    return case.option(id).verb


def line(case: Case, place: int = 0) -> str:
    """What is special about a medicine, as the page says it."""
    return next(f"{one.verb}: {one.text.text}" for one in special(case) if one.id == f"medicines.{place}")


def actions(case: Case) -> str:
    return "\n".join(part.text.text for action in actions_of(case) if action.rank < IN_A_FORK for part in action.parts)


def told(case: Case) -> str:
    return "\n".join(f"{one.title}: {one.text}" for one in handout(case).told())


# -- naltrexone around an operation or acute pain -------------------------------------------------------------


@pytest.mark.parametrize("form", ["intramuscular", "oral"])
@pytest.mark.parametrize(
    ("answers", "operation"),
    [(INJURY, None), (COLIC, None), ({**COLIC, "main_pain": "post_surgical"}, None), (INJURY, 1), (BACK, 5), (BACK, 14)],
    ids=["injury", "colic", "after an operation", "injury, operation tomorrow", "operation in days", "operation later"],
)  # fmt: skip  # data, read across
def test_naltrexone_is_timed_around_acute_pain_and_goes_on(
    form: str, answers: dict[str, Any], operation: int | None
) -> None:
    """B-A11 to B-A13: the next dose is timed and resumed; it is not exchanged for an agonist for the sake of days."""
    observations = [measured("surgery", days=operation)] if operation else []
    naltrexone = entry("naltrexone", purpose="oud", route=form)
    case = person({**REMISSION, **answers}, naltrexone, observations=observations)
    weighed = case.medicines[0]
    assert (weighed.verdict, weighed.how) == ("change", "plan_dose")
    said = line(case)
    assert "go on afterwards" in said
    assert "7 to 10 opioid-free days" in said
    assert ("72 hours" if form == "oral" else "4 weeks") in said
    assert not planned(case) & {"buprenorphine", "methadone_otp"}
    assert ("naltrexone_tablets" if form == "oral" else "naltrexone_xr") in core(case)
    assert not any(f.id == "moud_choice" for f in case.shown.forks)


@pytest.mark.parametrize("form", ["intramuscular", "oral"])
@pytest.mark.parametrize("condition", ["sickle_cell", "palliative_care", "cancer_active"])
def test_naltrexone_where_an_opioid_is_needed_for_long_opens_the_agonists(form: str, condition: str) -> None:
    naltrexone = entry("naltrexone", purpose="oud", route=form)
    answers = {**REMISSION, **BACK, "main_pain": "cancer" if condition == "cancer_active" else "other"}
    known = {"medicines": "yes", "observations": "yes"}
    answers["surgery_planned"] = False
    given = [measured("naltrexone_injection", days=-40)]
    case = person(answers, naltrexone, conditions=[{"id": condition}], complete=known, observations=given)
    assert case.medicines[0].how == "switch"
    assert {"buprenorphine", "methadone_otp"} <= planned(case)


def test_a_new_start_of_naltrexone_before_an_operation_is_still_advised_against() -> None:
    naltrexone = entry("naltrexone", "proposed", purpose="oud", route="intramuscular")
    case = person({**REMISSION, **BACK}, naltrexone, observations=[measured("surgery", days=14)])
    assert case.medicines[0].verdict == "not_this"


# -- what is held for hours -----------------------------------------------------------------------------------

DROWSY = {"age_years": 60, "sex": "female", "drowsy_or_confused": True, "oud_status": "none", **BACK}
SEROTONIN = {"age_years": 50, "sex": "female", "clonus_spontaneous": True, "oud_status": "none", **BACK}
SEDATING = ["baclofen", "gabapentin", "clonazepam", "phenobarbital", "cyclobenzaprine", "tizanidine", "hydroxyzine"]


@pytest.mark.parametrize("sedating", SEDATING)
@pytest.mark.parametrize("egfr", [8, 90], ids=["failing kidneys", "sound kidneys"])
def test_no_further_sedating_dose_means_hold_for_every_sedating_medicine(sedating: str, egfr: int) -> None:
    """The red banner says "no further opioid or sedative dose until assessed today": no line below says "reduce slowly"."""
    case = person(
        DROWSY, entry("hydromorphone", purpose="pain"), entry(sedating), observations=[measured("egfr", egfr)]
    )
    for place in (0, 1):
        weighed = case.medicines[place]
        assert (weighed.verdict, weighed.how, weighed.by) == ("change", "hold", "today")
        assert "hold the next dose" in line(case, place).lower()
        assert "reduce slowly" not in line(case, place)
        assert "never stop abruptly" not in line(case, place)
    paper = told(case)
    assert "has to come down slowly" not in paper
    assert "Do not stop your opioid all at once" not in paper
    assert "Do not stop either one" not in paper


@pytest.mark.parametrize("symptom", ["haloperidol", "olanzapine", "quetiapine"])
def test_a_symptom_medicine_is_looked_at_and_not_simply_lowered(symptom: str) -> None:
    case = person(DROWSY, entry("morphine", purpose="pain"), entry(symptom), conditions=[{"id": "palliative_care"}])
    assert case.medicines[1].how == "weigh"
    assert "lower the dose in steps" not in line(case, 1)


@pytest.mark.parametrize("opioid", ["tramadol", "tapentadol", "meperidine"])
def test_held_and_never_stopped_do_not_stand_in_one_line(opioid: str) -> None:
    case = person(SEROTONIN, entry(opioid, purpose="pain"), entry("sertraline"))
    assert case.medicines[0].how == "hold"
    assert "never stop abruptly" not in line(case)
    assert "never at once" in line(case)
    assert "Do not stop your opioid all at once" not in told(case)
    assert "Never stop it all at once" in told(case)


def test_without_a_hold_the_paper_still_warns_of_a_sudden_stop() -> None:
    case = person({**DROWSY, "drowsy_or_confused": False}, entry("morphine", purpose="pain"))
    assert "Do not stop your opioid all at once" in told(case)


# -- dose advice about what is refused ------------------------------------------------------------------------

NEVER_ASKED = {"age_years": 54, "sex": "female", "oud_status": "none", "opioid_start_considered": True, **BACK}
ADVICE = ("lowest effective dose", "lowest dose and shortest time", "no more days than", "Start with immediate-release")


@pytest.mark.parametrize(
    ("opioid", "more"),
    [
        ("tramadol", {"conditions": [{"id": "seizure_disorder"}]}),
        ("codeine", {"observations": [measured("egfr", 12)]}),
        ("morphine", {"observations": [measured("egfr", 12)]}),
        ("meperidine", {"observations": [measured("egfr", 12)]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_dose_advice_stands_beside_an_opioid_that_is_refused(opioid: str, more: dict[str, Any]) -> None:
    case = person(NEVER_ASKED, entry(opioid, "proposed", purpose="pain"), **more)
    assert case.medicines[0].verdict == "not_this"
    assert not [advice for advice in ADVICE if advice in actions(case)]


def test_dose_advice_stands_beside_an_opioid_that_may_start() -> None:
    case = person(NEVER_ASKED, entry("hydrocodone", "proposed", purpose="pain"))
    assert case.medicines[0].verdict != "not_this"
    assert "lowest effective dose" in actions(case)


def test_one_refused_opioid_does_not_silence_the_advice_on_another() -> None:
    both = entry("tramadol", "proposed", purpose="pain"), entry("hydrocodone", "proposed", purpose="pain")
    case = person(NEVER_ASKED, *both, conditions=[{"id": "seizure_disorder"}])
    assert case.medicines[0].verdict == "not_this"
    assert "lowest effective dose" in actions(case)


@pytest.mark.parametrize("dose", [60, 120])
def test_an_opioid_that_is_held_gets_no_advice_to_go_on(dose: int) -> None:
    """Held today for drowsiness: "decide together: continue" and the MME steps wait."""
    oxycodone = entry("oxycodone", purpose="pain", dose={"oxycodone": dose}, per_day_min=1, per_day_max=1)
    case = person({**DROWSY, "opioid_months": 24}, oxycodone)
    assert "continue and optimize" not in actions(case)
    assert "50 MME/day" not in actions(case)


# -- relief that nothing speaks against -----------------------------------------------------------------------

PLAIN = {"age_years": 44, "sex": "female", "pregnant": False, "oud_status": "none", "surgery_planned": False}
TOOTH = {**PLAIN, "main_pain": "other", "pain_site": "face", "pain_months": 0.1, "acute_injury": False}
STONE = {**TOOTH, "pain_site": "belly", "setting": "emergency_department"}
CIRRHOSIS = {"conditions": [{"id": "cirrhosis"}], "observations": [measured("child_pugh", "C"), measured("egfr", 80)]}
KIDNEYS = {"observations": [measured("egfr", 22)]}
SOUND = {"observations": [measured("egfr", 88)]}
HEART = {"conditions": [{"id": "heart_failure"}], **SOUND}
WARFARIN = entry("warfarin")


@pytest.mark.parametrize("answers", [TOOTH, STONE], ids=["tooth", "kidney stone"])
@pytest.mark.parametrize("moud", [None, "buprenorphine", "methadone"])
def test_acute_pain_gets_an_nsaid_and_acetaminophen_together(answers: dict[str, Any], moud: str | None) -> None:
    listed = [entry(moud, purpose="oud")] if moud else []
    case = person({**answers, "oud_status": "remission"} if moud else answers, *listed, **SOUND)
    assert {"nsaid_oral", "acetaminophen"} <= core(case)
    assert "An NSAID today" in actions(case)


@pytest.mark.parametrize("answers", [TOOTH, STONE, {**PLAIN, **INJURY}, {**PLAIN, **BACK, "pain_months": 0.3}])
@pytest.mark.parametrize("more", [CIRRHOSIS, KIDNEYS, HEART], ids=["cirrhosis", "kidneys", "heart"])
def test_where_an_nsaid_is_closed_acetaminophen_stands_and_nothing_says_nsaid(
    answers: dict[str, Any], more: dict[str, Any]
) -> None:
    case = person(answers, **more)
    assert "acetaminophen" in core(case)
    assert "nsaid_oral" not in planned(case)
    assert "Acetaminophen and an NSAID" not in actions(case)
    assert "An NSAID today" not in actions(case)


@pytest.mark.parametrize("main", ["back_axial", "neck", "osteoarthritis", "other"])
@pytest.mark.parametrize(
    ("more", "given"),
    [(CIRRHOSIS, {}), (KIDNEYS, {}), (HEART, {}), (SOUND, {"pregnant": True, "weeks_pregnant": 24})],
    ids=["cirrhosis", "kidneys", "heart", "pregnancy"],
)
def test_pain_that_lasts_has_the_simple_analgesic_that_is_left(
    main: str, more: dict[str, Any], given: dict[str, Any]
) -> None:
    case = person({**PLAIN, **BACK, "main_pain": main, **given}, **more)
    assert verb(case, "acetaminophen") in ("Offer", "Consider", "Check first")
    assert "nsaid_oral" not in planned(case)


@pytest.mark.parametrize("operation", [1, 6])
@pytest.mark.parametrize("more", [HEART, KIDNEYS, CIRRHOSIS], ids=["heart", "kidneys", "cirrhosis"])
def test_an_operation_has_more_than_a_block(operation: int, more: dict[str, Any]) -> None:
    observations = [*more["observations"], measured("surgery", days=operation)]
    case = person({**PLAIN, **BACK, "surgery_planned": True}, **{**more, "observations": observations})
    assert {"acetaminophen", "nerve_block"} <= core(case)
    assert "an NSAID and a block" not in actions(case)


@pytest.mark.parametrize(
    ("conditions", "given", "relief"),
    [
        ([], {}, {"triptan"}),
        (["ischaemic_heart_disease"], {}, {"nsaid_oral", "acetaminophen"}),
        ([], {"pregnant": True, "weeks_pregnant": 30}, {"acetaminophen", "triptan"}),
        (["ischaemic_heart_disease", "heart_failure"], {}, {"acetaminophen"}),
    ],
    ids=["nothing against", "vessels", "pregnancy", "vessels and heart failure"],
)
def test_migraine_has_a_medicine_for_the_attack(conditions: list[str], given: dict[str, Any], relief: set[str]) -> None:
    answers = {**PLAIN, "main_pain": "migraine", "pain_months": 90, "headache_overuse": False, **given}
    case = person(answers, conditions=[{"id": one} for one in conditions], **SOUND)
    assert core(case) & relief
    if "triptan" not in relief:
        assert "triptan" not in planned(case)


@pytest.mark.parametrize("months", [1, 2, 18])
def test_crps_has_motor_imagery_and_therapy_and_early_a_steroid(months: float) -> None:
    case = person({**PLAIN, "main_pain": "crps", "pain_months": months}, **SOUND)
    assert {"graded_motor_imagery", "physical_therapy"} <= core(case)
    assert ("crps_early_medicines" in core(case)) == (months < 3)


# -- hospice, settled questions, the young, requests and owners ------------------------------------------------


@pytest.mark.parametrize("condition", ["hospice", "palliative_care"])
@pytest.mark.parametrize("opioid", ["morphine", "oxycodone", "hydromorphone"])
def test_end_of_life_has_no_fork_of_taper_or_buprenorphine(condition: str, opioid: str) -> None:
    answers = {**PLAIN, **BACK, "pain_months": 8, "opioid_months": 8, "wants_taper": False, "main_pain": "other"}
    case = person(answers, entry(opioid, purpose="pain"), conditions=[{"id": condition}], **SOUND)
    assert not planned(case) & {"opioid_taper", "buprenorphine_for_pain"}
    wanted = person({**answers, "wants_taper": True}, entry(opioid, purpose="pain"), conditions=[{"id": condition}])
    assert wanted.option("opioid_taper").safety != "contraindicated"


MAN = {"age_years": 58, "sex": "male", "oud_status": "active", **BACK}


@pytest.mark.parametrize("moud", ["methadone", "buprenorphine"])
def test_a_pregnancy_that_contradicts_the_sex_waits_for_the_question(moud: str) -> None:
    medicines = [entry(moud, purpose="oud"), entry("ibuprofen", "proposed", purpose="pain")]
    case = person({**MAN, "pregnant": True, "weeks_pregnant": 24}, *medicines)
    assert not any(word in actions(case) for word in ("birth", "newborn", "as pregnancy advances", "Obstetric"))
    assert case.medicines[1].verdict == "not_this"  # what warns goes on warning
    assert "sex" in [q.ask for q in next_questions(case, 8)]
    woman = person({**MAN, "sex": "female", "age_years": 30, "pregnant": True, "weeks_pregnant": 24}, *medicines)
    assert "as pregnancy advances" in actions(woman)


YOUNG = {
    "sex": "female",
    "pregnant": False,
    "oud_status": "active",
    "main_pain": "none",
    "nonprescribed_opioid_use": True,
}


@pytest.mark.parametrize("age", [14, 15, 16, 17])
@pytest.mark.parametrize("cows", [None, 14])
def test_under_18_buprenorphine_comes_first_and_methadone_by_its_rule(age: int, cows: int | None) -> None:
    observations = [measured("cows", cows)] if cows else []
    heroin = entry("heroin", source="nonprescribed")
    case = person({**YOUNG, "age_years": age}, heroin, observations=observations)
    assert "buprenorphine" in case.shown.plans[0].ids
    assert "methadone_otp" not in case.shown.plans[0].ids
    assert any("written consent" in c.label for c in case.option("methadone_otp").cautions)
    adult = person({**YOUNG, "age_years": 30}, heroin)
    assert not any("written consent" in c.label for c in adult.option("methadone_otp").cautions)


@pytest.mark.parametrize(("cows", "waits"), [(10, True), (11, False), (14, False), (None, True)])
def test_who_shows_withdrawal_is_not_told_to_wait_for_it(cows: int | None, waits: bool) -> None:
    observations = [measured("cows", cows)] if cows else []
    case = person({**YOUNG, "age_years": 40}, entry("heroin", source="nonprescribed"), observations=observations)
    option = case.option("buprenorphine")
    assert any("badly timed" in c.label for c in option.cautions) is waits
    timing = [m.record for m in option.meets if m.severity == "timing"]
    assert [record.id for record in timing] == [
        "buprenorphine_after_full_agonist" if waits else "buprenorphine_in_withdrawal"
    ], "nobody waits for what is here, and the plan says when either way"
    said = "Start as soon as withdrawal shows" if waits else "Withdrawal shows by its signs: it can be started now."
    assert timing[0].action.startswith(said)


@pytest.mark.parametrize("moud", ["methadone", "buprenorphine"])
def test_a_wish_to_stop_is_answered_with_the_risk_and_a_date(moud: str) -> None:
    stop = {"age_years": 39, "sex": "female", "oud_status": "remission", "moud_request": "stop", "main_pain": "none"}
    case = person({**stop, "pregnant": False}, entry(moud, purpose="oud"))
    assert "overdose risk" in actions(case)
    assert "slow steps" in actions(case)
    assert "overdose" in told(case)
    pregnant = person({**stop, "pregnant": True, "weeks_pregnant": 31}, entry(moud, purpose="oud"))
    assert "advise against it in pregnancy" in actions(pregnant)
    assert "Small steps are safer" not in told(pregnant)
    assert "Now is not the time" in told(pregnant)


def test_methadone_for_pain_is_not_the_programs_task() -> None:
    answers = {**PLAIN, **BACK}
    pain = person(answers, entry("methadone", purpose="pain"))
    owners = {p.owner.text for a in actions_of(pain) for p in a.parts if "ECG" in p.text.text}
    assert not any("OTP" in owner for owner in owners)
    oud = person({**answers, "oud_status": "active"}, entry("methadone", purpose="oud", source="otp"))
    line_owner = next(one.owner for one in special(oud) if one.id == "medicines.0")
    assert line_owner == "the OTP"


# -- what no rule is about, marks and words -------------------------------------------------------------------


@pytest.mark.parametrize("other", ["lisinopril", "levothyroxine", "metformin"])
def test_a_pair_without_a_rule_is_not_judged_and_not_called_safe(other: str) -> None:
    case = person({**PLAIN, **BACK}, entry("acetaminophen", "proposed", purpose="pain"), entry(other))
    pair = unpaired(case, case.medicines[0])
    lines = [one for one in special(case) if one.id == "medicines.0"]
    if case.medicines[0].verdict == "start" and pair:
        assert [one.verb for one in lines] == ["Not judged"]
        assert other in lines[0].text.text
    alone = person({**PLAIN, **BACK}, entry("acetaminophen", "proposed", purpose="pain"))
    if alone.medicines[0].verdict == "start":
        assert next(one.verb for one in special(alone) if one.id == "medicines.0") == "Nothing known against"


def test_what_is_not_started_needs_nothing_beside_it() -> None:
    """No "Keep with: ... (nortriptyline)" beside "Not this: nortriptyline"."""
    both = entry("amitriptyline"), entry("nortriptyline", "proposed", purpose="pain")
    case = person({**PLAIN, **BACK}, *both, observations=[measured("qtc_ms", 470)])
    assert case.medicines[1].verdict == "not_this"
    assert not any(1 in one.places for one in case.beside(case.shown.core))
