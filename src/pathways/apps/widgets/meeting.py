"""Meeting mode: the cases of a conference one after the other, what each seat marked, and what is decided, kept in the case.

What goes to the browser is one message, made when somebody looks; nothing here is worked out at a keystroke.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup
from pydantic import ValidationError

from ...content import Content
from ...content.problems import problem_lines
from ...disk.incoming import too_large
from ...disk.limits import CASE_BYTES
from ...pages.decided_sections import new_words
from ...pages.meeting import MOST_CASES, OnList, agreed, in_words, on_list, too_many
from ...profile import Decision, ProfileError, parse_profile
from ...review.case import Case, review
from ...review.decided import decided, new_since, stands
from . import form
from .around import still_to_mark
from .blocks import forks_of

DOES = ("zone", "list", "meet", "kept", "decide", "take_back")
"""The messages that `Meeting.take` answers."""
APPLIES = "applies"
MARK_WORDS: Mapping[str, str] = {"for": "for", "against": "against", "unsure": "unsure"}


@dataclass
class Row:
    """One case of the list: its file's name, its form as it is and as it was last saved, and what the list tells of it."""

    name: str
    state: form.State
    saved: form.State
    told: OnList


@dataclass
class Took:
    """What comes of a message: a form to ``put``, a case to ``open`` (name, form, whether it has changes that no file has),
    or what is wrong."""

    put: form.State | None = None
    open: tuple[str, form.State, bool] | None = None
    problem: str = ""
    done: str = ""


@dataclass
class Meeting:
    """The cases of one conference, and which of them is on the screen."""

    content: Content
    rows: list[Row] = field(default_factory=list)
    at: int | None = None

    def take(self, message: Mapping[str, Any], case: Case, state: form.State, day: date) -> Took:
        """Answer one message. ``case`` and ``state`` are what is on the screen, ``day`` stands in where the case has none."""
        does, n = message.get("do"), message.get("n")
        try:
            if does == "list":
                self._list(message.get("files"), case, state)
            elif does == "meet":
                return self._meet(n, case, state)
            elif does == "kept" and self.at is not None:
                self.rows[self.at].saved = state
            elif does == "decide":
                entry = decision(message, case, day)
                return Took(put=added(state, entry), done="Recorded. Save the case to keep it.")
            elif does == "take_back" and isinstance(n, int) and 0 <= n < len(_entries(state)):
                return Took(put=_with(state, [e for k, e in enumerate(_entries(state)) if k != n]), done="Taken back.")
        except ProfileError as error:
            return Took(problem=str(error).splitlines()[0][:300])
        return Took()

    def _list(self, files: Any, case: Case, state: form.State) -> None:
        """Take the files of a conference, all or none. Raises ProfileError."""
        given = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
        if why := too_many(given):
            raise ProfileError([why])
        self._leave(case, state)
        rows, problems = [], []
        for file in given:
            name, text, size = str(file.get("name", ""))[:200], str(file.get("text", "")), file.get("size", 0)
            try:
                if isinstance(size, (int, float)) and size > CASE_BYTES.most:
                    raise ProfileError([too_large(size, CASE_BYTES)], name)
                kind = "json" if name.lower().endswith(".json") else "toml"
                profile = parse_profile(text, kind, self.content, where=name)
            except ProfileError as error:
                problems += str(error).splitlines()[:1]
                continue
            opened = form.from_profile(profile, self.content)
            rows.append(Row(name, opened, opened, on_list(review(profile, content=self.content), _stem(name))))
        if problems:
            raise ProfileError(
                [f"No case was taken. {problems[0]}" + f" (and {len(problems) - 1} more)" * (len(problems) > 1)]
            )
        self.rows, self.at = rows, None

    def _meet(self, n: Any, case: Case, state: form.State) -> Took:
        if not isinstance(n, int) or not 0 <= n < len(self.rows):
            return Took()
        self._leave(case, state)
        self.at = n
        row = self.rows[n]
        return Took(open=(row.name, row.state, row.state != row.saved))

    def _leave(self, case: Case, state: form.State) -> None:
        """Keep the case on the screen as it is, for when it is opened again."""
        if self.at is not None:
            row = self.rows[self.at]
            row.state, row.told = state, on_list(case, row.told.name)

    # -- what the browser is told ---------------------------------------------------------------------------

    def message(self, case: Case, state: form.State, took: Took) -> dict[str, Any]:
        """Everything that the zone shows."""
        return {
            "do": "meeting",
            "rows": [self._row(n, row, state) for n, row in enumerate(self.rows)],
            "at": self.at,
            "most": MOST_CASES,
            "problem": took.problem,
            "done": took.done,
            "before": [*_agreed(case)],
            "new": [new_words(case, one) for one in new_since(case)],
            "items": choices(case),
            "marks": seats_html(case, state),
        }

    def _row(self, n: int, row: Row, state: form.State) -> dict[str, Any]:
        now = state if n == self.at else row.state
        lines = [{"says": in_words(one), "look": one.attention} for one in row.told.before]
        told = {
            "name": row.told.name,
            "person": row.told.person,
            "urgent": list(row.told.urgent),
            "new": list(row.told.new),
        }
        counts = {"decide": len(row.told.decide), "questions": len(row.told.ask)}
        return {"n": n, **told, **counts, "before": lines, "changed": now != row.saved}


