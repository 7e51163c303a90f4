"""Law 13: nothing entered is ignored. Each answer, entry, value, flag and unit changes a fact that some record reads, or is
read by a record itself; else the page says "recorded, not used", and why. The walk goes over the vocabularies, so that what
is added to them is walked too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from random import Random
from typing import Any, get_args

import pytest

from pathways.care.levels import level_of_care
from pathways.content import load_content
from pathways.content import models as m
from pathways.content.models.base import Route
from pathways.facts import derive, scores
from pathways.language import Choice, In, Node
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.handout import handout_markdown
from pathways.profile import Consent, Profile
from pathways.review.case import review
from pathways.review.directives import Directives
from pathways.review.medicines import weigh, weighed_data
from pathways.review.recorded import recorded

from .walk import (
    AS_OF,
    BASE,
    Json,
    changed,
    read_facts,
    said_not_used,
    speaks_of_measure,
    speaks_of_medicine,
    with_parts,
)

CONTENT = load_content()
PAIN = {**BASE, "answers": {**BASE["answers"], "main_pain": "other", "pain_months": 30}}
# Other people in whom a thing may matter that does not in the first: cancer, an opioid for pain, laboratory values.
LABS = [
    {"measure": id, "value": value, "date": AS_OF}
    for id, value in (("creatinine", 1.0), ("weight", 70.0), ("height", 170.0), ("bilirubin", 1.0), ("albumin", 4.0), ("inr", 1.0),
                      ("ascites", "none"), ("encephalopathy", "none"))
]  # fmt: skip  # data, read across
OXYCODONE: Json = {
    "name": "m", "ingredients": ["oxycodone"], "route": "oral", "dose": {"oxycodone": 10}, "per_day_max": 3,
    "state": "current", "purpose": "pain",
}  # fmt: skip  # data, read across
PEOPLE: tuple[Json, ...] = (
    BASE,
    PAIN,
    {**PAIN, "medicines": [OXYCODONE], "conditions": [{"id": "cancer_active"}], "answers": {**PAIN["answers"], "main_pain": "cancer"}},
    {**PAIN, "observations": LABS},
    {"as_of": AS_OF, "answers": {}},
)  # fmt: skip  # data, read across
# What item lists of the record of requirements name: they may never be merely recorded.
MUST_BE_USED = {
    "sows", "sows_short", "pain_nrs", "taps", "taps_tobacco", "dast10", "comm", "comm9", "pomi", "bpi_severity",
    "bpi_interference", "bpi_worst", "creatinine", "magnesium", "bilirubin", "albumin", "inr", "ascites", "bmi", "height",
    "weight", "systolic", "diastolic", "seizure", "last_opioid_dose", "pain_site", "pain_course", "medicine_held_by",
    "hours_since_opioid", "phone_only", "otp_km", "precipitated_before", "guardian", "sharing_refused", "loc_named",
    "medicines.use_unknown",
}  # fmt: skip  # data, read across
# Read by Python through a name that the content gives them (`known_as`), or by a care dimension: shown in the review.
# Free text is shown as it was written.
FREE_TEXT = {"observations": ("note", "source"), "medicines": ("name", "prescriber"), "conditions": ("name",)}
# Options of a choice that no rule tells apart, each group with the reason why that is no silence.
SAME: dict[str, str] = {
    "main_pain: injury, post_surgical": "both are acute pain after harm to tissue, and have the same care",
    "induction_setting: emergency_department, hospital, office, otp": "only a start at home has rules of its own",
    "urine_opioid: expected, negative": "whether 'none found' was to be expected is told by the tests for single substances",
    "urine_fentanyl: confirmed_absent, screen_negative, screen_positive": "a rule tells only a confirmed finding; screens have their steps",
    "cssrs_risk: low, moderate": "any positive screen raises the need; only a high one is an emergency",
    "pain_site: face, head": "one rule looks at both",
    "pain_site: back, neck": "one rule looks at both; the kind of pain tells them apart",
    "pain_site: hip, shoulder": "one rule looks at these joints",
    "pain_site: hand, knee": "the same gel; splint or brace is named by joint",
    "pain_site: belly, chest, pelvis": "one rule looks inside first",
    "guardian: not_told, refuses": "both ask who may consent here",
    "medicine_held_by: pharmacy, program": "both hold the supply outside the home",
}


def entry(measure: str, value: Any = None, **more: Any) -> Json:
    return {"measure": measure, "date": AS_OF, **({} if value is None else {"value": value}), **more}


def read_somewhere(**parts: Any) -> bool:
    """Whether something put on a person changes a fact that is read, in one of the people tried."""
    return any(changed(with_parts(base), with_parts(base, **parts)) for base in PEOPLE)


def tells_apart(one: Json, other: Json) -> bool:
    """Whether two observations lead to different facts that are read, in one of the people tried."""
    return any(changed(with_parts(b, observations=[one]), with_parts(b, observations=[other])) for b in PEOPLE)


@cache
def shown_apart(answer: str, value: Any) -> bool:
    """Whether an answer changes what a page or the handout says, beside the table of what was entered."""

    def seen(answers: Json) -> tuple[Any, ...]:
        base = {**PAIN, "answers": {**PAIN["answers"], **answers}, "conditions": [{"id": "oud_coded"}]}
        case = review(Profile.from_dict(base))
        told = sheet_markdown(case).partition("## What was entered")[0], handout_markdown(case)
        return (*told, level_of_care(case).to_dict())

    rated = {"loc_use_risk" if answer == "loc_biomedical" else "loc_biomedical": "mild"}
    return seen(rated) != seen({**rated, answer: list(value) if isinstance(value, tuple) else value})


# ---- the list of what is not used --------------------------------------------------------------------------------


def test_the_list_of_what_is_not_used_is_short_and_says_why() -> None:
    assert len(CONTENT.recorded) <= m.MOST_RECORDED == 15
    for record in CONTENT.recorded.values():
        assert len(record.reason.split()) >= 5, record.id
        named = {*record.answers, *record.conditions, *record.medicines, *record.measures, *record.flags}
        assert not named & MUST_BE_USED, record.id


def test_what_is_not_used_is_said_on_the_page() -> None:
    record = next(r for r in CONTENT.recorded.values() if r.medicines)
    one = {"name": "quite-unheard-of tablets", "ingredients": [record.medicines[0]], "state": "current"}
    case = review(with_parts(PAIN, medicines=[one]))
    assert [found.path for found in recorded(case.profile, CONTENT)] == ["medicines.0"]
    assert case_data(case)["not_counted"]["recorded"][0]["what"] == one["name"]
    page = sheet_html(case)
    assert "Recorded, not used" in page
    assert f"{one['name']}: {record.reason[0].lower()}{record.reason[1:40]}" in page


def test_nothing_on_the_list_is_read() -> None:
    """What got a rule leaves the list."""
    listed = {id for record in CONTENT.recorded.values() for id in record.medicines}
    ruled = [id for id in listed if read_somewhere(medicines=[_taken(id)]) or list(_rules_about(id))]
    assert sorted(ruled) == []
    listed = {id for record in CONTENT.recorded.values() for id in record.conditions}
    assert [id for id in sorted(listed) if read_somewhere(conditions=[{"id": id}])] == []


# ---- the walk ----------------------------------------------------------------------------------------------------


def test_every_condition_is_read() -> None:
    silent = [
        id
        for id in (*CONTENT.conditions, *CONTENT.condition_groups)
        if not read_somewhere(conditions=[{"id": id}]) and not said_not_used(with_parts(BASE, conditions=[{"id": id}]))
    ]
    assert silent == []


def _taken(id: str) -> Json:
    return {"name": id, "ingredients": [id], "state": "current"}


def _rules_about(id: str) -> Iterator[str]:
    return speaks_of_medicine(with_parts(BASE, medicines=[_taken(id)]))


def test_every_medicine_is_read() -> None:
    silent = [
        id
        for id in CONTENT.medicines
        if not read_somewhere(medicines=[_taken(id)])
        and not list(islice(_rules_about(id), 1))
        and not said_not_used(with_parts(BASE, medicines=[_taken(id)]))
    ]
    assert silent == []


def test_every_measure_is_read() -> None:
    silent = []
    for measure in CONTENT.measures.values():
        values = {"number": [measure.lo, measure.hi], "choice": [*measure.choices], "event": [None]}[measure.type]
        if list(speaks_of_measure(measure.id)) or said_not_used(
            with_parts(BASE, observations=[entry(measure.id, values[0])])
        ):
            continue
        if measure.type == "event":
            days = ({"date": AS_OF}, {"date": "2026-11-20"}, {"date": "2026-11-10"})
            seen = (read_somewhere(observations=[{"measure": measure.id, **day}]) for day in days)
            silent += [] if measure.treats_oud or any(seen) else [measure.id]
        else:
            # every value differs from some other one
            silent += [
                f"{measure.id} = {one}"
                for one in values
                if not any(tells_apart(_replacing(measure.id, one), _replacing(measure.id, two)) for two in values if two != one)
            ]  # fmt: skip  # data, read across
    assert silent == []


def _replacing(measure: str, value: Any) -> Json:
    """Newer than the laboratory values that a person has."""
    return entry(measure, value)


def test_an_injection_given_for_oud_is_read() -> None:
    for measure in (x for x in CONTENT.measures.values() if x.treats_oud):
        given = review(with_parts(PAIN, observations=[entry(measure.id)]))
        plain = review(with_parts(PAIN))
        assert case_data(given)["monitoring"] != case_data(plain)["monitoring"] or changed(
            plain.profile, given.profile
        ), measure.id


def test_every_answer_is_read() -> None:
    silent = []
    for answer in CONTENT.answers.values():
        values: list[Any] = {
            "yes_no": [True, False],
            "number": [answer.lo, answer.hi],
            "choice": [*answer.choices],
            "many": [(one,) for one in answer.choices],
            "text": ["in their own words"],
        }[answer.type]
        for value in values:
            given = list(value) if isinstance(value, tuple) else value
            if not read_somewhere(answers={answer.id: given}) and not shown_apart(answer.id, value):
                silent.append(f"{answer.id} = {value}")
    assert silent == []


def _ins(node: Node) -> Iterator[In]:
    if isinstance(node, In):
        yield node
    for name in ("item", "items"):
        inner = getattr(node, name, ())
        for one in inner if isinstance(inner, tuple) else (inner,):
            yield from _ins(one)


def test_options_that_no_rule_tells_apart_are_known() -> None:
    """Two options of one choice that mean the same to every rule: each such group stands above, with the reason."""
    sets: dict[str, set[frozenset[str]]] = {}
    for rule in CONTENT.rules():
        for node in _ins(CONTENT.node(rule.text)):
            sets.setdefault(node.fact, set()).add(frozenset(node.options))
    for group in CONTENT.condition_groups.values():
        for fact, option in group.implied_by.items():
            sets.setdefault(fact, set()).add(frozenset({option}))
        for fact, options in group.ruled_out_by.items():
            sets.setdefault(fact, set()).add(frozenset(options))
    rated = {d.answer for d in CONTENT.care_dimensions.values()}
    by_name = {a.id for a in CONTENT.answers.values() if a.known_as}  # read by name, and walked by what they show
    found = set()
    for name, kind in CONTENT.schema.items():
        fact = CONTENT.facts.get(name)
        if not isinstance(kind, Choice) or name in rated | by_name or (fact and fact.shown):
            continue
        known = sorted(sets.get(name, ()), key=sorted)
        answer = CONTENT.answers.get(name)
        cells: dict[Any, list[str]] = {}
        for option in kind.options:
            stands = answer.stands_for.get(option) if answer else None
            cells.setdefault((tuple(option in s for s in known), str(stands)), []).append(option)
        found |= {f"{name}: {', '.join(sorted(same))}" for same in cells.values() if len(same) > 1}
    assert found == SAME.keys()


def test_every_item_of_a_questionnaire_is_read() -> None:
    """Some other answers leave the item to decide: it may matter only at a threshold."""
    silent = []
    for instrument in CONTENT.instruments.values():
        if said_not_used(with_parts(BASE, observations=[entry(instrument.id)])):
            continue
        if not instrument.items:
            ends = entry(instrument.id, instrument.lo), entry(instrument.id, instrument.hi)
            # one that is only looked at for having been filled in is read too
            if not tells_apart(*ends) and not read_somewhere(observations=[ends[1]]):
                silent.append(instrument.id)
            continue
        silent += [f"{instrument.id}.{item.id}" for item in instrument.items if not _item_matters(instrument, item)]
    assert silent == []


def _item_matters(instrument: m.Instrument, item: m.Item) -> bool:
    """Whether some answers of the others leave it to this one what a fact that is read says."""
    read = [f for f in CONTENT.facts.values() if instrument.id in (f.instrument, *f.inputs) and f.id in read_facts()]
    if any(f.item == item.id or (f.kind == "on_record" and not f.item and f.least == instrument.lo) for f in read):
        return True  # read by itself, or any filled-in sheet counts
    lines = [f.least for f in read if f.kind == "on_record" and not f.item]
    numbers = any(f.kind == "score" and not f.item for f in read)
    coded = any(f.kind == "code" for f in read)
    random = Random(item.id)
    others = [one for one in instrument.items if one.id != item.id]
    for n in range(6000):
        # from few to many of the others high, so that every line is met from both sides
        share = (n % 25) / 24
        rest = {
            one.id: one.values[-1]
            if random.random() < share
            else one.values[0]
            if n % 2 == 0
            else random.choice(one.values)
            for one in others
        }
        two = [{**rest, item.id: value} for value in (item.values[0], item.values[-1])]
        if coded and n < 40 and tells_apart(*(entry(instrument.id, items=one) for one in two)):
            return True
        was, now = (scores.total(instrument, one).lo for one in two)
        if (numbers and was != now) or any((was >= (line or 0)) != (now >= (line or 0)) for line in lines):
            return True
    return False


FIELDS: dict[str, tuple[Any, ...]] = {
    "route": get_args(Route),
    "release": ("ir", "er"),
    "unit": ("mg", "mcg", "mcg/h"),
    "per_day_min": (0, 1),
    "per_day_max": (4, 8),
    "as_needed": (True, False),
    "state": ("current", "proposed", "stopped"),
    "purpose": ("pain", "oud", "other"),
    "start": ("2026-01-01", "2026-11-14"),
    "stop": ("2026-11-10", "2025-01-01"),
    "supply_days": (5, 90),
    "source": ("person", "nonprescribed", "pdmp", "otp", "chart"),
    "as_prescribed": (True, False),
    "use_unknown": (True, False),
    "written": ("2026-11-01",),
    "setting": ("community", "inpatient", "otp"),
}  # fmt: skip  # data, read across
MEDICINES: tuple[Json, ...] = (
    OXYCODONE,
    {"ingredients": ["buprenorphine"], "state": "current"},
    {"ingredients": ["fentanyl"], "state": "current", "purpose": "pain", "dose": {"fentanyl": 50}, "unit": "mcg", "per_day_max": 1},
    {"ingredients": ["diclofenac"], "state": "current"},
    {"ingredients": ["naloxone"], "state": "current"},
    {"ingredients": ["ketorolac"], "state": "current"},
    {"ingredients": ["morphine"], "state": "stopped", "purpose": "pain", "start": "2026-11-01"},
    {"ingredients": ["lidocaine_topical"], "state": "current"},
    {"ingredients": ["ketamine"], "state": "current"},
    {**OXYCODONE, "state": "proposed"},
)  # fmt: skip  # data, read across


def _verdicts(profile: Profile) -> Any:
    facts = derive(profile)
    return facts.mme, [weighed_data(w) for w in weigh(facts, Directives(()), content=CONTENT)]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_medicine_is_read(field: str) -> None:
    """A value makes a difference to leaving it out, or to another value, in one of the medicines tried."""
    silent = []
    for value in FIELDS[field]:
        others = [{}, *({field: v} for v in FIELDS[field] if v != value)]
        seen = False
        for given in (x for x in MEDICINES if set(x["ingredients"]) <= CONTENT.medicines.keys()):
            rest = {k: v for k, v in given.items() if k != field}
            for other in others:
                if field == "state" and not other:
                    continue
                two = [with_parts(PAIN, medicines=[{**rest, **one}]) for one in ({field: value}, other)]
                seen = seen or bool(changed(*two)) or _verdicts(two[0]) != _verdicts(two[1])
        named = said_not_used(with_parts(PAIN, medicines=[{**OXYCODONE, field: value}]))
        if not seen and f"medicines.0.{field}" not in named:
            silent.append(value)
    assert silent == []


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("status", ("active", "remission", "resolved", "inactive")),
        ("certainty", ("confirmed", "coded", "suspected", "refuted")),
        ("since", ("2020",)),
        ("until", ("2025",)),
        ("none_of", (["liver_disease"], [])),
    ],
)
def test_every_field_of_a_condition_is_read(field: str, values: tuple[Any, ...]) -> None:
    base = {"name": "text only"} if field == "none_of" else {"id": "sleep_apnea"}
    whole = {"conditions": "yes"} if field == "none_of" else {}
    for value in values:
        two = ({field: value}, *({field: other} for other in values if other != value), {})
        people = [with_parts({**BASE, "complete": whole}, conditions=[{**base, **one}]) for one in two]
        seen = any(changed(people[0], other) for other in people[1:])
        assert seen or f"conditions.0.{field}" in said_not_used(people[0]), value


def test_free_text_is_shown_as_it_was_written() -> None:
    words = "quite-unheard-of words"
    for which, fields in FREE_TEXT.items():
        for field in fields:
            plain: Json = {
                "observations": entry("egfr", 60),
                "medicines": {**OXYCODONE},
                "conditions": {"id": "sleep_apnea"},
            }[which]
            profile = with_parts(PAIN, **{which: [{**plain, field: words}]})
            assert words in sheet_html(review(profile)), f"{which}.{field}"


def test_what_was_asked_and_whether_a_list_is_whole_is_read() -> None:
    for which, id in (("conditions", "copd"), ("medicines", "benzodiazepine"), ("observations", "overdose")):
        blank = Profile.from_dict({"as_of": AS_OF, "answers": BASE["answers"]})
        asked = Profile.from_dict({"as_of": AS_OF, "answers": BASE["answers"], "asked_none": {which: [id]}})
        assert changed(blank, asked), which
        whole = Profile.from_dict({"as_of": AS_OF, "answers": BASE["answers"], "complete": {which: "yes"}})
        assert changed(blank, whole), which


@pytest.mark.parametrize("says", ["asks_for", "refuses"])
@pytest.mark.parametrize("treatment", ["exercise", "duloxetine", "buprenorphine"])
def test_a_wish_is_read(says: str, treatment: str) -> None:
    base = {**PAIN, "answers": {**PAIN["answers"], "main_pain": "fibromyalgia", "oud_status": "active"}}
    plain = review(Profile.from_dict(base))
    case = review(Profile.from_dict({**base, "wishes": [{"treatment": treatment, "says": says}]}))
    if says == "asks_for":
        assert "wishes.0" in sheet_html(case) or "Asked for" in sheet_html(case)
        return
    assert case.option(treatment).verb != plain.option(treatment).verb
    assert case.option(treatment).verb in ("Check first", "Do not start")
    # a refusal never closes medication for OUD
    assert (case.option(treatment).safety == "contraindicated") is (case.option(treatment).record.seat != "moud")


@pytest.mark.parametrize("tried", ["did_not_help", "harmed"])
def test_a_failed_treatment_is_read(tried: str) -> None:
    base = {**PAIN, "answers": {**PAIN["answers"], "main_pain": "fibromyalgia"}}
    case = review(Profile.from_dict({**base, "wishes": [{"treatment": "duloxetine", "tried": tried}]}))
    option = case.option("duloxetine")
    assert option.verb in ("Check first", "Do not start")
    assert any("tried" in one.label for one in (*option.closed_by, *option.cautions))


def test_a_consent_is_read() -> None:
    consent = {"who": "partner", "scope": ["health"], "date": "2026-11-01", "until": "2027-11-01", "purpose": "care"}
    parts = [Consent.model_validate({**consent, **more}) for more in ({}, {"withdrawn": "2026-11-10"})]
    day = Profile.from_dict(BASE).as_of
    assert [one.in_force(day) for one in parts] == [True, False]
