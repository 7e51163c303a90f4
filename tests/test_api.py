"""The names that other programs use: what they return shows itself in a line, and what they raise says how to mend it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from typing import Any

import pytest

import kit
import pathways
from pathways import Case, Profile, ProfileError, UnknownIdError, next_questions, review, what_if, why, why_not
from tests.reviews import NAMES, reviewed

TEN = [
    "Profile",
    "review",
    "Case",
    "why",
    "why_not",
    "next_questions",
    "what_if",
    "sheet_html",
    "load_content",
    "Content",
]
MODULES = [
    found.name for found in pkgutil.walk_packages(pathways.__path__, "pathways.") if "__main__" not in found.name
]
# What other programs import, by whichever way comes first.
IMPORTS = (
    "from pathways import review",
    "import pathways.review.case; from pathways import review",
    "from pathways.review.case import Case; from pathways import Case as Same, review; assert Case is Same",
    "import pathways.pages; import pathways.review.explain; from pathways import review",
    "from pathways import Profile, derive, load_content, Facts, case_data, review",
    "from pathways.facts import derive; from pathways.pages.data import case_data; from pathways import review",
    "from pathways.fhir import read, order_findings, load, FhirError; from pathways import review",
)


def test_the_ten_names_are_exported_and_each_has_an_example_that_runs() -> None:
    assert set(TEN) <= set(pathways.__all__)
    assert set(pathways.__all__) <= set(dir(pathways))
    for name in TEN:
        told = getattr(pathways, name).__doc__ or ""
        assert ">>>" in told, name


@pytest.mark.parametrize("name", [*pathways.__all__, *(n for names in pathways._ALSO.values() for n in names)])
def test_every_name_can_be_had_from_the_top(name: str) -> None:
    assert getattr(pathways, name).__doc__


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no name 'reviev'"):
        _ = pathways.reviev


@pytest.mark.parametrize("code", IMPORTS)
def test_the_function_keeps_the_name_of_the_room_whatever_came_first(code: str) -> None:
    check = f"{code}; assert callable(review) and review.__module__ == 'pathways', review"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_run(module: str) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.testmod(importlib.import_module(module), optionflags=flags).failed == 0


def shown(case: Case) -> list[Any]:
    """One of each kind of object that a case is made of, or that answers a question about it."""
    change = what_if(case, {"age_years": 44})
    many = (
        case.findings.emergencies, case.findings.recommendations, case.findings.needs, case.findings.pathways,
        case.options, case.options[0].meets, case.shown.core, case.shown.forks, case.shown.lenses, case.frontier.plans,
    )  # fmt: skip  # data, read across
    answers = [why(case, "naloxone_kit"), *next_questions(case, 2), change]
    whole = [case, case.profile, case.facts, case.findings, case.frontier, case.shown, case.content]
    return [*whole, *answers, *(one for some in many for one in some[:2])]


@pytest.mark.parametrize("name", NAMES)
def test_everything_shows_itself_in_one_short_line(name: str) -> None:
    for one in shown(reviewed(name)):
        assert "\n" not in repr(one)
        assert len(repr(one)) <= 300, type(one)
        assert len(str(one)) <= 300, type(one)


@pytest.mark.parametrize(
    ("ask", "right"),
    [
        (lambda case: why(case, "naloxon_kit"), "naloxone_kit"),
        (lambda case: why(case, "age_yers"), "age_years"),
        (lambda case: why_not(case, "buprenorfine"), "buprenorphine"),
        (lambda case: case.option("exercize"), "exercise"),
        (lambda case: review(case.profile, lens="pian"), "pain"),
    ],
)
def test_an_unknown_id_is_one_named_error_with_the_nearest_right_id(ask: Any, right: str) -> None:
    with pytest.raises(UnknownIdError, match=f"Did you mean '{right}'") as caught:
        ask(reviewed("low_risk"))
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, ValueError)


def test_a_number_of_questions_below_zero_is_refused() -> None:
    case = reviewed("low_risk")
    assert next_questions(case, 0) == ()
    with pytest.raises(ValueError, match="most is -1"):
        next_questions(case, -1)


@pytest.mark.parametrize(
    "data", [{"answers": {"age_years": -3}}, {"medicine": []}, {"as_of": "soon"}, {"conditions": [{"id": "ckdd"}]}]
)
def test_a_profile_made_in_python_says_the_same_as_one_read(data: dict[str, Any]) -> None:
    with pytest.raises(ProfileError) as read:
        Profile.from_dict(data)
    with pytest.raises(ProfileError) as made:
        Profile(**data)
    assert made.value.problems == read.value.problems
    assert "Value error" not in str(made.value)


def test_the_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (kit.ROOT / "README.md").read_text("utf-8")
    code = text.split("## In Python")[1].split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(kit.ROOT)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
