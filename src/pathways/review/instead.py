"""`open_ways`, `open_refusals`, `open_advice`: what a record names as a way, without what is closed for this person.

A record says "duloxetine or a gabapentinoid" for everybody. What stands on the page must not name what the same page
speaks against, so each way that the options or the verdicts on the list close is left out. So is what is taken already at
its limit, what something else comes before, and the kind of which one is in use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..content import Content
from ..content import models as m
from ..facts import Facts
from .brought import brought_classes
from .directives import Directive
from .entries import at_their_limit
from .findings import Findings
from .medicines import Weighed
from .options import Option
from .own_rules import Closing

GOES = ("change", "verify", "not_this")


def open_ways(
    medicines: tuple[Weighed, ...], options: Iterable[Option], facts: Facts, content: Content
) -> tuple[Weighed, ...]:
    """The medicines of the list, each ``instead`` without the ways that are closed."""
    if not any(way.of for w in medicines for d in w.grounds for way in d.instead):
        return medicines
    options = tuple(options)
    shut = _shut(medicines, options, content) | at_their_limit(facts, content)
    behind = _behind(options)

    def opened(ground: Directive) -> Directive:
        return replace(ground, instead=_open(ground.instead, shut, behind)) if ground.instead else ground

    return tuple(replace(w, grounds=tuple(opened(d) for d in w.grounds)) for w in medicines)


def open_refusals(
    options: tuple[Option, ...], medicines: tuple[Weighed, ...], facts: Facts, content: Content
) -> tuple[Option, ...]:
    """The options, each ``instead`` of what closes them without the ways that are closed."""
    if not any(way.of for o in options for c in o.closed_by for way in c.instead):
        return options
    shut = _shut(medicines, options, content) | at_their_limit(facts, content)
    behind = _behind(options)

    def opened(closer: Closing) -> Closing:
        left = _open(closer.instead, shut, behind)
        if left == closer.instead:
            return closer
        if isinstance(closer, Directive):
            return replace(closer, instead=left)
        return closer.model_copy(update={"instead": left})

    return tuple(replace(o, closed_by=tuple(opened(c) for c in o.closed_by)) if o.closed_by else o for o in options)


def _open(ways: Iterable[m.Way], shut: Collection[str], behind: Collection[str]) -> tuple[m.Way, ...]:
    """The ways that are open: first those against which nothing is known, and only without such a one the others."""
    left = without(ways, shut)
    best = without(left, behind)
    return best if any(way.of for way in best) else left


def _behind(options: tuple[Option, ...]) -> frozenset[str]:
    """What would be started with something true against it and something still to be checked first."""
    late = [o for o in options if o.safety == "check_first" and o.cautions and o.in_place != "yes"]
    return frozenset({i for o in late for i in (o.id, *o.record.medicines)})


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
    closed: list[Option] = []
    others: list[Option] = []
    for o in options:
        shuts = o.safety == "contraindicated" or (o.in_place != "yes" and o.avoided)
        (closed if shuts else others).append(o)
    shut = {i for o in closed for i in o.record.medicines}
    shut -= {i for o in others if o.verb for i in o.record.medicines}
    shut |= {o.id for o in closed}
    # Of a product of two, the part that goes is the record's to say: the other is judged as an option of its own.
    shut |= {w.ingredients[0] for w in medicines if w.verdict in GOES and len(w.ingredients) == 1}
    open_classes = {c for o in others for c in brought_classes(o.record, content)}
    shut |= {c for o in closed for c in brought_classes(o.record, content)} - open_classes
    return frozenset(shut | {c for o in options if o.in_place == "yes" for c in _kind(o, options, content)})


def _kind(option: Option, options: tuple[Option, ...], content: Content) -> frozenset[str]:
    """The classes of medicine that all treatments of one group bring: one of them is in use, and no second is added."""
    if option.record.group is None:
        return frozenset()
    same = [brought_classes(o.record, content) for o in options if o.record.group == option.record.group]
    return frozenset.intersection(*map(frozenset, same)) if len(same) > 1 else frozenset()
