"""`pathways taper`: the arithmetic of a slow, shared taper as a table, with what stands beside it."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .common import UserError, bullet, content_at_hand, day, note, one_line, say, screen
from .targets import Force, check_target, write_text

if TYPE_CHECKING:
    from ...care.taper import Advice, Schedule, Start
    from ...content import Content
    from ...content.models import Cite, TaperRule
    from ...review.case import Case

NO_ORDER = "A table to talk over, not an order. Every step is decided with the person and may be held."
COLUMNS = ("Step", "Days", "Dose", "MME/day", "% of first", "% off")
CSV_COLUMNS = ("step", "day", "date", "dose", "unit", "mme_per_day", "percent_of_first", "percent_off_dose_before")

CaseOrNot = Annotated[
    Path | None, typer.Argument(metavar="[CASE]", help="A case file; or give --mme.", show_default=False)
]


def taper(
    case: CaseOrNot = None,
    mme: Annotated[float | None, typer.Option("--mme", metavar="N", help="The dose to start from, MME a day.")] = None,
    percent: Annotated[float, typer.Option("--percent", metavar="P", help="How much each step takes off, in %.")] = 10,
    every: Annotated[float, typer.Option("--every", metavar="WEEKS", help="Weeks from step to step.")] = 4,
    of: Annotated[
        str, typer.Option("--of", metavar="BASIS", help="Percent of the current or the original dose.")
    ] = "current",
    months: Annotated[
        float | None, typer.Option("--months", metavar="N", help="How long it was taken; steps each week need it.")
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", metavar="N", help="How many steps to show.")] = None,
    tablet: Annotated[
        float | None, typer.Option("--tablet", metavar="SIZE", help="Round doses up to whole ones of this size.")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="The first day, to show dates.")] = None,
    as_: Annotated[str, typer.Option("--as", metavar="FORM", help="text, md or csv.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file.")] = None,
    force: Force = False,
) -> None:
    """Show the steps of a slow taper: days, dose, MME a day. Unsafe speeds are refused, with the reason and the source.

    No schedule is made for OUD without medication, in pregnancy, in withdrawal or with a signal of suicide risk.

    \b
    Example: pathways taper --mme 120 --percent 10 --every 4 --of current
    Example: pathways taper sample_data/cases/back_pain_120_mme.toml --percent 5 --of original --tablet 10
    Example: pathways taper case.toml --as csv
    """
    from ...care.taper import BASES, NotAdvisedError, Pace, TaperError, UnsafeSpeedError, beside, schedule

    content = content_at_hand()
    if as_ not in ("text", "md", "csv"):
        raise UserError(f"--as: '{as_[:20]}' is none of text, md, csv")
    basis = next((b for b in BASES if b == of), None)
    if basis is None:
        raise UserError(f"--of: '{of[:20]}' must be current or original: which of the two is always said")
    target = check_target(out, [case] if case else [], force=force) if out else None
    person = _person(case, mme, content)
    advice = beside(person, content)
    try:
        if advice.not_advised:
            raise NotAdvisedError(advice.not_advised)
        taken = _months(months, person, content)
        made = schedule(
            _start(person, mme),
            Pace(percent, every, basis),
            steps=steps,
            tablet=tablet,
            months=taken,
            content=content,
        )
    except NotAdvisedError as error:
        raise UserError("no schedule is made:", *_told(error.rules), *_told(_named(advice))) from None
    except UnsafeSpeedError as error:
        raise UserError(f"refused: {error}", f"Source: {_sources(error.source)}") from None
    except TaperError as error:
        raise UserError(str(error)) from None
    first = day(start, "--start") or (person.profile.as_of if person else None)
    if as_ == "csv":
        text = _csv(made, first)
        note(NO_ORDER)
    else:
        text = "\n".join(_markdown(made, advice, first)) + "\n" if as_ == "md" else ""
    if target is not None:
        write_text(target, text or "\n".join(_markdown(made, advice, first)) + "\n")
        note(f"Written: {out}")
    elif text:
        sys.stdout.write(text)
    else:
        _print(made, advice, first)


def _person(case: Path | None, mme: float | None, content: Content) -> Case | None:
    from .review import reviewed_cases

    if case is None and mme is None:
        raise UserError("name a case file, or give the dose with --mme")
    if case is None:
        return None
    return reviewed_cases([case], None, content)[0]


def _start(person: Case | None, mme: float | None) -> Start:
    from ...care.taper import Start, start_of

    if mme is not None:
        return Start(mme, "MME/day", "opioid for pain", 1.0)
    assert person is not None
    return start_of(person)


def _months(given: float | None, person: Case | None, content: Content) -> float | None:
    """How long the opioid was taken: as given, else the most that the case leaves possible."""
    from ...language import Range

    if given is not None or person is None:
        return given
    answer = content.known("answer", "months on an opioid")
    known = person.facts.values.get(answer)
    return known.hi if answer in person.profile.answers and isinstance(known, Range) else None


# ---- words --------------------------------------------------------------------------------------------------


def _named(advice: Advice) -> tuple[TaperRule, ...]:
    """The alternative, which is named even where no schedule is made."""
    return tuple(rule for rule in advice.always if rule.named_when_refused)


def _told(rules: tuple[TaperRule, ...]) -> list[str]:
    return [f"{rule.title}. {rule.action} [{_sources(rule.source)}]" for rule in rules]


def _sources(cites: tuple[Cite, ...]) -> str:
    """Citations by key; `pathways cite` tells the rest. What is not yet confirmed says so."""
    open_ = " (not yet confirmed)"
    return "; ".join(dict.fromkeys(f"{c.id}, {c.at}{open_ if c.confidence == 'recall' else ''}" for c in cites))


def _heading(made: Schedule) -> str:
    basis = "the dose then taken" if made.pace.of == "current" else "the first dose"
    if made.pace.of == "original" and made.speed.of_first_above is not None:
        basis += f", then of the dose then taken from {made.speed.of_first_above:g}% on"
    weeks = "week" if made.pace.every_weeks == 1 else f"{made.pace.every_weeks:g} weeks"
    return f"{made.pace.percent:g}% of {basis} every {weeks}, from {made.start.amount:g} {made.start.unit} ({made.start.label})"


def _remarks(made: Schedule) -> Iterator[str]:
    yield made.ends
    if made.tablet is not None:
        yield f"Doses are rounded up to whole {made.tablet:g} {made.start.unit.partition('/')[0]}, so never faster."
    yield from made.start.remarks


def _rows(made: Schedule, first: date | None) -> Iterator[tuple[str, ...]]:
    """The table with its heading; the dose has a column of its own unless it is in MME already."""
    from ...care.taper import table_rows

    own = made.start.unit != "MME/day"
    yield COLUMNS if own else (*COLUMNS[:2], *COLUMNS[3:])
    for number, after, dose, mme, left, cut in table_rows(made):
        when = after if first is None else f"{after} ({first + timedelta(days=int(after))})"
        yield (number, when, *((f"{dose} {made.start.unit}",) if own else ()), mme, left, cut)


def _print(made: Schedule, advice: Advice, first: date | None) -> None:
    from rich.text import Text

    console = screen()
    say(console, _heading(made), "bold")
    say(console, NO_ORDER)
    console.print()
    rows = list(_rows(made, first))
    wide = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        console.print(Text("  " + "  ".join(text.rjust(wide[n]) for n, text in enumerate(row))))
    console.print()
    for remark in _remarks(made):
        bullet(console, remark)
    for title, lines in _blocks(advice):
        console.print()
        say(console, title, "bold")
        for line in lines:
            bullet(console, line)


def _blocks(advice: Advice) -> Iterator[tuple[str, list[str]]]:
    if advice.asks:
        yield (
            "Ask first: yes to any of these means no taper now",
            [f"{rule.ask} ({rule.title})" for rule in advice.asks],
        )
    if advice.cautions:
        yield "For this person", _told(advice.cautions)
    yield "With every taper", _told(advice.always)


def _markdown(made: Schedule, advice: Advice, first: date | None) -> Iterator[str]:
    from ...pages.markdown import escaped

    yield from (f"# {escaped(_heading(made))}", "", f"**{NO_ORDER}**", "")
    head, *rows = _rows(made, first)
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    yield from ("| " + " | ".join(map(escaped, row)) + " |" for row in rows)
    yield ""
    yield from (f"- {escaped(remark)}" for remark in _remarks(made))
    for title, lines in _blocks(advice):
        yield from ("", f"## {title}", "")
        yield from (f"- {escaped(line)}" for line in lines)


def _csv(made: Schedule, first: date | None) -> str:
    from ...care.taper import table_rows

    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for number, after, dose, mme, left, cut in table_rows(made):
        when = "" if first is None else str(first + timedelta(days=int(after)))
        cut_off = {"–": "", "held": "0"}.get(cut, cut)
        writer.writerow(
            (number, after, when, dose, one_line(made.start.unit), "" if mme == "–" else mme, left, cut_off)
        )
    return held.getvalue()
