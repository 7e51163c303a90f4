"""Doubts of an import that stay in the case: which lines of the case they are about, and which of them are left.

A doubt is about a line by its words and by what was made of them, so that it goes with the entry wherever this stands in the
list, and is settled when the entry is changed or taken out. What became no entry stays until somebody takes it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..profile import Profile
from ..profile.doubts import Doubtful

if TYPE_CHECKING:
    from .understood import Understood

MOST = 1000


def with_kept(lines: Iterable[Understood], doubtful: Iterable[Doubtful]) -> list[Understood]:
    """The lines of a case with the doubts that are kept of them, under the words that they came with; a line of ``lines``
    without a doubt and without own words is left out."""
    told: dict[str, list[Doubtful]] = {}
    for one in doubtful:
        told.setdefault(one.line, []).append(one)
    found = []
    for line in lines:
        kept = told.get(line.key, ())
        said = list(dict.fromkeys(doubt for one in kept for doubt in one.doubts))
        kinds = {doubt.partition(":")[0] for doubt in said}  # what was told then says more than what is told of any
        doubts = (*said, *(doubt for doubt in line.doubts if doubt.partition(":")[0] not in kinds))
        own = next((one.own for one in kept if one.own), line.own)
        if own or doubts:
            found.append(replace(line, own=own, doubts=doubts))
    return found


def nowhere(doubtful: Iterable[Doubtful], line: Callable[..., Understood]) -> list[Understood]:
    """A line for each doubt about what became no entry."""
    return [line(one.own, one.made, one.doubts, one.resource, open=True) for one in doubtful if not one.line]


def left_doubtful(lines: Iterable[Understood], plain: Sequence[Understood]) -> tuple[Doubtful, ...]:
    """What is to be kept of the lines that nobody settled. ``plain`` are the lines of the case without what was kept: a doubt
    that it tells by itself needs no keeping."""
    at = {line.place: line for line in plain if line.place}
    found = []
    for line in lines:
        here = at.get(line.place)
        doubts = [doubt for doubt in line.doubts if here is None or doubt not in here.doubts]
        if doubts and not line.confirmed:
            key = here.key if here is not None else ""
            found.append(
                Doubtful(
                    line=key, own=line.own, made=line.made, doubts=tuple(doubts)[:50], resource=line.resource[:200]
                )
            )
    return tuple(found[:MOST])


def keeping(profile: Profile, lines: Iterable[Understood], plain: Sequence[Understood]) -> Profile:
    """A case with what is left doubtful of these lines."""
    return profile.model_copy(update={"doubtful": left_doubtful(lines, plain)})
