"""What was understood of what came in, in words: each entry's own words beside what the kit made of it, the doubtful first.

The same lines stand in the form, in the import report and on the command line, for a case file, a PDMP export and (through
`fhir.understood`) a health record. What a team confirmed is kept in the case by its words: own words and what was made of
them. Another reading of the same words is not confirmed by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..content import Content, load_content
from ..content.entries import Condition, Medicine, Observation
from ..content.plain import whole
from ..intake.entries import entries_by_name
from ..intake.names import nearest_names, read_name
from ..intake.pdmp import Pdmp
from ..intake.problems import entries, read_problem
from ..language.words import soft
from ..profile import Profile
from . import doubts as kept_doubts
from .allergies import allergies_of
from .believable import against_name, say_against
from .code import doubts_of
from .membership import ingredients_of

DOUBTS: Mapping[str, str] = {"conflict": "settle", "not_understood": "not understood", "assumed": "assumed"}
"""The kinds of doubt with the word for each, the weightiest first."""
IN_USE, NOT_NOW, ELSEWHERE = "in use", "not in use now", "told by another record"
_IN = re.compile(r" \(in: (.+)\)$", re.S)
STANDS = {"current": IN_USE, "proposed": "being ordered", "stopped": NOT_NOW}
NOT_RECOGNIZED = "not recognized"
STAYS_OPEN = "what depends on it stays open"
_LIST_OF = {"Medication": "medicines", "Condition": "conditions", "Allergy": "allergies"}
"""The list of a case that a resource belongs to, by the beginning of its name; all others are observations."""
NO_DOSE = "dose not known"
ERROR = "an error to settle"
USE_UNKNOWN = "whether it is in use is not known"


@dataclass(frozen=True)
class Understood:
    """One entry: ``own`` its own words, ``made`` what was made of it, ``doubts`` what is to be settled or confirmed, the
    weightiest first, ``resource`` where it stands ("MedicationRequest/abc"), ``place`` the entry of the case that it
    became ("medicines.3"; empty where it became none).

    ``open``: what was made of it leaves something unknown, so that it can be corrected and not confirmed.
    ``confirmed``: the team said that it is right.
    """

    own: str
    made: str
    doubts: tuple[str, ...]
    resource: str
    place: str = ""
    open: bool = False
    confirmed: bool = False

    @property
    def key(self) -> str:
        """What a confirmation is of: the entry's own words and what was made of them."""
        return key_of(self.own, self.made, self.resource)

    @property
    def listed(self) -> tuple[str, int | None]:
        """The list of the case that it belongs to, and its place there; None where it became no entry."""
        which, _, n = self.place.partition(".")
        if which:
            return which, int(n)
        found = (which for start, which in _LIST_OF.items() if self.resource.startswith(start))
        return next(found, "observations"), None

    @property
    def to_confirm(self) -> bool:
        """Whether it is doubtful and nobody confirmed it."""
        return bool(self.doubts) and not self.confirmed

    @property
    def can_be_confirmed(self) -> bool:
        """Whether it can be right as it is: nothing stays unknown, no dose is missing of what is doubtful, and nothing is an
        error that somebody has to settle."""
        missing = bool(self.doubts) and NO_DOSE in self.made
        return not (self.open or missing or any(ERROR in doubt for doubt in self.doubts))

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain JSON data."""
        return whole(self)


def key_of(own: str, made: str, resource: str) -> str:
    """What a confirmation is kept under: own words, or where there are none the resource, and what was made of them."""
    return f"{own or resource} → {made}"


def certainty_once_right(which: str, entry: Mapping[str, Any]) -> str | None:
    """The certainty that an entry of a list takes once the team says that it is right: a condition that only a code tells of
    is then confirmed. None where it stays as it is."""
    return "confirmed" if which == "conditions" and entry.get("certainty") == "coded" else None


@dataclass(frozen=True)
class Remark:
    """What was found of an entry when it was read: ``where`` it stood, and what is doubtful of it."""

    where: str
    doubts: tuple[str, ...] = ()


def of_case(
    profile: Profile, remarks: Mapping[str, Remark] | None = None, *, content: Content | None = None
) -> tuple[Understood, ...]:
    """Every entry of a case that was given in words, the doubtful first. ``remarks`` tell of entries, by their place, what
    was found when they were read."""
    content = content or load_content()
    told = remarks or {}
    lines = []
    for line in plain_lines(profile, content):
        remark = told.get(line.place, Remark(line.resource))
        lines.append(replace(line, doubts=(*line.doubts, *remark.doubts), resource=remark.where))
    kept = kept_doubts.with_kept(lines, profile.doubtful)
    return in_order([*kept, *kept_doubts.nowhere(profile.doubtful, Understood)], profile)


def plain_lines(profile: Profile, content: Content) -> list[Understood]:
    """Each entry of a case in the order of its lists, with what is doubtful of it by itself."""
    return [replace(line, resource=line.resource or _where(line.place)) for line in _of_lists(profile, content)]


def keep_doubts(profile: Profile, lines: Iterable[Understood], content: Content) -> Profile:
    """A case with what stays doubtful of the lines that it was read from, until somebody settles it."""
    return kept_doubts.keeping(profile, lines, plain_lines(profile, content))


def of_export(found: Pdmp, content: Content) -> tuple[Profile, dict[str, Remark]]:
    """A PDMP export as a case, and what is to be said of its entries by their place. Raises ProfileError."""
    remarks: dict[str, Remark] = {}
    at = 0
    for entry, (line, problem, notes) in zip(found.case["medicines"], found.told, strict=True):
        start = f"line {line}, {entry['name']}: "
        doubts = [f"{DOUBTS['not_understood']}: {problem.removeprefix(start)}"] if problem else []
        doubts += [f"{DOUBTS['assumed']}: {note.removeprefix(start)}" for note in notes]
        made = len(entries_by_name(entry, content))
        for n in range(made):
            remarks[f"medicines.{at + n}"] = Remark(f"line {line}", tuple(doubts) if n == 0 else ())
        at += made
    return Profile.from_dict(found.case, content), remarks


def in_order(lines: Iterable[Understood], profile: Profile) -> tuple[Understood, ...]:
    """The lines with what the team confirmed: those that are to be confirmed first, else in their order."""
    kept = frozenset(profile.confirmed)
    return tuple(sorted((replace(line, confirmed=line.key in kept) for line in lines), key=_weight))


def _weight(one: Understood) -> tuple[bool, bool, int]:
    """What is past stands last, whatever was assumed of it; then by the weight of its doubts."""
    first = [n for n, word in enumerate(DOUBTS.values()) if any(doubt.startswith(word) for doubt in one.doubts)]
    weight = min(first, default=len(DOUBTS))
    return weight > 1 and one.made.endswith((NOT_NOW, ELSEWHERE)), one.confirmed, weight


def _where(place: str) -> str:
    """The place of an entry as people count: "medicine 3"."""
    which, _, n = place.partition(".")
    return f"{'allergy' if which == 'allergies' else which.removesuffix('s')} {int(n) + 1}"


def _of_lists(profile: Profile, content: Content) -> Iterator[Understood]:
    """Each entry that has words of its own, with its doubts; and each result, which has none."""
    for n, medicine in enumerate(profile.medicines):
        if medicine.name:
            made, open_ = medicine_made(medicine, content, STANDS[medicine.state])
            yield Understood(
                _order_in(medicine) or medicine.name,
                made,
                medicine_doubts(medicine, content),
                "",
                f"medicines.{n}",
                open_,
            )
    for n, condition in enumerate(profile.conditions):
        if condition.name:
            made, open_ = condition_made(condition, content)
            doubts = (f"{DOUBTS['not_understood']}: {STAYS_OPEN}",) if open_ else ()
            yield Understood(condition.name, made, doubts, "", f"conditions.{n}", open_)
    for n, allergy in enumerate(profile.allergies):
        if allergy.name:
            made, open_ = allergy_made(n, profile, content)
            doubts = (f"{DOUBTS['not_understood']}: it stays open for every medicine",) if open_ else ()
            yield Understood(allergy.name, made, doubts, "", f"allergies.{n}", open_)
    for n, seen in enumerate(profile.observations):
        yield Understood("", observation_made(seen, content), (), seen.source or "", f"observations.{n}")


# ---- what was made of an entry, and whether that leaves something unknown -------------------------------------------


def entry_made(entry: Condition | Medicine | Observation, content: Content) -> tuple[str, bool]:
    """An entry of a case in words, and whether it leaves something unknown."""
    match entry:
        case Medicine():
            return medicine_made(entry, content, STANDS[entry.state])
        case Condition():
            return condition_made(entry, content)
        case _:
            return observation_made(entry, content), False


def medicine_made(entry: Medicine, content: Content, stands: str, beside: Iterable[Medicine] = ()) -> tuple[str, bool]:
    """A medicine in words: its ingredients, how much a day, and how it stands; and what else its text names."""
    if told := _order_in(entry):
        named = read_name(told, content).ingredients
        words = [soft(content.medicines[i].label) for i in named if i in content.medicines]
        return ", ".join([" + ".join(words) or NOT_RECOGNIZED, USE_UNKNOWN]), True
    what, known = _what(entry, content)
    dose, dosed = _dose(entry)
    release = "extended release" if entry.release == "er" else ""
    words = [what, dose if known and ingredients_of(content, entry) else "", entry.route or "", release, stands]
    if entry.use_unknown:
        words[-1] = "whether it is taken is not known"
    more = [_what(one, content) for one in beside]
    words += [f"and beside it: {text}" for text, _ in more]
    open_ = not known or not dosed or bool(entry.use_unknown) or not all(sure for _, sure in more)
    return ", ".join(word for word in words if word), open_


def _order_in(entry: Medicine) -> str:
    """The own words of an order of which it is not known whether it is in use; empty for any other entry."""
    told = _IN.search(entry.name) if entry.use_unknown and not (entry.ingredients or entry.dose) else None
    return told[1] if told else ""


def _what(entry: Medicine, content: Content) -> tuple[str, bool]:
    """What a medicine is, and whether that is known."""
    if ingredients := ingredients_of(content, entry):
        return " + ".join(soft(content.medicines[i].label) for i in ingredients), True
    if entry.medicine_class:
        return f"one of: {soft(content.medicine_classes[entry.medicine_class].label)}", True
    if entry.none_of:
        if read_name(entry.name, content).device:
            return "no medicine, a device or a supply", True
        return "a medicine of no ingredient that a rule asks for", True
    return NOT_RECOGNIZED, False


def _dose(entry: Medicine) -> tuple[str, bool]:
    """How much a day, and whether that is known as far as it was given."""
    if not entry.dose:
        return NO_DOSE, True
    amounts = " + ".join(f"{mg:g}" for mg in entry.dose.values())
    low, high = entry.per_day_min, entry.per_day_max
    if entry.unit == "mcg/h":
        return f"{amounts} mcg/h", True
    if high is None:
        return f"{amounts} {entry.unit}, times a day not known", False
    times = f"{high:g} a day" if low == high else f"{low or 0:g} to {high:g} a day"
    if low == high and 0 < high < 1 and abs(1 / high - round(1 / high)) < 0.01:
        times = f"once in {1 / high:.0f} days"
    return f"{amounts} {entry.unit}, {times}", True


def medicine_doubts(entry: Medicine, content: Content) -> tuple[str, ...]:
    """What is to be settled of a medicine that was given in words."""
    if _order_in(entry):
        return (f"{DOUBTS['not_understood']}: {USE_UNKNOWN}; ask",)
    if _what(entry, content)[1]:
        return tuple(f"{DOUBTS['conflict']}: {told}" for told in dose_doubts(entry, content))
    near = nearest_names(entry.name, content)
    hint = f". Did you mean {' or '.join(near)}?" if near else ""
    return (f"{DOUBTS['not_understood']}: {STAYS_OPEN}{hint}",)


def dose_doubts(entry: Medicine, content: Content) -> tuple[str, ...]:
    """Why the dose of an entry that is in use, or being ordered, is an error to settle; none where it is used."""
    if not entry.dose or entry.state == "stopped":
        return ()
    if reasons := doubts_of(entry, content):
        return (reasons[0],)
    said = against_name(entry, content)
    return (f"{ERROR}: {say_against(said, entry.unit, content)}",) if said else ()


def condition_made(entry: Condition, content: Content) -> tuple[str, bool]:
    """A condition in words, read by its words where it has no id; and whether it leaves something unknown."""
    parts, open_ = condition_parts(entry, content)
    return "; ".join(parts), open_


def condition_parts(entry: Condition, content: Content) -> tuple[tuple[str, ...], bool]:
    """The same, each condition that its words name by itself: first what was understood."""
    if entry.id is not None:
        known = content.conditions.get(entry.id) or content.condition_groups.get(entry.id)
        label = known.label if known else entry.id
        return (f"{label}, {entry.status}, {entry.certainty}",), False
    none = "of no group that a rule asks for"
    if entry.none_of:
        left = set() if "*" in entry.none_of else content.condition_groups.keys() - set(entry.none_of)
        return ((f"understood in part: {_groups(len(left))} open",), True) if left else ((none,), False)
    read = entries(read_problem(entry.name, content), entry.name, content, entry.status)
    named = [condition_made(one, content)[0] for one in read if one.id is not None]
    rest = [one for one in read if one.id is None]
    if any(not one.none_of for one in rest):
        named = [*named, "the rest of it not recognized"] if named else [NOT_RECOGNIZED]
        return tuple(named), True
    told = [condition_made(one, content) for one in rest]
    more = (words for words, open_ in told if open_ or not named)
    return (*named, *more), any(open_ for _, open_ in told)


def _groups(count: int) -> str:
    return "one group stays" if count == 1 else f"{count} groups stay"


def allergy_made(n: int, profile: Profile, content: Content) -> tuple[str, bool]:
    """The allergy at a place of the list in words."""
    found = next((one for one in allergies_of(profile, content) if one.place == n), None)
    if found is None:
        return "allergy: to no medicine that a rule here is about", False
    return f"allergy: {soft(found.sign.label)}", found.unread


def observation_made(seen: Observation, content: Content) -> str:
    """A result under the name that people know it by, with its unit and day."""
    value = "" if seen.value is None else f" {seen.value:g}" if isinstance(seen.value, float) else f" {seen.value}"
    if (found := content.measures.get(seen.measure)) is not None:
        name = f"{found.label}{value} {found.unit if value else ''}".rstrip()
    else:
        known = content.instruments.get(seen.measure)
        name = f"{known.short if known else seen.measure}{value}"
    return f"{name}, {seen.date or 'undated'}"


__all__ = [
    "Remark",
    "Understood",
    "certainty_once_right",
    "entry_made",
    "in_order",
    "keep_doubts",
    "key_of",
    "of_case",
    "of_export",
]
