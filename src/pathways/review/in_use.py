"""What of a treatment is in use: under which name, and whether the product that holds it is going for another's sake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..content import Content
from ..content import models as m
from ..facts.verdicts import unique
from ..language.words import soft
from .brought import own_classes
from .directives import Directive
from .medicines import Weighed
from .meetings import Taken


def as_taken(t: m.Treatment, of: OfIt, content: Content) -> m.Treatment:
    """A treatment that stands for several medicines under the name of the one that is taken, and a decision to go on
    with one of several under the name of that one."""
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
    (``keeps``)."""

    in_place: bool | None
    own: tuple[Taken, ...]
    beside: tuple[Taken, ...]
    keeps: tuple[str, ...] = ()


def taken_of(
    t: m.Treatment, verdict: bool | None, in_use: tuple[Taken, ...], medicines: tuple[Weighed, ...], content: Content
) -> OfIt:
    """What of that which is in use is a treatment, or is what it decides on.

    ``verdict`` is what its condition says of its being in place.
    """
    of_it = own_classes(t, content) if verdict else frozenset(t.keeps)
    own = tuple(one for one in in_use if not one.classes.isdisjoint(of_it))
    if verdict and _goes_for_another(own, medicines, content):
        return OfIt(False, (), in_use)
    if verdict or t.winds_down or not t.keeps:
        return OfIt(verdict, own, tuple(one for one in in_use if one not in own))
    kept, names = _may_stay(own, medicines, content)
    return OfIt(verdict, kept, tuple(one for one in in_use if one not in own), names)


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


def _goes_for_another(own: Iterable[Taken], medicines: Iterable[Weighed], content: Content) -> bool:
    """Whether all that is in use of a treatment stands in products that have to change because of what else they hold:
    the acetaminophen in a tablet with codeine is no acetaminophen that has to change."""
    by_place = {w.place: w for w in medicines if w.state == "current"}
    found = [(one, by_place[one.place]) for one in own if one.place in by_place]
    return bool(found) and all(
        w.verdict == "change"
        and len(w.ingredients) > 1
        and not any(_concerns(d, one.classes, content) for d in w.grounds if d.makes == "change")
        for one, w in found
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
    return True
