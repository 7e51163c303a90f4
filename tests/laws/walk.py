"""What of an entry is read by some record: the facts that rules read, and the records that read an entry themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pathways.content import Content, load_content
from pathways.facts import derive
from pathways.facts.membership import surely_in
from pathways.language import facts_of
from pathways.profile import Profile
from pathways.review.recorded import recorded

Json = dict[str, Any]
AS_OF = "2026-11-16"
# A person of whom much is known, so that an entry stands out: nothing that could settle it another way is said.
BASE: Json = {
    "as_of": AS_OF,
    "answers": {"age_years": 44, "sex": "female", "setting": "outpatient"},
    "complete": {"conditions": "yes", "medicines": "yes", "observations": "yes"},
}


@cache
def read_facts(content: Content | None = None) -> frozenset[str]:
    """Every fact that a rule of some record reads, directly or through definitions, or that a page tells."""
    content = content or load_content()
    found = {f.id for f in content.facts.values() if f.shown}
    for rule in content.rules():
        if rule.table != "fact":
            found |= facts_of(content.node(rule.text))
    for trend in content.trends.values():
        found |= {trend.now_from} if trend.now_from else set()
    waiting = list(found)
    while waiting:
        fact = content.facts.get(waiting.pop())
        new = (facts_of(content.node(fact.when)) if fact and fact.when else frozenset()) - found
        found |= new
        waiting += new
    return frozenset(found)


def with_parts(base: Json, **parts: Any) -> Profile:
    """The base person with answers added and entries put on the lists."""
    data = {**base, **{k: [*base.get(k, ()), *v] for k, v in parts.items() if isinstance(v, list)}}
    data["answers"] = {**base.get("answers", {}), **parts.get("answers", {})}
    return Profile.from_dict(data)


def changed(before: Profile, after: Profile) -> frozenset[str]:
    """The facts that are read and differ between two people."""
    was, now = derive(before).values, derive(after).values
    return frozenset(name for name in read_facts() if was[name] != now[name])


def speaks_of_medicine(profile: Profile) -> Iterator[str]:
    """The pairs, cautions, limits, factors and urine tests that are about the last medicine of a list."""
    content = load_content()
    entry = profile.medicines[-1]
    names = {*entry.ingredients, *surely_in(content, entry)}
    yield from (r.id for r in content.interactions.values() if names.intersection((*r.a, *r.b)))
    yield from (c.id for c in content.cautions_about(names))
    yield from (limit.id for i in entry.ingredients for limit in content.limits_of(i))
    yield from (e.id for e in content.mme_editions.values() for f in e.factors if f.ingredient in names)
    yield from (t.id for t in content.urine_tests.values() for s in t.sources if names.intersection(s.medicines))


def speaks_of_measure(id: str) -> Iterator[str]:
    """The trends, checks, urine tests and courses that read the dates or values of a measure themselves."""
    content = load_content()
    yield from (t.id for t in content.trends.values() if id in t.measures)
    yield from (x.id for x in content.monitors.values() if id in x.seen_by)
    yield from (t.id for t in content.urine_tests.values() if t.id == id)


def said_not_used(profile: Profile) -> Mapping[str, str]:
    """The paths that the page says are recorded and not used, with the reason."""
    return {one.path: one.record.reason for one in recorded(profile, load_content())}
