"""What earlier conferences decided, and what has changed since: a line of the first page, a section that is printed with it, and
the whole record behind it. Which state a decision is in stands in `review/decided.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..facts.verdicts import unique
from ..language.words import counted, soft
from ..profile import Decision
from ..review.case import Case
from ..review.decided import ATTENTION, STATES, Decided, New, decided, last_meeting, new_since
from ..review.shapes import Said
from .blocks import Block, Cell, Listing, Note, Section, Table, cell, condition_words, measure_words
from .place_lines import Way

OUTCOME_WORDS: Mapping[str, str] = {"do": "To do", "do_not": "Not to do", "wait": "To wait with", "done": "Done"}
STATE_WORDS: Mapping[str, str] = {
    "against": "against what stands now",
    "overdue": "overdue",
    "changed": "stands otherwise now",
    "ahead": "dated later",
    "open": "open",
    "holds": "as decided",
    "done": "done",
}
"""The one place of a decision's wording: pages, command line and conference all read it."""
LOOK, AS_IT_WAS, DONE, NEW = "To look at again", "As decided, and not done yet", "Done", "New since then"
"""The parts of what is printed."""
MOST_ROWS = 5
MOST_NAMED = 2
NOBODY = "nobody named"


def decided_lines(case: Case) -> tuple[Way, ...]:
    """What was decided, in one line of a first page: the widest wording first. The shortest always has its place."""
    found = decided(case)
    if not found:
        return ()
    origin = unique(f"decisions.{one.place}" for one in found)
    count = Counter(one.state for one in found)
    seen = [one for one in found if one.state in ATTENTION]
    day = last_meeting(case)
    head = f"Decided {day.isoformat()}" if day else "Decided"
    told = ", ".join(f"{count[state]} {STATE_WORDS[state]}" for state in STATES if count[state])
    names = ", ".join(soft(one.title) for one in seen[:MOST_NAMED])
    names += f", +{len(seen) - MOST_NAMED}" if len(seen) > MOST_NAMED else ""
    news = f"; {len(new_since(case))} new since" if new_since(case) else ""
    texts = [f"{head}: {told}{news}" + (f". Look at: {names}" if names else ""), f"{head}: {told}{news}"]
    texts += [f"{len(found)} decided before" + (f", {len(seen)} to look at" if seen else "")]
    why = f"{counted(len(found), 'item')} decided, held to how each stands now"
    said = [Said(text, origin=origin, calculation=why, opens="decided") for text in dict.fromkeys(texts)]
    return tuple(Way(one, must=n == len(said)) for n, one in enumerate(said, 1))


def decided_section(case: Case) -> Section | None:
    """What is printed of it: what is not done yet with who and by when, and in short what is done and what is new."""
    found = decided(case)
    if not found:
        return None
    seen = [one for one in found if one.state in ATTENTION]
    quiet = [one for one in found if one.state not in (*ATTENTION, "done")]
    blocks: list[Block] = []
    if seen:
        rows = tuple((_what(case, one), _now(case, one)) for one in seen[:MOST_ROWS])
        blocks.append(Table(LOOK, ("Decided", "Now"), rows, plain=True))
    if len(seen) > MOST_ROWS:
        more = Said(f"+{len(seen) - MOST_ROWS} more", calculation=f"{len(seen)} to look at", opens="decisions")
        blocks.append(Note(more))
    lists = (
        Listing(AS_IT_WAS, tuple(_quiet(case, one) for one in quiet), inline=True),
        Listing(DONE, tuple(_named(one) for one in found if one.state == "done"), inline=True),
        Listing(NEW, tuple(_new(case, one) for one in new_since(case)), inline=True),
    )
    blocks += [one for one in lists if one.lines]
    day = last_meeting(case)
    when = f" (last on {day.isoformat()})" if day else ""
    return Section("decided", f"Decided before{when}, and what has changed since", tuple(blocks))


def decided_annex(case: Case) -> tuple[Section, ...]:
    """Every entry, newest first, with what took the place of what."""
    found = decided(case)
    if not found:
        return ()
    now = {one.place: one for one in found}
    later = {place: one for one in found for place in one.earlier}
    entries = case.profile.decisions
    order = sorted({*now, *later}, key=lambda n: (entries[n].date, n), reverse=True)
    rows = tuple(_row(case, n, now.get(n) or later[n]) for n in order)
    head = ("Day", "Decided", "Who, by when", "Did not agree", "Now")
    return (Section("decisions", "Every decision on record", (Table("Decisions", head, rows),), annex=True),)


