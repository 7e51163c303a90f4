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


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "Fill Date,Drug Name\n2026-10-20,x\n", '"', "\x00"])
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


# ---- one person, each fill once -----------------------------------------------------------------------------

SHORT = "Fill Date,Drug,Qty,Days Supply,Prescriber\n"


def mme(text: str) -> tuple[float | None, float | None]:
    found = read_pdmp(text, TODAY, CONTENT)
    result = derive(Profile.from_dict(found.case, CONTENT), content=CONTENT).mme
    return result.lo, result.hi


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("Patient Name,DOB", ["DOE JANE,01/02/1970", "DOE JOHN,05/06/1968"]),
        ("DOB", ["01/02/1970", "01/03/1970"]),
        ("Patient Name", ["DOE JANE", "DOE JOHN"]),
        ("Patient First Name,Patient Last Name", ["JANE,DOE", "JANE,ROE"]),
        ("Patient Name", ["DOE JOHN JR", "DOE JOHN SR"]),
        ("Patient Name", ["DOE J", "DOE M"]),
        ("Patient Name", ["DOE J", "DOE MARY"]),
        ("Patient First Name,Patient Last Name", ["A,B", "A,C"]),
        ("Patient First Name,Patient Last Name", ["X,X", "JANE,DOE"]),
        ("Patient Name", ["***", "DOE JANE"]),
        ("Patient ID", ["17", "17", "18"]),
        ("ID", ["1", "2", "2"]),
        ("ID", ["1", "2"]),
    ],
)
def test_the_fills_of_two_persons_are_refused_in_one_sentence(columns: str, rows: list[str]) -> None:
    fill = "2026-10-20,OXYCODONE HCL 10 MG TABLET,120,30,A"
    text = f"{columns},{SHORT}" + "".join(f"{row},{fill}\n" for row in rows)
    with pytest.raises(PdmpError, match="more than one person") as error:
        read_pdmp(text, TODAY, CONTENT)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(
    ("columns", "rows", "told"),
    [
        ("Patient Name", ["DOE, JANE A", "Jane Doe", "JANE DOE"], False),
        ("Patient Name,DOB", ["DOE JANE,01/02/1970", "ROE JANET,1970-01-02", ",01/02/1970"], True),
        ("ID", ["1", "2", "3"], False),  # the numbers of the rows
        ("Patient First Name,Patient Last Name", ["A,B", "A,B", "a,b"], False),
        ("Patient First Name,Patient Last Name", ["X,X", "X,X", "X,X"], False),
        ("Patient Name", ["J D", "J. D.", "J D"], False),
        ("Patient Name", ["***", "***", "***"], False),
        ("Patient Name", ["DOE J", "DOE JANE", "Jane A Doe"], False),
        ("Patient Name,DOB", ["J D,01/02/1970", "M D,01/02/1970", "J D,01/02/1970"], True),
        ("DOB", ["", "", "1/2/1970"], False),
    ],
)
def test_another_spelling_is_the_same_person(columns: str, rows: list[str], told: bool) -> None:
    text = f"{columns},{SHORT}" + "".join(
        f"{row if row.count(',') == columns.count(',') else chr(34) + row + chr(34)},2026-10-{n + 10},TRAMADOL 50 MG TAB,60,30,A\n"
        for n, row in enumerate(rows)
    )
    found = read_pdmp(text, TODAY, CONTENT)
    assert found.rows == 3
    assert any("one date of birth" in note for note in found.notes) is told


