"""What a review must never show: a second lock that reads `forbidden.toml` and the JSON of a review, and nothing else.

It imports nothing of the kit. A test of a profile is true only when it is surely true: what is unknown makes no rule bite.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
STARTS = ("Offer", "Consider", "Check first")
HELD = "After this"
"""The verb of what waits for an emergency: it will be started, and answers nothing now."""
STAYS = ("Keep", "Keep with", "Check", "Verify")
"""What goes on being taken while a plan is made: with its mitigation, or until a check or a contradiction is settled."""
IN_PLAN = (*STARTS, "After this", *STAYS, "Change")
FORBIDS = {
    "start", "keep", "change", "silent", "together", "unsaid", "lacks", "no_plan", "untimed", "applies", "says",
}  # fmt: skip  # data, read across


@cache
def rules() -> Json:
    """The file: its lists of medicines, and its rules."""
    return tomllib.loads(Path(__file__).with_name("forbidden.toml").read_text("utf-8"))


def violations(case: Json) -> list[str]:
    """Every way in which a review shows what it must not, as "rule (row): where"; empty when there is none."""
    said = [f"{name} (general): {where}" for name, where in _general(case)]
    for rule in rules()["rule"]:
        if all(holds(t, case) for t in rule.get("when", ())) and not any(
            holds(t, case) for t in rule.get("unless", ())
        ):
            said += [f"{rule['id']} ({rule['row']}): {where}" for where in _broken(rule, case)]
    return said


def bites(rule_id: str, case: Json) -> bool:
    """Whether the situation of a rule is there: what its tests ask for holds, and nothing lifts it."""
    rule = next(r for r in rules()["rule"] if r["id"] == rule_id)
    return all(holds(t, case) for t in rule.get("when", ())) and not any(holds(t, case) for t in rule.get("unless", ()))


# ---- the situation ------------------------------------------------------------------------------------------


def holds(test: Json, case: Json) -> bool:
    """Whether a test is surely true of the profile in a review."""
    profile = case["profile"]
    kind = next(iter(test))
    match kind:
        case "any":
            return any(holds(t, case) for t in test["any"])
        case "all":
            return all(holds(t, case) for t in test["all"])
        case "takes":
            return any(
                m["state"] == "current"
                and in_list(m, test["takes"])
                and test.get("purpose") in (None, m.get("purpose"))
                for m in profile.get("medicines", ())
            )
        case "two":
            names = rules()["medicines"][test["two"]]
            taken = [m for m in profile.get("medicines", ()) if m["state"] == "current"]
            return len({name for name in names for m in taken if name in _ingredients(m, names)}) > 1
        case "stopped":
            return any(
                m["state"] == "stopped"
                and in_list(m, test["stopped"])
                and _days(case, m.get("stop"), last=test["days"])
                for m in profile.get("medicines", ())
            )
        case "has":
            return any(
                c.get("id") in test["has"]
                and c.get("status", "active") == "active"
                and c.get("certainty", "confirmed") in ("confirmed", "coded")
                for c in profile.get("conditions", ())
            )
        case "answer":
            return _answer(test, profile.get("answers", {}))
        case "latest":
            values = _latest(case, test["latest"], test.get("days"))
            return bool(values) and all(_compare(test, value) for value in values)
        case "seen":  # at any time, whatever else may be newer: for what lifts a rule
            return any(
                o["measure"] == test["seen"] and _compare(test, o.get("value")) for o in profile.get("observations", ())
            )
        case "item":
            instrument, item = test["item"].split(".")
            found = _observations(case, instrument, test.get("days"))
            return bool(found) and _compare(test, found[-1].get("items", {}).get(item))
        case "event":
            dates = [o.get("date") for o in profile.get("observations", ()) if o["measure"] == test["event"]]
            return any(_days(case, d, last=test.get("last"), ahead=test.get("next")) for d in dates)
    raise ValueError(f"no test of the kind '{kind}'")


def in_list(medicine: Json, name: str) -> bool:
    """Whether a medicine entry is surely in one of the lists: by ingredient, by a word of its name, or by class."""
    names = rules()["medicines"][name]
    classes = {name + end for end in ("", "_class", "_oud", "_pain")}
    return bool(_ingredients(medicine, names) & set(names)) or medicine.get("class") in classes


def _ingredients(medicine: Json, names: Iterable[str]) -> set[str]:
    """The ingredients of an entry: as listed, or those of ``names`` that its text holds."""
    ingredients = set(medicine.get("ingredients") or medicine.get("dose") or ())
    text = medicine.get("name", "").lower()
    return ingredients or {i for i in names if re.search(rf"\b{re.escape(i.replace('_', ' '))}\b", text)}


def _answer(test: Json, answers: Json) -> bool:
    if test["answer"] not in answers:
        return False
    value = answers[test["answer"]]
    several = value if isinstance(value, (list, tuple)) else [value]
    return all(_compare(test, v) for v in several)


def _compare(test: Json, value: Any) -> bool:
    if value is None:
        return False
    checks = {
        "is": lambda: value == test["is"] and type(value) is type(test["is"]),
        "above": lambda: value > test["above"],
        "below": lambda: value < test["below"],
        "at_least": lambda: value >= test["at_least"],
        "at_most": lambda: value <= test["at_most"],
    }
    asked = [check for name, check in checks.items() if name in test]
    return bool(asked) and all(check() for check in asked)


def _latest(case: Json, measure: str, days: int | None) -> list[Any]:
    """The newest value; of several from one day nobody can tell which came last, so all of them."""
    found = _observations(case, measure, days)
    return [o.get("value") for o in found if o["date"] == found[-1]["date"]]


def _observations(case: Json, measure: str, days: int | None) -> list[Json]:
    """The dated observations of a measure within ``days``, oldest first; none is sure when one cannot be read."""
    if any(o["measure"] == "unrecognized" for o in case["profile"].get("observations", ())):
        return []
    seen = [o for o in case["profile"].get("observations", ()) if o["measure"] == measure]
    if len(seen) > 1 and any(len(o.get("date") or "") < 10 for o in seen):
        return []  # which of them is the newest cannot be told
    found = [o for o in seen if o.get("date")]
    return sorted((o for o in found if _days(case, o["date"], last=days or 99_999)), key=lambda o: o["date"])


def _days(case: Json, text: str | None, *, last: int | None = None, ahead: int | None = None) -> bool:
    """Whether a date surely lies in the last, or the next, so many days: with only a month, each of its days must."""
    if text is None or case.get("as_of") is None or len(text) < 7:
        return False
    as_of = date.fromisoformat(case["as_of"])
    first = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    end = first if len(text) == 10 else (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last is not None:
        return timedelta(0) <= as_of - end and as_of - first <= timedelta(days=last)
    return ahead is not None and timedelta(0) <= first - as_of and end - as_of <= timedelta(days=ahead)


# ---- what a review shows ------------------------------------------------------------------------------------


def _ids(item: Json) -> list[str]:
    return [item["id"], *item.get("instead", ())]


def _held(plan: Json, ids: Iterable[str], verbs: Iterable[str] = IN_PLAN) -> list[str]:
    """Those of ``ids`` that a plan holds with one of ``verbs``, those that fold into a line included."""
    verbs = tuple(verbs)
    held = [(id, item["verb"]) for item in plan["items"] for id in _ids(item)]
    return [id for id in ids if any(id == h and verb in verbs for h, verb in held)]


def _going(plan: Json, ids: Iterable[str], options: Mapping[str, Json]) -> list[str]:
    """Those of ``ids`` that a plan starts or goes on with. What something true closes is verified to be changed, not to go on."""
    found = _held(plan, ids, (*STARTS, HELD, *STAYS))
    return [id for id in found if not (_held(plan, [id], ["Verify"]) and options[id]["safety"] == "contraindicated")]


def _shown(case: Json) -> Iterator[tuple[str, str, str | None, Json]]:
    """Everything the page puts before people as (where, treatment, verb, item)."""
    options = {o["id"]: o for o in case["options"]}
    for n, plan in enumerate(case["plans"], 1):
        for item in plan["items"]:
            for id in _ids(item):
                yield f"plan {n}", id, item["verb"], item
    for item in case["core"]:
        for id in _ids(item):
            yield "core", id, item["verb"], item
    for fork in case["forks"]:
        for alternative in fork["alternatives"]:
            for id in alternative["items"]:
                yield f"fork {fork['id']}", id, options[id]["verb"], options[id]
    for option in case["options"]:
        yield "options", option["id"], option["verb"], option


def _broken(rule: Json, case: Json) -> Iterator[str]:
    options = {o["id"]: o for o in case["options"]}
    plans = list(enumerate(case["plans"], 1))
    wrong = {"start": (*STARTS, HELD), "keep": ("Keep", "Keep with"), "change": ("Change", "Do not start")}
    for kind, verbs in wrong.items():
        for where, id, verb, item in _shown(case):
            if id in rule.get(kind, ()) and verb in verbs and not _item_says(rule, item):
                yield f"{where} has {verb} {id}"
    for n, plan in plans:
        for id in _held(plan, rule.get("silent", ())):
            if not _speaks(options[id]) and not _held(plan, [id], ["Change"]):  # what changes does not go on
                yield f"plan {n} has {id} and says nothing about it"
        if "together" in rule:
            a, b = (_going(plan, side, options) for side in rule["together"])
            single = len(a) == len(b) == 1
            told = single and (_folded(plan, a[0], b[0]) or _doubted(plan, options[a[0]], options[b[0]]))
            if a and b and not told:
                yield f"plan {n} has {a[0]} with {b[0]}"
        if "unsaid" in rule:
            yield from (f"plan {n}: {text}" for text in _unsaid(plan, rule["unsaid"], options))
        if "lacks" in rule:
            needs = rule["lacks"]
            bound = "with" not in needs or _held(plan, needs["with"])
            if bound and not _held(plan, needs["one_of"]):
                yield f"plan {n} has none of {', '.join(needs['one_of'])}"
        for id in _held(plan, rule.get("untimed", ()), STARTS):
            if not any(line["item"] == id for line in plan["timing"]):
                yield f"plan {n} starts {id} and does not say when"
    # What is in use and stays is not withheld; what is to be changed does not count.
    kept = any(_held(plan, rule.get("or_keeps", ()), STAYS) for _, plan in plans)
    if "no_plan" in rule and plans and not kept and not any(_held(plan, rule["no_plan"]) for _, plan in plans):
        yield f"no plan has {' or '.join(rule['no_plan'])}"
    if "applies" in rule:
        for finding in case["findings"]:
            id = finding["id"]
            bound = id.startswith(rule["applies"]["prefix"]) and id not in rule["applies"]["but"]
            if bound and finding["status"] in ("applies", "met"):
                yield f"{id} {finding['status']}"
    if "says" in rule and any(unsafe_words(rule, text) for text in set(plain_texts(case))):
        for where, text in texts(case):
            if found := unsafe_words(rule, text):
                yield f"{where}: '{found}'"


def unsafe_words(rule: Json, text: str) -> str | None:
    """The words of a text that a rule's pattern forbids, unless the clause before them says never, not or the like."""
    for found in re.finditer(rule["says"], text, re.IGNORECASE):
        if not re.search(rule["after"], text[: found.start()], re.IGNORECASE):
            return found.group()
    return None


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a review that the kit wrote itself; the profile is someone else's words."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not (where == "" and key in ("profile", "sources")):
                yield from texts(inner, f"{where}.{key}".strip("."))
    elif isinstance(value, (list, tuple)):
        for n, inner in enumerate(value):
            yield from texts(inner, f"{where}[{n}]")