def decision(message: Mapping[str, Any], case: Case, day: date) -> dict[str, Any]:
    """One decision as data of a case file, dated by the day of review, with how its item stands. Raises ProfileError."""
    item = str(message.get("item", ""))
    given = {name: message.get(name) for name in ("outcome", "owner", "due", "note", "dissent")}
    known = item in case.content.treatments or item in case.content.recommendations
    entry: dict[str, Any] = {"date": (case.profile.as_of or day).isoformat(), "item": item}
    entry |= {"stood": stands(case, item)} if known else {}
    entry |= {name: value for name, value in given.items() if value}
    try:
        made = Decision.model_validate(entry, context={"content": case.content})
    except ValidationError as error:
        raise ProfileError([next(problem_lines(error, Decision))]) from None
    return made.model_dump(mode="json", exclude_defaults=True)


def added(state: form.State, entry: dict[str, Any]) -> form.State:
    """A form with one more decision."""
    return _with(state, [*_entries(state), entry])


def choices(case: Case) -> list[list[str]]:
    """What can be decided of a case: the ways of its decisions, what every plan holds, the recommendations that apply, and what
    was decided before; each as id and words, once."""
    return [[id, words] for id, words in dict(_choices(case)).items()]


def _choices(case: Case) -> Iterator[tuple[str, str]]:
    short = {t.id: t.short for t in case.content.treatments.values()}
    yield from ((id, short[id]) for fork in case.shown.forks for way in fork.alternatives for id in way.items)
    yield from ((item.id, short[item.id]) for item in case.shown.core)
    yield from ((one.decision.item, one.title) for one in decided(case))
    yield from ((f.record.id, f.record.title) for f in case.findings.recommendations if f.status == APPLIES)


def seats_html(case: Case, state: form.State) -> str:
    """The marks of all seats side by side; empty until each seat has marked each decision, so that nobody is led."""
    seats, forks = state.get("seats", {}), forks_of(case)
    if not seats or not forks or still_to_mark(state, forks):
        return ""
    roles = case.content.roles
    head = Markup("").join(
        Markup("<th scope='col'>{}</th>").format(roles[role].label) for role in seats if role in roles
    )
    body = Markup("")
    for fork in forks:
        body += Markup("<tr class='cc-section'><th scope='rowgroup' colspan='{}'>{}</th></tr>").format(
            len(seats) + 1, fork["title"]
        )
        for way in fork["alternatives"]:
            said = [marks.get(fork["id"], {}).get(way["key"], "") for role, marks in seats.items() if role in roles]
            cells = Markup("").join(Markup("<td>{}</td>").format(MARK_WORDS.get(one, "–")) for one in said)
            apart = len({one for one in said if one in MARK_WORDS}) > 1
            note = Markup(" <span class='cc-help'>differs</span>") if apart else ""
            body += Markup("<tr><th scope='row'>{}{}</th>{}</tr>").format(way["title"], note, cells)
    return str(
        Markup(
            "<table class='cc-plans cc-seats'><caption>What each seat marked</caption>"
            "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table>"
        ).format(head, body)
    )


def _agreed(case: Case) -> Iterator[dict[str, Any]]:
    today = case.profile.as_of.isoformat() if case.profile.as_of else None
    for one in decided(case):
        told = agreed(case, one)
        open_ = one.decision.outcome in ("do", "wait") and one.state != "done"
        mine = one.place if one.decision.date == today else None
        yield {
            "item": told.item,
            "says": in_words(told),
            "look": told.attention,
            "open": open_,
            "place": mine,
            "title": one.title,
        }


def _entries(state: form.State) -> list[dict[str, Any]]:
    found = state["kept"].get("decisions")
    return list(found) if isinstance(found, list) else []  # a damaged file may hold anything there


def _with(state: form.State, entries: list[dict[str, Any]]) -> form.State:
    kept = {key: value for key, value in state["kept"].items() if key != "decisions"}
    return {**state, "kept": {**kept, **({"decisions": entries} if entries else {})}}


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
