"""Law 5: a new treatment, rule, question, instrument and source need no Python. Records dropped into a copy of the content
folder show up in options, findings, the schema of case files, the printed form and the check."""

from __future__ import annotations

import re
import shutil
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pathways.content import Content, ContentError, load_content
from pathways.content.loader import PACKAGED
from pathways.pages import form_html, sheet_html
from pathways.pages.data import case_data
from pathways.profile import Profile, ProfileError, json_schema
from pathways.review.case import review
from pathways.review.check import check_content
from tests.conftest import ROOT

DROPPED = """
[[source]]
id = "garden2026"
title = "A trial of gardening for back pain"
year = 2026
kind = "trial"
url = "https://example.org/garden"

[[answer]]
id = "garden_at_hand"
label = "Has a garden or an allotment"
type = "yes_no"
group = "pain"
first_page = 3
minutes = 0.1
help = "Any plot that can be dug."

[[instrument]]
id = "dig_index"
kind = "own"
title = "Digging index"
short = "DIG"
items = [
  { id = "depth", label = "Depth", values = [0, 1, 2] },
  { id = "speed", label = "Speed", values = [0, 1, 2] },
]
lo = 0
hi = 4
bands = [{ id = "low", label = "Low", lo = 0, hi = 1 }, { id = "high", label = "High", lo = 2, hi = 4 }]
licence = "Free."
valid_days = 30
minutes = 1
use = "How well someone digs."
source = { id = "garden2026", at = "table 1", confidence = "recall" }

[[fact]]
id = "dig_index"
label = "Digging index"
kind = "score"
instrument = "dig_index"
type = "number"
lo = 0
hi = 4

[[treatment]]
id = "gardening"
kind = "own"
source = { id = "garden2026", at = "abstract", confidence = "recall" }
title = "Gardening"
short = "Gardening"
seat = "movement"
group = "gardening"
what = "Two hours a week among plants."
say = "Digging and planting, at your own pace."
addresses = [{ need = "pain_relief", part = "relief" }]
burden = { score = 1, words = "Self-care" }
delivered_by = ["primary_care"]
owner = ["primary_care"]
phase = "weeks_1_4"
cases = [
  { rule = "fit", given = { garden_at_hand = true, back_pain_axial = true }, expect = "indicated" },
  { rule = "fit", given = { garden_at_hand = true, back_pain_axial = false }, expect = "not_indicated" },
  { rule = "fit", given = { garden_at_hand = false, back_pain_axial = true }, expect = "not_indicated" },
  { rule = "fit", given = {}, expect = "needs_information" },
  { rule = "cannot_dig", given = { dig_index = 0 }, expect = "true" },
  { rule = "cannot_dig", given = { dig_index = 1 }, expect = "false" },
  { rule = "cannot_dig", given = {}, expect = "unknown" },
]

[[treatment.indications]]
when = "garden_at_hand AND back_pain_axial"
fit = "indicated"
note = "A garden at hand"
source = { id = "garden2026", at = "abstract", confidence = "recall" }

[[treatment.contraindications]]
id = "cannot_dig"
when = "dig_index <= 0"
label = "Cannot dig"
unknown = "check_first"
source = { id = "garden2026", at = "methods", confidence = "recall" }

[[recommendation]]
id = "garden2026.dig"
kind = "own"
title = "Ask about the garden"
when = "garden_at_hand"
action = "Speak about gardening."
why = "Those who dig, ache less."
strength = { scheme = "own", category = "idea" }
source = { id = "garden2026", at = "abstract", confidence = "recall" }
owner = ["primary_care"]
cases = []
"""

PERSON: dict[str, Any] = {
    "as_of": "2026-11-02",
    "answers": {"age_years": 40, "main_pain": "back_axial", "pain_months": 12, "garden_at_hand": True},
    "observations": [{"measure": "dig_index", "items": {"depth": 1, "speed": 1}, "date": "2026-11-01"}],
}


