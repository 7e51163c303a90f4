"""The widget without anywidget: what a page that runs Python itself gets, and what it may send."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import traitlets

from pathways.apps.widgets.plain import Message, PlainWidget

WITHOUT = "import sys; sys.modules['anywidget'] = None\n"


class Sum(PlainWidget):
    """Adds up what the page sets."""

    terms = traitlets.List().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    private = traitlets.Int()

    def __init__(self) -> None:
        super().__init__()
        self.observe(self._add, names=["terms", "note"])
        self.on_msg(self._message)

    def _add(self, _: Any) -> None:
        self.total = sum(self.terms)

    def _message(self, _: Any, content: Any, __: Any) -> None:
        self.terms = [*self.terms, content["term"]]
        self.send({"heard": content["term"]})


@pytest.fixture
def told() -> tuple[Sum, list[Message]]:
    widget, out = Sum(), []
    widget.connect(out.append)
    return widget, out


def test_the_page_is_told_all_that_is_shared_and_then_every_change(told: tuple[Sum, list[Message]]) -> None:
    widget, out = told
    assert out == [{"traits": {"note": "", "terms": [], "total": 0}}]
    widget.private = 5
    widget.terms = [1, 2]
    assert out[1:] == [{"traits": {"terms": [1, 2]}}, {"traits": {"total": 3}}]


def test_what_the_page_set_is_not_sent_back_and_the_answer_comes_as_one(told: tuple[Sum, list[Message]]) -> None:
    widget, out = told
    widget.receive({"traits": {"terms": [4], "note": "x", "private": 9, "__class__": "no"}})
    assert out[1:] == [{"traits": {"total": 4}}]
    assert (widget.terms, widget.note, widget.private) == ([4], "x", 0)
    widget.terms = [4, 1]
    assert out[2] == {"traits": {"terms": [4, 1]}}, "a change of our own is told"


def test_a_message_is_heard_and_its_changes_follow(told: tuple[Sum, list[Message]]) -> None:
    widget, out = told
    widget.receive({"custom": {"term": 7}})
    assert out[1:] == [{"custom": {"heard": 7}}, {"traits": {"terms": [7], "total": 7}}]


def test_a_value_that_cannot_be_leaves_the_widget_able_to_go_on(told: tuple[Sum, list[Message]]) -> None:
    widget, out = told
    with pytest.raises(traitlets.TraitError):
        widget.receive({"traits": {"terms": 5}})
    widget.receive({"traits": {"terms": [1]}})
    assert out[-1] == {"traits": {"total": 1}}


def test_a_notebook_without_anywidget_says_what_to_install() -> None:
    assert "pathways-cds[notebooks]" in Sum()._repr_mimebundle_()["text/plain"]


def python(code: str) -> Any:
    """What a fresh Python without anywidget prints, as JSON."""
    done = subprocess.run([sys.executable, "-c", WITHOUT + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_engine_of_the_page_answers_as_the_widget_in_a_notebook_does() -> None:
    code = """
import json
from pathways.apps.web.engine import Engine
out = []
engine = Engine(out.append)
receive = engine.receive
first = json.loads(out[0])["traits"]
state = {**first["state"], "rows": {"age_years": 58}}
receive(json.dumps({"traits": {"state": state, "edit": 1}}))
receive(json.dumps({"custom": {"do": "asked_none", "question": 1, "edit": 2}}))
receive(json.dumps({"custom": {"do": "sheet", "edit": 3}}))
print(json.dumps([engine.review_json("case.toml", "schema_version = 1\\n[answers]\\nage_years = 58"), first, *map(json.loads, out[1:])]))
"""
    case, first, edited, asked, sheet, after = python(code)
    assert json.loads(case)["profile"]["answers"]["age_years"] == 58
    assert {*first} == {"edit", "lens", "spec", "state", "tried", "view"}
    assert [*edited["traits"]] == ["view"], "the page knows its own state"
    assert edited["traits"]["view"]["answers"] == 1
    assert asked["traits"]["state"]["rows"]["fever"] is False
    assert asked["traits"]["view"]["answers"] == 2
    assert sheet["custom"]["name"] == f"case_58_{first['state']['as_of']}.html"
    assert after["traits"]["view"]["answers"] == 3


def test_the_engine_needs_neither_anywidget_nor_what_the_terminal_needs() -> None:
    code = """
import json, sys
from pathways.apps.web.engine import Engine
Engine(lambda text: None)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    names = {*python(code)} - {"anywidget"}
    assert names.isdisjoint(
        {"ipywidgets", "ipykernel", "IPython", "typer", "rich", "pygments", "markdown_it", "polars"}
    )
