"""People who differ only in what is withheld from an audience have the same view of it, to the byte, in every form."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.fhir.outbound import case_to_bundle
from pathways.profile import Profile
from pathways.review.audience import Shield, for_audience
from pathways.review.case import Audience, Case, review
from tests.profiles import random_data
from tests.review.test_audience import CONSENT, SCREENED, forms

Json = dict[str, Any]
OTHERS: tuple[Audience, ...] = ("pain_clinic", "partner")
PEOPLE = {"pain_clinic": range(12), "partner": range(12, 24)}
"""The seeds of the random people. All that is withheld is dealt out among those of an audience, each thing to one."""


TAKEN = ("duloxetine", "pregabalin")
"""Medicines for pain that something withheld speaks against."""


def person(seed: int) -> Json:
    """A random person who takes a medicine for pain, of whom nothing withheld is told and both audiences see a part."""
    data = random_data(Random(seed), load_content())
    hidden = {id for _, id in kept_from("partner")}
    kept = {
        key: value for key, value in data.items() if key not in ("asked_none", "assumed", "cannot_answer", "teaches")
    }
    kept["medicines"] = [{"ingredients": [TAKEN[seed % len(TAKEN)]], "state": "current"}]
    kept["conditions"] = [c for c in data["conditions"] if c.get("id") not in hidden]
    kept["observations"] = [o for o in data["observations"] if o["measure"] not in hidden]
    kept["as_of"] = "2026-11-02"
    kept["answers"] = {**{k: v for k, v in data["answers"].items() if k not in hidden}, **SCREENED}
    kept["consents"] = [{"who": who, "scope": ["health"], **CONSENT} for who in OTHERS]
    return kept


def answered(id: str, random: Random) -> Any:
    """An answer that says something: yes, the most, or any choice."""
    question = load_content().answers[id]
    match question.type:
        case "yes_no":
            return True
        case "number":
            return question.hi
        case "choice":
            return random.choice(list(question.choices))
        case "many":
            return [random.choice(list(question.choices))]
        case _:
            return "as told in private"


def seen(measure: str, random: Random) -> Json:
    """A high or a random value of a measure or an instrument, seen lately."""
    content, entry = load_content(), {"measure": measure, "date": "2026-10-30"}
    if measure in content.instruments:
        return {**entry, "value": content.instruments[measure].hi}
    record = content.measures[measure]
    if record.type == "choice":
        return {**entry, "value": random.choice(list(record.choices))}
    return {**entry, "value": record.hi} if record.type == "number" else entry


@cache
def kept_from(audience: Audience) -> tuple[tuple[str, str], ...]:
    """Table and id of each answer, condition, measure and medicine that is withheld with consent to the rest."""
    content = load_content()
    shield = Shield.of(content, audience, ("health",))
    assert shield is not None
    known = {
        "answer": set(content.answers) - set(SCREENED),
        "condition": {*content.conditions, *content.condition_groups},
        "measure": {*content.measures, *content.instruments},
        "medicine": set(content.medicines),
    }
    return tuple(sorted((t, id) for t, id in shield.records if t in known and id in known[t]))


def told(data: Json, things: tuple[tuple[str, str], ...], random: Random) -> Json:
    """The person with some things more that are withheld; an answer takes the place of the one that was there."""
    lists = ("conditions", "medicines", "observations")
    more = {**data, "answers": dict(data["answers"]), **{name: list(data.get(name, ())) for name in lists}}
    for table, id in things:
        if table == "answer":
            more["answers"][id] = answered(id, random)
        elif table == "condition":
            more["conditions"].append(
                {"id": id, "status": "active", "certainty": random.choice(("confirmed", "coded"))}
            )
        elif table == "measure":
            more["observations"].append(seen(id, random))
        else:
            more["medicines"].append({"ingredients": [id], "state": random.choice(("current", "proposed", "stopped"))})
    return more


def views(case: Case, audience: Audience) -> dict[str, str]:
    """Everything that the view of an audience is shown or sent as."""
    view = for_audience(case, audience)
    assert view.view is not None
    assert not view.view.closed
    return {**dict(forms(view)), "fhir": json.dumps(case_to_bundle(view), ensure_ascii=False)}


@pytest.mark.parametrize("audience", OTHERS)
def test_a_view_is_the_same_whatever_is_withheld(audience: Audience) -> None:
    things = kept_from(audience)
    assert {table for table, _ in things} >= {"answer", "condition", "measure"}
    seeds = PEOPLE[audience]
    for n, seed in enumerate(seeds):
        data, more = person(seed), things[n :: len(seeds)]
        one, other = (review(Profile.from_dict(d)) for d in (data, told(data, more, Random(seed))))
        shown, same = views(one, audience), views(other, audience)
        assert [form for form in shown if shown[form] != same[form]] == [], (seed, more)


WITHHELD = (
    ("answers", "alcohol_daily", True), ("answers", "alcohol_daily", False), ("answers", "alcohol_heavy", True),
    ("conditions", "alcohol_use_disorder", "confirmed"), ("conditions", "alcohol_use_disorder", "coded"),
    ("observations", "audit_c", 9), ("answers", "lost_tolerance", True), ("medicines", "methadone", "current"),
    ("medicines", "acamprosate", "current"), ("medicines", "disulfiram", "proposed"),
)  # fmt: skip  # data, read across


def beside(medicine: str, *more: tuple[str, str, Any]) -> Json:
    """Someone with back pain who takes a medicine, and what else is told of them."""
    data: Json = {
        "as_of": "2026-11-02",
        "answers": {"age_years": 46, "main_pain": "back_axial", "pain_months": 30, **SCREENED},
        "conditions": [], "observations": [], "medicines": [{"ingredients": [medicine], "state": "current"}],
        "consents": [{"who": who, "scope": ["health"], **CONSENT} for who in OTHERS],
    }  # fmt: skip  # data, read across
    for where, id, value in more:
        if where == "answers":
            data["answers"][id] = value
        elif where == "conditions":
            data["conditions"].append({"id": id, "status": "active", "certainty": value})
        elif where == "observations":
            data["observations"].append({"measure": id, "value": value, "date": "2026-10-30"})
        else:
            data["medicines"].append({"ingredients": [id], "state": value})
    return data


@pytest.mark.parametrize("audience", OTHERS)
def test_a_medicine_in_use_stays_in_the_view_whatever_withheld_speaks_against_it(audience: Audience) -> None:
    medicine = "duloxetine"
    plain = review(Profile.from_dict(beside(medicine)))
    in_place = {o.id for o in for_audience(plain, audience).options if o.in_place == "yes"}
    assert medicine in in_place
    shown = views(plain, audience)
    for fact in WITHHELD:
        same = views(review(Profile.from_dict(beside(medicine, fact))), audience)
        assert [form for form in shown if shown[form] != same[form]] == [], fact


@pytest.mark.parametrize("audience", OTHERS)
@pytest.mark.parametrize(
    "name", ["Campral 333 mg", "acamprosate", "Antabuse", "disulfiram 250 mg daily", "naltrexone 50 mg"]
)
def test_a_medicine_that_only_a_use_disorder_is_treated_with_stays_out_of_the_view(
    name: str, audience: Audience
) -> None:
    data = beside("warfarin")
    with_it = {**data, "medicines": [*data["medicines"], {"name": name, "state": "current"}]}
    shown, same = (views(review(Profile.from_dict(one)), audience) for one in (data, with_it))
    assert [form for form in shown if shown[form] != same[form]] == []
