"""Where the pictures come from a case: each as a picture and, after it, the table with the same numbers.

A picture is drawn only where there is something known to draw; in a view for others the rest of the case stays out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..care.estimates import bears_on
from ..care.levels import LevelOfCare, level_of_care
from ..care.trends import Series, say_value, trends
from ..care.urine import READING_WORDS, Result
from ..content import models as m
from ..content.models import PHASES
from ..facts.code import criteria_of, taken_as_prescribed
from ..facts.mme import Line as DoseLine
from ..language import Range
from ..review.actions import said_item
from ..review.audience import withheld
from ..review.briefly import merged
from ..review.case import Case
from ..review.shapes import Said
from .blocks import PHASE_WORDS, Block, Cell, Picture, Section, Table, cell
from .dose_words import has_sum, mme_words
from .estimate_sections import ESTIMATES
from .pictures.care_level import Dimension, Row, levels_picture
from .pictures.dose import mme_bar, working
from .pictures.draw import number, span_words
from .pictures.effects import Shown, can_be_drawn, effects_picture
from .pictures.oud import STATE_WORDS, Criterion, State, criteria_picture
from .pictures.over_time import Lane, Line, Marks, over_time
from .pictures.plans import Entry, plan_columns
from .plan_sections import items_shown, where

LANES: tuple[tuple[m.Lane, str], ...] = (("pain", "Pain"), ("functioning", "Function"), ("use", "Use"))


def at_a_glance(case: Case) -> tuple[Picture, ...]:
    """The pictures that stand under the first page on a screen: the dose, and the criteria."""
    blocks = (*dose_blocks(case), *oud_blocks(case))
    return tuple(block for block in blocks if isinstance(block, Picture))


def drawn_elsewhere(case: Case) -> tuple[Said, ...]:
    """The pictures that stand in sections of the sheet, by name: each opens its section."""
    if case.view is not None:
        return ()
    models = case.content.risk_models.values()
    effects = (e for item, _ in items_shown(case) for e in item.option.record.effects)
    found = (
        ("plan_columns", "The plans by time", bool(case.shown.plans)),
        ("trends", "Pain, function and use over time", any(one.record.lanes for one in trends(case))),
        ("level_of_care", "Level of care, by dimension", level_of_care(case).least is not None),
        ("effects", "What these treatments have shown", any(map(can_be_drawn, effects))),
        (ESTIMATES, "Estimates of risk, apart from the plan", any(bears_on(case, one) for one in models)),
    )
    return tuple(Said(title, opens=section) for section, title, there in found if there)


def picture_annexes(case: Case) -> tuple[Section, ...]:
    """The folded sections that are about what a picture shows."""
    found = (
        Section("plan_columns", "The plans by time, in columns", plan_blocks(case), annex=True),
        Section("dose", "The opioid dose, worked out", dose_blocks(case), annex=True),
        Section("oud", "The criteria of OUD, one by one", oud_blocks(case), annex=True),
    )
    return tuple(section for section in found if section.blocks)


# -- the opioid dose ------------------------------------------------------------------------------------------


def dose_blocks(case: Case) -> tuple[Block, ...]:
    """The dose of the listed opioids with its working; nothing where none is counted."""
    dose, content = case.facts.mme, case.content
    if not has_sum(case):
        return ()
    edition = content.mme_editions[dose.edition]
    fact = content.known("fact", "opioid dose, upper bound")
    known = isinstance(case.facts.values.get(fact), Range)
    upper = dose.hi if known else None
    cites = merged([edition.source, *(mark.source for mark in edition.marks)])
    drawn = "; ".join(f"at {number(mark.at)}: {mark.label}" for mark in edition.marks)
    text = f"{mme_words(case)}. Drawn across, no limits: {drawn}." if drawn else f"{mme_words(case)}."
    sums = "; ".join(working(line) for line in dose.counted)
    picture = Picture(
        mme_bar(dose, edition.marks, upper), Said(text, cites, case.facts.origin.get(fact, ()), sums or dose.note)
    )
    rows = [_dose_row(n, line, span_words(line.lo or 0, line.hi)) for n, line in enumerate(dose.counted, 1)]
    rows += [_dose_row(0, line, span_words(line.lo, None) if line.lo else "not known") for line in dose.not_calculable]
    rows += [_dose_row(0, line, "not counted") for line in dose.not_counted]
    total = Said(span_words(dose.lo or 0, upper), edition.source, calculation="sum of what is counted")
    rows.append((cell("All together"), cell(Said(dose.note)) if dose.note else cell("–"), cell(total)))
    return picture, Table("The working", ("Opioid", "Factor and sum", "MME a day"), tuple(rows))


def _dose_row(n: int, line: DoseLine, mme: str) -> tuple[Cell, ...]:
    name = f"{n}. {line.label}" if n else line.label
    reckoned = line.arithmetic or line.reason
    texts = [Said(working(line), calculation=reckoned)]
    if line.arithmetic and line.reason:
        texts.append(Said(line.reason, calculation=reckoned))
    return (cell(Said(name, origin=("medicines",))), tuple(texts), cell(Said(mme, calculation=reckoned)))


# -- the criteria of OUD --------------------------------------------------------------------------------------


@withheld(())
def oud_blocks(case: Case) -> tuple[Block, ...]:
    """The criteria as the newest assessment has them; nothing where none is on record."""
    content, facts = case.content, case.facts
    instrument = next((i for i in content.instruments.values() if any(x.unless_prescribed for x in i.items)), None)
    fact = next((f for f in content.facts.values() if instrument and f.instrument == instrument.id and f.lo == 0), None)
    if instrument is None or fact is None:
        return ()
    origin = facts.origin.get(fact.id, ())
    places = [int(path.partition(".")[2]) for path in origin if path.startswith("observations.")]
    count = facts.values.get(fact.id)
    if not places or not isinstance(count, Range):
        return ()
    seen = [case.profile.observations[n] for n in places]
    prescribed = taken_as_prescribed(case.profile, content)
    criteria = [
        Criterion(
            item.label,
            _state(
                [one.items.get(item.id) for one in seen], item.unless_prescribed and prescribed is not False, prescribed
            ),
        )
        for item in instrument.items
    ]
    paths = tuple(f"observations.{n}" for n in places)
    states = [one.state for one in criteria]
    told = [f"{states.count(state)} {words}" for state, words in STATE_WORDS.items() if state in states]
    typed = any(not one.items for one in seen)
    named = "recorded as a number, not one by one" if typed else ", ".join(told)
    text = f"{span_words(count.lo, count.hi)} of {len(criteria)} criteria met ({named}). {instrument.not_valid}".strip()
    reckoned = "; ".join(span_words(*_ends(criteria_of(instrument, one, prescribed))) for one in seen)
    picture = Picture(criteria_picture(criteria, count, instrument), Said(text, instrument.source, paths, reckoned))
    rows = [
        (cell(Said(one.label, instrument.source)), cell(Said(STATE_WORDS[one.state], origin=paths))) for one in criteria
    ]
    rows.append((cell("All together"), cell(Said(span_words(count.lo, count.hi), instrument.source, paths, reckoned))))
    return picture, Table("Each criterion", ("Criterion", "What is known"), tuple(rows))


def _ends(found: Range) -> tuple[float, float]:
    return found.lo, found.hi


def _state(values: list[int | None], sheltered: bool, prescribed: bool | None) -> State:
    """What the assessments of one day say of a criterion; two that differ leave it open."""
    if len(set(values)) != 1 or values[0] is None:
        return "open"
    if not values[0]:
        return "not_met"
    if not sheltered:
        return "met"
    return "not_counted" if prescribed else "open"


# -- the plans by time ----------------------------------------------------------------------------------------


def plan_blocks(case: Case) -> tuple[Block, ...]:
    """The items of the plans shown by phase, with the plans that hold each."""
    found: dict[m.Phase, list[tuple[Entry, tuple[m.Cite, ...]]]] = {phase: [] for phase in PHASES}
    core = {item.id for item in case.shown.core}
    for item, letters in items_shown(case):
        place = where(case, item.id, letters)
        name = said_item(case, item.id, item.instead)
        found[item.phase].append((Entry(item.verb, name, place, item.id in core), item.option.record.source))
    columns = [(PHASE_WORDS[phase], [entry for entry, _ in entries]) for phase, entries in found.items() if entries]
    if not columns:
        return ()
    cites = merged(source for entries in found.values() for _, source in entries)
    text = "What is done in each phase: a full frame stands in every plan, a dashed one only in the plans it names."
    rows = tuple(
        (cell(PHASE_WORDS[phase]), cell(Said(f"{entry.verb}: {entry.name}", source)), cell(entry.where))
        for phase, entries in found.items()
        for entry, source in entries
    )
    picture = Picture(
        plan_columns(columns), Said(text, calculation=f"{len(rows)} items of the plans, {len(cites)} places cited")
    )
    return picture, Table("Items by phase", ("Phase", "What", "In"), rows)


# -- what items have shown ------------------------------------------------------------------------------------


def effects_pictures(case: Case) -> tuple[Block, ...]:
    """The effects that were read with an interval, each by itself; the table that follows has all of them."""
    found = [(item, e) for item, _ in items_shown(case) for e in item.option.record.effects if can_be_drawn(e)]
    if not found:
        return ()
    shown = [
        Shown(
            item.option.record.short, f"{e.outcome}. {e.population}; against {e.comparator}",
            e.value or 0.0, e.lo or 0.0, e.hi or 0.0, e.unit, e.scale,
        )
        for item, e in found
    ]  # fmt: skip  # one effect, read across
    every = sum(len(item.option.record.effects) for item, _ in items_shown(case))
    text = (
        f"{len(found)} of {every} effects on record were read with an interval, and are drawn. Each is by itself: there is no "
        "total of a plan."
    )
    cites = merged(e.source for _, e in found)
    return (Picture(effects_picture(shown), Said(text, cites, calculation="effects with an interval that was read")),)


# -- pain, function and use over time -------------------------------------------------------------------------


def time_picture(found: Iterable[Series], urine: Iterable[Result]) -> tuple[Block, ...]:
    """The lanes of what was measured on two days or more, with the urine results; nothing where no lane has anything."""
    series = [one for one in found if one.record.lanes]
    results = sorted(urine, key=lambda one: one.day)
    if not series:
        return ()
    lanes = []
    for names, titles in _lanes(series):
        rows: list[Line | Marks] = [
            Line(
                one.record.title,
                tuple((p.day, p.value) for p in one.points),
                tuple(say_value(one.record, p.value) for p in one.points),
                tuple(line.at for line in one.record.lines),
            )
            for one in series
            if one.record.lanes == names
        ]
        if "use" in names and results:
            by_day: dict[str, tuple[Result, ...]] = {}
            for result in results:
                by_day[result.day.isoformat()] = (*by_day.get(result.day.isoformat(), ()), result)
            marks = tuple((of[0].day, _weightiest(of)) for of in by_day.values())
            rows.append(Marks("Urine: ring as expected, triangle not, ? cannot tell", marks))
        lanes.append(Lane(titles, tuple(rows)))
    origin = tuple(path for one in series for path in one.origin) + tuple(f"observations.{r.place}" for r in results)
    days = sorted({p.day for one in series for p in one.points} | {r.day for r in results})
    rows_of_days = tuple(
        (
            cell(Said(day.isoformat(), origin=origin)),
            *(
                cell(
                    *(
                        Said(say_value(one.record, p.value), one.record.source, (p.path,))
                        for p in one.points
                        if p.day == day
                    )
                )
                or cell("–")
                for one in series
            ),
            cell(*(f"{r.test.title}: {READING_WORDS[r.reading]}" for r in results if r.day == day)) or cell("–"),
        )
        for day in days
    )
    lacking = [lane.title for lane in lanes if not lane.rows]
    text = "On the same days: " + "; ".join(one.record.title for one in series) + ("; urine results" if results else "")
    text += f". Not measured on two days, so not known: {', '.join(lacking).lower()}." if lacking else "."
    head = ("Day", *(one.record.title for one in series), "Urine")
    picture = Picture(over_time(lanes), Said(text, merged(one.record.source for one in series), origin))
    return picture, Table("By day", head, rows_of_days)


def _lanes(series: list[Series]) -> Iterator[tuple[tuple[m.Lane, ...], str]]:
    """The lanes to draw with their names; a measure that stands in two makes one lane of both."""
    words = dict(LANES)
    there = list(dict.fromkeys(one.record.lanes for one in series))
    for lane, _ in LANES:
        if not any(lane in names for names in there):
            there.append((lane,))
    order = [lane for lane, _ in LANES]
    for names in sorted(there, key=lambda names: (order.index(names[0]), len(names))):
        yield names, " and ".join([words[names[0]], *(words[name].lower() for name in names[1:])])


def _weightiest(of: tuple[Result, ...]) -> str:
    readings = {result.reading for result in of}
    return next(r for r in ("unexpected", "cannot_tell", "expected") if r in readings)


# -- the level of care ----------------------------------------------------------------------------------------


def level_picture(case: Case, level: LevelOfCare) -> tuple[Block, ...]:
    """The dimensions that were rated, and where the levels stand; nothing where none was rated."""
    if level.least is None or level.most is None:
        return ()
    levels = sorted(case.content.care_levels.values(), key=lambda one: one.rank)
    place = {one.id: n for n, one in enumerate(levels)}
    dimensions = [
        Dimension(d.record.title, bool(d.ratings), place[d.least.id], place[d.most.id], d in level.set_by)
        for d in level.dimensions
    ]
    advised = tuple(dict.fromkeys((place[level.least.id], place[level.most.id])))
    note = "" if len(advised) == 1 else "at least, and at most while not all is rated"
    rows = [
        Row("Advised by the ratings", advised, note),
        *(
            Row(title, tuple(place[name] for name in names if name in place), "none for now" if names else "not said")
            if not any(name in place for name in names)
            else Row(title, tuple(place[name] for name in names if name in place))
            for title, names in (
                ("Accepted by the person", level.accepted),
                ("Can be reached now", level.available),
                ("Now", level.present),
            )
        ),
    ]
    rated = sum(d.rated for d in dimensions)
    least = f"{'at least ' if len(advised) > 1 else ''}{level.least.number}"
    text = (
        f"{rated} of {len(dimensions)} dimensions rated; the highest sets {least}, never an average. Hatched: not rated, or "
        "still open."
    )
    origin = tuple(f"answers.{d.record.answer}" for d in level.dimensions if d.ratings)
    said = Said(text, merged(d.record.source for d in level.dimensions if d.ratings), origin, "ratings of the team")
    return (Picture(levels_picture([one.number for one in levels], dimensions, rows), said),)
