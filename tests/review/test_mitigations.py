"""What goes on only with something has it in every plan: by pair, by caution, for what is in use and what is started."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pathways import Profile, load_content, review
from pathways.content import models as m
from pathways.review.case import Case
from pathways.review.directives import Directive, Directives
from pathways.review.medicines import Weighed
from pathways.review.mitigations import _by_all, beside_moud, calls, mitigations
from pathways.review.plans import Item

CONTENT = load_content()
TODAY = "2026-11-02"
ADULT = {"age_years": 45, "sex": "female", "setting": "outpatient"}
Entry = dict[str, Any]


def reviewed(medicines: list[Entry], **answers: Any) -> Case:
    return review(Profile.from_dict({"as_of": TODAY, "answers": {**ADULT, **answers}, "medicines": medicines}))


def taken(ingredient: str, **rest: Any) -> Entry:
    return {"ingredients": [ingredient], "state": "current", **rest}


def actions(case: Case) -> set[str]:
    return {a.record.id for a in case.beside(case.shown.core)}


def example(members: tuple[str, ...]) -> str | None:
    """An ingredient that is surely one of these classes or ingredients, whatever it is taken for."""
    for one in members:
        if one in CONTENT.medicines:
            return one
        for id, medicine in CONTENT.medicines.items():
            if one in medicine.classes and not medicine.purpose_by_route:
                return id
    return None


PAIRS = [r for r in CONTENT.interactions.values() if r.b and r.makes == "keep_with" and r.when is None]
EXAMPLES = [(r, a, b) for r in PAIRS if (a := example(r.a)) and (b := example(r.b)) and a != b]


@pytest.mark.parametrize(("record", "a", "b"), EXAMPLES, ids=[r.id for r, _, _ in EXAMPLES])
def test_both_sides_of_a_pair_that_goes_on_have_its_mitigation_in_every_plan(
    record: m.Interaction, a: str, b: str
) -> None:
    case = reviewed([taken(a), taken(b)])
    for weighed in case.medicines:
        assert weighed.verdict != "keep"
        assert set(record.beside) <= set(weighed.beside)
    left_out = {n.target for n in case.frontier.not_done}
    for id in record.beside:
        if id in CONTENT.actions:
            assert id in actions(case)
        else:
            everywhere = all(id in plan.ids for plan in case.frontier.plans)
            assert everywhere or id in left_out or case.option(id).in_place == "yes"


def test_there_are_pairs_to_try() -> None:
    assert len(EXAMPLES) >= 15


@pytest.mark.parametrize("record", CONTENT.medicine_cautions.values(), ids=CONTENT.medicine_cautions)
def test_a_caution_says_what_goes_with_it_or_how_it_changes(record: m.MedicineCaution) -> None:
    if record.makes == "keep_with":
        assert record.beside
    if record.makes == "change":
        assert record.how
    assert set(record.beside) <= CONTENT.actions.keys() | CONTENT.treatments.keys()


def test_an_action_is_said_once_for_all_that_need_it() -> None:
    case = reviewed([taken("methadone", purpose="oud", source="otp"), taken("ondansetron"), taken("haloperidol")])
    [ecg] = [a for a in case.beside(case.shown.core) if a.record.id == "ecg"]
    assert {"ondansetron", "haloperidol"} <= set(ecg.labels)
    assert len(ecg.labels) == len(set(ecg.labels))
    assert ecg.verb == "Keep with"
    assert ecg.source


def test_what_a_plan_starts_brings_its_own_actions() -> None:
    case = review(
        Profile.from_dict(
            {
                "as_of": TODAY,
                "answers": {**ADULT, "oud_status": "active"},
                "observations": [{"measure": "qtc_ms", "value": 470, "date": TODAY}],
            }
        )
    )
    with_methadone = [p for p in case.frontier.plans if "methadone_otp" in p.ids]
    without = [p for p in case.frontier.plans if not {"methadone_otp"} & p.ids]
    assert with_methadone
    assert without
    assert all("ecg" in {a.record.id for a in case.beside(p.items)} for p in with_methadone)
    assert all("ecg" not in {a.record.id for a in case.beside(p.items)} for p in without)


def test_an_offered_medication_for_oud_is_not_withheld_and_what_it_meets_goes_on_with_care() -> None:
    case = reviewed([taken("clonazepam")], oud_status="active")
    [sedative] = case.medicines
    assert case.option("buprenorphine").verb == "Offer"
    assert sedative.verdict == "keep_with"
    assert "sedative_prescriber_asked" in actions(case)


def test_one_medication_for_oud_puts_no_doubt_on_the_other_that_it_would_replace() -> None:
    case = reviewed([taken("methadone", purpose="oud", source="otp")], oud_status="active")
    [methadone] = case.medicines
    assert methadone.verdict != "verify"


@pytest.mark.parametrize("ingredient", ["nabumetone", "duloxetine", "carbamazepine"])
def test_knowing_that_it_is_proposed_never_makes_a_medicine_safer(ingredient: str) -> None:
    """For a start: what speaks against it, then what is not known, then its mitigation."""
    answers = {"alcohol_heavy": True}
    [used] = reviewed([taken(ingredient)], **answers).medicines
    [asked] = reviewed([taken(ingredient, state="proposed")], **answers).medicines
    worst = {"change": "not_this", "verify": "cannot_tell", "check": "cannot_tell"}
    if used.verdict in worst:
        assert asked.verdict in ("not_this", worst[used.verdict])


# ---- one medicine, one plan, by hand ------------------------------------------------------------------------

ACTION, TREATMENT = next(iter(CONTENT.actions)), "naloxone_kit"


def ground(beside: tuple[str, ...], by: m.Phase = "this_week", id: str = "x") -> Directive:
    return Directive("interaction", id, "A with B", (), "speaks_against", makes="keep_with", by=by, beside=beside)


def weighed(*grounds: Directive, place: int = 2, state: str = "current") -> Weighed:
    verdict = "keep_with" if state == "current" else "start_with"
    return Weighed(place, f"medicine {place}", state, (), frozenset(), verdict, grounds)


def started(verb: str, in_place: str = "no") -> Item:
    """An item of a plan that may not come without the action."""
    caution = SimpleNamespace(id="c", label="a caution", source=())
    option = SimpleNamespace(in_place=in_place, record=SimpleNamespace(short="New"), needs_beside=((caution, ACTION),))
    return SimpleNamespace(option=option, verb=verb)


def test_what_stands_beside_a_medicine_calls_for_treatments_and_says_actions() -> None:
    asked = [weighed(ground((ACTION, TREATMENT)))]
    assert [d.targets for d in calls(asked, CONTENT)] == [(TREATMENT,)]
    assert [a.record.id for a in mitigations(asked, (), CONTENT)] == [ACTION]


@pytest.mark.parametrize("order", [("today", "maintain"), ("maintain", "today")])
def test_an_action_is_due_by_the_earliest_that_asks_for_it(order: tuple[m.Phase, m.Phase]) -> None:
    first, second = (weighed(ground((ACTION,), by, by), place=n) for n, by in enumerate(order))
    (found,) = mitigations([first, second], (), CONTENT)
    assert (found.by, found.places) == ("today", (0, 1))


@pytest.mark.parametrize(
    ("medicines", "items", "verb", "places"),
    [
        ([weighed(ground((ACTION,)))], [], "Keep with", (2,)),
        ([weighed(ground((ACTION,)))], [started("After this")], "Keep with", (2,)),
        ([weighed(ground((ACTION,)), state="proposed")], [], "Check first", (2,)),
        ([weighed(ground((ACTION,)), state="proposed")], [started("After this")], "Check first", (2,)),
        ([], [started("Offer")], "Check first", ()),
        ([], [started("After this")], "After this", ()),
        ([], [started("After this"), started("Offer")], "Check first", ()),
    ],
)
def test_the_verb_of_an_action_is_that_of_the_surest_who_needs_it(
    medicines: list[Weighed], items: list[Item], verb: str, places: tuple[int, ...]
) -> None:
    (found,) = mitigations(medicines, items, CONTENT)
    assert (found.verb, found.places) == (verb, places)


def test_what_is_in_place_already_brings_no_action_of_a_start() -> None:
    assert mitigations([], [started("Keep", in_place="yes")], CONTENT) == ()


@pytest.mark.parametrize(
    ("verb", "in_place", "called", "settled"),
    [
        ("Offer", "no", False, True),
        ("Do not start", "no", False, False),
        ("Do not start", "no", True, True),
        ("Keep", "yes", True, False),
        ("Offer", "yes", False, False),
    ],
)
def test_what_a_medication_for_oud_meets_is_settled_only_where_it_may_be_started(
    verb: str, in_place: str, called: bool, settled: bool
) -> None:
    record = SimpleNamespace(
        id="pair", title="A pair", source=(), severity="stop", makes="change", beside=(), action=""
    )
    moud = SimpleNamespace(id="buprenorphine", place=SimpleNamespace(treats_oud=True), short="Buprenorphine")
    meeting = SimpleNamespace(in_use=(2,), record=record, severity="stop", known=True)
    option = SimpleNamespace(
        id="b", record=moud, in_place=in_place, own=(), verb=verb, may_be_called=True, meets=(meeting,)
    )
    wanted = Directive("emergency", "e", "Now", (), "calls_for", ("b",) if called else ())
    (found,) = beside_moud([weighed(ground((ACTION,)))], [option], Directives((wanted,)), CONTENT)
    assert (found.verdict == "verify") is settled


# ---- what is held for hours comes back -----------------------------------------------------------------------


@pytest.mark.parametrize("benzodiazepine", ["clorazepate", "diazepam", "lorazepam"])
def test_a_sedative_that_is_held_today_still_gets_its_plan(benzodiazepine: str) -> None:
    methadone = taken("methadone", purpose="oud", source="otp")
    case = reviewed([taken(benzodiazepine), methadone], drowsy_or_confused=True)
    assert case.medicines[0].how == "hold"
    assert "sedative_prescriber_asked" in actions(case)


def test_citalopram_that_is_held_today_comes_back_to_its_limit() -> None:
    signs = {"tremor": True, "hyperreflexia": True, "age_years": 70}
    case = reviewed([taken("citalopram", dose={"citalopram": 40}, per_day_min=1, per_day_max=1)], **signs)
    assert case.medicines[0].how == "hold"
    assert "dose_cap" in actions(case)


@pytest.mark.parametrize(("qtc", "wanted"), [(470, True), (420, False)])
def test_a_tricyclic_that_is_held_is_followed_by_an_ecg(qtc: int, wanted: bool) -> None:
    data = {"as_of": TODAY, "answers": {**ADULT, "clonus_inducible_or_ocular": True, "agitation_or_sweating": True}}
    data |= {"medicines": [taken("clomipramine")], "observations": [{"measure": "qtc_ms", "value": qtc, "date": TODAY}]}
    case = review(Profile.from_dict(data))
    assert case.medicines[0].how == "hold"
    assert ("ecg" in actions(case)) is wanted


@pytest.mark.parametrize(
    ("how", "ingredient", "watched"),
    [
        ("hold", "diazepam", True),
        ("hold", "ibuprofen", False),
        ("switch", "diazepam", True),
        ("switch", "ibuprofen", False),
        ("stop", "diazepam", False),
        ("taper", "ibuprofen", True),
    ],
)
def test_only_what_is_still_to_be_taken_is_watched(how: m.How, ingredient: str, watched: bool) -> None:
    goes = replace(ground(()), makes="change", how=how)
    held = replace(weighed(ground((ACTION,))), verdict="change", ingredients=(ingredient,))
    found = mitigations([replace(held, grounds=(goes, *held.grounds))], (), CONTENT)
    assert [a.record.id for a in found] == ([ACTION] if watched else [])


# ---- what a medication for OUD meets that comes in the place of another --------------------------------------


MET_BY_METHADONE = ["venlafaxine", "metolazone", "st_johns_wort"]


@pytest.mark.parametrize("met", MET_BY_METHADONE)
@pytest.mark.parametrize("allergic", [True, False])
def test_methadone_in_the_place_of_a_buprenorphine_that_goes_meets_what_is_taken(met: str, allergic: bool) -> None:
    buprenorphine = taken("buprenorphine", purpose="oud", route="sublingual")
    case = reviewed([buprenorphine, taken(met)], oud_status="active", buprenorphine_allergy=allergic)
    assert (case.medicines[0].how == "switch") is allergic
    said = [d for d in case.medicines[1].grounds if d.label.startswith("if methadone")]
    assert bool(said) is allergic
    assert {id for d in said for id in d.beside} <= set(case.medicines[1].beside)


# ---- alcohol in a person with OUD ----------------------------------------------------------------------------


@pytest.mark.parametrize("oud", ["remission", "active"])
def test_alcohol_in_a_person_with_oud_has_its_own_care_beside_that_for_stimulants(oud: str) -> None:
    data = {
        "as_of": TODAY,
        "answers": {**ADULT, "oud_status": oud, "alcohol_heavy": True},
        "conditions": [{"id": "stimulant_use_disorder"}],
    }
    plans = review(Profile.from_dict(data)).frontier.plans
    assert plans
    assert all("other_substance_care" in plan.ids for plan in plans)


SEDATIVE_PLANS = {"sedative_prescriber_asked", "street_sedative_asked"}


@pytest.mark.parametrize(
    ("medicines", "plan"),
    [
        ([taken("alprazolam", source="nonprescribed")], "street_sedative_asked"),
        ([taken("alprazolam", source="nonprescribed"), taken("amlodipine", purpose="other")], "street_sedative_asked"),
        ([taken("clonazepam", purpose="other")], "sedative_prescriber_asked"),
        (
            [taken("alprazolam", source="nonprescribed"), taken("clonazepam", purpose="other")],
            "sedative_prescriber_asked",
        ),
    ],
    ids=["bought", "bought, and another medicine", "prescribed", "one of each"],
)
def test_a_start_asks_the_prescriber_of_a_sedative_unless_all_of_it_is_bought(
    medicines: list[Entry], plan: str
) -> None:
    case = reviewed(medicines, oud_status="active")
    [first] = [p for p in case.shown.plans if "buprenorphine" in p.ids][:1]
    by_start = {a.record.id for a in case.beside(first.items) if "Buprenorphine (MOUD)" in a.labels}
    assert by_start & SEDATIVE_PLANS == {plan}


def test_a_plan_about_a_sedative_is_about_the_sedative_and_not_the_opioid_beside_it() -> None:
    case = reviewed([taken("oxycodone", purpose="pain"), taken("clonazepam", purpose="other")])
    [plan] = [a for a in case.beside(case.shown.core) if a.record.id == "sedative_prescriber_asked"]
    assert plan.labels == ("clonazepam",)


@pytest.mark.parametrize(("makes", "called"), [("change", [(TREATMENT,)]), ("keep_with", [])])
def test_only_what_asks_for_the_change_calls_for_what_comes_in_its_place(makes: Any, called: list[Any]) -> None:
    asked = replace(weighed(replace(ground(()), makes=makes, replaced_by=(TREATMENT,))), verdict="change")
    assert [d.targets for d in calls([asked], CONTENT)] == called


def meets(place: int, makes: str, known: bool = True) -> SimpleNamespace:
    """A pair of a way with what is in use at a place of the list."""
    return SimpleNamespace(known=known, record=SimpleNamespace(makes=makes), in_use=(place,))


def test_what_every_way_meets_and_what_every_way_would_move() -> None:
    ways = [
        SimpleNamespace(meets=[meets(0, "keep_with"), meets(1, "change"), meets(2, "change", known=False), meets(3, "note")]),
        SimpleNamespace(meets=[meets(0, "keep_with"), meets(1, "verify"), meets(2, "change"), meets(3, "keep_with")]),
    ]  # fmt: skip  # two ways, side by side
    assert _by_all(ways, False) == {0, 1}
    assert _by_all(ways, True) == {1}
    assert _by_all([], False) == frozenset()


def test_what_both_agonists_ask_of_a_medicine_is_no_what_if() -> None:
    [sedative] = reviewed([taken("clonazepam", purpose="other")], oud_status="active").medicines
    asked = [d for d in sedative.grounds if d.label.startswith("if ")]
    assert asked
    assert not any(d.what_if for d in asked)
    [antidepressant] = reviewed([taken("sertraline", purpose="other")], oud_status="active").medicines
    assert all(d.what_if for d in antidepressant.grounds if "methadone" in d.label)
