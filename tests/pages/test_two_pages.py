"""What a long sheet leaves out of its print: the least needed first, said in one line, and still on the screen."""

from __future__ import annotations

from typing import Any

from pathways import Profile, review
from pathways.pages import first_page, sheet_html
from pathways.pages.html import sections_of
from pathways.pages.two_pages import left_out, paged
from pathways.review.case import Case

MANY = ("tramadol", "sertraline", "warfarin", "naproxen", "amitriptyline", "alprazolam", "lithium", "carbamazepine")


def person(*names: str) -> Case:
    medicines: list[dict[str, Any]] = [{"ingredients": [one], "state": "current"} for one in names]
    answers = {"age_years": 72, "oud_status": "active", "main_pain": "back_radicular", "pain_months": 40}
    return review(Profile.from_dict({"as_of": "2026-11-16", "answers": answers, "medicines": medicines}))


def spares(case: Case) -> list[str]:
    front = [section for section in sections_of(case) if not section.annex]
    return [spare.words for spare in paged(first_page(case), front).spares]


def test_a_short_sheet_leaves_nothing_out() -> None:
    case = review(Profile.from_dict({"answers": {"age_years": 30, "main_pain": "neck"}}))
    assert spares(case) == []
    assert "Left out of the print" not in sheet_html(case)


def test_a_long_sheet_leaves_out_the_least_needed_of_the_print_alone() -> None:
    case = person(*MANY)
    found = spares(case)
    assert "what is due later" in found
    html = sheet_html(case)
    assert f"Left out of the print: {', '.join(found)}." in html
    assert "#pw-medicines td > p:not(:first-child)" in html
    for weighed in case.medicines:  # the screen has each reason still
        for ground in weighed.grounds[:1]:
            assert ground.label.split(": ")[-1].lower() in html.lower()


def test_more_medicines_leave_out_more() -> None:
    assert len(spares(person(*MANY[:2]))) < len(spares(person(*MANY)))


def test_nothing_urgent_is_ever_left_out() -> None:
    front = [section for section in sections_of(person(*MANY)) if not section.annex]
    chosen = [spare.select for spare in paged(first_page(person(*MANY)), front).spares]
    assert not [select for select in chosen if "urgent" in select or "pw-red" in select]
    assert left_out(()) == ""
