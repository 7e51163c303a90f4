"""The nearest right spelling of a name that nothing has: what an error message suggests."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.6
"""How alike (0 to 1, `difflib`) a name must be before it is suggested: below that it misleads more than it helps."""
SHORT = 4
"""A name of so few letters is suggested only one that begins alike: "oud" is no slip for "gout"."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is spelled most like ``name``, whatever the case of its letters; None when none is near.

    >>> nearest("QTC_msec", ["qtc_ms", "age_years"])
    'qtc_ms'
    """
    plain = {one.lower(): one for one in known}
    name = name.lower()
    able = [one for one in plain if len(name) > SHORT or one[:1] == name[:1]]
    close = get_close_matches(name, able, n=1, cutoff=ALIKE)
    return plain[close[0]] if close else None


def suggest(near: Iterable[str]) -> str:
    """ "Did you mean a or b?", or an empty text for no names."""
    names = " or ".join(near)
    return f"Did you mean {names}?" if names else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of an error message: " Did you mean 'qtc_ms'?", or an empty text when no name is near."""
    found = nearest(name, known)
    return f" {suggest([repr(found)])}" if found else ""
