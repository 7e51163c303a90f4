"""Numbers of things in words, for the short form in which an object shows itself."""

from __future__ import annotations


def counted(number: int, what: str, many: str = "") -> str:
    """A number of things: "1 plan", "3 plans". ``many`` is the plural where it is not made with an s."""
    return f"{number} {what if number == 1 else many or what + 's'}"


def soft(text: str) -> str:
    """A text for the middle of a line: a small first letter, unless it starts with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