@pytest.mark.parametrize(
    ("numbers", "expected"), [(("1001", "1001"), (60, 60)), (("1001", "1002"), (120, 120)), (("", ""), (60, 120))]
)
def test_a_row_that_stands_twice(numbers: tuple[str, str], expected: tuple[float, float]) -> None:
    row = "2026-10-20,OXYCODONE HCL 10 MG TABLET,120,30,A,"
    text = SHORT.strip() + ",Rx Number\n" + "".join(f"{row}{rx}\n" for rx in numbers)
    assert mme(text) == expected
    assert bool(read_pdmp(text, TODAY, CONTENT).notes) is (expected != (120, 120))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["120,Dispensed"], (60, 60)),
        (["120,Sold", "120,Voided"], (0, 60)),  # which of the two, or one after the other
        (["120,Dispensed", "-120,Reversed"], (0, 0)),
        (["120,Dispensed", "-120,"], (0, 0)),
        (["120,Returned to Stock"], (0, 0)),
        (["120,Never picked up"], (0, 0)),
        (["120,CANCELLED"], (0, 0)),
        (["120,Rx reversed 10/22"], (0, 0)),
        (["120,zzyx"], (None, None)),  # a word that is not known leaves it open
    ],
)
def test_what_was_voided_reversed_or_returned_is_told_and_not_counted(
    rows: list[str], expected: tuple[float | None, float | None]
) -> None:
    text = "Fill Date,Drug,Days Supply,Qty,Status\n" + "".join(
        f"2026-10-20,OXYCODONE 10 MG TAB,30,{row}\n" for row in rows
    )
    assert mme(text) == expected
    found = read_pdmp(text, TODAY, CONTENT)
    assert bool(found.notes or found.problems) is (rows != ["120,Dispensed"])


# ---- days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected", "guessed"),
    [
        (["20.10.2026", "01.11.2026"], ["2026-10-20", "2026-11-01"], False),
        (["01.11.2026", "02.10.2026"], ["2026-11-01", "2026-10-02"], True),  # dots are never US
        (["20/10/2026", "01/11/2026"], ["2026-10-20", "2026-11-01"], False),
        (["10/20/2026", "01/11/2026"], ["2026-10-20", "2026-01-11"], False),
        (["01/11/2026", "02/10/2026"], ["2026-01-11", "2026-02-10"], True),
        (["10/20/2026", "20/10/2026", "01/11/2026"], ["2026-10-20", "2026-10-20", None], False),
        (["2026-10-20 13:45", "20261019", "Oct 18 2026", "17-Oct-2026", "2026/10/16"],
         ["2026-10-20", "2026-10-19", "2026-10-18", "2026-10-17", "2026-10-16"], False),
        (["10/20/26"], ["2026-10-20"], False),
    ],
)  # fmt: skip  # data, read across
def test_the_order_of_day_and_month_is_that_of_the_file(
    days: list[str], expected: list[str | None], guessed: bool
) -> None:
    found = read_pdmp(
        SHORT + "".join(f"{day},TRAMADOL {n + 1}0 MG TAB,60,30,A\n" for n, day in enumerate(days)), TODAY, CONTENT
    )
    assert [entry.get("start") for entry in found.case["medicines"]] == expected
    assert any("day or its month comes first" in note for note in found.notes) is guessed
    assert len(found.problems) == expected.count(None)


def test_a_file_that_writes_days_in_two_orders_is_told() -> None:
    text = SHORT + "31/10/2026,TRAMADOL 50 MG TAB,60,30,A\n10/30/26,OXYCODONE 5 MG TAB,60,30,A\n"
    found = read_pdmp(text, TODAY, CONTENT)
    assert [entry.get("start") for entry in found.case["medicines"]] == ["2026-10-31", "2026-10-30"]
    assert any("some with the month" in note for note in found.notes)


@pytest.mark.parametrize(
    ("drug", "quantity", "right", "wrong"),
    [
        ("OXYCODONE 10 MG", 120, 60, 15),  # no form is named
        ("OXYCODONE 10 MG TABLET", 120, 60, 15),
        ("TRAMADOL 50 MG", 120, 40, 20),
        ("HYDROCODONE-ACETAMINOPHEN 10-325", 90, 30, 90),
        ("MORPHINE 2 MG/ML SOLN", 300, 20, 60),
        ("FENTANYL 25 MCG/HR PATCH", 10, 60, 100),
    ],
)
def test_the_printed_mme_is_compared(drug: str, quantity: int, right: float, wrong: float) -> None:
    for printed in (right, wrong):
        text = f"{SHORT.strip()},MME/Day\n2026-10-20,{drug},{quantity},30,A,{printed}\n"
        told = [note for note in read_pdmp(text, TODAY, CONTENT).notes if "MME a day" in note]
        assert len(told) == (printed == wrong), told
        assert mme(text) == (right, right)


