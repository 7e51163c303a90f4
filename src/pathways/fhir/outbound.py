"""`case_to_bundle`: a reviewed case as FHIR R4: CarePlans, Goals, RiskAssessments and DetectedIssues with their provenance.

Everything in it is a draft for a clinician: status draft, preliminary or proposed, never an order. No identity leaves:
the Patient is a stub, and the title and notes of a case, where people write names, stay behind. What stands in the
extensions of the kit can be read back with `bundle_claims`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import __version__
from ..content import models as m
from ..facts.words import ask_label
from ..review.actions import item_words
from ..review.case import Case
from ..review.findings import Finding
from ..review.plans import Item, Plan
from ..review.plans.present import what_matters
from ..review.questions import next_questions
from ..review.status import assumed, content_status, need_status
from .outbound_issues import issues, risks
from .outbound_parts import (
    SYSTEM,
    UNCONFIRMED,
    Entries,
    Json,
    cited,
    concept,
    digest,
    ext,
    fhir_id,
    markdown,
    narrative,
    owners,
    page_of,
    part,
    plain,
    profile_text,
)

PERSON, KIT, CORE = "person", "kit", "plan-core"
_CONFIDENTIAL = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}
SUPPORT = "Supports clinicians; it does not replace their judgement and gives no orders."


def case_to_bundle(case: Case, *, goal_text: bool = False) -> Json:
    """A case as one FHIR R4 Bundle of type collection. Same case, same bytes: it reads no clock.

    ``goal_text``: also the goal in the person's own words, where people write names and much else.
    """
    entries = Entries(_seed(case))
    entries.add(_person())
    entries.add(_kit(case))
    goals = _goals(case, entries, goal_text)
    told = [*risks(case, entries), *issues(case, entries)]
    plans = [_core(case, entries, goals, told)]
    plans += [_option(case, entries, goals, n, plan) for n, plan in enumerate(case.shown.plans, 1)]
    for resource in (*plans, *goals.values(), *told):
        entries.add(resource)
    entries.add(_provenance(case, entries))
    bundle: Json = {
        "resourceType": "Bundle",
        "id": fhir_id("pathways", _seed(case)[:16]),
        "meta": {
            # Always, whatever is in it: a label that came and went would say what a record holds.
            "security": [{**_CONFIDENTIAL}],
            "tag": [{"system": f"{SYSTEM}/CodeSystem/tag", "code": "draft", "display": content_status(case)}],
        },
        "type": "collection",
        "entry": entries.entries(),
    }
    if case.profile.as_of:
        bundle["timestamp"] = _instant(case)
    return bundle


def _seed(case: Case) -> str:
    return digest(case.content.hash, str(case.lens), profile_text(case))


def _instant(case: Case) -> str:
    # FHIR wants an instant; a case knows its day only. Midnight UTC stands for the day.
    return f"{case.profile.as_of}T00:00:00Z"


def _dated(case: Case, field: str) -> Json:
    return {field: case.profile.as_of.isoformat()} if case.profile.as_of else {}


# ---- who and what -------------------------------------------------------------------------------------------


def _person() -> Json:
    return {
        "resourceType": "Patient",
        "id": PERSON,
        "text": narrative("The person that this case is about. Identity is left out on purpose.", ()),
    }


def _kit(case: Case) -> Json:
    return {
        "resourceType": "Device",
        "id": KIT,
        "deviceName": [{"name": "Pathways", "type": "model-name"}],
        "type": {"text": "Software for clinical decision support"},
        "version": [
            {"type": {"text": "kit"}, "value": __version__},
            {"type": {"text": "content"}, "value": case.content.hash},
        ],
        "note": [{"text": f"Content: {content_status(case)}. {SUPPORT}"}],
    }


def _provenance(case: Case, entries: Entries) -> Json:
    used: dict[str, None] = {}
    for told in entries.resources:
        used.update(dict.fromkeys(_sources_of(told)))
    resource: Json = {
        "resourceType": "Provenance",
        "id": "provenance",
        "target": [entries.ref(r["id"]) for r in entries.resources if r["id"] not in (PERSON, KIT)],
        **_dated(case, "occurredDateTime"),
        "activity": {"text": "A case was held to the content of the kit"},
        "agent": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                            "code": "assembler",
                            "display": "Assembler",
                        }
                    ]
                },
                "who": entries.ref(KIT),
            }
        ],
        "entity": [{"role": "source", "what": _source(s)} for s in case.content.sources.values() if s.id in used],
    }
    if case.profile.as_of:
        resource["recorded"] = _instant(case)
    else:
        absent = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
        resource["_recorded"] = {"extension": [absent]}
    return resource


def _source(source: m.Source) -> Json:
    what: Json = {"identifier": {"system": f"{SYSTEM}/source", "value": source.id}, "display": plain(source.title)}
    if page := page_of(source):
        what["identifier"] = {"system": "urn:ietf:rfc:3986", "value": page, "type": {"text": source.id}}
    return what


def _sources_of(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        if value.get("url") == "source" and "valueString" in value:
            yield value["valueString"]
        for inner in value.values():
            yield from _sources_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sources_of(inner)


# ---- goals --------------------------------------------------------------------------------------------------


def _goals(case: Case, entries: Entries, goal_text: bool) -> dict[str, Json]:
    """A Goal for each need that is raised, for what matters most to the person, and, if asked for, their own words.

    No Goal says that it was met: a plan addresses a need, and only an outcome meets it.
    """
    goals: dict[str, Json] = {}
    for need in case.findings.needs:
        if need.raised:
            status = need_status(case, need.record.id)
            says = [str(reason["says"]) for reason in need.because]
            goals[need.record.id] = {
                **_goal(case, entries, "need", need.record.id, need.record.title),
                "extension": [
                    ext("need-status", status),
                    ext("required", need.record.required),
                    *cited(need.record.source),
                ],
                "note": [
                    {"text": markdown(f"In the first plan: {status.replace('_', ' ')}. Because of: {'; '.join(says)}")}
                ],
            }
    answers = case.profile.answers
    labels = case.content.answers[case.content.known("answer", "what matters most")].choices
    for id in what_matters(case.profile, case.content):
        goals[f"matters-{id}"] = _of_person(case, entries, "matters-most", id, labels.get(id, id))
    own = case.content.known("answer", "goal in own words")
    if goal_text and isinstance(text := answers.get(own), str) and text.strip():
        goals["own-words"] = _of_person(case, entries, "own-words", own, text)
    return goals


def _goal(case: Case, entries: Entries, kind: str, code: str, text: str) -> Json:
    return {
        "resourceType": "Goal",
        "id": fhir_id("goal", kind, code),
        "lifecycleStatus": "proposed",
        "description": concept(kind, code, code if kind == "own-words" else text, text),
        "subject": entries.ref(PERSON),
        **_dated(case, "startDate"),
    }


def _of_person(case: Case, entries: Entries, kind: str, code: str, text: str) -> Json:
    return {**_goal(case, entries, kind, code, text), "expressedBy": entries.ref(PERSON)}


# ---- plans --------------------------------------------------------------------------------------------------


def _plan(case: Case, entries: Entries, goals: Iterable[Json]) -> Json:
    return {
        "resourceType": "CarePlan",
        "status": "draft",
        "subject": entries.ref(PERSON),
        **_dated(case, "created"),
        "author": entries.ref(KIT),
        "goal": [entries.ref(goal["id"]) for goal in goals],
    }


def _core(case: Case, entries: Entries, goals: dict[str, Json], told: list[Json]) -> Json:
    applies = [f for f in case.findings.recommendations if f.status == "applies"]
    activities = [_statement(case, f) for f in applies]
    activities += [_item(case, entries, item, goals) for item in case.shown.core]
    status = f"{content_status(case)}; kit {__version__}; content {case.content.hash[:8]}"
    return _slim(
        {
            **_plan(case, entries, goals.values()),
            "id": CORE,
            "text": narrative(
                f"What stands whatever is decided ({status}). {SUPPORT}",
                (a["detail"]["description"] for a in activities),
            ),
            "extension": [
                ext("content-status", content_status(case)),
                *(ext("assumes", path) for path in assumed(case)),
                *(_standing(f) for f in case.findings.recommendations if f.status in ("met", "needs_information")),
            ],
            "intent": "proposal",
            "title": "What stands whatever is decided",
            "description": plain(f"Draft for the team: {status}. {SUPPORT}"),
            "supportingInfo": [entries.ref(resource["id"]) for resource in told],
            "activity": activities,
            "note": [{"text": markdown(text)} for text in _notes(case)],
        }
    )


def _option(case: Case, entries: Entries, goals: dict[str, Json], n: int, plan: Plan) -> Json:
    activities = [_item(case, entries, item, goals) for item in plan.items]
    told = [*(f"Caution: {c.text}" for c in plan.cautions), *(f"Gives up: {g}" for g in plan.gives_up)]
    told += [
        f"Order in time, {case.content.treatments[id].short} with {x.other}: {x.record.wait or x.record.effect}"
        for id, x in plan.timing
    ]
    return _slim(
        {
            **_plan(case, entries, goals.values()),
            "id": f"plan-{n}",
            "text": narrative(
                f"Whole plan {n}, one of the ways to decide", (a["detail"]["description"] for a in activities)
            ),
            "extension": [
                ext("need-status", [part(need, status) for need, status in sorted(plan.needs.items())]),
                ext("burden", plan.burden),
            ],
            "partOf": [entries.ref(CORE)],
            "intent": "option",
            "title": f"Whole plan {n} of {len(case.shown.plans)}",
            "activity": activities,
            "note": [{"text": markdown(text)} for text in told],
        }
    )


def _slim(resource: Json) -> Json:
    """Without empty lists: FHIR has none."""
    return {key: value for key, value in resource.items() if value != []}


def _item(case: Case, entries: Entries, item: Item, goals: dict[str, Json]) -> Json:
    record = item.option.record
    addressed = [a.need for a in record.addresses if a.need in goals]
    words = f"{item.verb}: {item_words(case, item)}"
    return {
        "detail": _slim(
            {
                "extension": [
                    ext("verb", item.verb),
                    ext("phase", record.phase),
                    *(ext("instead", id) for id in item.instead),
                    *(ext("check-first", check) for check in item.checks),
                    *(ext("assumes", path) for path in item.option.assumes),
                    *cited(record.source),
                ],
                "code": concept("treatment", record.id, record.title, record.short),
                "goal": [entries.ref(goals[need]["id"]) for need in dict.fromkeys(addressed)],
                "status": "in-progress" if item.option.in_place == "yes" else "not-started",
                "performer": owners(case.content, record.owner),
                "description": _marked(words, record.confidence),
            }
        )
    }


def _statement(case: Case, finding: Finding) -> Json:
    record = finding.record
    return {
        "detail": _slim(
            {
                "extension": [
                    ext("phase", record.phase),
                    ext("confirm", finding.confirm),
                    *(ext("asks", ask) for ask in finding.asks),
                    *(ext("assumes", path) for path in finding.assumes),
                    *cited(record.source),
                ],
                "code": concept("recommendation", record.id, record.title),
                "status": "unknown" if finding.confirm else "not-started",
                "performer": owners(case.content, record.owner),
                "description": _marked(
                    finding.action + (" (may be in place already: ask)" if finding.confirm else ""), record.confidence
                ),
            }
        )
    }


def _marked(text: str, confidence: m.Confidence) -> str:
    return plain(f"{text} [{UNCONFIRMED}]" if confidence == "recall" else text)


def _standing(finding: Finding) -> Json:
    """Where a recommendation stands that is no activity: met, or not to be told and what it needs."""
    return ext(
        "recommendation",
        [
            part("id", finding.record.id),
            part("status", finding.status),
            *(part("asks", ask) for ask in finding.asks),
            *(part("assumes", path) for path in finding.assumes),
        ],
    )


def _notes(case: Case) -> Iterable[str]:
    if case.view:
        yield from case.view.notices
    for fork in case.shown.forks:
        ways = " / ".join(a.title for a in fork.alternatives)
        yield f"To decide together: {fork.title}. Ways: {ways}. What would decide it: {'; '.join(fork.decided_by)}"
    for question in next_questions(case)[:3]:
        yield f"Ask next: {question.label} (settles: {'; '.join(question.settles[:2])})"
    unknown = sum(f.status == "needs_information" for f in case.findings.recommendations)
    if unknown:
        yield f"On {unknown} recommendations it cannot be told whether they apply: each is listed with what it needs."
    if paths := assumed(case):
        names = [
            f"the list of {path.removeprefix('complete.')} is complete"
            if path.startswith("complete.")
            else ask_label(case.content, path.removeprefix("answers."))
            for path in paths
        ]
        yield f"Assumed, not asked: {'; '.join(names)}"
    if case.frontier.single_sided:
        yield case.frontier.single_sided
