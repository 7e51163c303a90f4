"""The recommendations as a whole: one file a guideline, short offers, and the rules of correction that they obey."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages import sheet_markdown
from pathways.review.case import Case
from tests.pages.drawn import reviewed

CONTENT = load_content()
RECOMMENDATIONS = CONTENT.recommendations
FILES = {
    "aga2019": {"aga2019"},
    "adolescents": {"adolescents", "aap2016", "sahm2021", "who2020", "fda2017"},
    "asam2020": {"asam2020", "asam2015"},
    "ash2020": {"ash2020"},
    "bzd2025": {"bzd2025"},
    "cdc2022": {"cdc2022"},
    "fda": {"fda2017", "fda2022", "fda2023", "fda2024", "fda2025", "fda_labels"},
    "found_missing": {
        "acr2019",
        "cdc2022",
        "craving",
        "fda_labels",
        "guardian",
        "hiv",
        "hpso2023",
        "injection",
        "medicine_held",
        "program_medicine",
        "pain_mechanism",
        "pain_site",
        "part2_2024",
        "reach",
        "source",
        "telemed2025",
    },
    "hhs2019_taper": {"hhs2019", "va_taper_tool"},
    "hpso2023": {"hpso2023"},
    "idsa2017": {"idsa2017"},
    "infections": {"aasld_idsa", "cdc_prep"},
    "law": {"caa2023", "caa2024", "cfr42_2", "cfr42_8", "fr2023", "part2_2024", "telemed2025"},
    "methadone_safety2014": {"meth2014", "qtc2009"},
    "periop2021": {"periop2021"},
    "pregnancy": {"acog711", "birth", "fda2017", "fda2020nsaid"},
    "questionnaires": {
        "barc2017",
        "comm2007",
        "comm9_2018",
        "csi2013",
        "dn4_2005",
        "fss1989",
        "klimas2019",
        "rio2018",
        "serlin1995",
        "smith2010",
        "sows1987",
        "taps_nida",
        "wolfe2015",
    },
    "requests": {"request"},
    "scores": {"asam_alcohol2020", "gad2", "ichd3", "phq2"},
    "situations": {
        "acute",
        "asco2016",
        "back",
        "asco2023",
        "cdc2022draft",
        "crps",
        "eular2016",
        "migraine",
        "osteoarthritis",
        "overuse",
        "samhsa2021",
        "situation",
        "surgery",
    },
    "substances": {"asam_stimulant2023", "supply", "tobacco", "vadod_sud2021"},
    "tip54": {"tip54"},
    "tip63": {"tip63"},
    "vadod2022": {"vadod2022"},
}
"""Which guideline file holds the statements of which sources, by the first part of their ids."""
OLD_IDS = [
    "asam2020.moud_choice",
    "asam2020.psychosocial_offer",
    "fda2017.moud_with_sedatives",
    "asam2020.no_time_limit",
    "asam2015.naloxone_household",
    "asam2020.labs_do_not_delay",
    "tip63.lost_tolerance",
    "asam2020.nonopioid_first",
    "asam2020.pain_and_oud_together",
    "asam2020.split_dose",
    "idsa2017.methadone_split",
    "asam2020.acute_pain_on_buprenorphine",
    "periop2021.continue_bup",
    "asam2015.naltrexone_before_surgery",
    "asam2015.pain_on_naltrexone",
    "asam2020.start_cows",
    "hpso2023.fentanyl_start",
    "hpso2023.low_dose_limits",
    "hpso2023.precipitated_withdrawal",
    "hhs2019.switch_waiting_time",
    "fda2024.no_fixed_max",
    "fda2022.dental",
    "fda_labels.buprenorphine_liver",
    "caa2023.no_waiver",
    "telemed2025.six_months",
    "telemed2025.temporary_rule",
    "cfr42_8.otp_only",
    "fr2023.three_day_bridge",
    "cfr42_8.first_day",
    "cfr42_8.take_home",
    "tip63.missed_methadone",
    "tip63.methadone_in_hospital",
    "meth2014.ecg_baseline",
    "meth2014.ecg_repeat",
    "meth2014.qtc_500",
    "meth2014.qtc_450",
    "qtc2009.qtc_500_on_methadone",
    "meth2014.pain_start",
    "cfr42_2.pdmp_misses_otp",
    "asam2020.naltrexone_opioid_free",
    "tip63.naltrexone_injection",
    "fda_labels.naltrexone_and_opioids",
    "fda_labels.naltrexone_liver",
    "asam2015.naltrexone_pregnancy",
    "hhs2019.no_abrupt_taper",
    "hhs2019.consider_taper",
    "va_taper_tool.rate",
    "hhs2019.oud_found",
    "hhs2019.withdrawal_in_taper",
    "vadod2022.buprenorphine_instead",
    "acog711.moud_in_pregnancy",
    "asam2020.buprenorphine_in_pregnancy",
    "asam2020.breastfeeding",
    "aap2016.adolescent_moud",
    "part2_2024.consent",
]
"""Ids that the first version gave out: case files and letters may name them."""
BACK = {"age_years": 50, "setting": "outpatient", "main_pain": "back_axial", "pain_months": 40, "opioid_months": 30}
OXYCODONE = {
    "ingredients": ["oxycodone"],
    "state": "current",
    "dose": {"oxycodone": 40},
    "unit": "mg",
    "route": "oral",
    "per_day_min": 2,
    "per_day_max": 2,
    "purpose": "pain",
}
ALPRAZOLAM = {"ingredients": ["alprazolam"], "state": "current"}
ENDS = re.compile(r"\b(stop|end|discontinue|cease|wean off|come off|deprescribe|discharge|dismiss)\b", re.IGNORECASE)


def applying(case: Case) -> dict[str, str]:
    """The actions of the recommendations that apply or are met, by id."""
    found = [f for f in case.findings.recommendations if f.status in ("applies", "met")]
    return {f.record.id: f.record.action for f in found}


def on_opioid(*more: dict[str, Any], conditions: tuple[str, ...] = (), **answers: Any) -> Case:
    return reviewed(
        {**BACK, **answers},
        medicines=[OXYCODONE, *more],
        conditions=[{"id": id} for id in conditions],
        complete={"medicines": "yes", "conditions": "yes"},
    )


# ---- the set ------------------------------------------------------------------------------------------------


def test_there_are_at_least_a_hundred() -> None:
    assert len(RECOMMENDATIONS) >= 100


def test_every_guideline_stands_in_its_own_file() -> None:
    found: dict[str, set[str]] = {}
    for id in RECOMMENDATIONS:
        file = CONTENT.files["recommendation", id]
        found.setdefault(file.removeprefix("recommendations/").removesuffix(".toml"), set()).add(id.partition(".")[0])
    assert found == FILES


@pytest.mark.parametrize("guideline", ["cdc2022", "bzd2025"])
def test_a_numbered_guideline_is_in_its_own_order(guideline: str) -> None:
    numbers = [int(n) for g, _, n in (id.partition(".") for id in RECOMMENDATIONS) if g == guideline and n.isdigit()]
    assert numbers == sorted(numbers)
    assert len(numbers) >= 12


def test_ids_that_were_given_out_still_lead_somewhere() -> None:
    assert [id for id in OLD_IDS if id not in RECOMMENDATIONS] == []


def test_an_action_is_a_short_offer_and_said_once() -> None:
    long = {r.id: r.action for r in RECOMMENDATIONS.values() if len(r.action.split()) > 12}
    assert long == {}
    actions = [r.action.casefold() for r in RECOMMENDATIONS.values()]
    assert [a for a in actions if actions.count(a) > 1] == []


def test_no_action_asks_for_an_end_of_a_medicine_or_of_care() -> None:
    ends = {r.id: r.action for r in RECOMMENDATIONS.values() if ENDS.search(r.action)}
    kept = {id: action for id, action in ends.items() if not re.search(r"\b(no|never|not|way to)\b", action, re.I)}
    assert kept == {}


# ---- positions on which guidelines differ ------------------------------------------------------------------


def test_a_position_belongs_to_a_disagreement_that_cites_more_than_one_place() -> None:
    topics = {r.topic for r in RECOMMENDATIONS.values() if r.topic}
    assert topics <= set(CONTENT.disagreements)
    for disagreement in CONTENT.disagreements.values():
        assert len({(p.id, p.at) for p in disagreement.positions}) == len(disagreement.positions) >= 2
        assert all(p.says for p in disagreement.positions), disagreement.id


def test_every_contested_row_is_shown_with_its_sides() -> None:
    rows = {row for d in CONTENT.disagreements.values() for row in d.row}
    contested = {"A-O9", "B-B2", "B-B6", "D-PCS", "D-CIWA", "F2-21", "F5-2", "F5-4", "I-10", "I-11", "H5"}
    named = {"B-B1", "B-H3", "B-A11", "C-3", "B-V4", "B-M9", "B-M10", "E1", "B-V2", "F5-7", "B-M6", "B-M11"}
    assert sorted((contested | named) - rows) == []


# ---- rules of correction -----------------------------------------------------------------------------------


def test_opioid_with_a_benzodiazepine_never_reads_as_an_end_of_either() -> None:
    actions = applying(on_opioid(ALPRAZOLAM))
    assert {"cdc2022.11", "bzd2025.2", "vadod2022.benzodiazepine"} <= set(actions)
    assert "change neither abruptly" in actions["cdc2022.11"]
    about = {id: text for id, text in actions.items() if id.startswith(("cdc2022.11", "bzd2025.", "vadod2022.benz"))}
    assert {id: text for id, text in about.items() if ENDS.search(text)} == {}


@pytest.mark.parametrize(
    ("answers", "conditions", "cared_for_by"),
    [
        ({"age_years": 16}, (), "adolescents.outside_cdc"),
        ({"main_pain": "sickle_cell"}, ("sickle_cell",), "ash2020.continue_opioid"),
        ({"main_pain": "cancer"}, ("cancer_active",), "hhs2019.no_abrupt_taper"),
        ({}, ("palliative_care",), "hhs2019.no_abrupt_taper"),
    ],
)
def test_outside_the_scope_of_opioid_guidelines_people_are_still_owed_care(
    answers: dict[str, Any], conditions: tuple[str, ...], cared_for_by: str
) -> None:
    actions = applying(on_opioid(conditions=conditions, oud_status="active", **answers))
    assert {id for id in actions if id.startswith(("cdc2022.", "vadod2022."))} == {"cdc2022.12"}
    assert cared_for_by in actions
    assert "hhs2019.no_abrupt_taper" in actions


def test_a_high_dose_is_a_reason_to_think_and_never_to_cut() -> None:
    actions = applying(on_opioid(opioid_helps="yes", wants_taper=False))
    assert "cdc2022.dose_50" in actions
    assert not {id for id in actions if RECOMMENDATIONS[id].treatments == ("opioid_taper",)}


def test_other_drug_use_is_answered_with_more_care() -> None:
    case = reviewed(
        {**BACK, "oud_status": "active", "nonprescribed_opioid_use": True, "stimulant_use": True},
        medicines=[{"ingredients": ["buprenorphine"], "state": "current", "purpose": "oud"}, ALPRAZOLAM],
        complete={"medicines": "yes"},
    )
    actions = applying(case)
    assert {"asam2020.return_to_use", "bzd2025.21", "fda2017.moud_with_sedatives", "tip54.no_abstinence_first"} <= set(
        actions
    )


def test_remission_is_no_reason_to_leave_acute_pain_untreated() -> None:
    case = reviewed({**BACK, "oud_status": "remission", "remission_months": 30, "acute_injury": True})
    assert applying(case)["tip54.acute_pain_in_recovery"].startswith("Treat the pain")


def test_an_unknown_pregnancy_or_age_is_a_question_and_not_a_no() -> None:
    case = reviewed({"main_pain": "back_axial", "pain_months": 9}, medicines=[OXYCODONE])
    status = {f.record.id: f for f in case.findings.recommendations}
    assert status["hhs2019.pregnancy"].status == "needs_information"
    assert status["hhs2019.pregnancy"].asks == ("pregnant",)
    assert "age_years" in status["adolescents.outside_cdc"].asks


# ---- what stands where --------------------------------------------------------------------------------------


def test_background_stands_with_the_guidelines_and_not_among_the_phases() -> None:
    case = on_opioid(ALPRAZOLAM)
    background = [f.record for f in case.findings.recommendations if f.status == "applies" and f.record.priority == 9]
    assert background
    text = sheet_markdown(case)
    phases = text[text.index("## The plan by time") : text.index("## Each medicine")]
    guidelines = text[text.index("What the sources say here") :]
    for record in background:
        assert record.action not in phases
        assert record.action in guidelines
