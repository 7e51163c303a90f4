"""The sample cases and their reviews, made once a run, for the tests that go over all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pathways.content import Content, load_content
from pathways.facts import derive
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.findings import Findings
from pathways.review.plans import Frontier, Presented

CASES = Path(__file__).resolve().parents[1] / "sample_data/cases"
NAMES = tuple(sorted(path.stem for path in CASES.glob("*.toml")))


@cache
def profile(name: str) -> Profile:
    """A sample case by the name of its file."""
    return Profile.load(CASES / f"{name}.toml")


@cache
def reviewed(name: str) -> Case:
    """The review of a sample case."""
    return review(profile(name))


@cache
def data(name: str) -> dict[str, Any]:
    """The review of a sample case as JSON data. Shared: copy before changing."""
    return case_data(reviewed(name))


def facts_only(profile: Profile, content: Content | None = None) -> Case:
    """A case of which the facts alone are worked out: what reads no option and no plan is tested faster on it."""
    content = content or load_content()
    nothing = Presented((), (), (), 0, (), ())
    facts = derive(profile, content=content)
    return Case(profile, facts, Findings((), (), (), ()), (), Frontier((), (), ()), nothing, content)
