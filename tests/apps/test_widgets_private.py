"""Nothing of a case is widget state: that is what a notebook keeps when it is saved, run by nbclient or checkpointed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets import TraitError

from pathways.apps.widgets import CaseConference, ComparePlans, RiskView, RuleAtlas, TeachingCase
from pathways.apps.widgets.private import STATE
from pathways.profile import Profile
from pathways.review.case import review
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
NOTEBOOKS = sorted(p for p in (ROOT / "notebooks").glob("*.ipynb") if not p.stem.startswith("05"))  # 05: no widget
MARK = "Kestrel-4711"
SHORT = 200


def made() -> list[Any]:
    profile = Profile.from_dict({**Profile.load(SAMPLE).to_dict(), "title": MARK, "notes": MARK})
    case = review(profile)
    return [CaseConference(profile), ComparePlans(case), TeachingCase([SAMPLE]), RiskView(case), RuleAtlas([SAMPLE])]


@pytest.mark.parametrize("widget", made(), ids=lambda widget: type(widget).__name__)
def test_widget_state_is_scripts_and_layout_alone(widget: Any) -> None:
    state = widget.get_state()
    assert {name for name in state if not name.startswith("_")} <= STATE
    shown = {name: text for name, text in state.items() if name not in ("_esm", "_css")}
    assert MARK not in json.dumps(shown, default=str)
    assert len(json.dumps(shown, default=str)) < 1000
    assert "back pain" not in state["_esm"].lower()
    plain = widget._repr_mimebundle_()[0]["text/plain"]
    assert len(plain) < SHORT
    assert MARK not in plain


def heard(widget: Any) -> list[dict[str, Any]]:
    """What is sent to the page from now on."""
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    return sent


def test_a_page_that_asks_is_told_everything_and_then_what_changes() -> None:
    conference = CaseConference(Profile.load(SAMPLE))
    sent = heard(conference)
    conference.set("age_years", 59)
    assert sent == [], "nobody asked yet"
    conference._line(None, {"do": "hello"})
    [all_] = sent
    assert all_["do"] == "now"
    assert list(all_["values"])[-1] == "view"
    assert {"spec", "state", "tried", "view", "lens", "edit"} == all_["values"].keys()
    assert all_["values"]["state"]["rows"]["age_years"] == 59
    del sent[:]
    conference.set("age_years", 60)
    assert [list(one["values"]) for one in sent] in ([["state"], ["view"]], [["state", "view"]])
    json.dumps(all_)


def test_what_the_page_sets_is_taken_answered_and_not_sent_back() -> None:
    conference = CaseConference(as_of=None)
    conference._line(None, {"do": "hello"})
    sent = heard(conference)
    state = {**conference.state, "rows": {"age_years": 58}}
    conference._line(None, {"do": "set", "values": {"state": state, "edit": 1}})
    assert conference.profile.answers["age_years"] == 58
    assert [one["do"] for one in sent] == ["now", "taken"]
    assert list(sent[0]["values"]) == ["view"]
    assert sent[0]["values"]["view"]["answers"] == 1


def test_a_setting_that_does_not_fit_is_answered_too() -> None:
    conference = CaseConference()
    sent = heard(conference)
    with pytest.raises(TraitError):
        conference._line(None, {"do": "set", "values": {"state": 7}})
    conference._line(None, {"do": "set", "values": {"_esm": "alert(1)", "layout": None}})
    assert [one["do"] for one in sent] == ["taken", "taken"]
    assert "alert(1)" not in conference._esm


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_executed_notebook_keeps_no_widget_values(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    if path.stem.startswith("01"):
        typed = f"conference.state = {{**conference.state, 'title': {MARK[:4]!r} + {MARK[4:]!r}}}"
        notebook.cells.append(nbformat.v4.new_code_cell(typed))  # type: ignore[no-untyped-call]
        notebook.cells.append(nbformat.v4.new_code_cell("conference"))  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    kept = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    for model in kept.values():
        names = {name for name in model["state"] if not name.startswith("_")}
        layout = model["model_module"] == "@jupyter-widgets/base"
        assert layout or names <= STATE, names
    assert MARK not in json.dumps(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "application/vnd.jupyter.widget-view+json" in data:
                assert len(data["text/plain"]) < SHORT
                assert "text/html" not in data
