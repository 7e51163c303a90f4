"""What all tests share: the reference material, and deterministic property tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import kit

ROOT = Path(__file__).resolve().parents[1]

# `ci` draws the same examples every time and is the default; HYPOTHESIS_PROFILE=dev looks further.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", deadline=None, max_examples=1000, print_blob=True)
os.environ["PATHWAYS_CACHE"] = (
    ""  # tests read and check the content itself; tests/content/test_cache.py is the exception
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def missing(what: str) -> None:
    """Skip a test for want of something, saying what; in CI, where nothing may be wanting, fail it."""
    __tracebackhide__ = True
    if kit.in_ci():
        pytest.fail(f"{what} (this is CI, so it is not skipped)", pytrace=False)
    pytest.skip(what)


def reference_path(path: str | Path = ".") -> Path:
    """A file or folder of the reference material: PATHWAYS_REFERENCE, or `shared` beside the checkout."""
    __tracebackhide__ = True
    folder = kit.reference_folder()
    if folder is None:
        missing(kit.NO_REFERENCE)
        raise AssertionError("missing() did not leave the test")
    if not (folder / path).exists():
        missing(f"the reference folder has no {Path(path).as_posix()}")
    return folder / path


@pytest.fixture(scope="session")
def reference() -> Callable[[str | Path], Path]:
    """`reference("data/README.md")`: that reference file, or a skip (in CI a failure) that names it."""
    return reference_path


def pytest_collection_finish() -> None:
    """Nearly all that is loaded by now stays to the end: it is not walked through again for what could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
