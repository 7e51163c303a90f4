"""What of a treatment is in use: under which name, and whether the product that holds it is going for another's sake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..content import Content
from ..content import models as m
from ..facts.verdicts import unique
from ..language.words import soft, without_dose
from .brought import own_classes
from .directives import Directive
from .medicines import Weighed
from .meetings import Taken


def as_taken(t: m.Treatment, of: OfIt, content: Content) -> m.Treatment:
    """A treatment that stands for several medicines under the name of the one that is taken, a decision to go on with one of
    several under the name of that one, and what is taken only as a part of products under their names."""
    if of.within:
        return t.model_copy(update={"short": f"{t.short} (in {', '.join(of.within)})"})
    if of.keeps:
        named = of.keeps
    elif of.in_place and len(t.medicines) > 1:
        named = tuple(i for i in t.medicines if any(i in one.classes for one in of.own))
    else:
        named = ()
    if not named:
        return t
    words = f" ({', '.join(soft(content.medicines[i].label) for i in named)})"
    return t.model_copy(update={"short": t.short + words, **({"title": t.title + words} if of.keeps else {})})


class OfIt(NamedTuple):
    """What of that which is in use a treatment is, or decides on: whether it is in place, which (``own``), what else is
    in use that it meets (``beside``), and the ingredients that it goes on with where others of its kind have to change
    (``keeps``). ``within``: the products of several ingredients that alone hold it."""

    in_place: bool | None
    own: tuple[Taken, ...]
    beside: tuple[Taken, ...]
    keeps: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def taken_of(
    t: m.Treatment, verdict: bool | None, in_use: tuple[Taken, ...], medicines: tuple[Weighed, ...], content: Content
) -> OfIt:
    """What of that which is in use is a treatment, or is what it decides on.

    ``verdict`` is what its condition says of its being in place.
    """
    of_it = own_classes(t, content) if verdict else frozenset(t.keeps)
    own = tuple(one for one in in_use if not one.classes.isdisjoint(of_it))
    going = _going_for_another(own, medicines, content) if verdict else ()
    if own and len(going) == len(own):
        return OfIt(False, (), in_use)
    beside = tuple(one for one in in_use if one not in own)
    if verdict:
        stays = tuple(one for one in own if one not in going)
        return OfIt(verdict, stays, beside, within=_products(t, stays, medicines))
    if t.winds_down or not t.keeps:
        return OfIt(verdict, own, beside)
    kept, names = _may_stay(own, medicines, content)
    return OfIt(verdict, kept, beside, names)


def _may_stay(
    own: tuple[Taken, ...], medicines: Iterable[Weighed], content: Content
) -> tuple[tuple[Taken, ...], tuple[str, ...]]:
    """Of several that a decision could go on with, those that may stay although another has to change, and their names.
    Where each has to change, or a name would not tell them apart, the decision is about all of them, without a name."""
    moves = {w.place for w in medicines if w.state == "current" and w.verdict == "change" and w.how != "plan_dose"}
    going = [one for one in own if one.place in moves]
    kept = tuple(one for one in own if one.place not in moves)
    known = content.medicines.keys()
    names = unique(i for one in kept for i in sorted(one.classes & known))
    lost = {i for one in going for i in one.classes & known}
    if not (going and kept) or lost.intersection(names) or not all(one.classes & known for one in kept):
        return own, ()
    return kept, names


def _products(t: m.Treatment, own: tuple[Taken, ...], medicines: Iterable[Weighed]) -> tuple[str, ...]:
    """The products of which a treatment of one medicine is only a part; none where one of them is the medicine alone.
    (Medication for OUD and naloxone for a rescue are told apart by their own names.)"""
    combined = {w.place for w in medicines if len(w.ingredients) > 1}
    if t.place.treats_oud or t.rescues or len(t.medicines) != 1 or not all(one.place in combined for one in own):
        return ()
    return unique(without_dose(one.label) for one in own)


def _going_for_another(own: Iterable[Taken], medicines: Iterable[Weighed], content: Content) -> tuple[Taken, ...]:
    """What is in use of a treatment in products that have to change because of what else they hold: the acetaminophen in a
    tablet with codeine is no acetaminophen that has to change."""
    by_place = {w.place: w for w in medicines if w.state == "current"}
    found = ((one, by_place[one.place]) for one in own if one.place in by_place)
    return tuple(
        one
        for one, w in found
        if w.verdict == "change"
        and len(w.ingredients) > 1
        and not any(_concerns(d, one.classes, content) for d in w.grounds if d.makes == "change")
    )


def _concerns(ground: Directive, classes: frozenset[str], content: Content) -> bool:
    """Whether what is said of an entry is said of this part of it."""
    if ground.table == "medicine_caution":
        return not classes.isdisjoint(content.medicine_cautions[ground.id].of)
    if ground.table == "dose_limit":
        return content.dose_limits[ground.id].of in classes
    if ground.table == "interaction":
        record = content.interactions[ground.id]
        return not classes.isdisjoint((*record.a, *record.b))
    named = {target.removeprefix("in_use:") for target in ground.targets}
    return not named or not classes.isdisjoint(named)
