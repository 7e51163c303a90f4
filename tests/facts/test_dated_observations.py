"""What a dated observation says by itself: an attempt is an emergency, any urine result is a drug test."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review

CONTENT = load_content()
NO = "suicidal_behaviour_3_months"


def made(*observations: dict[str, Any], **answers: Any) -> Profile:
    return Profile.from_dict(
        {"as_of": "2026-11-02", "answers": {"age_years": 40, **answers}, "observations": list(observations)}
    )


def attempt(day: str) -> dict[str, Any]:
    return {"measure": "suicide_attempt", "date": day}


def level(profile: Profile) -> tuple[str, str | None]:
    found = next(e for e in case_data(review(profile))["emergencies"] if e["id"] == "suicide_risk")
    return found["state"], found["level"]


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-11-02", "present"), ("2026-08-02", "present"), ("2026-08-01", "not_asked"), ("2025", "not_asked")],
)
def test_a_dated_attempt_is_an_emergency_by_itself(day: str, status: str) -> None:
    assert level(made(attempt(day))) == (status, "act_now" if status == "present" else None)


def test_no_behavior_says_that_there_was_no_attempt_but_never_hides_one() -> None:
    for observations in ((), (attempt("2026"),)):  # an attempt some time this year: the answer tells that it was before
        facts = derive(made(*observations, **{NO: False}), content=CONTENT)
        assert facts.values["suicide_attempt_3_months"] is False
        assert facts.origin["suicide_attempt_3_months"] == (f"answers.{NO}",)
    assert derive(made(attempt("2026")), content=CONTENT).values["suicide_attempt_3_months"] is None
    both = made(attempt("2026-10-20"), **{NO: False})
    assert level(both) == ("present", "act_now")
    assert derive(both, content=CONTENT).contradictions == ("no_behaviour_but_attempt",)
    assert derive(made(), content=CONTENT).values["suicide_attempt_3_months"] is None


def test_no_taper_is_begun_after_an_attempt() -> None:
    case = review(made(attempt("2026-10-20")))
    closed = next(o for o in case.options if o.id == "opioid_taper")
    assert "suicide_emergency" in [c.id for c in closed.closed_by]


@pytest.mark.parametrize("measure", ["drug_test", "udt_fentanyl", "udt_opiates", "urine_opioid"])
def test_any_urine_result_is_a_drug_test(measure: str) -> None:
    value = {"drug_test": None, "udt_fentanyl": "confirmed_absent", "urine_opioid": "negative"}.get(
        measure, "screen_negative"
    )
    seen = {"measure": measure, "date": "2026-09-01", **({} if value is None else {"value": value})}
    values = derive(made(seen), content=CONTENT).values
    assert values["drug_test_within_year"] is True
    assert derive(made({**seen, "date": "2025-10-01"}), content=CONTENT).values["drug_test_within_year"] is None


@pytest.mark.parametrize(
    ("egfr", "listed", "says"),
    [
        ((90,), (), False),
        ((60,), (), False),
        ((59,), (), None),  # kidney disease of that degree is not known, and may be on no list
        ((90, 40), (), None),  # two results of one day
        ((90,), ("kidney_failure",), True),  # what is written down stands
        ((20,), (), True),
        ((), (), None),
    ],
)
def test_a_good_egfr_leaves_no_room_for_severe_kidney_disease(
    egfr: tuple[float, ...], listed: tuple[str, ...], says: bool | None
) -> None:
    profile = Profile.from_dict(
        {
            "as_of": "2026-11-02",
            "observations": [{"measure": "egfr", "date": "2026-09-01", "value": value} for value in egfr],
            "conditions": [{"id": "ckd_stage_5", "status": "active"} for _ in listed],
        }
    )
    assert derive(profile, content=CONTENT).values["egfr_below_30"] is says
