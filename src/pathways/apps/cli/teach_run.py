"""The terminal side of `pathways teach run`: story, questions, the commitment, and only then the feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ...disk import real_path
from ..teach.exercise import PLAN_VERBS, questions
from ..teach.learner import ENDING, Answer, LearnerFile, Mark, is_learner_file, write_learner
from ..teach.sitting import Sitting, result_words
from ..teach.teaching_file import KIND_WORDS, Question
from .common import UserError, bullet, one_line, say
from .targets import same_file

if TYPE_CHECKING:
    from rich.console import Console

MOST_FOUND = 12
Pairs = Sequence[tuple[str, str]]


def target_for(out: Path | None, sitting: Sitting, inputs: Iterable[Path], *, force: bool) -> Path:
    """Where the learner's file goes. Raises UserError: never over an input nor a file of another kind, and over one of these
    only with ``force``, as the first answer stands."""
    name = f"{sitting.learner}.{sitting.lesson.name}{ENDING}"
    path = Path(name) if out is None else out / name if out.is_dir() else out
    if str(path) == "-":
        raise UserError("-: the output of the command is no file to write; name a file")
    real = real_path(path)
    if not real.parent.is_dir():
        raise UserError(f"{path}: there is no folder {real.parent}")
    if any(same_file(real, given) for given in inputs):
        raise UserError(f"{path}: this command reads that file; name another one to write")
    if not path.name.endswith(ENDING):
        raise UserError(f"{path}: a learner's file ends in {ENDING}")
    if real.exists():
        if not real.is_file() or not is_learner_file(real):
            raise UserError(
                f"{path}: there is something else by that name, and it is kept; name another file with --out"
            )
        if not force:
            raise UserError(
                f"{path}: {sitting.learner} has committed already, and the first answer stands; --force replaces it"
            )
    return path


def write(path: Path, made: LearnerFile) -> None:
    """Write the learner's file."""
    write_learner(path, made)


# ---- the questions ----------------------------------------------------------------------------------------------


def ask_all(console: Console, sitting: Sitting) -> bool:
    """Go through the stages; whether the learner commits in the end."""
    teaching = sitting.lesson.teaching
    say(console, teaching.title, "bold")
    say(console, f"A made-up person. You are {sitting.learner}; no name is kept.")
    say(
        console,
        "Nothing of the review is shown before you commit. Enter alone leaves a question blank, which is not called wrong.",
    )
    number = 0
    while True:
        _story(console, sitting)
        for question in sitting.here():
            number += 1
            _ask(console, sitting, question, f"{number} of {len(teaching.questions)}")
        if not sitting.go_on():
            break
    console.print()
    return typer.confirm("Commit? Your first answer stands", default=False)


def _story(console: Console, sitting: Sitting) -> None:
    stages, n = sitting.lesson.teaching.stages, sitting.stage
    console.print()
    say(console, f"Stage {n} of {len(stages)}: {stages[n - 1].title}", "bold")
    say(console, stages[n - 1].says)
    for title, lines in sitting.lesson.shown(n):
        say(console, title, "bold")
        for line in lines:
            bullet(console, line)


def _ask(console: Console, sitting: Sitting, question: Question, place: str) -> None:
    console.print()
    say(console, f"Question {place} ({KIND_WORDS[question.kind]})", "bold")
    say(console, question.asks)
    while True:
        given = _ANSWERED[question.kind](console, sitting, question)
        if not any(given.values()):
            return
        if question.kind != "text":
            given["sure"] = _sure()
        try:
            sitting.answer(question.id, Answer.model_validate(given))
        except ValueError as error:
            say(console, f"Not taken: {error}")
            continue
        return


def _prompt(words: str) -> str:
    return one_line(typer.prompt(words, default="", show_default=False, type=str)).strip()


def _sure() -> int | None:
    while True:
        told = _prompt("How sure are you that it is right, 0 to 100 (Enter: not said)")
        if not told:
            return None
        if told.isdecimal() and int(told) <= 100:
            return int(told)


def _pick(console: Console, offered: Pairs, words: str) -> list[str]:
    """Numbers of a list, as ids."""
    for n, (_, label) in enumerate(offered, 1):
        say(console, label, start=f"  {n:>2} ")
    while True:
        told = _prompt(words).replace(",", " ").split()
        if all(one.isdecimal() and 1 <= int(one) <= len(offered) for one in told):
            return list(dict.fromkeys(offered[int(one) - 1][0] for one in told))
        say(console, f"Numbers from 1 to {len(offered)}, with blanks between them.")


