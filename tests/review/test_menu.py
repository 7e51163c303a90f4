"""The menu: every open option on one line, and every reason on it true of the plans that were found (law 15)."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content.models import SEATS
from pathways.facts.verdicts import unique
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.explain import why_not
from pathways.review.menu import KIND_WORDS, MenuLine, menu
from pathways.review.plans import Plan
from pathways.review.plans.judge import Judge
from tests.pages.drawn import CASES, Node, reviewed, sample, tree
from tests.profiles import random_data

NAMES = [path.stem for path in CASES]
BACK = {
    "age_years": 37, "sex": "male", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 2,
    "oud_status": "none", "acute_injury": False, "surgery_planned": False,
}  # fmt: skip  # data, read across


def sore_back() -> Case:
    """Eight weeks of back pain: nothing is known of function, and exercise alone stands in every plan."""
    return reviewed(
        BACK,
        observations=[{"measure": "pain_nrs", "items": {"pain": 5}, "date": "2026-11-02"}],
        complete={"medicines": "yes", "conditions": "yes", "observations": "yes"},
    )


def parts_of(case: Case, id: str) -> dict[tuple[str, str], bool]:
    """The parts of raised needs that a treatment answers here, and whether it does so fully: read off its record."""
    raised = {n.record.id: {p.id for p in (*n.parts, *n.met)} for n in case.findings.needs if n.raised}
    found: dict[tuple[str, str], bool] = {}
    for a in case.content.treatments[id].addresses:
        counts = a.when is None or case.content.test(a.when)(case.facts.values)
        if counts and a.part in raised.get(a.need, ()):
            found[a.need, a.part] = found.get((a.need, a.part), False) or not a.weak
    return found


def met(case: Case) -> set[tuple[str, str]]:
    return {(n.record.id, p.id) for n in case.findings.needs if n.raised for p in n.met}


def answered(case: Case, plan: Plan, part: tuple[str, str], fully: bool) -> list[str]:
    """The items of a plan that answer a part (fully, or at all); what has to change answers only until it has."""
    found = []
    for item in plan.items:
        full = parts_of(case, item.id).get(part)
        leaving = item.option.in_place == "yes" and not item.stays
        if full is not None and not leaving and (full or not fully):
            found.append(item.id)
    return found


def true_reason(case: Case, line: MenuLine) -> bool:
    """Whether what the line says holds of the case, found out another way."""
    plans, option = case.frontier.plans, case.option(line.id)
    holding = [plan for plan in plans if line.id in plan.ids]
    folded = [plan for plan in plans if any(line.id in item.instead for item in plan.items)]
    asked = [n for n in case.findings.needs if n.record.id in {a.need for a in option.record.addresses}]
    own = {part: full for part, full in parts_of(case, line.id).items() if part not in met(case)}
    match line.reason:
        case "in_every_plan":
            return len(holding) == len(plans) > 0
        case "in_use":
            return option.in_place == "yes"
        case "in_some_plans":
            return len(holding) > 0 and (len(holding) < len(plans) or bool(folded))
        case "interchangeable":
            return not holding and bool(folded) and all(
                any(i.id in line.by and line.id in i.instead for i in plan.items) for plan in folded
            )  # fmt: skip  # data, read across
        case "waits":
            return option.held_by is not None and option.verb == "After this"
        case "addressed":
            told = [(set(answered(case, plan, part, full)), full) for plan in plans for part, full in own.items()]
            return bool(own) and all(by & set(line.by) or (not by and not full) for by, full in told)
        case "in_place":
            return not own and bool(parts_of(case, line.id))
        case "not_known":
            decision = case.content.decisions.get(option.record.decision or "")
            unsure = decision is not None and case.content.test(decision.raised_when)(case.facts.values) is None
            return not holding and (unsure or any(n.raised is None for n in asked))
        case "not_raised":
            decision = case.content.decisions.get(option.record.decision or "")
            settled = decision is not None and case.content.test(decision.raised_when)(case.facts.values) is False
            return not holding and (settled or not own)
        case "on_top":
            return not holding and (
                not option.record.addresses or option.record.seat in ("harm_reduction", "level_of_care")
            )
        case "seat_taken":
            limit = SEATS[option.record.seat]
            return limit is not None and len(line.by) >= limit
        case "of_its_kind":
            group = option.record.group
            return group is not None and all(case.content.treatments[id].group == group for id in line.by)
        case "decided":
            return not holding and option.record.decision is not None
        case "not_together":
            return not holding and bool(line.by)
        case "dominated":
            return not holding and weighed_worse(case, line, plans)
        case "no_plan":
            return not plans
    raise AssertionError(line.reason)


def weighed_worse(case: Case, line: MenuLine, plans: tuple[Plan, ...]) -> bool:
    """Whether the numbers that are said are those of a plan with the option, and of a plan that was found."""
    judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)

    def axes(plan: Plan, *more: str) -> tuple[int, ...]:
        chosen = {i.id: i.verb for i in plan.items} | dict.fromkeys(more, "Consider")
        return judge.judge(chosen).axes

    theirs = [axes(plan) for plan in plans]
    mine = [axes(plan, line.id) for plan in plans]
    for n, what in ((2, "cautions"), (3, "burden")):
        if told := re.search(rf"more {what} \((\d+) against (\d+)\)", line.says):
            more, less = map(int, told.groups())
            if not any(a[n] == more for a in mine) or not any(b[n] == less for b in theirs):
                return False
    return any(all(x >= y for x, y in zip(a, b, strict=True)) and a != b for a in mine for b in theirs) or (
        line.says.startswith("May be added")
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_open_option_stands_on_one_line_by_kind(name: str) -> None:
    case = sample(name)
    lines = menu(case)
    assert [line.id for line in lines] == list(unique(line.id for line in lines))
    assert {line.id for line in lines} == {o.id for o in case.options if o.eligible}
    kinds = [line.kind for line in lines]
    assert list(unique(kinds)) == [kind for kind in KIND_WORDS.values() if kind in kinds]
    assert kinds == sorted(kinds, key=list(KIND_WORDS.values()).index)
    assert all(line.says and "\n" not in line.says for line in lines)
    assert set(KIND_WORDS) == set(SEATS)


@pytest.mark.parametrize("name", NAMES)
def test_every_reason_is_true(name: str) -> None:
    case = sample(name)
    for line in menu(case):
        assert true_reason(case, line), line


def test_a_reason_that_is_not_true_is_found() -> None:
    case = sore_back()
    [yoga] = [line for line in menu(case) if line.id == "yoga"]
    assert true_reason(case, yoga)
    assert not true_reason(case, MenuLine(yoga.option, "not_in_a_plan", (), "addressed", "x", ("nsaid_oral",)))
    assert not true_reason(case, MenuLine(yoga.option, "every_plan", (), "in_every_plan", "x"))


def test_what_is_not_asked_is_not_called_addressed() -> None:
    case = sore_back()
    assert all("yoga" not in plan.ids for plan in case.frontier.plans)
    function = next(n for n in case.findings.needs if n.record.id == "function")
    assert function.raised is None
    told = " ".join(why_not(case, "yoga"))
    assert "Every need" not in told
    assert "exercise" in told
    assert re.search(r"function.*: not known yet", told)


def test_an_emergency_that_comes_first_is_the_reason() -> None:
    lines = {line.id: line for line in menu(sample("fibromyalgia_depression_ptsd"))}
    assert lines["emdr"].reason == "waits"
    assert "suicide risk comes first" in lines["emdr"].says


def test_every_reason_is_true_of_people_of_every_shape() -> None:
    random, content, seen = Random(12), load_content(), set()
    for _ in range(60):
        case = review(Profile.from_dict(random_data(random, content), content), content=content)
        for line in menu(case):
            seen.add(line.reason)
            assert true_reason(case, line), line
    assert {"waits", "in_every_plan", "on_top", "not_known", "addressed"} <= seen


@pytest.mark.parametrize("name", NAMES)
def test_the_menu_stands_in_json_on_the_sheet_and_in_markdown(name: str) -> None:
    case = sample(name)
    lines = menu(case)
    data: list[dict[str, Any]] = case_data(case)["menu"]
    assert data == [line.to_dict() for line in lines]
    folded = next(n for n in tree(sheet_html(case)).all("details") if n.attributes.get("id") == "pw-menu")
    assert "open" not in folded.attributes
    told = [[" ".join(one.text().split()) for one in row.children if isinstance(one, Node)] for row in folded.all("tr")]
    text = sheet_markdown(case)
    for line in lines:
        name = f"{line.option.verb}: {line.option.record.short}"
        assert any(one[0].startswith(name) and one[1] == " ".join(line.says.split()) for one in told)
        assert line.option.record.short in text
