"""Risks and issues of a case as FHIR: what was found, in words. No probability and no grade of risk: a score is no gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..content import models as m
from ..facts.given import known
from ..facts.words import say_value
from ..review.case import Case
from ..review.pairs import pairs_of, says
from .outbound_parts import SYSTEM, UNCONFIRMED, Entries, Json, cited, concept, ext, fhir_id, markdown, plain

SEVERITY: Mapping[str, str] = {
    "stop": "high",
    "major": "high",
    "timing": "moderate",
    "moderate": "moderate",
    "note": "low",
}
NO_GATE = "A score never closes a treatment; it may only be a reason to offer more."


# ---- risk ---------------------------------------------------------------------------------------------------


def risks(case: Case, entries: Entries) -> list[Json]:
    """What raises the safety needs, and the risk scores that somebody filled in, as text; and one overview always."""
    content, found = case.content, []
    for need in case.findings.needs:
        if need.record.harm and need.raised:
            because = "; ".join(str(reason["says"]) for reason in need.because) or need.record.title
            found.append(_risk(case, entries, "need", need.record.id, need.record.title, because, need.record.source))
    scores = [i for i in content.instruments.values() if i.risk and i.id in content.schema]
    filled = [i for i in scores if known(content, i.id, case.facts.values)]
    for score in filled:
        value = f"{score.short}: {say_value(content, score.id, case.facts.values[score.id])}. {NO_GATE}"
        found.append(_risk(case, entries, "instrument", score.id, score.title, value, score.source))
    unsettled = [e.record.title for e in case.findings.emergencies if e.state in ("possible", "not_asked")]
    lines = [says(pairs_of(case.facts, content=content))]
    if not filled:
        lines.append("No risk score was filled in. That does not say that the risk is low.")
    if unsettled:
        lines.append(f"Urgent signs not settled: {'; '.join(unsettled)}.")
    overview = _risk(case, entries, "overview", "overview", "How far risks were looked at", "See the notes.", ())
    overview["note"] = [{"text": markdown(line)} for line in lines]
    del overview["prediction"]
    return [*found, overview]


def _risk(case: Case, entries: Entries, kind: str, id: str, title: str, text: str, source: tuple[m.Cite, ...]) -> Json:
    resource: Json = {
        "resourceType": "RiskAssessment",
        "id": fhir_id("risk", kind, id),
        "extension": [ext("risk-text", text), *(cited(source) if source else ())],
        "status": "preliminary",
        "code": concept(f"risk-{kind}", id, title),
        "subject": entries.ref("person"),
        "performer": entries.ref("kit"),
        "prediction": [{"outcome": {"text": plain(title)}, "rationale": plain(text)}],
        "note": [{"text": markdown(text)}, {"text": NO_GATE}],
    }
    if case.profile.as_of:
        resource["occurrenceDateTime"] = case.profile.as_of.isoformat()
    return resource


# ---- issues -------------------------------------------------------------------------------------------------


def issues(case: Case, entries: Entries) -> list[Json]:
    """Emergencies that are present, medicines that meet, treatments that fit but are closed, contradictory answers."""
    found = [_emergency(case, entries, e) for e in case.findings.emergencies if e.state == "present"]
    found.sort(key=lambda issue: list(m.LEVELS).index(_level(issue)))
    for n, pair in enumerate(pairs_of(case.facts, content=case.content).found, 1):
        record = pair.record
        detail = f"{pair.a} with {pair.b}: {record.effect}"
        if not pair.known:
            detail += " (whether its condition holds is not known)"
        found.append(
            _Issue(
                "interaction",
                record.id,
                record.title,
                SEVERITY[record.severity],
                detail,
                (record.action, *([f"Wait: {record.wait}"] if record.wait else ())),
                record.source,
                (
                    ext("severity", record.severity),
                    ext("known", pair.known),
                    ext("how", pair.how),
                    ext("member", pair.a),
                    ext("member", pair.b),
                ),
                n,
            ).resource(case, entries)
        )
    for option in case.options:
        if option.verb == "Do not start":
            why = [c.label for c in option.closed_by]
            why += [f"{x.record.title} ({x.other})" for x in option.meets if x.closes]
            instead = [m.in_words(c.instead) for c in option.closed_by if c.instead]
            source = tuple(s for c in option.closed_by for s in c.source) or option.record.source
            found.append(
                _Issue(
                    "closed",
                    option.id,
                    f"Do not start: {option.record.short}",
                    "high",
                    "; ".join(why) or option.record.title,
                    instead,
                    source,
                ).resource(case, entries)
            )
    for id in case.facts.contradictions:
        title = case.content.contradictions[id].title
        issue = _Issue("contradiction", id, title, "moderate", title, ("Ask again",), ())
        found.append(issue.resource(case, entries))
    return found


def _level(issue: Json) -> Any:
    return next(x["valueString"] for x in issue["extension"] if x["url"].endswith("/level"))


def _emergency(case: Case, entries: Entries, emergency: Any) -> Json:
    record: m.Emergency = emergency.record
    extra = (ext("level", emergency.level or "this_visit"),)
    detail = "; ".join(emergency.labels)
    issue = _Issue("emergency", record.id, record.title, "high", detail, emergency.actions, record.source, extra)
    return issue.resource(case, entries)


class _Issue(NamedTuple):
    """One issue to be written: ``n`` tells those of one record apart."""

    kind: str
    id: str
    title: str
    severity: str
    detail: str
    actions: Sequence[str]
    source: tuple[m.Cite, ...]
    extra: Sequence[Json] = ()
    n: int = 0

    def resource(self, case: Case, entries: Entries) -> Json:
        detail = f"{self.detail} [{UNCONFIRMED}]" if self.source and m.lowest(self.source) == "recall" else self.detail
        resource: Json = {
            "resourceType": "DetectedIssue",
            "id": fhir_id("issue", self.kind, *([str(self.n)] if self.n else []), self.id),
            "extension": [ext("issue-kind", self.kind), *self.extra, *(cited(self.source) if self.source else ())],
            "identifier": [{"system": f"{SYSTEM}/{self.kind}", "value": self.id}],
            "status": "preliminary",
            "code": concept(f"issue-{self.kind}", self.id, self.title),
            "severity": self.severity,
            "patient": entries.ref("person"),
            "author": entries.ref("kit"),
            "detail": plain(detail),
        }
        if self.kind == "interaction":
            drug = {
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "DRG",
                "display": "Drug Interaction Alert",
            }
            resource["code"]["coding"].insert(0, drug)
        if steps := [{"action": {"text": plain(action)}} for action in self.actions]:
            resource["mitigation"] = steps
        if case.profile.as_of:
            resource["identifiedDateTime"] = case.profile.as_of.isoformat()
        return resource
