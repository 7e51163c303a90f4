"""A case as FHIR R4: valid, a draft, without identity, escaped, and nothing that it claims to carry is lost."""

from __future__ import annotations

import copy
import json
import re
from datetime import date
from functools import cache
from typing import Any

import pytest

from pathways import __version__
from pathways.apps.cli import main
from pathways.fhir.outbound import case_to_bundle
from pathways.fhir.outbound_claims import bundle_claims
from pathways.fhir.outbound_parts import EXTENSION, markdown
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.pairs import pairs_of
from pathways.review.status import assumed, content_status, need_status
from tests.conftest import missing
from tests.reviews import CASES, NAMES, profile, reviewed

try:
    from fhir.resources.R4B.bundle import Bundle
except ImportError:
    Bundle = None


def checked(bundle: dict[str, Any]) -> dict[str, Any]:
    """A Bundle through the models of FHIR R4B and back. R4B and R4 say the same of every type that we write."""
    if Bundle is None:  # said once, by the test below; all else is held to the text
        return json.loads(json.dumps(bundle))
    return json.loads(Bundle.model_validate_json(json.dumps(bundle)).model_dump_json())


@cache
def bundle(name: str) -> dict[str, Any]:
    return case_to_bundle(reviewed(name))


def of_type(data: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in data["entry"] if e["resource"]["resourceType"] == kind]


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [s for inner in value.values() for s in strings(inner)]
    if isinstance(value, list):
        return [s for inner in value for s in strings(inner)]
    return [value] if isinstance(value, str) else []


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_models_of_fhir_are_at_hand_and_refuse_what_is_wrong() -> None:
    if Bundle is None:
        missing("fhir.resources is not installed")
    wrong = copy.deepcopy(bundle("low_risk"))
    del next(e for e in wrong["entry"] if e["resource"]["resourceType"] == "CarePlan")["resource"]["status"]
    with pytest.raises(ValueError, match="status"):
        checked(wrong)


# ---- what is claimed, said from the case and not from the Bundle ---------------------------------------------


def activity(item: Any) -> dict[str, Any]:
    option = item.option
    return {
        "id": option.id,
        "verb": item.verb,
        "phase": option.record.phase,
        "owners": list(option.record.owner),
        "instead": list(item.instead),
        "check_first": [words(label) for label in item.checks],
        "assumes": list(option.assumes),
        "confidence": option.record.confidence,
        "in_place": option.in_place == "yes",
    }


def expected_plans(case: Case) -> list[dict[str, Any]]:
    core = {"id": "plan-core", "status": "draft", "intent": "proposal", "burden": None, "needs": {}}
    whole = [
        {"id": f"plan-{n}", "status": "draft", "intent": "option", "burden": plan.burden, "needs": dict(plan.needs)}
        for n, plan in enumerate(case.shown.plans, 1)
    ]
    items = [case.shown.core, *(plan.items for plan in case.shown.plans)]
    return [{**p, "activities": [activity(i) for i in its]} for p, its in zip([core, *whole], items, strict=True)]


def expected_goals(case: Case) -> list[tuple[str, str, str | None]]:
    needs = [("need", n.record.id, need_status(case, n.record.id)) for n in case.findings.needs if n.raised]
    matters = case.profile.answers.get("matters_most", ())
    return [*needs, *(("matters-most", str(m), None) for m in matters)]  # what was typed stays behind


def expected_issues(case: Case) -> list[tuple[str, str]]:
    found = [("emergency", e.record.id) for e in case.findings.emergencies if e.state == "present"]
    found += [("interaction", p.record.id) for p in pairs_of(case.facts, content=case.content).found]
    found += [("closed", o.id) for o in case.options if o.verb == "Do not start"]
    return found + [("contradiction", id) for id in case.facts.contradictions]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_claimed_is_lost(name: str) -> None:
    case = reviewed(name)
    claims = bundle_claims(checked(bundle(name)))
    assert claims["plans"] == expected_plans(case)
    assert [(g["kind"], g["id"], g["status"]) for g in claims["goals"]] == expected_goals(case)
    assert sorted((i["kind"], i["id"]) for i in claims["issues"]) == sorted(expected_issues(case))
    assert all(i["actions"] and i["detail"] for i in claims["issues"] if i["kind"] != "closed")
    stands = {f.record.id: f for f in case.findings.recommendations if f.status != "does_not_apply"}
    assert len(claims["recommendations"]) == len(stands)
    for said in claims["recommendations"]:
        finding = stands[said["id"]]
        assert (said["status"], said["asks"]) == (finding.status, list(finding.asks))
        assert said["assumes"] == list(finding.assumes)
    assert claims["kit"] == {"kit": __version__, "content": case.content.hash}
    assert claims["content_status"] == content_status(case)
    assert claims["assumes"] == assumed(case)
    assert claims["as_of"] == str(case.profile.as_of)
    assert claims["risks"]
    assert claims["sources"]


