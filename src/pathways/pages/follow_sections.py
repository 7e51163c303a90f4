"""The pages on what follows a choice: dates to look again, conflicts and waits, effects, care pathways in steps."""

from __future__ import annotations

from collections.abc import Iterable

from ..content import models as m
from ..language.words import soft
from ..review.actions import first_owner, origin_of
from ..review.case import Case
from ..review.dated import first_look
from ..review.findings import EnteredPathway, follow
from ..review.pairs import pairs_of, says
from ..review.shapes import Said
from .blocks import PHASE_WORDS, Block, Cell, Listing, Note, Section, Table, cell, roles
from .picture_sections import effects_pictures
from .pictures.effects import interval_words
from .plan_sections import items_shown, where

SEPARATE = (
    "From separate trials in different people. The effects do not add up, and the combination was not found tested."
)


def follow_sections(case: Case) -> tuple[Section, ...]:
    """The sections that are always printed, in reading order."""
    return (_dates(case), _conflicts(case))


def follow_annexes(case: Case) -> tuple[Section, ...]:
    """The folded sections, in reading order."""
    return (_effects(case), _steps(case))


def _dates(case: Case) -> Section:
    as_of = case.profile.as_of
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for item, letters in items_shown(case):
        record = item.option.record
        for line in record.monitoring:
            day = first_look(case, item, line)
            days = "in use" if item.option.in_place == "yes" else f"{line.first_days} days after the start"
            counted = f"{line.first_days} days from {line.counts_from or 'the start'}"
            said = Said(day.isoformat() if day else days, line.source, calculation=counted)
            row = (
                cell(said),
                cell(Said(line.what, line.source), Said(line.why, line.source)),
                cell(Said(line.when, line.source)),
                cell(Said(record.short, record.source), where(case, item.id, letters)),
                cell(roles(case, [first_owner(case, record.owner)] if record.owner else [], record.source)),
            )
            rows.append((day.isoformat() if day else "", row) if as_of else (f"{line.first_days:05}", row))
    rows.sort(key=lambda entry: entry[0] or "later")
    blocks: tuple[Block, ...] = ()
    if rows:
        start = Said(
            "Counted from the day of this case, from an operation that is coming, or from the last injection; what is in use goes on.",
            origin=("as_of",),
        )
        head = ("First look", "At what, and why", "Then", "For", "Who")
        blocks = (Note(start), Table("First dates to look again", head, tuple(row for _, row in rows)))
    if well := _staying_well(case):
        blocks = (*blocks, Listing("What the items mean for staying well", well))
    return Section("dates", "Dates to look again", blocks, "Nothing started, so nothing to follow yet.")


def _staying_well(case: Case) -> tuple[Said, ...]:
    """Triggers and protections among the items, where support of recovery is a need."""
    if not any(need.record.staying_well and need.raised for need in case.findings.needs):
        return ()
    records = (item.option.record for item, _ in items_shown(case))
    return tuple(Said(f"{t.short}: {soft(t.relapse)}", t.source) for t in records if t.relapse)


def _conflicts(case: Case) -> Section:
    content = case.content
    name = {t.id: t.short for t in content.treatments.values()}
    kept = tuple(
        (
            cell(Said(f"{name.get(a, a)} with {soft(name.get(b, b))}", r.source)),
            cell(Said(r.effect, r.source)),
            cell(Said(r.action, r.source)),
        )
        for a, b, r in case.frontier.excluded
    )
    closed = tuple(
        (
            cell(Said(o.record.title, o.record.source), o.verb),
            tuple(Said(c.label, c.source) for c in o.closed_by)
            + tuple(Said(f"{x.record.title}: {x.other}", x.record.source) for x in o.meets if x.closes),
            tuple(Said(m.in_words(c.instead), c.source) for c in o.closed_by if c.instead) or cell("–"),
        )
        for o in case.options
        if o.safety == "contraindicated" and o.verb in ("Do not start", "Change")
    )
    pairs = [(a, b, r) for plan in case.shown.plans for a, b, r in plan.pairs if r.severity != "timing"]
    in_plans = _by_rule((r, name[a], soft(name[b]), ()) for a, b, r in pairs)
    meets = [(i, x) for i, _ in items_shown(case) for x in i.option.meets if x.severity != "stop"]
    with_use = _by_rule((x.record, name[i.id], x.other, _paths(x.in_use)) for i, x in meets)
    head = ("Pair", "What could happen", "What to do")
    tables = (
        Table("Kept out of every plan", head, kept),
        Table("Not started, or to be changed", ("Option", "Why", "Instead"), closed),
        Table("Pairs inside a plan that need care", head, in_plans),
        Table("With what is taken now", head, with_use),
    )
    listed = pairs_of(case.facts, content=content)
    told = {r.id for _, _, r in pairs} | {x.record.id for _, x in meets}
    others = _by_rule((p.record, p.a, soft(p.b), ()) for p in listed.found if p.known and p.record.id not in told)
    blocks: list[Block] = [t for t in (*tables, Table("Else in the list of medicines", head, others)) if t.rows]
    if listed.without_rule:
        blocks.append(Note(Said(says(listed), calculation=f"{listed.looked_up} pairs of listed medicines looked up")))
    return Section(
        "conflicts", "Conflicts avoided, and waits", tuple(blocks), "No conflict was found among the items looked at."
    )