# ---- strength, form and unit in columns of their own --------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "dose", "unit"),
    [
        ("Strength,Strength Unit,Dosage Form", "oxycodone/acetaminophen,5-325,MG,TAB", {"oxycodone": 5, "acetaminophen": 325}, None),
        ("Strength,Strength Unit,Dosage Form", "fentanyl,25,MCG/HR,PATCH", {"fentanyl": 25}, "mcg/h"),
        ("Strength,Strength Unit,Dosage Form", "oxycodone HCl,5,MG/5ML,SOLN", {"oxycodone": 1}, None),
        ("Strength,Strength Unit,Form", "Belbuca,450,MCG,FILM", {"buprenorphine": 0.45}, None),
        ("Strength", "OXYCODONE 15 MG TABLET,15", {"oxycodone": 15}, None),
        ("Strength", "OXYCODONE 0.5 GM,500 MG", {"oxycodone": 500}, None),
        ("Strength", "TRAMADOL,50", {"tramadol": 50}, None),
        ("Strength", "OXYCODONE 15 MG TABLET,5", None, None),  # a part of the text, and another number
        ("Strength", "OXYCODONE 10 MG TABLET,0", None, None),
        ("Strength", "HYDROMORPHONE 12.5 MG,2.5", None, None),
        ("Strength", "HYDROCODONE-APAP 300-30 MG,30 MCG", None, None),
        ("Strength", "FENTANYL PATCH,25", None, None),
        ("Strength,Form", "morphine,100,SOLN", None, None),
    ],
)  # fmt: skip  # data, read across
def test_a_strength_is_compared_as_a_number_and_needs_its_unit(
    head: str, row: str, dose: dict[str, float] | None, unit: str | None
) -> None:
    quantity = 600 if "SOLN" in row else 10
    text = f"Fill Date,Qty,Days Supply,Drug,{head}\n2026-10-20,{quantity},30,{row}\n"
    found = read_pdmp(text, TODAY, CONTENT)
    [entry] = found.case["medicines"]
    assert (entry.get("dose"), entry.get("unit")) == (dose, unit)
    assert bool(found.problems) is (dose is None)


@pytest.mark.parametrize(
    ("drug", "quantity", "unit", "day"),
    [
        ("OXYCODONE 5 MG/5 ML SOLUTION", "1", "L", 1000 / 20),
        ("OXYCODONE 5 MG/5 ML SOLUTION", "400", "ML", 20),
        ("OXYCODONE 5 MG/5 ML SOLUTION", "400 mL", "", 20),
        ("OXYCODONE 5 MG TABLET", "120 TAB", "", 30),
        ("OXYCODONE 5 MG TABLET", "120.000", "EA", 30),
        ("OXYCODONE 5 MG/5 ML SOLUTION", "1", "", None),  # a litre or a bottle
        ("OXYCODONE 5 MG/5 ML SOLUTION", "2", "BOTTLE", None),
        ("OXYCODONE 5 MG/5 ML SOLUTION", "400", "EA", None),
        ("OXYCODONE 5 MG TABLET", "120", "ML", None),
        ("FENTANYL 25 MCG/HR PATCH", "2", "BOX", None),
        ("FENTANYL 25 MCG/HR PATCH", "2 box", "", None),
    ],
)
def test_the_unit_of_the_quantity_counts(drug: str, quantity: str, unit: str, day: float | None) -> None:
    text = f"Fill Date,Drug,Qty,Unit,Days Supply\n2026-10-20,{drug},{quantity},{unit},20 days\n"
    found = read_pdmp(text, TODAY, CONTENT)
    [entry] = found.case["medicines"]
    if day is None:
        assert "dose" not in entry
        assert found.problems
    else:
        assert entry["dose"]["oxycodone"] * entry["per_day_max"] == pytest.approx(day)
        assert not found.problems


