"""What of a treatment is in use: under which name, and whether the product that holds it is going for another's sake."""

from __future__ import annotations

from collections.abc import Iterable

from ..content import Content
from ..content import models as m
from ..language.words import soft
from .brought import own_classes
from .directives import Directive
from .medicines import Weighed
from .meetings import Taken


def as_taken(t: m.Treatment, own: Iterable[Taken], content: Content) -> m.Treatment:
    """A treatment that stands for several medicines, under the name of the one that is taken."""
    taken = [i for i in t.medicines if any(i in one.classes for one in own)] if len(t.medicines) > 1 else []
    if not taken:
        return t
    return t.model_copy(update={"short": f"{t.short} ({', '.join(soft(content.medicines[i].label) for i in taken)})"})


def taken_of(
    t: m.Treatment, verdict: bool | None, in_use: tuple[Taken, ...], medicines: tuple[Weighed, ...], content: Content
) -> tuple[bool | None, tuple[Taken, ...]]:
    """Whether a treatment is in place, and what of that which is in use is it, or is what it decides on.

    ``verdict`` is what its condition says of its being in place.
    """
    of_it = own_classes(t, content) if verdict else frozenset(t.keeps)
    own = tuple(one for one in in_use if not one.classes.isdisjoint(of_it))
    return (False, ()) if verdict and _goes_for_another(own, medicines, content) else (verdict, own)


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
