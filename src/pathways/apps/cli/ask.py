"""`pathways explain`, `what-if` and `cite`: ask a case why, try a change, and see who says so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...language.nearest import did_you_mean
from .common import UserError, bullet, content_at_hand, one_line, print_json, say, screen
from .review import AsJson, AsOf, CaseFile, Lens, known_lens, reviewed_cases

if TYPE_CHECKING:
    from rich.console import Console

    from ...content import Content
    from ...content.models import Cite
    from ...review.case import Case

MARKS = {True: "yes", False: "no", None: "?"}


# ---- explain ------------------------------------------------------------------------------------------------


def explain(
    id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A recommendation, emergency, need, treatment or fact.", show_default=False),
    ],
    case: CaseFile,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Say why a line stands as it does, by which rule and whose word; for a treatment also why it is in no plan.

    \b
    Example: pathways explain naloxone_kit sample_data/cases/back_pain_120_mme.toml
    Example: pathways explain opioid_taper case.toml --json
    """
    from ...review.explain import why, why_not

    content = content_at_hand()
    _explainable(content, id)
    reviewed = reviewed_cases([case], as_of, content)[0]
    try:
        answer = why(reviewed, id)
    except KeyError:
        raise UserError(f"{id} is a rule that is not in force on {reviewed.profile.as_of}; try --as-of") from None
    against = why_not(reviewed, id) if id in content.treatments else ()
    if as_json:
        print_json({**answer.to_dict(), "why_not": list(against)})
        return
    console = screen()
    console.print(f"{answer.title} ({answer.kind} {answer.id})", style="bold")
    console.print(one_line(answer.verdict))
    _lines(console, "Says", answer.says)
    _lines(console, "Because", (reason["says"] for reason in answer.because))
    _lines(console, "Why not in every plan", against)
    _rules(console, answer.rules)
    _lines(console, "Would settle it", (_ask_words(reviewed, ask) for ask in answer.asks))
    _lines(console, "Source", (_says_who(content, cite) for cite in answer.source))


def _explainable(content: Content, id: str) -> None:
    tables = (content.recommendations, content.emergencies, content.needs, content.treatments, content.schema)
    if not any(id in table for table in tables):
        hint = did_you_mean(id, (name for table in tables for name in table))
        raise UserError(f"nothing called '{id[:60]}' can be explained.{hint}")


def _rules(console: Console, rules: Iterable[Mapping[str, Any]]) -> None:
    told = sorted(rules, key=lambda rule: (True, None, False).index(rule.get("verdict", True)))
    if not told:
        return
    console.print("\nRules", style="bold")
    for rule in told:
        if "when" not in rule:
            console.print(f"  {one_line(rule['says'])}")
            continue
        console.print(f"  {MARKS[rule['verdict']]:>3}  {one_line(rule['says'])}")
        console.print(f"       {rule['when']}", style="dim")
        for reason in rule["because"]:
            bullet(console, reason["says"], indent=7)


def _ask_words(case: Case, ask: str) -> str:
    from ...pages.data import ask_words

    return f"{ask_words(case, ask)} ({ask})"


def _says_who(content: Content, cite: Mapping[str, Any]) -> str:
    source = content.sources[cite["id"]]
    return f"{source.title} ({source.year}), {cite['at']} [{cite['confidence']}]"


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    said = list(lines)
    if said:
        console.print(f"\n{title}", style="bold")
        for line in said:
            bullet(console, line)


# ---- what-if ------------------------------------------------------------------------------------------------


def what_if(
    case: CaseFile,
    changes: Annotated[list[str], typer.Argument(metavar="PATH=VALUE...", help="What to change; PATH= takes it out.")],
    as_of: AsOf = None,
    lens: Lens = None,
    as_json: AsJson = False,
) -> None:
    """Change something about the person and see what that changes. The case file stays as it is.

    A path names an answer, or a place in a list counted from 0.

    \b
    Example: pathways what-if sample_data/cases/back_pain_120_mme.toml oud_status=active
    Example: pathways what-if case.toml medicines.1.state=stopped age_years= matters_most=[sleep,work]
    """
    from ...profile import ProfileError
    from ...review.explain import what_if as compare

    content = content_at_hand()
    known_lens(content, lens)
    edits = dict(edit(change) for change in changes)
    reviewed = reviewed_cases([case], as_of, content, lens)[0]
    try:
        change = compare(reviewed, edits)
    except ProfileError as error:
        raise UserError(*error.problems) from None
    if as_json:
        print_json(change.to_dict())
        return
    console = screen()
    for text in changes:
        path, _, value = text.partition("=")
        say(console, f"If {path} = {value}" if value.strip() else f"If {path} is taken out", "bold")
    kind = ""
    for line in change.changed:
        if line["kind"] != kind:
            kind = line["kind"]
            console.print(f"\n{kind.capitalize()}", style="bold")
        before, after = (one_line("not there" if line[at] is None else line[at]) for at in ("before", "after"))
        bullet(console, f"{_title(content, line['kind'], line['id'])}: {before} → {after}")
    if not change.changed:
        console.print("Nothing changes.")


