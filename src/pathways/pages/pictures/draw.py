"""The few shapes that the pictures are made of, as SVG text. Measures are in pixels of the picture."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from math import ceil, floor, log10

from markupsafe import Markup

LETTER = 7.0
"""How wide a letter is reckoned, a little too wide rather than too narrow."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STEP = 6
"""How far the lines of a hatching lie apart."""


def clean(text: str) -> str:
    """A text without the few characters that no XML may hold."""
    return _NOT_XML.sub("\ufffd", text)


def number(value: float) -> str:
    """A number as the pages write it."""
    return f"{value:g}".replace("-", "−")


def span_words(lo: float, hi: float | None) -> str:
    """A number or a range of numbers in words; without an upper end it is "at least"."""
    if hi is None:
        return f"at least {number(lo)}"
    return number(lo) if lo == hi else f"{number(lo)} to {number(hi)}"


def picture(name: str, title: str, wide: float, high: float, parts: Iterable[Markup]) -> Markup:
    """A whole picture. ``title`` is its name for those who hear the page; the numbers stand in words beside it."""
    return Markup(
        '<svg class="pw-drawn pw-drawn-{}" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title>{}</svg>"
    ).format(name, _n(wide), _n(high), _n(wide), _n(high), clean(title), Markup("").join(parts))


def write(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> Markup:
    """One line of text; ``y`` is its base line."""
    return Markup('<text class="pw-t {}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, _n(x), _n(y), anchor, clean(text)
    )


def lines(x: float, y: float, texts: Iterable[str], kind: str = "", step: float = 15) -> Markup:
    """Lines of text, one under the other."""
    return Markup("").join(write(x, y + n * step, text, kind) for n, text in enumerate(texts))


def box(x: float, y: float, wide: float, high: float, kind: str, round_: float = 0) -> Markup:
    """A rectangle."""
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        kind, _n(x), _n(y), _n(max(wide, 0)), _n(high), _n(round_)
    )


def rule(x1: float, y1: float, x2: float, y2: float, kind: str = "pw-rule") -> Markup:
    """A straight line."""
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(kind, *map(_n, (x1, y1, x2, y2)))


def path(d: str, kind: str) -> Markup:
    """A path."""
    return Markup('<path class="{}" d="{}"/>').format(kind, d)


def dot(x: float, y: float, r: float, kind: str) -> Markup:
    """A circle."""
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, *map(_n, (x, y, r)))


def hatched(x: float, y: float, wide: float, high: float) -> Markup:
    """A hatched field: not known. The lines are drawn one by one, so that a page holds no pattern with a name of its own."""
    if wide <= 0:
        return Markup("")
    drawn = []
    at = STEP / 2
    while at < wide + high:
        # From the upper left to the lower right of a line that falls to the left.
        x1, y1 = (at, 0.0) if at <= wide else (wide, at - wide)
        x2, y2 = (at - high, high) if at >= high else (0.0, at)
        drawn.append(f"M{_n(x + x1)} {_n(y + y1)}L{_n(x + x2)} {_n(y + y2)}")
        at += STEP
    return Markup('<g class="pw-open">{}{}</g>').format(
        box(x, y, wide, high, "pw-open-box"), path("".join(drawn), "pw-hatch")
    )


def wrapped(text: str, wide: float, most: int = 9, letter: float = LETTER) -> list[str]:
    """A text in lines of that width, at most so many; the last ends in "…" where it holds more."""
    room = max(6, int(wide / letter))
    found = textwrap.wrap(" ".join(clean(text).split()), room, break_long_words=True) or [""]
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][: room - 1].rstrip() + "…"]
    return found


def round_up(value: float) -> float:
    """The next round number, for the end of an axis."""
    if value <= 0:
        return 1.0
    base = 10.0 ** floor(log10(value))
    return next(step * base for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * base >= value)


def ticks(lo: float, hi: float, most: int = 6) -> list[float]:
    """Round numbers from ``lo`` to ``hi`` to write on an axis."""
    raw = (hi - lo) / most
    base = 10.0 ** floor(log10(raw))
    step = next(s * base for s in (1, 2, 5, 10) if s * base >= raw)
    return [round(n * step, 9) for n in range(ceil(round(lo / step, 9)), floor(round(hi / step, 9)) + 1)]


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


__all__ = [
    "Markup",
    "box",
    "clean",
    "dot",
    "hatched",
    "lines",
    "number",
    "path",
    "picture",
    "round_up",
    "rule",
    "span_words",
    "ticks",
    "wrapped",
    "write",
]
