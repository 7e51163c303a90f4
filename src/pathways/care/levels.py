"""Level of care: from the team's ratings to the least level that they allow, with reasons. A discussion aid.

The highest-risk dimension sets the least level; nothing is averaged. What is advised, accepted, reachable and in place
stay apart. A dimension that is not rated leaves a range, never a low level. Nothing here is read by the plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..content import Content
from ..content import models as m
from ..review.case import Case
from ..review.findings import cites

AID = "ASAM-informed discussion aid"
Status = Literal["rated", "partly_rated", "not_rated"]
NO_LEVEL = "no_level"


@dataclass(frozen=True)
class Rated:
    """One dimension: the ratings still possible (empty: not rated) and the least and most level that they set."""

    record: m.CareDimension
    ratings: tuple[str, ...]
    least: m.CareLevel
    most: m.CareLevel


@dataclass(frozen=True)
class LevelOfCare:
    """``least``: the least level that all ratings so far allow (None: nothing rated). ``most``: the level if every
    open dimension turned out worst. ``set_by``: the dimensions that set ``least``. ``with_medical``: the medically
    managed care that another dimension needs inside a level that is not medically managed itself. ``team`` names the
    options of the plans that the team rated as safe, ``number`` the levels that it named; ``differences`` says in words
    what does not agree: the advice stands in every one of them."""

    status: Status
    dimensions: tuple[Rated, ...]
    least: m.CareLevel | None
    most: m.CareLevel | None
    set_by: tuple[Rated, ...]
    with_medical: m.CareLevel | None
    team: tuple[str, ...]
    number: tuple[str, ...]
    edition: str | None
    accepted: tuple[str, ...]
    available: tuple[str, ...]
    present: tuple[str, ...]
    continues_moud: bool | None
    differences: tuple[str, ...] = ()

    @property
    def said(self) -> bool:
        """Whether anything at all was said about the level of care."""
        told = (self.team, self.accepted, self.available, self.present, self.edition)
        return self.status != "not_rated" or any(told) or self.continues_moud is not None

    def to_dict(self) -> dict[str, Any]:
        """The level of care as JSON data. The edition stands with every result."""
        return {
            "called": AID,
            "status": self.status,
            "edition": self.edition,
            "recommended": {"at_least": _level_data(self.least), "at_most": _level_data(self.most)},
            "with_medical_care_of": _level_data(self.with_medical),
            "set_by": [d.record.id for d in self.set_by],
            "named_by_team": list(self.team),
            "named_by_number": list(self.number),
            "accepted": list(self.accepted),
            "available": list(self.available),
            "present": list(self.present),
            "continues_moud": self.continues_moud,
            "differences": list(self.differences),
            "dimensions": [
                {
                    "id": d.record.id,
                    "title": d.record.title,
                    "third_edition": d.record.third,
                    "ratings": list(d.ratings),
                    "at_least": d.least.number if d.ratings else None,
                    "at_most": d.most.number if d.ratings else None,
                    "source": cites(d.record.source),
                    "confidence": d.record.confidence,
                }
                for d in self.dimensions
            ],
        }


def _level_data(record: m.CareLevel | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "id": record.id,
        "number": record.number,
        "title": record.title,
        "third_edition": record.third,
        "source": cites(record.source),
    }


def level_of_care(case: Case) -> LevelOfCare:
    """The level of care that the team's ratings allow, and how it stands to what is accepted, reachable and in place."""
    content = case.content
    dimensions = tuple(_rated(case, record) for record in content.care_dimensions.values())
    given = [d for d in dimensions if d.ratings]
    least = max((d.least for d in given), key=_rank, default=None)
    most = max((d.most for d in dimensions), key=_rank) if given else None
    medical = max((d.least for d in given if d.least.medical), key=_rank, default=None)
    edition = _named(case, "edition")
    continues = case.facts.values.get(case.content.known("answer", "level of care: goes on with MOUD"))
    found = LevelOfCare(
        "not_rated" if least is None else "rated" if least == most else "partly_rated",
        dimensions,
        least,
        most,
        tuple(d for d in given if d.least == least),
        medical if least and not least.medical else None,
        _named(case, "named by the team"),
        _named(case, "named by number"),
        edition[0] if len(edition) == 1 else None,
        _named(case, "accepted"),
        _named(case, "within reach"),
        _named(case, "now"),
        continues if isinstance(continues, bool) else None,
    )
    return replace(found, differences=tuple(_differences(found, content)))


def _named(case: Case, which: str) -> tuple[str, ...]:
    return _options(case, case.content.known("answer", f"level of care: {which}"))


def _rank(level: m.CareLevel) -> int:
    return level.rank


def _options(case: Case, id: str) -> tuple[str, ...]:
    """The options of a choice that are still possible; empty when nothing is known."""
    answer, value = case.content.answers.get(id), case.facts.values.get(id)
    if answer is None or not isinstance(value, frozenset) or len(value) == len(answer.choices):
        return ()
    return tuple(choice for choice in answer.choices if choice in value)


def _rated(case: Case, record: m.CareDimension) -> Rated:
    ratings = _options(case, record.answer)
    content = case.content
    levels = [content.care_levels[record.sets[r]] for r in ratings or content.answers[record.answer].choices]
    return Rated(record, ratings, min(levels, key=_rank), max(levels, key=_rank))


def _differences(level: LevelOfCare, content: Content) -> Iterator[str]:
    least, most = level.least, level.most
    if least is not None:
        levels = content.care_levels
        team = [levels[id] for id in level.number] or [lvl for lvl in levels.values() if lvl.treatment in level.team]
        if team and max(map(_rank, team)) < least.rank:
            yield f"The team named a level below {least.number}, which the ratings set: look at both again."
        for names, told in ((level.accepted, "accepted by the person"), (level.available, "that can be reached now")):
            if names and all(_below(content, name, least) for name in names):
                yield f"The level {told} is below {least.number}: the advice stands, and the gap needs a plan."
        if level.present and all(_below(content, name, least) for name in level.present):
            yield f"Now below {least.number}: step up, because of {_because(level.set_by)}."
    if most is not None and level.present and all(_above(content, name, most) for name in level.present):
        yield f"Now above {most.number}, and no rating asks for more: a step down may be planned, with MOUD continued."
    if level.continues_moud is False:
        yield "The program in view does not continue MOUD: it does not fit. Find another, and keep the medication going."


def _because(set_by: tuple[Rated, ...]) -> str:
    return " and ".join(d.record.title[:1].lower() + d.record.title[1:] for d in set_by)


def _below(content: Content, name: str, level: m.CareLevel) -> bool:
    return name == NO_LEVEL or content.care_levels[name].rank < level.rank


def _above(content: Content, name: str, level: m.CareLevel) -> bool:
    return name != NO_LEVEL and content.care_levels[name].rank > level.rank