def outcome_words(one: Decided) -> str:
    """A decision in a few words: how it ended, and of what."""
    return f"{OUTCOME_WORDS[one.decision.outcome]}: {one.title}"


def owner_words(case: Case, one: Decision) -> str:
    """Who sees to it, by role, and by when; nobody named is said, not left blank. Empty for what needs nobody."""
    if one.outcome == "done" or (one.outcome != "do" and not one.owner and not one.due):
        return case.content.roles[one.owner].label if one.owner else ""
    who = case.content.roles[one.owner].label if one.owner else NOBODY
    by = "by" if one.outcome == "do" else "look again by"
    return f"{who}, {f'{by} {one.due}' if one.due else 'no date'}"


def dissent_words(case: Case, one: Decision) -> str:
    """Who did not agree, by role, each with the words of that seat; empty where all did, or nobody was asked."""
    roles = case.content.roles
    return "; ".join(roles[d.role].label + (f" (“{d.says}”)" if d.says else "") for d in one.dissent)


def state_words(one: Decided) -> str:
    """What is true of a decision now, the weightiest first, each with its reason."""
    told = [STATE_WORDS[sign.state] + (f" ({sign.why})" if sign.why else "") for sign in one.signs]
    words = "; ".join(told)
    return words[:1].upper() + words[1:]


def new_words(case: Case, one: New) -> str:
    """An entry that is new, in words."""
    table, _, n = one.path.partition(".")
    if table == "medicines":
        return f"{one.what} {one.date}: {case.profile.medicines[int(n)].label}"
    if table == "conditions":
        entry = case.profile.conditions[int(n)]
        return f"since {one.date}: {condition_words(case, entry.id, entry.name)}"
    seen = case.profile.observations[int(n)]
    value = f" {seen.value:g}" if isinstance(seen.value, (int, float)) else f" {seen.value}" if seen.value else ""
    return f"{measure_words(case, seen.measure)}{value}, {one.date}"


def _origin(place: int) -> tuple[str, ...]:
    return (f"decisions.{place}",)


def _named(one: Decided) -> Said:
    return Said(one.title, origin=_origin(one.place))


def _quiet(case: Case, one: Decided) -> Said:
    """A decision that nothing has changed, in one line with who sees to it and who did not agree."""
    dissent = dissent_words(case, one.decision)
    more = [owner_words(case, one.decision), f"did not agree: {dissent}" if dissent else ""]
    more += [STATE_WORDS[one.state]] if one.state == "ahead" else []
    told = "; ".join(text for text in more if text)
    return Said(outcome_words(one) + (f" ({told})" if told else ""), origin=_origin(one.place))


def _new(case: Case, one: New) -> Said:
    return Said(new_words(case, one), origin=(one.path,))


def _what(case: Case, one: Decided) -> Cell:
    texts = (outcome_words(one), owner_words(case, one.decision))
    return cell(*(Said(text, origin=_origin(one.place)) for text in texts if text))


def _now(case: Case, one: Decided) -> Cell:
    dissent = dissent_words(case, one.decision)
    texts = [one.decision.note, f"Did not agree: {dissent}" if dissent else ""]
    cites = unique(cite for sign in one.signs for cite in sign.source)
    now = Said(state_words(one), cites, _origin(one.place))
    return cell(now, *(Said(text, origin=_origin(one.place)) for text in texts if text))


def _row(case: Case, n: int, one: Decided) -> tuple[Cell, ...]:
    entry = case.profile.decisions[n]
    now = state_words(one) if n == one.place else f"The entry of {one.decision.date} took its place"
    what = f"{OUTCOME_WORDS[entry.outcome]}: {one.title}"
    texts: Iterable[tuple[str, ...]] = (
        (entry.date,),
        (what, entry.note),
        (owner_words(case, entry),),
        (dissent_words(case, entry),),
        (now,),
    )
    return tuple(cell(*(Said(text, origin=_origin(n)) for text in many if text)) or cell("–") for many in texts)