@pytest.mark.parametrize(
    ("drug", "quantity", "days", "rate"),
    [
        ("FENTANYL 50 MCG/HR PATCH", 10, 30, 50),
        ("FENTANYL 50 MCG/HR PATCH", 20, 30, 100),
        ("FENTANYL 50 MCG/HR 48HR PATCH", 15, 30, 50),
        ("FENTANYL 50 MCG/HR PATCH", 15, 30, None),  # one and a half at a time
        ("BUPRENORPHINE 10 MCG/HR PATCH", 4, 28, 10),
    ],
)
def test_a_patch_lasts_as_long_as_its_label_says(drug: str, quantity: int, days: int, rate: float | None) -> None:
    [entry] = entries(f"2026-10-20,{drug},{quantity},{days},A\n", SHORT)
    assert next(iter(entry.get("dose", {}).values()), None) == rate


# ---- refills, columns, rows that are no fills ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "on", "expected"),
    [
        ("A SMITH", "SMITH A", "2026-11-01", (60, 120)),
        ("Smith, John MD", "JOHN SMITH", "2026-10-20", (60, 120)),
        ("A SMITH", "B JONES", "2026-11-01", (60, 120)),  # some days early, signed by another
        ("A SMITH", "B JONES", "2026-10-20", (120, 120)),  # half of the supply is left
    ],
)
def test_an_early_refill_is_one_under_another_spelling(
    first: str, second: str, on: str, expected: tuple[float, float]
) -> None:
    rows = (
        f'2026-10-05,OXYCODONE HCL 10 MG TABLET,120,30,"{first}"\n{on},OXYCODONE HCL (IR) 10 MG TAB,120,30,"{second}"\n'
    )
    assert mme(SHORT + rows) == expected


@pytest.mark.parametrize(
    "head",
    [
        "Date Dispensed,Drug/Strength,Qty Disp,D/S",
        "Date Dispensed,Drug & Strength,Qty Disp,D/S",
        "Rx Dispensed,Drug,Quantity,Days Supply",
        "FILL_DATE,PRODUCT_NAME,QUANTITY_DISPENSED,DAYS_SUPPLY",
        "Sold,Drug Strength,Units,Days",
        "Date,Drug Name and Strength,# Dispensed,Est. Days Supply",
    ],
)
def test_the_columns_by_other_names(head: str) -> None:
    assert mme(f"{head}\n2026-10-20,OXYCODONE HCL 10 MG TABLET,120,30\n") == (60, 60)


@pytest.mark.parametrize(
    "foot",
    ["Summary,,,,", "Total Prescriptions: 1", "Total,,120,30,", SHORT.strip(), "Prescribers,1,,,", ",,,,x"],
)
def test_a_row_that_is_no_fill_is_no_medicine(foot: str) -> None:
    found = read_pdmp(f"{SHORT}2026-10-20,OXYCODONE HCL 10 MG TABLET,120,30,A\n{foot}\n", TODAY, CONTENT)
    assert found.rows == 1
    assert found.problems == ()


def test_buprenorphine_is_in_no_mme_and_a_printed_one_is_told() -> None:
    text = SHORT.strip() + ",Daily Dose*\n2026-10-20,BUPRENORPHINE-NALOXONE 8-2 MG SL FILM,60,30,A,480.00 MME\n"
    assert mme(text) == (0, 0)
    [note] = [note for note in read_pdmp(text, TODAY, CONTENT).notes if "480" in note]
    assert "leaves it out" in note


# ---- whom a fill is for -------------------------------------------------------------------------------------

