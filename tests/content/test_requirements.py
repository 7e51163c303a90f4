"""Every row of the requirements stands in the kit, and comes from its records: without them the row is not met.

tests/requirements.toml says for each row which records carry it, and what a review of a case must then say. Each entry
is looked at twice: with the whole content, where it holds, and with its records taken away, where it must not.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pathways.care.handout import handout
from pathways.care.monitoring import relapse_plan
from pathways.care.services import load_site
from pathways.care.taper import Pace, Start, TaperError, beside, schedule
from pathways.content import load_content
from pathways.content.invariants import broken_invariants
from pathways.content.loader import PACKAGED
from pathways.content.references import reference_problems
from pathways.pages import form_html, handout_text, sheet_markdown
from pathways.pages.data import case_data
from pathways.profile import Profile, ProfileError
from pathways.review.audience import for_audience
from pathways.review.case import Case, review
from tests.ablation import Ablated, without
from tests.expectations import found_at, steps_of

ROOT = Path(__file__).resolve().parents[2]
MAP = tomllib.loads((ROOT / "tests/requirements.toml").read_text("utf-8"))
ROWS: list[dict[str, Any]] = MAP["row"]
FOLDERS = (ROOT / "sample_data/cases", ROOT / "tests/vignettes", ROOT / "sample_data/follow_up")
LISTS = ("conditions", "medicines", "observations", "consents", "coverage", "owners", "differences", "people")
CONTENT = load_content()


# -- a case, and what is shown of it --------------------------------------------------------------------------


def given(row: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an entry's case: a file or a base of the map, with the entry's own answers and lists on top."""
    name = row.get("case", "blank")
    if name in MAP["base"]:
        data = {**MAP["base"][name]}
    else:
        path = next(path for folder in FOLDERS if (path := folder / f"{name}.toml").exists())
        data = tomllib.loads(path.read_text("utf-8"))
    data.pop("teaches", None)
    data.setdefault("as_of", "2026-11-02")
    data["answers"] = {**data.get("answers", {}), **row.get("answers", {})}
    for which in ("asked_none", "complete"):
        data[which] = {**data.get(which, {}), **row.get(which, {})}
    for which in LISTS:
        data[which] = [*data.get(which, ()), *row.get(which, ())]
    return {key: value for key, value in data.items() if value not in ([], {})}


def fitted(data: dict[str, Any], left: Ablated) -> dict[str, Any]:
    """The data without what this content has no question and no list entry for: it can no longer be told."""
    content = left.content
    vocabulary = {*content.conditions, *content.condition_groups}
    data = dict(data)
    asked = content.answers.keys() - set(left.still_named)
    data["answers"] = {id: value for id, value in data.get("answers", {}).items() if id in asked}
    data["conditions"] = [c for c in data.get("conditions", ()) if "id" not in c or c["id"] in vocabulary]
    data["observations"] = [
        o
        for o in data.get("observations", ())
        if o["measure"] in content.measures or o["measure"] in content.instruments
    ]
    words = {word for c in content.medicine_classes.values() for word in (c.id, *c.names)}
    data["medicines"] = [x for x in data.get("medicines", ()) if x.get("class") is None or x["class"] in words]
    data["coverage"] = [c for c in data.get("coverage", ()) if c["service"] in content.tables["service"]]
    data["owners"] = [
        o for o in data.get("owners", ()) if o["role"] in content.roles and o["item"] in content.treatments
    ]
    if "asked_none" in data:
        known = {*vocabulary, *content.medicines, *content.medicine_classes}
        data["asked_none"] = {k: [x for x in v if x in known] for k, v in data["asked_none"].items()}
    return {key: value for key, value in data.items() if value not in ([], {})}


