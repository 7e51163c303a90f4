"""What was doubtful of an import stays doubtful in the case that is saved, until somebody settles it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.facts.understood import Understood, keep_doubts, of_case, of_export
from pathways.fhir.reading import Imported, read
from pathways.fhir.understood import understood
from pathways.intake.pdmp import read_pdmp
from pathways.profile import Profile

CONTENT = load_content()
DAY = date(2026, 11, 2)


def record(*given: dict[str, Any]) -> Imported:
    people = [{"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01", "gender": "male"}]
    entries = [
        {"resource": {"id": f"r{n}", "subject": {"reference": "Patient/p"}, **one}} for n, one in enumerate(given)
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": people[0]}, *entries]}
    return read(bundle, DAY, content=CONTENT)


def order(name: str, taken: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-10-20",
        "medicationCodeableConcept": {"text": name}, "dosageInstruction": [{"text": taken}], **more,
    }  # fmt: skip  # a resource, read across


def result(loinc: str, value: float, unit: str) -> dict[str, Any]:
    coded = {"coding": [{"system": "http://loinc.org", "code": loinc}]}
    value_of = {"value": value, "unit": unit}
    return {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-10-20", "code": coded,
        "valueQuantity": value_of,
    }  # fmt: skip  # a resource, read across


UNSURE = {
    "on hold": order("lorazepam 0.5 mg tablet", "1 tab bid", status="on-hold"),
    "stopped by the person": order(
        "tramadol 50 mg tablet", "1 tab q8h", statusReason={"text": "Patient stopped taking"}
    ),
    "of long ago": order("gabapentin 300 mg capsule", "1 cap tid", authoredOn="2018-03-01"),
}


def saved(imported: Imported, folder: Path, ending: str = "toml") -> Profile:
    """The case of an import with what is doubtful of it, written and read again."""
    path = folder / f"case.{ending}"
    keep_doubts(imported.profile, understood(imported, content=CONTENT), CONTENT).save(path)
    return Profile.load(path, CONTENT)


def open_lines(lines: tuple[Understood, ...]) -> list[str]:
    return sorted(line.own or line.resource for line in lines if line.to_confirm)


@pytest.mark.parametrize("why", UNSURE)
def test_an_order_that_may_not_be_in_use_keeps_its_own_words_and_its_doubt(why: str, tmp_path: Path) -> None:
    own = UNSURE[why]["medicationCodeableConcept"]["text"]
    imported = record(UNSURE[why])
    [line] = of_case(saved(imported, tmp_path), content=CONTENT)
    assert line.own == own
    assert line.made == f"{own.split()[0]}, whether it is in use is not known"
    assert line.to_confirm
    assert not line.can_be_confirmed
    [plain] = of_case(imported.profile, content=CONTENT)  # though nobody kept its doubts
    assert (plain.own, plain.to_confirm) == (own, True)


def test_its_words_are_not_read_as_what_is_taken(tmp_path: Path) -> None:
    for why in UNSURE:
        imported = record(UNSURE[why])
        before = derive(imported.profile, content=CONTENT).values
        assert dict(derive(saved(imported, tmp_path), content=CONTENT).values) == dict(before), why
        assert imported.profile.medicines[0].ingredients == ()


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_as_much_is_to_be_confirmed_after_saving_as_before(tmp_path: Path, ending: str) -> None:
    imported = record(
        *UNSURE.values(),
        order("morphine 15 mg tablet", "1 tab grumbled"),
        order("glorbazine 3 mg", "daily"),
        result("2160-0", 97, "mg/dL"),
        result("44261-6", 40, "{score}"),
        {"resourceType": "Condition", "code": {"text": "grelling syndrome"}},
        {"resourceType": "Condition", "code": {"text": "asthma"}, "clinicalStatus": {"coding": [{"code": "active"}]}},
    )
    lines = understood(imported, content=CONTENT)
    case = saved(imported, tmp_path, ending)
    again = of_case(case, content=CONTENT)
    assert open_lines(again) == open_lines(lines)
    for line in lines:
        if line.to_confirm:
            [same] = [one for one in again if (one.own or one.resource) == (line.own or line.resource)]
            assert set(line.doubts) <= set(same.doubts)
    assert of_case(saved_once_more(case, again, tmp_path), content=CONTENT) == again


def saved_once_more(case: Profile, lines: tuple[Understood, ...], folder: Path) -> Profile:
    keep_doubts(case, lines, CONTENT).save(folder / "again.toml")
    return Profile.load(folder / "again.toml", CONTENT)


def test_a_doubt_goes_with_its_entry_and_ends_when_that_is_changed(tmp_path: Path) -> None:
    imported = record(order("morphine 15 mg tablet", "1 tab grumbled"), order("codeine 30 mg tablet", "1 tab bid"))
    data = saved(imported, tmp_path).to_dict()
    first, second = sorted(data["medicines"], key=lambda one: one["name"], reverse=True)
    other = Profile.from_dict({**data, "medicines": [second, first]}, CONTENT)
    assert open_lines(of_case(other, content=CONTENT)) == ["codeine 30 mg tablet", "morphine 15 mg tablet"]
    mended = Profile.from_dict(
        {**data, "medicines": [{**first, "dose": {"morphine": 15}, "per_day_min": 2, "per_day_max": 2}, second]},
        CONTENT,
    )
    assert open_lines(of_case(mended, content=CONTENT)) == ["codeine 30 mg tablet"]


def test_what_became_no_entry_stays_until_it_is_taken_out(tmp_path: Path) -> None:
    case = saved(record(result("44261-6", 40, "{score}")), tmp_path)
    [line] = of_case(case, content=CONTENT)
    assert (line.place, line.to_confirm, line.can_be_confirmed) == ("", True, False)
    assert of_case(keep_doubts(case, (), CONTENT), content=CONTENT) == ()


def test_the_remarks_of_an_export_stay_too(tmp_path: Path) -> None:
    text = (
        "Fill Date,Drug Name,Quantity,Days Supply,Prescriber\n"
        "2026-10-20,MORPHINE ER 15 MG TABLET,60,,A\n2026-10-21,GABAPENTIN 300 MG,90,30,A\n"
    )
    profile, remarks = of_export(read_pdmp(text, DAY, CONTENT), CONTENT)
    lines = of_case(profile, remarks, content=CONTENT)
    assert open_lines(lines)
    keep_doubts(profile, lines, CONTENT).save(tmp_path / "case.toml")
    assert open_lines(of_case(Profile.load(tmp_path / "case.toml", CONTENT), content=CONTENT)) == open_lines(lines)


def test_what_lacks_its_dose_or_is_an_error_cannot_be_confirmed() -> None:
    lines = understood(
        record(order("morphine 15 mg tablet", "1 tab grumbled"), result("2160-0", 97, "mg/dL")), content=CONTENT
    )
    assert [line.can_be_confirmed for line in lines if line.to_confirm] == [False, False]
    assert Understood("aspirin", "aspirin, dose not known, in use", (), "medicine 1").can_be_confirmed
    assert Understood("a", "asthma, active, coded", ("assumed: a code",), "condition 1").can_be_confirmed
