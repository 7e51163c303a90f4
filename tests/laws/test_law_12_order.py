"""Law 12: order. Now before today before this week; dated events before phases; special before standing. Held over the sample
cases, the judgement cases where they are at hand, and random people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content import models as m
from pathways.content.models import LEVELS, PHASES
from pathways.language.words import without_dose
from pathways.pages import sheet_markdown
from pathways.pages.blocks import PHASE_WORDS
from pathways.pages.data import case_data
from pathways.pages.front_sections import AFTER
from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.actions import STANDING, actions_of
from pathways.review.case import Case, review
from pathways.review.dated import about_operation, first_look
from pathways.review.shapes import LEVEL_WORDS
from pathways.review.special import special
from tests.conftest import reference_path
from tests.obedience.generate import Vocabulary
from tests.obedience.generate import profile as dense_profile
from tests.obedience.knowledge import load
from tests.reviews import NAMES, reviewed

CONTENT = load_content()
Json = dict[str, Any]
TODAY = date(2026, 11, 16)
PEOPLE = 15


def judgement() -> Iterator[Case]:
    """The judgement cases of the reference."""
    for path in sorted(reference_path("cases/judgement").glob("*.toml")):
        yield review(Profile.load(path))


@cache
def cases() -> tuple[Case, ...]:
    known, vocabulary = load(), Vocabulary.read()
    people = (review(Profile.from_dict(dense_profile(Random(f"order {n}"), known, vocabulary))) for n in range(PEOPLE))
    return (*map(reviewed, NAMES), *judgement(), *people)


def phase_head(phase: str) -> str:
    """The heading of a phase in the plan by time, as the sheet has it in Markdown."""
    return f"\n### {PHASE_WORDS[phase]}\n"


# ---- now, today, this week --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_urgent_now_stands_before_what_is_due_today() -> None:
    for case in cases():
        levels = [LEVELS.index(red.level) for red in first_page(case).red]
        assert levels == sorted(levels)
        present = {e.record.id for e in case.findings.emergencies if e.state == "present"}
        assert {red.id for red in first_page(case).red} == present


@pytest.mark.slow
def test_the_items_of_a_plan_stand_in_the_order_of_their_phases() -> None:
    for case in cases():
        data = case_data(case)
        for items in (data["core"], *(plan["items"] for plan in data["plans"])):
            phases = [PHASES.index(item["phase"]) for item in items]
            assert phases == sorted(phases)


@pytest.mark.slow
def test_the_phases_of_the_sheet_stand_in_order() -> None:
    for case in cases():
        text = sheet_markdown(case)
        heads = [text.find(phase_head(p)) for p in PHASES]
        found = [place for place in heads if place >= 0]
        assert found == sorted(found)
        assert len(found) >= len({item.phase for item in case.shown.core if item.verb != AFTER})


@pytest.mark.slow
def test_of_what_is_special_what_is_due_today_comes_first() -> None:
    for case in cases():
        lines = [line for line in special(case) if line.verb in ("Verify", "Change")]
        by = {f"medicines.{w.place}": w.by for w in case.medicines}
        due = [by[line.id] != "today" for line in lines]
        assert due == sorted(due)


@pytest.mark.slow
def test_a_change_that_is_due_today_is_not_hidden_behind_what_is_standing() -> None:
    """On the first page, what must be done today about a medicine has a line or its name; it is never under "+n more" alone."""
    for case in cases():
        shown = " ".join(part.text.text for action in first_page(case).do for part in action.parts)
        for weighed in case.medicines:
            if weighed.verdict in ("verify", "change") and weighed.by == "today" and case.view is None:
                assert weighed.label in shown or without_dose(weighed.label) in shown, weighed.label


# ---- special before standing --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_standing_line_stands_above_one_that_is_special() -> None:
    for case in cases():
        themes = [action.theme for action in actions_of(case) if action.rank < 90]
        assert STANDING not in themes[:-1]
        shown = [action.theme for action in first_page(case).do]
        assert STANDING not in shown[:-1]
        for action in first_page(case).do:
            if action.theme != STANDING:
                urgent = {i.id for i in case.shown.core if i.called and i.called.table == "emergency"}
                urgent |= {part.id for part in action.parts if action.vital}  # at risk, and not known to be in place
                records = [_record(part.id) for part in action.parts if part.id not in urgent]
                if not records:
                    continue  # an emergency calls for it
                assert not all(record is not None and record.standing for record in records), action.theme


def _record(id: str) -> Any:
    return CONTENT.recommendations.get(id) or CONTENT.treatments.get(id)


# ---- dated events before phases ---------------------------------------------------------------------------------------------

ADULT: Json = {
    "as_of": TODAY.isoformat(),
    "answers": {
        "age_years": 52,
        "sex": "male",
        "setting": "outpatient",
        "main_pain": "osteoarthritis",
        "pain_months": 40,
    },
    "complete": dict.fromkeys(("conditions", "medicines", "observations"), "yes"),
}
ON_METHADONE = {
    "name": "methadone", "ingredients": ["methadone"], "dose": {"methadone": 80}, "per_day_min": 1, "per_day_max": 1,
    "route": "oral", "state": "current", "purpose": "oud", "source": "otp",
}  # fmt: skip  # data, read across


def before_operation(days: int, **medicine: Any) -> Case:
    answers = {**ADULT["answers"], "surgery_planned": True, "oud_status": "active"}
    seen = [{"measure": "surgery", "date": (TODAY + timedelta(days=days)).isoformat()}]
    return review(
        Profile.from_dict(
            {**ADULT, "answers": answers, "medicines": [{**ON_METHADONE, **medicine}], "observations": seen}
        )
    )


@pytest.mark.parametrize("days", [0, 1, 3, 7])
def test_what_is_about_an_operation_within_a_week_is_due_today(days: int) -> None:
    case = before_operation(days)
    sheet = sheet_markdown(case)
    later = sheet.partition(phase_head("this_week"))[2].partition("\n#")[0]
    assert later or not any(item.phase == "this_week" for item in case.shown.core if item.verb != AFTER)
    assert phase_head("today") in sheet
    for finding in case.findings.recommendations:
        if finding.status == "applies" and about_operation(CONTENT, finding.record.when):
            assert finding.record.action not in later, finding.record.id
    due = {item.id: item.phase for item in case.shown.core}
    called = [item for item in case.shown.core if item.called and item.called.table == "recommendation"]
    about = [i.id for i in called if about_operation(CONTENT, CONTENT.recommendations[i.called.id].when)]  # type: ignore[union-attr]
    assert about
    assert {due[id] for id in about} == {"today"}


@pytest.mark.parametrize("days", [1, 10, 30, 60])
def test_no_review_is_dated_before_the_operation_that_it_follows(days: int) -> None:
    case = before_operation(days)
    day = TODAY + timedelta(days=days)
    looked = 0
    for plan in case.shown.plans:
        for item in plan.items:
            for line in item.option.record.monitoring:
                first = first_look(case, item, line)
                indication = item.option.indication
                record = CONTENT.recommendations.get(item.called.id) if item.called else None
                texts = [x.when for x in (record, indication) if x]
                if line.counts_from == "surgery" or any(about_operation(CONTENT, text) for text in texts):
                    assert first is not None
                    assert first >= day, item.id
                    looked += 1
    assert looked


@pytest.mark.parametrize("ago", [0, 7, 20, 27, 28, 40, 70])
@pytest.mark.parametrize(
    ("measure", "ingredient"), [("naltrexone_injection", "naltrexone"), ("buprenorphine_injection", "buprenorphine")]
)
def test_the_next_injection_is_counted_from_the_last(measure: str, ingredient: str, ago: int) -> None:
    entry = {
        "name": f"{ingredient} injection", "ingredients": [ingredient], "state": "current", "purpose": "oud",
        "route": "intramuscular" if ingredient == "naltrexone" else "subcutaneous",
    }  # fmt: skip  # data, read across
    answers = {**ADULT["answers"], "oud_status": "active"}
    seen = [{"measure": measure, "date": (TODAY - timedelta(days=ago)).isoformat()}]
    case = review(Profile.from_dict({**ADULT, "answers": answers, "medicines": [entry], "observations": seen}))
    due = max(TODAY - timedelta(days=ago) + timedelta(days=28), TODAY)
    lines = [
        (option, line) for option in case.options for line in option.record.monitoring if line.counts_from == measure
    ]
    assert lines
    for option, line in lines:
        item = next((i for plan in case.shown.plans for i in plan.items if i.id == option.id), None)
        if item is not None:
            assert first_look(case, item, line) == due
    sheet = sheet_markdown(case)
    later = [(TODAY + timedelta(days=n)).isoformat() for n in range((due - TODAY).days + 14, 60)]
    injection = [row for row in sheet.splitlines() if "Next injection" in row and row.startswith("|")]
    assert not [row for row in injection if any(day in row for day in later)]


@pytest.mark.slow
def test_no_first_day_is_dated_for_what_has_been_in_use() -> None:
    for case in cases():
        for item in case.shown.core:
            for line in item.option.record.monitoring:
                if (
                    item.option.in_place == "yes"
                    and line.counts_from is None
                    and not any(seen.measure == "surgery" for seen in case.profile.observations)
                ):
                    assert first_look(case, item, line) is None


@pytest.mark.slow
def test_dates_on_the_sheet_run_forward_from_today() -> None:
    for case in cases():
        as_of = case.profile.as_of
        if as_of is None:
            continue
        text = sheet_markdown(case).partition("First dates to look again")[2].partition("\n## ")[0]
        found = [date.fromisoformat(day) for day in re.findall(r"^\| (\d{4}-\d\d-\d\d)", text, re.M)]
        assert found == sorted(found)
        assert all(day >= as_of for day in found)


def test_the_dated_event_stands_on_the_first_page_above_standing_care() -> None:
    for days in (1, 5, 14):
        page = first_page(before_operation(days))
        verbs = [action.parts[0].verb for action in page.do]
        assert "Plan" in verbs
        assert (TODAY + timedelta(days=days)).isoformat() in " ".join(p.text.text for a in page.do for p in a.parts)


def test_the_words_of_the_levels_run_from_now_to_this_visit() -> None:
    assert list(LEVEL_WORDS) == list(LEVELS)
    assert m.PHASES[0] == "today"
