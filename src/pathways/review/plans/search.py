"""The exact search: which sets of items are worth showing, on four axes and nothing else.

A *line* is one candidate item as numbers: the need parts that it covers (bits), its cautions and its burden. A set is
kept when it leaves no need open that it could answer, every item earns its place, and no other set is at least as good
on all four axes and better on one: required needs not addressed, other needs not addressed, cautions, burden.

Seats are worked one after another. Within a seat all subsets that its capacity allows are tried; sets of
the same kinds with the same coverage, cautions and burden are one *choice* with alternatives ("duloxetine or
nortriptyline"), because nothing that decides tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from typing import NamedTuple

from ...disk.memory import no_collection


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate: bits of parts covered fully and weakly, cautions and burden (counts), its class; ``sole``: only
    one of its class may stand in a plan."""

    id: str
    seat: str
    full: int
    weak: int
    cautions: int
    burden: int
    kind: str = ""
    easy: bool = True
    sole: bool = False


@dataclass(frozen=True, slots=True)
class NeedBits:
    """One raised need: its parts as single bits, and whether it is required."""

    id: str
    parts: tuple[int, ...]
    required: bool

    @property
    def mask(self) -> int:
        """All its parts."""
        return sum(self.parts)


class Choice(NamedTuple):
    """What is chosen in one seat: alternatives of line ids that cover, caution and burden alike."""

    alternatives: tuple[tuple[str, ...], ...]
    full: int
    weak: int
    cautions: int
    burden: int


class Found(NamedTuple):
    """One set on the frontier: a choice for each seat, its coverage and its four axes."""

    choices: tuple[Choice, ...]
    full: int
    weak: int
    cautions: int
    burden: int
    required_gap: int
    other_gap: int

    @property
    def axes(self) -> tuple[int, int, int, int]:
        return self.required_gap, self.other_gap, self.cautions, self.burden


Pair = frozenset[str]
Subset = tuple[tuple[str, ...], int, int, int, int]
Weighed = tuple[int, int, int, int, tuple[Choice, ...], Choice | None]
"""A set, or one choice, on the way: cautions, burden, full and weak cover, the choices so far and the last one."""


def gap(need: NeedBits, full: int, weak: int) -> int:
    """How far a need is from addressed: 2 for each part not covered, 1 for each covered only weakly."""
    return sum(0 if full & part else 1 if weak & part else 2 for part in need.parts)


@no_collection()  # a large search holds tens of thousands of sets at once, and none in a cycle
def search(
    lines: Sequence[Line],
    needs: Sequence[NeedBits],
    capacity: Mapping[str, int | None],
    *,
    full: int = 0,
    weak: int = 0,
    excluded: frozenset[Pair] = frozenset(),
    major: Mapping[Pair, int] | None = None,
) -> list[Found]:
    """The frontier of all allowed sets of ``lines`` on top of what is covered already (``full``, ``weak``).

    ``excluded`` pairs never stand together; a ``major`` pair adds its count to the cautions. Pairs are only looked at
    inside one group of seats that share a pair, so the caller's seats are grouped by the pairs first.
    """
    major = major or {}
    wanted = sum(need.mask for need in needs)
    # A line that covers nothing still missing can never earn its place.
    useful = [line for line in lines if (line.full & wanted & ~full) or (line.weak & wanted & ~(full | weak))]
    groups = _groups(useful, excluded, major)
    choices = [_choices(group, capacity, wanted, excluded, major) for group in groups]
    paired = {id for pair in (*excluded, *major) for id in pair}
    easy = 0
    for line in useful:
        if line.easy and line.id not in paired:
            easy |= line.full | line.weak
    # What an easy item can cover is never left with nothing, however light the plan would be, and no
    # need is left open that something could answer. Seats and stop pairs may forbid that; then the rules give way.
    for must, leave_none_open in ((easy & wanted, True), (0, True), (0, False)):
        if found := _search(choices, _reachable(groups), needs, (full, weak), must, leave_none_open):
            return found
    return []


