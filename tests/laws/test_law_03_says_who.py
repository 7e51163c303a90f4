"""Law 3: every clinical statement says who says so, where, and how well that was checked; the weakest flag reaches the
page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from pathways.content import load_content
from pathways.content import models as m
from tests.conftest import reference_path
from tests.reviews import NAMES, data

STRENGTH = {"recall": 0, "verified-2": 1, "verified": 2}
STATEMENTS = (
    m.Recommendation, m.Emergency, m.Treatment, m.Interaction, m.Need, m.Lens, m.Pathway, m.Decision, m.Disagreement,
    m.Instrument, m.MmeEdition, m.Monitor, m.Trend, m.UrineTest, m.UrineStep, m.TaperSpeed, m.TaperRule, m.RelapsePrompt,
)  # fmt: skip  # data, read across
PARTS = (m.Closer, m.Caution, m.Effect, m.Indication, m.Dose, m.MmeFactor, m.UrineSource, m.TrendLine)


def records() -> Iterator[tuple[str, str, Any]]:
    for table, found in load_content().tables.items():
        for id, record in found.items():
            yield table, id, record


def parts(value: Any) -> Iterator[Any]:
    """Every record inside a record."""
    if isinstance(value, m.Record):
        yield value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts(inner)


def test_every_clinical_record_has_a_row_or_is_our_own_and_a_source() -> None:
    content = load_content()
    clinical = 0
    for table, id, record in records():
        if isinstance(record, STATEMENTS):
            clinical += 1
            assert bool(record.row) or record.kind == "own", (table, id)
            assert record.source, (table, id)
        for cite in (p for p in parts(record) if isinstance(p, m.Cite)):
            assert cite.id == "own" or cite.id in content.sources, (table, id, cite.id)
            assert cite.at.strip(), (table, id)
            assert cite.confidence in STRENGTH, (table, id)
    assert clinical > 200


@pytest.mark.parametrize("kind", PARTS)
def test_every_closer_caution_effect_indication_dose_and_factor_is_cited(kind: type[Any]) -> None:
    """A part without a citation of its own stands under that of its record; there it must be one."""
    seen = 0
    for table, id, record in records():
        for part in (p for p in parts(record) if isinstance(p, kind)):
            seen += 1
            own = getattr(part, "source", ())
            assert own or getattr(record, "source", ()), (table, id)
    assert seen > 0


def test_a_record_without_a_source_or_a_row_is_refused() -> None:
    content = load_content()
    good = content.interactions["naltrexone_opioid"].model_dump()
    assert m.Interaction.model_validate(good)
    for broken in ({"row": ()}, {"source": ()}, {"source": {"id": "asam2015", "at": "", "confidence": "verified"}}):
        with pytest.raises(ValidationError):
            m.Interaction.model_validate({**good, **broken})
    without = {**good, "source": {"id": "asam2015", "at": "x"}}
    with pytest.raises(ValidationError):
        m.Interaction.model_validate(without)


def test_rows_stand_in_the_facts_sheet_or_the_requirements() -> None:
    text = reference_path("clinical-facts.md").read_text("utf-8")
    text += reference_path("requirements.md").read_text("utf-8")
    for table, id, record in records():
        for row in getattr(record, "row", ()) if isinstance(record, m.Clinical) else ():
            assert row in text or row.replace("D-", "") in text, (table, id, row)


def test_of_several_flags_the_lowest_counts() -> None:
    for _, id, record in records():
        if isinstance(record, m.Clinical):
            assert STRENGTH[record.confidence] == min(STRENGTH[c.confidence] for c in record.source), id


# ---- and it reaches the page --------------------------------------------------------------------------------


def cited(entry: dict[str, Any]) -> bool:
    sources = entry["source"]
    assert sources
    assert all(set(s) == {"id", "at", "confidence"} and s["at"] for s in sources), entry
    if "confidence" in entry:
        assert STRENGTH[entry["confidence"]] == min(STRENGTH[s["confidence"]] for s in sources), entry["id"]
    return True


@pytest.mark.parametrize("name", NAMES)
def test_everything_in_a_review_names_its_sources_with_their_flags(name: str) -> None:
    found = data(name)
    told = [*found["emergencies"], *found["findings"], *found["needs"], *found["options"], *found["core"]]
    told += [item for plan in found["plans"] for item in plan["items"]]
    told += [x for o in found["options"] for key in ("closed_by", "precautions", "check_first") for x in o[key]]
    told += [c for o in found["options"] for c in o["conflicts"]]
    told += [c for plan in found["plans"] for c in (*plan["conflicts"], *plan["timing"])]
    told += [*found["forks"], *found["agenda"]["lenses"], *found["conflicts_avoided"]]
    assert all(cited(entry) for entry in told)
    assert all(p["id"] and p["at"] for d in found["disagreements"] for p in d["positions"])
    listed = {s["id"] for s in found["sources"]}
    used = {s["id"] for entry in told for s in entry["source"]} - {"own"}
    assert used <= listed
