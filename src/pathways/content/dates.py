"""Dates that may be known only to the month or the year: text in, a first and a last possible day out."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def _normal(value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        span(value)
    return value


def span(text: str) -> tuple[date, date]:
    """First and last day that a date of the form 2025, 2025-03 or 2025-03-14 may mean. Raises ValueError."""
    found = _SHAPE.match(text)
    if not found:
        raise ValueError(
            f"'{text[:40]}' is not a date; write 2025-03-14, or 2025-03 or 2025 when that is all that is known"
        )
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"'{text}' is not a day of the calendar") from None


PartialDate = Annotated[str, BeforeValidator(_normal)]
"""ISO text: a day, a month or a year. `span` gives the days it may mean."""


def days_after(day: date, days: float) -> date:
    """A day so many days after another, at most the last of the calendar: records write 9999-12-31 for an open end."""
    return day + timedelta(days=min(days, (date.max - day).days))
