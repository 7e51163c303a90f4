"""Requests for tests: a builder of small ones of our own, and the 38 of the reference material."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import kit
from pathways.fhir import FhirError, OrderFinding, order_findings, read

TODAY = date(2024, 6, 3)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
OXY = "oxycodone hydrochloride 5 MG Oral Tablet"
OXY_ER = "12 HR oxycodone hydrochloride 10 MG Extended Release Oral Tablet"
MORPHINE = "morphine sulfate 15 MG Oral Tablet"
FENTANYL = "72 HR fentanyl 0.025 MG/HR Transdermal System"
Json = dict[str, Any]


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def coded(system: str, code: str, display: str = "") -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def order(name: str = OXY, days: int | None = 5, written: int = 0, **changes: Any) -> Json:
    """A MedicationRequest: one unit a day, for ``days``, written so many days ago."""
    made: Json = {
        "resourceType": "MedicationRequest",
        "id": changes.pop("id", f"{name[:12]}-{written}".replace(" ", "-")),
        "status": "active",
        "intent": "order",
        "category": [{"coding": [{"code": "community"}]}],
        "medicationCodeableConcept": {"text": name},
        "authoredOn": ago(written),
        "dosageInstruction": [
            {
                "timing": {"repeat": {"frequency": changes.pop("times", 1), "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": changes.pop("units", 1), "unit": "tablet"}}],
            }
        ],
    }
    if days is not None:
        made["dispenseRequest"] = {"expectedSupplyDuration": {"value": days, "unit": "days", "code": "d"}}
    for key, value in changes.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = value
    return made


def condition(system: str, word: str, **changes: Any) -> Json:
    made: Json = {
        "resourceType": "Condition",
        "id": f"c-{word}",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "category": [{"coding": [{"code": "problem-list-item"}]}],
        "code": coded(system, word),
        "recordedDate": ago(40),
    }
    made.update(changes)
    return {key: value for key, value in made.items() if value is not None}


def lab(code: str, value: str | None, days: int | None, display: str = "") -> Json:
    made: Json = {
        "resourceType": "Observation",
        "id": f"o-{code}-{days}",
        "status": "final",
        "code": coded(LOINC, code, display),
    }
    if value is not None:
        made["valueString"] = value
    if days is not None:
        made["effectiveDateTime"] = ago(days)
    return made


def request(
    *drafts: Json, have: tuple[Json, ...] = (), hook: str = "order-sign", birth: str | None = "1980-02-01"
) -> Json:
    patient: Json = {"resourceType": "Patient", "id": "p", "gender": "female"}
    if birth:
        patient["birthDate"] = birth
    made: Json = {"hook": hook, "hookInstance": "x", "context": {"patientId": "Patient/p", "userId": "Practitioner/x"}}
    if hook != "patient-view":
        entries = [{"resource": draft} for draft in drafts]
        made["context"]["draftOrders"] = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    made["prefetch"] = {f"item{n}": resource for n, resource in enumerate((patient, *have))}
    return made


def findings(data: Json, as_of: date = TODAY) -> dict[str, OrderFinding]:
    return {f.record.id.removeprefix("cdc2022."): f for f in order_findings(read(data, as_of))}


def statuses(data: Json, as_of: date = TODAY) -> dict[str, str]:
    return {id: finding.status for id, finding in findings(data, as_of).items()}


def status(number: str, *drafts: Json, have: tuple[Json, ...] = (), **more: Any) -> str:
    return findings(request(*drafts, have=have, **more))[number].status


def answers(data: Json, as_of: date) -> dict[str, Any]:
    """All that a request leads to, without where in the file things stand."""
    imported = read(data, as_of)
    return {f.record.id: f.to_dict() for f in order_findings(imported)}


# ---- the reference material ---------------------------------------------------------------------------------


def reference_rows(reference: Callable[[str], Path]) -> Iterator[tuple[Json, Json]]:
    """Each row of the conformance cases with its request."""
    folder = reference("conformance")
    for row in json.loads((folder / "cases.json").read_text("utf-8")):
        yield row, json.loads((folder / "requests" / f"{row['id']}.json").read_text("utf-8"))


def seeds() -> list[tuple[Json, date]]:
    """Requests to change at random: a rich one of our own, and those of the reference material where it is at hand."""
    rich = request(
        order(OXY, 30, times=4),
        order("diazepam 5 MG Oral Tablet", 10),
        have=(
            order(OXY_ER, 30, 20), order(OXY_ER, 30, 50), condition(SNOMED, "78275009"), condition(ICD, "F11.20"),
            lab("11246-6", "NEG", 10), lab("19295-5", "POS", 200),
        ),
    )  # fmt: skip  # data, read across
    folder = kit.reference_folder()
    rows = []
    if folder is not None and (folder / "conformance").is_dir():
        rows = [(data, date.fromisoformat(row["as_of"])) for row, data in reference_rows(lambda name: folder / name)]
    return [*rows, (rich, TODAY)]


def records() -> list[tuple[Json, date]]:
    """Whole records to change at random: the sample that ships with the kit, and those of the reference material."""
    sample = Path(__file__).parents[2] / "sample_data" / "fhir"
    folder = kit.reference_folder()
    paths = sorted(sample.glob("*.json"))
    if folder is not None:
        paths += sorted((folder / "conformance" / "bundles").glob("*.json"))
    found = [(json.loads(path.read_text("utf-8")), TODAY) for path in paths]
    return found if folder is None else [*found, *_real(folder / "cases")]


def _real(folder: Path) -> Iterator[tuple[Json, date]]:
    """The records of real systems and public reports: each as it is, or beside what is right for it."""
    for path in sorted((*(folder / "records").glob("*.json"), *(folder / "reports").glob("*.json"))):
        data = json.loads(path.read_text("utf-8"))
        if isinstance(data, dict) and isinstance(data.get("input"), dict):
            yield data["input"], date.fromisoformat(str(data.get("as_of") or TODAY))
        elif isinstance(data, dict) and ("resourceType" in data or "hook" in data):
            yield data, TODAY


def survives(data: Any, as_of: date) -> bool:
    """Whether a request can be read; it never fails in any other way than with one clear error."""
    try:
        imported = read(data, as_of)
    except FhirError as error:
        if not 0 < len(str(error)) < 700:
            raise AssertionError(f"an error of {len(str(error))} characters") from error
        return False
    for finding in order_findings(imported):
        json.dumps(finding.to_dict(), allow_nan=False)
    json.dumps(imported.report.to_dict())
    json.dumps(imported.profile.to_dict())
    if left := imported.report.unaccounted():
        raise AssertionError(f"nothing is said about {left}")
    return True


# ---- changes ------------------------------------------------------------------------------------------------


def entries_of(data: Json) -> list[tuple[str, Any]]:
    """Every resource of a request, by where it stands."""
    found: list[tuple[str, Any]] = [("prefetch", key) for key in data.get("prefetch", {})]
    drafts = data["context"].get("draftOrders", {}).get("entry", [])
    return found + [("draft", n) for n in range(len(drafts))]


def without(data: Json, place: tuple[str, Any]) -> Json:
    made = copy.deepcopy(data)
    kind, key = place
    if kind == "prefetch":
        del made["prefetch"][key]
    else:
        del made["context"]["draftOrders"]["entry"][key]
    return made


def shuffled(data: Json, dice: Random) -> Json:
    made = copy.deepcopy(data)
    values = list(made["prefetch"].values())
    dice.shuffle(values)
    made["prefetch"] = {f"k{n}": value for n, value in enumerate(values)}
    if "draftOrders" in made["context"]:
        dice.shuffle(made["context"]["draftOrders"]["entry"])
    return made


def doubled(data: Json, dice: Random) -> Json:
    made = copy.deepcopy(data)
    kind, key = dice.choice(entries_of(data))
    if kind == "prefetch":
        made["prefetch"]["again"] = copy.deepcopy(made["prefetch"][key])
    else:
        entries = made["context"]["draftOrders"]["entry"]
        entries.append(copy.deepcopy(entries[key]))
    return made


def moved(value: Any, days: int) -> Any:
    """Every date inside a value, so many days later."""
    if isinstance(value, dict):
        return {key: moved(inner, days) for key, inner in value.items()}
    if isinstance(value, list):
        return [moved(inner, days) for inner in value]
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-" and value[7:8] == "-":
        try:
            day = date.fromisoformat(value[:10]) + timedelta(days=days)
        except ValueError:
            return value
        return day.isoformat() + value[10:]
    return value


_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -0.5, 10**30, "", "x", "2024-13-45", "9999-12-31", "0001-01-01", "2024", [], {}, [[]],
    [None], {"coding": None}, "\x00\ud800", "a" * 5000, {"value": "NaN"}, [1, "2", {}],
)  # fmt: skip  # data, read across


def mutated(data: Json, dice: Random) -> Json:
    """One to four random changes anywhere in a request: a value replaced, taken away, moved or copied."""
    made = copy.deepcopy(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        parents = [made]
        spots: list[tuple[Any, Any]] = []
        while parents:
            parent = parents.pop()
            keys = list(parent) if isinstance(parent, dict) else range(len(parent))
            for key in keys:
                spots.append((parent, key))
                if isinstance(parent[key], (dict, list)):
                    parents.append(parent[key])
        if not spots:
            return made
        parent, key = dice.choice(spots)
        match dice.randrange(5):
            case 0:
                del parent[key]
            case 1 | 2:
                parent[key] = copy.deepcopy(dice.choice(_ODD))
            case 3:
                other, place = dice.choice(spots)
                with contextlib.suppress(KeyError, IndexError):
                    parent[key] = copy.deepcopy(other[place])
            case 4:
                if isinstance(parent[key], str):
                    text = parent[key]
                    spot = dice.randrange(len(text) + 1)
                    parent[key] = (
                        text[:spot] + dice.choice(("", "0", "é", "-", "T", "\n")) + text[spot + dice.randrange(2) :]
                    )
                elif isinstance(parent[key], (int, float)) and not isinstance(parent[key], bool):
                    parent[key] = dice.choice((-parent[key], parent[key] * 1000, parent[key] / 7, float("inf")))
    return made


def mutated_bytes(raw: bytes, dice: Random) -> bytes:
    """A few bytes of a file changed, cut out or repeated."""
    made = bytearray(raw)
    for _ in range(dice.choice((1, 2, 5))):
        if not made:
            break
        spot = dice.randrange(len(made))
        match dice.randrange(4):
            case 0:
                made[spot] = dice.randrange(256)
            case 1:
                del made[spot : spot + dice.choice((1, 1, 3, 40))]
            case 2:
                made[spot:spot] = made[spot : spot + dice.choice((1, 8, 60))]
            case 3:
                made[spot:spot] = dice.choice((b"{", b"]", b'"', b",", b"\\u0000", b"1e999", b"null"))
    return bytes(made)
