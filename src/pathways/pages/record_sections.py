"""The pages on what all of it rests on: what is unknown, what the sources say, what was entered, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..content import models as m
from ..facts.allergies import allergies_of
from ..facts.readings import Reading, read_scores
from ..facts.verdicts import unique
from ..intake.names import nearest_names
from ..language.nearest import suggest
from ..language.words import soft
from ..profile import Condition, Medicine, Observation
from ..review.actions import further, origin_of
from ..review.case import Case
from ..review.findings import Finding
from ..review.questions import next_questions
from ..review.recorded import recorded
from ..review.shapes import Said
from ..review.status import assumed
from .blocks import (
    CONFIDENCE_WORDS,
    Block,
    Cell,
    Listing,
    Note,
    Section,
    Table,
    answer_words,
    cell,
    cited,
    condition_words,
    measure_words,
    origin_words,
)
from .page import question_words
from .plan_sections import items_shown

MOST_ASKED = 8


def record_sections(case: Case) -> tuple[Section, ...]:
    """What is unknown, and where the sources differ."""
    return (_unknown(case), _disagreements(case))


def record_annexes(case: Case) -> tuple[Section, ...]:
    """The folded sections, in reading order."""
    return (_guidelines(case), _entered(case))


# -- unknown --------------------------------------------------------------------------------------------------


def _unknown(case: Case) -> Section:
    content, facts, mme = case.content, case.facts, case.facts.mme
    dose = f"MME a day, {mme.edition}"
    found: list[tuple[str, Iterable[Said]]] = [
        ("Urgent signs not settled", _emergencies(case)),
        ("Not counted in the daily dose", not_counted_lines(case)),
        (
            "Counted in the daily dose",
            (Said(line.arithmetic or line.label, calculation=f"{dose}: {line.reason}") for line in mme.counted),
        ),
        ("Not recognized, or not used", not_used_lines(case)),
        ("Recorded, not used", _recorded(case)),
        ("Assumed, not asked", (Said(origin_words(case, path), origin=(path,)) for path in assumed(case))),
        (
            "Answers that do not fit together",
            (
                *(
                    Said(content.contradictions[id].title, calculation=f"contradiction {id}")
                    for id in facts.contradictions
                ),
                *(Said(d.title, origin=d.origin, calculation=f"contradiction {d.id}") for d in facts.disputes),
            ),
        ),
        (
            "Cannot be answered now",
            (Said(question_words(case, ask), origin=(f"ask.{ask}",)) for ask in case.profile.cannot_answer),
        ),
        (
            "Rules past their date of checking",
            (Said(r.title, r.source) for r in map(content.recommendations.__getitem__, case.findings.expired)),
        ),
        ("Not checked for the items shown", _not_checked(case)),
    ]
    run_on = ("Urgent signs not settled", "Cannot be answered now")
    lists = [Listing(title, tuple(lines), inline=title in run_on) for title, lines in found]
    blocks: list[Block] = [listing for listing in lists if listing.lines]
    questions = next_questions(case)
    rows = tuple(
        (
            cell(Said(question_words(case, q.ask), origin=(f"ask.{q.ask}",))),
            cell(Said(soft("; ".join(q.settles[:3])), calculation="settles: " + "; ".join(q.settles))),
        )
        for q in questions[:MOST_ASKED]
    )
    if rows:
        blocks.append(Table("Open questions, the weightiest first", ("Ask", "Settles"), rows))
    if len(questions) > MOST_ASKED:
        left = f"And {len(questions) - MOST_ASKED} more."
        blocks.append(Note(Said(left, calculation=f"{len(questions)} open questions")))
    return Section("unknown", "Unknown, or not checked", tuple(blocks), "Nothing that the kit asks for is unknown.")


def _emergencies(case: Case) -> Iterator[Said]:
    for e in case.findings.emergencies:
        if e.state == "not_asked":
            yield Said(e.record.title, e.record.source)
        elif e.state == "possible":
            asks = ", ".join(soft(question_words(case, a)) for a in e.asks[:3])
            yield Said(f"{e.record.title} (partly answered; ask {asks})", e.record.source)


def not_counted_lines(case: Case) -> Iterator[Said]:
    """The opioids that the daily dose leaves out, each with the reason."""
    mme = case.facts.mme
    for line in (*mme.not_counted, *mme.not_calculable):
        yield Said(f"{line.label}: {line.reason}", calculation=f"MME a day, {mme.edition}")


def not_used_lines(case: Case) -> Iterator[Said]:
    """The entries that no fact could use."""
    return (Said(text, calculation="entry that no fact could use") for text in _not_used(case))


def _not_used(case: Case) -> tuple[str, ...]:
    data = [f"{origin_words(case, one.place)}: {one.reason}" for one in unique(case.facts.not_used)]
    for n, entry in enumerate(case.profile.medicines):
        if not entry.ingredients and not entry.dose and entry.medicine_class is None:
            near = () if entry.none_of else nearest_names(entry.name, case.content)
            hint = f" ({soft(suggest(near))})" if near else ""
            data.append(f"{origin_words(case, f'medicines.{n}')}: no ingredient known{hint}")
    for n, seen in enumerate(case.profile.conditions):
        if seen.id is None:
            data.append(f"{origin_words(case, f'conditions.{n}')}: text only")
    return unique(data)


def _recorded(case: Case) -> Iterator[Said]:
    """What was entered and is read by nothing, those of one reason in one line."""
    found = recorded(case.profile, case.content)
    for record in unique(one.record for one in found):
        mine = [one for one in found if one.record == record]
        names = ", ".join(unique(one.what for one in mine))
        yield Said(f"{names}: {soft(record.reason)}", origin=tuple(one.path for one in mine))


def _not_checked(case: Case) -> Iterator[Said]:
    for item, _ in items_shown(case):
        option = item.option
        labels = [(c.label, c.source) for c in (*option.not_checked, *option.then_check)]
        if labels:
            cites = tuple(c for _, source in labels for c in source)
            yield Said(f"{option.record.short}: {'; '.join(soft(label) for label, _ in labels)}", cites)


# -- what the sources say -------------------------------------------------------------------------------------


def _guidelines(case: Case) -> Section:
    tables: list[Block] = []
    counted = {source.id for source in case.content.sources.values() if source.counted}
    # The guidelines that the first page counts stand first: its count leads here.
    found = sorted(case.findings.recommendations, key=lambda f: f.record.source[0].id not in counted)
    for status in ("applies", "met"):
        rows = tuple(_finding(f) for f in found if f.status == status)
        if rows:
            title = "Applies" if status == "applies" else "Met already"
            tables.append(Table(title, ("Recommendation", "Because", "Strength", "Source"), rows))
    # What waits only for a questionnaire that the kit does not ask for is no gap.
    open_ = [f.record for f in found if f.status == "needs_information" and f.asks]
    if open_:
        tables.append(Listing("Cannot tell yet", tuple(Said(r.title, r.source, more=further(r)) for r in open_)))
    return Section(
        "guidelines", "What the sources say here", tuple(tables), "No recommendation applies yet.", annex=True
    )


def _finding(finding: Finding) -> tuple[Cell, ...]:
    record = finding.record
    strength = record.strength
    graded = " ".join(x for x in (strength.scheme, strength.category, strength.evidence) if x)
    because = tuple(
        Said(reason["says"], origin=tuple(reason["origin"]), calculation=f"fact {reason['fact']}")
        for reason in finding.because[:4]
    )
    return (
        cell(
            Said(record.title, record.source, origin_of(finding.because), more=further(record)),
            Said(finding.action, record.source),
        ),
        because or cell("–"),
        cell(Said(graded, record.source)),
        cell(*cited(record.source)),
    )


def _disagreements(case: Case) -> Section:
    rows = tuple(
        (
            cell(Said(d.title, d.source)),
            tuple(Said(p.says or p.at, (p,)) for p in d.positions),
            tuple(said for p in d.positions for said in cited((p,))),
        )
        for d in case.findings.disagreements
    )
    tables = (Table("Both are shown, none is chosen", ("On", "They say", "Source"), rows),) if rows else ()
    return Section("disagreements", "Where the sources differ", tables, "No known disagreement bears on this person.")


# -- what was entered -----------------------------------------------------------------------------------------


def _entered(case: Case) -> Section:
    profile = case.profile
    answers = tuple(
        (
            cell(Said(case.content.answers[id].label, origin=(f"answers.{id}",))),
            cell(Said(answer_words(case, id), origin=(f"answers.{id}",))),
        )
        for id in profile.answers
    )
    conditions = tuple(_condition(case, entry, n) for n, entry in enumerate(profile.conditions))
    medicines = tuple(_medicine(entry, n) for n, entry in enumerate(profile.medicines))
    read = {reading.place: reading for reading in read_scores(case.facts, case.content)}
    observations = tuple(_observation(case, seen, n, read.get(n)) for n, seen in enumerate(profile.observations))
    whole = [
        Said(f"{which}: {getattr(profile.complete, which)}", origin=(f"complete.{which}",))
        for which in ("conditions", "medicines", "observations")
    ]
    none = [
        Said(
            f"{which}: {', '.join(id.replace('_', ' ') for id in getattr(profile.asked_none, which))}",
            origin=(f"asked_none.{which}",),
        )
        for which in ("conditions", "medicines", "observations")
        if getattr(profile.asked_none, which)
    ]
    words: dict[str, str] = {sign.sign: sign.label for sign in case.content.wish_signs.values()}
    wishes = tuple(
        Said(
            f"{case.content.treatments[w.treatment].short}: "
            + "; ".join(x for x in (words.get(w.says or ""), words.get(w.tried or ""), w.date, w.note) if x),
            origin=(f"wishes.{n}",),
        )
        for n, w in enumerate(profile.wishes)
    )
    allergies = _allergies(case)
    tables = (
        Table("Answers", ("Question", "Answer"), answers),
        Table("Conditions", ("Condition", "How it stands"), conditions),
        Table("Medicines", ("Medicine", "Dose", "State and purpose", "From"), medicines),
        Table("Allergies", ("To what", "What it means here", "What happened", "Date"), allergies),
        Table("Observations", ("What", "Value", "Date", "Note"), observations),
        Listing("What the person asks for, refuses, or has tried", wishes),
        Listing("Asked, and none of these", tuple(none)),
        Listing("Is it the whole list?", tuple(whole)),
        Listing("Notes", (Said(profile.notes, origin=("notes",)),) if profile.notes else ()),
    )
    shown = tuple(b for b in tables if (b.rows if isinstance(b, Table) else b.lines))
    return Section("entered", "What was entered", shown, "Nothing was entered.", annex=True)


def _condition(case: Case, entry: Condition, n: int) -> tuple[Cell, ...]:
    origin = (f"conditions.{n}",)
    dates = [f"since {entry.since}" if entry.since else "", f"until {entry.until}" if entry.until else ""]
    how = "; ".join(x for x in (entry.status, entry.certainty, *dates) if x)
    return (cell(Said(condition_words(case, entry.id, entry.name), origin=origin)), cell(Said(how, origin=origin)))


def _allergies(case: Case) -> tuple[tuple[Cell, ...], ...]:
    """Each entry of the allergies list beside what was made of it."""
    counted = {one.place: one for one in allergies_of(case.profile, case.content)}
    rows = []
    for n, entry in enumerate(case.profile.allergies):
        one = counted.get(n)
        none = "refuted: not counted" if entry.certainty == "refuted" else "to no medicine that a rule here is about"
        says = (
            Said(one.sign.label, one.sign.source, (f"allergies.{n}",))
            if one
            else Said(none, origin=(f"allergies.{n}",))
        )
        name = Said(entry.label, origin=(f"allergies.{n}",))
        rows.append((cell(name), cell(says), cell(Said(entry.note or "")), cell(Said(entry.date or ""))))
    return tuple(rows)


def _medicine(entry: Medicine, n: int) -> tuple[Cell, ...]:
    origin = (f"medicines.{n}",)
    amounts = ", ".join(f"{name.replace('_', ' ')} {amount:g} {entry.unit}" for name, amount in entry.dose.items())
    low, high = entry.per_day_min, entry.per_day_max
    times = "" if high is None else f"{high:g} a day" if low in (None, high) else f"{low:g} to {high:g} a day"
    how = [amounts, times, "as needed" if entry.as_needed else "", entry.route or "", entry.release or ""]
    what: list[str] = [entry.state, f"for {entry.purpose}" if entry.purpose else ""]
    what += [f"since {entry.start}" if entry.start else "", f"until {entry.stop}" if entry.stop else ""]
    if entry.use_unknown:
        what.append("whether it is taken is not known")
    if entry.as_prescribed is False:
        what.append("not taken as prescribed")
    given = [entry.prescriber, entry.source or ""]
    return (
        cell(Said(entry.label.replace("_", " "), origin=origin)),
        *(cell(Said("; ".join(x for x in words if x) or "–", origin=origin)) for words in (how, what, given)),
    )


def _observation(case: Case, seen: Observation, n: int, reading: Reading | None) -> tuple[Cell, ...]:
    origin = (f"observations.{n}",)
    value = "" if seen.value is None else f"{seen.value:g}" if isinstance(seen.value, float) else seen.value
    limits = ((">=", seen.at_least), ("<=", seen.at_most))
    value = value or " and ".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)
    items = ", ".join(f"{id.replace('_', ' ')} {v}" for id, v in seen.items.items())
    texts = (
        measure_words(case, seen.measure),
        "; ".join(x for x in (value, items) if x) or "–",
        seen.date or "undated",
        "; ".join(x for x in (seen.source, seen.note) if x) or "–",
    )
    cells = [cell(Said(text, origin=origin)) for text in texts]
    if reading:
        cells[1] += cell(Said(f"Score: {reading.says}", reading.instrument.source, origin))
    return tuple(cells)


# -- sources --------------------------------------------------------------------------------------------------


def source_lines(case: Case, said: Iterable[Said], without: frozenset[str] = frozenset()) -> tuple[Said, ...]:
    """The sources of some texts, each by key, with how well its places were read. ``without`` stand elsewhere."""
    used: dict[str, set[m.Confidence]] = {}
    for one in said:
        for c in one.source:
            used.setdefault(c.id, set()).add(c.confidence)
    lines = []
    for s in case.content.sources.values():
        if s.id in used and s.id not in without:
            flags = ", ".join(word for flag, word in CONFIDENCE_WORDS.items() if flag in used[s.id])
            place = f"doi:{s.doi}" if s.doi else s.url or s.publisher
            text = ". ".join(part for part in (s.title, str(s.year), place) if part)
            lines.append(Said(f"{s.id}: {text} [{flags}]", (m.Cite(id=s.id, at="the whole", confidence="verified"),)))
    return tuple(lines)


def source_section(lines: tuple[Said, ...]) -> Section:
    """The printed list of sources."""
    note = Note(Said("In brackets: how well the places used here were read. Several marks mean that places differ."))
    blocks = (note, Listing("", lines)) if lines else ()
    return Section("sources", "Sources and confidence", blocks, "No source was used.")
