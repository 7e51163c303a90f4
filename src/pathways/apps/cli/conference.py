"""`pathways conference` and `pathways decide`: the list of a case conference, and what it decides, kept in the case file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from .common import UserError, bullet, content_at_hand, day, note, print_json, read_cases, say, screen, today
from .review import AsJson, AsOf, CaseFile, Cases, reviewed_cases

if TYPE_CHECKING:
    from rich.console import Console

    from ...content import Content
    from ...pages.meeting import OnList

Outcome = Literal["do", "do_not", "wait", "done"]


def conference(cases: Cases, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """The list of a case conference of up to ten cases: what was decided last time and how it stands now, then each case.

    What wants a look stands first: what is overdue, stands otherwise now, or is against what the records now say. Record what
    is decided with 'pathways decide'; the sheets at the end are written by 'pathways review CASE CASE --html FOLDER'.

    \b
    Example: pathways conference case.toml sample_data/cases/back_pain_120_mme.toml
    Example: pathways conference case.toml --as-of 2026-11-30 --json
    """
    from ...pages.meeting import on_list, too_many

    if why := too_many(cases):
        raise UserError(why)
    content = content_at_hand()
    reviewed = reviewed_cases(cases, as_of, content)
    rows = [on_list(case, path.stem) for case, path in zip(reviewed, cases, strict=True)]
    if as_json:
        print_json([row.to_dict() for row in rows])
    else:
        _show(screen(), rows)


def _show(console: Console, rows: list[OnList]) -> None:
    from ...language.words import counted
    from ...pages.meeting import in_words, last_time

    before = list(last_time(rows))
    say(console, f"Conference: {counted(len(rows), 'case')}", "bold")
    console.print()
    say(console, "Decided last time", "bold")
    for row, one in before:
        bullet(console, f"{row.name}: {in_words(one)}")
    if not before:
        bullet(console, "nothing is on record")
    for n, row in enumerate(rows, 1):
        console.print()
        say(console, f"{n}. {row.name}: {row.person}", "bold")
        if row.urgent:
            bullet(console, f"URGENT: {'; '.join(row.urgent)}", 3)
        if row.new:
            bullet(console, f"New since {row.last}: {'; '.join(row.new)}", 3)
        bullet(console, f"Decide: {'; '.join(row.decide) or 'nothing is open'}", 3)
        if row.ask:
            bullet(console, f"Ask: {'; '.join(row.ask)}", 3)


def decide(
    case: CaseFile,
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="A treatment or a recommendation, by its id.", show_default=False)
    ],
    outcome: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="do, do_not, wait, or done.", show_default=False)
    ] = "do",
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="ROLE", help="The role that sees to it; no name.")
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="When it should be done, or looked at again.")
    ] = None,
    dissent: Annotated[
        list[str] | None,
        typer.Option(
            "--dissent", metavar="ROLE[=WORDS]", help="A seat that does not agree, and why. May be given again."
        ),
    ] = None,
    words: Annotated[str, typer.Option("--note", metavar="TEXT", help="A few words, without a name.")] = "",
    on: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="DATE", help="The day of the decision; left out, the case's day of review, or today."
        ),
    ] = None,
) -> None:
    """Record what was decided of one item in the case file: who sees to it and by when, and who did not agree. Roles only.

    The file grows at its end, and earlier entries stay: the newest entry of an item holds. What was carried out is recorded
    as done.

    \b
    Example: pathways decide case.toml naloxone_kit do --owner pharmacist --due 2026-11-09
    Example: pathways decide case.toml opioid_taper wait --due 2026-12 --dissent "person=Not before the winter."
    """
    from ...profile import ProfileError
    from ...profile.recording import record_decision

    content = content_at_hand()
    if outcome not in get_args(Outcome):
        raise UserError(f"OUTCOME: '{outcome[:40]}' is none of {', '.join(get_args(Outcome))}")
    when = day(on, "--date")
    if when is not None and when > today():
        raise UserError(f"--date: {when} is still to come")
    entry: dict[str, Any] = {**_stood(case, item, when, content), "item": item, "outcome": outcome}
    given = {"owner": owner, "due": due, "note": words, "dissent": [_dissent(one) for one in dissent or ()]}
    entry |= {name: value for name, value in given.items() if value}
    try:
        made = record_decision(case, entry, content)
    except ProfileError as error:
        raise UserError(*(p if str(case.name) in p else f"{case.name}: {p}" for p in str(error).splitlines())) from None
    note(f"Written: {case}: {item} {outcome.replace('_', ' ')}, decision {len(made.decisions)} of this case")


def _stood(path: Path, item: str, when: date | None, content: Content) -> dict[str, str]:
    """The day of the decision, and how its item stood in the case as it is. Raises UserError."""
    from ...review.case import review
    from ...review.decided import stands

    (profile,) = read_cases([path], when.isoformat() if when else None, content)
    assert profile.as_of is not None
    dated = {"date": profile.as_of.isoformat()}
    if item not in content.treatments and item not in content.recommendations:
        return dated  # said when it is recorded, with the name that may be meant
    return {**dated, "stood": stands(review(profile, content=content), item)}


def _dissent(text: str) -> dict[str, str]:
    role, _, says = text.partition("=")
    return {"role": role.strip(), **({"says": says.strip()} if says.strip() else {})}
