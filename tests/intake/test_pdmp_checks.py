"""PDMP exports: what is said of the MME that an export prints, and of patches that nobody would wear at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.facts import derive
from pathways.facts.understood import of_case
from pathways.intake.names import read_name
from pathways.intake.patches import patch_lasts
from pathways.intake.pdmp import Pdmp, read_pdmp
from pathways.profile import Profile

CONTENT = load_content()
TODAY = date(2026, 11, 2)


def export(drug: str, quantity: float, days: float, printed: str | None) -> Pdmp:
    head, cell = ("", "") if printed is None else (",Daily MME", f",{printed}")
    return read_pdmp(
        f"Date Filled,Drug,Qty,Days{head}\n2026-10-25,{drug},{quantity:g},{days:g}{cell}\n", TODAY, CONTENT
    )


def mme(found: Pdmp) -> tuple[float | None, float | None]:
    span = derive(Profile.from_dict(found.case, CONTENT), content=CONTENT).mme
    return span.lo, span.hi


@pytest.mark.parametrize("printed", ["0", "0.0", "0 MME", "000", ".0"])
def test_a_nought_beside_an_opioid_is_told_and_not_used(printed: str) -> None:
    found = export("HYDROMORPHONE 4 MG TABLET", 90, 30, printed)
    [note] = found.notes
    assert "says 0 MME a day" in note
    assert "gives 60" in note
    assert "not used" in note
    assert mme(found) == (60, 60)


@pytest.mark.parametrize("printed", ["", "-", "n/a", "see note"])
def test_a_blank_beside_an_opioid_is_told(printed: str) -> None:
    found = export("MORPHINE SULFATE ER 30 MG TABLET", 60, 30, printed)
    [note] = found.notes
    assert "gives no MME" in note
    assert "gives 60" in note
    assert mme(found) == (60, 60)


@pytest.mark.parametrize(
    ("drug", "printed"),
    [
        ("MORPHINE SULFATE ER 30 MG TABLET", None), ("MORPHINE SULFATE ER 30 MG TABLET", "60"), ("DIAZEPAM 5 MG TABLET", "0"),
        ("DIAZEPAM 5 MG TABLET", ""), ("BUPRENORPHINE 8 MG SL TABLET", "0"), ("BUPRENORPHINE 8 MG SL TABLET", ""),
        ("GABAPENTIN 300 MG CAPSULE", "0.00"), ("MORPHINE SULFATE ER TABLET", ""), ("ZORBLAXONE 5 MG TABLET", "0"),
    ],
)  # fmt: skip  # data, read across
def test_nothing_is_said_where_nothing_is_amiss(drug: str, printed: str | None) -> None:
    assert export(drug, 60, 30, printed).notes == ()


@pytest.mark.parametrize(
    ("drug", "printed", "says"),
    [
        ("MORPHINE SULFATE ER TABLET", "60", "do not tell it"),  # no strength
        ("MORPHINE SULFATE ER TABLET", "0", "do not tell it"),
        ("DIAZEPAM 5 MG TABLET", "10", "has no factor for it"),
        ("BUPRENORPHINE 8 MG SL TABLET", "480", "leaves it out"),
    ],
)
def test_a_printed_one_that_cannot_be_compared_is_told(drug: str, printed: str, says: str) -> None:
    [note] = export(drug, 60, 30, printed).notes
    assert says in note


@given(
    st.sampled_from(("0", "", "7", "60", "61", "4000", "x")),
    st.sampled_from(("HYDROCODONE-ACETAMINOPHEN 10-325", "CODEINE 30 MG TABLET")),
)
def test_the_printed_mme_never_changes_what_is_reckoned(printed: str, drug: str) -> None:
    assert mme(export(drug, 120, 30, printed)) == mme(export(drug, 120, 30, None))


FENTANYL, BUTRANS = "FENTANYL 50 MCG/HR PATCH", "BUPRENORPHINE 15 MCG/HR PATCH"


@pytest.mark.parametrize(
    ("drug", "quantity", "days", "rate"),
    [
        (FENTANYL, 10, 30, 50), (FENTANYL, 5, 15, 50), (FENTANYL, 20, 30, 100), (BUTRANS, 4, 28, 15), (BUTRANS, 8, 28, 30),
        (FENTANYL, 30, 30, None), (FENTANYL, 15, 15, None), (FENTANYL, 90, 30, None), (BUTRANS, 28, 28, None), (BUTRANS, 12, 28, None),
        ("DURAGESIC TRANSDERMAL", 30, 30, None),
    ],
)  # fmt: skip  # data, read across
def test_more_patches_than_anybody_wears_are_settled_first(
    drug: str, quantity: float, days: float, rate: float | None
) -> None:
    found = export(drug, quantity, days, None)
    [entry] = found.case["medicines"]
    assert list(entry.get("dose", {}).values()) == ([] if rate is None else [rate])
    assert bool(found.problems) is (rate is None)
    assert all("worn at once" in problem and "check quantity and days supply" in problem for problem in found.problems)
    assert entry.get("use_unknown", False) is (rate is None)


@pytest.mark.parametrize(
    ("drug", "quantity", "days"), [(FENTANYL, 15, 30), (FENTANYL, 5, 30), (BUTRANS, 2, 28), (BUTRANS, 6, 28)]
)
def test_patches_that_are_no_whole_number_at_once_are_told(drug: str, quantity: float, days: float) -> None:
    found = export(drug, quantity, days, None)
    [note] = found.notes
    assert "how many are worn at once is not known" in note
    assert "dose" not in found.case["medicines"][0]


@pytest.mark.parametrize(
    "drug", ["LIDOCAINE 5% PATCH", "FENTANYL CITRATE 200 MCG LOZENGE", "FENTANYL 100 MCG/ML SOLUTION"]
)
def test_what_is_no_patch_of_days_is_not_counted_as_one(drug: str) -> None:
    assert not [
        line for line in (*export(drug, 30, 30, None).problems, *export(drug, 30, 30, None).notes) if "worn" in line
    ]


def test_how_long_a_patch_lasts() -> None:
    lasts = {name: patch_lasts(read_name(name, CONTENT), CONTENT) for name in (FENTANYL, BUTRANS, "LIDOCAINE 5% PATCH")}
    assert lasts == {FENTANYL: 3, BUTRANS: 7, "LIDOCAINE 5% PATCH": None}
    assert patch_lasts(read_name("48 HR fentanyl 0.05 MG/HR Transdermal System", CONTENT), CONTENT) == 2


# ---- supplies that no prescription covers, and injections that work for weeks --------------------------------


@pytest.mark.parametrize(
    ("drug", "quantity", "days", "believed"),
    [
        ("HYDROMORPHONE 4 MG TABLET", 360, 120, False),
        ("HYDROMORPHONE 4 MG TABLET", 360, 90, True),
        ("HYDROCODONE-ACETAMINOPHEN 5-325", 240, 100, False),  # in any combination
        ("METHYLPHENIDATE ER 36 MG TABLET", 180, 180, False),
        ("CODEINE SULFATE 30 MG TABLET", 240, 120, False),
        ("ACETAMINOPHEN-CODEINE 300-30", 240, 120, True),  # of schedule III
        ("TRAMADOL 50 MG TABLET", 480, 180, True),  # of schedule IV
        ("LORAZEPAM 1 MG TABLET", 180, 180, True),
    ],
)
def test_a_supply_for_longer_than_may_be_prescribed_is_named_and_not_used(
    drug: str, quantity: float, days: float, believed: bool
) -> None:
    found = export(drug, quantity, days, None)
    [entry] = found.case["medicines"]
    assert ("dose" in entry) is believed
    assert ("use_unknown" in entry) is not believed
    assert ("supply_days" in entry) is believed
    if believed:
        assert found.problems == ()
    else:
        [problem] = found.problems
        assert problem.startswith("line 2, ")
        assert "21 CFR 1306.12" in problem


def test_what_a_supply_limit_names_is_a_medicine_of_the_kit_and_in_its_schedule() -> None:
    [limit] = CONTENT.supply_limits.values()
    lower = {"tramadol", "buprenorphine", "pregabalin", "phentermine", "butalbital", "alprazolam", "carisoprodol"}
    assert set(limit.of) | set(limit.alone) <= set(CONTENT.medicines)
    assert not (set(limit.of) | set(limit.alone)) & lower
    not_prescribed = {
        "heroin",
        "nitazene",
        "carfentanil",
        "dextromoramide",
        "dipipanone",
        "levomethadyl",
        "piritramide",
        "tilidine",
    }
    opioids = (
        CONTENT.class_members("opioid_full_agonist") - not_prescribed - {"tramadol", "propoxyphene"}
    )  # of schedule IV
    assert opioids <= set(limit.of) | set(limit.alone)


@pytest.mark.parametrize(
    ("drug", "quantity", "days", "mg", "every"),
    [
        ("SUBLOCADE 100 MG/0.5 ML SYRINGE", 0.5, 30, 100, 30),
        ("SUBLOCADE 300 MG/1.5 ML SYRINGE", 1, 30, 300, 30),  # one syringe
        ("BRIXADI 16 MG/0.32 ML WEEKLY", 1.28, 28, 16, 7),  # four of them
        ("BRIXADI 64 MG/0.18 ML", 0.18, 28, 64, 28),
        ("VIVITROL 380 MG VIAL", 1, 28, 380, 28),
        ("VIVITROL 380 MG VIAL", 3, 84, 380, 28),
        ("SUBLOCADE 300 MG/1.5 ML SYRINGE", 1.2, 30, None, None),  # part of an injection
        ("SUBLOCADE 300 MG/1.5 ML SYRINGE", 1.5, 3, None, None),  # nobody has one in three days
        ("naltrexone 95 MG/ML Injectable Suspension [Vivitrol]", 4, 28, None, None),  # what one holds is not told
    ],
)
def test_an_injection_for_weeks_is_shown_as_an_injection(
    drug: str, quantity: float, days: float, mg: float | None, every: float | None
) -> None:
    found = export(drug, quantity, days, None)
    profile = Profile.from_dict(found.case, CONTENT)
    [medicine] = profile.medicines
    [line] = of_case(profile, content=CONTENT)
    if mg is None:
        assert dict(medicine.dose) == {}
        assert medicine.per_day_max is None
        assert any("do not tell how many injections" in note for note in found.notes)
        return
    [dose] = medicine.dose.values()
    assert dose == mg
    assert medicine.per_day_max == pytest.approx(1 / every, rel=0.001) if every else False
    assert f"{mg:g} mg, once in {every} days" in line.made


def test_other_injections_and_patches_are_read_as_before() -> None:
    [patch] = export("BUTRANS 10 MCG/HR PATCH", 4, 28, None).case["medicines"]
    assert (patch["dose"], patch["unit"]) == ({"buprenorphine": 10}, "mcg/h")
    [tablet] = export("BUPRENORPHINE 8 MG SL TABLET", 60, 30, None).case["medicines"]
    assert (tablet["dose"], tablet["per_day_max"]) == ({"buprenorphine": 8}, 2)
