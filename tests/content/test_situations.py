"""Kinds of pain, phenomena that are taken for each other, and the care pathways of situations: each can be put in and shows.

One small person a row of the list of conditions (C) and of risk mechanisms (K); what must show is written from the row.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages import first_page_words, sheet_html
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import Case, review

AS_OF = date(2026, 11, 2)
ADULT = {"age_years": 45, "setting": "outpatient", "pregnant": False}
BACK = {**ADULT, "main_pain": "back_axial", "pain_months": 24}
OXYCODONE = {"ingredients": ["oxycodone"], "state": "current", "purpose": "pain"}
BUPRENORPHINE = {"ingredients": ["buprenorphine"], "state": "current", "purpose": "oud"}
NALTREXONE = {"ingredients": ["naltrexone"], "state": "current", "purpose": "oud", "route": "intramuscular"}
FIBROMYALGIA = {"wpi": 9, "regions": 5, "three_months": 1, "fatigue": 2, "unrefreshed": 3, "cognition": 1}
NO_CANCER = {"conditions": ["cancer_active", "sickle_cell", "palliative_care"]}


def person(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    data = {"as_of": AS_OF, "answers": answers, "medicines": list(medicines), "asked_none": NO_CANCER, **more}
    return review(Profile.from_dict(data))


def with_condition(answers: dict[str, Any], id: str, *medicines: dict[str, Any]) -> Case:
    return person(answers, *medicines, conditions=[{"id": id}], asked_none={})


def seen(case: Case) -> set[str]:
    """What the case says surely: true facts, findings that apply, needs, red flags, pathways, and how options fit."""
    found = {f"fact:{name}" for name, value in case.facts.values.items() if value is True}
    found |= {f"finding:{f.record.id}" for f in case.findings.recommendations if f.status == "applies"}
    found |= {f"need:{n.record.id}" for n in case.findings.needs if n.raised}
    found |= {f"red:{e.record.id}:{e.level}" for e in case.findings.emergencies if e.state == "present"}
    found |= {f"pathway:{p.record.id}" for p in case.findings.pathways}
    return found | {f"{o.fit}:{o.id}" for o in case.options}


def row(id: str, case: Case, *shows: str, hides: str = "") -> Any:
    return pytest.param(case, shows, hides, id=id)


def cases() -> list[Any]:
    neck = {**ADULT, "main_pain": "neck", "pain_months": 8}
    chronic_oxycodone = {**BACK, "opioid_months": 24, "oud_status": "none"}
    use = {**BACK, "nonprescribed_opioid_use": True}
    new_injury = {**ADULT, "main_pain": "injury", "pain_months": 0.2, "acute_injury": True, "oud_status": "none"}
    new_injury |= {"opioid_start_considered": True, "nonprescribed_opioid_use": False}
    no_opioid = {"medicines": ["opioid", "naltrexone"], "conditions": ["cancer_active", "sickle_cell"]}
    return [
        row(
            "C1 axial",
            person(BACK),
            "fact:back_pain_axial",
            "pathway:stepped_spinal",
            hides="finding:situation.radicular",
        ),
        row("C1 radicular neck", person({**neck, "neck_pain_arm": True}), "finding:situation.radicular"),
        row(
            "C1 axial neck",
            person({**neck, "neck_pain_arm": False}),
            "fact:neck_pain",
            hides="finding:situation.radicular",
        ),
        row(
            "C2 osteoarthritis",
            person({**BACK, "main_pain": "osteoarthritis"}),
            "pathway:stepped_osteoarthritis",
            hides="fact:inflammatory_arthritis",
        ),
        row(
            "C2 inflammatory",
            person({**BACK, "main_pain": "inflammatory_arthritis"}),
            "finding:situation.inflammatory_arthritis",
            hides="fact:osteoarthritis",
        ),
        row(
            "C3 criteria",
            person(BACK, observations=[{"measure": "fm16", "items": FIBROMYALGIA, "date": AS_OF}]),
            "fact:nociplastic_pain",
            "finding:eular2016.nociplastic",
        ),
        row(
            "C4",
            person({**BACK, "main_pain": "neuropathy_postherpetic"}),
            "fact:neuropathic_pain",
            "pathway:stepped_neuropathic",
        ),
        row(
            "C5",
            person({**BACK, "main_pain": "headache_other", "headache_overuse": True}),
            "finding:ichd3.medication_overuse",
            "pathway:stepped_headache",
        ),
        row(
            "C6 cancer",
            with_condition({**BACK, "opioid_months": 12}, "cancer_active", OXYCODONE),
            "finding:asco2023.cancer_pain",
            "pathway:stepped_cancer",
            hides="finding:cdc2022.5",
        ),
        row(
            "C6 cancer and OUD",
            with_condition({**BACK, "oud_status": "active"}, "cancer_active"),
            "finding:asco2023.cancer_pain_and_oud",
            "need:oud_treatment",
        ),
        row(
            "C6 survivor",
            person({**BACK, "oud_status": "none"}, conditions=[{"id": "cancer_past"}]),
            "finding:asco2016.survivors",
            hides="finding:asco2023.cancer_pain",
        ),
        row(
            "C6 sickle cell crisis",
            with_condition({**BACK, "flare_now": True, "main_pain": "sickle_cell"}, "sickle_cell"),
            "fact:sickle_cell_pain_acute",
            "pathway:stepped_sickle_cell",
            hides="finding:situation.flare",
        ),
        row(
            "C7",
            person({**ADULT, "main_pain": "post_surgical", "pain_months": 2}),
            "finding:situation.acute_to_chronic",
            "pathway:stepped_after_surgery",
        ),
        row(
            "C8 K1",
            person(new_injury, asked_none=no_opioid),
            "finding:situation.first_opioid",
            "pathway:acute_pain_naive",
            hides="pathway:stepped_after_surgery",
        ),
        row("C9", person(new_injury), "fact:acute_pain", hides="fact:subacute_or_chronic_pain"),
        row(
            "C10",
            person(
                BACK,
                observations=[{"measure": "peg", "items": {"pain": 2, "enjoyment": 2, "activity": 1}, "date": AS_OF}],
            ),
            "finding:situation.mild_pain",
        ),
        row("C11", person({**BACK, "oud_status": "active"}), "fact:has_oud", "need:oud_treatment"),
        row(
            "C12", person(chronic_oxycodone, OXYCODONE), "finding:situation.dependence_is_not_oud", hides="fact:has_oud"
        ),
        row(
            "C12 code", person(BACK, conditions=[{"id": "opioid_dependence_code"}]), "finding:situation.code_to_confirm"
        ),
        row(
            "C13 K2",
            person({**chronic_oxycodone, "relief_wears_off": True}, OXYCODONE),
            "finding:situation.tolerance",
            hides="fact:hyperalgesia_suspected",
        ),
        row("C14", person({**use, "in_opioid_withdrawal": True}), "need:withdrawal"),
        row(
            "C15 K7",
            person({**chronic_oxycodone, "pain_worse_or_spreading": True}, OXYCODONE),
            "finding:situation.hyperalgesia",
            "pathway:hyperalgesia_workup",
            hides="fact:tolerance_suspected",
        ),
        row(
            "C16",
            person({**BACK, "opioid_misuse": True, "oud_status": "none"}, OXYCODONE),
            "finding:situation.misuse_or_undertreated",
            hides="fact:has_oud",
        ),
        row(
            "C17",
            person({**use, "uses_for_pain": True, "nonprescribed_source": "street"}),
            "finding:samhsa2021.use_for_pain",
            "finding:situation.unknown_supply",
        ),
        row(
            "C18",
            person({**BACK, "oud_status": "active", "stimulant_use": True, "alcohol_daily": True}),
            "fact:stimulant_problem",
            "fact:alcohol_problem",
            "need:other_substances",
        ),
        row(
            "C19 C20 C21 K8",
            person(BACK, conditions=[{"id": "depression"}, {"id": "anxiety"}, {"id": "ptsd"}]),
            "fact:depression_problem",
            "fact:anxiety_problem",
            "fact:trauma_problem",
            "need:mood_trauma",
        ),
        row("C22", person({**use, "uses_to_cope": True}), "finding:situation.use_to_cope"),
        row("C23", person({**use, "uses_for_effect": True}), "finding:situation.use_for_effect"),
        row("C24", person({**BACK, "low_self_esteem": True}), "finding:situation.self_esteem"),
        row("C25", person({**BACK, "oud_status": "active"}), "need:pain_relief", "need:oud_treatment"),
        row(
            "C26 early",
            person({**BACK, "oud_status": "remission", "remission_months": 5}),
            "finding:situation.remission_first_year",
            hides="fact:remission_sustained",
        ),
        row(
            "C26 sustained, on MOUD",
            person({**BACK, "oud_status": "remission", "remission_months": 30}, BUPRENORPHINE),
            "finding:situation.remission_sustained",
            "need:oud_treatment",
        ),
        row("C27", person({**BACK, "flare_now": True}), "finding:situation.flare", "pathway:flare"),
        row(
            "C28",
            person({**BACK, "drowsy_or_confused": True, "pinpoint_pupils": True}, OXYCODONE),
            "red:oversedation:act_now",
        ),
        row("C28 pupils alone", person({**BACK, "pinpoint_pupils": True}, OXYCODONE), hides="red:oversedation:act_now"),
        row(
            "C29",
            person({**BACK, "ambiguous_signs": True, "oud_status": "none"}),
            "finding:situation.misuse_or_undertreated",
            hides="need:oud_treatment",
        ),
        row("K3", person({**use, "uses_against_withdrawal": True}), "finding:situation.use_against_withdrawal"),
        row(
            "K4",
            person({**BACK, "oud_status": "remission", "surgery_planned": True}, asked_none={"medicines": ["moud"]}),
            "pathway:acute_pain_in_remission",
            "indicated:perioperative_plan",
            "indicated:relapse_plan",
        ),
        row("K5", person({**BACK, "pain_undertreated": True}), "finding:samhsa2021.undertreated_pain"),
        row("K6", person({**BACK, "oud_status": "active"}), "finding:cdc2022.12"),
        row("K9", person({**BACK, "stigma_concern": True}), "finding:situation.stigma"),
        row("K10", person({**BACK, "fear_of_stopping": True}, OXYCODONE), "finding:situation.fear_of_stopping"),
        row("K13", person({**BACK, "relationship_strain": True}), "need:relationships_home"),
        row("K15", person({**BACK, "fears_movement": True}), "finding:situation.activity_pattern"),
        row("K16", person({**BACK, "oud_status": "active"}), "need:overdose_safety"),
        row(
            "K14",
            person(BACK, observations=[{"measure": "pcs", "value": 33, "date": AS_OF}]),
            "finding:situation.activity_pattern",
        ),
        row("K17", person({**BACK, "money_problems": True}), "finding:situation.money"),
        row("P2", person({**BACK, "pain_mechanism": "uncertain"}), "finding:situation.mechanism_open"),
        row(
            "H6",
            person({**BACK, "nonprescribed_opioid_use": True}, BUPRENORPHINE),
            "finding:situation.return_to_use",
            "pathway:return_to_use",
        ),
        row(
            "H4",
            person(BACK, OXYCODONE, observations=[{"measure": "urine_opioid", "value": "unexpected", "date": AS_OF}]),
            "finding:cdc2022draft.unexpected_urine",
            "pathway:unexpected_urine",
            hides="fact:has_oud",
        ),
        row(
            "P16 up",
            person({**BACK, "oud_status": "active", "level_of_care_rated": "iop"}),
            "pathway:level_step_up",
            hides="pathway:level_step_down",
        ),
        row("P16 down", person({**BACK, "oud_status": "active", "setting": "residential"}), "pathway:level_step_down"),
        row(
            "B-A9",
            person({**BACK, "surgery_planned": True}, BUPRENORPHINE),
            "pathway:acute_pain_on_moud",
            hides="pathway:acute_pain_naive",
        ),
        row(
            "B-A12",
            person({**BACK, "surgery_planned": True}, NALTREXONE),
            "pathway:acute_pain_on_naltrexone",
            hides="pathway:acute_pain_naive",
        ),
        row("B-P1", person({**BACK, "pregnant": True, "oud_status": "active"}), "pathway:pregnancy"),
        row(
            "B-P7",
            person({**BACK, "age_years": 16, "oud_status": "active"}),
            "pathway:adolescent",
            "finding:aap2016.adolescent_moud",
        ),
    ]


@pytest.mark.parametrize(("case", "shows", "hides"), cases())
def test_what_is_put_in_shows(case: Case, shows: tuple[str, ...], hides: str) -> None:
    found = seen(case)
    assert [one for one in shows if one not in found] == []
    assert hides not in found


def test_nobody_enters_a_pathway_that_is_not_known_to_be_theirs() -> None:
    assert review(Profile.from_dict({"as_of": AS_OF})).findings.pathways == ()
    assert {p.record.id for p in person(BACK).findings.pathways} == {"stepped_spinal"}


def test_every_pathway_of_a_situation_is_entered_by_someone_here() -> None:
    entered = {p.record.id for param in cases() for p in param.values[0].findings.pathways}
    entered |= {p.record.id for p in person({**BACK, "main_pain": "fibromyalgia"}).findings.pathways}
    assert {p.id for p in load_content().pathways_of_situations} - entered == set()


def test_a_step_is_left_out_marked_or_in_place() -> None:
    def states(**answers: Any) -> dict[str, str]:
        (pathway,) = person({**BACK, **answers}, complete={"conditions": "yes"}).findings.pathways
        return {step.id: state for step, state in pathway.steps}

    assert "epidural_question" not in states()
    assert states(main_pain="back_radicular")["epidural_question"] == "to_do"
    assert states(main_pain="neck")["epidural_question"] == "if_it_applies"
    assert states(exercise_in_place=True)["active"] == "in_place"
    assert states(exercise_in_place=False)["active"] == "to_do"
    assert states()["active"] == "to_do"


def test_the_sheet_shows_what_is_entered_and_says_what_is_only_a_choice() -> None:
    flare = sheet_html(person({**BACK, "flare_now": True}))
    assert "A flare of lasting pain" in flare
    assert "A flare of lasting pain" not in sheet_html(person({**BACK, "flare_now": False}))
    assert "Buprenorphine for OUD: standard start (if chosen: Buprenorphine" in sheet_html(
        person({**BACK, "oud_status": "active"}, asked_none={"medicines": ["moud"]})
    )


def test_another_way_to_a_treatment_goes_with_it_and_only_where_it_is_known_to_fit() -> None:
    known = {**BACK, "oud_status": "active", "fentanyl_exposure": True, "nonprescribed_opioid_use": True}
    nobody = {"medicines": ["moud", "buprenorphine"]}
    assert "low-dose start" in sheet_html(person(known, asked_none=nobody))
    assert "low-dose start while" not in sheet_html(person({**BACK, "oud_status": "active"}, asked_none=nobody))
    assert "moud_start_low_dose" not in {p.record.id for p in person(known, asked_none=nobody).findings.pathways}


def test_the_data_of_a_case_names_its_pathways_with_their_sources() -> None:
    found = case_data(person({**BACK, "flare_now": True}))
    flare = next(p for p in found["pathways"] if p["id"] == "flare")
    assert [step["id"] for step in flare["steps"]] == ["check", "bridge", "learn"]
    assert all(step["source"] and step["owner"] for step in flare["steps"])
    assert {
        s["id"] for p in found["pathways"] for s in (*p["source"], *(s for t in p["steps"] for s in t["source"]))
    } <= {s["id"] for s in found["sources"]} | {"own"}


def test_situations_leave_the_first_page_short() -> None:
    for answers in ({"flare_now": True}, {"stigma_concern": True, "money_problems": True, "low_self_esteem": True}):
        assert first_page_words(person({**BACK, **answers}, OXYCODONE)) <= 200


def test_dependence_tolerance_and_hyperalgesia_never_make_oud() -> None:
    signs = {
        "relief_wears_off": True,
        "pain_worse_or_spreading": True,
        "fear_of_stopping": True,
        "ambiguous_signs": True,
    }
    case = person(
        {**BACK, **signs, "opioid_months": 24, "opioid_misuse": False, "nonprescribed_opioid_use": False}, OXYCODONE
    )
    assert case.facts.values["has_oud"] is not True
    items = {"tolerance": 1, "withdrawal": 1} | dict.fromkeys(
        (
            "more_than_meant",
            "cut_down",
            "time_spent",
            "craving",
            "roles",
            "social_problems",
            "given_up",
            "hazardous",
            "despite_harm",
        ),
        0,
    )
    data = case.profile.to_dict() | {
        "observations": [{"measure": "oud_criteria", "items": items, "date": "2026-11-02"}]
    }
    asked = review(Profile.from_dict({**data, "asked_none": {"conditions": ["oud_coded"]}}))
    assert asked.facts.values["oud_criteria"].hi == 0
    assert asked.facts.values["has_oud"] is not True
