"""The garbage collector is off while much is made, and afterwards as the caller had it."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from pathways import Profile, review
from pathways.disk import memory
from pathways.disk.memory import no_collection


@pytest.fixture(autouse=True)
def _collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    frozen = gc.get_freeze_count()
    monkeypatch.setattr(memory, "_frozen_before", False)
    yield
    gc.enable()
    gc.unfreeze()
    if frozen:
        gc.freeze()


def test_it_is_off_inside_and_on_again_after_an_error() -> None:
    gc.enable()
    seen = []

    def work() -> None:
        with no_collection():
            seen.append(gc.isenabled())
            raise LookupError

    with pytest.raises(LookupError):
        work()
    assert seen == [False]
    assert gc.isenabled()


def test_a_caller_who_has_it_off_keeps_it_off() -> None:
    gc.disable()
    with no_collection():
        pass
    assert not gc.isenabled()


@pytest.mark.parametrize("on", [True, False])
def test_a_review_leaves_the_collector_as_it_was(on: bool) -> None:
    if on:
        gc.enable()
    else:
        gc.disable()
    review(Profile.from_dict({"answers": {"age_years": 58}}))
    assert gc.isenabled() is on


class Held:
    """Something that only the collector takes back."""

    def __init__(self) -> None:
        self.itself = self


def test_a_circle_made_inside_the_block_is_taken_back_by_a_full_round() -> None:
    with no_collection():
        known = weakref.ref(Held())
    assert known() is not None
    gc.collect()
    assert known() is None


def test_what_was_made_inside_is_old_behind_it_and_is_not_walked_through_at_once() -> None:
    gc.unfreeze()
    with no_collection():
        made = [[n] for n in range(10_000)]
        assert gc.get_count()[0] > 5_000
    assert gc.get_count()[0] < 1_000
    assert any(one is made for one in gc.get_objects(generation=2))


def test_what_a_program_froze_stays_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with no_collection():
        pass
    assert gc.get_freeze_count() == frozen > 0


def test_what_is_frozen_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """To count is to walk through all of it: behind every review that took most of the time of a long program."""
    counted: list[int] = []

    def count() -> int:
        counted.append(5)
        return 5

    monkeypatch.setattr(gc, "get_freeze_count", count)
    for _ in range(3):
        with no_collection():
            pass
    assert counted == [5]
