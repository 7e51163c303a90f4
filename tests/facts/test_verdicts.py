"""`judge`: one verdict with its reasons, what would settle it, and what it rests on."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.facts.verdicts import Verdict, asks, judge
from pathways.language import ConditionError
from pathways.profile import Profile

CONTENT = load_content()
SCOPE = "age_years >= 18 AND takes_opioid"


def judged(text: str, **data: object) -> Verdict:
    return judge(text, derive(Profile.from_dict(data), content=CONTENT), CONTENT)


def test_a_true_verdict_names_every_fact_that_it_needs_and_where_each_comes_from() -> None:
    oxycodone = {"ingredients": ["oxycodone"], "state": "current"}
    verdict = judged(SCOPE, answers={"age_years": 58}, medicines=[oxycodone])
    assert (verdict.value, verdict.asks, verdict.settle, verdict.assumes) == (True, (), (), ())
    assert [(r["fact"], r["origin"]) for r in verdict.because] == [
        ("age_years", ["answers.age_years"]),
        ("takes_opioid", ["medicines.0"]),
    ]


def test_a_false_verdict_needs_one_fact_alone() -> None:
    verdict = judged(SCOPE, answers={"age_years": 12})
    assert verdict.value is False
    assert [r["fact"] for r in verdict.because] == ["age_years"]
    assert verdict.asks == ()


def test_an_open_verdict_has_no_reason_and_asks_for_what_would_settle_it() -> None:
    verdict = judged(SCOPE, answers={"age_years": 58})
    assert (verdict.value, verdict.because, verdict.assumes) == (None, (), ())
    assert verdict.settle == (("takes_opioid",),)
    assert verdict.asks == ("medicines.opioid",)
    facts = derive(Profile.from_dict({"answers": {"age_years": 58}}), content=CONTENT)
    assert asks(CONTENT, SCOPE, facts.values) == verdict.asks


@pytest.mark.parametrize(("complete", "assumes"), [("yes", ()), ("assumed", ("medicines",))])
def test_a_verdict_that_rests_on_a_list_nobody_confirmed_says_so(complete: str, assumes: tuple[str, ...]) -> None:
    verdict = judged("takes_opioid", complete={"medicines": complete})
    assert verdict.value is False
    assert verdict.assumes == assumes


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(ConditionError):
        judged("age_yers >= 18")
