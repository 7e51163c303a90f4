"""Reading a teaching case: every mistake of the file in one pass, each with where, what, how to mend it and what is accepted.

Three looks, none of which waits for another: the shapes, the names (of the content, of stages, of questions), and, where the
case itself is whole, whether each question has a right and a wrong answer and each must is one that the review can agree to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...content import Content, load_content
from ...content.problems import problem_lines
from ...disk import clear_drafts
from ...disk.incoming import from_toml
from ...disk.limits import TEACHING_BYTES
from ...profile import Profile, ProfileError
from .ids import accepted, one_by_one, with_accepted
from .learner import TeachError, data_of
from .lesson import Lesson
from .looking import look
from .names import problems_of_names
from .stages import REST, named
from .teaching_file import ENDING, Teaching

FOLLOWS = "what rests on the review of the case was not looked at yet: mend the lines above, and check again"


@dataclass(frozen=True)
class Checked:
    """What became of a file: the lesson, if it can be used; what has to be mended; and what the author may want to know."""

    lesson: Lesson | None
    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def load_lesson(path: Path, content: Content | None = None) -> Lesson:
    """A teaching case that is whole. Raises TeachError with every mistake."""
    found = check_file(path, content)
    if found.lesson is None:
        raise TeachError(*(f"{path.name}: {problem}" for problem in found.problems))
    return found.lesson


def check_file(path: Path, content: Content | None = None) -> Checked:
    """Look a teaching case through. Raises TeachError only where there is no such text file."""
    clear_drafts(path.parent)
    if not path.name.endswith(ENDING):
        raise TeachError(f"{path.name}: a teaching case is a text file that ends in {ENDING}")
    raw = data_of(path, TEACHING_BYTES, from_toml, f"; 'pathways teach new {path.name}' makes one")
    return check(raw, path, content or load_content())


def check(raw: Mapping[str, Any], path: Path, content: Content) -> Checked:
    """Look plain data through; ``path`` is where a case file beside it would lie, and gives the lesson its name."""
    rest = {key: value for key, value in raw.items() if key != "case"}
    profile, problems = _case(raw.get("case"), path, content)
    teaching: Teaching | None = None
    try:
        teaching = Teaching.model_validate(rest)
    except ValidationError as error:
        problems += problem_lines(error, Teaching)
    problems += problems_of_names(rest, content)
    if profile is not None:
        problems += _shown(rest, profile)
    if teaching is None or profile is None or problems:
        # What can be looked at by itself is looked at although other parts have to be mended.
        more, remarks = _looked_at(rest, path, profile, content) if profile is not None else ([], [FOLLOWS])
        problems += [one for one in more if one not in problems]
        return Checked(None, tuple(dict.fromkeys(problems)), tuple(remarks))
    lesson = Lesson(path.name.removesuffix(ENDING), _digest(raw, profile), teaching, profile, content)
    found, remarks = look(lesson)
    return Checked(None if found else lesson, tuple(found), tuple(remarks))


def _digest(raw: Mapping[str, Any], profile: Profile) -> str:
    told = json.dumps([raw, profile.to_dict()], sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


# ---- the case ---------------------------------------------------------------------------------------------------


def _case(given: Any, path: Path, content: Content) -> tuple[Profile | None, list[str]]:
    """The case, inline or in a file beside it, and what is wrong with it."""
    try:
        if isinstance(given, Mapping):
            return _dated(Profile.from_dict(given, content), "case")
        if isinstance(given, str) and given.strip():
            return _dated(*_from_file(given.strip(), path, content))
    except ProfileError as error:
        where = f"case ({given})" if isinstance(given, str) else "case"
        return None, [
            f"{where}, {with_accepted(content, one)}" for problem in error.problems for one in one_by_one(problem)
        ]
    except TeachError as error:
        return None, list(error.problems)
    return None, [
        'case: is missing; write it inline ([case], [case.answers] …), or name a file beside this one: case = "x.toml"'
    ]


def _from_file(given: str, path: Path, content: Content) -> tuple[Profile, str]:
    file = Path(given)
    if file.is_absolute() or file.suffix.lower() not in (".toml", ".json") or file.name.endswith(ENDING):
        raise TeachError(f"case: '{given[:80]}': name a case file (.toml or .json) by its place beside this file")
    return Profile.load(path.parent / file, content), f"case ({given})"


def _dated(profile: Profile, where: str) -> tuple[Profile | None, list[str]]:
    if profile.as_of is None:
        return None, [
            f"{where}, as_of: is missing; the day that the case is reckoned from, so that it stays the same next year"
        ]
    return profile, []


def _shown(rest: Mapping[str, Any], profile: Profile) -> Iterator[str]:
    """What stages name that is not in the case, with what is."""
    names = named(profile)
    for n, stage in enumerate(_tables(rest, "stage"), 1):
        for name in stage.get("shows", ()) if isinstance(stage.get("shows"), list) else ():
            if isinstance(name, str) and name.strip() and name != REST and name not in names:
                theme = name.partition(".")[0]
                able = [one for one in names if one == theme or one.startswith(f"{theme}.")]
                able = able or [one for one in names if "." not in one]
                yield (
                    f"stage, entry {n}, shows: nothing called '{name[:60]}' is in the case. Accepted: {', '.join(able[:40])}"
                    f"{' …' if len(able) > 40 else ''}, {REST}"
                )


def _tables(rest: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = rest.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _looked_at(rest: Mapping[str, Any], path: Path, profile: Profile, content: Content) -> tuple[list[str], list[str]]:
    """The look at questions and musts that are whole by themselves, in a file of which other parts are not."""
    stages = _whole(rest, "stage")
    if not stages or len(stages) != len(_tables(rest, "stage")):
        return [], [FOLLOWS]
    kept: dict[str, Any] = {"title": "x", "made_up": True, "objectives": ["x"] * 12, "lesson": "x", "stage": stages}
    kept["question"] = [q for q in _whole(rest, "question", stage=stages)
                        if not list(problems_of_names({**kept, "question": [q]}, content))]  # fmt: skip  # one thought
    kept["must"] = [m for m in _whole(rest, "must", stage=stages, question=kept["question"])
                    if not list(problems_of_names({**kept, "must": [m]}, content))]  # fmt: skip  # one thought
    if not kept["question"]:
        return [], [FOLLOWS]
    try:
        teaching = Teaching.model_validate(kept)
    except ValidationError:
        return [], [FOLLOWS]
    found, _ = look(Lesson(path.name, "", teaching, profile, content), places=_places(rest, kept))
    return found, []


def _places(rest: Mapping[str, Any], kept: Mapping[str, Any]) -> Mapping[str, list[int]]:
    """Where in the file the questions and musts that were kept stand, from 1."""
    return {
        name: [n for n, one in enumerate(rest[name], 1) if one in kept[name]]
        if isinstance(rest.get(name), list)
        else []
        for name in ("question", "must")
    }


def _whole(rest: Mapping[str, Any], name: str, **beside: Any) -> list[Mapping[str, Any]]:
    """The tables of a name that are of the right shape by themselves."""
    good = {
        "title": "x", "made_up": True, "objectives": ["x"], "lesson": "x",
        "stage": [{"title": "x", "says": "x"}], "question": [{"id": "x", "kind": "text", "asks": "x"}],
    }  # fmt: skip  # a file of the least that is whole
    found = []
    for one in _tables(rest, name):
        try:
            Teaching.model_validate({**good, **beside, name: [one]})
        except ValidationError:
            continue
        found.append(one)
    return found


__all__ = ["Checked", "accepted", "check", "check_file", "load_lesson"]
