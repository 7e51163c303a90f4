"""`open_ways`, `open_advice`: what a record names as a way, without what is closed for this person.

A record says "duloxetine or a gabapentinoid" for everybody. What stands on the page must not name what the same page
speaks against, so each way that the options or the verdicts on the list close is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..content import Content
from ..content import models as m
from .brought import brought_classes
from .findings import Findings
from .medicines import Weighed
from .options import Option

GOES = ("change", "verify", "not_this")


def open_ways(medicines: tuple[Weighed, ...], options: Iterable[Option], content: Content) -> tuple[Weighed, ...]:
    """The medicines of the list, each ``instead`` without the ways that are closed."""
    if not any(way.of for w in medicines for d in w.grounds for way in d.instead):
        return medicines
    shut = _shut(medicines, tuple(options), content)
    return tuple(
        replace(w, grounds=tuple(replace(d, instead=without(d.instead, shut)) if d.instead else d for d in w.grounds))
        for w in medicines
    )


def open_advice(
    findings: Findings, medicines: tuple[Weighed, ...], options: Iterable[Option], content: Content
) -> Findings:
    """The findings, the advice of each without the treatments that are closed, or that the person does not want."""
    options = tuple(options)
    shut = _shut(medicines, options, content) | {o.id for o in options if o.refused}
    told = (replace(f, ways=without(f.ways, shut)) if f.ways else f for f in findings.recommendations)
    return replace(findings, recommendations=tuple(told))


def without(ways: Iterable[m.Way], shut: Collection[str]) -> tuple[m.Way, ...]:
    """The ways that are none of what is shut; notes alone say nothing.

    >>> without([m.Way(say="ibuprofen", of="ibuprofen"), m.Way(say="with food", joined="note")], {"ibuprofen"})
    ()
    """
    left = tuple(way for way in ways if not any(one in shut for one in way.of or ()))
    return left if any(way.joined != "note" for way in left) else ()


def _shut(medicines: tuple[Weighed, ...], options: tuple[Option, ...], content: Content) -> frozenset[str]:
    """What is closed: options that are contraindicated, medicines that change, and classes of which nothing else is on
    offer."""
    closed = [o for o in options if o.safety == "contraindicated"]
    others = [o for o in options if o.safety != "contraindicated"]
    shut = {i for o in closed for i in o.record.medicines}
    shut -= {i for o in others if o.verb for i in o.record.medicines}
    shut |= {o.id for o in closed}
    shut |= {i for w in medicines if w.verdict in GOES for i in w.ingredients}
    open_classes = {c for o in others for c in brought_classes(o.record, content)}
    shut |= {c for o in closed for c in brought_classes(o.record, content)} - open_classes
    return frozenset(shut)
