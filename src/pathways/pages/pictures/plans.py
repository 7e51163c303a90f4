"""The plans as columns of time: what is done in each phase, and in which plans it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .draw import LETTER, box, lines, picture, rule, wrapped, write

COLUMN, GAP, PAD = 188, 10, 8
HEAD, LINE = 30, 15


@dataclass(frozen=True)
class Entry:
    """One item of the plans: its verb, its name, where it stands in words, and whether that is every plan."""

    verb: str
    name: str
    where: str
    everywhere: bool


def plan_columns(columns: Sequence[tuple[str, Sequence[Entry]]]) -> Markup:
    """A column a phase. A full frame and a bar stand in every plan, a dashed frame only in some; the words say which."""
    stacks: list[list[tuple[Entry, list[str], list[str], float]]] = []
    for _, entries in columns:
        stack = []
        for one in entries:
            name = wrapped(one.name, COLUMN - 2 * PAD - 4, 4)
            where = wrapped(one.where, COLUMN - 2 * PAD - 4, 2, LETTER * 0.9)
            stack.append((one, name, where, (1 + len(name) + len(where)) * LINE + PAD * 1.5))
        stacks.append(stack)
    high = HEAD + max(sum(tall + GAP for *_, tall in stack) for stack in stacks) + 2
    parts: list[Markup] = []
    for n, ((phase, _), stack) in enumerate(zip(columns, stacks, strict=True)):
        x = n * (COLUMN + GAP)
        parts.append(write(x + 1, 16, phase, "pw-strong"))
        parts.append(rule(x, HEAD - 7, x + COLUMN, HEAD - 7, "pw-head-rule"))
        y: float = HEAD
        for one, name, where, tall in stack:
            parts.append(box(x + 1, y, COLUMN - 2, tall, "pw-card" if one.everywhere else "pw-card pw-card-some", 4))
            if one.everywhere:
                parts.append(box(x + 1, y, 4, tall, "pw-part"))
            at = y + LINE
            parts.append(write(x + PAD + 4, at, one.verb, "pw-small pw-verb-t"))
            parts.append(lines(x + PAD + 4, at + LINE, name, "", LINE))
            parts.append(lines(x + PAD + 4, at + LINE * (1 + len(name)), where, "pw-small pw-soft", LINE))
            y += tall + GAP
    wide = len(columns) * (COLUMN + GAP) - GAP
    return picture("plans", "What is done in each phase, and in which plans", wide, high, parts)
