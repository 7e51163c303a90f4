"""`pathways understood`: what was read of a record, an export or a case, the doubtful first; one key settles each."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .common import UserError, bullet, content_at_hand, day, note, one_line, print_json, say, screen
from .records import open_file
from .review import AsJson, AsOf
from .settling import Answer, can_be_confirmed, can_be_said_otherwise, list_of, read_words, said_of, settled
from .targets import Force, check_target

if TYPE_CHECKING:
    from rich.console import Console

    from ...content import Content
    from ...facts.understood import Understood
    from .records import Opened

SETTLED = {"right": "confirmed", "other_words": "now", "take_out": "taken out"}
Settled = list[tuple["Understood", Answer]]


def understood(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A FHIR record, a PDMP export (CSV) or a case file (TOML, JSON).", show_default=False
        ),
    ],
    as_of: AsOf = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="CASE", help="Settle the lines and write the case to this file (TOML, JSON)."),
    ] = None,
    confirm: Annotated[
        list[int] | None, typer.Option("--confirm", metavar="N", help="Line N is right. May be given again.")
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(
            "--correct",
            metavar="N=WORDS",
            help='Line N reads so; a medicine as "name; how it is taken". May be given again.',
        ),
    ] = None,
    take_out: Annotated[
        list[int] | None, typer.Option("--take-out", metavar="N", help="Line N does not belong. May be given again.")
    ] = None,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """Show each entry's own words beside what was made of it, the doubtful first; with --save settle them.

    On a terminal --save asks line by line, one key each; in a script name the lines by their numbers. What was settled is
    kept in the case that is written; the file that was read stays as it is.

    \b
    Example: pathways understood sample_data/fhir/synthetic_back_pain_oud.json
    Example: pathways understood sample_data/pdmp_export.csv --as-of 2026-11-02
    Example: pathways understood sample_data/fhir/synthetic_back_pain_oud.json --save settled.toml --confirm 1
    """
    content = content_at_hand()
    named = bool(confirm or correct or take_out)
    if named and save is None:
        raise UserError("--save CASE: name the file that keeps what you settle")
    target = None if save is None else check_target(save, [file], force=force)
    opened = open_file(file, day(as_of), content)
    lines = opened.understood(content)
    if target is None:
        if as_json:
            print_json([line.to_dict() for line in lines])
        else:
            _list(screen(), file.name, lines)
        return
    if named:
        answers = _by_number(lines, confirm or (), correct or (), take_out or ())
    elif sys.stdin.isatty():
        answers = _walk(screen(), lines, opened, content)
    else:
        raise UserError(
            "no terminal to ask on: name the lines by --confirm N, --correct N=WORDS or --take-out N "
            f"(pathways understood {file} shows their numbers)"
        )
    from ...facts.understood import keep_doubts, of_case

    done = [line for line, _ in answers]
    kept = keep_doubts(opened.profile, [line for line in lines if line not in done], content)
    made = settled(kept, answers, content)
    made.save(target)
    for line, answer in answers:
        note(
            f"Line {lines.index(line) + 1}: {_told(line)}: {SETTLED[answer.kind]}{_reads(line, answer, opened, content)}"
        )
    open_ = sum(line.to_confirm for line in of_case(made, content=content))
    note(f"Written: {save}: {len(answers)} settled, {open_} still to confirm; its lines have numbers of their own")


def _told(line: Understood) -> str:
    return f"“{line.own}” → {line.made}" if line.own else f"{line.made} [{line.resource}]"


def _reads(line: Understood, answer: Answer, opened: Opened, content: Content) -> str:
    """What the new words of a line read as now."""
    if answer.kind != "other_words":
        return ""
    which = list_of(line)
    given = {"state": "current"} if which == "medicines" else {}
    return f" “{answer.words.strip()}” → {said_of(read_words(answer.words, which, given, opened.profile, content), which, content)[0]}"


def _list(console: Console, name: str, lines: Sequence[Understood]) -> None:
    """All lines with their numbers."""
    left = sum(line.to_confirm for line in lines)
    console.print(f"{name}: {len(lines)} understood, {left} to confirm", style="bold")
    for n, line in enumerate(lines, 1):
        _show(console, line, f"{n:>3} ")
    if lines:
        say(console, "To settle them: --save CASE.toml, one key each", style="dim")


def _show(console: Console, line: Understood, start: str) -> None:
    own = f"“{line.own}” → " if line.own else ""
    say(console, f"{own}{line.made} [{line.resource}]", start=start, style="bold" if line.to_confirm else "")
    if line.confirmed:
        say(console, "confirmed by the team", start=" " * len(start), style="dim")
    for doubt in () if line.confirmed else line.doubts:
        say(console, doubt, start=" " * len(start))


# ---- by number, in a script -------------------------------------------------------------------------------------


def _by_number(
    lines: Sequence[Understood], confirm: Iterable[int], correct: Iterable[str], take_out: Iterable[int]
) -> Settled:
    asked: list[tuple[str, Answer]] = [(str(n), Answer("right")) for n in confirm]
    for text in correct:
        number, equals, words = text.partition("=")
        if not equals:
            raise UserError(f"--correct {text[:60]}: write the number of the line, '=', and its new words")
        asked.append((number.strip(), Answer("other_words", words)))
    asked += [(str(n), Answer("take_out")) for n in take_out]
    answers: dict[int, Answer] = {}
    for number, answer in asked:
        n = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        if not 1 <= n <= len(lines):
            raise UserError(f"there is no line {number[:20]}; the lines go from 1 to {len(lines)}")
        if n in answers:
            raise UserError(f"line {n} is named twice")
        answers[n] = answer
    return [(lines[n - 1], answer) for n, answer in answers.items()]


# ---- one key each, on a terminal --------------------------------------------------------------------------------


def _walk(console: Console, lines: Sequence[Understood], opened: Opened, content: Content) -> Settled:
    """Ask line by line, the doubtful ones. Stopping, in the words of a line too, keeps what was settled before."""
    asked = [line for line in lines if line.to_confirm]
    answers: Settled = []
    for n, line in enumerate(asked, 1):
        console.print()
        _show(console, line, f"{n} of {len(asked)} ")
        keys = _keys(line)
        say(console, ", ".join(f"{key} {says}" for key, says in keys.items()), style="dim")
        while (key := _key()) not in keys:
            pass
        console.print(keys[key])
        if key == "q":
            break
        if key == "c":
            answers.append((line, Answer("right")))
        elif key == "x":
            answers.append((line, Answer("take_out")))
        elif key == "w":
            try:
                words = _words(console, line, opened, content)
            except (typer.Abort, EOFError, KeyboardInterrupt):
                console.print()
                say(console, "stopped: what was settled before is kept", style="dim")
                break
            if words:
                answers.append((line, Answer("other_words", words)))
    return answers


def _keys(line: Understood) -> dict[str, str]:
    keys = {"c": "confirm"} if can_be_confirmed(line) else {}
    keys |= {"w": "other words"} if can_be_said_otherwise(line) else {}
    keys |= {"x": "take out"} if line.place or line.doubts else {}
    return {**keys, "s": "skip", "q": "stop and save"}


def _key() -> str:
    """One key press; the end of input or Ctrl-C stops, and what was settled is kept."""
    try:
        return typer.getchar().lower()
    except (EOFError, KeyboardInterrupt):
        return "q"


def _words(console: Console, line: Understood, opened: Opened, content: Content) -> str:
    """New words of a line, read at once so that the team sees what they make; empty when they are left."""
    which = list_of(line)
    hint = ' ("name; how it is taken")' if which == "medicines" else ""
    while True:
        words = one_line(typer.prompt(f"New words{hint}, nothing to leave it", default="", show_default=False)).strip()
        if not words:
            return ""
        try:
            made, open_ = said_of(
                read_words(words, which, {"state": "current"} if which == "medicines" else {}, opened.profile, content),
                which,
                content,
            )
        except UserError as error:
            for problem in error.problems:
                bullet(console, problem)
            continue
        say(console, f"reads as: {made}" + ("; something stays open" if open_ else ""))
        if typer.confirm("Keep it so?", default=True):
            return words
