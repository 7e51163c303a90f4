"""Numbers of things in words, for the short form in which an object shows itself."""

from __future__ import annotations


def counted(number: int, what: str, many: str = "") -> str:
    """A number of things: "1 plan", "3 plans". ``many`` is the plural where it is not made with an s."""
    return f"{number} {what if number == 1 else many or what + 's'}"


def soft(text: str) -> str:
    """A text for the middle of a line: a small first letter, unless it starts with an abbreviation or two names.

    >>> [soft(text) for text in ("Long QT", "A long QT", "CrCl below 30", "Child-Pugh B", "MAOI")]
    ['long QT', 'a long QT', 'CrCl below 30', 'Child-Pugh B', 'MAOI']
    """
    first = text.partition(" ")[0]
    if (first[1:].islower() and first[1:2].islower()) or (first == "A" and text[2:3].islower()):
        return text[:1].lower() + text[1:]
    return text


def without_dose(label: str) -> str:
    """A medicine of the list without its dose: what stands before the first number or comma.

    >>> without_dose("oxycodone 10 mg 3 times a day, from a friend")
    'oxycodone'
    """
    words = label.partition(", ")[0].split()
    short = " ".join(words[: next((n for n, word in enumerate(words) if n and word[:1].isdigit()), len(words))])
    return short or label
