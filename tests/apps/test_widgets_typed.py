"""What was typed while the engine did not answer: saved by the browser, opened again by the form."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.apps.widgets import CaseConference, form, typed
from pathways.content import load_content
from pathways.profile import ProfileError

CONTENT = load_content()
DAY = date(2026, 11, 2)


@pytest.fixture
def blank() -> CaseConference:
    return CaseConference(as_of=DAY)


def text_of(state: Any, version: Any = 1) -> str:
    return json.dumps({"pathways_form": version, "state": state})


def send(widget: CaseConference, **message: Any) -> None:
    widget._message(widget, message)


def load(widget: CaseConference, text: str, name: str = "typed_case.json") -> None:
    send(widget, do="load", name=name, text=text, size=len(text), edit=widget.view["answers"] + 1)


def test_a_form_saved_by_the_browser_opens_as_it_was_typed(blank: CaseConference) -> None:
    other = CaseConference(as_of=DAY)
    other.set("age_years", 58)
    other.add_medicine("oxycodone", 20, "4")
    other.state = {**other.state, "rows": {**other.state["rows"], "peg": {"value": 400, "date": "2026-11-02"}}}
    load(blank, text_of(other.state))
    assert blank.state == other.state, "a half-typed answer is kept too"
    assert blank.view["problems"] == other.view["problems"] != {}
    assert blank.page == other.page


def test_a_case_file_in_json_is_no_such_file() -> None:
    for text in ('{"answers": {"age_years": 58}}', "[]", "{"):
        assert typed.read(text, CONTENT) is None


def test_a_later_version_is_refused_in_one_sentence(blank: CaseConference) -> None:
    load(blank, text_of(blank.state, 2))
    assert "version 1" in blank.view["error"]


@pytest.mark.parametrize(
    "state",
    [None, [], {"rows": []}, {"medicines": [5]}, {"medicines": [{"parts": 5}]}, {"marks": {"a": 5}}, {"extra": 1}],
)
def test_a_damaged_file_changes_nothing(blank: CaseConference, state: Any) -> None:
    blank.set("age_years", 58)
    before = blank.state
    load(blank, text_of(state))
    assert blank.state == before
    assert blank.view["error"].startswith("Not opened, nothing was changed.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["what", "parts", "dose", "id", "value"]), inner)
    ),
    max_leaves=6,
)
KEYS = [
    "as_of",
    "rows",
    "medicines",
    "conditions",
    "observations",
    "allergies",
    "coverage",
    "complete",
    "kept",
    "marks",
]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), json_values | st.lists(json_values, max_size=2)))
def test_no_file_ends_in_anything_but_a_form_or_one_clear_error(state: dict[str, Any]) -> None:
    try:
        found = typed.read(text_of(state), CONTENT)
    except ProfileError:
        return
    assert found is not None
    form.read_form(found, CONTENT, DAY)


def test_the_view_says_which_edit_it_answers(blank: CaseConference) -> None:
    renders = blank.view["renders"]
    with blank.hold_trait_notifications():  # as one message of the browser sets both
        blank.edit = 7
        blank.state = {**blank.state, "rows": {"age_years": 58}}
    assert (blank.view["answers"], blank.view["renders"]) == (7, renders + 1)


def test_an_edit_that_changes_nothing_is_answered_too(blank: CaseConference) -> None:
    blank.edit = 3
    assert blank.view["answers"] == 3
    send(blank, do="sheet", edit=4)
    assert blank.view["answers"] == 4
    send(blank, do="unheard of", edit=5)
    assert blank.view["answers"] == 5


def test_a_file_that_is_refused_is_an_answer(blank: CaseConference) -> None:
    load(blank, "not a case", "a.toml")
    assert blank.view["answers"] == 1
    assert blank.view["error"]


def test_asked_none_leaves_what_an_entry_proves(blank: CaseConference) -> None:
    """The key of question 4 with a listed benzodiazepine; then the entry is taken out again."""
    blank.add_medicine("alprazolam", 1, "2")
    send(blank, do="asked_none", question=4, edit=1)
    rows = blank.state["rows"]
    assert "medicines.benzodiazepine" not in rows, "the entry proves it"
    printed = next(q for q in blank.spec["questions"] if q["n"] == 4)["rows"]
    asked = [key for key in printed if blank.spec["rows"][key]["kind"] == "yes_no"]
    assert asked
    assert {key for key in asked if rows.get(key) is not False} == {
        "medicines.benzodiazepine",
        "medicines.sedative",
    } & set(asked)
    assert not blank.case.facts.disputes
    assert not blank.case.facts.contradictions
    blank.state = {**blank.state, "medicines": []}
    assert blank.case.facts.values.get("takes_benzodiazepine") is None, "nobody said no to it"


def test_a_new_case_is_blank_and_of_the_same_day(blank: CaseConference) -> None:
    blank.set("age_years", 58)
    blank.add_medicine("oxycodone", 20, "4")
    send(blank, do="new", edit=9)
    assert blank.state == form.blank(None) | {"as_of": DAY.isoformat()}
    assert blank.view["answers"] == 9


def test_a_form_that_opens_with_something_else_has_another_name() -> None:
    start, later = form.blank(DAY), form.blank(date(2027, 1, 1))
    assert typed.opens(start) == typed.opens(later), "the day of opening is not what it opens with"
    assert typed.opens(start) != typed.opens({**start, "title": "x"})
