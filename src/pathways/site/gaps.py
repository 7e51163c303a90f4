"""The gap plan: how each item of the plans is had at this site, and what holds until then. Read after a review is done.

Nothing before this room can import it, so no recommendation can depend on a site or on what a plan pays for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..case import Case
from ..content import models as m
from ..options import cites
from ..plans import Item
from ..profile import Coverage
from .model import Site, SiteService
from .signoff import confirmed

OUTSIDE = ("remote", "referral", "none")


@dataclass(frozen=True)
class Gap:
    """One item of the plans that is not had here. ``interim`` holds until it is had; ``too_long`` marks a wait beyond
    the site's own limit; ``who`` are people of the roster for the item's owners."""

    item: Item
    entry: SiteService
    service: m.Service | None
    who: tuple[str, ...]
    too_long: bool

    @property
    def interim(self) -> tuple[m.Line, ...]:
        return self.service.interim if self.service else ()

    @property
    def alternatives(self) -> tuple[m.Line, ...]:
        return self.service.alternatives if self.service else ()


@dataclass(frozen=True)
class SiteGaps:
    """``first`` stands before all interim plans. ``here`` items need no gap plan; of ``not_said`` the site says nothing,
    which is unknown and not "none"."""

    first: m.Checklist
    gaps: tuple[Gap, ...]
    here: tuple[Item, ...]
    not_said: tuple[Item, ...]


def gap_plan(case: Case, site: Site) -> SiteGaps:
    """How each item of the plans shown is had at this site."""
    gaps: list[Gap] = []
    here: list[Item] = []
    not_said: list[Item] = []
    for item in _items(case):
        entry = site.of(item.id, case.content)
        if entry is None:
            not_said.append(item)
        elif entry.where not in OUTSIDE:
            here.append(item)
        else:
            gaps.append(_gap(case, site, item, entry))
    return SiteGaps(case.content.checklists["gap_first"], tuple(gaps), tuple(here), tuple(not_said))


def _items(case: Case) -> tuple[Item, ...]:
    """The items of the plans shown, each once, those of the core first."""
    found = {item.id: item for item in case.shown.core}
    for plan in case.shown.plans:
        for item in plan.items:
            found.setdefault(item.id, item)
    return tuple(found.values())


def _gap(case: Case, site: Site, item: Item, entry: SiteService) -> Gap:
    owners = (*item.option.record.owner, *item.option.record.delivered_by)
    who = dict.fromkeys(
        f"{p.name} ({case.content.roles[p.role].label}{', ' + p.phone if p.phone else ''})"
        for owner in owners
        for p in site.roster
        if p.role == owner
    )
    longest = site.thresholds.longest_wait_days
    late = longest is not None and entry.wait_days is not None and entry.wait_days > longest
    return Gap(item, entry, _service(case, item.id), tuple(who), late)


def _service(case: Case, treatment: str) -> m.Service | None:
    return next((s for s in case.content.services.values() if treatment in s.treatments), None)


def site_data(case: Case, site: Site) -> dict[str, Any]:
    """What the site adds to a case, as JSON data."""
    plan = gap_plan(case, site)
    as_of = case.profile.as_of
    return {
        "name": site.name,
        "first": lines_data(plan.first.lines),
        "gaps": [
            {
                "item": gap.item.id,
                "short": gap.item.option.record.short,
                "verb": gap.item.verb,
                "service": gap.service.id if gap.service else None,
                "where": gap.entry.where,
                "route": gap.entry.route,
                "wait_days": gap.entry.wait_days,
                "beyond_limit": gap.too_long,
                "phone": gap.entry.phone,
                "who": list(gap.who),
                "interim": lines_data((*plan.first.lines, *gap.interim)),
                "alternatives": lines_data(gap.alternatives),
            }
            for gap in plan.gaps
        ],
        "here": [item.id for item in plan.here],
        "not_said": [item.id for item in plan.not_said],
        "contact_every_days": site.thresholds.contact_every_days,
        "phones": [number.model_dump() for number in site.phone],
        "state_rules": [
            {**rule.model_dump(mode="json"), "past_recheck": past(rule.recheck_by, as_of)} for rule in site.state_rule
        ],
        "signoff": {
            "confirmed": len(confirmed(site)),
            "of": len(case.content.signoff_rows),
            "rows": [entry.model_dump(mode="json") for entry in confirmed(site).values()],
        },
    }


def past(day: Any, as_of: Any) -> bool | None:
    """Whether a day lies before the day of the case; None where one of them is not known."""
    return None if day is None or as_of is None else bool(day < as_of)


def lines_data(lines: tuple[m.Line, ...]) -> list[dict[str, Any]]:
    """Lines with who says so, as JSON data."""
    return [{"says": line.says, "source": cites(line.source)} for line in lines]


# -- coverage -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverageGap:
    """What a plan says of one service, and what is still to be asked of it. ``gap``: not known to be covered."""

    entry: Coverage
    title: str
    gap: bool
    ask: tuple[str, ...]
    alternatives: tuple[m.Line, ...]


def coverage_gaps(case: Case) -> tuple[CoverageGap, ...]:
    """What is known of coverage, service by service, with what is still open."""
    content = case.content
    found = []
    for entry in case.profile.coverage:
        record = content.services.get(entry.service)
        service = record or _service(case, entry.service)
        title = record.title if record else content.treatments[entry.service].title
        gap = entry.status in ("not_covered", "unknown")
        alternatives = service.alternatives if service and gap else ()
        found.append(CoverageGap(entry, title, gap, tuple(_open(entry)), alternatives))
    return tuple(found)


def _open(entry: Coverage) -> Iterator[str]:
    if entry.status == "unknown":
        yield "whether it is covered"
    if entry.status == "prior_authorization":
        yield "who sends the prior authorization, and by when"
    if entry.status in ("covered", "prior_authorization"):
        for name, value in (("deductible", entry.deductible), ("copay", entry.copay), ("days covered", entry.days)):
            if value is None:
                yield name


def coverage_data(case: Case) -> dict[str, Any] | None:
    """Coverage as JSON data; None where nothing was said of it."""
    found = coverage_gaps(case)
    if not found:
        return None
    lists = case.content.checklists
    return {
        "services": [
            {
                "service": one.entry.service,
                "title": one.title,
                "status": one.entry.status,
                "deductible": one.entry.deductible,
                "copay": one.entry.copay,
                "days": one.entry.days,
                "note": one.entry.note,
                "gap": one.gap,
                "ask": list(one.ask),
                "alternatives": lines_data(one.alternatives),
            }
            for one in found
        ],
        "verify": lines_data(lists["coverage_check"].lines),
        "alternatives": lines_data(lists["coverage_alternatives"].lines),
    }