CLONAZEPAM = "2026-10-20,CLONAZEPAM 1 MG TABLET,60,30"


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Species Code", "02"), ("Patient Type", "Feline"), ("Pet Name", "Biscuit"), ("Prescriber", "Stone, Q VMD"), ("Animal", "Y")],
)  # fmt: skip  # data, read across
def test_a_fill_for_an_animal_is_not_the_persons_and_is_said(column: str, cell: str) -> None:
    found = read_pdmp(f'Fill Date,Drug,Qty,Days Supply,{column}\n{CLONAZEPAM},"{cell}"\n', TODAY, CONTENT)
    assert (found.rows, found.case["medicines"]) == (0, [])
    assert any("for an animal" in note for note in found.notes)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Species Code", "01"), ("Patient Type", "Human"), ("Pet Name", ""), ("Prescriber", "Pet, Q MD"), ("Species", ""), ("Animal", "No")],
)  # fmt: skip  # data, read across
def test_a_fill_for_a_person_counts(column: str, cell: str) -> None:
    found = read_pdmp(f'Fill Date,Drug,Qty,Days Supply,{column}\n{CLONAZEPAM},"{cell}"\n', TODAY, CONTENT)
    [entry] = found.case["medicines"]
    assert entry["dose"] == {"clonazepam": 1}
    assert not found.problems


def test_a_species_that_nobody_knows_leaves_the_fill_open() -> None:
    found = read_pdmp(f"Fill Date,Drug,Qty,Days Supply,Species\n{CLONAZEPAM},Zorblax\n", TODAY, CONTENT)
    [entry] = found.case["medicines"]
    assert entry["use_unknown"]
    assert "dose" not in entry
    assert any("person or for an animal" in problem for problem in found.problems)


def test_a_file_without_days_supply_is_read_and_its_doses_are_open() -> None:
    text = "Date Filled,Drug Name,Form,Str,Qty\n2026-10-20,HYDROMORPHONE HCL,TAB,4 MG,90\n2025-12-01,HYDROMORPHONE HCL,TAB,4 MG,90\n"
    found = read_pdmp(text, TODAY, CONTENT)
    late, old = found.case["medicines"]
    assert late["use_unknown"]
    assert "dose" not in late
    assert old["state"] == "stopped"
    assert len(found.problems) == 2
    assert derive(Profile.from_dict(found.case, CONTENT), content=CONTENT).mme.hi is None


# ---- of two people, and rows that would be lost -------------------------------------------------------------------

FIRST = "2026-10-20,OXYCODONE HCL TABLET,10 mg,120,30"
SECOND = "2026-10-21,METHADONE HCL TABLET,10 mg,90,30"
BARE = "Fill Date,Drug Name,Strength,Quantity,Days Supply"


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        *(
            (column, "ALPHA ONE", "BETA TWO")
            for column in ("Name", "Client", "Customer", "Consumer", "Individual", "Rx Patient", "Owner Name")
        ),
        ("Sex", "M", "F"),
        ("Gender", "Female", "male"),
        ("Patient Gender", "1", "2"),
        ("Case #", "17", "18"),
    ],
)
def test_two_people_are_refused_whatever_column_tells_it(column: str, one: str, other: str) -> None:
    head = f"{column},{BARE}\n{one},{FIRST}\n"
    assert len(read_pdmp(f"{head}{one},{SECOND}\n", TODAY, CONTENT).case["medicines"]) == 2
    with pytest.raises(PdmpError, match=r"more than one person: line 3 .* and "):
        read_pdmp(f"{head}{other},{SECOND}\n", TODAY, CONTENT)


def test_a_name_is_the_drug_where_no_other_column_is() -> None:
    [entry] = entries("2026-10-20,OXYCODONE 10 MG TABLET,120,30\n", "Fill Date,Name,Quantity,Days Supply\n")
    assert entry["ingredients"] == ["oxycodone"]


