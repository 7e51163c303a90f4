"""Several things to do in one line: by name, each with how it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..content import models as m
from ..facts.verdicts import unique
from ..language.words import without_dose
from .shapes import Action, Part, Said
from .special import Special


def merged(sources: Iterable[tuple[m.Cite, ...]]) -> tuple[m.Cite, ...]:
    """Several lists of citations as one, each place once."""
    return tuple({(cite.id, cite.at): cite for source in sources for cite in source}.values())


def with_names(line: Special, others: list[Special]) -> tuple[tuple[str, ...], Said]:
    """The names of a line about one medicine and of others of which the same is true, and the line with them."""
    names = unique((line.name, *(other.name for other in others)))
    origin = tuple(path for one in (line, *others) for path in one.text.origin)
    return names, replace(line.text, text=f"{', '.join(names)}{line.told}", origin=origin)


def briefly(verb: str, actions: tuple[Action, ...], *, doses: bool) -> Action:
    """What is urgent and has no room of its own, by name: the reasons stand with each medicine."""
    # Of a shared line, what is called for the same way; a check is not an offer.
    parts = [part for action in actions for part in action.parts if part.verb == actions[0].parts[0].verb]
    hows: dict[str, list[str]] = {}
    for part in parts:
        hows.setdefault(part.how, []).extend(part.names or (part.text.text,))
    called = {how: names if doses else unique(map(without_dose, names)) for how, names in hows.items()}
    names = "; ".join(", ".join(names) + (f": {how}" if how else "") for how, names in called.items())
    text = Said(names, merged(part.text.source for part in parts), tuple(o for part in parts for o in part.text.origin))
    told = Part(parts[0].id, verb, text, parts[0].owner, count=len(parts))
    return Action(actions[0].theme, actions[0].rank, (told,), vital=any(a.vital for a in actions))
