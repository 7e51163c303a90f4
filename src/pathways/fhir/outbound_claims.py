"""`bundle_claims`: what a Bundle of the kit claims to carry, read back from the Bundle alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .outbound_parts import SYSTEM, Json, code_of, first_ext, read_ext


def bundle_claims(bundle: Mapping[str, Any]) -> Json:
    """What a Bundle made by `case_to_bundle` carries, as plain data in its order. Resources of others are left out.

    ``plans``: each with its intent and activities (treatment, verb, phase, owners, what to check first, confidence);
    ``recommendations``: those that apply, are met or cannot be told, with what they ask; ``goals``, ``issues`` (with
    severity, actions) and ``risks`` (as text only); ``kit``: the versions; ``sources``: what it rests on.
    """
    resources = list(_resources(bundle))
    plans = [r for r in resources if r.get("resourceType") == "CarePlan"]
    return {
        "as_of": next((r["created"] for r in plans if "created" in r), None),
        "kit": _versions(resources),
        "content_status": next((s for r in plans for s in read_ext(r, "content-status")), None),
        "assumes": [path for r in plans for path in read_ext(r, "assumes")],
        "goals": [_goal(r) for r in resources if r.get("resourceType") == "Goal"],
        "plans": [_plan(r) for r in plans],
        "recommendations": [said for r in plans for said in _recommendations(r)],
        "issues": [_issue(r) for r in resources if r.get("resourceType") == "DetectedIssue"],
        "risks": [
            text for r in resources if r.get("resourceType") == "RiskAssessment" for text in read_ext(r, "risk-text")
        ],
        "sources": sorted({c["source"] for r in resources for c in _cites(r)}),
    }


def _resources(bundle: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in bundle.get("entry") or ():
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield resource


def _versions(resources: list[Mapping[str, Any]]) -> dict[str, str]:
    return {
        str(version["type"]["text"]): str(version["value"])
        for r in resources
        if r.get("resourceType") == "Device"
        for version in r.get("version", ())
    }


def _goal(goal: Mapping[str, Any]) -> Json:
    kinds = ("need", "matters-most", "own-words")
    said = goal.get("description", {})
    kind = next((k for k in kinds if code_of(said, k)), None)
    return {
        "kind": kind,
        "id": code_of(said, kind) if kind else None,
        "text": said.get("text"),
        "status": first_ext(goal, "need-status"),
        "required": first_ext(goal, "required"),
    }


def _plan(plan: Mapping[str, Any]) -> Json:
    details = [a.get("detail", {}) for a in plan.get("activity", ())]
    needs = first_ext(plan, "need-status", {})
    return {
        "id": plan.get("id"),
        "status": plan.get("status"),
        "intent": plan.get("intent"),
        "burden": first_ext(plan, "burden"),
        "needs": {need: values[0] for need, values in needs.items()},
        "activities": [_activity(d) for d in details if code_of(d.get("code"), "treatment")],
    }


def _activity(detail: Mapping[str, Any]) -> Json:
    return {
        "id": code_of(detail.get("code"), "treatment"),
        "verb": first_ext(detail, "verb"),
        "phase": first_ext(detail, "phase"),
        "owners": _owners(detail),
        "instead": read_ext(detail, "instead"),
        "check_first": read_ext(detail, "check-first"),
        "assumes": read_ext(detail, "assumes"),
        "confidence": first_ext(detail, "confidence"),
        "in_place": detail.get("status") == "in-progress",
    }


def _owners(detail: Mapping[str, Any]) -> list[str]:
    given = (p.get("identifier", {}) for p in detail.get("performer", ()))
    return [str(identifier["value"]) for identifier in given if identifier.get("system") == f"{SYSTEM}/role"]


def _recommendations(plan: Mapping[str, Any]) -> Iterator[Json]:
    for activity in plan.get("activity", ()):
        detail = activity.get("detail", {})
        if id := code_of(detail.get("code"), "recommendation"):
            asks, assumes = read_ext(detail, "asks"), read_ext(detail, "assumes")
            yield {"id": id, "status": "applies", "asks": asks, "assumes": assumes, "owners": _owners(detail)}
    for said in read_ext(plan, "recommendation"):
        asks, assumes = said.get("asks", []), said.get("assumes", [])
        yield {"id": said["id"][0], "status": said["status"][0], "asks": asks, "assumes": assumes, "owners": []}


def _issue(issue: Mapping[str, Any]) -> Json:
    kind = first_ext(issue, "issue-kind")
    return {
        "kind": kind,
        "id": code_of(issue.get("code"), f"issue-{kind}"),
        "severity": first_ext(issue, "severity"),
        "level": first_ext(issue, "level"),
        "members": read_ext(issue, "member"),
        "known": first_ext(issue, "known"),
        "detail": issue.get("detail"),
        "actions": [step["action"]["text"] for step in issue.get("mitigation", ())],
        "confidence": first_ext(issue, "confidence"),
    }


def _cites(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, Mapping):
        for cite in read_ext(value, "cite"):
            yield {"source": cite["source"][0], "at": cite["at"][0]}
        for key, inner in value.items():
            if key != "extension":
                yield from _cites(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cites(inner)