def _choose(console: Console, sitting: Sitting, question: Question) -> dict[str, Any]:
    return {"choose": _pick(console, sitting.lesson.choices(question), "Numbers (Enter: leave blank)")}


def _order(console: Console, sitting: Sitting, question: Question) -> dict[str, Any]:
    return {"order": _pick(console, sitting.lesson.choices(question), "Numbers, the first first (Enter: leave blank)")}


def _pair(console: Console, sitting: Sitting, question: Question) -> dict[str, Any]:
    return {"pair": _pick(console, sitting.lesson.choices(question), "Two numbers (Enter: leave blank)")}


def _asks(console: Console, sitting: Sitting, question: Question) -> dict[str, Any]:
    words = f"Numbers, at most {question.most} (Enter: leave blank)"
    return {"asks": _pick(console, sitting.lesson.choices(question), words)}


def _text(*_: object) -> dict[str, Any]:
    return {"text": _prompt("In one line (Enter: leave blank)")[:2000]}


def _plan(console: Console, sitting: Sitting, question: Question) -> dict[str, Any]:
    lesson = sitting.lesson
    given: dict[str, Any] = {"plan": {}, "medicines": {}}
    for place, words, verbs in lesson.medicines(question):
        say(console, f"What becomes of: {words}?")
        if chosen := _pick(console, [(v, v) for v in verbs], "Number (Enter: it goes on as it is)"):
            given["medicines"][str(place)] = chosen[0]
    menu = lesson.menu(question)
    while treatment := _find(console, menu):
        say(console, dict(menu)[treatment])
        if verb := _pick(console, [(v, v) for v in PLAN_VERBS], "What do you say of it (number; Enter: leave it out)"):
            given["plan"][treatment] = verb[0]
    say(console, "What would you ask?")
    given["asks"] = _pick(console, questions(lesson.case_of(question)), "Numbers (Enter: nothing)")
    say(console, "Which emergencies do you see?")
    found = [(e.id, e.title) for e in lesson.content.emergencies.values()]
    given["emergencies"] = _pick(console, found, "Numbers (Enter: none)")
    return given


def _find(console: Console, menu: Pairs) -> str | None:
    """A treatment by a part of its name or by its id; None ends."""
    while True:
        told = _prompt("A treatment, by a part of its name (? lists all; Enter ends)").lower()
        if not told:
            return None
        found = list(menu) if told == "?" else [one for one in menu if told in one[0] or told in one[1].lower()]
        exact = [one for one in found if told in (one[0], one[1].lower())]
        if len(exact or found) == 1:
            return (exact or found)[0][0]
        if len(found) > MOST_FOUND and told != "?":
            say(console, f"{len(found)} have that in their name; write more of it.")
        elif not found:
            say(console, "None has that in its name.")
        elif chosen := _pick(console, found, "Which one (number; Enter: none of them)"):
            return chosen[0]


_ANSWERED: dict[str, Callable[[Any, Sitting, Question], dict[str, Any]]] = {
    "findings": _choose,
    "rank": _order,
    "unsafe_pair": _pair,
    "ask": _asks,
    "plan": _plan,
    "text": _text,
}


# ---- the feedback -----------------------------------------------------------------------------------------------


def feedback(console: Console, sitting: Sitting, made: LearnerFile, *, full: bool) -> None:
    """What is read first; with ``full`` every line behind it."""
    for title, lines in sitting.feedback:
        console.print()
        say(console, title, "bold")
        for line in lines:
            bullet(console, line)
    if not full:
        console.print()
        say(console, "Each line with who says so: --full, or your file.", "dim")
        return
    for mark in made.marks:
        console.print()
        say(console, _head(sitting, mark), "bold")
        for line in mark.says:
            bullet(console, line)


def _head(sitting: Sitting, mark: Mark) -> str:
    asks = sitting.lesson.teaching.question(mark.question).asks
    sure = f", {mark.sure}% sure" if mark.sure is not None else ""
    return f"{asks} {result_words(mark).capitalize()}{sure}."
