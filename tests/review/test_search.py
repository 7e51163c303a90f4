"""The plan search against all subsets: nothing on the frontier is missed, and nothing dominated is on it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pathways.content.models import SEATS
from pathways.review.plans.search import Line, NeedBits, gap, search

SEAT_NAMES = ("medicine", "psychological", "movement", "support", "care", "procedure")


Problem = tuple[list[Line], list[NeedBits], frozenset[frozenset[str]], dict[frozenset[str], int]]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(1, 6))
    bits = [1 << n for n in range(count)]
    needs, at = [], 0
    while at < count:
        size = draw(st.integers(1, min(3, count - at)))
        needs.append(NeedBits(f"need{at}", tuple(bits[at : at + size]), draw(st.booleans())))
        at += size
    everything = (1 << count) - 1
    lines = []
    for n in range(draw(st.integers(0, 7))):
        full = draw(st.integers(0, everything))
        seat = draw(st.sampled_from(SEAT_NAMES))
        lines.append(
            Line(
                f"item{n}",
                seat,
                full,
                draw(st.integers(0, everything)) & ~full,
                draw(st.integers(0, 2)),
                draw(st.integers(1, 3)),
                draw(st.sampled_from(("", "", "a", "b"))),
                draw(st.booleans()),
                sole=seat == "medicine",
            )
        )
    ids = [line.id for line in lines]
    pairs = [frozenset(pair) for pair in combinations(ids, 2)]
    stops = frozenset(draw(st.sets(st.sampled_from(pairs), max_size=3))) if pairs else frozenset()
    majors = dict.fromkeys(draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs else (), 1)
    return lines, needs, stops, {k: v for k, v in majors.items() if k not in stops}


def allowed(subset: tuple[Line, ...], stops: frozenset[frozenset[str]]) -> bool:
    for seat, limit in SEATS.items():
        if limit is not None and sum(line.seat == seat for line in subset) > limit:
            return False
    kinds = [line.kind for line in subset if line.kind and line.seat == "medicine"]  # one a class
    if len(kinds) != len(set(kinds)):
        return False
    return not any(frozenset((a.id, b.id)) in stops for a, b in combinations(subset, 2))


def axes(
    subset: tuple[Line, ...], needs: list[NeedBits], majors: dict[frozenset[str], int]
) -> tuple[int, int, int, int]:
    full = weak = 0
    for line in subset:
        full, weak = full | line.full, weak | line.weak
    cautions = sum(line.cautions for line in subset)
    cautions += sum(majors.get(frozenset((a.id, b.id)), 0) for a, b in combinations(subset, 2))
    gaps = [sum(gap(n, full, weak) for n in needs if n.required is wanted) for wanted in (True, False)]
    return gaps[0], gaps[1], cautions, sum(line.burden for line in subset)


def covered(subset: tuple[Line, ...]) -> int:
    mask = 0
    for line in subset:
        mask |= line.full | line.weak
    return mask


def oracle(
    lines: list[Line],
    needs: list[NeedBits],
    stops: frozenset[frozenset[str]],
    majors: dict[frozenset[str], int],
) -> set[tuple[int, int, int, int]]:
    """All subsets, filtered by the written rules, then Pareto on the four axes."""
    sets = [s for size in range(len(lines) + 1) for s in combinations(lines, size) if allowed(s, stops)]
    wanted = sum(need.mask for need in needs)
    paired = {id for pair in (*stops, *majors) for id in pair}
    easy = 0
    for line in lines:
        if line.easy and line.id not in paired:
            easy |= (line.full | line.weak) & wanted
    ever = 0
    for line in lines:
        ever |= line.full | line.weak

    def no_need_left(subset: tuple[Line, ...]) -> bool:
        return not any(need.mask & ever and not need.mask & covered(subset) for need in needs)

    for must, strict in ((easy, True), (0, True), (0, False)):
        kept = [s for s in sets if not must & ~covered(s) and (no_need_left(s) or not strict)]
        if kept:
            break
    values = [axes(s, needs, majors) for s in kept]
    least = min((v[0] for v in values), default=0)
    values = [v for v in values if v[0] == least]
    return {v for v in values if not any(o != v and all(a <= b for a, b in zip(o, v, strict=True)) for o in values)}


@given(problems())
def test_the_frontier_is_the_frontier_of_all_subsets(problem: Problem) -> None:
    lines, needs, stops, majors = problem
    found = search(lines, needs, SEATS, excluded=stops, major=majors)
    assert {f.axes for f in found} == oracle(lines, needs, stops, majors)


@given(problems())
def test_every_item_earns_its_place_and_says_its_true_numbers(problem: Problem) -> None:
    lines, needs, stops, majors = problem
    by_id = {line.id: line for line in lines}
    for found in search(lines, needs, SEATS, excluded=stops, major=majors):
        first = tuple(by_id[id] for choice in found.choices for id in choice.alternatives[0])
        assert allowed(first, stops)
        assert axes(first, needs, majors) == found.axes
        for line in first:
            without = tuple(other for other in first if other is not line)
            now, then = axes(first, needs, majors), axes(without, needs, majors)
            assert then[0] + then[1] > now[0] + now[1], "without it some need is less well addressed"
