"""How the grounds of a verdict are put in order, and what a verdict takes from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathways.content import models as m
from pathways.review.directives import Directive
from pathways.review.medicines import MOVED_BY_A_STOP, Weighed, _ordered, outlives, stops_at_once, worst
from tests.review.test_medicines import CONTENT, Entry, grounds, taken, weighed

GLAUCOMA = [{"id": "glaucoma_narrow_angle"}]
BASE = weighed([taken("duloxetine")], conditions=GLAUCOMA)[0].grounds[0]
OTHER = (m.Way(say="another medicine"),)


def ground(**more: Any) -> Directive:
    """A ground for a change, without anything in its place."""
    return replace(BASE, **{"instead": (), "by": "this_week", "how": "stop", "excludes": False, **more})


def made(
    verdict: Any, *given: Directive, state: Any = "current", ingredients: tuple[str, ...] = ("duloxetine",)
) -> Weighed:
    return Weighed(0, "x", state, ingredients, frozenset(), verdict, given, True)


def test_the_earliest_day_that_any_ground_asks_for_counts() -> None:
    late, soon, other = ground(by="months_2_3"), ground(by="today"), ground(by="today", makes="keep_with")
    assert made("change", late, soon).by == made("change", soon, late).by == "today"
    assert made("change", late, other).by == "months_2_3"
    assert made("keep_with", other).by is None


@pytest.mark.parametrize(
    ("verdict", "tables", "instead"),
    [
        ("not_this", ("emergency", "medicine_caution"), ""),  # nothing takes its place before the emergency is over
        ("change", ("emergency", "medicine_caution"), "another medicine"),
        ("not_this", ("medicine_caution", "medicine_caution"), "another medicine"),
    ],
)
def test_what_is_not_started_for_an_emergency_has_nothing_in_its_place(
    verdict: str, tables: tuple[str, str], instead: str
) -> None:
    first, second = ground(table=tables[0]), ground(table=tables[1], instead=OTHER)
    assert made(verdict, first, second).instead == instead


def test_the_strongest_verdict_of_what_is_in_use_is_the_worst() -> None:
    kept, changed, asked = made("keep"), made("change", ground()), made("not_this", ground(), state="proposed")
    assert worst((kept, changed, asked)) == worst((changed, kept)) == changed
    assert worst((asked,)) is None


def test_a_product_of_two_stops_at_once_only_if_both_do() -> None:
    assert stops_at_once(made("change", ingredients=("ibuprofen",)), CONTENT)
    assert not stops_at_once(made("change", ingredients=("ibuprofen", "hydrocodone")), CONTENT)
    assert not stops_at_once(made("change", ingredients=()), CONTENT)


def test_a_pair_outlives_a_stop_by_its_wait_or_by_a_level_that_moves() -> None:
    every = CONTENT.interactions.values()
    by_wait = [r for r in every if r.wait_days and r.mechanism not in MOVED_BY_A_STOP]
    by_level = [r for r in every if not r.wait_days and r.mechanism in MOVED_BY_A_STOP]
    neither = [r for r in every if not r.wait_days and r.mechanism not in MOVED_BY_A_STOP]
    assert by_wait
    assert by_level
    assert all(map(outlives, (*by_wait, *by_level)))
    assert not any(map(outlives, neither))


def test_of_ways_out_at_one_time_the_slower_one_leads() -> None:
    taper, weigh, stop = (ground(how=how) for how in ("taper", "weigh", "stop"))
    for given in ((stop, weigh, taper), (weigh, taper, stop), (taper, stop, weigh)):
        assert [d.how for d in _ordered(given)] == ["taper", "weigh", "stop"]


def test_of_a_start_it_leads_that_it_is_not_taken_together_with_what_stays() -> None:
    plain, apart = ground(id="plain"), ground(id="apart", excludes=True)
    waits, turn = (
        ground(id="waits", excludes=True, kind="waits_for"), ground(id="turn", excludes=True, in_turn=True),
    )  # fmt: skip  # two that do not lead
    assert [d.id for d in _ordered((plain, waits, turn, apart), to_start=True)] == ["apart", "plain", "waits", "turn"]
    assert [d.id for d in _ordered((plain, waits, turn, apart))] == ["plain", "waits", "turn", "apart"]


def test_a_start_and_what_is_in_use_are_put_in_order_each_in_its_way() -> None:
    """Carisoprodol beside an opioid, drowsy: in use it is held now; asked for, it leads that the two do not go together."""
    used, asked = (
        weighed(
            [taken("carisoprodol", state=state), taken("oxycodone", 10, 4, purpose="pain")],
            demanded=True, answers={"drowsy_or_confused": True, "breathing_slow": True},
        )[0]
        for state in ("current", "proposed")
    )  # fmt: skip  # the two sides of one comparison
    assert (used.how, asked.verdict) == ("hold", "not_this")
    assert asked.grounds[0].id == "opioid_carisoprodol"


LEAVING = {"answers": {"breastfeeding": True, "sex": "female", "age_years": 30}}


def test_what_waits_its_turn_says_so_and_not_where_something_else_speaks_against_it() -> None:
    """Tramadol is changed while breastfeeding; duloxetine could follow it, but not with narrow-angle glaucoma."""
    both = [taken("tramadol", 50, 3), taken("duloxetine", state="proposed")]
    waits = weighed(both, **LEAVING)[1]
    assert any(d.in_turn for d in waits.grounds)
    assert any(d.kind == "waits_for" for d in waits.grounds)
    assert waits.instead.startswith("wait until tramadol")
    closed = weighed(both, **LEAVING, conditions=GLAUCOMA)[1]
    assert any(d.in_turn for d in closed.grounds)
    assert "wait until" not in closed.instead


def beside_unread(*medicines: Entry) -> list[bool]:
    """Of each medicine whether it is to be settled for want of knowing what stands beside it."""
    return [any(d.label.startswith("beside") for d in one.grounds) for one in weighed([*medicines])]


def test_only_what_has_pairs_waits_for_an_entry_that_is_not_recognized() -> None:
    unread = {"name": "qwxyzine", "state": "current"}
    paired = {i for r in CONTENT.interactions.values() if r.b and r.severity != "timing" for i in (*r.a, *r.b)}
    alone = next(i for i in CONTENT.medicines if not ({i} | CONTENT.classes_of(i)) & paired)
    assert beside_unread(taken("duloxetine"), unread) == [True, False]
    assert beside_unread(taken("alprazolam"), unread) == [True, False]  # its pairs are none of timing
    assert beside_unread(taken(alone, purpose="other"), unread) == [False, False]
    assert beside_unread(taken("duloxetine"), {**unread, "state": "stopped"}) == [False]
    assert beside_unread(unread, {"name": "zyxwqine", "state": "current"}) == [False, False]


@pytest.mark.parametrize(("days", "brief"), [(1, True), (7, True), (8, False), (None, False)])
def test_a_short_supply_has_words_of_its_own(days: int | None, brief: bool) -> None:
    caution = CONTENT.medicine_cautions["nsaid.older"]
    [one] = weighed([taken("naproxen", supply_days=days)], answers={"age_years": 71})
    [said] = [d for d in one.grounds if d.id == caution.id]
    assert said.action == (caution.brief if brief else caution.action)


def test_a_pair_names_the_other_side_where_only_its_class_is_known() -> None:
    tramadol, _ = weighed([taken("tramadol", 50, 3), {"name": "an SSRI", "medicine_class": "ssri", "state": "current"}])
    assert {d.met for d in tramadol.grounds if d.id == "serotonergic_opioid_serotonergic"} == {"an SSRI"}


def test_a_moderate_pair_asks_nothing_of_the_side_that_goes_on() -> None:
    """Buprenorphine for OUD goes on beside a benzodiazepine; the benzodiazepine has a plan."""
    agonist, sedative = weighed([taken("buprenorphine", purpose="oud"), taken("clonazepam", purpose="other")])
    assert "moud_benzodiazepine" not in grounds(agonist)
    assert "moud_benzodiazepine" in grounds(sedative)
    asked, beside = weighed(
        [taken("buprenorphine", purpose="oud", state="proposed"), taken("clonazepam", purpose="other")]
    )
    assert "moud_benzodiazepine" in grounds(asked)
    assert "moud_benzodiazepine" in grounds(beside)
