"""PDMP exports: CDC's formula, one clear error for a bad row, and nothing else is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.facts import derive
from pathways.intake.pdmp import PdmpError, read_pdmp
from pathways.profile import Profile

CONTENT = load_content()
TODAY = date(2026, 11, 2)
HEAD = "Fill Date,Drug Name,Strength,Qty,Days Supply,Prescriber,MME/day\n"
GOOD = "10/20/2026,OXYCODONE HCL TABLET,10 mg,120,30,Dr A,60\n"


def entries(rows: str, head: str = HEAD) -> list[dict[str, Any]]:
    return list(read_pdmp(head + rows, TODAY, CONTENT).case["medicines"])


def test_the_dose_is_quantity_over_days() -> None:
    found = read_pdmp(HEAD + GOOD + "2026-10-25,TRAMADOL HCL 50 MG TABLET,,240,30,Dr B,40\n", TODAY, CONTENT)
    facts = derive(Profile.from_dict(found.case, CONTENT), content=CONTENT)
    assert (facts.mme.lo, facts.mme.hi) == (60 + 80, 60 + 80)
    assert found.problems == ()
    [note] = found.notes  # the printed 40 is compared, and not used
    assert "line 3" in note
    assert "40" in note
    assert "80" in note
    assert not derive(Profile.from_dict(found.case, CONTENT), content=CONTENT).values["takes_benzodiazepine"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("13/45/2026,OXYCODONE HCL 10 MG TABLET,,120,30,Dr A,60", "no day: write it like"),
        ("10/20/2027,OXYCODONE HCL 10 MG TABLET,,120,30,Dr A,60", "after the day of review"),
        ("10/20/2026,OXYCODONE HCL 10 MG TABLET,,many,30,Dr A,60", "'many' is no number above 0"),
        ("10/20/2026,OXYCODONE HCL 10 MG TABLET,,120,0,Dr A,60", "days supply '0'"),
        ("10/20/2026,OXYCODONE HCL 10 MG TABLET,,1800,30,Dr A,60", "60 a day"),
        ("10/20/2026,,,120,30,Dr A,60", "no drug"),
        ("10/20/2026,OXYCODONE HCL 10 MG TABLET", "quantity"),
    ],
)
def test_a_bad_row_is_one_error_and_its_dose_is_open(row: str, says: str) -> None:
    found = read_pdmp(HEAD + GOOD + row + "\n" + GOOD, TODAY, CONTENT)
    [problem] = found.problems
    assert problem.startswith("line 3")
    assert says in problem
    first, bad, last = found.case["medicines"]
    assert first["dose"] == last["dose"] == {"oxycodone": 10}
    assert "dose" not in bad
    assert bad["use_unknown"] is True
    facts = derive(Profile.from_dict(found.case, CONTENT), content=CONTENT)
    assert facts.mme.hi is None


def test_what_has_run_out_is_stopped_and_what_was_filled_again_counts_from_none() -> None:
    old, early, late = entries(
        "2026-08-01,OXYCODONE HCL 10 MG TABLET,,120,30,Dr A,\n"
        "2026-10-05,OXYCODONE HCL 10 MG TABLET,,120,30,Dr A,\n"
        "2026-11-01,OXYCODONE HCL 10 MG TABLET,,120,30,Dr A,\n"
    )
    assert (old["state"], old["stop"]) == ("stopped", "2026-08-31")
    assert early["use_unknown"]
    assert "use_unknown" not in late


def test_patches_and_liquids() -> None:
    patch, odd, liquid = entries(
        "2026-10-20,72 HR fentanyl 0.025 MG/HR Transdermal System,,10,30,Dr A,\n"
        "2026-10-20,72 HR fentanyl 0.025 MG/HR Transdermal System,,14,30,Dr A,\n"
        "2026-10-20,morphine sulfate 2 MG/ML Oral Solution,,600,30,Dr A,\n"
    )
    assert (patch["dose"], patch["unit"]) == ({"fentanyl": 25}, "mcg/h")
    assert "dose" not in odd
    assert (liquid["dose"], liquid["per_day_max"]) == ({"morphine": 2}, 20)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_separator_order_and_lines_before_the_header(mark: str) -> None:
    text = (
        "\ufeffReport for a person\n\nQTY,days_supply,Date Filled,Medication\n60,30,2026-10-20,ALPRAZOLAM 1 MG TABLET\n"
    )
    [entry] = read_pdmp(text.replace(",", mark), TODAY, CONTENT).case["medicines"]
    assert entry["dose"] == {"alprazolam": 1}
    assert entry["per_day_max"] == 2


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "Fill Date,Drug Name,Qty\n2026-10-20,x,3\n", '"', "\x00"])
def test_what_is_no_export_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PdmpError, match="no line with the columns"):
        read_pdmp(text, TODAY, CONTENT)


@given(st.lists(st.lists(st.text('0123456789/-.,;ab "mgMG', max_size=12), max_size=8), max_size=5))
def test_no_row_fails_and_none_is_lost(rows: list[list[str]]) -> None:
    text = (
        HEAD + GOOD + "".join(",".join(cell.replace(",", "").replace('"', "") for cell in row) + "\n" for row in rows)
    )
    found = read_pdmp(text, TODAY, CONTENT)
    assert len(found.case["medicines"]) == found.rows >= 1
    assert len(found.problems) <= found.rows
    Profile.from_dict(found.case, CONTENT)
