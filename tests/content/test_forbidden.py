"""The list of what must not be shown is a lock only if it can close: every rule of it is made to bite, and to let go."""

from __future__ import annotations

import ast
import copy
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pathways.content import load_content
from tests import forbidden
from tests.conftest import reference_path
from tests.forbidden import FORBIDS, STARTS, bites, rules, unsafe_words, violations
from tests.reviews import data

RULES = {rule["id"]: rule for rule in rules()["rule"]}
AS_OF = "2026-11-02"
KEYS = {"id", "row", "what", "when", "unless", "after", "unless_item_says", "or_keeps", *FORBIDS}
OWN = {"answer", "latest", "seen", "item", "event", "has", "takes", "stopped", "any", "all", "two"}


# ---- the file -----------------------------------------------------------------------------------------------


def test_forty_rules_each_with_a_row_and_words() -> None:
    assert len(RULES) == len(rules()["rule"]) >= 40
    for rule in RULES.values():
        assert set(rule) <= KEYS, rule["id"]
        assert set(rule) & FORBIDS, rule["id"]
        assert rule["what"].endswith("."), rule["id"]


def test_every_row_stands_in_the_facts_sheet() -> None:
    sheet = reference_path("clinical-facts.md").read_text("utf-8")
    ids = set(re.findall(r"^\| (?:\*\*)?([A-Z][A-Z0-9]*-[A-Z0-9]+[a-z]?)\b", sheet, re.MULTILINE))
    assert {rule["row"] for rule in RULES.values()} <= ids


