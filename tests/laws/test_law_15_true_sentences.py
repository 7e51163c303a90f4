"""Law 15: true sentences. Each kind of sentence about the case stands here with the state that it speaks of, worked out from
the profile and the records without the code that makes the sentence. Sample cases and random people are held to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts.scores import criteria_met
from pathways.pages import sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import Case, review
from tests.obedience.generate import Vocabulary
from tests.obedience.generate import profile as dense_profile
from tests.obedience.knowledge import load
from tests.profiles import random_data
from tests.reviews import NAMES, reviewed

from .walk import BASE, speaks_of_medicine

CONTENT = load_content()
Json = dict[str, Any]
ANY_OPIOID = CONTENT.class_members("opioid")
DENSE, MIXED = 12, 12


@cache
def cases() -> tuple[Case, ...]:
    """The sample cases, people dense in what rules know, and people of every shape."""
    known, vocabulary = load(), Vocabulary.read()
    dense = (Profile.from_dict(dense_profile(Random(f"true {n}"), known, vocabulary)) for n in range(DENSE))
    mixed = (Profile.from_dict(random_data(Random(f"true {n}"), CONTENT)) for n in range(MIXED))
    seldom = (Profile.from_dict({"as_of": "2026-11-16", **one}) for one in SELDOM.values())
    return (*map(reviewed, NAMES), *map(review, (Profile.from_dict({}), *dense, *mixed, *seldom)))


@cache
def seen(n: int) -> tuple[str, Json]:
    """The sheet of a case as lines without marks, and its data."""
    case = cases()[n]
    return re.sub(r"\\([-\\`*_{}\[\]()#+.!|<>:])", r"\1", sheet_markdown(case)), case_data(case)


def told(sentence: str) -> Iterator[tuple[Case, str, Json]]:
    """The cases whose sheet holds a sentence."""
    for n, case in enumerate(cases()):
        text, data = seen(n)
        if sentence in text:
            yield case, text, data


def section(text: str, title: str) -> str:
    """What stands under a heading of the sheet, up to the next."""
    return re.split(r"\n#+ ", text.partition(f" {title}\n")[2])[0]


def taken(case: Case) -> list[Any]:
    return [e for e in case.profile.medicines if e.state != "stopped"]


def ingredients(entry: Any) -> set[str]:
    """What an entry says that it holds: listed, dosed, or named."""
    named = {id for pattern, id in CONTENT.spellings if entry.name and pattern.search(entry.name)}
    return set(entry.ingredients) or set(entry.dose) or named


# ---- each kind of sentence ---------------------------------------------------------------------------------------


def no_opioid_listed(case: Case, _: str, __: Json) -> None:
    for entry in taken(case):
        assert not ingredients(entry) & ANY_OPIOID
        assert ingredients(entry) or entry.medicine_class or "*" in entry.none_of or entry.none_of, (
            "nobody knows what it is"
        )
        assert not entry.medicine_class or not CONTENT.class_members(entry.medicine_class) & ANY_OPIOID
    for answer in ("nonprescribed_opioid_use", "fentanyl_exposure"):
        assert case.profile.answers.get(answer) is not True, answer


def urgent_none(case: Case, text: str, data: Json) -> None:
    signs = {a.id for a in CONTENT.answers.values() if a.first_page == 1 and a.type == "yes_no"}
    asked = signs & case.profile.answers.keys()
    assert asked
    assert not any(case.profile.answers[id] for id in asked)
    assert not any(e["state"] == "present" for e in data["emergencies"])


def signs_not_asked(case: Case, _: str, __: Json) -> None:
    assert not any(
        a.first_page == 1 and a.id in case.profile.answers for a in CONTENT.answers.values() if a.type == "yes_no"
    )


def no_oud_found(case: Case, _: str, __: Json) -> None:
    """By the answer, or by all that counts of the 11 criteria asked and at most one met; and no code or answer says otherwise."""
    status = case.profile.answers.get("oud_status")
    found = [o for o in case.profile.observations if o.measure == "oud_criteria"]
    met = [criteria_met(CONTENT.instruments["oud_criteria"], o.items, as_prescribed=None) for o in found if o.items]
    typed = [o.value for o in found if o.value is not None]
    assert (
        status in ("none", "remission", ("none", "remission"))
        or any(r.lo < 2 for r in met)
        or any(v < 2 for v in typed)
    )
    assert status != "active"


def side_not_known(case: Case, _: str, __: Json) -> None:
    assert case.profile.answers.get("oud_status") not in ("active",)


def only_one_open(case: Case, text: str, data: Json) -> None:
    options = {o["id"]: o for o in data["options"]}
    for fork in data["forks"]:
        if not any("the only one open here" in a["title"] for a in fork["alternatives"]):
            continue
        assert len(fork["alternatives"]) == 1
        shown = set(fork["alternatives"][0]["items"])
        for id in CONTENT.decisions[fork["id"]].alternatives:
            one = options[id]
            closed = one["safety"] == "contraindicated" or one["fit"] in ("not_indicated", "needs_information")
            beaten = (
                one["in_place"] == "unknown"
                or id in {i["id"] for i in data["core"]}
                or one["verb"] in ("After this", "Check first")
            )
            assert id in shown or closed or beaten or one["conflicts"], id


def not_judged_beside(case: Case, text: str, data: Json) -> None:
    rows = [row for row in text.splitlines() if row.strip()]
    at = next(n for n, row in enumerate(rows) if "Not judged beside each other medicine of the list" in row)
    named = [w for w in case.medicines if w.label.casefold() in rows[at + 1].casefold() and w.judged and not w.grounds]
    assert named, rows[at + 1]
    for weighed in named:
        others = [w for w in case.medicines if w.place != weighed.place]
        pairs = [r for r in case.content.interactions.values() if r.b]
        assert any(
            not any(
                (weighed.classes & set(r.a) and other.classes & set(r.b))
                or (weighed.classes & set(r.b) and other.classes & set(r.a))
                for r in pairs
            )
            for other in others
        )


def nothing_known_against(case: Case, text: str, data: Json) -> None:
    line = next(x for x in text.splitlines() if "Nothing known against" in x)
    for weighed in data["medicines"]:
        if weighed["verdict"] in ("keep", "start") and weighed["judged"]:
            assert not weighed["because"]
        elif weighed["because"]:
            labels = [w["label"] for w in data["medicines"] if not w["because"]]
            assert weighed["label"] in labels or weighed["label"] not in line.replace("_", " ")


def no_rule_in_library(case: Case, text: str, data: Json) -> None:
    for weighed in data["medicines"]:
        if weighed["verdict"] in ("keep", "start") and not weighed["judged"]:
            entry = case.profile.medicines[weighed["entry"]].model_dump(by_alias=True, exclude_none=True)
            about = speaks_of_medicine(Profile.from_dict({**BASE, "medicines": [entry]}))
            assert not [r for r in about if r in CONTENT.medicine_cautions or r in CONTENT.dose_limits], weighed[
                "label"
            ]


def recorded_not_used(case: Case, text: str, data: Json) -> None:
    assert data["not_counted"]["recorded"]
    for one in data["not_counted"]["recorded"]:
        which, place, *_ = one["path"].split(".")
        assert place in case.profile.answers if which == "answers" else int(place) < len(getattr(case.profile, which))


def assumed_not_asked(case: Case, _: str, __: Json) -> None:
    lists = [
        which
        for which in ("conditions", "medicines", "observations")
        if getattr(case.profile.complete, which) == "assumed"
    ]
    assert case.profile.assumed or lists


def asked_none_and_yet(case: Case, _: str, data: Json) -> None:
    for one in data["contradictions"]:
        if not one["id"].startswith("asked_none."):
            continue
        _, which, id = one["id"].split(".", 2)
        assert id in getattr(case.profile.asked_none, which)
        if which == "conditions":
            assert any(e.id and id in CONTENT.groups_of(e.id) for e in case.profile.conditions)
        else:
            members = CONTENT.class_members(id)
            entries = [e for e in case.profile.medicines if e.state == "current"]
            assert any(ingredients(e) & members or e.medicine_class for e in entries)


def met_already(case: Case, _: str, data: Json) -> None:
    for finding in data["findings"]:
        record = CONTENT.recommendations[finding["id"]]
        if finding["status"] == "met":
            assert record.done
            assert CONTENT.test(record.done)(case.facts.values) is True
            assert CONTENT.test(record.when)(case.facts.values) is True


def in_place_question(case: Case, _: str, data: Json) -> None:
    """ "in place?" stands beside what is in doubt, never beside what is surely there or surely not."""
    for action in first_page(case).do:
        for part in action.parts:
            if part.confirm and part.id in CONTENT.treatments:
                assert case.option(part.id).in_place == "unknown"
            elif part.confirm:
                record = CONTENT.recommendations[part.id]
                assert record.done
                assert CONTENT.test(record.done)(case.facts.values) is None


def nothing_entered(case: Case, _: str, __: Json) -> None:
    entered = (case.profile.answers, case.profile.conditions, case.profile.medicines, case.profile.observations)
    assert not any(entered)


def nothing_unknown(case: Case, _: str, data: Json) -> None:
    assert not data["questions"]
    assert not data["not_counted"]["unrecognized"]


def nothing_applies(case: Case, _: str, data: Json) -> None:
    assert {f["status"] for f in data["findings"]}.isdisjoint({"applies", "met"})


def no_disagreement(case: Case, _: str, data: Json) -> None:
    assert not [d for d in CONTENT.disagreements.values() if CONTENT.test(d.when)(case.facts.values) is True]


def no_plan(case: Case, _: str, data: Json) -> None:
    assert not data["plans"] or not any(p["items"] for p in data["plans"])


def no_check_due(case: Case, _: str, data: Json) -> None:
    assert not data["monitoring"]


def no_difference(case: Case, _: str, __: Json) -> None:
    assert not case.profile.differences


def questions_not_settled(case: Case, _: str, data: Json) -> None:
    """Nothing that was answered, or that a valid result settles, stands among what is to be asked."""
    unsettled = {name for c in case.facts.contradictions for name in CONTENT.contradictions[c].unsettles}
    for question in data["questions"]:
        if question["ask"] in CONTENT.answers and question["ask"] not in unsettled:
            given = case.profile.answers.get(question["ask"])
            assert given is None or isinstance(given, tuple), question["ask"]


def cannot_answer(case: Case, _: str, data: Json) -> None:
    assert case.profile.cannot_answer
    assert not {q["ask"] for q in data["questions"]} & set(case.profile.cannot_answer)


SENTENCES: dict[str, Callable[[Case, str, Json], None]] = {
    "MME: no opioid listed": no_opioid_listed,
    "asked, none": urgent_none,
    "Urgent signs not yet asked": signs_not_asked,
    "no OUD found": no_oud_found,
    "OUD side: not known yet": side_not_known,
    "the only one open here": only_one_open,
    "Nothing known against": nothing_known_against,
    "Not judged: no rule in this library": no_rule_in_library,
    "Not judged beside each other medicine of the list": not_judged_beside,
    "Recorded, not used": recorded_not_used,
    "Assumed, not asked": assumed_not_asked,
    "asked, none; and yet": asked_none_and_yet,
    "Met already": met_already,
    "in place?": in_place_question,
    "Nothing was entered.": nothing_entered,
    "Nothing that the kit asks for is unknown.": nothing_unknown,
    "No recommendation applies yet.": nothing_applies,
    "No known disagreement bears on this person.": no_disagreement,
    "No plan yet": no_plan,
    "Nothing in use, or known so far, calls for a check.": no_check_due,
    "No difference between the two sides is recorded.": no_difference,
    "Open questions, the weightiest first": questions_not_settled,
    "Cannot be answered now": cannot_answer,
}
# Sentences that need a person of their own to be said at all.
SELDOM: dict[str, Json] = {
    "Nothing known against": {
        "answers": {"age_years": 40, "sex": "male"},
        "medicines": [{"name": "lisinopril", "ingredients": ["lisinopril"], "state": "current"}],
        "complete": {"conditions": "yes", "medicines": "yes", "observations": "yes"},
    },
    "no OUD found": {"answers": {"oud_status": "none"}, "complete": {"conditions": "yes", "medicines": "yes"}},
    "MME: no opioid listed": {"answers": {"age_years": 40}},
    "asked, none": {"answers": {"fever": False, "lips_blue": False}},
    "asked, none; and yet": {
        "medicines": [{"name": "oxycodone", "ingredients": ["oxycodone"], "state": "current"}],
        "asked_none": {"medicines": ["opioid"]},
    },
    "Cannot be answered now": {"answers": {"age_years": 40}, "cannot_answer": ["oud_status", "in_opioid_withdrawal"]},
}


@pytest.mark.slow
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_true_wherever_it_stands(sentence: str) -> None:
    for case, text, data in told(sentence):
        if sentence == "asked, none" and not re.search(r"Urgent signs: \d+ of \d+ asked, none", text):
            continue
        SENTENCES[sentence](case, text, data)


# What stands in place of a section that is empty: on no person here, the blank one included, is one of these empty.
NOT_TRIED = {
    "Nothing that the kit asks for is unknown.",
    "Nothing was entered.",
    "No recommendation applies yet.",
}


@pytest.mark.slow
def test_every_sentence_is_tried_on_somebody() -> None:
    assert {sentence for sentence in SENTENCES if next(told(sentence), None) is None} == NOT_TRIED


@pytest.mark.parametrize("sentence", SELDOM)
def test_a_sentence_is_said_where_it_is_true(sentence: str) -> None:
    assert sentence in sheet_markdown(review(Profile.from_dict({"as_of": "2026-11-16", **SELDOM[sentence]})))


# ---- the figures of the line of state --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_counts_of_the_first_page_are_those_of_the_case() -> None:
    signs = [a.id for a in CONTENT.answers.values() if a.first_page == 1 and a.type == "yes_no"]
    for n, case in enumerate(cases()):
        _, data = seen(n)
        page = first_page(case)
        line = next((s.text for s in page.state if s.text.startswith("CDC 2022")), "")
        status = [
            f["status"]
            for f in data["findings"]
            if f["id"].startswith("cdc2022.") and re.match(r"cdc2022\.\d+$", f["id"])
        ]
        counts = [status.count(s) for s in ("applies", "met", "needs_information")]
        # On a full page the counts wait on the next one; where none applies and none is met there is nothing to count.
        assert line or page.red or page.do_more or not (counts[0] or counts[1])
        if re.search(r"\d+ apply", line):
            assert (
                re.findall(r"\d+", line.partition(":")[2])[:1] == [str(counts[0])]
                or "recommendations" in line
                or counts
            )
        asked = [id for id in signs if id in case.profile.answers]
        if page.asked and asked:
            assert f"{len(asked)} of {len(signs)} asked" in page.asked.text
            yes = sum(case.profile.answers[id] is True for id in asked)
            assert (f", {yes} yes" in page.asked.text) is bool(yes)


# ---- the opioid line, never silent ---------------------------------------------------------------------------------

ADULT: Json = {
    "as_of": "2026-11-16",
    "answers": {"age_years": 44, "sex": "male", "main_pain": "back_axial", "pain_months": 30},
}


@pytest.mark.parametrize("whole", ["yes", "no", "assumed"])
@pytest.mark.parametrize(
    ("entries", "answers", "named"),
    [
        ([{"name": "fentanyl, smoked", "ingredients": ["fentanyl"], "source": "nonprescribed"}], {}, "fentanyl, smoked"),
        ([{"name": "heroin", "ingredients": ["heroin"]}], {}, "heroin"),
        ([{"name": "a friend's oxycodone", "ingredients": ["oxycodone"], "dose": {"oxycodone": 40}, "per_day_max": 3,
           "source": "nonprescribed"}], {}, "a friend's oxycodone"),
        ([{"name": "kratom", "class": "opioid"}], {}, "kratom"),
        ([], {"nonprescribed_opioid_use": True}, "not prescribed"),
        ([], {"fentanyl_exposure": True}, "not prescribed"),
        ([{"name": "oxycodone", "ingredients": ["oxycodone"], "dose": {"oxycodone": 10}, "per_day_min": 3, "per_day_max": 3,
           "purpose": "pain", "source": "pdmp"}], {"nonprescribed_opioid_use": True}, "not prescribed"),
        ([{"name": "the white tablet"}], {}, "the white tablet"),
        ([{"name": "the street stuff with xylazine", "source": "nonprescribed"}], {}, "the street stuff"),
        ([{"name": "ibuprofen", "ingredients": ["ibuprofen"]}], {"hours_since_opioid": 5}, "not in the list"),
    ],
)  # fmt: skip  # data, read across
def test_what_cannot_be_counted_is_named_beside_the_dose(
    whole: str, entries: list[Json], answers: Json, named: str
) -> None:
    data = {**ADULT, "answers": {**ADULT["answers"], **answers}, "complete": {"medicines": whole}}
    data["medicines"] = [{"state": "current", **one} for one in entries]
    state = [said.text for said in first_page(review(Profile.from_dict(data))).state]
    line = next(text for text in state if "MME" in text)
    assert "no opioid listed" not in line
    assert "not counted" in line
    assert named in line


@pytest.mark.parametrize(
    ("measure", "value", "told"),
    [
        ("udt_6mam", "confirmed_found", True),
        ("udt_fentanyl", "confirmed_found", True),
        ("udt_fentanyl", "screen_positive", False),
        ("udt_6mam", "confirmed_absent", False),
    ],
)
def test_a_urine_test_that_found_an_opioid_is_no_list_without_one(measure: str, value: str, told: bool) -> None:
    data = {**ADULT, "complete": {"medicines": "no"}, "as_of": "2026-11-16"}
    data["observations"] = [{"measure": measure, "value": value, "date": "2026-11-10"}]
    state = [said.text for said in first_page(review(Profile.from_dict(data))).state]
    assert ("MME: no opioid listed" in state) is not told
    assert any("opioids that are not in the list" in text for text in state) is told


def test_a_dose_that_is_only_proposed_says_so() -> None:
    one = {
        "name": "codeine",
        "ingredients": ["codeine"],
        "dose": {"codeine": 30},
        "per_day_max": 4,
        "state": "proposed",
    }
    page = first_page(review(Profile.from_dict({**ADULT, "medicines": [one], "complete": {"medicines": "yes"}})))
    assert any("codeine as proposed" in said.text for said in page.state)


@pytest.mark.parametrize("met", [0, 1])
def test_eleven_criteria_answered_no_is_no_oud_found(met: int) -> None:
    items = {i.id: int(n < met) for n, i in enumerate(CONTENT.instruments["oud_criteria"].items)}
    seen_today = [{"measure": "oud_criteria", "items": items, "date": "2026-11-16"}]
    whole = dict.fromkeys(("conditions", "medicines", "observations"), "yes")
    case = review(Profile.from_dict({**ADULT, "observations": seen_today, "complete": whole}))
    assert case.facts.values["has_oud"] is False
    said = first_page(case).single_sided
    assert said is not None
    assert "no OUD found" in said.text
    assert "not known" not in said.text


def test_two_criteria_with_the_rest_unasked_are_not_no_oud_found() -> None:
    seen_today = [{"measure": "oud_criteria", "items": {"more_than_meant": 0, "cut_down": 0}, "date": "2026-11-16"}]
    case = review(Profile.from_dict({**ADULT, "observations": seen_today}))
    assert case.facts.values["has_oud"] is None
    assert "no OUD found" not in sheet_markdown(case)


# ---- red is not silenced -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_medicine_that_nobody_can_name_silences_no_emergency() -> None:
    known, vocabulary = load(), Vocabulary.read()
    for n in range(40):
        data = dense_profile(Random(f"red {n}"), known, vocabulary)
        before = {
            e.record.id: e.level for e in review(Profile.from_dict(data)).findings.emergencies if e.state == "present"
        }
        if not before:
            continue
        more = {**data, "medicines": [*data["medicines"], {"name": "the white tablet", "state": "current"}]}
        after = {
            e.record.id: e.level for e in review(Profile.from_dict(more)).findings.emergencies if e.state == "present"
        }
        assert before.items() <= after.items(), n


def test_an_overdose_without_naloxone_stays_red_beside_an_unnamed_tablet() -> None:
    whole = dict.fromkeys(("conditions", "medicines", "observations"), "yes")
    data = {**ADULT, "observations": [{"measure": "overdose", "date": "2026-10-01"}], "complete": whole}
    for medicines in ([], [{"name": "the white tablet", "state": "current"}]):
        case = review(Profile.from_dict({**data, "medicines": medicines}))
        assert [e.record.id for e in case.findings.emergencies if e.state == "present"] == [
            "overdose_without_protection"
        ]
