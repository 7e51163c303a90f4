"""What a team settles of what was understood: a line is right, is to read otherwise, or does not belong. Pure: a case and the
answers go in, a case comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from .common import UserError, today

if TYPE_CHECKING:
    from ...content import Content
    from ...facts.understood import Understood
    from ...profile import Profile

Json = dict[str, Any]
_KEPT = {
    "medicines": (
        "state",
        "purpose",
        "prescriber",
        "source",
        "written",
        "start",
        "stop",
        "supply_days",
        "setting",
        "as_prescribed",
    ),
    "conditions": ("status", "certainty", "since"),
    "allergies": (),
}
"""What of an entry stays when its words are corrected; the rest is read from the new words."""


@dataclass(frozen=True)
class Answer:
    """What the team says of one line: ``words`` are the new ones of a correction."""

    kind: Literal["right", "other_words", "take_out"]
    words: str = ""


def settled(profile: Profile, answers: Sequence[tuple[Understood, Answer]], content: Content) -> Profile:
    """The case with the answers in it. Raises UserError, naming the line, for one that cannot hold."""
    from ...profile import Profile

    data = profile.to_dict()
    changes: dict[tuple[str, int], list[Json]] = {}
    confirmed = list(profile.confirmed)
    for line, answer in answers:
        which, at = line.listed
        if answer.kind == "right":
            confirmed.append(_confirmed(line, data, which, at, content))
        elif answer.kind == "take_out":
            if at is not None:
                changes[which, at] = []
            elif not line.doubts:
                raise UserError(f"{line.resource}: it became no entry of the case, so there is nothing to take out")
        else:
            kept = {} if at is None else _kept(data[which][at], which)
            new = read_words(answer.words, which, kept, profile, content)
            if at is None:
                data.setdefault(which, []).extend(new)
            else:
                changes[which, at] = new
    for which in {which for which, _ in changes}:
        data[which] = [new for n, old in enumerate(data[which]) for new in changes.get((which, n), [old])]
    data["confirmed"] = list(dict.fromkeys(confirmed))
    return Profile.from_dict(data, content)


def can_be_confirmed(line: Understood) -> bool:
    """Whether what was made of a line leaves nothing unknown, and no error to settle."""
    return line.can_be_confirmed


def can_be_said_otherwise(line: Understood) -> bool:
    """Whether a line is of a list that is read from words."""
    return line.listed[0] in _KEPT


def list_of(line: Understood) -> str:
    """The list of the case that a line belongs to."""
    return line.listed[0]


def read_words(words: str, which: str, kept: Json, profile: Profile, content: Content) -> list[Json]:
    """New words of an entry as the entries that they make; of a medicine "name; how it is taken". Raises UserError."""
    from ...profile import Profile, ProfileError

    if not words.strip():
        raise UserError("new words are missing")
    if which not in _KEPT:
        raise UserError("a result is corrected in the case file or in the case conference, not by words")
    if which == "medicines":
        return _medicine(words, kept, profile, content)
    try:
        return list(Profile.from_dict({which: [{"name": words.strip(), **kept}]}, content).to_dict()[which])
    except ProfileError as error:
        raise UserError(*error.problems) from None


def said_of(new: Sequence[Json], which: str, content: Content) -> tuple[str, bool]:
    """Entries in words, and whether they leave something unknown."""
    from ...facts.understood import of_case
    from ...profile import Profile

    lines = of_case(Profile.from_dict({which: list(new)}, content), content=content)
    return "; ".join(line.made for line in lines), any(line.open for line in lines)


def _kept(entry: Json, which: str) -> Json:
    return {key: entry[key] for key in _KEPT.get(which, ()) if key in entry}


def _confirmed(line: Understood, data: Json, which: str, at: int | None, content: Content) -> str:
    """The key of a line that is right, for what its entry is by then."""
    from ...content.entries import Condition
    from ...facts.understood import certainty_once_right, entry_made, key_of

    if not can_be_confirmed(line):
        raise UserError(
            f"{line.own or line.resource}: what was made of it leaves something unknown or to settle ({line.made}); "
            "it can be corrected, not confirmed"
        )
    if at is not None and (certainty := certainty_once_right(which, data[which][at])):
        entry = data[which][at] = {**data[which][at], "certainty": certainty}
        made = entry_made(Condition.model_validate(entry, context={"content": content}), content)[0]
        return key_of(line.own, made, line.resource)
    return line.key


def _medicine(words: str, kept: Mapping[str, Any], profile: Profile, content: Content) -> list[Json]:
    """A medicine by its name and how it is taken, read as a health record's text is."""
    from ...fhir import read

    name, _, taken = (part.strip() for part in words.partition(";"))
    if not name:
        raise UserError("the name of the medicine is missing: write it before the ';'")
    day = (profile.as_of or today()).isoformat()
    stated: Json = {
        "resourceType": "MedicationStatement",
        "id": "m",
        "status": "active",
        "effectiveDateTime": day,
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": name},
        "dosage": [{"text": taken}] if taken else [],
    }
    entries = [{"resource": {"resourceType": "Patient", "id": "p"}}, {"resource": stated}]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    made = [
        one
        for order in read(bundle, date.fromisoformat(day), content=content).orders
        for one in (order.entry, *order.beside)
    ]
    if not made:
        raise UserError(f"'{name[:60]}' makes no entry of the medicines list; write it into the case file")
    dropped = ("state", "source")
    told = [
        {k: v for k, v in one.model_dump(mode="json", by_alias=True, exclude_defaults=True).items() if k not in dropped}
        for one in made
    ]
    return [{**one, "state": "current", **kept} for one in told]