def test_the_checker_imports_nothing_of_the_kit() -> None:
    tree = ast.parse(Path(forbidden.__file__).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= {
        "__future__", "re", "tomllib", "collections", "datetime", "functools", "pathlib", "typing",
    }  # fmt: skip  # data, read across


def test_the_names_that_it_uses_exist() -> None:
    """A rule over a name that nothing has any more would be silent for ever."""
    content = load_content()
    for names in rules()["medicines"].values():
        assert set(names) <= set(content.medicines)
    for rule in RULES.values():
        treatments = {
            t
            for kind in ("start", "keep", "change", "silent", "untimed", "no_plan", "or_keeps")
            for t in rule.get(kind, ())
        }
        treatments |= {t for kind in ("together", "unsaid") for side in rule.get(kind, ()) for t in side}
        treatments |= {t for ids in rule.get("lacks", {}).values() for t in ids}
        assert treatments <= set(content.treatments), rule["id"]
        for prefix in [rule["applies"]["prefix"]] if "applies" in rule else []:
            assert any(id.startswith(prefix) for id in content.recommendations)
            assert set(rule["applies"]["but"]) <= set(content.recommendations)
        for test in _leaves([*rule.get("when", ()), *rule.get("unless", ())]):
            kind = next(iter(test))
            assert kind in OWN, rule["id"]
            known: Any = {
                "answer": content.answers,
                "latest": content.measures,
                "seen": content.measures,
                "event": content.measures,
                "has": {**content.conditions, **content.condition_groups},
                "takes": rules()["medicines"],
                "stopped": rules()["medicines"],
                "two": rules()["medicines"],
            }.get(kind)
            if kind == "item":
                instrument, item = test["item"].split(".")
                assert item in {i.id for i in content.instruments[instrument].items}
            else:
                names = test[kind] if isinstance(test[kind], list) else [test[kind]]
                assert set(names) <= set(known), rule["id"]


def _leaves(tests: list[Any]) -> list[Any]:
    return [
        leaf for test in tests for leaf in (_leaves(test["any"]) if "any" in test else _leaves(test["all"]) if "all" in test else [test])
    ]  # fmt: skip  # data, read across


# ---- every rule, by a made-up review -------------------------------------------------------------------------


def blank_review() -> dict[str, Any]:
    """A review that shows nothing: every treatment that fits, is clear, and stands in no plan."""
    profile: dict[str, Any] = {"answers": {}, "medicines": [], "conditions": [], "observations": []}
    options = [
        {
            "id": id, "verb": "Ask", "fit": "indicated", "safety": "clear", "in_place": "no", "precautions": [],
            "check_first": [], "conflicts": [],
        }
        for id in load_content().treatments
    ]  # fmt: skip  # data, read across
    return {
        "as_of": AS_OF,
        "profile": profile,
        "options": options,
        "core": [],
        "forks": [],
        "plans": [],
        "findings": [],
    }


def make_true(test: dict[str, Any], review: dict[str, Any]) -> None:
    """Change a profile so that a test holds for it."""
    profile = review["profile"]
    match next(iter(test)):
        case "any":
            make_true(test["any"][0], review)
        case "all":
            for inner in test["all"]:
                make_true(inner, review)
        case "takes":
            entry = {"name": "x", "ingredients": [rules()["medicines"][test["takes"]][0]], "state": "current"}
            profile["medicines"].append({**entry, "purpose": test.get("purpose")})
        case "two":
            for name in rules()["medicines"][test["two"]][:2]:
                profile["medicines"].append({"name": "x", "ingredients": [name], "state": "current"})
        case "stopped":
            stop = (date.fromisoformat(AS_OF) - timedelta(days=test["days"])).isoformat()
            entry = {"name": "x", "ingredients": [rules()["medicines"][test["stopped"]][0]], "state": "stopped"}
            profile["medicines"].append({**entry, "stop": stop})
        case "has":
            profile["conditions"].append({"id": test["has"][0]})
        case "answer":
            profile["answers"][test["answer"]] = _value(test)
        case "latest" | "seen" as kind:
            profile["observations"].append({"measure": test[kind], "value": _value(test), "date": AS_OF})
        case "item":
            instrument, item = test["item"].split(".")
            profile["observations"].append({"measure": instrument, "items": {item: _value(test)}, "date": AS_OF})
        case "event":
            profile["observations"].append({"measure": test["event"], "date": AS_OF})


def _value(test: dict[str, Any]) -> Any:
    if "is" in test:
        return test["is"]
    if "above" in test:
        return test["above"] + 1
    if "below" in test:
        return test["below"] - 1
    return test.get("at_least", test.get("at_most"))


def plan_of(*items: tuple[str, str]) -> dict[str, Any]:
    return {
        "items": [{"id": id, "verb": verb, "instead": []} for id, verb in items], "conflicts": [], "timing": [],
    }  # fmt: skip  # data, read across


def break_rule(rule: dict[str, Any], kind: str, review: dict[str, Any]) -> None:
    """Put into a review what one part of a rule forbids."""
    options = {o["id"]: o for o in review["options"]}
    match kind:
        case "start":
            options[rule["start"][0]]["verb"] = "Consider"
        case "keep":
            review["plans"] = [plan_of((rule["keep"][0], "Keep"))]
        case "change":
            options[rule["change"][0]]["verb"] = "Do not start"
        case "silent":
            review["plans"] = [plan_of((rule["silent"][0], "Offer"))]
        case "together" | "unsaid":
            review["plans"] = [plan_of(*((side[0], "Offer") for side in rule[kind]))]
        case "lacks":
            review["plans"] = [plan_of((rule["lacks"].get("with", ["exercise"])[0], "Offer"))]
        case "no_plan":
            review["plans"] = [plan_of(("exercise", "Offer"))]
        case "untimed":
            review["plans"] = [plan_of((rule["untimed"][0], "Offer"))]
        case "applies":
            review["findings"] = [{"id": rule["applies"]["prefix"] + "x", "status": "applies"}]
        case "says":
            review["findings"] = [{"id": "x", "status": "", "action": SAYS[rule["id"]][0][0]}]


def mend(rule: dict[str, Any], kind: str, review: dict[str, Any]) -> None:
    """Say what the rule asks for, or take away what it forbids."""
    options = {o["id"]: o for o in review["options"]}
    match kind:
        case "start" | "change":
            options[rule[kind][0]]["verb"] = "Do not start" if kind == "start" else "Offer"
        case "keep":
            review["plans"][0]["items"][0]["verb"] = "Change"
        case "silent":
            options[rule["silent"][0]]["conflicts"] = [{"severity": "major"}]
        case "together":
            review["plans"][0]["items"].pop()
        case "unsaid":
            a, b = (side[0] for side in rule["unsaid"])
            review["plans"][0]["conflicts"] = [{"a": b, "b": a, "severity": "moderate"}]
        case "lacks" | "no_plan":
            wanted = rule["lacks"]["one_of"][0] if kind == "lacks" else rule["no_plan"][0]
            review["plans"][0]["items"].append({"id": wanted, "verb": "Offer", "instead": []})
        case "untimed":
            review["plans"][0]["timing"] = [{"item": rule["untimed"][0]}]
        case "applies":
            review["findings"][0]["status"] = "does_not_apply"
        case "says":
            review["findings"][0]["action"] = SAYS[rule["id"]][1][0]


PARTS = [(id, kind) for id, rule in RULES.items() for kind in sorted(set(rule) & FORBIDS)]


@pytest.mark.parametrize(("rule_id", "kind"), PARTS)
def test_every_part_of_every_rule_bites_and_lets_go(rule_id: str, kind: str) -> None:
    rule = RULES[rule_id]
    review = blank_review()
    assert violations(review) == []
    for test in rule.get("when", ()):
        make_true(test, review)
    assert bites(rule_id, review)
    break_rule(rule, kind, review)
    assert any(v.startswith(f"{rule_id} (") for v in violations(review))

    elsewhere = copy.deepcopy(review)
    elsewhere["profile"] = blank_review()["profile"]
    if rule.get("when"):
        assert not any(v.startswith(f"{rule_id} (") for v in violations(elsewhere))
    mended = copy.deepcopy(review)
    mend(rule, kind, mended)
    assert not any(v.startswith(f"{rule_id} (") for v in violations(mended))


@pytest.mark.parametrize("rule_id", [id for id, rule in RULES.items() if rule.get("unless")])
def test_what_lifts_a_rule_lifts_it(rule_id: str) -> None:
    for lifting in RULES[rule_id]["unless"]:
        review = blank_review()
        for test in RULES[rule_id].get("when", ()):
            make_true(test, review)
        assert bites(rule_id, review)
        make_true(lifting, review)
        assert not bites(rule_id, review)


def test_each_way_into_a_situation_counts() -> None:
    """Every branch of every "any" makes its rule bite on its own."""
    for rule in RULES.values():
        for n, test in enumerate(rule.get("when", ())):
            for branch in test.get("any", ()):
                review = blank_review()
                for m, other in enumerate(rule["when"]):
                    make_true(branch if m == n else other, review)
                assert bites(rule["id"], review), (rule["id"], branch)


@pytest.mark.parametrize(
    ("rule_id", "change"),
    [
        ("methadone_started_above_qtc_500", {"observations": [{"measure": "qtc_ms", "value": 500, "date": AS_OF}]}),
        ("methadone_started_above_qtc_500", {"observations": [{"measure": "qtc_ms", "value": 520, "date": "2024-01-01"}]}),
        ("nsaid_in_severe_kidney_disease", {"observations": [{"measure": "egfr", "value": 30, "date": AS_OF}]}),
        ("nsaid_late_in_pregnancy", {"answers": {"weeks_pregnant": 19}}),
        ("nsaid_late_in_pregnancy", {"answers": {"weeks_pregnant": [18, 22]}}),
        ("naltrexone_too_soon", {"answers": {"opioid_free_days": 7}}),
        ("naltrexone_just_before_surgery", {"observations": [{"measure": "surgery", "date": "2026-12-03"}]}),
        ("antidepressant_on_an_maoi", {"observations": [{"measure": "last_maoi_dose", "date": "2026-10-19"}]}),
        ("nsaid_in_heart_failure", {"conditions": [{"id": "heart_failure", "certainty": "refuted"}]}),
        ("nsaid_in_heart_failure", {"conditions": [{"id": "heart_failure", "certainty": "suspected"}]}),
        ("second_nsaid", {"medicines": [{"name": "ibuprofen", "state": "stopped"}]}),
        ("second_nsaid", {"medicines": [{"name": "something for the joints", "state": "current"}]}),
    ],
)  # fmt: skip  # data, read across
def test_just_short_of_a_rule_it_does_not_bite(rule_id: str, change: dict[str, Any]) -> None:
    review = blank_review()
    review["profile"] |= change
    assert not bites(rule_id, review)


def test_a_medicine_counts_by_name_and_by_class_too() -> None:
    for entry in ({"name": "Oxycodone HCl 5 mg"}, {"name": "something", "class": "opioid"}, {"dose": {"morphine": 5}}):
        review = blank_review()
        review["profile"]["medicines"] = [{**entry, "state": "current"}]
        assert bites("naltrexone_on_an_opioid", review)


def test_a_newer_value_replaces_an_older_one() -> None:
    review = blank_review()
    review["profile"]["observations"] = [
        {"measure": "egfr", "value": 25, "date": "2026-01-01"},
        {"measure": "egfr", "value": 55, "date": "2026-10-01"},
    ]
    assert not bites("nsaid_in_severe_kidney_disease", review)


def test_one_line_with_two_names_is_a_choice_and_not_a_pair() -> None:
    review = blank_review()
    review["plans"] = [plan_of(("gabapentin", "Offer"))]
    review["plans"][0]["items"][0]["instead"] = ["pregabalin"]
    assert violations(review) == []
    review["plans"] = [plan_of(("gabapentin", "Offer"), ("pregabalin", "Offer"))]
    assert violations(review) != []


# ---- words --------------------------------------------------------------------------------------------------

SAYS: dict[str, tuple[list[str], list[str]]] = {
    "abrupt_stop": (
        [
            "Stop the opioid at once.",
            "Discontinue methadone immediately",
            "Do not hesitate: stop alprazolam abruptly.",
            "Plan a rapid taper.",
        ],
        [
            "Never stop the opioid abruptly.",
            "Do not stop it at once; go slowly.",
            "Slowly, over months, with pauses.",
            "No abrupt stop, no abandonment",
        ],
    ),
    "discharge_as_a_consequence": (
        ["Discharge the patient after a second positive test.", "Withhold MOUD until the screen is negative"],
        [
            "A positive test is never a reason to dismiss a person.",
            "Do not discharge the person.",
            "Do not withhold MOUD.",
        ],
    ),
}


@pytest.mark.parametrize("rule_id", list(SAYS))
def test_words(rule_id: str) -> None:
    forbidden_words, fair_words = SAYS[rule_id]
    for text in forbidden_words:
        assert unsafe_words(RULES[rule_id], text), text
    for text in fair_words:
        assert unsafe_words(RULES[rule_id], text) is None, text


def test_the_words_of_the_profile_are_not_the_kits() -> None:
    review = blank_review()
    review["profile"]["notes"] = "Was told to stop everything at once."
    assert violations(review) == []


# ---- a real review, doctored ---------------------------------------------------------------------------------


def doctored(name: str) -> dict[str, Any]:
    return copy.deepcopy(data(name))


def item(id: str, verb: str) -> dict[str, Any]:
    return {"id": id, "verb": verb, "instead": [], "check_first": []}


def names(review: dict[str, Any]) -> set[str]:
    return {v.split(" ")[0] for v in violations(review)}


def test_naltrexone_slipped_into_a_plan_is_found() -> None:
    review = doctored("neuropathy_fentanyl")
    review["plans"][0]["items"].append(item("naltrexone_xr", "Offer"))
    assert {"naltrexone_on_an_opioid", "naltrexone_with_an_agonist_in_one_plan", "closed_treatment_started"} <= names(
        review
    )


def test_medication_for_oud_taken_out_of_every_plan_is_found() -> None:
    review = doctored("neuropathy_fentanyl")
    for plan in review["plans"]:
        plan["items"] = [i for i in plan["items"] if i["id"] not in ("buprenorphine", "methadone_otp")]
    assert "moud_withheld" in names(review)
    one = doctored("neuropathy_fentanyl")
    one["plans"][0]["items"] = [
        i for i in one["plans"][0]["items"] if i["id"] not in ("buprenorphine", "methadone_otp")
    ]
    assert "moud_withheld" not in names(one)


def test_methadone_kept_as_it_is_with_a_long_qtc_is_found() -> None:
    review = doctored("methadone_qtc_above_500")
    for entry in [*review["options"], *review["core"], *(i for p in review["plans"] for i in p["items"])]:
        if entry["id"] == "methadone_otp":
            entry["verb"] = "Keep"
    assert {"methadone_kept_above_qtc_500", "closed_treatment_kept"} <= names(review)


@pytest.mark.parametrize(
    ("name", "id", "rule"),
    [
        ("older_adult_ckd_oa", "nsaid_oral", "nsaid_in_severe_kidney_disease"),
        ("older_adult_ckd_oa", "duloxetine", "duloxetine_in_kidney_failure"),
        ("methadone_qtc_above_500", "nortriptyline", "tricyclic_and_qt_drug_above_500"),
        ("back_pain_120_mme", "acetaminophen", "acetaminophen_for_chronic_back_pain"),
        ("back_pain_120_mme", "gabapentin", "gabapentinoid_for_axial_back_pain"),
        ("back_pain_120_mme", "epidural_steroid", "epidural_for_axial_pain"),
        ("low_risk", "nsaid_oral", "second_nsaid"),
        ("remission_before_surgery", "naltrexone_xr", "naltrexone_just_before_surgery"),
        ("pregnancy_with_oud", "opioid_taper", "taper_in_pregnancy"),
        ("pregnancy_with_oud", "nsaid_oral", "nsaid_late_in_pregnancy"),
    ],
)
def test_an_unsafe_start_in_a_fork_or_the_core_is_found(name: str, id: str, rule: str) -> None:
    for where in ("core", "option"):
        review = doctored(name)
        if where == "core":
            review["core"].append(item(id, "Consider"))
        else:
            next(o for o in review["options"] if o["id"] == id)["verb"] = "Consider"
        assert rule in names(review)


def test_a_closed_treatment_may_stand_only_as_change() -> None:
    review = doctored("older_adult_ckd_oa")
    assert next(o for o in review["options"] if o["id"] == "nsaid_oral")["safety"] == "contraindicated"
    for verb in STARTS:
        changed = copy.deepcopy(review)
        changed["plans"][0]["items"].append(item("nsaid_oral", verb))
        assert "closed_treatment_started" in names(changed)


def test_the_general_locks_close() -> None:
    review = blank_review()
    option = next(o for o in review["options"] if o["id"] == "exercise")
    review["plans"] = [plan_of(("exercise", "Do not start"))]
    assert names(review) == {"no_verb_of_a_plan"}
    review["plans"] = [plan_of(("exercise", "Offer"))]
    option["fit"] = "needs_information"
    assert names(review) == {"unfit_treatment_started"}
    option["fit"] = "indicated"
    option["check_first"] = [{"label": "x"}]
    assert names(review) == {"open_check_not_named"}
    option["check_first"] = []
    review["plans"] = [plan_of(("exercise", "Offer"), ("exercise", "Offer"))]
    assert names(review) == {"item_twice"}
    review["plans"] = [plan_of(("exercise", "Offer"))]
    review["plans"][0]["conflicts"] = [{"a": "a", "b": "b", "severity": "stop"}]
    assert names(review) == {"stop_pair_in_a_plan"}


def test_a_plan_that_keeps_the_naltrexone_in_use_withholds_nothing() -> None:
    for verb, bitten in (("Keep", False), ("Change", True)):
        review = blank_review()
        review["profile"]["answers"]["oud_status"] = "active"
        review["plans"] = [plan_of(("naltrexone_xr", verb))]
        assert any(v.startswith("moud_withheld") for v in violations(review)) is bitten
