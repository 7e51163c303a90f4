"""Checks that go on: shown only when they apply, with the last date and the next; and the plan for high-risk days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import kit
from pathways.care.monitoring import Check, checks, relapse_plan
from pathways.content import load_content
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.html import sections_of, texts
from pathways.profile import Profile
from pathways.review.case import review
from tests.pages.drawn import CASES, reviewed, sample, tree
from tests.reviews import facts_only

CONTENT = load_content()
FOLLOW_UP = kit.ROOT / "sample_data/follow_up/buprenorphine_eight_months.toml"
OXYCODONE = {
    "ingredients": ["oxycodone"], "route": "oral", "dose": {"oxycodone": 10}, "per_day_min": 4, "per_day_max": 4,
    "state": "current", "purpose": "pain",
}  # fmt: skip  # data, read across
METHADONE = {"ingredients": ["methadone"], "route": "oral", "dose": {"methadone": 80}, "per_day_min": 1, "per_day_max": 1,
             "state": "current", "purpose": "oud"}  # fmt: skip  # data, read across


def found(answers: dict[str, Any] | None = None, *medicines: dict[str, Any], **more: Any) -> dict[str, Check]:
    data = {"as_of": date(2026, 11, 2), "answers": answers or {}, "medicines": list(medicines), **more}
    profile = Profile.from_dict(data)
    return {c.record.id: c for c in checks(facts_only(profile))}


def seen(measure: str, day: str, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "date": day, **more}


def test_nothing_known_calls_for_nothing() -> None:
    assert found() == {}
    assert "Nothing in use" in sheet_markdown(reviewed())


def test_what_is_in_use_brings_its_checks_and_no_others() -> None:
    here = found({"opioid_months": 24, "main_pain": "neck"}, OXYCODONE)
    assert {"opioid_stable", "pdmp", "urine_test", "outcome_peg"} <= here.keys()
    assert not here.keys() & {
        "methadone_ecg",
        "naltrexone_liver",
        "moud_visits",
        "opioid_new_or_raised",
        "joint_review",
    }
    here = found({}, METHADONE)
    assert {"methadone_ecg", "moud_visits", "naloxone", "outcome_craving"} <= here.keys()
    assert "opioid_stable" not in here


@pytest.mark.parametrize(
    ("ingredient", "check"),
    [("naltrexone", "naltrexone_liver"), ("acetaminophen", "acetaminophen_total"), ("duloxetine", "duloxetine_liver"),
     ("duloxetine", "snri_pressure"), ("gabapentin", "gabapentinoid_kidney"), ("buprenorphine", "buprenorphine_liver")],
)  # fmt: skip  # data, read across
def test_each_medicine_names_its_tests(ingredient: str, check: str) -> None:
    assert check in found({}, {"ingredients": [ingredient], "state": "current"})


def test_a_check_is_due_planned_or_without_a_date() -> None:
    answers = {"opioid_months": 24}
    assert found(answers, OXYCODONE)["pdmp"].state == "no_date"
    late = found(answers, OXYCODONE, observations=[seen("pdmp_check", "2026-08-03")])["pdmp"]
    assert (late.state, late.by, late.last) == ("due", date(2026, 11, 1), "2026-08-03")
    planned = found(answers, OXYCODONE, observations=[seen("pdmp_check", "2026-08-04")])["pdmp"]
    assert (planned.state, planned.by) == ("planned", date(2026, 11, 2))


def test_the_newest_past_date_of_any_of_its_measures_counts() -> None:
    observations = [
        seen("ecg", "2026-01-01"),
        seen("qtc_ms", "2026-06-01", value=440.0),
        seen("ecg", "2027-01-01"),
        seen("ecg", "2026"),
    ]
    check = found({}, METHADONE, observations=observations)["methadone_ecg"]
    assert (check.last, check.place, check.state, check.by) == ("2026-06-01", 1, "open_ended", None)


def test_a_date_known_in_part_counts_from_its_first_day() -> None:
    check = found({"opioid_months": 24}, OXYCODONE, observations=[seen("pdmp_check", "2026-08")])["pdmp"]
    assert (check.by, check.state) == (date(2026, 10, 30), "due")


def test_a_long_qtc_on_methadone_is_watched_more_closely() -> None:
    assert "methadone_qtc_long" not in found({}, METHADONE, observations=[seen("qtc_ms", "2026-10-01", value=449.0)])
    check = found({}, METHADONE, observations=[seen("qtc_ms", "2026-10-01", value=450.0)])["methadone_qtc_long"]
    assert check.state == "due"
    assert "never an abrupt stop" in check.record.why


def test_what_is_due_comes_first() -> None:
    here = found(
        {"opioid_months": 24, "main_pain": "neck"}, OXYCODONE,
        observations=[seen("pdmp_check", "2026-01-01"), seen("peg", "2026-10-01", value=5.0)],
    )  # fmt: skip  # data, read across
    states = [check.state for check in here.values()]
    order = ["due", "no_date", "planned", "open_ended"]
    assert states == sorted(states, key=order.index)


@pytest.mark.parametrize("trigger", [
    {"mme": True}, {"lost_tolerance": True}, {"nonprescribed_opioid_use": True}, {"oud_status": "active"},
])  # fmt: skip  # data, read across
def test_any_one_reason_calls_for_naloxone(trigger: dict[str, Any]) -> None:
    medicines = [{**OXYCODONE, "per_day_min": 6, "per_day_max": 6}] if trigger.pop("mme", False) else []
    assert "naloxone" in found(trigger, *medicines)


def test_the_sheet_and_the_data_hold_them_with_owner_and_source() -> None:
    case = sample("methadone_qtc_above_500")
    section = next(s for s in sections_of(case) if s.id == "monitoring")
    told = " ".join(said.text for said in texts(section))
    for check in checks(case):
        assert check.record.what in told
        assert check.record.how_often in told
        assert case.content.roles[check.record.owner[0]].label in told
    assert [row["id"] for row in case_data(case)["monitoring"]] == [check.record.id for check in checks(case)]


# ---- the plan for high-risk situations ----------------------------------------------------------------------


def plan(answers: dict[str, Any]) -> Any:
    return relapse_plan(facts_only(Profile.from_dict({"as_of": date(2026, 11, 2), "answers": answers})))


def test_the_plan_is_there_only_where_it_fits() -> None:
    assert plan({}) is None
    assert plan({"oud_status": "none", "fear_of_relapse": False}) is None
    assert plan({"oud_status": "active"}) is not None
    assert plan({"oud_status": "remission"}) is not None
    assert plan({"fear_of_relapse": True}) is not None


def test_the_answers_fill_in_the_situations() -> None:
    answers = {
        "oud_status": "remission",
        "main_pain": "neck",
        "surgery_planned": True,
        "relationship_strain": True,
        "insomnia": True,
    }
    ids = [prompt.id for prompt, _ in plan(answers).situations]
    assert ids == ["flare", "operation", "nights", "strain"]
    assert plan({"oud_status": "remission"}).situations == ()


def test_the_team_promises_more_care_and_no_blame() -> None:
    told = " ".join(prompt.text for prompt in plan({"oud_status": "active"}).team)
    assert "MOUD kept or raised" in told
    assert "no ground for undertreatment" in told
    assert "No blame" in told


def test_the_sheet_leaves_lines_to_fill_in() -> None:
    case = sample("remission_before_surgery")
    root = tree(sheet_html(case))
    section = next(node for node in root.all("details") if node.attributes.get("id") == "pw-relapse")
    tables = [t for t in section.all("table") if "pw-fillin" in t.classes()]
    assert len(tables) == 2
    assert sum(td.text().strip() == "" for t in tables for td in t.all("td")) > 15
    assert "The operation, and opioids given for it" in section.text()
    assert "988" in section.text()
    assert "| My early signs" in sheet_markdown(case)


@pytest.mark.parametrize("name", [path.stem for path in CASES])
def test_a_person_without_oud_or_fear_gets_no_such_page(name: str) -> None:
    case = sample(name)
    wanted = case.facts.values["relapse_plan_fits"]
    assert ("relapse" in {s.id for s in sections_of(case)}) == (wanted is True)


def test_the_follow_up_sample_shows_each_kind_of_page() -> None:
    data = case_data(review(Profile.load(FOLLOW_UP)))
    assert {t["id"]: t["direction"] for t in data["trends"]} == {
        "peg": "better", "phq9": "no_clear_change", "craving": "lower",
    }  # fmt: skip  # data, read across
    assert {u["id"]: u["reading"] for u in data["urine"]} == {
        "udt_buprenorphine": "expected", "udt_norbup_ratio": "expected", "udt_opiates": "expected",
        "udt_benzodiazepines": "cannot_tell", "udt_fentanyl": "unexpected",
    }  # fmt: skip  # data, read across
    assert {"moud_visits", "joint_review", "naloxone"} <= {check["id"] for check in data["monitoring"]}
    assert {"monitoring", "trends", "urine", "relapse"} <= {s.id for s in sections_of(review(Profile.load(FOLLOW_UP)))}