def _by_rule(pairs: Iterable[tuple[m.Interaction, str, str, tuple[str, ...]]]) -> tuple[tuple[Cell, ...], ...]:
    """A row for each interaction, with all pairs that it is about: what it says of them is the same."""
    rules: dict[str, m.Interaction] = {}
    others: dict[str, dict[str, tuple[dict[str, None], tuple[str, ...]]]] = {}
    for record, one, other, paths in pairs:
        rules[record.id] = record
        others.setdefault(record.id, {}).setdefault(other, ({}, paths))[0][one] = None
    return tuple(
        (
            cell(
                *(
                    Said(f"{', '.join(ones)} with {other}", record.source, paths)
                    for other, (ones, paths) in others[id].items()
                ),
                record.severity,
            ),
            cell(Said(record.effect, record.source)),
            _action(record),
        )
        for id, record in rules.items()
    )


def _action(record: m.Interaction) -> Cell:
    wait = Said(f"Wait: {record.wait}", record.source) if record.wait else None
    return cell(Said(record.action, record.source), wait)


def _paths(places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"medicines.{n}" for n in places)


def _effects(case: Case) -> Section:
    rows = []
    for item, _ in items_shown(case):
        for effect in item.option.record.effects:
            rows.append(
                (
                    cell(Said(item.option.record.short, item.option.record.source)),
                    cell(Said(effect.outcome, effect.source)),
                    cell(Said(effect.words, effect.source), _number(effect)),
                    cell(Said(f"{effect.population}; against {soft(effect.comparator)}", effect.source)),
                    cell(Said(effect.certainty, effect.source), effect.design),
                )
            )
    warning = Said(SEPARATE)
    head = ("Item", "Outcome", "Effect", "In whom, against what", "Certainty")
    table = Table("Each item by itself", head, tuple(rows))
    blocks: tuple[Block, ...] = (Note(warning), *effects_pictures(case), table) if rows else ()
    return Section("effects", "What each item has shown", blocks, "No effect is on record for these items.", annex=True)


def _number(effect: m.Effect) -> Said | None:
    """The number with its interval, only where the source was read and gave one."""
    if effect.value is None or effect.lo is None or effect.hi is None or m.lowest(effect.source) == "recall":
        return None
    return Said(f"{interval_words(effect.value, effect.lo, effect.hi)} {effect.unit}".strip(), effect.source)


def _steps(case: Case) -> Section:
    """The pathways of the situations that the person is in, then those of the items shown."""
    tables = [_pathway(case, entered, "") for entered in case.findings.pathways]
    for item, _ in items_shown(case):
        for n, pathway in enumerate(case.content.ways_of(item.option.record)):
            enters = case.content.test(pathway.entry)(case.facts.values)
            if enters or (enters is None and n == 0):
                entered = follow(pathway, case.facts, case.content)
                table = _pathway(case, entered, f" (if chosen: {item.option.record.short})")
                tables += [table] if table not in tables else []
    return Section("steps", "Step by step", tuple(tables), "No care pathway belongs to this case.", annex=True)


STATE_WORDS = {"in_place": "in place", "if_it_applies": "if it applies", "to_do": ""}


def _pathway(case: Case, entered: EnteredPathway, whose: str) -> Table:
    rows = tuple(
        (
            cell(Said(step.title, step.source), ", ".join(filter(None, (PHASE_WORDS[step.phase], STATE_WORDS[state])))),
            tuple(Said(text, step.source) for text in (*(f"First: {first}" for first in step.needs_first), *step.do)),
            cell(Said(step.success, step.source), Said(f"Measure: {step.measure}", step.source)),
            cell(Said(f"If met: {step.if_met}", step.source), Said(f"If not: {step.if_not}", step.source)),
            cell(roles(case, step.owner, step.source)),
        )
        for step, state in entered.steps
    )
    head = ("Step", "Do", "It worked when", "Then", "Who")
    origin = origin_of(entered.because)
    return Table(Said(f"{entered.record.title}{whose}", entered.record.source, origin), head, rows)
