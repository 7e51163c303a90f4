"""`closed_as_treatments`: a medicine that was asked for, held to what closes it as a treatment.

The rules of a treatment (suzetrigine for pain) say more than those of its medicine, so the answer to a medicine that was
asked for waits for the options. Page, handout and data then say the same of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .directives import Directive
from .medicines import Weighed
from .options import Option


def closed_as_treatments(medicines: Iterable[Weighed], options: Iterable[Option]) -> tuple[Weighed, ...]:
    """The medicines, with "not this" for what is proposed and is no treatment that is open for this person."""
    options = tuple(options)
    return tuple(_closed(w, options) if w.state == "proposed" else w for w in medicines)


def _closed(weighed: Weighed, options: tuple[Option, ...]) -> Weighed:
    """It is closed when every treatment that it may be is contraindicated; what closes the first one is the reason."""
    same = [o for o in options if not set(o.record.medicines).isdisjoint(weighed.ingredients)]
    if weighed.verdict == "not_this" or not same or any(o.safety != "contraindicated" for o in same):
        return weighed
    closer = next(iter(same[0].closed_by), None)
    if closer is None:
        return weighed
    if not isinstance(closer, Directive):  # what else a caution says is said of the medicine that it is about
        id = same[0].id
        closer = Directive("treatment", id, closer.label, closer.source, "speaks_against", instead=closer.instead)
    held = replace(closer, entry=weighed.place, strength="stop", makes="change")
    return replace(weighed, grounds=(held, *weighed.grounds), verdict="not_this")