@pytest.mark.parametrize("name", NAMES)
def test_the_models_of_fhir_accept_it_and_every_reference_leads_somewhere(name: str) -> None:
    data = bundle(name)
    checked(data)
    addresses = {e["fullUrl"] for e in data["entry"]}
    assert len(addresses) == len(data["entry"])
    references = re.findall(r'"reference": "([^"]+)"', json.dumps(data))
    assert references
    assert set(references) <= addresses
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", e["resource"]["id"]) for e in data["entry"])
    kinds = {e["resource"]["resourceType"] for e in data["entry"]}
    assert {"Patient", "Device", "CarePlan", "Goal", "RiskAssessment", "Provenance"} <= kinds
    assert kinds <= {"Patient", "Device", "CarePlan", "Goal", "RiskAssessment", "DetectedIssue", "Provenance"}
    targets = {t["reference"] for t in of_type(data, "Provenance")[0]["target"]}
    spoken = {
        e["fullUrl"] for e in data["entry"] if e["resource"]["resourceType"] in ("CarePlan", "Goal", "DetectedIssue")
    }
    assert spoken <= targets


@pytest.mark.parametrize("name", ["empty", *NAMES])
def test_nothing_in_it_is_an_empty_array_or_object(name: str) -> None:
    waiting: list[Any] = [case_to_bundle(review(Profile())) if name == "empty" else bundle(name)]
    while waiting:
        value = waiting.pop()
        assert value not in ([], {}, None)
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_draft_and_no_order_and_names_nobody(name: str) -> None:
    data = bundle(name)
    assert {p["status"] for p in of_type(data, "CarePlan")} == {"draft"}
    assert {p["intent"] for p in of_type(data, "CarePlan")} <= {"proposal", "option"}
    assert {g["lifecycleStatus"] for g in of_type(data, "Goal")} == {"proposed"}
    assert not any("achievementStatus" in g for g in of_type(data, "Goal"))
    for risk in of_type(data, "RiskAssessment"):
        assert risk["status"] == "preliminary"
        assert not any(
            k.startswith(("probability", "qualitativeRisk", "relativeRisk"))
            for p in risk.get("prediction", ())
            for k in p
        )
    [person] = of_type(data, "Patient")
    assert set(person) == {"resourceType", "id", "text"}
    assert all(
        set(p) == {"identifier", "display"}
        for c in of_type(data, "CarePlan")
        for a in c.get("activity", ())
        for p in a["detail"].get("performer", ())
    )


def test_title_and_notes_stay_behind() -> None:
    named = profile("back_pain_120_mme").model_copy(
        update={"title": "Zebulon Quagmire", "notes": "Zebulon's sister rang"}
    )
    assert "Zebulon" not in json.dumps(case_to_bundle(review(named)))


def test_what_is_not_confirmed_says_so() -> None:
    data = bundle("back_pain_120_mme")
    weak = {a["id"] for p in bundle_claims(data)["plans"] for a in p["activities"] if a["confidence"] == "recall"}
    assert weak
    for plan in of_type(data, "CarePlan"):
        for a in plan.get("activity", ()):
            id = a["detail"]["code"]["coding"][0]["code"]
            if id in weak:
                assert "not yet confirmed" in a["detail"]["description"]


HOSTILE = '<script>alert("1")</script> [x](javascript:alert(1)) ![i](http://evil.example/a) \u202eabc\x07 & "q"'


