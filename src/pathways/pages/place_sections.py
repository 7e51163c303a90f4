"""The pages on where care takes place: level of care, what the site lacks and what bridges it, what a plan pays for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from ..care.levels import AID, NO_LEVEL, LevelOfCare, Rated, level_of_care
from ..care.services import (
    CoverageGap,
    Gap,
    LevelGap,
    Site,
    SiteService,
    Staff,
    behind,
    confirmed,
    coverage_gaps,
    coverage_not_asked,
    gap_plan,
    past,
)
from ..content import models as m
from ..language.words import soft
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said
from .blocks import Block, Cell, Listing, Note, Section, Table, cell, roles
from .picture_sections import level_picture

APART = "The advice stands whatever the site has and the plan pays: this says how it is had."
STATUS_WORDS = {
    "covered": "covered",
    "prior_authorization": "prior authorization",
    "not_covered": "not covered",
    "unknown": "not known",
}
WHERE_WORDS = {"here": "here", "remote": "remote", "referral": "by referral", "none": "not to be had"}


@withheld(())
def place_sections(case: Case, site: Site | None) -> tuple[Section, ...]:
    """The printed sections, in reading order. What nobody said anything about takes no room.
    Where care takes place tells others what care it is."""
    found = (_level(case), *((_gaps(case, site), _site(case, site)) if site else ()), _coverage(case))
    return tuple(section for section in found if section)


@withheld(())
def place_annexes(case: Case) -> tuple[Section, ...]:
    """The folded sections: how to ask about coverage, where nothing was asked yet."""
    if case.profile.coverage:
        return ()
    return (Section("coverage", "Coverage: nothing recorded", tuple(_not_asked(case)), annex=True),)


def _lines(lines: Iterable[m.Line]) -> Cell:
    return tuple(Said(line.says, line.source) for line in lines)


# -- level of care --------------------------------------------------------------------------------------------


def _level(case: Case) -> Section | None:
    level, content = level_of_care(case), case.content
    raised = any(n.record.treats == "oud" and n.raised for n in case.findings.needs)
    if not level.said and not raised:
        return None
    blocks: list[Block] = []
    if level.least is None:
        names = "; ".join(soft(d.record.title) for d in level.dimensions)
        blocks.append(Note(Said(f"Not rated. The team rates five dimensions: {names}.", calculation="dimensions")))
    if level.said:
        blocks.append(_four_levels(case, level))
    if level.least is not None:
        blocks += [*level_picture(case, level), _ratings(case, level)]
    if told := level.differences:
        blocks.append(Listing("What does not agree", tuple(Said(t, calculation="ratings") for t in told)))
    because = content.known("answer", "level of care: why they differ")
    if why := case.profile.answers.get(because):
        blocks.append(Listing("Why", (Said(str(why), origin=(f"answers.{because}",)),)))
    blocks.append(
        Listing(
            "To keep in mind", _lines(content.checklists[content.known("checklist", "setting the level of care")].lines)
        )
    )
    return Section("level_of_care", f"Level of care: {AID}", tuple(blocks))


def _four_levels(case: Case, level: LevelOfCare) -> Table:
    """Advised, named, accepted, reachable and present: each in a row of its own, never merged."""
    content = case.content
    asked = content.known("answer", "level of care: edition")
    edition = content.answers[asked].choices.get(level.edition or "", "not said")
    why = f"set by {' and '.join(soft(d.record.title) for d in level.set_by)}; never an average"
    advised: list[Said] = []
    if level.least and level.most:
        open_ = level.status == "partly_rated"
        advised.append(_level_name(level.least, "at least " if open_ else "", why))
        if open_:
            advised.append(
                _level_name(level.most, "while not all is rated, up to ", "an open dimension may turn out worst")
            )
    if level.with_medical:
        medical = level.with_medical
        text = f"with medically managed care as in {medical.number}"
        advised.append(Said(text, medical.source, calculation="another dimension needs it"))
    rows: list[tuple[Cell, ...]] = [(cell("Advised by the ratings"), tuple(advised) or cell("not rated"))]
    for title, name, names in (
        ("Named by the team for the plans", "level of care: named by the team", level.team),
        ("Accepted by the person", "level of care: accepted", level.accepted),
        ("Can be reached now", "level of care: within reach", level.available),
        ("Now", "level of care: now", level.present),
    ):
        rows.append((cell(title), _chosen(case, content.known("answer", name), names)))
    rows.append((cell("Edition of the Criteria"), cell(Said(edition, origin=(f"answers.{asked}",)))))
    return Table("Advised, accepted and to be had, apart", ("What", "Level"), tuple(rows))


def _level_name(level: m.CareLevel, before: str, why: str) -> Said:
    text = f"{before}{level.number} {level.title}: {soft(level.what)} (third edition: {level.third})"
    return Said(text, level.source, calculation=why)


def _chosen(case: Case, answer: str, names: tuple[str, ...]) -> Cell:
    if not names:
        return cell("not said")
    content, origin = case.content, (f"answers.{answer}",)
    words = []
    for name in names:
        known = content.care_levels.get(name)
        told = f"{known.number} {known.title}" if known else content.answers[answer].choices[name]
        words.append("none for now" if name == NO_LEVEL else told)
    return cell(Said(" or ".join(words), origin=origin))


def _ratings(case: Case, level: LevelOfCare) -> Table:
    order = sorted(level.dimensions, key=lambda d: (not d.ratings, -d.least.rank))
    rows = tuple(_rating(case, d, d in level.set_by) for d in order)
    return Table("Ratings, the highest first", ("Dimension", "Rated by the team", "Level at least"), rows)


def _rating(case: Case, dimension: Rated, sets: bool) -> tuple[Cell, ...]:
    record = dimension.record
    answer = case.content.answers[record.answer]
    title = cell(Said(record.title, record.source), Said(f"third edition: {record.third}", record.source))
    if not dimension.ratings:
        return (title, cell("not rated: may ask for more"), cell("–"))
    words = " or ".join(answer.choices[rating] for rating in dimension.ratings)
    least = Said(dimension.least.number, record.source, calculation="our own ladder from rating to least level")
    return (title, cell(Said(words, origin=(f"answers.{answer.id}",))), cell(least, "sets the level" if sets else None))


# -- what the site has ----------------------------------------------------------------------------------------


def _gaps(case: Case, site: Site) -> Section:
    plan = gap_plan(case, site)
    level = plan.level if plan.level and plan.level.open else None
    seen = {gap.item.id for gap in plan.gaps}
    rows = [_gap(gap) for gap in plan.gaps]
    if level and level.level.treatment not in seen:
        rows.append(_level_row(level))
    blocks: list[Block] = [Note(Said(APART))]
    if rows:
        if plan.first:
            blocks.append(Listing(plan.title, _lines(plan.first)))
        blocks.append(Table("Not here", ("What", "How it is had", "Until then", "Instead", "Who"), tuple(rows)))
        if days := site.thresholds.contact_every_days:
            every = "every day" if days == 1 else f"every {days} days"
            text = f"While a person waits: a call or a visit {every}, and nobody is dropped from the list."
            blocks.append(Note(Said(text, origin=("site.thresholds",))))
    else:
        blocks.append(Note(Said("Nothing of the plans is known to be missing here.")))
    for title, items in (("Had here", plan.here), ("The site file says nothing of", plan.not_said)):
        if items:
            names = tuple(Said(i.option.record.short, i.option.record.source) for i in items)
            blocks.append(Listing(title, names, inline=True))
    return Section("gap_plan", "Gap plan: what is not here, and until then", tuple(blocks))


def _gap(gap: Gap) -> tuple[Cell, ...]:
    record = gap.item.option.record
    return (
        cell(Said(f"{gap.item.verb}: {record.short}", record.source)),
        *_had_how(gap, gap.entry),
    )


def _had_how(gap: Gap | LevelGap, entry: SiteService) -> tuple[Cell, ...]:
    """How what is not here is had, what holds until then, what may stand instead, and who sees to it."""
    return (
        _how(entry, gap.too_long),
        _lines(gap.interim) or cell("–"),
        _lines(gap.alternatives) or cell("–"),
        _who(gap.who),
    )


def _who(names: tuple[str, ...]) -> Cell:
    return tuple(Said(text, origin=("site.roster",)) for text in names) or cell("nobody named: name someone")


def _level_row(gap: LevelGap) -> tuple[Cell, ...]:
    assert gap.entry is not None
    return (
        cell(Said(f"Level of care {gap.level.number}: {soft(gap.level.title)}", gap.level.source)),
        *_had_how(gap, gap.entry),
    )


def _how(entry: SiteService, too_long: bool) -> Cell:
    origin = (f"site.service.{entry.id}",)
    words = [WHERE_WORDS[entry.where], entry.route, entry.phone or ""]
    found = [Said("; ".join(word for word in words if word), origin=origin)]
    if entry.wait_days is not None:
        late = ", beyond the site's own limit" if too_long else ""
        days = "1 day" if entry.wait_days == 1 else f"{entry.wait_days} days"
        found.append(Said(f"wait about {days}{late}", origin=origin))
    elif entry.where == "referral":
        found.append(Said("wait not known: ask", origin=origin))
    return tuple(found)


def _site(case: Case, site: Site) -> Section:
    as_of = case.profile.as_of
    blocks: list[Block] = []
    if site.phone:
        numbers = tuple(Said(f"{n.label}: {n.number}", origin=("site.phone",)) for n in site.phone)
        blocks.append(Listing("Numbers", numbers))
    if site.roster:
        blocks.append(Listing("Who does what here", tuple(map(partial(_staff, case), site.roster))))
    rows = tuple(
        (
            cell(Said(rule.title, origin=(origin := ("site.state_rule",)))),
            cell(Said(rule.says, origin=origin)),
            cell(
                Said(f"{rule.source}, checked {rule.checked_on}", origin=origin),
                Said(f"look again by {rule.recheck_by}", origin=origin) if rule.recheck_by else None,
                "past its date: check before use" if past(rule.recheck_by, as_of) else None,
            ),
        )
        for rule in site.state_rule
    )
    if rows:
        blocks.append(Table("Rules of the state, in the site's words", ("Rule", "Says", "Source"), rows))
    blocks += _signoff(case, site)
    return Section("site", "This site", (Note(Said(site.name, origin=("site.name",))), *blocks))


def _staff(case: Case, one: Staff) -> Said:
    text = f"{case.content.roles[one.role].label}: {one.name}{f', {one.phone}' if one.phone else ''}"
    return Said(text, origin=("site.roster",))


def _signoff(case: Case, site: Site) -> Iterator[Block]:
    """What a clinician of the site confirmed or amended of what stands behind this sheet."""
    done, needed = confirmed(site), behind(case)
    here = [row for row in needed if row.id in done]
    total = len(case.content.signoff_rows)
    text = f"Rows to confirm behind this sheet: {len(here)} of {len(needed)} confirmed here; in all {len(done)} of {total}."
    yield Note(Said(text, calculation="rows of the queue, and sign-offs of the site file"))
    rows = []
    for row in here:
        entry, origin = done[row.id], (f"site.signoff.{row.id}",)
        amended = Said(f"amended: {entry.amend}", origin=origin) if entry.amend else "confirmed"
        by = Said(f"{entry.role}, {entry.date}, {entry.edition}", origin=origin)
        rows.append((cell(Said(row.says, origin=origin)), cell(amended), cell(by)))
    if rows:
        yield Table("Confirmed or amended by this site", ("Statement", "Here", "By, day, edition"), tuple(rows))


# -- what a plan pays for -------------------------------------------------------------------------------------


def _coverage(case: Case) -> Section | None:
    found = coverage_gaps(case)
    if not found:
        return None
    rows = tuple(_covered(one) for one in found)
    head = ("Service", "Coverage", "Deductible left", "Copay", "Days to review", "Still to ask")
    blocks: list[Block] = [Note(Said(APART)), Table("What the plan pays for", head, rows), *_not_asked(case)]
    if any(one.gap for one in found):
        lacking = case.content.checklists[case.content.known("checklist", "where cover is lacking")]
        blocks.append(Listing(lacking.title, _lines(lacking.lines)))
    return Section("coverage", "Coverage", tuple(blocks))


def _covered(one: CoverageGap) -> tuple[Cell, ...]:
    entry, origin = one.entry, ("coverage",)

    def amount(value: float | None, unit: str) -> Cell:
        return cell("not known" if value is None else Said(f"{unit}{value:,.10g}", origin=origin))

    instead = tuple(Said(f"instead: {soft(line.says)}", line.source) for line in one.alternatives)
    return (
        (Said(one.title, origin=origin), *instead),
        cell(Said(STATUS_WORDS[entry.status], origin=origin), Said(entry.note, origin=origin) if entry.note else None),
        amount(entry.deductible, "$"),
        amount(entry.copay, "$"),
        amount(entry.days, ""),
        cell("; ".join(one.ask) or "–"),
    )


def _not_asked(case: Case) -> Iterator[Block]:
    services = coverage_not_asked(case)
    if services:
        names = tuple(Said(service.title, service.source) for service in services)
        yield Listing("Services of the plans not asked about", names, inline=True)
    check = case.content.checklists[case.content.known("checklist", "verify the cover")]
    yield Listing(f"{check.title}: {roles(case, check.owner, check.source).text}", _lines(check.lines))
