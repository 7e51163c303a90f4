"""The list of a case conference: each case in a few lines, and before them what was decided the last time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..content.plain import whole
from ..review.case import Case
from ..review.decided import ATTENTION, Decided, decided, last_meeting, new_since
from .decided_sections import dissent_words, new_words, outcome_words, owner_words, state_words
from .page import fork_words, page_questions, question_words
from .person_line import person_line

MOST_CASES = 10
"""How many cases one conference takes."""


@dataclass(frozen=True)
class Agreed:
    """One decision of an earlier conference in words. ``attention``: it wants a look now."""

    item: str
    state: str
    attention: bool
    what: str
    who: str
    dissent: str
    now: str


@dataclass(frozen=True)
class OnList:
    """One case of the list: its ``name`` (of the file), the person in one sentence, what is urgent, what was decided and what
    has changed since ``last``, what is to be decided and what to be asked."""

    name: str
    person: str
    urgent: tuple[str, ...]
    last: str
    before: tuple[Agreed, ...]
    new: tuple[str, ...]
    decide: tuple[str, ...]
    ask: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The case as JSON data."""
        return whole(self)


def on_list(case: Case, name: str) -> OnList:
    """A case as it stands on the list of a conference, for the team."""
    day = last_meeting(case)
    return OnList(
        name=name,
        person=person_line(case).text,
        urgent=tuple(e.record.title for e in case.findings.emergencies if e.state == "present"),
        last=day.isoformat() if day else "",
        before=tuple(agreed(case, one) for one in decided(case)),
        new=tuple(new_words(case, one) for one in new_since(case)),
        decide=tuple(fork_words(fork)[0] for fork in case.shown.forks),
        ask=tuple(question_words(case, question.ask) for question in page_questions(case)),
    )


def agreed(case: Case, one: Decided) -> Agreed:
    """One decision in words."""
    entry = one.decision
    return Agreed(
        entry.item,
        one.state,
        one.state in ATTENTION,
        outcome_words(one),
        owner_words(case, entry),
        dissent_words(case, entry),
        state_words(one),
    )


def in_words(one: Agreed) -> str:
    """A decision in one line: what, who and by when, who did not agree, and how it stands now."""
    dissent = f"did not agree: {one.dissent}" if one.dissent else ""
    return " – ".join(text for text in (one.what, one.who, dissent, one.now) if text)


def last_time(rows: Iterable[OnList]) -> Iterator[tuple[OnList, Agreed]]:
    """What was decided before, over all cases: what wants a look first, else in the order of the list."""
    told = [(row, one) for row in rows for one in row.before]
    yield from (pair for pair in told if pair[1].attention)
    yield from (pair for pair in told if not pair[1].attention)


def too_many(cases: Sequence[object]) -> str:
    """Why so many cases are not taken into one list; empty where they are."""
    most = f"a conference takes at most {MOST_CASES}; make two lists"
    return f"{len(cases)} cases: {most}" if len(cases) > MOST_CASES else ""
