"""What the risk models say beside a case: folded, after the plan, and no part of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..care.estimates import CaseEstimate, estimates, explain_case, origin, risk_scores
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said
from .blocks import Block, Listing, Note, Picture, Section
from .pictures.icons import people_of_100

ESTIMATES = "estimates"
"""The section that is only made where it is asked for: an estimate takes longer than the page."""
APART = (
    "No part of any plan: no estimate opens, closes or orders an option. It is about people who gave such answers, and "
    "never a forecast of what this person is going to do."
)


@withheld(())
def estimate_annexes(case: Case) -> tuple[Section, ...]:
    """One folded section with every model that fits the person, in words, and why the others say nothing."""
    found = estimates(case)
    computed = tuple(one for one in found if one.estimate is not None)
    closed = tuple(Said(one.closed, calculation="the limits of the model") for one in found if one.estimate is None)
    blocks: list[Block] = []
    if computed:
        blocks.append(Note(Said(APART, calculation="how the kit is built")))
        for one in computed:
            blocks.append(Note(Said(f"{one.title} (model {one.model}: {origin(one.model)}):", calculation=_card(one))))
            blocks += [*_people(one), *_listings(one)]
    scores = tuple(
        Said(f"{r.instrument.short}: {r.says}", r.instrument.source, (f"observations.{r.place}",))
        for r in risk_scores(case)
    )
    if scores:
        blocks.append(Listing("Risk scores that were filled in, and where they do not hold", scores))
    if closed:
        blocks.append(Listing("Not computed", tuple(dict.fromkeys(closed))))
    title = "Estimates from survey and trial data, apart from the plan"
    return (Section(ESTIMATES, title, tuple(blocks), "No model bears on this person.", annex=True),)


def _listings(one: CaseEstimate) -> Iterator[Listing]:
    for title, lines in explain_case(one).parts:
        yield Listing(title, tuple(Said(line, calculation=_card(one)) for line in lines))


def _people(one: CaseEstimate) -> Iterator[Block]:
    """A hundred people, so many of them with the outcome; the sentences that follow hold the same numbers."""
    from ..risk.person import in_100  # a page without an estimate needs no risk model

    found = one.estimate
    assert found is not None
    span = (in_100(found.range[0]), in_100(found.range[1])) if found.range else None
    lo, hi = span or (found.in_100, found.in_100)
    if not lo <= found.in_100 <= hi:
        return  # a mean that stands outside of what most of them have is told in words
    text = f"About {found.in_100} in 100 people who gave such answers"
    text += f"; while answers are open, eight in ten such people lie between {lo} and {hi} in 100" if span else ""
    yield Picture(people_of_100(found.in_100, span), Said(f"{text}.", calculation=_card(one)))


def _card(one: CaseEstimate) -> str:
    return f"risk model {one.model} ({origin(one.model)}); its card is models/{one.model}.card.md"
