"""What the form says beside a name that was typed: what was understood by it, or the names that may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from ...content import Content
from ...content.entries import Condition
from ...facts.understood import condition_parts
from ...intake.entries import condition_names, find_condition, find_medicine, medicine_names, read_medicine
from ...intake.names import nearest_names, read_name
from ...language.nearest import suggest
from ...language.words import soft
from ...profile import Profile

LONGEST_NAME = 60
MAIN_PAIN = 3  # the question of the first page on it
NOT_RECOGNIZED = "Not recognized: what depends on it stays open. Choose from the list, or tick “Looked up”."
RELEASES = {"er": "extended release"}


def medicine_note(entry: Mapping[str, Any], content: Content, came: str = "") -> tuple[str, tuple[str, ...]]:
    """What was understood by the names of a medicine, and the names that may be meant for what was not.

    ``came``: the words that it came with in an import, where they are others."""
    typed = [str(part.get("what") or "").strip() for part in entry.get("parts") or ()]
    said: list[str] = [*_old_name(entry, content)]
    near: tuple[str, ...] = ()
    for what in dict.fromkeys(typed):
        if not what or what.casefold() in (name.casefold() for name in medicine_names(content).values()):
            continue
        told, offers = _of_name(what, bool(entry.get("none")), content)
        said += [told] if told else []
        near = near or (offers if len(typed) == 1 else ())
    if NOT_RECOGNIZED in said and came and came not in typed:
        # It was left out as what it may be, or may not: the words that it came with can be taken up by hand.
        near = (came,) if read_name(came, content).whole else nearest_names(came, content)
    return " ".join(said), near


def _old_name(entry: Mapping[str, Any], content: Content) -> Iterator[str]:
    """The name as it was written, where the fields say something else by now and name the entry."""
    written = (entry.get("was") or {}).get("name")
    try:
        made = read_medicine(content, entry) if written and entry.get("name") == written else None
    except ValueError:
        return  # what cannot be read is told beside its field
    if made and made.get("name") != written:
        yield f"Named by its fields now: {made['name']}. As written: “{written}”."


def _of_name(what: str, looked_up: bool, content: Content) -> tuple[str, tuple[str, ...]]:
    """One name that is not as the list has it."""
    id = find_medicine(content, what)
    if id is not None:
        return f"Understood as {soft(medicine_names(content)[id])}.", ()
    product = read_name(what, content)
    inside = " + ".join(soft(content.medicines[i].label) for i in product.ingredients)
    if product.whole:
        if not inside:
            return ("" if looked_up else "Understood as a medicine of no ingredient that a rule asks for."), ()
        more = [word for word in (product.route or "", RELEASES.get(product.release or "", "")) if word]
        return f"Understood as {', '.join([inside, *more])}.", ()
    if looked_up:
        return "", ()
    near = nearest_names(what, content)
    hint = f" {suggest(near)}" if near else ""
    if inside:
        left = f"not understood: {', '.join(product.left)}" if product.left else "more than one product"
        return f"Understood in part, as {inside}; {left}. What else it may be stays open.{hint}", near
    return f"{NOT_RECOGNIZED}{hint}", near


def condition_note(entry: Mapping[str, Any], content: Content) -> str:
    """What was understood by the words of a condition that is not as the list has it."""
    what = str(entry.get("what") or "").strip()
    if not what or entry.get("none"):
        return ""
    if (id := find_condition(content, what)) is not None:
        label = condition_names(content)[id]
        return "" if label.casefold() == what.casefold() else f"Understood as: {label}."
    told = {"name": what[:200], "status": entry.get("status") or "active"}
    made, open_ = condition_parts(Condition.model_validate(told, context={"content": content}), content)
    if not open_:
        return f"Understood as: {'; '.join(made)}."
    return f"Understood in part: {made[0]}. {NOT_RECOGNIZED}" if len(made) > 1 else NOT_RECOGNIZED


def file_name(profile: Profile, content: Content, came_from: str = "") -> str:
    """A name, without an ending, by which people know a case again: that of the case file which it was opened from; else its
    title, or the age and where it hurts; and the day of review. Letters, digits and signs that every system takes."""
    if known := _plain(PurePath(came_from.replace("\\", "/")).stem):
        return known
    told = profile.title or " ".join(["case", *_who(profile, content)])
    day = profile.as_of.isoformat() if profile.as_of else ""
    return "_".join(part for part in (_plain(told.lower()) or "case", day) if part)


def _who(profile: Profile, content: Content) -> Iterator[str]:
    """The age, and what was chosen for the main pain (question 3), as far as they were answered."""
    age = profile.answers.get(content.known("answer", "age in years"))
    if isinstance(age, int | float) and not isinstance(age, bool):
        yield f"{age:g}"
    for answer in content.answers.values():
        value = profile.answers.get(answer.id)
        if answer.first_page == MAIN_PAIN and answer.type == "choice" and isinstance(value, str):
            yield answer.choices.get(value, "")


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_-")[:LONGEST_NAME].strip("_-")
