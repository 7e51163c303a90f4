"""What every questionnaire that was filled in says: score, bands, and where it does not hold. For showing, not for rules."""

from __future__ import annotations

from dataclasses import dataclass

from ..content import Content
from ..content import models as m
from ..language import Range
from ..profile import Observation
from . import scores
from .code import criteria_of, taken_as_prescribed
from .named import Facts


@dataclass(frozen=True)
class Reading:
    """One filled-in instrument. ``score`` is None where it is not valid in this person, or its total cannot be;
    ``bands`` are labels, those still possible; ``blank`` counts the items without an answer."""

    place: int
    instrument: m.Instrument
    score: Range | None
    bands: tuple[str, ...] = ()
    blank: int = 0
    note: str = ""

    @property
    def says(self) -> str:
        """The reading in words, the limits of the instrument last."""
        if self.score is None:
            return f"not scored. {self.note}".strip()
        found, named = self.instrument, " or ".join(self.bands)
        # Where each band is one number, the number is only its key.
        if named and all(b.lo == b.hi for b in found.bands):
            said = named
        else:
            lo, hi = (round(end, found.decimals) for end in (self.score.lo, self.score.hi))
            number = f"{lo:g}" if lo == hi else f"{lo:g} to {hi:g}"
            said = (
                f"{number} ({found.lo:g} to {found.hi:g}{', higher is better' if found.higher_is == 'better' else ''})"
            )
            said += f": {named}" if named else ""
        blank = f"; {self.blank} of {len(found.items)} blank" if self.blank else ""
        return f"{said}{blank}. {self.note}".strip()


def read_scores(facts: Facts, content: Content) -> tuple[Reading, ...]:
    """Every instrument among the observations, in their order. Those that are not valid in this person have no score."""
    return tuple(
        _read(n, seen, content.instruments[seen.measure], facts, content)
        for n, seen in enumerate(facts.profile.observations)
        if seen.measure in content.instruments
    )


def _read(place: int, seen: Observation, instrument: m.Instrument, facts: Facts, content: Content) -> Reading:
    if instrument.valid_when and content.test(instrument.valid_when)(facts.values) is False:
        return Reading(place, instrument, None, note=f"Not valid here: {instrument.not_valid}")
    typed = float(seen.value) if isinstance(seen.value, (int, float)) else None
    if typed is None and not seen.items:
        return Reading(place, instrument, None, note="Nothing was entered.")
    try:
        if any(item.unless_prescribed for item in instrument.items):
            found = criteria_of(instrument, seen, taken_as_prescribed(facts.profile, content))
        else:
            found = scores.total(instrument, seen.items or None, typed)
    except ValueError as error:
        return Reading(place, instrument, None, note=str(error))
    labels = {b.id: b.label for b in instrument.bands}
    blank = 0 if typed is not None and not seen.items else len(instrument.items) - len(seen.items)
    return Reading(
        place,
        instrument,
        found,
        tuple(labels[id] for id in scores.band(instrument, found)),
        blank,
        instrument.not_valid,
    )
