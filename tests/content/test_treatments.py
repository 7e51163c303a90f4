"""The treatments as a whole: that each row of the requirements is there, that what a plan names can be named, and that the
many options do not crowd a plan."""

from __future__ import annotations

import re

import pytest

from pathways.content import Content, load_content
from pathways.content.models import Treatment
from pathways.language import facts_of
from pathways.review.brought import inherited
from tests.conftest import reference_path

OPIOIDS = {"opioid_short_course", "tramadol", "tapentadol", "buprenorphine_patch_or_film"}
COMPONENTS = {
    "cbt_pain": (
        "thought records",
        "behavioral activation",
        "pacing",
        "skills training",
        "exposure",
        "relapse-prevention",
    ),
    "cbt_oud": ("thought records", "behavioral activation", "exposure", "pacing", "relapse-prevention"),
    "dbt": ("emotion regulation", "mindfulness", "distress tolerance"),
    "couples_therapy": ("communication", "trust", "boundaries", "coping together"),
}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def test_at_least_seventy_five(content: Content) -> None:
    assert len(content.treatments) >= 75


def test_every_treatment_row_of_the_requirements_is_there(content: Content) -> None:
    told = {row for t in content.treatments.values() for row in t.row}
    assert {f"T{n}" for n in range(1, 33)} <= told


def test_every_row_of_the_treatment_tables_is_there(content: Content) -> None:
    sheet = reference_path("clinical-facts.md").read_text("utf-8")
    rows = set(re.findall(r"^\| (F[12457]-\d+) ", sheet, re.MULTILINE))
    told = {row for t in content.treatments.values() for row in t.row}
    assert len(rows) > 90
    assert rows - told == set()


@pytest.mark.parametrize(("id", "parts"), COMPONENTS.items())
def test_components_can_be_named(content: Content, id: str, parts: tuple[str, ...]) -> None:
    told = " | ".join(content.treatments[id].components).lower()
    assert [part for part in parts if part not in told] == []


def medicines(content: Content) -> list[Treatment]:
    return [t for t in content.treatments.values() if t.seat in ("medicine", "moud") and t.medicines]


def test_a_medicine_tells_its_dose_and_what_stands_against_it(content: Content) -> None:
    no_range = ("candesartan_migraine", "cgrp_migraine")  # the facts sheet gives none for these
    for t in medicines(content):
        way_to_start = t.id.startswith("buprenorphine_") and t.id.endswith("_start")  # its doses are those of its steps
        assert t.dose or t.id in no_range or way_to_start, t.id
        assert t.contraindications or t.precautions or inherited(t, content) or t.group == "topical", t.id


