"""The pages on what goes on: checks and when they are due, values over time, urine tests, the plan for high-risk days."""

from __future__ import annotations

from collections.abc import Iterable

from ..care.monitoring import STATE_WORDS, Check, checks, relapse_plan
from ..care.trends import DIRECTION_WORDS, Series, corners, in_words, level, limits, say_value, trends
from ..care.urine import READING_WORDS, Because, Result, read_urine
from ..content import models as m
from ..facts.verdicts import Reason
from ..review.actions import origin_of
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said
from .blocks import Block, Cell, Chart, Listing, Note, Section, Table, cell, roles
from .picture_sections import time_picture

WIDE, HIGH = 240, 60
EMPTY_LINES = 2
"""How many whole lines a table to fill in leaves free."""
A_TALK = "A urine result opens a talk. It is never a reason to discharge, and it says nothing of OUD by itself."


@withheld(())
def monitor_sections(case: Case) -> tuple[Section, ...]:
    """The sections that are printed: the checks always, the others where there is something to show."""
    found = (_checks(case), _trends(case), _urine(case), _relapse(case))
    return tuple(section for section in found if section is not None)


def _because(reasons: Iterable[Reason], most: int = 2) -> tuple[Said, ...]:
    return tuple(
        Said(reason["says"], origin=tuple(reason["origin"]), calculation=f"fact {reason['fact']}")
        for reason in tuple(reasons)[:most]
    )


# -- checks ---------------------------------------------------------------------------------------------------


def _checks(case: Case) -> Section:
    found = checks(case)
    rows = tuple(_check_row(case, check) for check in found)
    head = ("Next", "What, and why", "How often", "Last on record, and for what", "Who")
    tables = (Table("For what is in use and what is known now", head, rows),) if rows else ()
    return Section("monitoring", "Checks that go on", tables, "Nothing in use, or known so far, calls for a check.")


def _check_row(case: Case, check: Check) -> tuple[Cell, ...]:
    record = check.record
    if check.by is None:
        next_ = Said(STATE_WORDS[check.state])
    else:
        reckoned = f"{check.last} + {record.interval_days} days"
        word = STATE_WORDS[check.state]
        text = f"{word} (since {check.by})" if check.state == "due" else f"{word} {check.by}"
        next_ = Said(text, record.source, (f"observations.{check.place}",), reckoned)
    last = Said(check.last, origin=(f"observations.{check.place}",)) if check.last else Said("–")
    return (
        cell(next_),
        cell(Said(record.what, record.source), Said(record.why, record.source)),
        cell(Said(record.how_often, record.source)),
        (last, *_because(check.because)),
        cell(roles(case, record.owner, record.source)),
    )


# -- values over time -----------------------------------------------------------------------------------------


def _trends(case: Case) -> Section | None:
    found = trends(case)
    if not found:
        return None
    blocks: list[Block] = [*time_picture(found, read_urine(case)), *(_chart(series) for series in found)]
    rows = tuple(_trend_row(series) for series in found)
    head = ("Measure", "Values, oldest first", "First to last", "What counts", "Since the value before")
    blocks.append(Table("The same in words", head, rows))
    left = tuple(
        Said(f"{series.record.title}: {text}", calculation="value that no trend could use")
        for series in found
        for text in series.left_out
    )
    if left:
        blocks.append(Listing("Not drawn", left))
    return Section("trends", "Over time", tuple(blocks))


def _chart(series: Series) -> Chart:
    low, top = limits(series)
    across = tuple(level(line.at, low, top, HIGH) for line in series.record.lines if low <= line.at <= top)
    said = Said(in_words(series), series.record.source, series.origin)
    record = series.record
    ends = f"{record.title}: {say_value(record, series.first.value)} → {say_value(record, series.last.value)}"
    dashed = [f"{line.at:g} ({line.label})" for line in record.lines if low <= line.at <= top]
    title = Said("; dashed: ".join([ends, *([", ".join(dashed)] if dashed else [])]), record.source, series.origin)
    return Chart(said, title, WIDE, HIGH, tuple(corners(series, WIDE, HIGH)), across)


