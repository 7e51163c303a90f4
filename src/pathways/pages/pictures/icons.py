"""A hundred people for an estimate: so many for certain of it, so many that the open answers leave, and the rest."""

from __future__ import annotations

from markupsafe import Markup

from .draw import dot, picture, write

ACROSS, STEP, R = 20, 19, 7


def people_of_100(count: int, span: tuple[int, int] | None) -> Markup:
    """A hundred signs. Without a span ``count`` are full; with one, the first ``span[0]`` are full, those up to ``span[1]``
    are half full (open answers leave them), and the one at ``count`` bears a bar above it. Raises ValueError for numbers
    that are no order from 0 to 100."""
    lo, hi = span if span is not None else (count, count)
    if not 0 <= lo <= count <= hi <= 100:
        raise ValueError(f"{lo}, {count}, {hi} are not in order from 0 to 100")
    parts: list[Markup] = []
    for n in range(100):
        x, y = 12 + STEP * (n % ACROSS), 12 + STEP * (n // ACROSS)
        if n < lo:
            parts.append(dot(x, y, R, "pw-person pw-person-full"))
        elif n < hi:
            parts.append(dot(x, y, R, "pw-person pw-person-open"))
            parts.append(write(x, y + 4, "?", "pw-tiny", "middle"))
        else:
            parts.append(dot(x, y, R, "pw-person"))
    high = 12 + STEP * (100 // ACROSS) + 2
    told = f"about {count} in 100" + (f", {lo} to {hi} while answers are open" if span else "")
    parts.append(write(4, high + 14, told, "pw-strong"))
    return picture("people", f"A hundred people: {told}", 12 + STEP * ACROSS, high + 22, parts)