@pytest.mark.parametrize(
    ("facts", "among"),
    [
        ({"egfr_below_30", "egfr_below_60", "egfr", "has_kidney_failure"},
         ["duloxetine", "venlafaxine", "milnacipran", "gabapentin", "pregabalin", "nsaid_oral", "nsaid_topical", "topiramate",
          "baclofen", "tizanidine", "tramadol", "tapentadol", "suzetrigine", "nortriptyline"]),
        ({"has_liver_disease", "chronic_liver_disease", "cirrhosis_known", "severe_liver_disease", "child_pugh",
          "has_cirrhosis", "has_liver_failure_or_acute_hepatitis", "liver_moderate_or_severe"},
         ["duloxetine", "venlafaxine", "milnacipran", "nsaid_oral", "acetaminophen", "lidocaine_topical", "cyclobenzaprine",
          "tizanidine", "carbamazepine", "tramadol", "tapentadol", "suzetrigine", "triptan", "naltrexone_xr", "buprenorphine"]),
        ({"qtc_ms"}, ["nortriptyline", "methadone_otp", "buprenorphine", "cyclobenzaprine", "withdrawal_relief"]),
        ({"has_seizure_disorder"}, ["nortriptyline", "cyclobenzaprine", "baclofen", "tramadol", "tapentadol", "rtms"]),
        ({"suicide_risk_signal"}, ["nortriptyline", "venlafaxine", "opioid_taper", "opioid_short_course"]),
        ({"pregnant", "weeks_pregnant"},
         ["nsaid_oral", "nsaid_topical", "topiramate", "candesartan_migraine", "carbamazepine", "naltrexone_xr", "opioid_taper",
          "opioid_short_course", "supervised_withdrawal"]),
        ({"has_sleep_apnea"}, ["opioid_continue", "opioid_short_course", "tapentadol", "gabapentin", "cyclobenzaprine"]),
        ({"oud_ever", "oud_or_on_moud", "has_oud"},
         ["gabapentin", "pregabalin", "tramadol", "tapentadol", "opioid_short_course", "opioid_continue"]),
    ],
    ids=["kidney", "liver", "qtc", "seizure", "suicide", "pregnancy", "apnea", "misuse"],
)  # fmt: skip  # data, read across
def test_each_danger_is_looked_at_where_the_sheet_names_it(content: Content, facts: set[str], among: list[str]) -> None:
    for id in among:
        t = content.treatments[id]
        speaks = (*t.contraindications, *t.precautions, *inherited(t, content))
        looked = {fact for c in speaks for fact in facts_of(content.node(c.when))}
        assert looked & facts, id


def test_what_sedates_or_starts_an_opioid_never_fills_a_place_in_a_plan(content: Content) -> None:
    for t in content.treatments.values():
        if t.id in OPIOIDS or t.group in ("muscle_relaxant", "naltrexone_low_dose"):
            assert not t.addresses, t.id
            assert t.in_every_plan_when is None, t.id


def test_an_opioid_is_only_looked_at_when_the_team_thinks_of_one(content: Content) -> None:
    for id in OPIOIDS:
        for indication in content.treatments[id].indications:
            assert "opioid_considered" in facts_of(content.node(indication.when)), id


def test_the_forms_of_moud_leave_the_decision_to_the_person(content: Content) -> None:
    """Ways to start and forms stand beside the decision: they are no rivals in it and shut nothing out."""
    for id in (
        "buprenorphine_injection",
        "buprenorphine_low_dose_start",
        "buprenorphine_high_dose_start",
        "buprenorphine_home_start",
    ):
        t = content.treatments[id]
        assert not t.addresses
        assert t.decision is None
        assert {c.id for c in t.contraindications} <= {"allergy"}


def test_alternatives_of_one_kind_share_a_group(content: Content) -> None:
    groups = {
        "migraine_prevention": {"beta_blocker_migraine", "topiramate", "candesartan_migraine", "cgrp_migraine"},
        "neuropathic_antidepressant": {"duloxetine", "venlafaxine", "milnacipran", "nortriptyline"},
        "topical": {"lidocaine_topical", "nsaid_topical", "capsaicin_topical", "capsaicin_patch"},
        "muscle_relaxant": {"cyclobenzaprine", "tizanidine", "baclofen"},
        "movement": {"exercise", "physical_therapy", "yoga", "tai_chi", "motor_control_exercise"},
        "complementary": {"acupuncture", "manipulation", "massage", "tens", "low_level_laser"},
    }
    for group, ids in groups.items():  # more may join
        members = {t.id: t.seat for t in content.treatments.values() if t.group == group}
        assert ids <= members.keys()
        assert len(set(members.values())) == 1, "what is of one kind takes the same place in a plan"


def test_a_relapse_risk_has_its_safeguard(content: Content) -> None:
    """P11: what may trigger a return to use says so, with what to do about it."""
    for id in (
        *OPIOIDS,
        "gabapentin",
        "pregabalin",
        "opioid_continue",
        "opioid_taper",
        "perioperative_plan",
        "supervised_withdrawal",
    ):
        assert len(content.treatments[id].relapse.split()) >= 4, id
