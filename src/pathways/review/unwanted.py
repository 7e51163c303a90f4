"""`of_wishes`: what it makes of a medicine in use that the person does not want it, or was harmed by it before.

It goes on until it is changed with the person. Medication for OUD is talked over, and never ended for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..content import Content
from ..content import models as m
from ..facts import Facts
from .brought import own_classes
from .directives import Directive
from .entries import Listed

OUD_GOES_ON = "Ask why; offer the other medications for OUD; nothing ends before another has begun"


def of_wishes(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """What the wishes of the person say of an entry in use, by the treatment that it is."""
    for n, wish in enumerate(facts.profile.wishes if one.current else ()):
        t = content.treatments[wish.treatment]
        if t.winds_down or not t.in_place or one.classes.isdisjoint(own_classes(t, content)):
            continue
        for sign in content.wish_signs.values():
            if sign.sign in (wish.says, wish.tried) and sign.in_use:
                yield _unwanted(n, one, t, sign)


def _unwanted(n: int, one: Listed, t: m.Treatment, sign: m.WishSign) -> Directive:
    oud = t.place.treats_oud
    return Directive(
        "wish_sign",
        sign.id,
        sign.label,
        sign.source,
        "speaks_against",
        entry=one.place,
        strength="only_with" if oud else "avoid",
        makes="keep_with" if oud else sign.in_use or "change",
        how=None if oud else sign.how,
        by="this_week",
        action=OUD_GOES_ON if oud else sign.action,
        say="" if oud else sign.say,
        because=({"fact": f"wishes.{n}", "says": f"{t.short}: {sign.label}", "origin": [f"wishes.{n}"]},),
    )
