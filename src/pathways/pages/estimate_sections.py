"""What the risk models say beside a case: folded, after the plan, and no part of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..care.estimates import CaseEstimate, estimates, explain_case, origin, risk_scores
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said
from .blocks import Block, Listing, Note, Section

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
            blocks += _listings(one)
    scores = tuple(
        Said(f"{r.instrument.short}: {r.says}", r.instrument.source, (f"observations.{r.place}",))
        for r in risk_scores(case)
    )
    if scores:
        blocks.append(Listing("Risk scores that were filled in, and where they do not hold", scores))
    if closed:
        blocks.append(Listing("Not computed", tuple(dict.fromkeys(closed))))
    title = "Estimates from survey and trial data, apart from the plan"
    return (Section("estimates", title, tuple(blocks), "No model bears on this person.", annex=True),)


def _listings(one: CaseEstimate) -> Iterator[Listing]:
    for title, lines in explain_case(one).parts:
        yield Listing(title, tuple(Said(line, calculation=_card(one)) for line in lines))


def _card(one: CaseEstimate) -> str:
    return f"risk model {one.model} ({origin(one.model)}); its card is models/{one.model}.card.md"
