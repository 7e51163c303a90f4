"""`weigh`: each medicine of the list judged as the drug it is, whether or not it is a treatment of the kit.

Its own cautions and dose limits, the pairs it is in and which side gives way, what is said of its use, and what an
emergency or a recommendation demands of it. The strongest word decides; all are kept as reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

from ..content import Content
from ..content import models as m
from ..facts import Facts
from ..facts.membership import ingredients_of, purpose_of, taken_as
from ..facts.verdicts import judge, unique
from ..language.words import soft
from .allergies import of_entry
from .directives import Directive, Directives, against
from .entries import Listed, conditional, limits, signs, unread
from .own_rules import on_unknown
from .pairs import Pair, pairs_of
from .unwanted import of_wishes

InUse = Literal["verify", "change", "keep_with", "check", "keep"]
Proposed = Literal["not_this", "cannot_tell", "start_with", "start"]
IN_USE: tuple[InUse, ...] = ("verify", "change", "keep_with", "check", "keep")
"""The verdicts on a medicine in use, strongest first."""
VERBS: Mapping[str, str] = {
    "verify": "Verify",
    "change": "Change",
    "keep_with": "Keep with",
    "check": "Check",
    "keep": "Keep",
}
"""The verb of each verdict on a medicine in use; Keep is the only bare one."""
ON_A_START: Mapping[m.InUse, Proposed] = {
    "verify": "cannot_tell",
    "change": "not_this",
    "check": "cannot_tell",
    "keep_with": "start_with",
    "note": "start",
}


NEXT_DOSE_HELD: tuple[m.How, ...] = ("hold", "take_off")
"""The changes that are for hours, until the person was seen: no next tablet, and a patch comes off."""
MOVED_BY_A_STOP: tuple[str, ...] = ("level_up", "level_down")
"""What a pair does that its end undoes: the level moves back when the other one stops, so that it is watched then too."""
BEFORE_A_START: tuple[m.InUse, ...] = ("change", "verify", "check", "keep_with")
"""The same, strongest first for a start: what speaks against it, then what is not known, then its mitigation."""


@dataclass(frozen=True)
class Weighed:
    """One entry of the medicines list with the verdict on it.

    ``place`` is its place in the list, ``ingredients`` what it surely holds. ``grounds`` are all directives about it,
    the strongest first; ``how``, ``by`` and ``instead`` are those of the strongest, ``beside`` the treatments and actions
    that must stand in the plan with it. ``judged``: whether the library has any rule about it.
    """

    place: int
    label: str
    state: Literal["current", "proposed"]
    ingredients: tuple[str, ...]
    classes: frozenset[str]
    verdict: InUse | Proposed
    grounds: tuple[Directive, ...] = ()
    judged: bool = True

    def with_grounds(self, more: Iterable[Directive]) -> Weighed:
        """The same medicine in use with more said of it; a verdict never gets weaker by that."""
        if not (added := [d for d in more if d.id not in {g.id for g in self.grounds}]) or self.state != "current":
            return self
        grounds = _ordered((*self.grounds, *added))
        return replace(self, grounds=grounds, verdict=_verdict(grounds, True))

    @property
    def verb(self) -> str | None:
        """What to do with it; None for a proposed one."""
        return VERBS.get(self.verdict)

    @property
    def how(self) -> m.How | None:
        return self.grounds[0].how if self.grounds and self.verdict == "change" else None

    @property
    def by(self) -> m.Phase | None:
        """Until when it is verified or changed: the earliest of all that ask for it."""
        if self.verdict not in ("verify", "change"):
            return None
        return min((d.by for d in self.grounds if d.makes == self.verdict), key=m.PHASES.index)

    @property
    def beside(self) -> tuple[str, ...]:
        """What it stays with: what is beside each of its grounds that asks for that."""
        return unique(chain.from_iterable(d.beside for d in self.grounds if d.goes_with))

    @property
    def instead(self) -> str:
        """What may take its place. What is held, or not started, for an emergency has nothing in its place yet; and what
        goes on with its next dose timed needs nothing."""
        first = self.grounds[0] if self.grounds else None
        emergency = not self.verb and any(d.table == "emergency" for d in self.grounds)
        waits = first and (first.how in (*NEXT_DOSE_HELD, "plan_dose") or emergency)
        if first and waits and not first.instead:
            return ""
        return m.in_words(next((d.instead for d in self.grounds if d.instead and d.kind != "waits_for"), ()))

    @property
    def asks(self) -> tuple[str, ...]:
        return unique(chain.from_iterable(d.asks for d in self.grounds))


def weigh(facts: Facts, demands: Directives, *, content: Content) -> tuple[Weighed, ...]:
    """A verdict on each current and each proposed entry, in the order of the list."""
    pairs = pairs_of(facts, content=content).found
    listed = [
        Listed(n, entry, taken_as(content, entry))
        for n, entry in enumerate(facts.profile.medicines)
        if entry.state != "stopped"
    ]
    weighed = tuple(_weighed(one, facts, demands, pairs, content) for one in listed)
    stopped = frozenset(w.place for w in weighed if stops_for_good(w, content))
    # What would be held to slow steps once it is taken still says what it would meet: it may be begun all the same.
    unbegun = frozenset(w.place for w in weighed if w.verdict == "not_this" and stops_at_once(w, content))
    return tuple(_left_alone(w, stopped, unbegun) for w in weighed) if stopped or unbegun else weighed


def worst(weighed: Iterable[Weighed]) -> Weighed | None:
    """The one with the strongest verdict among those in use; the earlier of equals."""
    current = [w for w in weighed if w.state == "current"]
    return min(current, key=lambda w: list(VERBS).index(w.verdict), default=None)


def stops_at_once(weighed: Weighed, content: Content) -> bool:
    """Whether every ingredient of a medicine may be stopped on the spot."""
    classes = {c.id for c in content.medicine_classes.values() if c.stops_at_once}
    return bool(weighed.ingredients) and all(content.classes_of(i) & classes for i in weighed.ingredients)


def stops_for_good(weighed: Weighed, content: Content) -> bool:
    """Whether a medicine in use is told to stop on the spot, and no choice is left in it: not held, which is for hours, not
    one of two, and nothing whose abrupt stop does harm."""
    stops = weighed.verdict == "change" and weighed.how in ("stop", "switch") and not weighed.grounds[0].either
    return stops and stops_at_once(weighed, content)


def outlives(record: m.Interaction) -> bool:
    """Whether what is done about a pair is done also when one of the two stops: within its wait, and where a level moves."""
    return bool(record.wait_days) or record.mechanism in MOVED_BY_A_STOP


def _left_alone(weighed: Weighed, stopped: frozenset[int], unbegun: frozenset[int]) -> Weighed:
    """A medicine without what it only needed beside one that this review stops, or does not let begin."""

    def goes(d: Directive) -> bool:
        alone = d.partner in unbegun or (d.partner in stopped and not d.outlives)
        return alone and d.makes in ("keep_with", "check")

    if weighed.verdict == "not_this":
        return weighed  # what is not begun is told all that speaks against it
    grounds = tuple(d for d in weighed.grounds if not goes(d))
    if len(grounds) == len(weighed.grounds):
        return weighed
    return replace(weighed, grounds=grounds, verdict=_verdict(grounds, weighed.state == "current"))


def _verdict(grounds: tuple[Directive, ...], current: bool) -> InUse | Proposed:
    """The strongest word of all that is said of a medicine."""
    if not current:
        return next((ON_A_START[k] for k in BEFORE_A_START if any(d.makes == k for d in grounds)), "start")
    makes: m.InUse = grounds[0].makes if grounds else "note"
    return "keep" if makes == "note" else makes


def _weighed(one: Listed, facts: Facts, demands: Directives, pairs: Iterable[Pair], content: Content) -> Weighed:
    found = [
        *signs(one, facts, content),
        *of_entry(one, facts, content),
        *_demanded(one, demands),
        *of_wishes(one, facts, content),
        *_pairs(one, facts, pairs, content),
        *_beside_unread(one, facts, content),
        *_cautions(one, facts, content),
        *limits(one, facts, content),
    ]
    worn = one.entry.route == "transdermal" or one.entry.unit == "mcg/h"
    said = (_off(d) if worn and one.current else d for d in found if d.makes != "note")
    grounds = _ordered(said, to_start=not one.current)
    if any(d.makes == "change" and d.kind != "waits_for" and not d.in_turn for d in grounds):
        # What speaks against it anyway is not gone when its turn has come.
        grounds = tuple(replace(d, instead=()) if d.in_turn else d for d in grounds)
    verdict = _verdict(grounds, one.current)
    ingredients = tuple(i for i in ingredients_of(content, one.entry) if i in content.medicines)
    state: Literal["current", "proposed"] = "current" if one.current else "proposed"
    return Weighed(one.place, one.entry.label, state, ingredients, one.classes, verdict, grounds, _judged(one, content))


def _off(ground: Directive) -> Directive:
    """What is said of a patch: its next dose is given all the time, so that a hold takes it off."""
    return replace(ground, how="take_off") if ground.how == "hold" else ground


def _judged(one: Listed, content: Content) -> bool:
    """Whether a caution, a dose limit or a pair of the library is about it: that nothing is said is then no oversight."""
    paired = any(not one.classes.isdisjoint((*r.a, *r.b)) for r in content.interactions.values())
    limited = any(content.limits_of(i) for i in ingredients_of(content, one.entry))
    return paired or limited or bool(content.cautions_about(one.classes))


def _ordered(grounds: Iterable[Directive], to_start: bool = False) -> tuple[Directive, ...]:
    """What is said of a medicine, the strongest first, then by time. A lower dose is no answer to what speaks against
    the medicine itself; and of two ways out at one time the slower one counts (a product of two, one to be tapered).
    What is only to be weighed does not hide that the next dose is held,
    and what a start would bring does not hide what is true now. Of what is to be started it leads that it is not taken
    together with what stays: that is still true when an emergency is over."""

    def place(d: Directive) -> tuple[int, bool, bool, bool, int, int]:
        way = 2 if d.how in ("stop", "switch") else 1 if d.how == "weigh" else 0
        later = to_start and not (d.excludes and d.kind != "waits_for" and not d.in_turn)
        return m.IN_USE.index(d.makes), d.what_if, later, d.how in ("lower", "to_limit"), m.PHASES.index(d.by), way

    return tuple(sorted(grounds, key=place))


# ---- what speaks of an entry ------------------------------------------------------------------------------------


def _cautions(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """The cautions of its ingredients and classes, true or waiting for a fact."""
    for caution in content.cautions_about(one.classes):
        if caution.start_only and one.current:
            continue
        makes = caution.makes if one.current else m.IN_USE_OF[caution.strength]
        brief = caution.brief_days and 0 < (one.entry.supply_days or 0) <= caution.brief_days
        action = caution.brief if brief else caution.action
        held = against("medicine_caution", caution, entry=one.place, makes=makes, action=action)
        quiet = on_unknown(caution, facts, content) in ("quiet", None)
        yield from conditional(caution.when, facts, content, held, quiet=quiet)


def _demanded(one: Listed, demands: Directives) -> Iterator[Directive]:
    """What an emergency or a recommendation says of what is in use (``in_use:<class>``), or of what is to be started."""
    for directive in demands.of("speaks_against"):
        names = {t.removeprefix("in_use:") for t in directive.targets if t.startswith("in_use:") is one.current}
        if names & one.classes:
            yield replace(directive, entry=one.place)


def _pairs(one: Listed, facts: Facts, pairs: Iterable[Pair], content: Content) -> Iterator[Directive]:
    """The pairs that it is in, with what becomes of this side."""
    for pair in pairs:
        side = "a" if pair.a_at == one.place else "b" if pair.b_at == one.place and pair.how != "ended_lately" else None
        if side is None:
            continue
        record = pair.record
        other = pair.b if side == "a" else pair.a
        makes = _becomes(pair, side, facts, content)
        changes = makes in ("change", "verify")
        called = _called(facts, content, pair.b_at if side == "a" else pair.a_at) or other
        instead = record.instead if changes else ()
        # a newcomer that is needed waits for what gives way to it
        in_turn = changes and not one.current and record.gives_way == ("b" if side == "a" else "a")
        if in_turn:
            instead = (m.Way(say=f"wait until {called} has been changed"),)
        lately = pair.how == "ended_lately"
        met = "" if pair.how == "person" else f"{called}{', stopped lately' * lately}"
        held = Directive(
            "interaction",
            record.id,
            f"with {met}: {record.title}" if met else record.title,
            record.source,
            "speaks_against",
            entry=one.place,
            either=changes and pair.how == "in_use" and record.gives_way in ("either", "decide"),
            strength="stop" if changes else "only_with",
            makes=makes,
            how=record.how if changes else None,
            by=record.by or ("today" if record.severity == "stop" or (lately and record.ended) else "this_week"),
            beside=record.beside,
            action=(
                (record.ended if lately else "")
                or (record.wait if record.severity == "timing" else "")
                or (record.both if pair.how == "in_use" else "")
                or record.action
            ),
            instead=instead,
            replaced_by=record.replaced_by if changes else (),
            say=record.say,
            met=met,
            title=record.title,
            in_turn=in_turn,
            partner=pair.b_at if side == "a" else pair.a_at,
            outlives=outlives(record),
            excludes=record.severity == "stop",
        )
        if pair.known:
            yield held
        elif makes != "note" and record.severity != "moderate":
            wanted = judge(record.when, facts, content).asks if record.when else (f"medicines.{other}",)
            yield replace(held, kind="waits_for", makes="check", asks=wanted, how=None)


def _called(facts: Facts, content: Content, place: int | None) -> str:
    """The ingredients of an entry as one says them; empty where they are not known."""
    found = ingredients_of(content, facts.profile.medicines[place]) if place is not None else ()
    return " and ".join(soft(content.medicines[i].label) for i in found if i in content.medicines)


def _beside_unread(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """A medicine with pairs in the library may be in one with an entry that is not recognized, so that is to be settled."""
    if unread(one.entry, content) or not any(
        r.severity != "timing" and r.b and not one.classes.isdisjoint((*r.a, *r.b))
        for r in content.interactions.values()
    ):
        return
    for sign in (s for s in content.entry_signs.values() if s.sign == "unrecognized"):
        for n, other in enumerate(facts.profile.medicines):
            if n != one.place and other.state != "stopped" and unread(other, content):
                label = f"beside “{other.label}”: {sign.label}"
                yield Directive(
                    "entry_sign",
                    sign.id,
                    label,
                    sign.source,
                    "waits_for",
                    entry=one.place,
                    makes="check",
                    action=sign.action,
                    asks=(f"medicines.{n}",),
                )


def _becomes(pair: Pair, side: str, facts: Facts, content: Content) -> m.InUse:
    """What a pair makes of one of its sides. The side that gives way changes and the other goes on; without one that
    gives way both do. A newcomer is not started beside what stays, and puts no doubt on it; where what is in use gives
    way, it waits for that."""
    record = pair.record
    here, there = (pair.a_at, pair.b_at) if side == "a" else (pair.b_at, pair.a_at)
    medicines = facts.profile.medicines
    new = here is not None and medicines[here].state == "proposed"
    beside_new = there is not None and medicines[there].state == "proposed"

    def for_oud(place: int | None) -> bool:
        return place is not None and purpose_of(content, medicines[place]) == "oud"

    def agonist(place: int | None) -> bool:
        any_opioid = content.known("medicine_class", "any opioid")
        return place is not None and for_oud(place) and any_opioid in taken_as(content, medicines[place])

    if record.severity == "timing":
        return "keep_with" if new else "note"
    if record.makes == "verify" and beside_new and not new:
        # Medication for OUD that is asked for is not withheld: what blocks it is settled first.
        return "verify" if agonist(there) and not agonist(here) else "note"
    mine = record.gives_way in (side, "either", "decide", None)
    if new and not beside_new and record.severity == "stop" and (record.gives_way == side or not for_oud(here)):
        return "change"  # only medication for OUD is not withheld for what is in use: that is settled first
    if record.severity == "moderate" and not mine and not new:
        return "note"  # nothing is asked of the side that simply goes on
    if record.makes == "change" and not new and for_oud(here) and record.gives_way in ("either", "decide"):
        return "keep_with"  # medication for OUD is not what moves
    if record.makes != "change" or (mine and not beside_new and not (new and for_oud(here))):
        return record.makes
    if new:
        # Medication for OUD is not withheld for it: what it meets is settled before the start.
        return "keep_with" if for_oud(here) else "change"
    return "verify" if beside_new and for_oud(there) else "note"


def weighed_data(weighed: Weighed) -> dict[str, Any]:
    """One weighed medicine as JSON data."""
    return {
        "entry": weighed.place,
        "label": weighed.label,
        "state": weighed.state,
        "ingredients": list(weighed.ingredients),
        "verdict": weighed.verdict,
        "verb": weighed.verb,
        "judged": weighed.judged,
        "how": weighed.how,
        "by": weighed.by,
        "with": list(weighed.beside),
        "instead": weighed.instead,
        "because": [
            {"record": d.table, "id": d.id, "label": d.label, "makes": d.makes, "action": d.action, "kind": d.kind}
            for d in weighed.grounds
        ],
        "asks": list(weighed.asks),
    }
