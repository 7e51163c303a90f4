"""Which medicines of a list meet: in use, proposed, with a state of the person, and by time."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.content.models import SEATS
from pathways.facts import derive
from pathways.profile import Profile
from pathways.review.pairs import SEVEREST, Pairs, pairs_data, pairs_of, says

AS_OF = "2026-11-04"


def pairs(medicines: list[dict[str, Any]], **rest: Any) -> Pairs:
    data = {"schema_version": 1, "as_of": AS_OF, "medicines": medicines, **rest}
    return pairs_of(derive(Profile.from_dict(data)))


def taken(ingredient: str, state: str = "current", **rest: Any) -> dict[str, Any]:
    return {"ingredients": [ingredient], "state": state, **rest}


def ids(found: Pairs, how: str | None = None) -> set[str]:
    return {p.record.id for p in found.found if p.known and how in (None, p.how)}


def test_two_in_use_meet_though_no_treatment_stands_for_them() -> None:
    found = pairs([taken("lithium"), taken("lisinopril")])
    assert ids(found) == {"lithium_acei_thiazide"}
    assert (found.looked_up, found.without_rule) == (1, 0)


def test_a_wait_is_for_the_newcomer_only() -> None:
    in_use = pairs([taken("sertraline"), taken("phenelzine")])
    assert ids(in_use) == {"maoi_medicine_serotonergic"}
    new = pairs([taken("sertraline", "proposed"), taken("phenelzine")])
    assert {"maoi_medicine_serotonergic", "serotonergic_after_maoi"} <= ids(new, "proposed")


@pytest.mark.parametrize(
    ("ended", "stop", "now", "expected"),
    [
        ("phenelzine", "2026-10-22", "sertraline", {"serotonergic_after_maoi"}),
        ("phenelzine", "2026-10-20", "sertraline", set()),
        ("fluoxetine", "2026-10-01", "phenelzine", {"maoi_after_fluoxetine"}),
        ("sertraline", "2026-10-01", "phenelzine", set()),
        ("rifampin", "2026-10-30", "methadone", {"inducer_methadone"}),
        ("rifampin", "2026-09-30", "methadone", set()),
    ],
)
def test_what_ended_lately_still_counts_for_its_wait(ended: str, stop: str, now: str, expected: set[str]) -> None:
    found = pairs([taken(ended, "stopped", stop=stop), taken(now, "proposed")])
    assert ids(found, "ended_lately") == expected
    assert all(p.known for p in found.found if p.how == "ended_lately")


def test_an_end_without_a_date_is_told_as_not_known() -> None:
    found = pairs([taken("phenelzine", "stopped"), taken("sertraline", "proposed")])
    assert [(p.record.id, p.known) for p in found.found] == [("serotonergic_after_maoi", False)]


def test_a_state_of_the_person_meets_a_medicine() -> None:
    kidneys = [{"measure": "egfr", "value": 25, "date": "2026-10-20"}]
    found = pairs([taken("codeine", purpose="pain")], observations=kidneys)
    assert "codeine_meperidine_morphine_kidney" in ids(found, "person")
    assert "codeine_meperidine_morphine_kidney" not in ids(pairs([taken("codeine")]))
    told = {p.record.id: p.known for p in pairs([taken("codeine")]).found}
    assert told["codeine_meperidine_morphine_kidney"] is False


def test_alcohol_never_shuts_out_medication_for_oud() -> None:
    drinks = {"answers": {"alcohol_daily": True}}
    moud = {p.record.id: p.record for p in pairs([taken("methadone", purpose="oud")], **drinks).found}
    assert moud["moud_alcohol"].severity == "moderate"
    assert "opioid_alcohol" not in moud
    assert "opioid_alcohol" in ids(pairs([taken("oxycodone", purpose="pain")], **drinks))


def test_what_has_no_rule_is_counted_and_not_called_safe() -> None:
    found = pairs([taken("omeprazole"), taken("levothyroxine"), taken("ibuprofen"), taken("warfarin")])
    assert (found.looked_up, found.without_rule) == (6, 5)
    assert "5 of 6" in says(found)
    assert "does not say that they are safe" in says(found)
    assert says(pairs([])) == "No pair of medicines to look up."
    assert says(pairs([taken("lithium"), taken("lisinopril")])).startswith("Each pair")


def test_the_severest_stands_first_and_each_once() -> None:
    found = pairs([taken("ibuprofen"), taken("naproxen"), taken("sertraline"), taken("warfarin"), taken("tramadol")])
    order = [(not p.known, SEVEREST.index(p.record.severity)) for p in found.found]
    assert order == sorted(order)
    assert order[0] == (False, 0)
    keys = [(p.record.id, frozenset((p.a, p.b))) for p in found.found]
    assert len(keys) == len(set(keys))


def test_one_medicine_in_two_entries_does_not_meet_itself() -> None:
    found = pairs([taken("ibuprofen"), taken("ibuprofen")])
    assert (ids(found), found.looked_up) == (set(), 0)


def test_the_json_names_its_source_and_confidence() -> None:
    content = load_content()
    data = pairs_data(
        derive(Profile.from_dict({"schema_version": 1, "medicines": [taken("naltrexone"), taken("codeine")]})), content
    )
    first = data["pairs"][0]
    assert (first["severity"], first["id"]) == ("stop", "naltrexone_opioid")
    assert first["source"]
    assert first["confidence"] in ("verified", "verified-2", "recall")


# ---- the library itself -------------------------------------------------------------------------------------

G_ROWS = [f"G-{n:02}" for n in range(1, 45)] + ["G-03b", "G-03c"]


@pytest.mark.parametrize("row", G_ROWS)
def test_every_row_of_section_g_has_an_interaction(row: str) -> None:
    assert any(row in record.row for record in load_content().interactions.values())


def test_all_severities_and_mechanisms_stand_and_a_wait_has_its_words() -> None:
    records = load_content().interactions.values()
    assert {r.severity for r in records} == set(SEVEREST)
    for record in records:
        assert bool(record.wait_days) <= bool(record.wait or record.mechanism == "level_down"), record.id
        assert not (record.severity == "stop" and not record.b and "moud" in str(record.a)), record.id


def test_no_state_of_a_person_shuts_out_medication_for_oud() -> None:
    """Law 7 and B-A3: beside the drug's own contraindications nothing closes buprenorphine or methadone."""
    content = load_content()
    for record in content.interactions.values():
        if not record.b and record.severity == "stop":
            members = frozenset().union(
                *(content.class_members(a) if a in content.medicine_classes else {a} for a in record.a)
            )
            assert not members & {"buprenorphine", "methadone"}, record.id


def test_an_option_that_starts_or_sedates_answers_no_need() -> None:
    """They are judged when the team thinks of them, and never fill a place in a plan."""
    content = load_content()
    for treatment in content.treatments.values():
        if treatment.group in ("opioid_start", "muscle_relaxant", "naltrexone_low_dose"):
            assert {a.part for a in treatment.addresses} <= {"cancer", "relief"}, treatment.id
            assert not treatment.addresses or treatment.id == "opioid_for_cancer_pain"
        assert treatment.seat in SEATS