@pytest.mark.parametrize("between", ["", "Patient Report: {} DOB {}\n", "Patient Name:,{}\nDate of Birth:,{}\n"])
def test_reports_of_two_people_in_one_file_are_refused(between: str) -> None:
    def of(name: str, born: str) -> str:
        first = between.format("ALPHA ONE", "01/02/1970")
        second = between.format(name, born)
        return f"{first}{BARE}\n{FIRST}\n\n{second}{BARE}\n{SECOND}\n"

    assert read_pdmp(of("ALPHA ONE", "01/02/1970"), TODAY, CONTENT).rows == 2
    if between:
        with pytest.raises(PdmpError, match=r"more than one person: line .*born 05/06/1981"):
            read_pdmp(of("BETA TWO", "05/06/1981"), TODAY, CONTENT)
        with pytest.raises(PdmpError, match=r"more than one person: line .*BETA"):
            read_pdmp(of("BETA TWO", "").replace("01/02/1970", ""), TODAY, CONTENT)


@pytest.mark.parametrize(
    ("head", "one", "other", "says"),
    [
        ("Patient Name,DOB", "ALPHA ONE,1970-01-02", ",", "line 3: nothing says whose fill it is"),
        ("Patient Address", "1 First Street", "2 Second Street", "different addresses"),
        ("Patient Name,DOB,Sex", "ALPHA ONE,1970-01-02,F", "ALPHA ONE,1970-01-02,M", "different sexes"),
    ],
)
def test_what_leaves_open_whose_a_fill_is_is_to_be_confirmed(head: str, one: str, other: str, says: str) -> None:
    found = read_pdmp(f"{head},{BARE}\n{one},{FIRST}\n{other},{SECOND}\n", TODAY, CONTENT)
    [note] = [note for note in found.notes if says in note]
    assert [note in notes for _, _, notes in found.told] == [False, True]
    alike = read_pdmp(f"{head},{BARE}\n{one},{FIRST}\n{one},{SECOND}\n", TODAY, CONTENT)
    assert not [note for note in alike.notes if "one person" in note]


def test_a_sex_that_is_not_said_is_of_nobody_else() -> None:
    assert (
        read_pdmp(f"Sex,{BARE}\nF,{FIRST}\nUnknown,{SECOND}\n,{FIRST}\n", TODAY, CONTENT).notes[0].startswith("line 4")
    )


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_lost() -> None:
    text = f"{BARE},Notes\n{FIRST},\n{SECOND},{{}}\n{FIRST},\n"
    assert read_pdmp(text.format("x" * 131_000), TODAY, CONTENT).rows == 3
    assert read_pdmp(text.format("") + " " * 140_000, TODAY, CONTENT).rows == 3
    with pytest.raises(PdmpError, match="line 3 cannot be read: a cell has more than 131,072 characters"):
        read_pdmp(text.format("x" * 132_000), TODAY, CONTENT)


@pytest.mark.parametrize("other", ["Drug Name", "drug_name", "Days Supply"])
def test_a_column_that_is_there_twice_is_refused(other: str) -> None:
    with pytest.raises(PdmpError, match=r"the column '.*' is there twice"):
        read_pdmp(f"{BARE},{other}\n{FIRST},METHADONE HCL 10 MG TABLET\n", TODAY, CONTENT)
    assert read_pdmp(f"{BARE},Notes,Notes\n{FIRST},,\n", TODAY, CONTENT).rows == 1


def test_a_line_end_in_a_cell_is_a_blank() -> None:
    [entry] = entries('2026-10-20,"OXYCODONE\r\nHCL TABLET",10 mg,120,30\n', BARE + "\n")
    assert (entry["name"], entry["dose"]) == ("OXYCODONE HCL TABLET 10 mg", {"oxycodone": 10})


def test_rows_that_a_quote_runs_together_are_refused() -> None:
    text = f"{BARE}\n{FIRST}\n2026-10-21,{{}}METHADONE HCL 10 MG TABLET,,90,30\n10/22/2026,ALPRAZOLAM 1 MG TABLET{{}},,60,30\n"
    assert read_pdmp(text.format("", ""), TODAY, CONTENT).rows == 3
    with pytest.raises(PdmpError, match="rows ran together in the one that ends on line 4"):
        read_pdmp(text.format('"', '"'), TODAY, CONTENT)
    remark = f'{BARE},Notes\n{FIRST},"seen\n10/22, came, again"\n'
    assert read_pdmp(remark, TODAY, CONTENT).rows == 1
