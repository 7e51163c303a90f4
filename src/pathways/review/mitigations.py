"""`mitigations`: what stands in every plan beside a medicine that goes on only with it: treatments and actions.

A verdict "keep with" is a promise of the plan. Treatments that it names are called for like what a recommendation calls
for; an action is said once, with all the medicines that need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..content import Content
from ..content import models as m
from ..language.words import soft
from .brought import is_agonist
from .directives import Directive, Directives
from .medicines import Weighed, stops_at_once
from .meetings import Meeting
from .options import Option
from .plans import Item


@dataclass(frozen=True)
class Mitigation:
    """An action of every plan: for which medicines (their labels and places in the list), why, and by when.

    ``verb`` is "Keep with" for what is in use, "Check first" where it is for a proposed one only."""

    record: m.Action
    labels: tuple[str, ...]
    places: tuple[int, ...]
    grounds: tuple[Directive, ...]
    verb: str

    @property
    def by(self) -> m.Phase:
        return min((d.by for d in self.grounds), key=m.PHASES.index)

    @property
    def source(self) -> tuple[m.Cite, ...]:
        return tuple(dict.fromkeys(c for d in self.grounds for c in d.source))

    @property
    def words(self) -> str:
        """The action, and for which medicines."""
        return f"{self.record.short} ({', '.join(self.labels)})"


def mitigations(medicines: Iterable[Weighed], items: Iterable[Item], content: Content) -> tuple[Mitigation, ...]:
    """The actions that the medicines of the list and what a plan starts need, in the order of the content. What is stopped
    is not watched; what is held comes back, and its plan, limit and ECG with it. A treatment beside either is still called
    for."""
    asked: dict[str, list[_Asked]] = {}
    medicines = tuple(medicines)
    for weighed, ground, id in _needed(medicines):
        if goes_at_once(weighed, content):
            continue
        for action, about in _about(id, weighed, medicines, content):
            in_use = about.state == "current"
            asked.setdefault(action, []).append(_Asked(about.label, about.place, in_use, False, ground))
    for item in items:
        for record, id in item.option.needs_beside if item.option.in_place != "yes" else ():
            held = item.verb == "After this"
            asked.setdefault(_by_source(id, medicines, content), []).append(
                _Asked(item.option.record.short, None, False, held, _of_start(record))
            )
    return tuple(_mitigation(record, asked[id]) for id, record in content.actions.items() if id in asked)


def goes_at_once(weighed: Weighed, content: Content) -> bool:
    """Whether no further dose is taken: told to stop, or held or exchanged where that needs no steps. Of what is held for
    hours and cannot be stopped on the spot the next dose is to be expected: a sedative still needs its plan."""
    return weighed.verdict == "change" and (
        weighed.how == "stop" or (weighed.how in ("hold", "switch") and stops_at_once(weighed, content))
    )


def _about(
    id: str, weighed: Weighed, medicines: tuple[Weighed, ...], content: Content
) -> Iterator[tuple[str, Weighed]]:
    """What an action is about: the medicines of its class, each by where it comes from; else the one that asks for it."""
    action = content.actions.get(id)
    kind = action.of if action else None
    those = [weighed] if kind is None or kind in weighed.classes else [w for w in medicines if kind in w.classes]
    for one in those or [weighed]:
        yield (action.bought if action and action.bought and _bought(one, content) else id), one


def _by_source(id: str, medicines: tuple[Weighed, ...], content: Content) -> str:
    """The action that a start asks for; where all of its class is bought, the one for that."""
    action = content.actions.get(id)
    those = [w for w in medicines if action and action.of in w.classes]
    return action.bought if action and action.bought and those and all(_bought(w, content) for w in those) else id


def _bought(weighed: Weighed, content: Content) -> bool:
    """Whether it comes from no prescriber."""
    own = (content.entry_signs[d.id] for d in weighed.grounds if d.table == "entry_sign")
    return any(sign.sign == "nonprescribed" for sign in own)


class _Asked(NamedTuple):
    """Who needs an action: a medicine of the list, or what a plan starts (without a place), and why."""

    label: str
    place: int | None
    in_use: bool
    held: bool
    ground: Directive


def _of_start(record: m.MedicineCaution | m.Interaction) -> Directive:
    table, label = (
        ("interaction", record.title) if isinstance(record, m.Interaction) else ("medicine_caution", record.label)
    )
    return Directive(table, record.id, label, record.source, "speaks_against", strength="only_with", by="this_week")


def _mitigation(record: m.Action, asked: list[_Asked]) -> Mitigation:
    verb = (
        "Keep with" if any(a.in_use for a in asked) else "After this" if all(a.held for a in asked) else "Check first"
    )
    places = tuple(dict.fromkeys(a.place for a in asked if a.place is not None))
    labels = tuple(dict.fromkeys(a.label for a in asked))
    return Mitigation(record, labels, places, tuple(a.ground for a in asked), verb)


def calls(medicines: Iterable[Weighed], content: Content) -> tuple[Directive, ...]:
    """The treatments that the medicines need, or that take the place of one that goes, as calls like those of a
    recommendation."""
    found: dict[tuple[str, str, str], Directive] = {}
    medicines = tuple(medicines)
    for _, ground, id in (*_needed(medicines), *_in_place_of(medicines)):
        if id in content.treatments:
            call = Directive(
                ground.table,
                ground.id,
                ground.label,
                ground.source,
                "calls_for",
                (id,),
                by=ground.by,
                because=ground.because,
            )
            found.setdefault((ground.table, ground.id, id), call)
    return tuple(found.values())


def beside_moud(
    medicines: Iterable[Weighed], options: Iterable[Option], demands: Directives, content: Content
) -> tuple[Weighed, ...]:
    """The medicines, with what a medication for OUD that is offered or called for makes of those in use that it meets:
    it is not withheld, so what it meets goes on with care, or is settled before the start. What only one of several ways
    would meet is a ``what_if``: with the other one the medicine simply goes on."""
    called = {id for d in demands.of("calls_for") for id in d.targets}
    more: dict[int, list[Directive]] = {}
    of_moud = [o for o in options if o.record.place.treats_oud]
    opioid = content.known("medicine_class", "any opioid")
    own = (one for o in of_moud if o.in_place == "yes" for one in o.own)
    taken = {one.place for one in own if opioid in one.classes}  # one takes the place of the other
    moved = {w.place for w in medicines if w.verdict == "change" and w.how in TO_ANOTHER}
    stays = bool(taken - moved)
    starting = [
        o for o in of_moud if o.in_place != "yes" and (o.verb in STARTS or (o.may_be_called and o.id in called))
    ]
    ways = [o for o in starting if is_agonist(o.record, content)]
    by_all, moved_by_all = _by_all(ways, False), _by_all(ways, True)
    for option in starting:
        one_of = is_agonist(option.record, content)
        if one_of and stays and option.id not in called:
            continue  # beside the one that is taken and goes on the other is no start that anybody has in mind
        for meeting, place in ((x, place) for x in option.meets for place in x.in_use if _bears(x)):
            if place not in taken:
                always = not one_of
                told = _beside(option, meeting, place, always or place in moved_by_all)
                more.setdefault(place, []).append(replace(told, what_if=not (always or place in by_all)))
    # What has to change anyway keeps its own reason: a start that may come does not hide it.
    return tuple(w if w.verdict in ("verify", "change") else w.with_grounds(more.get(w.place, ())) for w in medicines)


STARTS = ("Offer", "Consider", "Check first")
TO_ANOTHER: tuple[m.How, ...] = ("switch", "weigh")
"""How a medication for OUD changes so that another one may come in its place."""
MOVES: tuple[m.InUse, ...] = ("change", "verify")
"""What a pair makes of a medicine in use that does not simply go on beside a start."""


def _bears(meeting: Meeting) -> bool:
    """Whether a pair asks anything of what is in use; a condition that is not known is asked with the option."""
    return meeting.known and meeting.record.makes != "note"


def _by_all(ways: list[Option], moved: bool) -> frozenset[int]:
    """The places in the list of what each way meets with care; of what each would move, where only that is asked."""
    met = [[x for x in o.meets if _bears(x) and (x.record.makes in MOVES or not moved)] for o in ways]
    places = [frozenset(place for x in pairs for place in x.in_use) for pairs in met]
    return frozenset.intersection(*places) if places else frozenset()


def _beside(option: Option, meeting: Meeting, place: int, settled: bool) -> Directive:
    # What would have to move whichever way is chosen is settled before the start. What only one of them would move goes
    # on until that one is chosen: how it is taken is no question.
    record = meeting.record
    changes = settled and record.makes in MOVES
    return Directive(
        "interaction",
        record.id,
        f"if {soft(option.record.short)} is started: {soft(record.title)}",
        record.source,
        "speaks_against",
        entry=place,
        strength="stop" if changes else "only_with",
        makes="verify" if changes else "keep_with",
        by="this_week",
        beside=() if changes else record.beside,
        action=record.action,
    )


def _in_place_of(medicines: Iterable[Weighed]) -> Iterator[tuple[Weighed, Directive, str]]:
    """What comes in the place of a medicine that changes or is not started: what the record says is what the plan does."""
    for weighed in medicines:
        for ground in weighed.grounds if weighed.verdict in ("change", "not_this") else ():
            if ground.makes == "change":
                yield from ((weighed, ground, id) for id in ground.replaced_by)


def _needed(medicines: Iterable[Weighed]) -> Iterator[tuple[Weighed, Directive, str]]:
    """Each thing that a medicine goes on with, and what asks for it. What changes needs it until it has changed; what is
    not started needs nothing beside it."""
    for weighed in medicines:
        for ground in weighed.grounds if weighed.verdict != "not_this" else ():
            if ground.goes_with:
                yield from ((weighed, ground, id) for id in ground.beside)
