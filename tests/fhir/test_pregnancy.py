"""A pregnancy: what says that it goes on, that it ended, and what leaves it open."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.fhir.reading import read
from tests.fhir.requests import ICD, LOINC, SNOMED, TODAY, Json, ago, coded, condition, lab, request

CPT = "http://www.ama-assn.org/go/cpt"


def answers(*have: Json, **who: str) -> dict[str, Any]:
    given = request(hook="patient-view", have=have, birth=who.get("birth", "1994-02-01"))
    given["prefetch"]["item0"]["gender"] = who.get("sex", "female")
    return dict(read(given, TODAY).profile.answers)


def pregnant(*have: Json, **who: str) -> object:
    return answers(*have, **who).get("pregnant")


def coded_as(code: str, days: int = 40, text: str = "", system: str = ICD) -> Json:
    made = condition(system, code, id=f"c-{code}-{days}", recordedDate=ago(days))
    made["code"] |= {"text": text} if text else {}
    return made


def said(text: str, days: int = 40) -> Json:
    return condition("", "", id=f"t-{days}", code={"text": text}, recordedDate=ago(days))


def procedure(code: Json, days: int) -> Json:
    return {
        "resourceType": "Procedure",
        "id": "p-1",
        "status": "completed",
        "code": code,
        "performedDateTime": ago(days),
    }


CARRIED = coded_as("Z33.1", 200)


@pytest.mark.parametrize(
    "code",
    [
        "Z33.1",
        "Z34.82",
        "Z3A.20",
        "O09.92",
        "O09.292",
        "O10.012",
        "O24.410",
        "O26.842",
        "O34.219",
        "O36.8120",
        "O99.322",
        "O98.712",
        "O60.02",
    ],
)
def test_codes_that_say_that_a_pregnancy_goes_on(code: str) -> None:
    assert pregnant(coded_as(code)) is True


@pytest.mark.parametrize(
    "code",
    [
        "O00.109",
        "O01.9",
        "O02.1",
        "O03.9",
        "O04.80",
        "O08.1",
        "O10.03",
        "O24.430",
        "O60.12X0",
        "O70.1",
        "O72.1",
        "O80",
        "O82",
        "O85",
        "O86.4",
        "O90.6",
        "O91.12",
        "O92.5",
        "O94",
        "O98.73",
        "O99.03",
        "O99.215",
        "O99.325",
        "O99.893",
        "Z33.2",
        "Z37.0",
        "Z39.0",
        "Z39.2",
        "Z31.61",
        "Z32.02",
        "Z87.59",
    ],
)
def test_codes_of_birth_loss_and_after_say_none(code: str) -> None:
    assert pregnant(coded_as(code)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Pregnancy",
        "Pregnant, third trimester",
        "IUP at 22w3d",
        "Intrauterine pregnancy",
        "High risk pregnancy",
        "Twin pregnancy, second trimester",
        "Supervision of high risk pregnancy in second trimester",
        "Encounter for supervision of normal first pregnancy, first trimester",
        "G3P2, 32 weeks pregnant on Subutex",
        "Prenatal care",
        "Pregnancy complicated by opioid use disorder",
        "Threatened miscarriage",
        "Unplanned pregnancy",
        "28 weeks gestation",
    ],
)
def test_texts_that_say_that_a_pregnancy_goes_on(text: str) -> None:
    assert pregnant(said(text)) is True


@pytest.mark.parametrize(
    "text",
    [
        "Desires pregnancy",
        "Wants to become pregnant",
        "Infertility, desires pregnancy",
        "Trying to get pregnant",
        "Wants to avoid pregnancy",
        "Planning pregnancy",
        "Considering pregnancy",
        "Pregnancy ruled out",
        "Possible pregnancy",
        "R/O pregnancy",
        "Pregnancy?",
        "Not pregnant",
        "History of pregnancy",
        "Previous pregnancy with preeclampsia",
        "Pregnancy test",
        "Pregnancy test pending",
        "Pregnancy status unknown",
        "Molar pregnancy 2018",
        "Ectopic pregnancy",
        "Tubal pregnancy",
        "Pregnancy, delivered 4/2024",
        "Pregnancy ended in miscarriage",
        "Pregnancy loss",
        "Unwanted pregnancy, s/p TAB 3/2024",
        "Pregnancy, s/p C-section",
        "Termination of pregnancy",
        "Miscarriage",
        "Missed abortion",
        "Stillbirth",
        "Postpartum state",
        "Pregnancy induced hypertension 2015",
        "Pregnancy 2015",
        "Sister is pregnant",
        "Fear of pregnancy",
        "Pregnancy prevention",
        "Risk of pregnancy",
        "Pregnancy counseling",
        "Zorblax pregnancy",
        "Contraception, avoid pregnancy",
    ],
)
def test_wishes_plans_pasts_and_losses_are_no_pregnancy(text: str) -> None:
    assert pregnant(said(text)) is not True


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("Z33.1", "Pregnancy ruled out"),
        ("Z33.1", "Possible pregnancy"),
        ("Z34.90", "History of pregnancy"),
        ("Z33.1", "Pregnancy, delivered"),
        ("Z33.1", "Unwanted pregnancy, s/p TAB 3/2024"),
        ("Z33.1", "Miscarriage"),
        ("Z33.1", "Pregnancy test negative"),
    ],
)
def test_a_code_does_not_overrule_its_text(code: str, text: str) -> None:
    assert pregnant(coded_as(code, text=text)) is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("Z33.1", "Pregnant state, incidental"),
        ("O09.292", "Supervision of pregnancy with history of miscarriage, second trimester"),
        ("O34.219", "Maternal care for scar from previous cesarean delivery"),
        ("O26.21", "Pregnancy care for patient with recurrent pregnancy loss"),
    ],
)
def test_earlier_pregnancies_in_a_text_do_not_end_this_one(code: str, text: str) -> None:
    assert pregnant(coded_as(code, text=text)) is True


@pytest.mark.parametrize(
    "end",
    [
        coded_as("O80", 20),
        coded_as("O82", 20),
        coded_as("O03.9", 100),
        coded_as("Z33.2", 100),
        coded_as("Z39.0", 20),
        coded_as("Z39.2", 10),
        coded_as("O72.1", 20),
        coded_as("O99.325", 5),
        coded_as("F53.0", 5),
        coded_as("19169002", 100, system=SNOMED),
        coded_as("Z37.0", 20),
        said("Postpartum state", 10),
        said("Miscarriage", 60),
        said("s/p C-section", 10),
        said("Stillbirth", 10),
        said("s/p TAB", 60),
        procedure(coded(SNOMED, "177184002", "Vaginal delivery"), 20),
        procedure(coded(SNOMED, "11466000"), 20),
        procedure(coded(CPT, "59510"), 20),
        procedure(coded(CPT, "59820"), 90),
        procedure({"text": "Dilation and curettage for missed abortion"}, 90),
        lab("2106-3", "Negative", 3),
        condition(ICD, "O80", recordedDate=None),
    ],
    ids=str,
)
def test_what_ended_it_or_speaks_against_it_leaves_it_open(end: Json) -> None:
    assert pregnant(CARRIED) is True
    assert pregnant(CARRIED, end) is None


@pytest.mark.parametrize(
    "before",
    [
        coded_as("O80", 900),
        coded_as("O03.9", 400),
        said("Miscarriage", 500),
        procedure(coded(CPT, "59510"), 900),
        lab("2106-3", "Negative", 260),
        said("Cesarean section 2019", 10),
        coded_as("Z98.891", 900),
        coded_as("Z87.59", 20),
        said("Family history of stillbirth", 5),
    ],
    ids=str,
)
def test_an_earlier_birth_or_test_does_not_end_it(before: Json) -> None:
    assert pregnant(CARRIED, before) is True


def dated(code: str, value: Json, days: int = 20) -> Json:
    return {
        "resourceType": "Observation",
        "id": "o-1",
        "status": "final",
        "code": coded(LOINC, code),
        "effectiveDateTime": ago(days),
    } | value


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (dated("11778-8", {"valueDateTime": ago(-90)}), True),
        (dated("11779-6", {"valueDateTime": ago(-250)}), True),
        (dated("11778-8", {"valueDateTime": ago(60)}, 200), None),
        (dated("11778-8", {"valueString": "in spring"}), None),
        (dated("18185-9", {"valueQuantity": {"value": 22, "unit": "wk", "code": "wk"}}), True),
        (dated("49051-6", {"valueString": "22w3d"}), True),
        (dated("18185-9", {"valueQuantity": {"value": 154, "unit": "d", "code": "d"}}), True),
        (dated("18185-9", {"valueQuantity": {"value": 38, "unit": "wk", "code": "wk"}}, 60), None),
    ],
)
def test_due_dates_and_weeks(seen: Json, expected: bool | None) -> None:
    assert pregnant(seen) is expected
    assert pregnant(seen, coded_as("O80", 5)) is None


def test_weeks_on_record_say_how_long_it_may_last() -> None:
    assert pregnant(coded_as("Z3A.20", 100)) is True
    assert pregnant(coded_as("Z3A.38", 60)) is None
    assert pregnant(said("IUP at 36w0d", 100)) is None
    assert pregnant(coded_as("Z33.1", 290)) is True


def test_somebody_who_cannot_be_pregnant_is_asked() -> None:
    assert pregnant(coded_as("Z33.1"), sex="male") is None
    assert pregnant(coded_as("Z33.1"), birth="1950-01-01") is None
    assert pregnant(dated("11778-8", {"valueDateTime": ago(-90)}), birth="1950-01-01") is None


def test_breastfeeding_and_a_birth_are_on_record_while_recent() -> None:
    assert answers(coded_as("Z39.1", 20)).get("breastfeeding") is True
    assert answers(said("Breastfeeding", 20)).get("breastfeeding") is True
    assert "breastfeeding" not in answers(said("Not breastfeeding", 20))
    assert "breastfeeding" not in answers(coded_as("Z39.1", 400))
    assert answers(coded_as("O80", 20)).get("postpartum") is True
    assert "postpartum" not in answers(coded_as("O80", 60))
    assert "postpartum" not in answers(coded_as("O03.9", 20))