def page_data(case: Case) -> dict[str, Any]:
    page = asdict(handout(case), dict_factory=dict)
    page["contacts"] = [contact.model_dump() for contact in handout(case).contacts]
    return {**_lists(page), "text": " ".join(handout_text(case).split())}


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    return [_lists(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def taper_data(case: Case) -> dict[str, Any]:
    """What the taper table says of a person, and the slow and the abrupt speed that it allows or refuses."""
    told = beside(case)._asdict()
    found: dict[str, Any] = {level: [rule.id for rule in rules] for level, rules in told.items()}
    start = Start(60, "mg/day", "oxycodone", 1.5, ())
    for name, percent, weeks in (("slow", 10, 4), ("fast", 10, 1), ("abrupt", 100, 1)):
        try:
            made = schedule(start, Pace(percent, weeks, "current"), months=24, content=case.content)
            found[name] = made.to_dict()
        except TaperError as error:
            found[name] = {"refused": str(error)}
    return found


def relapse_data(case: Case) -> dict[str, Any]:
    plan = relapse_plan(case)
    if plan is None:
        return {"situations": [], "fill": [], "team": []}
    return {
        "situations": [{"id": prompt.id, "because": list(because)} for prompt, because in plan.situations],
        "fill": [prompt.id for prompt in plan.fill],
        "team": [prompt.id for prompt in plan.team],
    }


VIEWS: Mapping[str, Callable[[Case], dict[str, Any]]] = {
    "json": case_data,
    "site": lambda case: case_data(case, load_site(ROOT / "sample_data/site.toml", case.content)),
    "person": lambda case: case_data(for_audience(case, "person")),
    "pain_clinic": lambda case: case_data(for_audience(case, "pain_clinic")),
    "partner": lambda case: case_data(for_audience(case, "partner")),
    "handout": page_data,
    "sheet": lambda case: {"text": " ".join(sheet_markdown(case).split())},
    "form": lambda case: {"text": form_html(case.content)},
    "taper": taper_data,
    "relapse_plan": relapse_data,
}
_seen: dict[str, Case] = {}


def whole(row: Mapping[str, Any]) -> Case:
    """The review of an entry's case with the whole content; the same case is reviewed once."""
    data = given(row)
    key = repr(data)
    if key not in _seen:
        _seen[key] = review(Profile.from_dict(data, CONTENT), content=CONTENT)
    return _seen[key]


@cache
def shown(case_key: int, view: str) -> dict[str, Any]:
    case = next(case for case in _seen.values() if id(case) == case_key)
    return VIEWS[view](case)


def holds(row: Mapping[str, Any], data: dict[str, Any]) -> bool:
    """Whether data says what an entry expects. A path that leads nowhere says nothing."""
    return found_at(data, steps_of(row["path"]), row["value"]) is True


def named(row: Mapping[str, Any]) -> str:
    return f"{row['id']}-{row['records'][0]}"


# -- the map --------------------------------------------------------------------------------------------------


def ids_of(text: str) -> Iterator[str]:
    """The ids of the requirements: the rows of the tables, and X1, X2, ... for the corrections in section 10."""
    rows, _, corrections = text.partition("## 10.")
    yield from re.findall(r"^\| ([A-Z]\d+) \|", rows, re.MULTILINE)
    lines = [line for line in corrections.splitlines() if line.startswith("|")]
    yield from (f"X{n}" for n in range(1, len(lines) - 1))


def test_the_ids_are_read_from_tables() -> None:
    text = "| # | What |\n| --- | --- |\n| C1 | a |\n| T12 | b |\n## 10. Said\n| Claim | x |\n|---|---|\n| a | b |\n| c | d |\n"
    assert list(ids_of(text)) == ["C1", "T12", "X1", "X2"]


def test_every_requirement_is_in_the_map(reference: Callable[[str | Path], Path]) -> None:
    wanted = list(ids_of(reference("requirements.md").read_text("utf-8")))
    assert len(wanted) > 140
    assert sorted(set(wanted) - {row["id"] for row in ROWS}) == []
    assert sorted({row["id"] for row in ROWS} - set(wanted)) == []


def test_every_entry_has_records_an_expectation_and_a_view_that_there_is() -> None:
    for row in ROWS:
        assert row["records"], row
        assert row["what"], row
        assert steps_of(row["path"]), row
        assert "value" in row, row
        assert row.get("view", "json") in VIEWS, row
        for reference in row["records"]:
            table, _, id = reference.partition(":")
            assert id in CONTENT.tables[table], f"{row['id']}: there is no {reference}"
    assert [
        key
        for key, n in Counter((r["id"], tuple(r["records"]), r["path"], r.get("view")) for r in ROWS).items()
        if n > 1
    ] == []


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_kit_does_it(row: dict[str, Any]) -> None:
    found = holds(row, shown(id(whole(row)), row.get("view", "json")))
    assert found, f"{row['id']}: {row['path']} is not {row['value']!r}"


FAILS: Counter[str] = Counter()


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_without_its_records_the_kit_does_not_do_it(row: dict[str, Any]) -> None:
    left = without(CONTENT, row["records"])
    try:
        case = review(Profile.from_dict(fitted(given(row), left), left.content), content=left.content)
        data = VIEWS[row.get("view", "json")](case)
    except (KeyError, AssertionError, ProfileError, StopIteration):
        FAILS["content refused"] += 1
        return
    still = holds(row, data)
    assert not still, f"{row['id']} is met without {row['records']}"
    FAILS["a name of it left unfilled" if left.still_named else "content loads without it"] += 1


def test_how_the_rows_fail() -> None:
    """Of the rows tried in this process, most fail because the review no longer says it, not because none can be made."""
    assert FAILS["content refused"] <= max(1, sum(FAILS.values()) // 20), dict(FAILS)


def test_what_is_left_is_a_content_that_loads() -> None:
    """All records of the map at once, in handfuls: nothing points at what is gone."""
    references = sorted({reference for row in ROWS for reference in row["records"]})
    for n in range(0, len(references), 20):
        left = without(CONTENT, references[n : n + 20]).content
        problems = [*reference_problems(left), *broken_invariants(left)]
        # What names a row by its meaning goes with it: records that Python knows by a name, lenses, what matters most, and
        # the cases of a rule whose need is gone.
        goes_along = ("known_as", ", cases,", ", matters:", "lenses.toml")
        assert [p for p in problems if not any(word in p for word in goes_along)] == []


RECORD = re.compile(r'^\[\[treatment\]\]\nid = "dbt"\n.*?(?=^\[\[(?!treatment\.)|\Z)', re.MULTILINE | re.DOTALL)


def test_taking_away_in_memory_is_taking_away_on_disk(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / CONTENT.files["treatment", "dbt"]
    text = path.read_text("utf-8")
    less, n = RECORD.subn("", text)
    assert n == 1
    path.write_text(less, "utf-8")
    for path in folder.rglob("*.toml"):
        path.write_text(re.sub(r'(, )?"dbt"(?=[,\]])', "", path.read_text("utf-8")), "utf-8")
    on_disk, in_memory = load_content(folder), without(CONTENT, ["treatment:dbt"])
    assert in_memory.still_named == ()
    assert {t: list(r) for t, r in on_disk.tables.items()} == {t: list(r) for t, r in in_memory.content.tables.items()}
    data = given({"case": "fibromyalgia_depression_ptsd"})
    reviews = [case_data(review(Profile.from_dict(data, c), content=c)) for c in (on_disk, in_memory.content)]
    for one in reviews:
        del one["content_hash"]
    assert reviews[0] == reviews[1]
