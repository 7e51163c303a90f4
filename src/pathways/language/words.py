"""Numbers of things in words, for the short form in which an object shows itself."""

from __future__ import annotations


def counted(number: int, what: str, many: str = "") -> str:
    """A number of things: "1 plan", "3 plans". ``many`` is the plural where it is not made with an s."""
    return f"{number} {what if number == 1 else many or what + 's'}"
