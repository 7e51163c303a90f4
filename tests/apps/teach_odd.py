"""Plain data made odd by chance: parts taken out, put twice, or put in the place of another kind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    "", 0, -1, 3.5, True, [], {}, "x", ["x"], [[]], {"a": 1}, [{}], "1", "=1+1", "\u202e<script>", 10**30, None, 1e308,
    ["1", "2"], "plan", "2026-11-02",
)  # fmt: skip  # data, read across


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of data, as the way to it."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places(part, (*path, key))


def made_odd(data: Any, random: Random, most: int = 3) -> Any:
    """A copy with one to so many parts changed."""
    made = copy.deepcopy(data)
    for _ in range(random.randint(1, most)):
        *way, last = random.choice(list(places(made)) or [("x",)])
        inside = made
        for key in way:
            inside = inside[key]
        if random.random() < 0.3 and way:
            del inside[last]
        elif isinstance(inside, list) and random.random() < 0.3:
            inside.append(copy.deepcopy(inside[last]))
        else:
            inside[last] = copy.deepcopy(random.choice(ODD))
    return made
