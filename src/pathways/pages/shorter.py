"""`shorter`: a first page that is still too long, made shorter step by step where several emergencies are present.

What is not urgent gives way first. Then each emergency after the first keeps its sign, who sees to it and its first steps,
and says how many more steps stand below; none is ever left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..review.briefly import merged
from ..review.shapes import FirstPage, Red, Said, count_words

FIRST_STEPS = (4, 3, 2, 1)
"""How many steps an emergency after the first keeps, the more the better."""


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
    for most in FIRST_STEPS:
        yield replace(page, red=(page.red[0], *(_first_steps(red, most) for red in page.red[1:])))


def _first(page: FirstPage) -> str:
    return page.contradictions[0].text


def _first_steps(red: Red, most: int) -> Red:
    left = red.actions[most:]
    more = Said(f"+{len(left)} below", calculation=f"{len(left)} more steps", opens="urgent")
    if sum(count_words(step.text) + 1 for step in left) <= count_words(more.text):  # with its number, no shorter
        return red
    return replace(red, actions=red.actions[:most], more=more)
