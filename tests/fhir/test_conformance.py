"""The 38 requests of the reference material come out as their rows say, and the AHRQ patient imports whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from pathways.content import load_content
from pathways.fhir import load, order_findings, read
from pathways.pages.data import case_data
from pathways.review.case import review
from tests.fhir.requests import reference_rows

Reference = Callable[[str], Path]


def test_every_row_comes_out_right(reference: Reference, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("request", "recommendation", "expected", "status", "MME/day", "right", title="Conformance")
    wrong = []
    for row, data in reference_rows(reference):
        found = {f.record.id: f for f in order_findings(read(data, date.fromisoformat(row["as_of"])))}
        got = found[f"cdc2022.{row['recommendation']}"]
        mme = row.get("mme_per_day")
        right = got.status in row["status"] and (mme is None or got.mme_per_day == mme)
        wanted = "/".join(row["status"]) + ("" if mme is None else f", {mme}")
        table.add_row(
            row["id"], row["recommendation"], wanted, got.status, str(got.mme_per_day), "yes" if right else "NO"
        )
        if not right:
            wrong.append((row["id"], got.status, got.mme_per_day, got.asks))
    with capsys.disabled():
        Console(width=150).print(table)
    assert table.row_count == 38
    assert wrong == []


def test_an_answer_that_rests_on_a_list_that_was_not_sent_says_so(reference: Reference) -> None:
    for row, data in reference_rows(reference):
        if row["recommendation"] == "9" and row["status"] == ["applies"]:
            found = {f.record.id: f for f in order_findings(read(data, date.fromisoformat(row["as_of"])))}
            assert "observations" in found["cdc2022.9"].assumes
    rows = {row["id"]: data for row, data in reference_rows(reference)}
    found = {f.record.id: f for f in order_findings(read(rows["d-01-analgesic"], date(2023, 5, 1)))}
    assert set(found["cdc2022.1"].assumes) == {"conditions", "medicines"}
    found = {f.record.id: f for f in order_findings(read(rows["d-12-methadone"], date(2023, 5, 1)))}
    said = " ".join(found["cdc2022.12"].assumes)
    assert "methadone without a reason" in said
    assert "to confirm" in said


# ---- the AHRQ patient ---------------------------------------------------------------------------------------

BUNDLE = "conformance/bundles/ahrq_brenda_jackson_r4.json"


def test_the_ahrq_patient_has_the_medicines_that_were_counted(reference: Reference) -> None:
    imported = load(reference(BUNDLE))
    today = date(2023, 10, 16)
    assert imported.profile.as_of == today

    def ordered(since: int, *classes: str, ingredients: tuple[str, ...] = ()) -> int:
        oldest = today - timedelta(days=since)
        return sum(
            1
            for order in imported.orders
            if order.written is not None
            and order.written.first >= oldest
            and (any(order.is_in(cls) for cls in classes) or set(order.product.ingredients) & set(ingredients))
        )

    # Look-back of that project: 24 months, for laxatives 6.
    assert ordered(730, "opioid") == 16
    assert ordered(730, "nsaid", "acetaminophen_class") == 2
    assert ordered(730, "antidepressant", "gabapentinoid") == 1
    assert ordered(183, ingredients=("polyethylene_glycol", "senna")) == 2
    assert ordered(730, "benzodiazepine") == 0
    assert ordered(730, "naloxone_any") == 0


def test_the_ahrq_import_report_accounts_for_every_entry(reference: Reference) -> None:
    imported = load(reference(BUNDLE))
    report = imported.report
    assert len(report.entries) == 64
    assert report.unaccounted() == ()
    assert report.not_understood == ()
    assert len({note.place for note in report.used}) >= 40
    json.dumps(report.to_dict())


def test_the_ahrq_profile_reviews(reference: Reference) -> None:
    content = load_content()
    profile = load(reference(BUNDLE)).profile
    assert {c.id for c in profile.conditions} >= {"major_depression", "pain_fibromyalgia", "pain_back_axial"}
    taken = {i for m in profile.medicines if m.state == "current" for i in m.ingredients}
    assert taken == {"oxycodone", "ibuprofen", "acetaminophen", "duloxetine", "polyethylene_glycol"}
    assert sum(1 for m in profile.medicines if m.state == "current" and "oxycodone" in m.ingredients) == 2
    data = case_data(review(profile, content=content))
    mme = data["facts"].get("mme_per_day")
    assert mme is None or isinstance(mme, list)  # the orders give no dose: never a number
