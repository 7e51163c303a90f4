"""Taper steps, days between dates, and what the guidelines say about waiting times. Plain numbers, no
decisions.

Source: rows H8, B-H1 to B-H11, B-A11, B-N1 of the facts sheet. A percentage is of the opioid really taken, in
mg a day; never of its MME (B-H10, J6). A pause is always allowed (B-H6). If OUD is found, treat it: a taper
is no treatment (B-H7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, inf
from typing import Final, Literal

from ..conditions import Range
from ..content.models import Confidence

Basis = Literal["current", "original"]
Verdict = Literal["too_early", "between", "enough"]
VERDICTS: Final[tuple[Verdict, ...]] = ("too_early", "between", "enough")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit or usual speed as its source gives it: percent of the dose in ``weeks`` weeks."""

    row: str
    says: str
    percent: float
    weeks: float
    source: str
    confidence: Confidence


USUAL: Final = Limit("B-H3", "usual tapers cut 5 to 20% every 4 weeks", 20, 4, "va_taper_tool", "verified")
SLOW: Final = Limit(
    "B-H3", "10% a month or slower is better borne, above all after a year", 10, 4, "cdc2022draft", "verified"
)
SHORT: Final = Limit(
    "B-H4",
    "after weeks to months of use, a week: 10% of the first dose down to 30% of it, then 10% of what is left",
    10,
    1,
    "cdc2022draft",
    "verified",
)
LIMITS: Final = (USUAL, SLOW, SHORT)
SWITCH_AT: Final = 0.3
"""Part of the first dose from which the faster taper counts percent of what is left (B-H4)."""


class UnsafeTaperError(ValueError):
    """A taper faster than the sources allow: ``limit`` is broken, at ``step`` first."""

    def __init__(self, reason: str, limit: Limit, step: int) -> None:
        self.limit = limit
        self.step = step
        super().__init__(
            f"{reason}. Limit: {limit.says} ({limit.row}, {limit.source}, {limit.confidence}). A fast taper "
            "risks withdrawal, worse pain, distress, suicidal thoughts and a turn to illicit supply (B-H1): "
            "go slower, pause, or consider buprenorphine"
        )


@dataclass(frozen=True, slots=True)
class TaperStep:
    """One step: in force from ``week`` on; ``dose_mg`` a day; ``cut_percent`` of the dose before it;
    ``of_start`` in percent of the first dose."""

    number: int
    week: float
    dose_mg: float
    cut_percent: float
    of_start: float


@dataclass(frozen=True, slots=True)
class Taper:
    """Steps of a taper as arithmetic to discuss. The basis is stated (J20); ``limits`` starts
    with the one that it was held to."""

    start_mg: float
    percent: float
    basis: Basis
    every_weeks: float
    steps: tuple[TaperStep, ...]
    limits: tuple[Limit, ...]
    notes: tuple[str, ...]


def taper_steps(
    start_mg: float,
    percent: float,
    basis: Basis = "current",
    steps: int = 6,
    *,
    every_weeks: float = 4,
    short_exposure: bool = False,
    unit_mg: float | None = None,
) -> Taper:
    """Doses in mg a day after each cut: percent of the current dose is geometric, of the original linear.

    Rows H8, B-H3, B-H4. ``unit_mg``: smallest amount that can be dispensed; doses are rounded up to it, so
    rounding alone never speeds a taper. ``short_exposure``: opioid taken for weeks to months only; allows the
    weekly rule B-H4, which from 30% of the original dose on counts percent of what is left. Raises
    UnsafeTaperError when any 4 weeks would cut more than 20% of the dose then taken (with short_exposure:
    when a step would cut more than 10% by that rule), ValueError for numbers that make no taper. The last
    step, from the lowest dose to none, is a decision with the person and never computed here.
    """
    if not (0 < start_mg < inf and 0 < percent < 100 and 1 <= steps <= 120 and 1 <= every_weeks <= 52):
        raise ValueError(
            "a taper needs a dose above 0 mg, 0 to 100 percent, 1 to 120 steps, 1 to 52 weeks between steps"
        )
    if basis not in ("current", "original"):
        raise ValueError(f"say percent of the 'current' or of the 'original' dose, not {basis!r}")
    if unit_mg is not None and not 0 < unit_mg <= start_mg:
        raise ValueError(f"the smallest unit must be above 0 and at most the first dose, not {unit_mg}")
    limit = SHORT if short_exposure else USUAL
    exact = [start_mg]
    for _ in range(steps):
        rest = basis == "current" or (short_exposure and exact[-1] <= SWITCH_AT * start_mg + 1e-9)
        exact.append(max(exact[-1] - (exact[-1] if rest else start_mg) * percent / 100, 0.0))
    doses = [start_mg, *(_round_up(dose, unit_mg) for dose in exact[1:])]
    _refuse_fast(doses, every_weeks, limit)
    made = tuple(
        TaperStep(n, n * every_weeks, dose, round(100 - 100 * dose / before, 4), round(100 * dose / start_mg, 4))
        for n, (before, dose) in enumerate(pairwise(doses), 1)
    )
    word = "the dose then taken (cuts get smaller)" if basis == "current" else "the first dose (equal cuts)"
    notes = (
        f"{percent:g}% of {word}, every {every_weeks:g} weeks",
        "A pause is always possible; at the lowest dose the interval can be lengthened before stopping",
        "Offer naloxone: tolerance falls during a taper",
    )
    return Taper(start_mg, percent, basis, every_weeks, made, (limit, SLOW), notes)


def _refuse_fast(doses: list[float], every_weeks: float, limit: Limit) -> None:
    """Raise UnsafeTaperError at the first step that cuts more than the limit allows within its weeks."""
    window = ceil(limit.weeks / every_weeks)
    for n in range(1, len(doses)):
        before = doses[max(n - window, 0)]
        first_rule = limit is SHORT and before > SWITCH_AT * doses[0] + 1e-9
        allowed = limit.percent / 100 * (doses[0] if first_rule else before)
        if before - doses[n] > allowed + 1e-9 * doses[0]:
            raise UnsafeTaperError(
                f"step {n} would bring {before:g} mg to {doses[n]:g} mg in {limit.weeks:g} weeks, a cut of "
                f"{100 * (1 - doses[n] / before):.0f}%; count percent of the dose then taken, or cut less",
                limit, n,
            )  # fmt: skip


def _round_up(dose: float, unit: float | None) -> float:
    return dose if unit is None else round(ceil(dose / unit - 1e-9) * unit, 6)


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
