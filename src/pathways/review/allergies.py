"""What allergies on record say: against starting a treatment, and of medicines in use or asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..content import Content
from ..content import models as m
from ..facts import Facts
from ..facts.allergies import Allergic, allergies_of
from ..facts.membership import ingredients_of
from ..language.words import soft
from .directives import Directive, Kind, against
from .entries import Listed

TABLE = "allergy_sign"


def of_allergies(facts: Facts, content: Content) -> tuple[Directive, ...]:
    """What each allergy says against starting a treatment: of all that a treatment may be, or of some of it."""
    found = allergies_of(facts.profile, content)
    if not found:
        return ()
    return tuple(
        d for one in found for t in content.treatments.values() if (d := _against(one, t, content)) is not None
    )


def _against(one: Allergic, treatment: m.Treatment, content: Content) -> Directive | None:
    may_be = frozenset(treatment.medicines)
    may_be = may_be or frozenset(i for c in treatment.classes for i in content.class_members(c))
    if not may_be or one.sign.strength is None or treatment.winds_down:
        return None
    base = replace(
        directive(one), targets=(treatment.id,), strength=one.sign.softened if treatment.rescues else one.sign.strength
    )
    if one.unread or may_be <= one.to:
        return base
    if not (hit := may_be & one.to):
        return None
    which = ", ".join(sorted(soft(content.medicines[i].label) for i in hit))
    # Another of the same kind may do: after a serious reaction only once somebody has looked.
    weaker: m.Against = "avoid" if base.strength == "stop" else "only_with"
    return replace(base, strength=weaker, label=f"{base.label}; not {which}")


def of_entry(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """What the allergies say of one entry of the medicines list."""
    if not facts.profile.allergies:
        return
    mine = frozenset(ingredients_of(content, one.entry))
    for found in allergies_of(facts.profile, content):
        if not (mine & found.to or (found.unread and not one.current)):
            continue
        makes: m.InUse = found.sign.makes
        if not one.current:
            makes = "change" if found.sign.strength == "stop" else "check" if found.sign.strength else "note"
        if found.unread and one.current:
            makes = "note"
        kind: Kind = "waits_for" if makes == "check" else "speaks_against"
        yield replace(directive(found), kind=kind, entry=one.place, makes=makes, asks=one.asked(makes))


def directive(one: Allergic) -> Directive:
    """An allergy as a demand that names no target yet."""
    label = f"allergy on record, {soft(one.entry.label)}: {one.sign.label}"
    origin = f"allergies.{one.place}"
    return against(TABLE, one.sign, label=label, because=({"fact": origin, "says": label, "origin": [origin]},))