def edit(text: str) -> tuple[str, Any]:
    """A change as written on the command line: a path, and its value or None (take it out). Raises UserError."""
    path, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"\w[\w.+-]*", path):
        raise UserError(f"'{text[:60]}' is not a change; write path=value, like age_years=70 or oud_status=active")
    return path, None if not value.strip() else _value(value.strip(), path)


def _value(text: str, path: str) -> Any:
    """TOML for a number, true, false, a date, a list or a table; anything else is text. Nothing is ever evaluated."""
    from ...disk.incoming import InputError, from_toml

    try:
        read = from_toml(f"value = {text}")
    except InputError:
        read = {}
    if set(read) == {"value"}:
        value = read["value"]
        if isinstance(value, float) and not math.isfinite(value):
            raise UserError(f"{path}: {text[:40]} is not a number that a case may hold")
        return value
    if text.startswith("[") and text.endswith("]"):
        inside = text[1:-1].strip().removesuffix(",")
        return [_value(word.strip(), path) for word in inside.split(",")] if inside else []
    return text


def _title(content: Content, kind: str, id: str) -> str:
    table = {"core": "treatment", "fork": "decision"}.get(kind, kind)
    record = content.tables.get(table, {}).get(id)
    return f"{record.title} ({id})" if record else id


# ---- cite ---------------------------------------------------------------------------------------------------


def cite(
    id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A source, a record, or a row of the facts sheet.", show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    """Show who says so: the records that carry a source, a record's own sources, or the records of a facts row.

    \b
    Example: pathways cite cdc2022
    Example: pathways cite naloxone_kit
    Example: pathways cite A-R12
    """
    from ...content.loader import all_cites

    content = content_at_hand()
    carried = all_cites(content)
    source = content.sources.get(id)
    rows = {row.lower(): row for row, _, _ in _rows(content)}
    lines: list[tuple[str, Any, tuple[Cite, ...]]]
    if source is not None:
        found = (
            (table, record, tuple(c for c in carried[table, record.id] if c.id == id))
            for table, record in _records(content)
        )
        lines = [line for line in found if line[2]]
    elif id.lower() in rows:
        # A row speaks for the record as a whole: the citations of its parts may rest on other rows.
        lines = [(t, r, getattr(r, "source", ())) for row, t, r in _rows(content) if row.lower() == id.lower()]
    else:
        lines = [(t, record, carried[t, record.id]) for t, record in _records(content) if record.id == id]
    if not lines and source is None:
        names = (*content.sources, *rows.values(), *(record.id for _, record in _records(content)))
        raise UserError(f"no source, record or facts row is called '{id[:60]}'.{did_you_mean(id, names)}")
    if as_json:
        print_json([_cited(table, record, cites) for table, record, cites in lines])
        return
    console = screen()
    if source is not None:
        console.print(f"{source.title} ({source.year})", style="bold")
        console.print(", ".join(x for x in (source.publisher, source.kind, source.doi or source.url or "") if x))
    for table, record, cites in lines:
        console.print(f"\n{table.replace('_', ' ')} {record.id}: {one_line(_name(record))}", style="bold")
        places: dict[str, list[str]] = {}
        for one in dict.fromkeys(cites):
            places.setdefault(one.id, []).append(f"{one.at} [{one.confidence}]")
        for which, where in places.items():
            title = f"{content.sources[which].title} ({content.sources[which].year}): " if source is None else ""
            bullet(console, title + "; ".join(dict.fromkeys(where)))
        if not places:
            bullet(console, "it carries no citation of its own")
        if source is None:
            for text in _further(record):
                bullet(console, text)


def _records(content: Content) -> Iterator[tuple[str, Any]]:
    for table, records in content.tables.items():
        if table not in ("source", "base"):
            yield from ((table, record) for record in records.values())


def _rows(content: Content) -> Iterator[tuple[str, str, Any]]:
    for table, record in _records(content):
        yield from ((row, table, record) for row in getattr(record, "row", ()))


def _name(record: Any) -> str:
    return str(getattr(record, "title", None) or getattr(record, "label", None) or record.id)


def _further(record: Any) -> tuple[str, ...]:
    """What a record says beyond its title: its reason, then its details."""
    details = getattr(record, "details", ())
    return tuple(x for x in (getattr(record, "why", ""), *((details,) if isinstance(details, str) else details)) if x)


def _cited(table: str, record: Any, cites: Iterable[Cite]) -> dict[str, Any]:
    places = [c.model_dump(exclude_none=True) for c in dict.fromkeys(cites)]
    return {
        "table": table,
        "id": record.id,
        "title": _name(record),
        "row": list(getattr(record, "row", ())),
        "cites": places,
        "says": list(_further(record)),
    }
