"""A danger that the kit names is obeyed by what it advises: dose rises, newcomers, what comes in place of a medicine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages.handout import handout_text
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.questions import next_questions

AS_OF = date(2026, 11, 2)
WHOLE = {"medicines": "yes", "conditions": "yes", "observations": "yes"}
METHADONE = {"ingredients": ["methadone"], "purpose": "oud", "route": "oral", "dose": {"methadone": 80}}
FILM = {"ingredients": ["buprenorphine", "naloxone"], "purpose": "oud", "route": "sublingual"}
DEPOT = {"ingredients": ["buprenorphine"], "purpose": "oud", "route": "subcutaneous"}
SAYS_RISE = "Consider splitting or raising"


def taken(*ingredients: str, **more: Any) -> dict[str, Any]:
    return {"ingredients": list(ingredients), "state": "current", "purpose": "pain", "route": "oral", **more}


def measured(measure: str, value: float) -> dict[str, Any]:
    return {"measure": measure, "value": value, "date": "2026-10-28"}


def person(*medicines: dict[str, Any], observations: tuple[dict[str, Any], ...] = (), **answers: Any) -> Case:
    base = {"age_years": 50, "sex": "male", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 40}
    return review(
        Profile.from_dict(
            {
                "as_of": AS_OF,
                "answers": {**base, **answers},
                "medicines": [{"state": "current", **medicine} for medicine in medicines],
                "observations": list(observations),
                "complete": WHOLE,
            }
        )
    )


def advised(case: Case) -> str:
    return " / ".join(f.action for f in case.findings.recommendations if f.status == "applies")


@pytest.mark.parametrize(
    ("medicines", "observations", "answers"),
    [
        ([METHADONE], [measured("qtc_ms", 450)], {}),
        ([METHADONE], [measured("qtc_ms", 500)], {}),
        ([METHADONE, taken("ondansetron")], [measured("qtc_ms", 455)], {}),
        ([METHADONE], [], {"syncope_or_palpitations": True}),
        ([METHADONE], [measured("qtc_ms", 480)], {"moud_request": "raise"}),
        ([DEPOT], [], {}),
        ([{**DEPOT, "name": "Brixadi 24 mg weekly"}], [], {}),
    ],
)
def test_no_dose_is_raised_or_split_beside_a_long_qtc_or_of_a_depot(
    medicines: list[dict[str, Any]], observations: list[dict[str, Any]], answers: dict[str, Any]
) -> None:
    told = advised(person(*medicines, observations=tuple(observations), **answers))
    assert SAYS_RISE not in told
    assert "ECG before a rise" not in told


@pytest.mark.parametrize("medicine", [METHADONE, FILM])
def test_a_daily_dose_may_serve_the_pain_too(medicine: dict[str, Any]) -> None:
    assert SAYS_RISE in advised(person(medicine, observations=(measured("qtc_ms", 430),)))


def verdict(case: Case, place: int = -1) -> str:
    return case.medicines[place].verdict


def proposed(*ingredients: str, **more: Any) -> dict[str, Any]:
    return taken(*ingredients, **{"state": "proposed", **more})


OXYCODONE = taken("oxycodone")
NO_CARE_ASIDE = {"acute_injury": False}


@pytest.mark.parametrize(
    ("current", "newcomer"),
    [
        ("oxycodone", "alprazolam"),
        ("hydrocodone", "clonazepam"),
        ("oxycodone", "zolpidem"),
        ("morphine", "diazepam"),
        ("diazepam", "oxycodone"),
        ("lorazepam", "methadone"),
    ],
)
def test_the_second_of_an_opioid_and_a_benzodiazepine_is_not_started(current: str, newcomer: str) -> None:
    case = person(taken(current), proposed(newcomer), **NO_CARE_ASIDE)
    assert verdict(case) == "not_this"
    assert case.medicines[-1].instead
    assert verdict(case, 0) != "change"


@pytest.mark.parametrize(
    ("current", "newcomer", "more"),
    [
        (taken("diazepam"), taken("oxycodone"), {"main_pain": "injury", "pain_months": 0.1, "acute_injury": True}),
        (METHADONE, taken("alprazolam", purpose="other"), {}),
        (taken("diazepam"), {**METHADONE, "state": "proposed"}, {"oud_status": "active"}),
        (OXYCODONE, taken("gabapentin"), {}),
    ],
)
def test_with_care_where_the_sources_allow_it(
    current: dict[str, Any], newcomer: dict[str, Any], more: dict[str, Any]
) -> None:
    case = person(current, {**newcomer, "state": "proposed"}, **{**NO_CARE_ASIDE, **more})
    assert verdict(case) in ("start_with", "cannot_tell")
    assert not any("newcomer_on" in ground.id for ground in case.medicines[-1].grounds)


@pytest.mark.parametrize("medicine", ["ondansetron", "azithromycin", "citalopram", "haloperidol", "hydroxyzine"])
def test_beside_methadone_and_a_long_qtc_the_other_medicine_moves(medicine: str) -> None:
    long = (measured("qtc_ms", 480), measured("potassium", 4.2))
    case = person(METHADONE, taken(medicine, purpose="other"), observations=long)
    assert verdict(case) == "change"
    assert verdict(case, 0) != "change"
    assert verdict(person(METHADONE, proposed(medicine, purpose="other"), observations=long)) == "not_this"
    usual = person(METHADONE, taken(medicine, purpose="other"), observations=(measured("qtc_ms", 430),))
    assert verdict(usual) == "keep_with"


@pytest.mark.parametrize("qtc", [451, 480])
def test_what_would_have_to_change_at_once_is_not_offered(qtc: float) -> None:
    case = person(METHADONE, observations=(measured("qtc_ms", qtc),), main_pain="neuropathy_diabetic")
    assert case.option("nortriptyline").verb == "Do not start"
    assert case.option("methadone_otp").verb in ("Keep", "Keep with")
    shown = {item.id for plan in case.shown.plans for item in plan.items} | {i.id for i in case.shown.core}
    assert shown & {"lidocaine_topical", "capsaicin_topical", "capsaicin_patch"}


LITHIUM = taken("lithium", purpose="other")
LISINOPRIL, THIAZIDE = taken("lisinopril", purpose="other"), taken("hydrochlorothiazide", purpose="other")


@pytest.mark.parametrize(
    ("beside", "more", "conditions"),
    [
        ([LITHIUM], {}, []),
        ([LISINOPRIL, THIAZIDE], {}, []),
        ([taken("apixaban", purpose="other")], {}, []),
        ([], {"sex": "female", "pregnant": True, "weeks_pregnant": 24}, []),
        ([], {}, ["heart_failure"]),
        ([], {}, ["cirrhosis"]),
        ([], {}, ["ischaemic_heart_disease"]),
        ([], {"main_pain": "osteoarthritis"}, ["bleeding_disorder"]),
    ],
)
@pytest.mark.parametrize("state", ["current", "proposed"])
def test_what_a_page_names_in_place_of_an_nsaid_stands_in_every_plan(
    state: str, beside: list[dict[str, Any]], more: dict[str, Any], conditions: list[str]
) -> None:
    case = review(
        Profile.from_dict(
            {
                "as_of": AS_OF,
                "answers": {
                    "age_years": 40,
                    "setting": "outpatient",
                    "main_pain": "back_axial",
                    "pain_months": 40,
                    **more,
                },
                "medicines": [*beside, taken("ibuprofen", state=state)],
                "conditions": [{"id": id} for id in conditions],
                "complete": WHOLE,
            }
        )
    )
    assert verdict(case) in ("change", "not_this")
    assert "acetaminophen" in case.medicines[-1].instead
    assert all("acetaminophen" in plan.ids for plan in case.frontier.plans)


def test_records_that_name_acetaminophen_first_also_call_for_it() -> None:
    content, found = load_content(), list[str]()
    for record in (*content.medicine_cautions.values(), *content.interactions.values()):
        first = [record.id for way in record.instead[:1] if "acetaminophen" in (way.of or ())]
        found += first
        assert not first or "acetaminophen" in record.replaced_by, record.id
    assert len(found) > 10


TOLD = ("level_up", "level_down", "sedation", "qt")


def test_the_person_is_told_of_each_weighty_pair() -> None:
    for record in load_content().interactions.values():
        if record.b and record.mechanism in TOLD and record.severity in ("stop", "major"):
            assert record.say, record.id


@pytest.mark.parametrize(
    ("current", "newcomer", "word"),
    [
        (FILM, "rifampin", "withdrawal"),
        (METHADONE, "carbamazepine", "withdrawal"),
        (METHADONE, "efavirenz", "withdrawal"),
        (METHADONE, "ritonavir", "withdrawal"),
        (METHADONE, "fluconazole", "sleepy"),
        (taken("gabapentin"), "pregabalin", "sleepy"),
        (taken("pregabalin"), "gabapentin", "sleepy"),
    ],
)
def test_the_handout_tells_of_the_pair(current: dict[str, Any], newcomer: str, word: str) -> None:
    page = handout_text(person(current, proposed(newcomer, purpose="other")))
    assert newcomer in page
    assert word in page


def test_the_handout_gives_the_baby_as_the_reason() -> None:
    answers = {"sex": "female", "age_years": 30, "pregnant": True, "weeks_pregnant": 30}
    assert "baby" in handout_text(person(taken("celecoxib"), **answers))


@pytest.mark.parametrize(
    ("conditions", "medicines", "answers"),
    [
        (["metastatic_cancer"], [], {"main_pain": "cancer", "back_pain_new": True}),
        (["cancer_in_treatment"], [], {"main_pain": "back_axial"}),
        ([], [taken("apixaban", purpose="other")], {"back_pain_new": True}),
        ([], [], {"back_pain_new": True, "injects_drugs": True}),
    ],
)
def test_signs_of_the_spinal_cord_are_asked_first_where_there_is_reason(
    conditions: list[str], medicines: list[dict[str, Any]], answers: dict[str, Any]
) -> None:
    base = {"age_years": 60, "setting": "outpatient", **answers}
    data = {"as_of": AS_OF, "answers": base, "medicines": medicines, "conditions": [{"id": id} for id in conditions]}
    case = review(Profile.from_dict(data))
    cord = next(e for e in case.findings.emergencies if e.record.id == "cauda_equina")
    assert cord.state == "possible"
    asked = [q.ask for q in next_questions(case, 3)]
    assert {"leg_weakness_both_or_worsening", "saddle_numbness", "new_bladder_or_bowel_change"} & set(asked)
    settled = review(Profile.from_dict({**data, "answers": {**base, **dict.fromkeys(cord.asks, False)}}))
    assert next(e for e in settled.findings.emergencies if e.record.id == "cauda_equina").state == "absent"


def test_a_red_flag_asks_for_what_would_make_it_more_urgent() -> None:
    case = person(main_pain="back_axial", night_pain_unrelenting=True)
    assert "new_neurological_deficit" in [q.ask for q in next_questions(case) if q.rank == 0]


def injected(entry: dict[str, Any], measure: str, date_given: str) -> Case:
    given = {"measure": measure, "date": date_given}
    return person(entry, observations=(given,), oud_status="remission", remission_months=12)


WEEKLY = {**DEPOT, "name": "Brixadi 24 mg weekly"}
VIVITROL = {"ingredients": ["naltrexone"], "purpose": "oud", "route": "intramuscular"}


@pytest.mark.parametrize(
    ("entry", "measure", "given", "expected"),
    [
        (DEPOT, "buprenorphine_injection", "2026-10-05", "keep"),  # day 28
        (DEPOT, "buprenorphine_injection", "2026-09-23", "keep_with"),  # day 40
        (DEPOT, "buprenorphine_injection", "2026-08-01", "verify"),
        (WEEKLY, "buprenorphine_injection", "2026-10-26", "keep"),
        (WEEKLY, "buprenorphine_injection", "2026-10-21", "keep_with"),
        (VIVITROL, "naltrexone_injection", "2026-10-10", "keep"),
        (VIVITROL, "naltrexone_injection", "2026-09-28", "keep_with"),
        (VIVITROL, "naltrexone_injection", "2026-09-03", "verify"),
    ],
)
def test_a_late_injection_is_said_today(entry: dict[str, Any], measure: str, given: str, expected: str) -> None:
    case = injected(entry, measure, given)
    late = [d for d in case.medicines[0].grounds if d.id.endswith(("_late", "_lapsed"))]
    assert bool(late) is (expected != "keep")
    if not late:
        return
    assert case.medicines[0].verdict == expected
    assert "due by 2026-" in late[0].label
    option = "buprenorphine_injection" if measure.startswith("bup") else "naltrexone_xr"
    for plan in case.frontier.plans:
        assert next(item for item in plan.items if item.id == option).phase == "today"
    assert "injection" in handout_text(case)


def test_a_day_known_in_part_calls_nothing_late() -> None:
    assert injected(DEPOT, "buprenorphine_injection", "2026-10").medicines[0].grounds == ()


def test_what_is_in_place_and_no_medicine_changes_when_an_emergency_speaks_against_it() -> None:
    signs = {"fever": True, "recent_bacteraemia": True, "exercise_in_place": True}
    case = person(**signs)
    assert next(o for o in case.options if o.id == "exercise").verb == "Change"
    assert all(item.verb == "Change" for plan in case.frontier.plans for item in plan.items if item.id == "exercise")
    assert next(o for o in person(exercise_in_place=True).options if o.id == "exercise").verb == "Keep"


def test_what_is_checked_for_a_true_caution_goes_with_what_the_caution_asks_for() -> None:
    entries = [METHADONE, taken("duloxetine")]
    data = {"as_of": AS_OF, "medicines": [{"state": "current", **entry} for entry in entries], "complete": WHOLE}
    case = review(Profile.from_dict({**data, "conditions": [{"id": "hepatitis_b"}]}))
    duloxetine = case.medicines[1]
    assert duloxetine.verdict == "keep_with"
    assert "liver_tests" in duloxetine.beside
    assert "liver_tests" not in review(Profile.from_dict(data)).medicines[1].beside


def test_one_of_several_that_an_emergency_puts_off_is_named_as_not_done() -> None:
    case = person(precipitated_withdrawal_severe=True, lips_blue=True, oud_status="none")
    assert "withdrawal_relief" in [line.target for line in case.frontier.not_done]


@pytest.mark.parametrize("medicine", ["citalopram", "vortioxetine"])
@pytest.mark.parametrize(("day", "changes"), [("2026-10-25", True), ("2026-10-10", False)])
def test_an_antidepressant_within_14_days_of_an_maoi_changes(medicine: str, day: str, changes: bool) -> None:
    last = {"measure": "last_maoi_dose", "date": day}
    case = person(taken(medicine, purpose="other"), observations=(last,))
    assert (case.medicines[0].verdict == "change") is changes


def test_what_an_emergency_calls_for_stands_though_nothing_else_indicates_it() -> None:
    case = person(taken("codeine"), autonomic_storm=True, in_opioid_withdrawal=False, oud_status="remission")
    plans = [{item.id: item.verb for item in plan.items} for plan in case.frontier.plans]
    assert plans
    assert {plan.get("withdrawal_relief") for plan in plans} == {"Offer"}


@pytest.mark.parametrize("medicine", ["codeine", "dihydrocodeine", "tramadol"])
@pytest.mark.parametrize(("state", "verdict"), [("current", "change"), ("proposed", "not_this")])
def test_codeine_and_its_like_give_way_when_a_breastfed_baby_is_unwell(medicine: str, state: str, verdict: str) -> None:
    baby = {"breastfed_baby_unwell": True, "sex": "female"}
    case = person(taken("oxycodone"), {**taken(medicine), "state": state}, **baby)
    assert case.medicines[1].verdict == verdict