def _trend_row(series: Series) -> tuple[Cell, ...]:
    record = series.record
    values = tuple(Said(f"{p.day}: {say_value(record, p.value)}", origin=(p.path,)) for p in series.points)
    change = f"{series.change:+g}".replace("-", "−")
    share = f" ({series.percent:+g}%)".replace("-", "−") if series.percent is not None else ""
    reckoned = f"{say_value(record, series.last.value)} − {say_value(record, series.first.value)}"
    told = [Said(f"{DIRECTION_WORDS[series.direction]}: {change}{share}", record.source, series.origin, reckoned)]
    if series.bands and series.bands[0] != series.bands[1]:
        told.append(Said(f"band: {series.bands[0]} → {series.bands[1]}", record.source))
    told += [Said(f"now {_side(series, line)} {line.at:g}: {line.label}", line.source) for line in series.crossed]
    counts = Said(record.change_says or "no smallest change on record: direction only", record.source)
    note = Said(record.note, record.source) if record.note else None
    since = Said(DIRECTION_WORDS[series.since_last], origin=series.origin[-2:])
    return (cell(Said(record.title, record.source)), values, tuple(told), cell(counts, note), cell(since))


def _side(series: Series, line: m.TrendLine) -> str:
    return "at or above" if series.last.value >= line.at else "below"


# -- urine tests ----------------------------------------------------------------------------------------------


def _urine(case: Case) -> Section | None:
    found = read_urine(case)
    if not found:
        return None
    rows = tuple(_result_row(result) for result in found)
    head = ("Day", "Test and result", "Reads", "Because", "What else to know")
    blocks: list[Block] = [Note(Said(A_TALK)), Table("Results, the newest first", head, rows)]
    steps = {step.id: step for result in found for step in result.after}
    if steps:
        ordered = sorted(steps.values(), key=lambda step: step.order)
        blocks.append(
            Listing("When a result is not as expected, in this order", tuple(Said(s.text, s.source) for s in ordered))
        )
    return Section("urine", "Urine drug tests", tuple(blocks))


def _result_row(result: Result) -> tuple[Cell, ...]:
    origin = (f"observations.{result.place}",)
    reads = Said(READING_WORDS[result.reading], result.test.source, origin)
    confirm = Said("confirm by GC/LC-MS first", result.test.source) if result.to_confirm else None
    return (
        cell(Said(result.day.isoformat(), origin=origin)),
        cell(Said(result.test.title, result.test.source), Said(result.value, origin=origin)),
        cell(reads, confirm),
        tuple(map(_said, result.because)) or cell("–"),
        tuple(map(_said, result.explains)) or cell("–"),
    )


def _said(because: Because) -> Said:
    return Said(because.text, because.source, because.origin)


# -- the plan for high-risk situations ------------------------------------------------------------------------


def _relapse(case: Case) -> Section | None:
    plan = relapse_plan(case)
    if plan is None:
        return None
    situations = [
        (cell(Said(prompt.text, prompt.source, origin_of(because))), cell(""), cell(""))
        for prompt, because in plan.situations
    ]
    empty: list[tuple[Cell, ...]] = [(cell("another:"), cell(""), cell("")) for _ in range(EMPTY_LINES)]
    fill = tuple(
        (cell(Said(prompt.text, prompt.source), Said(prompt.help, prompt.source) if prompt.help else None), cell(""))
        for prompt in plan.fill
    )
    blocks: tuple[Block, ...] = (
        Note(
            Said("Written with the person, who keeps a copy. What the answers name is printed; the rest is filled in.")
        ),
        Table(
            "High-risk situations", ("Situation", "What I do first", "Whom I call"), (*situations, *empty), blank=True
        ),
        Table("My plan", ("What", "In my words"), fill, blank=True),
        Listing("What the team promises", tuple(Said(prompt.text, prompt.source) for prompt in plan.team)),
    )
    return Section("relapse", "Plan for high-risk situations", blocks)
