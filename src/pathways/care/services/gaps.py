"""The gap plan: how each item of the plans is had at this site, and what holds until then. Read after a review is done.

Nothing before this room can import it, so no recommendation can depend on a site or on what a plan pays for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...content import models as m
from ...profile import Coverage
from ...review.audience import withheld
from ...review.case import Case
from ...review.findings import cites
from ...review.plans import Item
from ..levels import level_of_care
from .model import Site, SiteService
from .signoff import carriers, confirmed

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
    interim: tuple[m.Line, ...]
    alternatives: tuple[m.Line, ...]

    @property
    def urgent(self) -> bool:
        """Whether it is MOUD or what prevents an overdose."""
        place = self.item.option.record.place
        return place.treats_oud or place.prevents_harm


@dataclass(frozen=True)
class LevelGap:
    """How the level of care that the ratings advise is had. ``entry`` is None where the site says nothing of it, which is
    unknown and not "none"."""

    level: m.CareLevel
    entry: SiteService | None
    who: tuple[str, ...]
    too_long: bool
    interim: tuple[m.Line, ...]
    alternatives: tuple[m.Line, ...]

    @property
    def open(self) -> bool:
        """Whether the level is known not to be had here."""
        return self.entry is not None and self.entry.where in OUTSIDE


@dataclass(frozen=True)
class SiteGaps:
    """``first``, under ``title``, stands before all interim plans. ``here`` items need no gap plan; of ``not_said`` the site says nothing,
    which is unknown and not "none". ``level`` is there when the ratings advise a level of care."""

    title: str
    first: tuple[m.Line, ...]
    gaps: tuple[Gap, ...]
    here: tuple[Item, ...]
    not_said: tuple[Item, ...]
    level: LevelGap | None


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
    gaps.sort(key=lambda gap: (not gap.urgent, not gap.item.option.record.place.treats_oud))
    level = level_gap(case, site)
    first = case.content.checklists[case.content.known("checklist", "before any gap plan")]
    return SiteGaps(first.title, fitting(case, first.lines), tuple(gaps), tuple(here), tuple(not_said), level)


def level_gap(case: Case, site: Site) -> LevelGap | None:
    """How the least level that the ratings allow is had at this site; None where nothing is rated."""
    least = level_of_care(case).least
    if least is None:
        return None
    entry = site.of(least.treatment, case.content) if least.treatment else None
    service = _service(case, least.treatment) if least.treatment else None
    bridge = (fitting(case, service.interim), fitting(case, service.alternatives)) if service else ((), ())
    record = case.content.treatments.get(least.treatment or "")
    who = _who(case, site, (*record.owner, *record.delivered_by)) if record else ()
    return LevelGap(least, entry, who, _late(entry, site), *bridge)


def fitting(case: Case, lines: tuple[m.Line, ...]) -> tuple[m.Line, ...]:
    """The lines that may be said to this person: none that offers what is closed to them or does not fit, and none for
    a need that is surely not raised. What is not known keeps a line."""
    raised = {need.record.id: need.raised for need in case.findings.needs}

    def fits(line: m.Line) -> bool:
        if line.need and raised.get(line.need) is False:
            return False
        if line.treatment is None:
            return True
        option = case.option(line.treatment)
        return option.safety != "contraindicated" and option.fit != "not_indicated"

    return tuple(line for line in lines if fits(line))


def _items(case: Case) -> tuple[Item, ...]:
    """The items of the plans shown, each once, those of the core first."""
    found = {item.id: item for item in case.shown.core}
    for plan in case.shown.plans:
        for item in plan.items:
            found.setdefault(item.id, item)
    return tuple(found.values())


def _gap(case: Case, site: Site, item: Item, entry: SiteService) -> Gap:
    who = _who(case, site, (*item.option.record.owner, *item.option.record.delivered_by))
    service = _service(case, item.id)
    bridge = (fitting(case, service.interim), fitting(case, service.alternatives)) if service else ((), ())
    return Gap(item, entry, service, who, _late(entry, site), *bridge)


def _who(case: Case, site: Site, roles: tuple[str, ...]) -> tuple[str, ...]:
    """The people of the roster for some roles, in the order of the roles, each with their number."""
    labels = case.content.roles
    found = (
        f"{p.name} ({labels[p.role].label}{', ' + p.phone if p.phone else ''})"
        for role in roles
        for p in site.roster
        if p.role == role
    )
    return tuple(dict.fromkeys(found))


def _late(entry: SiteService | None, site: Site) -> bool:
    longest = site.thresholds.longest_wait_days
    return bool(entry and entry.wait_days is not None and longest is not None and entry.wait_days > longest)


def _service(case: Case, treatment: str) -> m.Service | None:
    return next((s for s in case.content.services.values() if treatment in s.treatments), None)


@withheld(None)
def site_data(case: Case, site: Site) -> dict[str, Any]:
    """What the site adds to a case, as JSON data."""
    plan = gap_plan(case, site)
    as_of = case.profile.as_of
    return {
        "name": site.name,
        "first": lines_data(plan.first),
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
                "interim": lines_data(gap.interim),
                "alternatives": lines_data(gap.alternatives),
            }
            for gap in plan.gaps
        ],
        "here": [item.id for item in plan.here],
        "not_said": [item.id for item in plan.not_said],
        "level_of_care": _level_data(plan.level),
        "contact_every_days": site.thresholds.contact_every_days,
        "phones": [number.model_dump() for number in site.phone],
        "state_rules": [
            {**rule.model_dump(mode="json"), "past_recheck": past(rule.recheck_by, as_of)} for rule in site.state_rule
        ],
        "signoff": {
            "confirmed": len(confirmed(site)),
            "of": len(case.content.signoff_rows),
            "open_behind_this_case": [row.id for row in behind(case) if row.id not in confirmed(site)],
            "rows": [entry.model_dump(mode="json") for entry in confirmed(site).values()],
        },
    }


def _level_data(gap: LevelGap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    entry = gap.entry
    return {
        "at_least": gap.level.id,
        "where": entry.where if entry else None,
        "route": entry.route if entry else "",
        "wait_days": entry.wait_days if entry else None,
        "beyond_limit": gap.too_long,
        "who": list(gap.who),
        "interim": lines_data(gap.interim) if gap.open else [],
        "alternatives": lines_data(gap.alternatives) if gap.open else [],
    }


def behind(case: Case) -> tuple[m.SignoffRow, ...]:
    """The rows to confirm that stand behind what this case shows, in the order of the queue."""
    shown = {("treatment", item.id) for item in _items(case)}
    shown |= {("emergency", e.record.id) for e in case.findings.emergencies if e.state == "present"}
    shown |= {("recommendation", f.record.id) for f in case.findings.recommendations if f.status in ("applies", "met")}
    shown |= {("interaction", record.id) for plan in case.shown.plans for _, _, record in plan.pairs}
    shown |= {("interaction", wait.record.id) for plan in case.shown.plans for _, wait in plan.timing}
    level = level_of_care(case)
    shown |= {("care_dimension", d.record.id) for d in level.dimensions if d.ratings}
    shown |= {("care_level", found.id) for found in (level.least, level.most, level.with_medical) if found}
    rows = sorted(case.content.signoff_rows.values(), key=lambda row: row.order)
    return tuple(row for row in rows if not shown.isdisjoint(carriers(row, case.content)))


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
        alternatives = fitting(case, service.alternatives) if service and gap else ()
        found.append(CoverageGap(entry, title, gap, tuple(_open(entry)), alternatives))
    return tuple(found)


def coverage_not_asked(case: Case) -> tuple[m.Service, ...]:
    """The services of the plans shown that nobody asked the plan of cover about."""
    asked = {entry.service for entry in case.profile.coverage}
    found = {}
    for item in _items(case):
        service = _service(case, item.id)
        if service and service.id not in asked and item.id not in asked:
            found[service.id] = service
    return tuple(found.values())


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
    content = case.content
    verify, lacking = (
        content.checklists[content.known("checklist", name)] for name in ("verify the cover", "where cover is lacking")
    )
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
        "not_asked": [service.id for service in coverage_not_asked(case)],
        "owner": list(verify.owner),
        "verify": lines_data(verify.lines),
        "alternatives": lines_data(lacking.lines),
    }
