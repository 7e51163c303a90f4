"""Yes, no and cannot tell (Kleene's strong logic): verdicts are True, False or None."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def any_of(verdicts: Iterable[Truth]) -> Truth:
    """True if one is true, False if all are false (or there are none), None otherwise.

    >>> any_of([False, None, True]), any_of([False, None]), any_of([])
    (True, None, False)
    """
    seen = set(verdicts)
    return True if True in seen else None if None in seen else False


def all_of(verdicts: Iterable[Truth]) -> Truth:
    """False if one is false, True if all are true (or there are none), None otherwise.

    >>> all_of([True, None, False]), all_of([True, None]), all_of([])
    (False, None, True)
    """
    seen = set(verdicts)
    return False if False in seen else None if None in seen else True


def opposite(verdict: Truth) -> Truth:
    """No for yes, yes for no, and cannot tell for cannot tell."""
    return None if verdict is None else not verdict
