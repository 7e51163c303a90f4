"""The garbage collector is off while much is made, and afterwards as the caller had it."""

import gc
from collections.abc import Iterator

import pytest

from pathways import Profile, review
from pathways.disk.memory import no_collection


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


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