def _search(
    groups: Sequence[Sequence[Choice]],
    reachable: Sequence[int],
    needs: Sequence[NeedBits],
    covered: tuple[int, int],
    must: int,
    leave_none_open: bool,
) -> list[Found]:
    """The frontier of one choice from each group; ``reachable`` is what each group and all after it can cover."""
    full, weak = covered
    sets: list[Weighed] = [(0, 0, full, weak, (), None)]
    for n, choices in enumerate(groups):
        later = reachable[n + 1]
        # Needs that something could answer and no later group can: each must be answered by now.
        able = reachable[0] | full | weak
        due = [need.mask for need in needs if leave_none_open and need.mask & able and not need.mask & later]
        if n:
            sets = _undominated(sets)  # after the last group nothing can be added: the four axes alone decide
        sets = list(_joined(sets, choices, must & ~later, due))
    return _best(sets, needs)


def _joined(sets: Sequence[Weighed], choices: Sequence[Choice], must: int, due: Sequence[int]) -> Iterator[Weighed]:
    """Every set with every choice that covers what ``must`` be covered and answers the needs that are ``due``."""
    able: dict[int, list[Choice]] = {}
    for one in sets:
        cautions, burden, full, weak, _, _ = one
        cover, chosen = full | weak, _chosen(one)
        missing = must & ~cover
        if missing not in able:
            able[missing] = [choice for choice in choices if not missing & ~(choice.full | choice.weak)]
        unanswered = [mask for mask in due if not mask & cover]
        for choice in able[missing]:
            _, more_full, more_weak, more_cautions, more_burden = choice
            if not unanswered or all(mask & (more_full | more_weak) for mask in unanswered):
                yield cautions + more_cautions, burden + more_burden, full | more_full, weak | more_weak, chosen, choice


def _chosen(one: Weighed) -> tuple[Choice, ...]:
    earlier, last = one[4:]
    return earlier if last is None else (*earlier, last)


def _best(sets: Sequence[Weighed], needs: Sequence[NeedBits]) -> list[Found]:
    """The frontier. Required needs are never traded away: only the sets that address them best are weighed."""
    covers = {(full, weak) for _, _, full, weak, _, _ in sets}  # many sets cover alike
    required = {cover: sum(gap(need, *cover) for need in needs if need.required) for cover in covers}
    least = min(required.values(), default=0)
    other = {
        cover: sum(gap(need, *cover) for need in needs if not need.required)
        for cover in covers
        if required[cover] == least
    }
    by_axes: dict[tuple[int, int, int], list[Weighed]] = {}
    for one in sets:
        cautions, burden, *cover, _, _ = one
        open_ = other.get((cover[0], cover[1]))
        if open_ is not None:
            by_axes.setdefault((open_, cautions, burden), []).append(one)
    return [
        Found(_chosen(one), one[2], one[3], one[0], one[1], least, axes[0])
        for axes in _frontier(by_axes)
        for one in by_axes[axes]
    ]


def _groups(lines: Sequence[Line], excluded: Iterable[Pair], major: Iterable[Pair]) -> list[list[Line]]:
    """Lines by seat; seats that a pair connects come together, so that pairs stay inside one group."""
    seat = {line.id: line.seat for line in lines}
    group_of = {s: s for s in seat.values()}

    def top(name: str) -> str:
        while group_of[name] != name:
            name = group_of[name]
        return name

    for pair in (*excluded, *major):
        seats = sorted({top(seat[id]) for id in pair if id in seat})
        for other in seats[1:]:
            group_of[other] = seats[0]
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(top(line.seat), []).append(line)
    return sorted(found.values(), key=lambda group: (len(group), group[0].seat))


def _reachable(groups: Sequence[Sequence[Line]]) -> list[int]:
    """For each group, the bits that it and the later groups can still cover, fully or weakly."""
    masks = [0]
    for group in reversed(groups):
        mask = masks[0]
        for line in group:
            mask |= line.full | line.weak
        masks.insert(0, mask)
    return masks


def _choices(
    group: Sequence[Line],
    capacity: Mapping[str, int | None],
    wanted: int,
    excluded: frozenset[Pair],
    major: Mapping[Pair, int],
) -> list[Choice]:
    """All undominated ways to fill a group, equal ones merged into one choice with alternatives."""
    kind = {line.id: line.kind or line.id for line in group}
    merged: dict[tuple[tuple[str, ...], int, int, int, int], list[tuple[str, ...]]] = {}
    for subset, full, weak, cautions, burden in _subsets(group, capacity, wanted, excluded, major):
        kinds = tuple(sorted(kind[id] for id in subset))
        merged.setdefault((kinds, full, weak, cautions, burden), []).append(subset)
    choices = (Choice(tuple(subsets), *numbers) for (_, *numbers), subsets in merged.items())
    weighed: list[Weighed] = [(c.cautions, c.burden, c.full, c.weak, (), c) for c in choices]
    return [choice for *_, choice in _undominated(weighed) if choice is not None]


