"""Days between dates, and what the guidelines say about waiting times. Plain numbers, no decisions.

Source: rows B-A11 and B-N1 of the facts sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Final, Literal

from ..content.models import Confidence
from ..language import Range

Verdict = Literal["too_early", "between", "enough"]
VERDICTS: Final[tuple[Verdict, ...]] = ("too_early", "between", "enough")


# ---- dates and waiting times -------------------------------------------------------------------------------


def days_between(first: date, second: date) -> int:
    """Whole days from ``first`` to ``second``; negative when ``second`` comes earlier."""
    return (second - first).days


@dataclass(frozen=True, slots=True)
class Statement:
    """What sources say about a number of days that may be only partly known: every verdict still possible, in
    order, with the words for it. ``between`` is where sources differ or give a range."""

    verdicts: tuple[Verdict, ...]
    text: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence

    @property
    def enough(self) -> bool | None:
        """True when surely long enough, False when surely too early, otherwise None."""
        if self.verdicts == ("enough",):
            return True
        return False if self.verdicts == ("too_early",) else None


INJECTION_DAYS: Final = (24, 30)
"""XR-naltrexone to surgery: 24 to 30 days (SPAQI, verified-2), about 30 days (ASAM, verified). Row B-A11."""
OPIOID_FREE_DAYS: Final = {False: (7, 10), True: (7, 14)}
"""Opioid-free days before naltrexone, by long-acting: 7-10 (verified), up to 14 (verified-2). Row B-N1."""


def injection_to_surgery(days: Range | float) -> Statement:
    """Days from the last extended-release naltrexone injection to surgery, held to B-A11. Says whether
    opioids may be blocked, never that surgery must wait. Raises ValueError for negative days."""
    texts: dict[Verdict, str] = {
        "too_early": "under 24 days: opioids may be blocked; plan regional and non-opioid pain control",
        "between": "24 to 29 days: sources differ (SPAQI 24-30, ASAM about 30); ask anesthesia",
        "enough": "30 days or more: long enough by ASAM and SPAQI; tolerance is lost, so start low",
    }
    verdicts = _verdicts(days, *INJECTION_DAYS)
    text = "; or ".join(texts[v] for v in verdicts)
    return Statement(verdicts, text, ("B-A11",), ("asam2020", "spaqi2021"), "verified-2")


def opioid_free_enough(days: Range | float, long_acting: bool | None) -> Statement:
    """Whether someone has been without opioids long enough for a first dose of naltrexone, by B-N1.
    ``long_acting``: methadone, buprenorphine or an extended-release opioid; None covers both. Raises
    ValueError for negative days."""
    cases = (False, True) if long_acting is None else (long_acting,)
    possible = {verdict for case in cases for verdict in _verdicts(days, *OPIOID_FREE_DAYS[case])}
    verdicts = tuple(verdict for verdict in VERDICTS if verdict in possible)
    first, last = OPIOID_FREE_DAYS[cases[-1]]
    long_enough = "10 days after short-acting, 14 after long-acting" if long_acting is None else f"{last} days"
    texts: dict[Verdict, str] = {
        "too_early": f"under {first} opioid-free days: too early, naltrexone may bring on withdrawal",
        "between": f"{first} to {last} opioid-free days: guidance gives a range; check first",
        "enough": f"opioid-free for {long_enough} or more",
    }
    text = "; or ".join(texts[v] for v in verdicts)
    confidence: Confidence = "verified" if long_acting is False else "verified-2"
    return Statement(verdicts, text, ("B-N1",), ("tip63", "asam2020"), confidence)


def _verdicts(days: Range | float, first: float, last: float) -> tuple[Verdict, ...]:
    """The verdicts possible for ``days``: too early under ``first``, enough from ``last`` on."""
    lo, hi = (days.lo, days.hi) if isinstance(days, Range) else (days, days)
    if not (0 <= lo < inf and hi >= lo):
        raise ValueError(f"days must be 0 or more, not {lo} to {hi}")
    possible = {"too_early": lo < first, "between": lo < last and hi >= first, "enough": hi >= last}
    return tuple(verdict for verdict in VERDICTS if possible[verdict])
