"""The atlas holds every rule with who says so; an edited copy changes a copy, and tells what changes or what is wrong with it."""

from __future__ import annotations

import pytest

from pathways.content import ContentError, load_content
from pathways.review.atlas import entries, find, search, what_changes, with_condition
from pathways.review.check import check_content
from tests.reviews import NAMES, reviewed

CONTENT = load_content()
CASES = [reviewed(name) for name in NAMES]


def test_every_rule_of_the_content_is_in_the_atlas_once_with_its_condition_and_file() -> None:
    found = entries(CONTENT)
    assert len({e.key for e in found}) == len(found) == len(list(CONTENT.rules()))
    assert [e.when for e in found] == [r.text for r in CONTENT.rules()]
    assert all(e.title and e.decides and e.file.endswith(".toml") for e in found)


def test_every_clinical_rule_says_who_says_so() -> None:
    for entry in entries(CONTENT):
        if entry.table not in (
            "fact",
            "contradiction",
            "answer",
            "condition_group",
            "medicine_class",
        ):  # these state no clinical advice
            assert entry.source, entry.key
            assert entry.confidence in ("verified", "verified-2", "recall")


def test_a_rule_inside_a_record_has_the_source_of_its_own_part() -> None:
    closer = CONTENT.treatments["opioid_taper"].contraindications[0]
    assert find(CONTENT, "opioid_taper", closer.id).source == closer.source
    assert find(CONTENT, "opioid_taper", closer.id).decides == f"contraindicated: {closer.label}"
    assert find(CONTENT, "buprenorphine").rule == "indication_1"
    assert find(CONTENT, f"treatment/opioid_taper/{closer.id}").when == closer.when


def test_the_disagreements_that_bear_on_a_rule_stand_beside_it() -> None:
    assert {"fentanyl_start", "bup_waiting_time"} <= {d.id for d in find(CONTENT, "buprenorphine").disagreements}
    for d in CONTENT.disagreements.values():
        assert d in find(CONTENT, d.id).disagreements


def test_search_finds_by_condition_words_of_facts_source_and_flag() -> None:
    assert "cdc2022.12" in {e.id for e in search(CONTENT, "has_oud recommendation 12")}
    assert {e.table for e in search(CONTENT, "QTc", ["emergency"])} == {"emergency"}
    recall = search(CONTENT, "recall", ["treatment"])
    assert recall
    assert any(c.confidence == "recall" for c in recall[0].source)
    assert len(search(CONTENT, "")) == len(entries(CONTENT))
    assert search(CONTENT, "no-such-word-anywhere") == ()


# ---- an edited copy ----------------------------------------------------------------------------------------------


def test_the_same_condition_changes_nothing() -> None:
    for id in ("cdc2022.12", "suicide_risk", "oud_treatment", "buprenorphine", "has_oud", "taper_order"):
        entry = find(CONTENT, id)
        answer = what_changes(CONTENT, entry.key, f"  ({entry.when})\n", CASES)
        assert answer.cases == ()
        assert answer.broken == ()
        assert len(answer.unchanged) == len(CASES)


def test_a_wider_condition_changes_the_cases_that_it_newly_covers_and_no_other() -> None:
    answer = what_changes(CONTENT, "cdc2022.12", "has_oud OR takes_opioid", CASES)
    changed = {c.title for c in answer.cases}
    expected = {
        case.profile.title
        for case in CASES
        if case.facts.values["takes_opioid"] is True and case.facts.values["has_oud"] is not True
    }
    assert changed == expected
    assert expected
    for case in answer.cases:
        assert {"kind": "recommendation", "id": "cdc2022.12"}.items() <= case.changed[0].items()
        assert case.changed[0]["after"] in ("applies", "met")
    assert any("does_not_apply" in problem for problem in answer.broken), "its own cases notice"
    assert set(answer.unchanged) == {case.profile.title for case in CASES} - changed
    assert answer.to_dict()["before"] == "has_oud"


@pytest.mark.parametrize("entry", [e for n, e in enumerate(entries(CONTENT)) if n % 29 == 0], ids=lambda e: e.key)
def test_every_kind_of_rule_can_be_edited_and_only_that_rule_is(entry: object) -> None:
    entry = find(CONTENT, entry.key)  # type: ignore[attr-defined]
    edited = with_condition(CONTENT, entry, "pregnant AND age_years > 40")
    changed = [
        (new.table, new.id, new.name)
        for new, old in zip(edited.rules(), CONTENT.rules(), strict=True)
        if new.text != old.text
    ]
    assert changed == [(entry.table, entry.id, entry.rule)]
    assert edited.hash != CONTENT.hash


def test_each_table_with_rules_can_be_edited() -> None:
    for table in {e.table for e in entries(CONTENT)}:
        for entry in {e.rule.partition("_")[0]: e for e in entries(CONTENT) if e.table == table}.values():
            edited = with_condition(CONTENT, entry, "pregnant")
            assert find(edited, entry.key).when == "pregnant"


def test_the_content_stays_as_it_is() -> None:
    hash, texts = CONTENT.hash, [rule.text for rule in CONTENT.rules()]
    what_changes(CONTENT, "has_oud", "pregnant", CASES[:2])
    assert (CONTENT.hash, [rule.text for rule in CONTENT.rules()]) == (hash, texts)
    assert check_content(CONTENT).total == 0
    assert reviewed(NAMES[0]).content is CONTENT


@pytest.mark.parametrize(
    ("id", "when", "says"),
    [
        ("cdc2022.12", "has_oudd", "Did you mean 'has_oud'?"),
        ("cdc2022.12", "has_oud AND", "cdc2022.12, when"),
        ("cdc2022.12", "", "write a condition, for example: has_oud"),
        ("cdc2022.12", "age_years = 'old'", "age_years"),
        ("cdc2022.21", "has_oud", "Did you mean 'cdc2022."),
        ("cdc2022.12", "__import__('os')", "cdc2022.12, when"),
        ("in_cdc_scope", "NOT in_cdc_scope", "circle"),
    ],
)
def test_what_is_wrong_is_one_clear_message(id: str, when: str, says: str) -> None:
    with pytest.raises(ContentError) as error:
        what_changes(CONTENT, id, when, CASES[:1])
    assert len(error.value.problems) == 1
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_rule_that_a_record_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(ContentError, match="there are when, done"):
        find(CONTENT, "cdc2022.12", "entry")
