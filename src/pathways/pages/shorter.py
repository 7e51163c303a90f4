"""`shorter`: a first page that is still too long, made shorter step by step where several emergencies are present.

What is not urgent gives way first. Then each emergency after the first keeps its sign, who sees to it and its first steps,
and says how many more steps stand below; on a page that is still too long the last ones keep only their names and who sees
to them. None is ever left out, and no page folds a step that keeps somebody alive: its record says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..review.briefly import merged
from ..review.shapes import FirstPage, Red, Said, count_words

FIRST_STEPS = (4, 3, 2, 1)
"""How many steps an emergency after the first keeps, the more the better."""
FEW = 3
"""How many steps the first of them keeps where all others stand by name."""


def shorter(page: FirstPage, asked: Said, state: tuple[Said, ...]) -> Iterator[FirstPage]:
    """The page, each time shorter. ``asked`` and ``state`` are the short forms of what was asked, and of where it stands."""
    if not page.red:
        return
    page = replace(page, asked=asked, state=state)
    yield page
    if len(page.contradictions) > 1:
        cites = merged(said.source for said in page.contradictions)
        origin = tuple(path for said in page.contradictions for path in said.origin)
        told = Said(f"{_first(page)} – and more below", cites, origin, "contradictions", opens="unknown")
        page = replace(page, contradictions=(told,))
        yield page
    first, rest = page.red[0], page.red[1:]
    for most in FIRST_STEPS:
        yield replace(page, red=(first, *(_first_steps(red, most) for red in rest)))
    for whole in range(len(rest) - 1, -1, -1):
        steps = [_first_steps(red, 1) for red in rest[:whole]]
        yield replace(page, red=(first, *steps, *(_by_name(red) for red in rest[whole:])))
    page = replace(page, red=(first, *map(_by_name, rest)))
    yield replace(page, red=(_first_steps(first, FEW), *page.red[1:]))
    page = replace(page, state=state[-1:])
    yield replace(page, red=(_first_steps(first, FEW), *page.red[1:]))
    for n in range(len(rest), -1, -1):
        red = (_first_steps(first, 1), *page.red[1 : n + 1], *(_by_name(one, 0) for one in rest[n:]))
        yield replace(page, red=red)


def _first(page: FirstPage) -> str:
    return page.contradictions[0].text


def _by_name(red: Red, most: int = 1) -> Red:
    """An emergency by its name, with the steps that no page folds and, where it is acted on now, its first; its signs stand
    with its steps below."""
    named = replace(red, signs=Said("", red.signs.source, red.signs.origin))
    return _first_steps(named, most if red.level == "act_now" else 0)


def _first_steps(red: Red, most: int) -> Red:
    shown = tuple(step for n, step in enumerate(red.actions) if n < most or step.text in red.kept)
    left = [step for step in red.actions if step not in shown]
    more = Said(f"+{len(left)} below", calculation=f"{len(left)} more steps", opens="urgent")
    if sum(count_words(step.text) + 1 for step in left) <= count_words(more.text):  # with its number, no shorter
        return red
    return replace(red, actions=shown, more=more)
