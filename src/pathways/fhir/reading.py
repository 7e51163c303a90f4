"""`read`: from FHIR data to a profile, its orders and a report. Plain dicts: real records break strict models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..care.urine import SHOULD_FIND, answers_to
from ..content import Content, load_content
from ..disk.incoming import InputError, clean_data, from_json, read_file
from ..disk.limits import RECORD_BYTES
from ..disk.memory import no_collection
from ..profile import Condition, Observation, Profile, ProfileError
from . import plain
from .allergies import ReadAllergy, read_allergies
from .aside import evenings, set_aside
from .bills import read_bills
from .bundle import FhirError, Gathered, Resource, canonical, gather, parse_lines
from .conditions import read_conditions
from .events import notes_said, read_events
from .given import injections
from .happened import DrugTest, Event, Happened
from .in_use import reconciled
from .lists import read_lists
from .medicine_entries import how_many, medicine_entries
from .medicines import KINDS, Order, read_orders
from .person import died
from .plain import Data, Days, code, concept, obj
from .pregnancy import Known, pregnant_now
from .reasons import named_only, with_reasons
from .remarks import with_remarks
from .report import ImportReport, Notebook
from .stated import Read
from .whose import keep_one_person
from .windows import Fits

_CLASSES = {"outpatient": ("amb", "vr"), "inpatient": ("imp", "acute", "nonac"), "emergency_department": ("emer",)}
_MOST = {"conditions": 500, "medicines": 500, "observations": 5000, "allergies": 100}


@dataclass(frozen=True)
class Imported:
    """What was read: the ``profile`` and ``report``; the ``orders``, ``conditions``, ``events`` and ``tests`` behind it.

    ``hook`` is the name of the CDS hook, None for a Bundle. ``whole`` is False where lists are known to be cut off, and
    ``basket`` False where what is being ordered is not known. ``birth`` holds the days a birth date may mean.
    ``died`` is the day of death, or the day of this evaluation where the record only says that the person has died.
    ``others`` is what a request holds of other people than the one whom it asks about: nothing of it is in the profile.
    """

    profile: Profile
    report: ImportReport
    orders: tuple[Order, ...] = ()
    conditions: tuple[Read, ...] = ()
    events: tuple[Event, ...] = ()
    tests: tuple[DrugTest, ...] = ()
    birth: Days | None = None
    hook: str | None = None
    whole: bool = True
    basket: bool = True
    settings: Mapping[str, float] = field(default_factory=dict)
    died: date | None = None
    allergies: tuple[ReadAllergy, ...] = ()
    others: tuple[Resource, ...] = ()
    doubted: tuple[Resource, ...] = ()


@no_collection()
def read(
    data: Mapping[str, Any] | list[Any],
    as_of: date | None = None,
    *,
    content: Content | None = None,
    settings: Mapping[str, float] | None = None,
    rxnorm: Mapping[str, str] | None = None,
    clean: bool = False,
) -> Imported:
    """Read a Bundle, a list of resources or a CDS Hooks request. ``as_of`` is today; without it the day that a Bundle
    gives itself. ``settings`` overrides defaults of the site; ``rxnorm`` adds names of codes (`load_rxnorm`); ``clean``: the
    data is as `parse` and `load_json` gave it, which clean it. Raises FhirError for what is none of these, and OwnerError for
    the records of several people."""
    content = content or load_content()
    notes = Notebook()
    data = data if clean else _cleaned(data)
    found = gather(data, notes)
    keep_one_person(found, data, notes)
    set_aside(found, content, notes)
    with_remarks(found, content, notes)
    found.rxnorm = rxnorm or {}
    today = as_of or found.today
    if today is None:
        raise FhirError("say as of which day: the request does not (--as-of YYYY-MM-DD)")
    evenings(found, today, notes)
    with_reasons(found, content, notes)
    chosen = settings_of(content, settings)
    patient = _patient(found, today, content, notes)
    conditions = named_only(read_conditions(found, today, chosen["cancer_days"], content, notes))
    gone = died(patient, today, notes, found)
    happened = read_events(found, today, content, notes)
    told = [*happened.given, *read_lists(found, today, content, notes), *read_bills(found, today, content, notes)]
    each = (*read_orders(found, today, _oud(conditions, content), content, notes), *told)
    orders = reconciled(each, today, chosen, gone, notes)
    injections(orders, happened, content)
    allergies = read_allergies(found, content, notes)
    birth = plain.days(patient, "birthDate")
    answers = _answers(found, patient, orders, happened, content, notes)
    profile = _profile(
        today,
        answers,
        {
            **_entries(conditions, orders, happened, chosen, content),
            "allergies": [read.entry for read in allergies],
        },
        how_many(orders, today),
        found.whole,
        content,
        notes,
    )
    for resource in found.resources:
        if not notes_said(notes, resource.place):
            kind = "used" if resource.kind in KINDS else "not_used"
            word = "read" if kind == "used" else f"a {resource.kind}: nothing here reads it"
            notes.add(kind, resource.data, resource.place, "medicines" if kind == "used" else "entry", word)  # type: ignore[arg-type]  # "used" and "not_used" are kinds of a note
    return Imported(
        profile,
        notes.report(found.entries),
        orders,
        conditions,
        tuple(happened.events),
        tuple(happened.tests),
        birth,
        found.hook,
        found.whole,
        found.has_basket,
        chosen,
        gone,
        allergies,
        tuple(found.others),
        tuple(found.doubted),
    )


def _cleaned(data: Any) -> Any:
    """What a program hands over, clean as what comes from a file is. Raises FhirError."""
    try:
        return clean_data(data)
    except InputError as error:
        raise FhirError(str(error)) from None


def load(path: Path, as_of: date | None = None, **more: Any) -> Imported:
    """Read a file: JSON, or NDJSON with one resource a line; ``more`` as for `read`. Raises FhirError."""
    return read(load_json(path), as_of, clean=True, **more)


def load_json(path: Path) -> Any:
    """The data of a JSON or NDJSON file. Raises FhirError, naming what is wrong."""
    try:
        if path.is_dir():
            raise FhirError(f"{path}: this is a folder; name a JSON file")
        return parse(read_file(path, RECORD_BYTES))
    except FileNotFoundError:
        raise FhirError(f"{path}: there is no such file") from None
    except OSError as error:
        raise FhirError(f"{path}: cannot be read: {error.strerror}") from None
    except InputError as error:
        raise FhirError(f"{path}: {error}") from None
    except FhirError as error:
        raise FhirError(*(p if str(path) in p else f"{path}: {p}" for p in error.problems)) from None


@no_collection()
def parse(raw: bytes) -> Any:
    """JSON or NDJSON bytes as data. Raises FhirError."""
    try:
        said = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FhirError("this is not text in UTF-8") from None
    try:
        return from_json(said)
    except InputError as error:
        every = (
            said.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        )  # not splitlines: JSON may hold other line ends
        lines = [line.strip() for line in every if line.strip()]
        whole = sum(line.startswith("{") and line.endswith("}") for line in lines)
        if len(lines) > 1 and 2 * whole > len(lines):
            return parse_lines(every)
        raise FhirError(str(error)[:200]) from None


def settings_of(content: Content, given: Mapping[str, float] | None) -> dict[str, float]:
    """The settings of a site over the defaults. Raises FhirError for one that does not exist or is out of range."""
    chosen = {setting.id: setting.value for setting in content.order_settings.values()}
    for id, value in (given or {}).items():
        setting = content.order_settings.get(id)
        if setting is None:
            raise FhirError(f"no setting '{id}'; there are {', '.join(content.order_settings)}")
        if isinstance(value, bool) or not setting.lo <= value <= setting.hi:
            raise FhirError(f"setting {id}: {value!r} is not a number from {setting.lo:g} to {setting.hi:g}")
        chosen[id] = float(value)
    return chosen


# ---- the person ---------------------------------------------------------------------------------------------


def _patient(found: Gathered, today: date, content: Content, notes: Notebook) -> Data:
    patients = found.of("Patient")
    if not patients:
        notes.add("not_understood", "Patient/?", "Patient", "Patient", "no Patient: age and sex are not known")
        return {}
    births = {str(p.data.get("birthDate")) for p in patients if p.data.get("birthDate") is not None}
    if len(patients) > 1:
        notes.add("conflict", patients[0].data, patients[0].place, "Patient", f"{len(patients)} Patients")
        if len(births) > 1:
            return {}
    age = content.known("answer", "age in years")
    for patient in patients:
        notes.add(
            "used",
            patient.data,
            patient.place,
            f"answers.{age}",
            "age at the day of this evaluation; no name is kept",
        )
        born = plain.days(patient.data, "birthDate")
        if patient.data.get("birthDate") is not None and (born is None or years(born, today) is None):
            why = "not a date" if born is None else "no day on which a living person can be born: the age is not known"
            notes.add("not_understood", patient.data, patient.place, "birthDate", why)
    births_first = (
        [p.data for p in patients] if len(patients) == 1 else sorted((p.data for p in patients), key=canonical)
    )
    return next((data for data in births_first if data.get("birthDate") is not None), births_first[0])


def _oud(conditions: tuple[Read, ...], content: Content) -> bool | None:
    """Whether an opioid use disorder is on record, now or in remission; None where a condition cannot be read."""
    dependence = content.known("condition", "opioid dependence, as a code")
    coded = content.known("condition_group", "OUD, as a code")
    oud = [r.entry for r in conditions if r.entry.id == dependence]
    if any(entry.certainty == "coded" for entry in oud):
        return True
    vague = any(r.entry.id is None and coded not in r.entry.none_of and r.entry.status == "active" for r in conditions)
    return None if oud or vague else False


def years(birth: Days, today: date) -> tuple[int, int] | None:
    """The least and the most age in whole years; None for a birth date after today."""

    def on(day: date) -> int:
        return today.year - day.year - ((today.month, today.day) < (day.month, day.day))

    lo, hi = on(birth.last), on(birth.first)
    return (max(lo, 0), hi) if 0 <= hi <= 120 else None


# ---- the profile --------------------------------------------------------------------------------------------


def _answers(
    found: Gathered, patient: Data, orders: tuple[Order, ...], happened: Happened, content: Content, notes: Notebook
) -> dict[str, Any]:
    """What the resources say of the person, by the answer that it settles."""
    birth = plain.days(patient, "birthDate")
    age = years(birth, happened.as_of) if birth else None
    sex = code(patient, "gender")
    person = Known(happened.pregnant, happened.negative, age, sex)
    pregnant = pregnant_now(found, person, happened.as_of, content, notes)
    told = {
        "age in years": (age[0] if age[0] == age[1] else list(age)) if age else None,
        "sex of the person": sex if sex in ("female", "male", "other") else None,
        "where care takes place": _setting(found, orders),
        "whether pregnant": pregnant,
    }
    return happened.told | {content.known("answer", name): value for name, value in told.items() if value is not None}


def _entries(
    conditions: tuple[Read, ...],
    orders: tuple[Order, ...],
    happened: Happened,
    settings: Mapping[str, float],
    content: Content,
) -> dict[str, list[Any]]:
    """The three lists of the profile."""
    today = happened.as_of
    tests = _urine(happened, today, orders, settings, content)
    return {
        "conditions": list({tuple(e.__dict__.values()): e for e in (r.listed or r.entry for r in conditions)}.values()),
        "medicines": medicine_entries(orders, today, content, _MOST["medicines"]),
        "observations": _newest([*happened.observations, *tests]),
    }


def _profile(
    today: date,
    answers: dict[str, Any],
    entries: dict[str, list[Any]],
    medicines: int,
    whole: bool,
    content: Content,
    notes: Notebook,
) -> Profile:
    """The profile. ``medicines``: how many entries of them there would be."""
    complete = dict.fromkeys(("conditions", "medicines", "observations"), "assumed" if whole else "no")
    for name, most in _MOST.items():
        count = medicines if name == "medicines" else len(entries[name])
        if count > most:
            notes.add("conflict", "Bundle", name, name, f"{count} entries; the first {most} are kept")
            entries[name] = entries[name][:most]
            if name in complete:
                complete[name] = "no"
    data = {"as_of": today, "answers": answers, "complete": complete, **{k: tuple(v) for k, v in entries.items()}}
    try:
        return Profile.model_validate(data, context={"content": content})
    except ValueError as error:  # what no profile can hold is a fault of the data, told in one line
        raise FhirError(f"the record makes no profile: {' '.join(str(error).split())[:300]}") from None


def _newest(entries: list[Observation]) -> list[Observation]:
    """The entries that differ, the newest first."""
    told = {entry.model_dump_json(): entry for entry in entries}
    ordered = sorted(((entry.date or "", entry.measure, said) for said, entry in told.items()), reverse=True)
    return [told[said] for _, _, said in ordered]


def _setting(found: Gathered, orders: tuple[Order, ...]) -> str | None:
    """Where the person is treated: by the category of the orders being written or in use, else by the visit."""
    drafts = [o for o in orders if o.standing == "draft"]
    looked = drafts or [o for o in orders if o.use is not False and o.standing != "unclear" and not o.reported]
    said = {o.community for o in looked}
    if looked and said == {True}:
        return "outpatient"
    if looked and False in said:
        return "inpatient" if any(o.ward for o in looked) and True not in said else None
    if looked and None in said and found.hook:
        return None
    going_on = [r for r in found.of("Encounter") if code(r.data, "status") in ("in-progress", "arrived", "triaged")]
    for encounter in sorted(going_on, key=lambda r: str(r.data.get("period")), reverse=True):
        kind = concept(encounter.data, "class")
        for setting, words in _CLASSES.items():
            if kind.has(*words):
                return setting
    return None


def _urine(
    happened: Happened, today: date, orders: tuple[Order, ...], settings: Mapping[str, float], content: Content
) -> list[Observation]:
    """What the drug tests of one day say together, as the measure that the rules read."""
    by_day: dict[str, set[bool]] = {}
    told = Fits(orders, settings)
    for test in happened.tests:
        if not (
            test.sure and test.day and answers_to(test.tests, SHOULD_FIND) and test.day.first == test.day.last <= today
        ):
            continue
        if (verdict := told.fits(test)) is not None:
            by_day.setdefault(test.day.first.isoformat(), set()).add(verdict)
    made = []
    for day, verdicts in sorted(by_day.items()):
        word = "unexpected" if False in verdicts else "expected"
        entry = {"measure": content.known("measure", "prescribed opioid in urine"), "value": word, "date": day}
        made.append(Observation.model_validate(entry, context={"content": content}))
    return made


__all__ = [
    "Condition",
    "FhirError",
    "Imported",
    "ProfileError",
    "load",
    "load_json",
    "obj",
    "parse",
    "read",
    "settings_of",
    "years",
]
