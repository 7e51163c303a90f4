"""`held_as_treatments`: a medicine that was asked for, held to what speaks against it as a treatment.

The rules of a treatment (suzetrigine for pain) say more than those of its medicine, and a refusal is of a treatment, so the
answer to a medicine that was asked for waits for the options. Page, handout and data then say the same of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..content import Content
from ..content import models as m
from ..facts import Facts
from ..facts.membership import classes_in
from ..profile import Medicine
from .brought import own_classes
from .directives import Directive
from .medicines import Weighed
from .options import Option


def held_as_treatments(
    medicines: Iterable[Weighed], options: Iterable[Option], facts: Facts, content: Content
) -> tuple[Weighed, ...]:
    """The medicines, what is proposed with what speaks against the treatments that it may be: "not this" where none of them
    is open or the person does not want it, "only with care" where they have a caution."""
    options = tuple(options)
    listed = facts.profile.medicines

    def same(weighed: Weighed) -> tuple[Option, ...]:
        entry = listed[weighed.place]
        return tuple(o for o in _the_same(weighed, options) if not _another_form(entry, o, content))

    return tuple(_held(w, same(w)) if w.state == "proposed" else w for w in medicines)


def _another_form(entry: Medicine, option: Option, content: Content) -> bool:
    """Whether an entry is surely not given as this treatment is: tablets are not judged by the rules of an injection."""
    told = classes_in(content, entry)
    own = [told[c] for c in own_classes(option.record, content) if c in told]
    return option.record.route is not None and bool(own) and all(one is False for one in own)


def _held(weighed: Weighed, same: tuple[Option, ...]) -> Weighed:
    if weighed.verdict == "not_this" or not same:
        return weighed
    named = tuple(o for o in same if o.record.medicines) or same  # one that names it says more than one of its class
    closed = [o for o in same if o.safety == "contraindicated"]
    unwanted = next((c for o in same for c in o.closed_by if isinstance(c, Directive) and c.table == "wish_sign"), None)
    shut = all(o in closed for o in named)
    closer = unwanted or (next(iter(named[0].closed_by), None) if shut else None)
    if closer is not None:
        held = _of_closer(closer, weighed, named[0])
        return replace(weighed, grounds=(held, *weighed.grounds), verdict="not_this")
    cares = tuple(_cautions(weighed, [o for o in same if o not in closed]))
    if not cares:
        return weighed
    verdict = "start_with" if weighed.verdict == "start" else weighed.verdict
    return replace(weighed, grounds=(*weighed.grounds, *cares), verdict=verdict)


def _the_same(weighed: Weighed, options: Iterable[Option]) -> Iterator[Option]:
    """The treatments that an entry may be: by ingredient, for the same purpose, or by a class where they name no
    ingredient."""
    for o in options:
        t = o.record
        if t.medicines:
            if not set(t.medicines).isdisjoint(weighed.ingredients) and set(t.classes) <= weighed.classes:
                yield o
        elif t.classes and t.group and set(t.classes) <= weighed.classes:
            yield o


def _cautions(weighed: Weighed, same: Iterable[Option]) -> Iterator[Directive]:
    """What the treatments say with care of: their own cautions and refusals; those of the medicine were weighed with it."""
    told = {d.label for d in weighed.grounds}
    for option in same:
        for caution in option.cautions:
            if isinstance(caution, m.MedicineCaution) or caution.label in told:
                continue
            told.add(caution.label)
            if isinstance(caution, Directive):
                yield replace(caution, entry=weighed.place, makes="keep_with", how=None)
            else:
                yield Directive(
                    "treatment",
                    option.id,
                    caution.label,
                    caution.source,
                    "speaks_against",
                    entry=weighed.place,
                    strength="only_with",
                    makes="keep_with",
                    action=caution.action,
                )


def _of_closer(closer: m.Closer | m.MedicineCaution | Directive, weighed: Weighed, option: Option) -> Directive:
    if not isinstance(closer, Directive):  # what else a caution says is said of the medicine that it is about
        label, source, instead = closer.label, closer.source, closer.instead
        closer = Directive("treatment", option.id, label, source, "speaks_against", instead=instead)
    return replace(closer, entry=weighed.place, strength="stop", makes="change")
