"""An item of a plan: whether it goes on, what to check before it, and when it is done."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pathways.content import models as m
from pathways.review.directives import Directive
from pathways.review.medicines import Weighed
from pathways.review.plans import Frontier, Item
from pathways.review.plans.parts import only_timed_anew
from tests.reviews import reviewed

KIT = reviewed("back_pain_120_mme").option("naloxone_kit")


def ground(**fields: Any) -> Directive:
    return Directive("entry_sign", "made_up", "Made up", (), "speaks_against", **fields)


def weighed(*grounds: Directive, verdict: Any = "change") -> Weighed:
    return Weighed(0, "made up", "current", (), frozenset(), verdict, grounds, True)


def item(
    verb: str, *judged: Weighed, phase: m.Phase = "weeks_1_4", called: Directive | None = None, **more: Any
) -> Item:
    record = KIT.record.model_copy(update={"phase": phase})
    return Item(replace(KIT, record=record, weighed=judged, **more), verb, called=called)


# ---- whether it goes on -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "safety", "stays"),
    [("Keep", "clear", True), ("Verify", "precaution", True), ("Verify", "contraindicated", False),
     ("Keep", "contraindicated", True), ("Change", "clear", False), ("Offer", "clear", False)],
)  # fmt: skip  # data, read across
def test_what_is_kept_or_to_be_verified_goes_on_unless_something_true_closes_it(
    verb: str, safety: str, stays: bool
) -> None:
    assert item(verb, safety=safety).stays is stays


def test_a_change_of_the_next_dose_alone_lets_it_go_on() -> None:
    timed = weighed(ground(makes="change", how="plan_dose"))
    other = weighed(ground(makes="change", how="lower"))
    kept = weighed(ground(makes="keep_with"), verdict="keep_with")
    assert item("Change", timed).stays
    assert item("Change", timed, kept).stays
    assert not item("Change", timed, other).stays
    assert not item("Change", kept).stays
    assert not item("Offer", timed).stays
    assert only_timed_anew(item("Change", timed).option)


# ---- what to check ----------------------------------------------------------------------------------------------


def test_what_makes_it_check_first_is_among_what_to_check() -> None:
    cite = m.Cite(id="own", at="made up", confidence="recall")
    caution = m.Caution(id="x", when="pregnant", label="Made up", action="x", strength="avoid", source=(cite,))
    closer = m.Closer(id="y", when="pregnant", label="To be looked at", unknown="check_first", source=(cite,))
    option = replace(KIT, cautions=(caution,), check_first=(closer,), meets=())
    assert option.avoided
    assert Item(option, "Check first").checks == (*option.avoided, "To be looked at")
    assert Item(option, "Offer").checks == ("To be looked at",)


@pytest.mark.parametrize(
    ("verb", "avoided", "checks", "words"),
    [
        ("Check first", (), ("Pregnancy", "Liver disease"), "pregnancy?"),
        ("Check first", (), ("QTc above 500 ms?",), "QTc above 500 ms?"),
        ("Check first", ("Sleep apnea.", "Falls"), ("Pregnancy",), "sleep apnea."),
        ("Check first", (), (), ""),
        ("Offer", (), ("Pregnancy",), ""),
        ("Offer", ("Sleep apnea",), (), ""),
        ("Keep", (), (), ""),
    ],
)
def test_the_first_check_is_asked_where_it_is_not_known_and_told_where_it_is(
    verb: str, avoided: tuple[str, ...], checks: tuple[str, ...], words: str
) -> None:
    option = SimpleNamespace(avoided=avoided, check_first=tuple(SimpleNamespace(label=label) for label in checks))
    assert Item(option, verb).check_words == words  # type: ignore[arg-type]


# ---- when it is done ----------------------------------------------------------------------------------------------


def test_by_its_record_unless_something_calls_for_it_earlier() -> None:
    assert item("Offer").phase == "weeks_1_4"
    assert item("Offer", called=ground(by="today")).phase == "today"
    assert item("Offer", phase="today", called=ground(by="this_week")).phase == "today"


def test_a_change_is_done_by_the_earliest_of_its_reasons() -> None:
    soon = weighed(ground(makes="change", how="lower", by="this_week"))
    now = weighed(ground(makes="change", how="lower", by="today"))
    assert item("Change", soon, now).phase == "today"
    assert item("Verify", soon, phase="today").phase == "this_week"
    assert item("Keep", now).phase == "weeks_1_4"


def test_what_it_goes_on_with_is_today_where_that_is_due_today_and_no_other_day() -> None:
    def kept(**fields: Any) -> Weighed:
        return weighed(ground(**fields), verdict="keep_with")

    assert item("Keep with", kept(makes="keep_with", by="today")).phase == "today"
    assert item("Keep with", kept(makes="keep_with", by="this_week")).phase == "weeks_1_4"
    assert item("Keep with", kept(makes="check", by="today")).phase == "weeks_1_4"


def test_items_and_frontiers_say_what_they_are() -> None:
    assert repr(item("Offer")) == "Item('naloxone_kit', 'Offer')"
    lacking = Frontier((), (), (), lacking=("Pain side: nothing to treat", "OUD side: no OUD found"))
    assert lacking.single_sided == "Pain side: nothing to treat; OUD side: no OUD found"
