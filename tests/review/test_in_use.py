"""A decision to go on with an opioid names the one that may stay: another that has to change does not close it."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.pages.data import case_data
from pathways.pages.handout import handout_text
from pathways.review.case import Case

GOES_ON = "opioid_continue"


def entry(ingredient: str, purpose: str = "pain", **more: Any) -> dict[str, Any]:
    return {"ingredients": [ingredient], "state": "current", "purpose": purpose, **more}


def taking(*medicines: dict[str, Any]) -> Case:
    """A person whose opioid of a year helps, on these medicines."""
    answers = {"age_years": 50, "main_pain": "neuropathy_other", "opioid_helps": "yes", "opioid_months": 12}
    return review(Profile.from_dict({"as_of": "2026-11-16", "answers": answers, "medicines": list(medicines)}))


ABOVE = entry("tramadol", dose={"tramadol": 100}, per_day_min=6, per_day_max=6)
"""600 mg a day, above the 400 mg of the label."""


@pytest.mark.parametrize("stays", ["oxycodone", "morphine"])
@pytest.mark.parametrize(
    "others",
    [
        (entry("tramadol"), entry("sertraline", "other")),
        (entry("tramadol"), entry("carbamazepine", "other")),
        (ABOVE,),
    ],
    ids=["beside an SSRI", "beside an inducer", "above its limit"],
)
def test_keeping_the_opioid_says_which_one_where_another_has_to_change(
    stays: str, others: tuple[dict[str, Any], ...]
) -> None:
    case = taking(entry(stays), *others)
    assert next(w.verdict for w in case.medicines if w.ingredients == ("tramadol",)) == "change"
    option = case.option(GOES_ON)
    assert option.keeps == (stays,)
    assert option.verb == "Offer"
    data = case_data(case)
    ways = [a for fork in data["forks"] for a in fork["alternatives"] if GOES_ON in a["items"]]
    assert ways
    assert all(f"({stays})" in way["title"] for way in ways)
    held = [i for plan in data["plans"] for i in plan["items"] if i["id"] == GOES_ON]
    assert held
    assert all(f"({stays})" in i["title"] and i["keeps"] == [stays] for i in held)
    said = " ".join(handout_text(case).split())
    assert f"Keeping your pain medicine ({stays})" in said


@pytest.mark.parametrize(
    "medicines",
    [
        (entry("tramadol"), entry("phenelzine", "other")),
        (entry("tramadol"), entry("oxycodone"), entry("phenelzine", "other")),
    ],
    ids=["one", "each of two"],
)
def test_no_opioid_is_kept_where_each_has_to_change(medicines: tuple[dict[str, Any], ...]) -> None:
    option = taking(*medicines).option(GOES_ON)
    assert (option.verb, option.keeps) == ("Change", ())


def test_two_opioids_that_both_stay_need_no_name() -> None:
    option = taking(entry("oxycodone"), entry("tramadol")).option(GOES_ON)
    assert option.keeps == ()
    assert option.verb == "Offer"
    assert option.record.short == "Keep and optimize the opioid"


def test_one_name_for_what_stays_and_what_changes_keeps_neither() -> None:
    """A name that would not tell the two apart is no name."""
    case = taking(ABOVE, entry("tramadol", source="nonprescribed"))
    option = case.option(GOES_ON)
    assert option.keeps == ()
    assert option.verb != "Offer"


def test_a_taper_is_of_the_opioid_whichever_of_them_changes() -> None:
    case = taking(entry("oxycodone"), entry("tramadol"), entry("sertraline", "other"))
    assert case.option("opioid_taper").keeps == ()