def _subsets(
    group: Sequence[Line],
    capacity: Mapping[str, int | None],
    wanted: int,
    excluded: frozenset[Pair],
    major: Mapping[Pair, int],
) -> Iterator[Subset]:
    pairs = {frozenset((a.id, b.id)) for a, b in combinations(group, 2)}
    stops = pairs & excluded
    extra = {pair: major[pair] for pair in pairs if pair in major}

    def grow(at: int, chosen: tuple[Line, ...], full: int, weak: int, cautions: int, burden: int) -> Iterator[Subset]:
        yield tuple(line.id for line in chosen), full, weak, cautions, burden
        for n in range(at, len(group)):
            line = group[n]
            # Coverage only grows, so an item that adds nothing now adds nothing to any larger set either.
            if not ((line.full & wanted & ~full) or (line.weak & wanted & ~(full | weak))):
                continue
            limit = capacity.get(line.seat)
            if limit is not None and sum(c.seat == line.seat for c in chosen) >= limit:
                continue
            if line.sole and line.kind and any(c.sole and c.kind == line.kind for c in chosen):
                continue
            if any(frozenset((c.id, line.id)) in stops for c in chosen):
                continue
            more = sum(extra.get(frozenset((c.id, line.id)), 0) for c in chosen)
            grown = (*chosen, line)
            if all(_earns(one, grown, wanted) for one in chosen):
                covers = full | (line.full & wanted), weak | (line.weak & wanted)
                yield from grow(n + 1, grown, *covers, cautions + line.cautions + more, burden + line.burden)

    yield from grow(0, (), 0, 0, 0, 0)


def _earns(one: Line, chosen: Sequence[Line], wanted: int) -> bool:
    """Whether some part would be less well covered without this line."""
    full = weak = 0
    for line in chosen:
        if line is not one:
            full |= line.full
            weak |= line.weak
    return bool((one.full & wanted & ~full) or (one.weak & wanted & ~(full | weak)))


def _undominated(items: list[Weighed]) -> list[Weighed]:
    """Drop what another covers at least as well for no more caution and burden, and betters somewhere. Ties stay."""
    by_cover: dict[tuple[int, int], list[Weighed]] = {}
    for item in sorted(items, key=itemgetter(0, 1)):
        cautions, burden, full, weak, _, _ = item
        same = by_cover.setdefault((full, full | weak), [])
        # Sorted by cautions, so the last kept is the lightest so far: only a lighter one, or an equal one, may join it.
        if not same or burden < same[-1][1] or (cautions, burden) == same[-1][:2]:
            same.append(item)
    # One number for both covers, widest first: then only what came before can be wider.
    width = max((cover.bit_length() for _, cover in by_cover), default=0)
    keyed = [(full << width | cover, same) for (full, cover), same in by_cover.items()]
    keyed.sort(key=lambda pair: (-pair[0].bit_count(), pair[0]))
    steps: list[tuple[int, list[Weighed]]] = []
    for key, same in keyed:
        wider = [o for other, others in steps if key & other == key for o in others]
        left = [item for item in same if not _dominated(item[0], item[1], wider)]
        if left:
            steps.append((key, left))
    return [item for _, left in steps for item in left]


def _dominated(cautions: int, burden: int, others: Sequence[Weighed]) -> bool:
    for other in others:  # noqa: SIM110 - a plain loop: this is where a large search spends its time
        if other[0] <= cautions and other[1] <= burden:
            return True
    return False


def _frontier(axes: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Pareto: those that no other one is at least as good as on all axes."""
    kept: list[tuple[int, int, int]] = []
    for mine in sorted(axes, key=lambda a: (sum(a), a)):
        if not any(all(a <= b for a, b in zip(o, mine, strict=True)) for o in kept):
            kept.append(mine)
    return kept
