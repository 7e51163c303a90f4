"""The cautions of a plan by their names: each once, and an unknown condition stays said."""

from __future__ import annotations

from pathways import load_content, review
from pathways.facts import Facts, derive
from pathways.profile import Profile
from pathways.review.meetings import holds
from pathways.review.plans import by_name
from pathways.review.plans.cautions import PlanCaution

CONTENT = load_content()
TAKEN = {"answers": {"age_years": 44, "oud_status": "active"}, "as_of": "2026-11-16"}
AMITRIPTYLINE = {"name": "amitriptyline 25 mg", "ingredients": ["amitriptyline"], "purpose": "pain", "state": "current"}
LONG_QT = "Methadone with another QT-prolonging medicine, and QTc above 450 ms"


def told(qtc: int | None) -> set[str]:
    """The names of all cautions of the plans of a person with OUD on amitriptyline."""
    observations = [] if qtc is None else [{"measure": "qtc_ms", "value": qtc, "date": "2026-11-10"}]
    person = Profile.from_dict({**TAKEN, "medicines": [AMITRIPTYLINE], "observations": observations}, CONTENT)
    plans = review(person, content=CONTENT).shown.plans
    assert any(item.id == "methadone_otp" for plan in plans for item in plan.items)
    return {name for plan in plans for name in by_name(plan.cautions)}


def test_a_caution_whose_condition_is_not_known_says_so_and_nothing_else() -> None:
    names = told(None)
    assert f"{LONG_QT} (not known yet)" in names
    assert LONG_QT not in names


def test_a_caution_whose_condition_is_false_is_not_told() -> None:
    assert not {name for name in told(410) if name.startswith(LONG_QT)}


def test_each_name_stands_once_with_all_that_make_it() -> None:
    pair = next(iter(CONTENT.interactions.values()))
    a = PlanCaution("A with x: both", ((pair.title, pair),), "A with x")
    b = PlanCaution("A with B: both", ((pair.title, pair),))
    other = PlanCaution("A: mind the liver")
    assert by_name([a, other, b, other]) == {pair.title: (a, b), other.text: (other, other)}


def test_an_interaction_is_known_to_apply_when_its_condition_is_true_and_not_before() -> None:
    record = next(r for r in CONTENT.interactions.values() if r.title == LONG_QT)
    plain = next(r for r in CONTENT.interactions.values() if r.when is None)

    def facts(qtc: int | None) -> Facts:
        seen = [] if qtc is None else [{"measure": "qtc_ms", "value": qtc, "date": "2026-11-10"}]
        return derive(Profile.from_dict({**TAKEN, "observations": seen}, CONTENT))

    assert [holds(CONTENT, record, facts(qtc)) for qtc in (470, 410, None)] == [True, False, False]
    assert holds(CONTENT, plain, facts(None))
