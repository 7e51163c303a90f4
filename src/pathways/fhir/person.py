"""What the record says of the person as a whole: whether they live, and whether they are pregnant."""

from __future__ import annotations

from datetime import date

from ..content import Content
from . import codes, plain
from .bundle import Gathered, Resource
from .plain import Data, concept, flag, when
from .report import Notebook

_NOT_SO = ("entered-in-error", "refuted")
_DOUBTED = ("unconfirmed", "provisional", "differential")
PREGNANCY_DAYS = 301
"""43 weeks: a pregnancy that was known longer ago has ended, whatever its status says."""
AGES = (10, 55)
"""A pregnancy on record in somebody younger or older is to be settled first."""


def died(patient: Data, today: date, notes: Notebook, found: Gathered) -> date | None:
    """The day of death that the record gives, if it is not after today; today where it only says that the person died."""
    day = plain.days(patient, "deceasedDateTime")
    gone: date | None = None
    if day is not None:
        gone = min(day.last, today) if day.first <= today else None
    elif flag(patient, "deceasedBoolean") is True or patient.get("deceasedDateTime") is not None:
        gone = today
    if gone is not None:
        place = next((r.place for r in found.of("Patient") if r.data is patient), "Patient")
        said = f"the person died{f' on {day.first.isoformat()}' if day and day.first == day.last else ''}: nothing is in use"
        notes.add("conflict", patient, place, "deceased", said)
    return gone


def pregnant_now(
    found: Gathered,
    observed: bool | None,
    today: date,
    age: tuple[int, int] | None,
    sex: str,
    content: Content,
    notes: Notebook,
) -> bool | None:
    """Whether the person is pregnant: by conditions, and what was ``observed`` lately. None where that is not known, is
    not to be believed, or is said both ways."""
    said = [r for r in found.of("Condition") if _of_pregnancy(r, content)]
    found_to_be = [_pregnancy(r, today, notes) for r in said]
    if True not in found_to_be:
        answer = None if observed and None in found_to_be else observed
    elif observed is False:
        _conflict(said, "a newer observation says that there is no pregnancy: ask", notes)
        answer = None
    else:
        answer = True
    if answer and (sex == "male" or (age is not None and not (age[1] >= AGES[0] and age[0] <= AGES[1]))):
        _conflict(said, "pregnancy in somebody of this age or sex: to be settled, not counted", notes)
        return None
    return answer


def _conflict(said: list[Resource], words: str, notes: Notebook) -> None:
    for resource in said:
        notes.add("conflict", resource.data, resource.place, "answers", words)
    if not said:
        notes.add("conflict", "Observation/?", "Observation", "answers", words)


def _of_pregnancy(resource: Resource, content: Content) -> bool:
    sets = codes.lookup(concept(resource.data, "code"), content, ("finding",))
    return any(s.gives == "pregnancy" for s in sets)


def _pregnancy(resource: Resource, today: date, notes: Notebook) -> bool | None:
    """What one condition says of a pregnancy today: True, or None where it may be so; False where it says nothing."""
    data, place = resource.data, resource.place
    verified = concept(data, "verificationStatus")
    if verified.has(*_NOT_SO):
        notes.add("not_used", data, place, "verificationStatus", "a pregnancy in error or refuted: not counted")
        return False
    if not concept(data, "clinicalStatus").has("active", "recurrence", "relapse"):
        return False
    ended = when(data, "abatementDateTime", "abatementPeriod")
    other_end = any(data.get(f"abatement{x}") not in (None, False) for x in ("Age", "Range", "String", "Boolean"))
    if other_end or (ended is not None and ended.first <= today):
        notes.add("not_used", data, place, "abatement", "a pregnancy that has ended")
        return False
    since = when(data, "onsetDateTime", "onsetPeriod") or when(data, "recordedDate")
    if since is None:
        notes.add("not_understood", data, place, "onset", "a pregnancy without a date: whether it goes on is not known")
        return None
    if since.first > today:
        return None
    if (today - since.last).days > PREGNANCY_DAYS:
        notes.add("not_used", data, place, "onset", "a pregnancy known for longer than one lasts: it has ended")
        return False
    if (today - since.first).days > PREGNANCY_DAYS or verified.has(*_DOUBTED):
        notes.add("not_understood", data, place, "onset", "whether this pregnancy goes on is not known: ask")
        return None
    notes.add("used", data, place, "answers", "a pregnancy that goes on")
    return True
