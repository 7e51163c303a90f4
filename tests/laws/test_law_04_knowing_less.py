"""Law 4: knowing less never gives a more confident answer.

Every answer, list entry, observation and "asked, none" of every sample case is blanked in turn; the allowed moves of every
status are in `blanking.MAY_BECOME`.
"""

from __future__ import annotations

import copy
from functools import cache
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.profile import Profile
from pathways.review.brought import inherited
from tests.laws.blanking import MAY_BECOME, Told, blankings, gained, told
from tests.profiles import random_data
from tests.reviews import NAMES, profile


@cache
def before(name: str) -> Told:
    return told(profile(name))


@cache
def afterwards(name: str) -> tuple[tuple[str, Told], ...]:
    """A sample case with each single thing blanked in turn."""
    return tuple((what, told(data)) for what, data in blankings(profile(name).to_dict()))


# ---- the order itself ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(MAY_BECOME))
def test_the_order_is_a_partial_order(kind: str) -> None:
    order = MAY_BECOME[kind]
    for a, reached in order.items():
        assert a in reached
        assert reached <= set(order)
        for b in reached:
            assert order[b] <= reached
            assert a == b or a not in order[b]


def test_no_order_allows_an_opposite() -> None:
    assert "absent" not in MAY_BECOME["emergency"]["present"]
    assert "applies" not in MAY_BECOME["finding"]["does_not_apply"]
    assert "met" not in MAY_BECOME["finding"]["applies"]
    assert False not in MAY_BECOME["need"][True]
    assert True not in MAY_BECOME["bar"][False]
    assert False not in MAY_BECOME["bar"][True]
    assert all("keep" not in reached for was, reached in MAY_BECOME["in_use"].items() if was != "keep")
    assert all("start" not in reached for was, reached in MAY_BECOME["proposed"].items() if was != "start")


# ---- the law ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_blanking_any_one_thing_gains_nothing(name: str) -> None:
    broken = {}
    for what, after in afterwards(name):
        if problems := gained(before(name), after):
            broken[what] = problems
    assert len(afterwards(name)) >= 2
    assert not broken, "\n" + "\n".join(f"{what}: {problem}" for what, all in broken.items() for problem in all)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_blanking_several_things_gains_nothing(name: str) -> None:
    broken = {}
    for seed in range(4):
        random = Random(f"{name} {seed}")
        data, last, path = profile(name).to_dict(), before(name), []
        for _ in range(6):
            ways = list(blankings(data))
            if not ways:
                break
            what, data = random.choice(ways)
            path.append(what)
            now = told(data)
            if problems := gained(last, now):
                broken[", ".join(path)] = problems
                break
            last = now
    assert not broken, "\n" + "\n".join(f"{what}: {problem}" for what, all in broken.items() for problem in all)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(16))
def test_blanking_random_people_gains_nothing(seed: int) -> None:
    random = Random(seed)
    data = Profile.from_dict(random_data(random, load_content())).to_dict()
    # Cancer or sickle cell disease as the main pain and "asked, none" in the list: two answers against each other.
    data.get("asked_none", {}).pop("conditions", None)
    data.get("complete", {}).pop("conditions", None)
    # A pregnancy in a man, or far from the age for it: without it the question does not concern the person.
    for answer in load_content().answers.values():
        if answer.else_no:
            data.get("answers", {}).pop(answer.id, None)
    data.get("answers", {}).pop("weeks_pregnant", None)
    first = told(data)
    ways = list(blankings(data))
    broken = {}
    for what, blanked in random.sample(ways, min(8, len(ways))):
        if problems := gained(first, told(blanked)):
            broken[what] = problems
    assert not broken, "\n" + "\n".join(f"{what}: {problem}" for what, all in broken.items() for problem in all)


def test_emergencies_that_are_present_never_become_absent_without_their_sign() -> None:
    seen = 0
    for name in NAMES:
        present = [e.record.id for e in before(name).findings.emergencies if e.state == "present"]
        for _, after in afterwards(name) if present else ():
            now = {e.record.id: e.state for e in after.findings.emergencies}
            assert all(now[id] != "absent" for id in present)
            seen += 1
    assert seen > 100


# ---- the oracle can fail ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if n != "nearly_unknown"])
def test_knowing_more_is_seen_as_gaining(name: str) -> None:
    """The same comparison turned round finds something for most of what can be blanked."""
    found = sum(bool(gained(after, before(name))) for _, after in afterwards(name))
    assert found > len(afterwards(name)) / 4


# ---- what a blanked contraindication turns into, for each thing that unknown may mean ------------------------

BASE: dict[str, Any] = {
    "as_of": "2026-11-02",
    "answers": {"age_years": 50, "main_pain": "neuropathy_diabetic", "pain_months": 24, "oud_status": "active"},
    "conditions": [{"id": "heart_attack_recent"}, {"id": "conduction_disease"}],
    "observations": [{"measure": "qtc_ms", "value": 520, "date": "2026-11-01"}],
}


def bars(data: dict[str, Any], id: str) -> dict[str, set[str]]:
    option = next(o for o in told(data).options if o.id == id)
    lists = {
        "closed": option.closed_by,
        "check_first": option.check_first,
        "then_check": option.then_check,
        "not_checked": option.not_checked,
    }
    return {where: {record.id for record in records} for where, records in lists.items()}


def without(key: str, n: int | None = None) -> dict[str, Any]:
    data = copy.deepcopy(BASE)
    entries = data[key]
    replaced = {"conditions": {"name": "cannot be read"}, "observations": {"measure": "unrecognized"}}[key]
    for place in range(len(entries)) if n is None else [n]:
        entries[place] = replaced
    return data


def unknown_means(treatment: str, where: str) -> set[str]:
    record = load_content().treatments[treatment]
    closers = (*record.contraindications, *inherited(record, load_content()))
    return {c.id for c in closers if c.unknown == where}


@pytest.mark.parametrize(
    ("treatment", "blanked"),
    [("nortriptyline", "conditions"), ("methadone_otp", "observations"), ("nortriptyline", "observations")],
)
def test_a_blanked_contraindication_goes_where_its_record_says(treatment: str, blanked: str) -> None:
    closed = bars(BASE, treatment)["closed"]
    assert closed
    now = bars(without(blanked), treatment)
    opened = closed - now["closed"]
    assert opened
    assert opened & unknown_means(treatment, "check_first") <= now["check_first"]
    assert opened & unknown_means(treatment, "start_then_check") <= now["then_check"]
    assert opened & unknown_means(treatment, "quiet") <= now["not_checked"]


def test_the_three_meanings_of_unknown_are_all_met_above() -> None:
    assert unknown_means("nortriptyline", "check_first") & bars(BASE, "nortriptyline")["closed"]
    assert unknown_means("nortriptyline", "quiet") & bars(BASE, "nortriptyline")["closed"]
    assert unknown_means("methadone_otp", "start_then_check") & bars(BASE, "methadone_otp")["closed"]


def test_an_open_precaution_of_what_is_in_use_is_still_named() -> None:
    person = {
        "as_of": "2026-11-02",
        "answers": {"age_years": 50, "main_pain": "neuropathy_diabetic", "pain_months": 20},
        "medicines": [{"ingredients": ["gabapentin"], "state": "current"}],
    }
    option = next(o for o in told(person).options if o.id == "gabapentin")
    assert option.in_place == "yes"
    open_ones = {c.id for c in (*option.check_first, *option.then_check, *option.not_checked)}
    inherits = [c for c in inherited(option.record, load_content()) if not c.start_only]
    assert inherits
    assert {c.id for c in (*option.record.precautions, *inherits)} <= open_ones