def test_text_from_outside_is_escaped_and_comes_back_as_text() -> None:
    data = profile("back_pain_120_mme").to_dict()
    data["answers"]["goal_text"] = HOSTILE
    for entry in data["medicines"]:
        entry["name"] = HOSTILE
    made = case_to_bundle(review(Profile.from_dict(data)), goal_text=True)
    checked(made)
    goal = next(g for g in bundle_claims(made)["goals"] if g["kind"] == "own-words")
    assert goal["text"] == words(HOSTILE).replace("\u202e", "").replace("\x07", "")
    assert not any("\u202e" in s or "\x07" in s for s in strings(made))
    divs = [r["text"]["div"] for e in made["entry"] if "text" in (r := e["resource"])]
    assert divs
    assert not any("<script" in d for d in divs)
    notes = [n["text"] for e in made["entry"] for n in e["resource"].get("note", ())]
    assert notes
    assert not any(re.search(r"(?<!\\)[<\[]|javascript:|http:", n) for n in notes)


def test_markdown_loses_its_meaning() -> None:
    assert markdown("# head") == r"\# head"
    assert markdown("1. one") == r"\1. one"
    assert markdown("<b>") == r"\<b\>"
    assert markdown("&lt;") == "&amp;lt;"


def test_same_case_same_bytes_and_another_case_other_addresses() -> None:
    case = review(profile("low_risk"))
    assert json.dumps(case_to_bundle(case)) == json.dumps(bundle("low_risk"))
    other = {e["fullUrl"] for e in bundle("cancer_pain")["entry"]}
    assert not other & {e["fullUrl"] for e in bundle("low_risk")["entry"]}


def test_without_a_day_it_is_valid_and_claims_none() -> None:
    undated = case_to_bundle(review(profile("low_risk").model_copy(update={"as_of": None})))
    assert bundle_claims(checked(undated))["as_of"] is None
    assert "timestamp" not in undated


def test_an_empty_case_is_valid() -> None:
    made = case_to_bundle(review(Profile(as_of=date(2026, 11, 2))))
    claims = bundle_claims(checked(made))
    assert claims["goals"] == []
    assert {r["status"] for r in claims["recommendations"]} == {"needs_information"}


def test_a_lost_activity_or_a_changed_verb_shows() -> None:
    """The round trip can fail: what is taken out of the Bundle is gone from the claims."""
    whole = bundle_claims(bundle("back_pain_120_mme"))
    for change in ("verb", "phase", "cite", "need-status", "issue-kind", "risk-text"):
        cut = json.loads(json.dumps(bundle("back_pain_120_mme")).replace(f"{EXTENSION}/{change}", f"{EXTENSION}/x"))
        assert bundle_claims(cut) != whole, change
    fewer = copy.deepcopy(bundle("back_pain_120_mme"))
    next(e for e in fewer["entry"] if e["resource"]["id"] == "plan-1")["resource"]["activity"].pop()
    assert bundle_claims(fewer)["plans"] != whole["plans"]


def test_other_bundles_claim_nothing() -> None:
    assert bundle_claims({})["plans"] == []
    foreign = {"entry": [{"resource": {"resourceType": "Goal", "description": {"text": "walk"}}}, {}, 3]}
    assert bundle_claims(foreign)["goals"][0]["kind"] is None


def test_export_writes_a_private_bundle(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    source = CASES / "back_pain_120_mme.toml"
    assert main(["export", str(source), "--fhir", str(out)]) == 0
    assert json.loads(out.read_text("utf-8")) == bundle("back_pain_120_mme")
    assert out.stat().st_mode & 0o777 == 0o600
    assert main(["export", str(source)]) == 2
    assert "--fhir" in capsys.readouterr().err
    assert main(["export", str(source), "--fhir", str(source)]) == 2


@pytest.mark.parametrize("audience", ["pain_clinic", "partner", "person"])
def test_others_get_what_consent_opens_and_the_notice(tmp_path: Any, audience: str) -> None:
    out = tmp_path / "out.json"
    assert main(["export", str(CASES / "neuropathy_fentanyl.toml"), "--fhir", str(out), "--audience", audience]) == 0
    made = json.loads(out.read_text("utf-8"))
    checked(made)
    notes = " ".join(n["text"] for p in of_type(made, "CarePlan") for n in p.get("note", ()))
    told = bundle_claims(made)
    recommended = {r["id"] for r in told["recommendations"] if r["status"] == "applies"}
    if audience == "person":
        assert "own record" in notes
        assert told["plans"] == bundle_claims(bundle("neuropathy_fentanyl"))["plans"]
    else:
        assert "Restricted" in notes
        assert "cdc2022.12" not in recommended
        assert "buprenorphine" not in out.read_text("utf-8").lower()


def test_it_is_always_labelled_restricted() -> None:
    assert {b["meta"]["security"][0]["code"] for b in map(bundle, NAMES)} == {"R"}