def copied(folder: Path, dropped: str) -> Path:
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "dropped.toml").write_text(dropped, "utf-8")
    return folder


@cache
def plain_gaps() -> int:
    return check_content(load_content()).total


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load_content(copied(tmp_path_factory.mktemp("law5") / "content", DROPPED))


def test_the_packaged_content_knows_none_of_it() -> None:
    content = load_content()
    assert "gardening" not in content.treatments
    with pytest.raises(ProfileError, match="garden_at_hand"):
        Profile.from_dict(PERSON)


def test_it_stands_in_options_and_findings_and_the_instrument_is_scored(grown: Content) -> None:
    found = case_data(review(Profile.from_dict(PERSON, grown), content=grown))
    option = next(o for o in found["options"] if o["id"] == "gardening")
    assert (option["fit"], option["safety"], option["verb"]) == ("indicated", "clear", "Offer")
    assert found["facts"]["dig_index"]["value"] == 2
    assert next(f for f in found["findings"] if f["id"] == "garden2026.dig")["status"] == "applies"
    assert "garden2026" in {s["id"] for s in found["sources"]}
    assert any("gardening" in [i["id"], *i["instead"]] for plan in found["plans"] for i in plan["items"])


def test_its_contraindication_works_and_is_asked_about(grown: Content) -> None:
    closed = {**PERSON, "observations": [{"measure": "dig_index", "value": 0, "date": "2026-11-01"}]}
    open_ = {**PERSON, "observations": []}
    verbs = {}
    for name, data in (("closed", closed), ("open", open_)):
        case = review(Profile.from_dict(data, grown), content=grown)
        option = case.option("gardening")
        verbs[name] = option.verb
        if name == "open":
            assert "dig_index" in option.asks
    assert verbs == {"closed": "Do not start", "open": "Check first"}


def test_the_schema_the_form_and_the_page_show_it(grown: Content) -> None:
    assert json_schema(grown)["properties"]["answers"]["properties"]["garden_at_hand"]["type"] == "boolean"
    assert "Has a garden or an allotment" in form_html(grown)
    assert "Has a garden or an allotment" not in form_html(load_content())
    assert "Gardening" in sheet_html(review(Profile.from_dict(PERSON, grown), content=grown))
    bad = {"measure": "dig_index", "items": {"depth": 9}, "date": "2026-11-01"}
    with pytest.raises(ProfileError, match="depth"):
        Profile.from_dict({**PERSON, "observations": [bad]}, grown)


def test_the_check_counts_it_and_finds_its_faults(tmp_path: Path, grown: Content) -> None:
    report = check_content(grown)
    assert report.total == plain_gaps(), report.gaps
    assert report.counts["treatment"] == len(load_content().treatments) + 1
    wrong = DROPPED.replace('{ dig_index = 0 }, expect = "true"', '{ dig_index = 0 }, expect = "false"')
    worse = check_content(load_content(copied(tmp_path / "content", wrong)))
    assert any("gardening" in place for place in worse.gaps["worked case that fails"])


def test_a_misspelt_fact_is_named_with_file_and_the_right_spelling(tmp_path: Path) -> None:
    wrong = DROPPED.replace('when = "dig_index <= 0"', 'when = "dig_indx <= 0"')
    with pytest.raises(ContentError) as error:
        load_content(copied(tmp_path / "content", wrong))
    assert "dropped.toml" in str(error.value)
    assert "dig_index" in str(error.value)


def test_the_example_for_contributors_passes_the_check(tmp_path: Path) -> None:
    """The record that CONTRIBUTING gives to start from is a whole one."""
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(r"^ *```toml\n(.*?)^ *```$", guide, re.MULTILINE | re.DOTALL)
    assert found
    content = load_content(copied(tmp_path / "content", textwrap.dedent(found[1])))
    assert content.files["treatment", "gardening"] == "dropped.toml"
    assert {kind: places for kind, places in check_content(content, mutate=True).gaps.items() if places} == {}
