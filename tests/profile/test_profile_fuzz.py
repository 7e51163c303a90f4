"""A few random people in every run, and proof that the laws of tests/fuzz.py can be broken. More: `kit.py fuzz`."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import kit
from pathways.content import load_content
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests import fuzz
from tests.profiles import random_data

Json = dict[str, Any]


@pytest.mark.parametrize("seed", range(9_000_000, 9_000_040))
def test_random_people_keep_the_laws(seed: int) -> None:
    data = random_data(Random(seed), load_content())
    assert data == random_data(Random(seed), load_content()), "the same seed, the same person"
    case = case_data(review(Profile.from_dict(data)))
    assert list(fuzz.broken_laws(case)) == []


def test_random_people_are_of_every_kind() -> None:
    people = [Profile.from_dict(random_data(Random(seed), load_content())) for seed in range(300)]
    content = load_content()
    asked = {id for person in people for id in person.answers}
    assert asked == set(content.answers)
    measured = {seen.measure for person in people for seen in person.observations}
    assert measured >= set(content.instruments)
    assert "unrecognized" in measured
    taken = [entry for person in people for entry in person.medicines]
    assert any(not (e.ingredients or e.dose or e.medicine_class) for e in taken), "unrecognized ones"
    assert any(e.medicine_class for e in taken), "one of a class, which is not known"
    assert {e.state for e in taken} == {"current", "proposed", "stopped"}
    assert {len(e.start) for e in taken if e.start} == {4, 7, 10}, "days, months and years"
    assert {p.complete.medicines for p in people} == {"yes", "no", "assumed"}
    assert any(p.as_of is None for p in people)
    assert any(isinstance(value, tuple) for p in people for value in p.answers.values()), "partly known answers"


@pytest.fixture(scope="module")
def good() -> Json:
    case: Json = json.loads(json.dumps(case_data(review(Profile.load(kit.ROOT / kit.CASE)))))
    assert list(fuzz.broken_laws(case)) == []
    assert case["plans"]
    assert case["forks"]
    return case


def new_item(case: Json) -> Json:
    return next(i for i in case["plans"][0]["items"] if i["verb"] == "Offer")  # type: ignore[no-any-return]


def option_of(case: Json, item: Json) -> Json:
    return next(o for o in case["options"] if o["id"] == item["id"])  # type: ignore[no-any-return]


def spoken_for(case: Json, verb: str, by: str) -> None:
    """Let an item that does not fit stand because a record calls for it."""
    item = new_item(case)
    item.update(verb=verb, called_by=by)
    option_of(case, item).update(fit="not_indicated")


def absent(case: Json) -> Json:
    return next(e for e in case["emergencies"] if e["state"] != "present")  # type: ignore[no-any-return]


BREAK: dict[str, tuple[Callable[[Json], Any], str]] = {
    "a contraindicated item": (lambda c: option_of(c, new_item(c)).update(safety="contraindicated"), "contraindicated"),
    "an item that does not fit": (lambda c: option_of(c, new_item(c)).update(fit="not_indicated"), "not_indicated"),
    "an item to be asked about": (lambda c: new_item(c).update(verb="Ask"), "stands as Ask"),
    "kept but not in place": (lambda c: new_item(c).update(verb="Keep"), "Keep "),
    "an unknown verb": (lambda c: c["options"][0].update(verb="Order"), "verb is 'Order'"),
    "an unknown state": (lambda c: c["emergencies"][0].update(state="maybe"), "state is 'maybe'"),
    "an unknown status": (lambda c: c["findings"][0].update(status="fires"), "finding is 'fires'"),
    "an unknown need status": (lambda c: c["plans"][0]["needs"].update(function="met"), "needs are"),
    "a need left out": (lambda c: c["plans"][0]["needs"].pop("function"), "needs are"),
    "an unknown phase": (lambda c: new_item(c).update(phase="someday"), "someday"),
    "no owner": (lambda c: new_item(c).update(owner=[]), "owner []"),
    "red without a sign": (lambda c: absent(c).update(level="act_now"), "level act_now"),
    "an emergency that asks nothing": (lambda c: absent(c).update(state="possible", asks=[]), "asks nothing"),
    "one item twice": (lambda c: c["plans"][0]["items"].append(new_item(c)), "stands twice"),
    "too many of a seat": (
        lambda c: [i.update(seat="moud") for i in c["plans"][0]["items"] if i["verb"] == "Offer"], "in seat moud",
    ),
    "phases out of order": (lambda c: c["plans"][0]["items"].reverse(), "order of their phases"),
    "a stop pair": (
        lambda c: c["plans"][0].update(
            conflicts=[{"a": new_item(c)["id"], "b": new_item(c)["id"], "severity": "stop", "effect": "x"}]
        ),
        "holds ",
    ),
    "called for by a sign that is not there": (
        lambda c: spoken_for(c, "After this", "emergency:cauda_equina"), "which is not_indicated",
    ),
    "called for by no emergency": (lambda c: spoken_for(c, "Offer", "recommendation:cdc2022.2"), "which is not_indicated"),
    "an open check without a word": (lambda c: new_item(c).update(check_first=["kidneys"]), "open checks"),
    "a closed exchange": (
        lambda c: new_item(c).update(
            instead=[next(o["id"] for o in c["options"] if o["safety"] == "contraindicated" or o["fit"] == "not_indicated")]
        ),
        "exchanged",
    ),
    "four forks": (lambda c: c.update(forks=[c["forks"][0]] * 4), "4 forks"),
}  # fmt: skip  # data, read across


@pytest.mark.parametrize(("spoil", "says"), BREAK.values(), ids=BREAK.keys())
def test_a_broken_law_is_told(good: Json, spoil: Callable[[Json], Any], says: str) -> None:
    case = copy.deepcopy(good)
    spoil(case)
    assert any(says in problem for problem in fuzz.broken_laws(case)), list(fuzz.broken_laws(case))


def test_another_digest_and_a_fault_are_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = fuzz.Tally(digests={7: "a"}), fuzz.Tally(digests={7: "b"})
    one.add(other)
    assert one.failures == ["profile 7: another process gave other bytes"]

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(fuzz, "review", broken)
    tally = fuzz.Tally()
    assert fuzz.run_one(1, load_content(), tally) is None
    assert "profile 1: " in tally.failures[0]
    assert "ZeroDivisionError: here" in tally.failures[0]
