"""The words of forks: names and never ids, and what leaving a thing out means."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pathways.content.models import PLACES, SEATS, Place
from pathways.pages.page import fork_words
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.plans import Fork, combine, present
from tests.conftest import ROOT
from tests.pages.drawn import CASES, sample

VIGNETTES = sorted((ROOT / "tests/vignettes").glob("*.toml"))
NAMES = [path.stem for path in CASES]


def fork(name: str, id: str) -> Fork:
    return next(fork for fork in sample(name).shown.forks if fork.id == id)


@pytest.mark.parametrize("name", NAMES)
def test_no_fork_shows_an_id(name: str) -> None:
    case = sample(name)
    for one in case.shown.forks:
        for alternative in one.alternatives:
            said = alternative.title
            for entry in case.profile.medicines:  # a medicine may be called like a treatment
                said = said.replace(entry.label, "")
            assert not set(re.findall(r"\w+", said)) & set(case.content.treatments)
            assert all(
                case.content.treatments[id].short in said or case.option(id).verb in ("Change", "Verify")
                for id in alternative.items
            )


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_no_fork_is_called_by_the_id_of_a_seat(path: Path) -> None:
    titles = [one.title for one in review(Profile.load(path)).shown.forks]
    assert not {*titles} & {*SEATS}
    assert all(titles)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_seat_has_words_for_its_choice(place: Place) -> None:
    assert all("_" not in words for words in (place.title, place.which, place.whether, place.heading))
    assert place.fork == "" or (place.which and place.whether)


def test_what_could_be_added_is_named_by_its_record() -> None:
    case = sample("back_pain_120_mme")
    record = case.content.treatments["duloxetine"].model_copy(update={"short": "Nerve medicine"})
    tables = {**case.content.tables, "treatment": {**case.content.treatments, "duloxetine": record}}
    options = tuple(replace(o, record=record) if o.id == "duloxetine" else o for o in case.options)
    content = replace(case.content, tables=tables)
    frontier = combine(options, case.findings, case.facts, case.demands, content=content)
    relief = next(one for one in present(frontier, case.facts, content=content).forks if one.id == "seat.relief")
    assert "Nerve medicine" in [a.title for a in relief.alternatives]
    assert "Nerve medicine (check first)" in fork_words(relief)[1]


def test_one_thing_to_add_can_be_left_out() -> None:
    on_duloxetine = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 66, "main_pain": "fibromyalgia", "pain_months": 60, "oud_status": "none"},
        "conditions": [{"id": "copd"}],
        "medicines": [{"name": "duloxetine", "ingredients": ["duloxetine"], "state": "current", "purpose": "pain"}],
        "observations": [{"measure": "peg", "date": "2026-11-16", "items": {"pain": 7, "enjoyment": 6, "activity": 7}}],
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    [one] = [f for f in review(Profile.from_dict(on_duloxetine)).shown.forks if f.id == "seat.relief"]
    assert fork_words(one)[0] == "Pain relief"
    assert fork_words(one)[1][0].startswith("Add ")
    assert fork_words(one)[1][1:] == ("Leave it out",)


def test_several_things_to_add_are_one_decision_and_one_is_a_yes_or_no() -> None:
    several = {"none of these": 0, "leave it out": 0, "no plan without": 0}
    for name in NAMES:
        for one in sample(name).shown.forks:
            if one.id.startswith("seat."):
                last = one.alternatives[-1]
                assert all(a.items for a in one.alternatives[:-1])
                if last.items:  # what an easy one can answer is left with nothing in no plan: none of them is no choice
                    ways = [set(a.items) for a in one.alternatives]
                    assert all(any(way <= plan.ids for way in ways) for plan in sample(name).frontier.plans)
                    several["no plan without"] += 1
                    continue
                assert last.title == ("None of these" if len(one.alternatives) > 2 else "Leave it out")
                several[last.title.lower()] += 1
    assert several["none of these"]


def test_a_decision_that_another_item_answers_says_which() -> None:
    ways = fork_words(fork("sickle_cell", "long_term_opioid"))[1]
    assert ways == ("Keep and optimize the opioid", "Buprenorphine (MOUD) in its place")


def test_a_decision_on_what_is_in_use_says_that_it_can_be_kept() -> None:
    ways = fork_words(fork("methadone_qtc_above_500", "moud_choice"))[1]
    assert ways == ("Buprenorphine (MOUD) (once withdrawal shows)", "Methadone at an OTP: review urgently and keep")


def test_a_decision_with_one_way_left_says_so() -> None:
    case = review(Profile.load(ROOT / "tests/vignettes/phenelzine_and_oud.toml"))
    fork = next(f for f in case.shown.forks if f.id == "moud_choice")
    assert [a.title for a in fork.alternatives] == ["Buprenorphine (MOUD): the only one open here"]
