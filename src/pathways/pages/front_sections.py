"""What is printed after the first page, so that both fit on two sheets: the plan by time and owner, each medicine that does not
simply go on, what is not started and what needs care, and what is not known yet. All else is folded behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..content import models as m
from ..content.models import PHASES
from ..facts.verdicts import unique
from ..language.words import soft, without_dose
from ..review.actions import IN_A_FORK, actions_of, first_owner, item_words, origin_of, said_item, vital
from ..review.audience import withheld
from ..review.case import Case
from ..review.dated import phase_of
from ..review.directives import Directive
from ..review.medicines import Weighed
from ..review.meetings import Meeting
from ..review.menu import LETTERS
from ..review.mitigations import Mitigation
from ..review.options import Option
from ..review.plans import Item
from ..review.questions import next_questions
from ..review.shapes import Action, Red, Said
from ..review.special import HOW_WORDS, ORDER, PROPOSED_WORDS, own_grounds, owner_of, unpaired
from .blocks import PHASE_WORDS, Block, Cell, Listing, Section, Table, cell, roles
from .decided_sections import decided_section
from .page import question_words
from .plan_sections import besides_shown, items_shown, only_in, waits
from .record_sections import not_used_lines

BACKGROUND = 8
"""The priority from which a recommendation stands with the guidelines only."""
MOST_ASKED = 8
AFTER = "After this"
"""The verb of what waits for an emergency: said once, in one line."""
CHANGING, SPECIAL, STANDING = range(3)
"""What comes first at one time: what changes, what is special to this person, what most people here are offered."""
NOTHING = "Nothing known against"
BY_ITSELF = "Not judged beside each other medicine of the list: no rule here for the pair"
BESIDE_UNREAD = "Goes on, and not judged beside what is not recognized"
UNJUDGED = "Not judged: no rule in this library"
"""What is said of a medicine that simply goes on or may start."""


def front_sections(case: Case, red: tuple[Red, ...]) -> tuple[Section, ...]:
    """The sections that are printed with the first page, in reading order; one with nothing to say takes no room. ``red`` are
    the emergencies as the first page shows them."""
    found = (_urgent(case, red), decided_section(case), _phases(case), _medicines(case), _care(case), _open(case))
    return tuple(section for section in found if section is not None)


def _urgent(case: Case, red: tuple[Red, ...]) -> Section | None:
    """The further steps, and the signs, of the emergencies for which the first page has no room."""
    present = {e.record.id: e for e in case.findings.emergencies if e.state == "present"}
    cut = [one for one in red if one.more or not one.signs.text]
    lists = []
    for one in cut:
        record = present[one.id].record
        told = {action.text for action in one.actions}
        steps = [] if one.signs.text else ["; ".join(present[one.id].labels)]
        steps += [step for step in present[one.id].actions if step not in told]
        lists.append(Listing(one.title.text, tuple(Said(step, record.source) for step in steps), inline=True))
    return Section("urgent", "Urgent: the next steps", tuple(lists)) if lists else None


# -- the plan by time -----------------------------------------------------------------------------------------


def _phases(case: Case) -> Section:
    rows: dict[str, list[tuple[int, Cell, Cell]]] = {phase: [] for phase in PHASES}
    beside, alone = _advice(case)
    for record, action in alone:
        part = next(p for p in action.parts if p.id == record.id)
        row = cell(_confirm(part.text, part.confirm))
        rows[phase_of(case, record)].append((STANDING if record.standing else SPECIAL, row, _who(case, record)))
    for phase, what, who in _changes(case):
        rows[phase].append((CHANGING, what, who))
    later: list[Said] = []
    for item, letters in items_shown(case):
        row = _item(case, item, letters, beside.get(item.id, ()))
        if item.verb == AFTER:
            later += row
        else:
            rank = (
                CHANGING
                if item.verb in ("Change", "Verify")
                else STANDING
                if item.option.record.standing and not vital(case, item)
                else SPECIAL
            )
            rows[item.phase].append((rank, row, _who(case, item.option.record)))
    for mitigation, letters in besides_shown(case):
        told = _beside(case, mitigation, letters)
        if mitigation.verb == AFTER:
            later.append(told)
        else:
            rows[mitigation.by].append((SPECIAL, cell(told), _who(case, mitigation.record, mitigation.source)))
    blocks: list[Block] = [
        *_letters(case),
        *(
            Table(
                PHASE_WORDS[phase],
                ("What", "Who sees to it"),
                tuple((what, who) for _, what, who in sorted(found, key=lambda row: row[0])),
                plain=True,
            )
            for phase, found in rows.items()
            if found
        ),
    ]
    if later:
        first = case.demands.held_by
        blocks.append(
            Listing(f"{AFTER} ({soft(first.label)} comes first)" if first else AFTER, tuple(later), inline=True)
        )
    return Section(
        "phases", "The plan by time", tuple(blocks), "Nothing to do was found: answer more, or every need is met."
    )


def _letters(case: Case) -> Iterator[Listing]:
    """What the letters before the lines stand for: what each plan holds that not every one does."""
    core = {item.id for item in case.shown.core}
    lines = []
    for letter, plan in zip(LETTERS, case.shown.plans, strict=False):
        own = [item for item in plan.items if item.id not in core]
        names = ", ".join(soft(said_item(case, item.id, item.instead)) for item in own)
        lines.append(Said(f"{letter}: {names or 'what every plan holds'}", calculation="what not every plan holds"))
    if len(lines) > 1:
        yield Listing("The plans", tuple(lines), inline=True)


def _changes(case: Case) -> Iterator[tuple[m.Phase, Cell, Cell]]:
    """The medicines in use that are verified or changed, by when and by whom; how is said with each medicine."""
    found: dict[tuple[m.Phase, str, str], list[Weighed]] = {}
    told = {w.place for i, _ in items_shown(case) if i.verb in ("Change", "Verify") for w in i.option.weighed}
    for weighed in case.medicines:
        if weighed.by is not None and weighed.verb and weighed.place not in told:
            # What it is, and when it was taken last, is asked before anything of today is started.
            by = "today" if weighed.verdict == "verify" else weighed.by
            found.setdefault((by, weighed.verb, owner_of(case, weighed)), []).append(weighed)
    for (phase, verb, owner), medicines in found.items():
        places = tuple(f"medicines.{w.place}" for w in medicines)
        names = ", ".join(unique(without_dose(w.label) for w in medicines))
        yield phase, cell(Said(f"{verb}: {names}", origin=places)), cell(Said(f"{owner[:1].upper()}{owner[1:]}"))


Advice = tuple[m.Recommendation, Action]


def _advice(case: Case) -> tuple[dict[str, tuple[Said, ...]], list[Advice]]:
    """The recommendations to act on: what an item of every plan carries out stands with that item, the others alone."""
    core = [item.id for item in case.shown.core]
    beside: dict[str, tuple[Said, ...]] = {}
    alone: list[Advice] = []
    for action in actions_of(case):
        for part in action.parts:
            record = case.content.recommendations.get(part.id)
            if record is None or record.priority >= BACKGROUND or action.rank >= IN_A_FORK:
                continue
            item = next((id for id in core if id in record.treatments), None)
            if item is None or not set(record.treatments) <= set(core):
                alone.append((record, action))
            else:
                beside[item] = (*beside.get(item, ()), part.text)
    return beside, alone


def _item(case: Case, item: Item, letters: tuple[str, ...], advice: tuple[Said, ...]) -> Cell:
    option = item.option
    only = only_in(case, item.id, letters)
    verb = "" if item.verb == AFTER else f"{item.verb}: "
    words = f"{only}{verb}{_named(case, item)}"
    said = Said(words, option.record.source, origin_of(option.because))
    return cell(_confirm(said, option.in_place == "unknown"), *advice)


def _named(case: Case, item: Item) -> str:
    """An item in words; what changes is named with the medicines of the list that it is about."""
    words = item_words(case, item)
    labels = unique(without_dose(w.label) for w in item.option.weighed if w.verb == item.verb)
    names = ", ".join(label for label in labels if label.lower() not in words.lower())
    return f"{words} ({names})" if names and item.verb in ("Change", "Verify") else words


def _confirm(said: Said, open_: bool) -> Said:
    """The text, with the question whether it is in place already where that is not known."""
    return replace(said, text=f"{said.text} (in place?)") if open_ else said


def _beside(case: Case, mitigation: Mitigation, letters: tuple[str, ...]) -> Said:
    only = only_in(case, mitigation.record.id, letters)
    names = ", ".join(unique(without_dose(label) for label in mitigation.labels))
    origin = tuple(f"medicines.{n}" for n in mitigation.places)
    verb = "" if mitigation.verb == AFTER else f"{mitigation.verb}: "
    return Said(f"{only}{verb}{mitigation.record.short} ({names})", mitigation.source, origin)


def _met(meeting: Meeting) -> str:
    return ", ".join(unique(without_dose(one.label) for one in meeting.met))


def _who(case: Case, record: m.Recommendation | m.Treatment | m.Action, source: tuple[m.Cite, ...] = ()) -> Cell:
    return cell(
        roles(case, [first_owner(case, record.owner)] if record.owner else [], source or getattr(record, "source", ()))
    )


# -- each medicine --------------------------------------------------------------------------------------------


@withheld(None)
def _medicines(case: Case) -> Section | None:
    """Each medicine of the list with its verdict and all that is true against it, each pair said once."""
    if not case.medicines:
        return None
    told: set[tuple[str, str]] = set()
    rows = []
    for weighed in sorted(case.medicines, key=_weight):
        if weighed.verdict in ("keep", "start") or not own_grounds(weighed):
            continue
        rows.append((_verdict(weighed), _against(weighed, told)))
    blocks: list[Block] = (
        [Table("Not simply to go on, or to start", ("Medicine", "Why"), tuple(rows), plain=True)] if rows else []
    )
    waiting = [w for w in case.medicines if w.verdict not in ("keep", "start") and not own_grounds(w)]
    if waiting:
        lines = tuple(Said(w.label, w.grounds[0].source, (f"medicines.{w.place}",)) for w in waiting if w.grounds)
        blocks.append(Listing(BESIDE_UNREAD, lines, inline=True))
    goes_on = [w for w in case.medicines if w.verdict in ("keep", "start")]
    groups: dict[str, list[Said]] = {}
    for w in goes_on:
        alone = unpaired(case, w) if w.judged else ()
        title = BY_ITSELF if alone else NOTHING if w.judged else UNJUDGED
        groups.setdefault(title, []).append(Said(w.label, origin=(f"medicines.{w.place}",)))
    for title in (NOTHING, BY_ITSELF, UNJUDGED):
        if title in groups:
            blocks.append(Listing(title, tuple(groups[title]), inline=True))
    return Section("medicines", "Each medicine", tuple(blocks)) if blocks else None


def _weight(weighed: Weighed) -> int:
    """What is verified or changed comes first."""
    return ORDER.index(weighed.verdict) if weighed.verdict in ORDER else len(ORDER)


def _verdict(weighed: Weighed) -> Cell:
    verb = weighed.verb or PROPOSED_WORDS[weighed.verdict]
    origin = (f"medicines.{weighed.place}",)
    how = [HOW_WORDS[weighed.how]] if weighed.how else []
    how += [f"instead: {weighed.instead}"] if weighed.instead and (weighed.how or not weighed.verb) else []
    return cell(Said(f"{verb}: {weighed.label}", origin=origin), Said("; ".join(how), origin=origin) if how else None)


def _against(weighed: Weighed, told: set[tuple[str, str]]) -> Cell:
    """The first reason with what to do, then the others by name, and apart from them what is not known yet and would speak
    against it. A pair that another row told is not told again."""
    grounds = list(own_grounds(weighed))
    first = grounds[0]
    text = f"{first.label}. {first.action}" if first.action else first.label
    lines = [Said(f"Not known: {soft(text)}" if waits(first) else text, first.source)]
    rest = [g for g in grounds[1:] if (g.table, g.id) not in told and g.label != first.label]
    for title, grounds in (("Also", [g for g in rest if not waits(g)]), ("Not known", [g for g in rest if waits(g)])):
        if grounds:
            cites = tuple(dict.fromkeys(c for g in grounds for c in g.source))
            lines.append(Said(f"{title}: {'; '.join(_names(grounds))}", cites))
    told.update((g.table, g.id) for g in grounds if g.table == "interaction")
    return tuple(lines)


def _names(grounds: list[Directive]) -> Iterator[str]:
    """Reasons by name, each pair once with all that is met."""
    groups: dict[str, list[str]] = {}
    for ground in grounds:
        groups.setdefault(ground.title or ground.label, []).append(ground.met)
    for title, found in groups.items():
        partners = [name for name in unique(found) if name and soft(name) not in soft(title)]
        yield f"{soft(title)} ({', '.join(partners)})" if partners else soft(title)


# -- what is not started, and what needs care -----------------------------------------------------------------


def _care(case: Case) -> Section | None:
    lists = (
        Listing("Do not start", tuple(_closed(case)), inline=True),
        Listing("Not together", tuple(_apart(case)), inline=True),
        Listing("Cautions and checks before a start", tuple(_cautions(case)), inline=True),
        Listing("Pairs to watch", tuple(_pairs(case)), inline=True),
        Listing("In what order", tuple(_waits(case)), inline=True),
        Listing("Called for, and not in every plan", tuple(_not_done(case)), inline=True),
    )
    blocks = tuple(listing for listing in lists if listing.lines)
    return Section("care", "Not to be started, and what needs care", blocks) if blocks else None


def _closed(case: Case) -> Iterator[Said]:
    for option in case.options:
        if option.safety == "contraindicated" and option.verb == "Do not start":
            why = [(c.label, c.source) for c in option.closed_by]
            why += [(f"{x.record.title} ({x.other})", x.record.source) for x in option.meets if x.closes]
            label, source = why[0]
            yield Said(f"{option.record.short}: {soft(label)}", source, origin_of(option.because))


def _apart(case: Case) -> Iterator[Said]:
    rules: dict[str, tuple[m.Interaction, dict[str, None]]] = {}
    for a, b, record in case.frontier.excluded:
        pair = f"{case.option(a).record.short} with {soft(case.option(b).record.short)}"
        rules.setdefault(record.id, (record, {}))[1][pair] = None
    for record, pairs in rules.values():
        yield Said(f"{', '.join(pairs)}: {soft(record.title)}", record.source)


def _cautions(case: Case) -> Iterator[Said]:
    """Of each item that would be started: true cautions, and what is to be checked first."""
    for item, _ in items_shown(case):
        option = item.option
        if option.in_place == "yes":
            continue
        labels = unique(soft(c.label) for c in option.cautions)
        checks = unique(soft(c.label) for c in option.check_first)
        words = [*labels, *([f"check {', '.join(checks)}"] if checks else [])]
        if words:
            cites = tuple(dict.fromkeys(c for one in (*option.cautions, *option.check_first) for c in one.source))
            yield Said(f"{option.record.short}: {'; '.join(words)}", cites, origin_of(option.because))


def _pairs(case: Case) -> Iterator[Said]:
    """The major pairs inside a plan, and of what it starts with what is taken now; each rule once."""
    rules: dict[str, tuple[m.Interaction, dict[str, dict[str, None]]]] = {}
    told = {g.id for w in case.medicines for g in w.grounds if g.table == "interaction"}

    def note(record: m.Interaction, one: Option, other: str) -> None:
        # What an item that goes on with a medicine in use meets there is said of that medicine.
        if record.severity in ("major", "stop") and not (one.own and record.id in told):
            rules.setdefault(record.id, (record, {}))[1].setdefault(soft(other), {})[one.record.short] = None

    for plan in case.shown.plans:
        for a, b, record in plan.pairs:
            note(record, case.option(a), case.option(b).record.short)
    for item, _ in items_shown(case):
        for meeting in item.option.meets if item.option.in_place != "yes" else ():
            note(meeting.record, item.option, _met(meeting))
    for record, pairs in rules.values():
        words = (f"{', '.join(ones)} with {other}" for other, ones in pairs.items())
        known = record.when is None or case.content.test(record.when)(case.facts.values) is True
        yield Said(f"{'; '.join(words)}: {soft(record.title)}{' (not known yet)' * (not known)}", record.source)


def _waits(case: Case) -> Iterator[Said]:
    """What has to pass before something of the plans is started, in short; the hours stand with the conflicts."""
    told: dict[str, tuple[m.Interaction, dict[str, None]]] = {}
    for item, _ in items_shown(case):
        for meeting in item.option.meets:
            if meeting.severity == "timing" and item.option.in_place != "yes":
                pair = f"{item.option.record.short} after {soft(_met(meeting))}"
                told.setdefault(meeting.record.id, (meeting.record, {}))[1][pair] = None
    for record, pairs in told.values():
        yield Said(f"{', '.join(pairs)}: {soft(record.action)}".rstrip("."), record.source)


def _not_done(case: Case) -> Iterator[Said]:
    for n in case.frontier.not_done:
        if case.option(n.target).verb != AFTER:  # what waits for an emergency is said with the plan
            yield Said(f"{case.option(n.target).record.short}: {soft(n.reason)}", n.called.source)


# -- not known yet --------------------------------------------------------------------------------------------


def _open(case: Case) -> Section | None:
    open_ = [e.record for e in case.findings.emergencies if e.state in ("not_asked", "possible")]
    questions = next_questions(case)
    asked = [Said(question_words(case, q.ask), origin=(f"ask.{q.ask}",)) for q in questions[:MOST_ASKED]]
    if len(questions) > MOST_ASKED:
        left = len(questions) - MOST_ASKED
        asked.append(Said(f"{left} more", calculation=f"{len(questions)} open questions"))
    lists = (
        Listing("Ask, the weightiest first", tuple(asked), inline=True),
        Listing("Urgent signs not settled", tuple(Said(r.title, r.source) for r in open_), inline=True),
        Listing("Not recognized, or not used", tuple(not_used_lines(case)), inline=True),
    )
    blocks = tuple(listing for listing in lists if listing.lines)
    return Section("open", "Not known yet", blocks) if blocks else None
