"""Kleene's strong logic: the whole truth tables, and what several verdicts say together."""

from __future__ import annotations

from itertools import product

import pytest

from pathways.language.kleene import all_of, any_of, opposite

VERDICTS = (True, False, None)


def completions(verdicts: tuple[bool | None, ...]) -> list[tuple[bool, ...]]:
    return list(product(*((v,) if v is not None else (True, False) for v in verdicts)))


@pytest.mark.parametrize("many", range(4))
def test_several_verdicts_say_what_every_completion_says(many: int) -> None:
    for verdicts in product(VERDICTS, repeat=many):
        for kleene, plain in ((any_of, any), (all_of, all)):
            seen = {plain(whole) for whole in completions(verdicts)}
            assert kleene(verdicts) is (seen.pop() if len(seen) == 1 else None), (kleene, verdicts)


def test_the_opposite_of_cannot_tell_is_cannot_tell() -> None:
    assert [opposite(v) for v in VERDICTS] == [False, True, None]
