"""The lines of the first page on where care takes place: the level of care, and what of the plans is not here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..care.levels import AID, level_of_care
from ..care.services import Site, gap_plan
from ..language.words import soft
from ..review.audience import withheld
from ..review.briefly import merged
from ..review.case import Case
from ..review.shapes import FirstPage, Said

MOST_GAPS = 3
SEE_GAPS = "see gap plan"


@dataclass(frozen=True)
class Way:
    """One wording of a line; ``must``: it stands even where other lists have to give way."""

    said: Said
    must: bool = False


def put(state: tuple[Said, ...], said: Said) -> tuple[Said, ...]:
    """The state with one more line before its last, which counts the answers."""
    return (*state[:-1], said, *state[-1:])


def with_place(page: FirstPage, most: int, *lines: tuple[Way, ...]) -> FirstPage:
    """The page with lines on where care takes place, each in the widest wording for which there is room. They never take
    the room of an action, a decision or a question, but for MOUD or naloxone that is not here."""
    for ways in lines:
        state = tuple(said for said in page.state if said not in [way.said for way in ways if way.must])
        for way in ways:
            wider = replace(page, state=put(state, way.said))
            if wider.words() <= most:
                page = wider
                break
    return page


def level_lines(case: Case) -> tuple[Way, ...]:
    """The level of care in one line; what is accepted or reachable stands beside the advice, never in its place."""
    level, content = level_of_care(case), case.content
    if level.least is None:
        return ()
    text = f"Level of care: {'at least ' if level.status == 'partly_rated' else ''}{level.least.number}"
    beside = ""
    choices = content.answers[content.known("answer", "level of care: accepted")].choices
    for names, word in ((level.accepted, "accepted"), (level.available, "reachable")):
        if names:
            beside += f", {word} {' or '.join(choices[n].lower() for n in names)}"
    origin = tuple(f"answers.{d.record.answer}" for d in level.dimensions if d.ratings)
    why = f"{AID}; set by {' and '.join(soft(d.record.title) for d in level.set_by)}"
    cites = merged(d.record.source for d in level.set_by)
    return tuple(
        Way(Said(text + end, cites, origin, why, opens="level_of_care")) for end in dict.fromkeys((beside, ""))
    )


@withheld(())
def gap_lines(case: Case, site: Site | None) -> tuple[Way, ...]:
    """What of the plans is not here, the widest wording first; the gap plan says what holds until then. MOUD and naloxone
    are named before all else. What a site lacks would tell others what is needed."""
    gaps = [gap for gap in gap_plan(case, site).gaps if gap.entry.where != "remote"] if site else []
    urgent = [gap for gap in gaps if gap.urgent]
    named = min(len(urgent), MOST_GAPS)
    ways = []
    for n in range(min(len(gaps), MOST_GAPS), 0, -1):
        names = ", ".join(soft(gap.item.option.record.short) for gap in gaps[:n])
        more = f", +{len(gaps) - n}" if len(gaps) > n else ""
        said = Said(
            f"Not here, {SEE_GAPS}: {names}{more}",
            origin=("site",),
            calculation=f"{len(gaps)} items not here",
            opens="gap_plan",
            link=SEE_GAPS,
        )
        ways.append(Way(said, must=n == named))
    return tuple(ways)
