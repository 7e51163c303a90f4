"""What is in use: orders, fills, doses given and reports of one medicine, taken together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.facts import derive, plain
from pathways.fhir import Imported, order_findings, read
from tests.fhir.requests import ICD, MORPHINE, OXY, OXY_ER, TODAY, Json, ago, coded, condition, order, request

METHADONE = "methadone hydrochloride 10 MG Oral Tablet"
DOSE = [
    {
        "timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}],
    }
]
_EACH_DAY: Json = {"frequency": 4, "period": 1, "periodUnit": "d"}
ENDED = {**DOSE[0], "timing": {"repeat": {**_EACH_DAY, "boundsPeriod": {"start": ago(90), "end": ago(30)}}}}
ONE = [{**DOSE[0], "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}]


def bundle(*resources: Json) -> Json:
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-02-01"}
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (patient, *resources)]}


def record(kind: str, name: str = OXY, **more: Any) -> Json:
    lines = "dosage" if kind == "MedicationStatement" else "dosageInstruction"
    made = {"resourceType": kind, "id": "x", "status": "completed", "medicationCodeableConcept": {"text": name}}
    return {**made, lines: DOSE, "subject": {"reference": "Patient/p"}, **more}


def fill(days_ago: int, supply: int | None = 30, **more: Any) -> Json:
    given = {"daysSupply": {"value": supply, "code": "d"}} if supply else {}
    return record("MedicationDispense", whenHandedOver=ago(days_ago), **{"id": f"d{days_ago}", **given, **more})


def said(days_ago: int, status: str = "active", **more: Any) -> Json:
    return record("MedicationStatement", status=status, dateAsserted=ago(days_ago), **{"id": f"s{days_ago}", **more})


def given_dose(days_ago: int, name: str = METHADONE, **more: Any) -> Json:
    told = {"effectiveDateTime": ago(days_ago), "id": f"a{days_ago}", "dosage": {"dose": {"value": 80, "unit": "mg"}}}
    made = record("MedicationAdministration", name)
    return {key: value for key, value in {**made, **told, **more}.items() if value is not None}


def now(imported: Imported) -> dict[str, list[str]]:
    """The ingredients by state; what may or may not be in use stands under "open"."""
    found: dict[str, list[str]] = {}
    for m in imported.profile.medicines:
        found.setdefault(m.state if m.ingredients or m.state != "current" else "open", []).extend(m.ingredients)
    return found


def mme(imported: Imported) -> float | None:
    return order_findings(imported)[0].mme_per_day


def least(imported: Imported) -> float | None:
    return order_findings(imported)[0].mme_per_day_min


def written(days_ago: int, **more: Any) -> Json:
    return order(OXY, 30, days_ago, id=f"m{days_ago}", times=4, **more)


@pytest.mark.parametrize(
    ("records", "dose", "state"),
    [
        # a finished order does not end what was handed out
        ((written(8, status="completed"), fill(8)), 30, "current"),
        ((written(40, status="completed"), fill(40)), 0, "stopped"),
        ((written(8, status="completed"), fill(8, authorizingPrescription=[{"reference": "MedicationRequest/m8"}])), 30, "current"),
        # of a finished order alone, what was handed out may still be at home; a stopped one is stopped
        ((written(8, status="completed"),), None, "open"),
        ((written(40, status="completed"),), 0, "stopped"),
        ((written(8, status="stopped"),), 0, "stopped"),
        ((written(8, status="completed"), written(2)), 30, "current"),
        # on hold: halted for now, and the tablets are at home
        ((written(8, status="on-hold"),), None, "open"),
        ((said(8, status="on-hold"),), None, "open"),
        ((written(20), said(5, status="on-hold")), None, "open"),
        ((written(5), said(20, status="on-hold")), 30, "current"),
        # called active, and written longer ago than a site counts
        ((written(900),), None, "open"),
        ((fill(8, supply=None),), None, "open"),
        # a stopped order does: whether the rest is taken is not known
        ((written(8, status="stopped"), fill(8, authorizingPrescription=[{"reference": "MedicationRequest/m8"}])), None, "open"),
        # an active order and its fill are one
        ((written(8), fill(8)), 30, "current"),
        # a refill continues the fill before it; two fills of one day are two
        ((fill(28), fill(1)), 30, "current"),
        ((fill(2), fill(2, id="other")), 60, "current"),
        # a report beside an old order
        ((written(900, status="completed"), said(5)), 30, "current"),
        ((written(20), said(5)), 30, "current"),
        ((written(20), said(5, dosage=ONE)), 7.5, "current"),
        ((written(5), said(20, dosage=ONE)), 30, "current"),
        ((written(20), said(5, status="not-taken")), None, "open"),
        ((written(5), said(20, status="not-taken")), 30, "current"),
        ((written(5, status="stopped"), said(20)), None, "open"),
        ((said(5, status="unknown"),), None, "open"),
        # one form of a medicine is not another
        ((order(OXY_ER, 30, 5, id="er", times=2), said(5)), 60, "current"),
        # an order says itself that it replaces another
        ((written(10), written(2, priorPrescription={"reference": "MedicationRequest/m10"})), 30, "current"),
        ((written(10), written(2, status="entered-in-error", priorPrescription={"reference": "MedicationRequest/m10"})), 30, "current"),
        # by its own words it has ended, or goes on
        ((written(50, dosageInstruction=[ENDED]),), None, "open"),
        ((said(50, status="completed", effectivePeriod={"start": ago(90), "end": ago(-30)}),), None, "open"),
        ((said(50, effectivePeriod={"start": ago(90), "end": ago(30)}),), None, "open"),
    ],
)  # fmt: skip  # data, read across
def test_records_of_one_medicine(records: tuple[Json, ...], dose: float | None, state: str) -> None:
    imported = read(bundle(*records), TODAY)
    if dose is None:  # it may or may not be taken: nothing at the least, and no upper bound
        assert least(imported) == 0
        assert mme(imported) is None
    else:
        assert mme(imported) == dose
    assert state in now(imported)


def test_a_replacing_order_may_name_the_old_one_by_its_identifier() -> None:
    key = {"system": "urn:rx", "value": "7"}
    old = written(10, identifier=[key])
    new = order("oxycodone hydrochloride 15 MG Oral Tablet", 30, 2, id="new", priorPrescription={"identifier": key})
    assert mme(read(bundle(old, new), TODAY)) == 22.5


def test_what_us_core_reports_is_in_use_and_a_plan_is_not() -> None:
    plan = order(METHADONE, None, 5, intent="plan")
    assert not read(bundle(plan), TODAY).profile.medicines
    assert now(read(bundle({**plan, "reportedBoolean": True}), TODAY))["current"] == ["methadone"]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((given_dose(1),), "current"),
        ((given_dose(5),), "open"),
        ((given_dose(60),), "stopped"),
        ((given_dose(1, category={"coding": [{"code": "inpatient"}]}),), "stopped"),
        ((given_dose(1, OXY),), "stopped"),
        ((given_dose(1, OXY), given_dose(2, OXY), given_dose(3, OXY)), "current"),
        # still being given, or given day after day until yesterday
        ((given_dose(0, OXY, status="in-progress"),), "current"),
        ((given_dose(60, OXY, status="in-progress"),), "open"),
        ((given_dose(9, OXY, effectiveDateTime=None, effectivePeriod={"start": ago(30), "end": ago(1)}),), "current"),
        ((given_dose(9, OXY, effectiveDateTime=None, effectivePeriod={"start": ago(30), "end": ago(20)}),), "stopped"),
        ((given_dose(9, effectiveDateTime=None, effectivePeriod={"start": ago(150), "end": ago(1)}),), "current"),
        # a day that is not known says nothing against it
        ((given_dose(9, effectiveDateTime=None),), "open"),
    ],
)
def test_doses_that_were_given(records: tuple[Json, ...], expected: str) -> None:
    assert expected in now(read(bundle(*records), TODAY))


@pytest.mark.parametrize(
    ("stamp", "dose"),
    [("2024-06-04T02:15:00Z", 30), ("2024-06-04T02:15:00+00:00", 30), ("2024-06-04T14:00:00Z", 0), ("2024-06-04", 0)],
)
def test_an_evening_in_the_americas_is_no_tomorrow(stamp: str, dose: float) -> None:
    assert mme(read(bundle(written(0, authoredOn=stamp)), TODAY)) == dose


def test_a_route_that_the_directions_name_counts() -> None:
    def by(name: str, route: Json) -> Imported:
        lines = [{**DOSE[0], "route": route}]
        return read(bundle(order(name, 30, 5, dosageInstruction=lines)), TODAY)

    under_the_skin = {"coding": [{"system": "http://snomed.info/sct", "code": "34206005"}]}
    assert by("morphine sulfate 10 MG/ML", under_the_skin).profile.medicines[0].route == "subcutaneous"
    assert mme(by("morphine sulfate 10 MG/ML", under_the_skin)) is None
    against = by(MORPHINE, {"text": "Epidural"})
    assert against.profile.medicines[0].route is None
    assert mme(against) is None
    assert any("directions say epidural" in note.text for note in against.report.conflicts)
    assert by(MORPHINE, {"text": "by mouth"}).profile.medicines[0].route == "oral"


def test_a_person_who_died_takes_nothing() -> None:
    data = bundle(written(5))
    data["entry"][0]["resource"]["deceasedDateTime"] = ago(3)
    imported = read(data, TODAY)
    assert mme(imported) == 0
    assert any("died" in note.text for note in imported.report.conflicts)
    data["entry"][0]["resource"]["deceasedDateTime"] = "2030-01-01"
    assert mme(read(data, TODAY)) == 30


# ---- laws -----------------------------------------------------------------------------------------------------------

NAMES = (OXY, OXY_ER, MORPHINE, METHADONE, "lorazepam 1 MG Oral Tablet", "naloxone hydrochloride 4 MG Nasal Spray")
records = st.one_of(
    st.builds(lambda n, d, s: order(n, 30, d, id=f"m{d}", status=s), st.sampled_from(NAMES), st.integers(1, 120),
              st.sampled_from(("active", "completed", "stopped", "on-hold", "unknown"))),
    st.builds(lambda n, d: fill(d, medicationCodeableConcept={"text": n}), st.sampled_from(NAMES), st.integers(1, 60)),
    st.builds(lambda n, d, s: said(d, s, medicationCodeableConcept={"text": n}), st.sampled_from(NAMES),
              st.integers(1, 120), st.sampled_from(("active", "completed", "not-taken", "unknown"))),
    st.builds(given_dose, st.integers(1, 12), st.sampled_from(NAMES)),
)  # fmt: skip  # data, read across


def outcome(data: Json) -> tuple[Any, ...]:
    imported = read(data, TODAY)
    facts = tuple((f.record.id, f.status, f.mme_per_day) for f in order_findings(imported))
    return facts, imported.profile.model_dump_json()


@settings(max_examples=60, deadline=None)
@given(st.lists(records, max_size=4), records, st.sampled_from(("error", "theirs", "cancelled")))
def test_what_is_in_error_or_of_another_person_changes_nothing(have: list[Json], more: Json, how: str) -> None:
    more = {**more, "id": "added"}
    if how == "theirs":  # a file of two people is refused; a request says whose it is
        more["subject"] = {"reference": "Patient/somebody-else"}
        assert outcome(request(hook="patient-view", have=(*have, more))) == outcome(
            request(hook="patient-view", have=tuple(have))
        )
        return
    if how == "cancelled" and more["resourceType"] in ("MedicationRequest", "MedicationDispense"):
        more["status"] = "cancelled"
    else:
        more["status"] = "entered-in-error"
    assert outcome(bundle(*have, more)) == outcome(bundle(*have))


@settings(max_examples=60, deadline=None)
@given(st.lists(records, max_size=4), st.sampled_from(NAMES), st.integers(400, 2000))
def test_an_older_finished_order_never_makes_what_is_in_use_surer(have: list[Json], name: str, days: int) -> None:
    before = read(bundle(*have), TODAY)
    after = read(bundle(*have, order(name, 30, days, id="old", status="completed")), TODAY)
    assert mme(after) == mme(before)
    assert now(after).get("current") == now(before).get("current")


@settings(max_examples=40, deadline=None)
@given(st.lists(records, max_size=4))
def test_profile_and_findings_give_one_answer(have: list[Json]) -> None:
    """Of a whole list of medicines, an opioid that the findings count is current in the profile, and the other way round."""
    imported = read(bundle(*have), TODAY)
    counted = {i for o in imported.orders if o.use and not o.same for i in o.product.ingredients}
    assert counted == set(now(imported).get("current", ()))


def test_the_order_of_entries_says_nothing() -> None:
    have = [written(8, status="completed"), fill(8), said(5, dosage=ONE), written(400, status="stopped")]
    assert outcome(bundle(*have)) == outcome(bundle(*reversed(have)))


def test_a_draft_for_what_was_handed_out_is_not_counted_twice() -> None:
    assert mme(read(request(order(OXY, 30, times=4), have=(fill(8),)), TODAY)) == 30


# ---- forms that last ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lasts", "open_until", "cls"),
    [
        ("Vivitrol 380 MG extended-release suspension", 28, 56, "naltrexone"),
        ("naltrexone 380 MG Injection", 28, 56, "naltrexone"),
        # medication for OUD stays open as long as the guideline counts it
        ("Sublocade 300 MG/1.5ML injection", 35, 90, "buprenorphine"),
        ("Brixadi 24 mg weekly", 9, 90, "buprenorphine"),
        ("Probuphine implant", 180, 360, "buprenorphine"),
        ("Butrans 20 mcg/hr patch", 7, 14, "opioid"),
        ("fentanyl 50 mcg/h patch", 3, 6, "opioid"),
        ("haloperidol decanoate 100 MG/ML Injection", 28, 56, "antipsychotic"),
        ("Invega Sustenna 156 mg", 31, 62, "antipsychotic"),
        ("Invega Trinza", 92, 184, "antipsychotic"),
        ("Aristada 882 mg", 56, 112, "antipsychotic"),
        ("Abilify Maintena 400 mg", 31, 62, "antipsychotic"),
        ("Risperdal Consta 25 mg", 14, 28, "antipsychotic"),
        ("Zyprexa Relprevv 210 mg", 28, 56, "antipsychotic"),
        ("fluphenazine decanoate 25 mg/ml", 42, 84, "antipsychotic"),
        ("clonidine 0.1 mg/24 hr patch", 7, 14, "alpha2_agonist"),
    ],
)
def test_a_form_that_lasts_is_in_use_until_the_next_dose_is_due(
    name: str, lasts: int, open_until: int, cls: str
) -> None:
    def taken(days_ago: int) -> Any:
        return facts_of(read(bundle(given_dose(days_ago, name)), TODAY), f"takes_{cls}")[0]

    assert [taken(n) for n in (1, lasts, lasts + 1, open_until, open_until + 1)] == [True, True, None, None, False]


@pytest.mark.parametrize(
    "name", ["haloperidol 5 mg/ml injection", "ketorolac 30 mg/ml injection", "Haldol 5 mg tablet"]
)
def test_one_dose_of_a_plain_form_does_not_last(name: str) -> None:
    assert "stopped" in now(read(bundle(given_dose(4, name)), TODAY))


def test_two_patches_of_one_day_are_two_and_a_newer_one_takes_the_place_of_an_older() -> None:
    def patch(strength: int, days: int) -> Json:
        return given_dose(days, f"fentanyl {strength} mcg/h patch", id=f"f{strength}-{days}", dosage={})

    assert len(now(read(bundle(patch(25, 1), patch(50, 1)), TODAY))["current"]) == 2
    assert len(now(read(bundle(patch(25, 3), patch(50, 1)), TODAY))["current"]) == 1


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Vivitrol 380 MG extended-release suspension", "naltrexone_injection"),
        ("naltrexone 380 MG Injection", "naltrexone_injection"),
        ("Sublocade 300 MG/1.5ML injection", "buprenorphine_injection"),
        ("Brixadi 128 mg monthly", "buprenorphine_injection"),
    ],
)
def test_an_injection_given_is_its_dated_event(name: str, measure: str) -> None:
    seen = [(o.measure, o.date) for o in read(bundle(given_dose(18, name)), TODAY).profile.observations]
    assert (measure, ago(18)) in seen
    gone = read(bundle(given_dose(18, name, status="not-done")), TODAY)
    assert measure not in [o.measure for o in gone.profile.observations]
    assert not read(bundle(given_dose(1, "naltrexone 50 mg tablet")), TODAY).profile.observations


# ---- codes of treatment programs ------------------------------------------------------------------------------------

HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def billed(code: str, days_ago: int = 5, system: str = HCPCS, **more: Any) -> Json:
    made = {"resourceType": "Procedure", "id": "b", "status": "completed", "code": coded(system, code)}
    return {**made, "subject": {"reference": "Patient/p"}, "performedDateTime": ago(days_ago), **more}


def facts_of(imported: Imported, *names: str) -> list[Any]:
    facts = derive(imported.profile)
    return [plain(facts.values[name]) for name in names]


@pytest.mark.parametrize(
    ("code", "system", "ingredient"),
    [
        ("G2067", HCPCS, "methadone"),
        ("G2078", HCPCS, "methadone"),
        ("H0020", HCPCS, "methadone"),
        ("S0109", HCPCS, "methadone"),
        ("310653000", "http://snomed.info/sct", "methadone"),
        ("G2068", HCPCS, "buprenorphine"),
        ("J0572", HCPCS, "buprenorphine"),
        ("G2069", HCPCS, "buprenorphine"),
        ("Q9992", HCPCS, "buprenorphine"),
        ("J0577", HCPCS, "buprenorphine"),
        ("J0570", HCPCS, "buprenorphine"),
        ("J2315", HCPCS, "naltrexone"),
        ("J1631", HCPCS, "haloperidol"),
        ("J2426", HCPCS, "paliperidone"),
    ],
)
def test_a_code_of_what_was_given_puts_the_medicine_on_the_list(code: str, system: str, ingredient: str) -> None:
    imported = read(bundle(billed(code, system=system)), TODAY)
    assert now(imported)["current"] == [ingredient]
    # long ago it says nothing about today
    assert "current" not in now(read(bundle(billed(code, 800, system)), TODAY))
    # not done is not given
    assert now(read(bundle(billed(code, system=system, status="not-done")), TODAY)) == {}


def test_a_treatment_that_was_billed_is_one_answer_for_review_and_hook() -> None:
    oud = {**condition(ICD, "F11.20"), "subject": {"reference": "Patient/p"}}
    for code in ("G2067", "H0020", "G2069", "Q9992", "G2075", "J0570"):
        for days in (5, 30, 60, 90):
            imported = read(bundle(oud, billed(code, days)), TODAY)
            hook = next(f for f in order_findings(imported) if f.record.id == "cdc2022.12")
            (taken,) = facts_of(imported, "takes_moud")
            assert hook.status == "met"
            assert taken is not False, (code, days)
    assert facts_of(read(bundle(oud, billed("G2067", 120)), TODAY), "takes_moud") == [False]


def test_a_program_whose_medicine_is_not_named_leaves_it_open() -> None:
    for code in ("G2074", "G2080"):
        assert facts_of(read(bundle(billed(code)), TODAY), "takes_moud", "takes_opioid", "takes_benzodiazepine") == [
            None,
            None,
            False,
        ]
    assert facts_of(read(bundle(billed("G2075")), TODAY), "takes_moud", "takes_methadone") == [True, None]
    # one that is on record is the one
    known = order("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", 28, 5)
    assert len(now(read(bundle(billed("G2075"), known), TODAY))["current"]) == 2  # buprenorphine and its naloxone


@pytest.mark.parametrize("kind", ["Encounter", "CarePlan"])
@pytest.mark.parametrize(
    "words", ["Methadone clinic visit", "Medication assisted treatment with methadone at OTP", "OBOT follow-up"]
)
def test_a_visit_or_a_plan_that_names_treatment_leaves_it_open(kind: str, words: str) -> None:
    told = (
        {"type": [{"text": words}], "status": "finished"}
        if kind == "Encounter"
        else {"title": words, "status": "active"}
    )
    made = {"resourceType": kind, "id": "v", "subject": {"reference": "Patient/p"}, "period": {"start": ago(3)}, **told}
    assert facts_of(read(bundle(made), TODAY), "takes_moud", "takes_methadone", "takes_benzodiazepine") == [
        None,
        None,
        False,
    ]
    words = "Physical therapy visit"
    told = (
        {"type": [{"text": words}], "status": "finished"}
        if kind == "Encounter"
        else {"title": words, "status": "active"}
    )
    assert facts_of(read(bundle({**made, **told}), TODAY), "takes_moud") == [False]


@pytest.mark.parametrize("system", [None, "", "http://example.org/local", "http://hl7.org/fhir/sid/ndc"])
def test_a_code_of_rxnorm_without_its_system_is_no_medicine(system: str | None) -> None:
    what = {"coding": [{"code": "197321", **({} if system is None else {"system": system})}]}  # alprazolam, in RxNorm
    imported = read(bundle(order(OXY, 30, 5, medicationCodeableConcept=what)), TODAY)
    assert facts_of(imported, "takes_benzodiazepine", "takes_opioid") == [None, None]


@pytest.mark.parametrize("make", [said, fill])
@pytest.mark.parametrize(
    ("note", "opens"),
    [
        ("stopped it two weeks ago", "use"),
        ("gives them to her brother", "use"),
        ("now taking 6 a day", "dose"),
        ("filled at the corner pharmacy", ""),
    ],
)
def test_a_note_on_another_record_of_the_medicine_opens_what_it_bears_on(
    make: Callable[..., Json], note: str, opens: str
) -> None:
    newer = read(bundle(written(5), make(2, note=[{"text": note}])), TODAY)
    assert (mme(newer) is None) is bool(opens)
    assert any("not known" in one.text for one in newer.report.of("conflict")) is bool(opens)
    older = read(bundle(written(5), make(40, note=[{"text": note}])), TODAY)
    assert mme(older) == mme(read(bundle(written(5)), TODAY))
