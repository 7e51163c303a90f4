"""The section on working together: what each side knows, where they differ, and who has taken on what."""

from __future__ import annotations

from ..care.assessment import SIDES, Assessed, Ownership, assessed, ownership
from ..care.handout import corrections, people_may_take_part
from ..language.words import soft
from ..profile import Difference
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said
from .blocks import Block, Cell, Listing, Note, Section, Table, cell, roles

NOT_SETTLED = "open: say how it will be settled"
NO_PART = "no part yet: needs the person's consent and a private safety screen"


def side_sections(case: Case) -> tuple[Section, ...]:
    """What the two sides bring together; differences stand here as they were recorded, never settled by the kit."""
    blocks: list[Block] = []
    if rows := tuple(_difference(case, one, n) for n, one in enumerate(case.profile.differences)):
        head = ("On", "Pain side says", "Substance-use side says", "Plan for settling it", "Who, by when")
        blocks.append(Table("Where the two sides differ", head, rows))
    owners = ownership(case)
    if taken := tuple(_taken(case, one) for one in owners if one.taken_on):
        blocks.append(Table("Taken on", ("Item", "By", "Others who can do it"), taken))
    if waiting := tuple(_waiting(case, one) for one in owners if not one.taken_on):
        blocks.append(
            Listing(
                "Unowned until someone says “I do” (proposed in brackets, and who else can do it)", waiting, inline=True
            )
        )
    if people := tuple(_people(case)):
        blocks.append(Listing("People close by", people))
    blocks += _none_recorded(case)
    return (Section("sides", "Working together: differences and owners", tuple(blocks), "Nothing to share out yet."),)


def side_annexes(case: Case) -> tuple[Section, ...]:
    """The joint assessment as one table: what each side knows, what is still to ask, and who asks it."""
    rows = tuple(_row(case, one) for one in assessed(case))
    head = ("Side", "What", "Known", "Still to ask", "Who asks")
    tables = (Table("What each side knows", head, rows),) if rows else ()
    joint = Section("assessment", "The joint assessment, side by side", tables, "Nothing to assess.", annex=True)
    return (joint, *_corrections(case))


@withheld(())
def _none_recorded(case: Case) -> tuple[Block, ...]:
    told = Note(Said("No difference between the two sides is recorded."))
    return () if case.profile.differences else (told,)


@withheld(())
def _corrections(case: Case) -> tuple[Section, ...]:
    """What is often said of pain and addiction care here, and what the sources say instead."""
    rows = tuple((cell(soft(y.claim)), cell(Said(y.details, y.source))) for y in corrections(case))
    tables = (Table("Corrected", ("Often said", "What holds"), rows),) if rows else ()
    empty = "No statement to correct bears on this."
    return (Section("corrections", "Often said, and what holds", tables, empty, annex=True),)


def _difference(case: Case, one: Difference, n: int) -> tuple[Cell, ...]:
    origin = (f"differences.{n}",)
    who = case.content.roles[one.owner].label if one.owner else "unowned"
    texts = (
        one.topic,
        one.pain_side,
        one.substance_use_side,
        one.plan or NOT_SETTLED,
        f"{who}, {one.by}" if one.by else f"{who}, no date",
    )
    return tuple(cell(Said(text, origin=origin)) for text in texts)


def _row(case: Case, one: Assessed) -> tuple[Cell, ...]:
    record = one.record
    known = tuple(Said(r["says"], origin=tuple(r["origin"]), calculation=f"fact {r['fact']}") for r in one.known)
    missing = Said(soft("; ".join(one.missing)), calculation="not yet answered") if one.missing else "–"
    return (
        cell(SIDES[record.side]),
        cell(Said(record.title, record.source)),
        known or cell("–"),
        cell(missing),
        cell(roles(case, record.owner, record.source)),
    )


def _taken(case: Case, one: Ownership) -> tuple[Cell, ...]:
    record = case.option(one.item).record
    who = case.content.roles[one.taken_on or ""].label + (f" ({one.discipline})" if one.discipline else "")
    others = [role for role in one.delivered_by if role != one.taken_on]
    named = any(owner.item == one.item for owner in case.profile.owners)
    places = (n for n, d in enumerate(case.profile.decisions) if (d.item, d.owner) == (one.item, one.taken_on))
    origin = ("owners",) if named else tuple(f"decisions.{n}" for n in places)
    return (
        cell(Said(one.title, record.source)),
        cell(Said(who, origin=origin)),
        cell(roles(case, others, record.source) if others else "–"),
    )


def _waiting(case: Case, one: Ownership) -> Said:
    record = case.option(one.item).record
    names = ", ".join(case.content.roles[role].label for role in one.proposed[:1]) or "nobody"
    others = [case.content.roles[role].label for role in one.delivered_by if role not in one.proposed[:1]]
    also = f"; also {', '.join(others)}" if others else ""
    return Said(f"{one.title} ({names}{also})", record.source)


def _people(case: Case) -> list[Said]:
    may = people_may_take_part(case)
    lines = []
    for n, one in enumerate(case.profile.people):
        part = (one.part or "part not said") if may or one.relation == "peer" else NO_PART
        needs = f"; own needs: {one.needs}" if one.needs else ""
        lines.append(Said(f"{one.relation.capitalize()}: {part}{needs}", origin=(f"people.{n}",)))
    return lines
