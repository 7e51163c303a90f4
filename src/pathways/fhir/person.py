"""What the record says of the person as a whole: whether they live."""

from __future__ import annotations

from datetime import date

from . import plain
from .bundle import Gathered
from .plain import Data, flag
from .report import Notebook


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
