"""`open_ways`: what a record names in place of a medicine, without what is closed for this person.

A record says "duloxetine or a gabapentinoid" for everybody. What stands on the page must not name what the same page
speaks against, so each way that the options or the verdicts on the list close is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from ..content import Content
from .brought import brought_classes
from .medicines import Weighed
from .options import Option

GOES = ("change", "verify", "not_this")
SPLIT = re.compile(r";\s+|,\s+|\s+or\s+")
SENTENCES = re.compile(r"[.:]\s|\bif\b")
"""Ways told in sentences or with a condition: they say themselves for whom, and are left whole."""
BELONGS_TO_THE_ONE_BEFORE = re.compile(
    r"(which|where|unless|chosen|with|after|the product|later|if|watch)\b", re.IGNORECASE
)


def open_ways(medicines: tuple[Weighed, ...], options: Iterable[Option], content: Content) -> tuple[Weighed, ...]:
    """The medicines of the list, each ``instead`` without the ways that are closed."""
    if not any(d.instead for w in medicines for d in w.grounds):
        return medicines
    shut = _shut(medicines, tuple(options), content)
    return tuple(
        replace(w, grounds=tuple(replace(d, instead=without(d.instead, shut)) if d.instead else d for d in w.grounds))
        for w in medicines
    )


def without(ways: str, shut: Iterable[str]) -> str:
    """The ways in words ("duloxetine or a gabapentinoid, at a low dose") without those that name what is shut; what only
    qualifies a way goes with it. Empty where none is left, unchanged where none is shut.

    >>> without("a gabapentinoid or a topical; or wait the 14 days", ["Gabapentinoid"])
    'a topical, or wait the 14 days'
    """
    names = _naming(frozenset(shut))
    if not names.pattern or not names.search(ways) or SENTENCES.search(ways):
        return ways
    groups: list[list[str]] = []
    for part in (p.removeprefix("or ") for p in SPLIT.split(ways.rstrip("."))):
        if groups and BELONGS_TO_THE_ONE_BEFORE.match(part):
            groups[-1].append(part)
        else:
            groups.append([part])
    for group in groups:
        group[0] = " and ".join(one for one in group[0].split(" and ") if not names.search(one))
    left = [", ".join(group) for group in groups if group[0]]
    return ", or ".join([", ".join(left[:-1]), left[-1]]) if len(left) > 1 else "".join(left)


@lru_cache(maxsize=8)
def _naming(shut: frozenset[str]) -> re.Pattern[str]:
    """Finds any of these names; kept, for one person is asked about it for each reason of each medicine."""
    return re.compile("|".join(rf"\b{re.escape(n)}s?\b" for n in sorted(shut)), re.IGNORECASE)


def _shut(medicines: tuple[Weighed, ...], options: tuple[Option, ...], content: Content) -> frozenset[str]:
    """The names of what is closed: options that are contraindicated, medicines that change, and classes of which nothing
    else is on offer."""
    closed = [o for o in options if o.safety == "contraindicated" and o.record.medicines]
    others = [o for o in options if o.safety != "contraindicated"]
    shut = {o.record.short for o in closed}
    shut |= {content.medicines[i].label for o in closed for i in o.record.medicines}
    shut -= {content.medicines[i].label for o in others if o.verb for i in o.record.medicines}
    shut |= {content.medicines[i].label for w in medicines if w.verdict in GOES for i in w.ingredients}
    open_classes = {c for o in others for c in brought_classes(o.record, content)}
    of_closed = {c for o in closed for c in brought_classes(o.record, content)} - open_classes
    shut |= {content.medicine_classes[c].label for c in of_closed if c in content.medicine_classes}
    return frozenset(shut - {o.record.short for o in others})