def plain_texts(value: Any, top: bool = True) -> Iterator[str]:
    """The same texts without their places, for a quick look whether there is anything to report."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not (top and key in ("profile", "sources")):
                yield from plain_texts(inner, False)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from plain_texts(inner, False)


def _item_says(rule: Json, item: Json) -> bool:
    """Whether an item carries the word that makes it safe: among its owners, its open checks or its precautions."""
    word = rule.get("unless_item_says")
    said = [item.get(key) for key in ("owner", "delivered_by", "check_first", "precautions")]
    return word is not None and word in str(said).lower()


def _speaks(option: Json) -> bool:
    """Whether an option says anything against itself: a precaution, an open check, or a conflict above a note."""
    weighty = [c for c in option["conflicts"] if c["severity"] != "note"]
    return bool(option["safety"] != "clear" or option["precautions"] or option["check_first"] or weighty)


def _folded(plan: Json, a: str, b: str) -> bool:
    """Whether two treatments stand in one line as "a or b": then they are alternatives, not together."""
    return any({a, b} <= set(_ids(item)) for item in plan["items"])


def _doubted(plan: Json, a: Json, b: Json) -> bool:
    """Whether the list says that both are in use, the plan asks which is true, and each names the other as a stop."""
    both = [o["id"] for o in (a, b) if o["in_place"] == "yes" and any(c["severity"] == "stop" for c in o["conflicts"])]
    return len(_held(plan, both, ["Verify"])) == 2


def _unsaid(plan: Json, sides: list[list[str]], options: Json) -> Iterator[str]:
    for a in _held(plan, sides[0]):
        for b in _held(plan, sides[1]):
            if _folded(plan, a, b):
                continue
            named = any({a, b} == {c["a"], c["b"]} for c in plan["conflicts"])
            if not named and not _speaks(options[a]) and not _speaks(options[b]):
                yield f"{a} with {b}, and the pair is not named"


def _general(case: Json) -> Iterator[tuple[str, str]]:
    """What holds for every treatment: a plan holds only what fits, is not closed, and has a verb that says what to do."""
    options = {o["id"]: o for o in case["options"]}
    for where, id, verb, item in _shown(case):
        option = options[id]
        if option["safety"] == "contraindicated" and verb in (*STARTS, HELD):
            yield "closed_treatment_started", f"{where} has {verb} {id}"
        if option["safety"] == "contraindicated" and verb in ("Keep", "Keep with"):
            yield "closed_treatment_kept", f"{where} has {verb} {id}"
        if where == "options":
            continue
        if verb not in IN_PLAN:
            yield "no_verb_of_a_plan", f"{where} has {verb} {id}"
        if verb in STARTS and option["fit"] not in ("indicated", "consider") and not item.get("called_by"):
            yield "unfit_treatment_started", f"{where} has {verb} {id}, which is {option['fit']}"
        if verb != "Check first" and verb in STARTS and option["check_first"]:
            yield "open_check_not_named", f"{where} has {verb} {id}"
    for n, plan in enumerate(case["plans"], 1):
        for conflict in plan["conflicts"]:
            if conflict["severity"] == "stop":
                yield "stop_pair_in_a_plan", f"plan {n} has {conflict['a']} with {conflict['b']}"
        ids = [item["id"] for item in plan["items"]]
        if len(ids) != len(set(ids)):
            yield "item_twice", f"plan {n}"
