"""Each medicine in use is judged as the drug it is: every verdict, every sign, both sides of a pair, the dose limits."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.content import models as m
from pathways.facts import derive
from pathways.profile import Profile
from pathways.review.directives import Directive, Directives, directives
from pathways.review.entries import SIGNS
from pathways.review.findings import appraise
from pathways.review.medicines import IN_USE, VERBS, Weighed, weigh, weighed_data, worst
from tests.laws.blanking import blankings

CONTENT = load_content()
TODAY = "2026-11-02"
Entry = dict[str, Any]


def weighed(medicines: list[Entry], *, demanded: bool = False, **rest: Any) -> tuple[Weighed, ...]:
    """The verdicts on a list of medicines; ``demanded``: with what emergencies and recommendations say of it too."""
    facts = derive(Profile.from_dict({"as_of": TODAY, "medicines": medicines, **rest}))
    demands = directives(facts, appraise(facts, content=CONTENT), CONTENT) if demanded else Directives(())
    return weigh(facts, demands, content=CONTENT)


def taken(ingredient: str, mg: float | None = None, per_day: int | None = None, **rest: Any) -> Entry:
    dose: Entry = {"dose": {ingredient: mg}, "unit": "mg"} if mg else {}
    often: Entry = {"per_day_min": per_day, "per_day_max": per_day} if per_day else {}
    return {"ingredients": [ingredient], "state": "current", **dose, **often, **rest}


def grounds(one: Weighed) -> set[str]:
    return {d.id for d in one.grounds}


# ---- verdicts -----------------------------------------------------------------------------------------------


def test_a_true_caution_changes_what_is_in_use_with_how_until_when_and_what_instead() -> None:
    [one] = weighed([taken("duloxetine")], conditions=[{"id": "glaucoma_narrow_angle"}])
    caution = CONTENT.medicine_cautions["duloxetine.glaucoma"]
    assert (one.verdict, one.verb) == ("change", "Change")
    assert caution.id in grounds(one)
    assert (one.how, one.by, one.instead) == (caution.how, caution.by, m.in_words(caution.instead))


def test_a_caution_with_its_mitigation_keeps_with_it() -> None:
    [one] = weighed([taken("duloxetine")], conditions=[{"id": "hypertension_uncontrolled"}], **NOTHING_ELSE)
    said = next(d for d in one.grounds if d.id == "duloxetine.blood_pressure")
    assert (said.makes, said.kind, said.how) == ("keep_with", "speaks_against", None)
    assert said.action


NOTHING_ELSE: Entry = {"complete": {"conditions": "yes", "medicines": "yes", "observations": "yes"}}


def test_what_is_not_known_of_a_caution_that_must_be_checked_is_a_check_and_asks() -> None:
    [one] = weighed([taken("duloxetine")])
    assert one.verdict == "check"
    [waits] = [d for d in one.grounds if d.id == "duloxetine.kidney"]
    assert (waits.kind, waits.how) == ("waits_for", None)
    assert waits.asks
    assert set(waits.asks) <= set(one.asks)


def test_the_strongest_word_decides_and_all_are_kept() -> None:
    conditions = [{"id": "glaucoma_narrow_angle"}, {"id": "hypertension_uncontrolled"}]
    [one] = weighed([taken("duloxetine")], conditions=conditions)
    assert one.verdict == "change"
    assert {"duloxetine.glaucoma", "duloxetine.blood_pressure", "duloxetine.kidney"} <= grounds(one)
    makes = [m.IN_USE.index(d.makes) for d in one.grounds]
    assert makes == sorted(makes)


def test_only_keep_is_bare_and_the_list_is_strongest_first() -> None:
    assert list(VERBS) == list(IN_USE)
    assert [v for v in VERBS.values() if v == "Keep"] == [VERBS["keep"]]
    assert [m.IN_USE.index(v) for v in IN_USE[:-1]] == [0, 1, 2, 3]


def test_what_was_stopped_has_no_verdict_and_places_stay() -> None:
    found = weighed([taken("duloxetine", state="stopped", stop="2026-01-01"), taken("ibuprofen")])
    assert [one.place for one in found] == [1]


def test_the_worst_is_of_what_is_in_use() -> None:
    found = weighed(
        [taken("ibuprofen", state="proposed"), taken("duloxetine", source="nonprescribed"), taken("ibuprofen")]
    )
    assert worst(found) in found
    assert worst([one for one in found if one.state == "proposed"]) is None


def test_a_caution_against_a_start_is_against_what_is_proposed() -> None:
    [one] = weighed([taken("duloxetine", state="proposed")], conditions=[{"id": "glaucoma_narrow_angle"}])
    assert (one.verdict, one.verb) == ("not_this", None)
    [one] = weighed([taken("duloxetine", state="proposed")])
    assert one.verdict == "cannot_tell"


# ---- signs --------------------------------------------------------------------------------------------------

SIGNED: dict[str, tuple[list[Entry], Entry]] = {
    "not_as_prescribed": ([taken("gabapentin", as_prescribed=False)], {}),
    "nonprescribed": ([taken("gabapentin", source="nonprescribed")], {}),
    "second_source": ([taken("gabapentin"), taken("gabapentin", source="nonprescribed")], {}),
    "unrecognized": ([{"name": "the white tablet", "state": "current"}], {}),
    "use_unknown": ([taken("gabapentin", use_unknown=True)], {}),
    "unsettled": ([taken("diazepam")], {"asked_none": {"medicines": ["benzodiazepine"]}}),
}


@pytest.mark.parametrize("sign", list(SIGNED))
def test_each_sign_says_what_its_record_says(sign: str) -> None:
    medicines, rest = SIGNED[sign]
    record = next(s for s in CONTENT.entry_signs.values() if s.sign == sign and not s.of)
    one = weighed(medicines, **rest)[0]
    [said] = [d for d in one.grounds if d.id == record.id]
    assert said.makes == record.makes
    assert IN_USE.index(one.verdict) <= IN_USE.index(record.makes)  # type: ignore[arg-type]
    assert one.verb != "Keep"
    # Of what was bought the source is known and the content is not: asking about the entry would settle nothing.
    assert ("medicines.0" in one.asks) == (sign != "nonprescribed")


@pytest.mark.parametrize("sign", list(SIGNED))
def test_no_sign_without_its_reason(sign: str) -> None:
    assert sign not in grounds(weighed([taken("gabapentin", as_prescribed=True)])[0])


def test_every_sign_is_tried_here() -> None:
    # of an injection, and of a supply: tried in test_dangers_obeyed and test_first_actions_fit
    dated = {"dose_late", "dose_lapsed", "supply_ends"}
    of_a_start = {"already_taken", "same_kind"}  # tried in test_two_of_a_kind
    assert set(SIGNED) | dated | of_a_start == set(SIGNS) == {s.sign for s in CONTENT.entry_signs.values()}


# ---- pairs --------------------------------------------------------------------------------------------------


def test_of_a_pair_the_side_that_gives_way_changes() -> None:
    """Each pair of two ingredients with a side that gives way: that side has the stronger verdict by this pair."""
    tried = 0
    for record in CONTENT.interactions.values():
        sides = (record.a, record.b)
        if record.gives_way not in ("a", "b") or record.makes != "change" or record.when or record.severity == "timing":
            continue
        members = [_one_of(side) for side in sides]
        if None in members or members[0] == members[1]:
            continue
        found = weighed([taken(str(name)) for name in members])
        by = [[d.makes for d in one.grounds if d.id == record.id] for one in found]
        mine, other = (0, 1) if record.gives_way == "a" else (1, 0)
        if not by[mine]:
            continue
        tried += 1
        assert "change" in by[mine], record.id
        assert "change" not in by[other], record.id
    assert tried >= 3


def test_each_side_of_a_pair_is_told_what_the_other_is() -> None:
    one, other = weighed([taken("ibuprofen", name="Advil"), taken("naproxen", name="Aleve")])
    [here], [there] = ([d for d in w.grounds if d.id == "nsaid_nsaid"] for w in (one, other))
    assert (here.met, there.met) == ("naproxen", "ibuprofen")
    assert here.label == f"with naproxen: {here.title}"


@pytest.mark.parametrize(("state", "either"), [("current", True), ("proposed", False)])
def test_of_two_in_use_of_which_either_may_give_way_each_is_told_so(state: str, either: bool) -> None:
    one, other = weighed([taken("ibuprofen"), taken("naproxen", state=state)])
    assert CONTENT.interactions["nsaid_nsaid"].gives_way == "either"
    assert {d.either for w in (one, other) for d in w.grounds if d.id == "nsaid_nsaid" and d.makes == "change"} == {
        either
    }
    sure = weighed([taken("warfarin"), taken("naproxen")])
    assert not any(d.either for w in sure for d in w.grounds)


def test_a_newcomer_is_not_started_and_puts_no_doubt_on_what_stays() -> None:
    """The same whichever of the two stands first in the list."""
    stays, new = taken("ibuprofen"), taken("naproxen", state="proposed")
    for listed in ([stays, new], [new, stays]):
        verdicts = {w.state: w for w in weighed(listed)}
        assert verdicts["proposed"].verdict == "not_this"
        assert "nsaid_nsaid" in grounds(verdicts["proposed"])
        assert not [d for d in verdicts["current"].grounds if d.id == "nsaid_nsaid"]


@pytest.mark.parametrize(("purpose", "makes"), [("oud", "keep_with"), ("pain", "change")])
def test_medication_for_oud_is_not_what_moves_where_either_side_may(purpose: str, makes: str) -> None:
    record = CONTENT.interactions["maoi_medicine_methadone_fentanyl"]
    assert (record.makes, record.gives_way) == ("change", "decide")
    methadone, other = weighed([taken("methadone", purpose=purpose), taken("phenelzine")])
    assert {d.makes for d in methadone.grounds if d.id == record.id} == {makes}
    assert {d.makes for d in other.grounds if d.id == record.id} == {"change"}


def test_what_is_to_be_verified_first_is_so_of_two_in_use_and_of_a_newcomer_alone() -> None:
    record = CONTENT.interactions["buprenorphine_with_methadone"]
    assert record.makes == "verify"

    def made_of(state: str) -> list[set[str]]:
        found = weighed([taken("methadone", purpose="oud"), taken("buprenorphine", purpose="oud", state=state)])
        return [{d.makes for d in w.grounds if d.id == record.id} for w in found]

    assert made_of("current") == [{"verify"}, {"verify"}]
    assert made_of("proposed") == [set(), {"verify"}]


def test_what_ended_a_short_while_ago_is_told_as_that_with_what_to_do_now() -> None:
    record = CONTENT.interactions["inducer_methadone"]
    lately = taken("rifampin", state="stopped", stop="2026-10-28")
    [methadone] = weighed([taken("methadone", purpose="oud"), lately])
    said = next(d for d in methadone.grounds if d.id == record.id)
    assert (said.met, said.action, said.by) == ("rifampin, stopped lately", record.ended, "today")
    both = weighed([taken("methadone", purpose="oud"), taken("rifampin")])
    told = [d for w in both for d in w.grounds if d.id == record.id]
    assert told
    assert {(d.action, d.by, "lately" in d.met) for d in told} == {(record.action, record.by or "this_week", False)}


def test_a_wait_says_how_long() -> None:
    record = CONTENT.interactions["opioid_after_naltrexone"]
    found = weighed([taken("naltrexone"), taken("oxycodone", state="proposed")])
    said = [d for w in found for d in w.grounds if d.id == record.id]
    assert {d.action for d in said} == {record.wait}
    lately = weighed([taken("naltrexone", state="stopped", stop="2026-10-28"), taken("sertraline")])
    assert not [d for w in lately for d in w.grounds if d.id == record.id]


# ---- what a verdict tells -----------------------------------------------------------------------------------


def made(verdict: Any, *grounds: Directive) -> Weighed:
    return Weighed(0, "made up", "current", (), frozenset(), verdict, grounds)


def said(id: str, makes: m.InUse, **more: Any) -> Directive:
    return Directive("entry_sign", id, "Made up", (), "speaks_against", makes=makes, **more)


def test_how_it_changes_is_said_of_a_change_alone() -> None:
    assert made("change", said("x", "change", how="taper")).how == "taper"
    assert made("verify", said("x", "verify", how="taper")).how is None
    assert made("keep").how is None


def test_what_must_stand_beside_it_is_what_it_is_kept_with() -> None:
    grounds = said("x", "keep_with", beside=("naloxone_kit",)), said("y", "check", beside=("sleep_study",))
    assert made("keep_with", *grounds).beside == ("naloxone_kit", "sleep_study")


def test_of_two_changes_a_lower_dose_is_the_lesser() -> None:
    lower, hold = said("x", "change", how="lower"), said("y", "change", how="hold")
    assert made("change", lower).with_grounds([hold]).how == "hold"
    assert made("change", hold).with_grounds([lower]).how == "hold"


def test_more_that_is_said_makes_a_verdict_stronger_and_never_weaker() -> None:
    one = made("check", said("x", "check"))
    assert one.with_grounds([said("y", "change")]).verdict == "change"
    assert made("change", said("x", "change")).with_grounds([said("y", "check")]).verdict == "change"
    assert one.with_grounds([said("x", "change")]) is one
    assert made("keep").with_grounds([said("y", "note")]).verdict == "keep"


@pytest.mark.parametrize(
    ("ingredient", "judged"),
    [("heroin", True), ("valproate", True), ("acamprosate", True), ("buprenorphine", True), ("spironolactone", False)],
)
def test_one_rule_about_a_medicine_is_enough_for_it_to_be_judged(ingredient: str, judged: bool) -> None:
    assert weighed([taken(ingredient)])[0].judged is judged


def _one_of(side: str | tuple[str, ...]) -> str | None:
    name = side if isinstance(side, str) else side[0]
    if name in CONTENT.medicines:
        return name
    return next(iter(sorted(CONTENT.class_members(name))), None) if name in CONTENT.medicine_classes else None


def test_a_pair_that_is_not_known_is_never_a_change() -> None:
    unknown: Entry = {"name": "the white tablet", "state": "current"}
    one = weighed([taken("sertraline"), unknown])[0]
    assert all(d.makes != "change" for d in one.grounds if d.table == "interaction" and d.kind == "waits_for")
    assert all(d.kind == "waits_for" for d in one.grounds if d.table == "interaction")


def test_beside_what_is_not_recognized_a_medicine_with_pairs_is_checked_and_none_is_started() -> None:
    unknown: Entry = {"name": "the white tablet", "state": "current"}
    kept, new, unread = weighed([taken("phenelzine"), taken("sertraline", state="proposed"), unknown])
    assert kept.verdict in ("check", "change")
    assert new.verdict in ("cannot_tell", "not_this")
    assert {"medicines.2"} <= {*kept.asks} & {*new.asks} & {*unread.asks}
    sign = next(s for s in CONTENT.entry_signs.values() if s.sign == "unrecognized")
    assert {d.id for d in kept.grounds if d.label.startswith("beside ")} == {sign.id}
    [proposed] = weighed([unknown | {"state": "proposed"}])
    assert proposed.verdict == "cannot_tell"


# ---- dose limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mg", "per_day", "over"),
    [(1000, 4, False), (1000, 5, True), (500, 8, False), (500, 9, True)],
)
def test_a_dose_above_its_limit_changes_and_one_at_it_does_not(mg: float, per_day: int, over: bool) -> None:
    [one] = weighed([taken("acetaminophen", mg, per_day)], **NOTHING_ELSE)
    assert ("acetaminophen.most" in grounds(one)) is over
    if over:
        said = next(d for d in one.grounds if d.id == "acetaminophen.most")
        assert (one.verdict, one.how, one.by) == ("change", "to_limit", "today")
        assert f"{mg * per_day:g} mg a day" in said.label.replace(",", "")


def test_the_limit_counts_all_products_together() -> None:
    found = weighed([taken("acetaminophen", 500, 5), taken("acetaminophen", 500, 4)], **NOTHING_ELSE)
    assert all("acetaminophen.most" in grounds(one) and one.verdict == "change" for one in found)


def test_a_dose_that_is_not_known_may_be_above_the_limit() -> None:
    [one] = weighed([taken("acetaminophen")], **NOTHING_ELSE)
    [said] = [d for d in one.grounds if d.id == "acetaminophen.most"]
    assert (said.kind, said.makes, said.how) == ("waits_for", "check", None)
    assert "medicines.acetaminophen" in one.asks
    assert one.verdict == "check"


def test_a_limit_in_a_state_of_the_person_waits_for_that_state() -> None:
    three = [taken("acetaminophen", 1000, 3)]
    liver = "acetaminophen.liver"
    [known] = weighed(three, conditions=[{"id": "cirrhosis"}], **NOTHING_ELSE)
    [open_] = weighed(three)
    assert next(d for d in known.grounds if d.id == liver).makes == "change"
    assert next(d for d in open_.grounds if d.id == liver).makes == "check"


# ---- knowing less -------------------------------------------------------------------------------------------

PEOPLE: dict[str, Entry] = {
    "caution": {"medicines": [taken("duloxetine")], "observations": [{"measure": "egfr", "value": 20, "date": TODAY}]},
    "limit": {"medicines": [taken("acetaminophen", 1000, 5)], **NOTHING_ELSE},
    "sign": {"medicines": [taken("gabapentin", as_prescribed=False)]},
    "pair": {"medicines": [taken("sertraline"), taken("phenelzine")]},
    "second": {"medicines": [taken("gabapentin"), taken("gabapentin", source="nonprescribed")]},
}


@pytest.mark.parametrize("person", list(PEOPLE))
def test_knowing_less_never_gives_a_bare_keep(person: str) -> None:
    before = _of(PEOPLE[person])
    held = {one.place for one in before if one.verdict != "keep"}
    assert held
    tried = 0
    for what, data in blankings(Profile.from_dict({"as_of": TODAY, **PEOPLE[person]}).to_dict()):
        for one in _of(data):
            assert one.place not in held or one.verdict != "keep", what
            tried += 1
    assert tried


def _of(data: Entry) -> tuple[Weighed, ...]:
    return weighed(data.get("medicines", []), **{k: v for k, v in data.items() if k not in ("medicines", "as_of")})


def test_a_verdict_as_data_says_what_it_rests_on() -> None:
    [one] = weighed([taken("duloxetine")], conditions=[{"id": "glaucoma_narrow_angle"}])
    data = weighed_data(one)
    assert (data["entry"], data["verb"], data["verdict"]) == (0, "Change", "change")
    assert {"interaction", "medicine_caution"} == {
        line["record"] for line in data["because"] if line["makes"] == "change"
    }
    assert {line["id"] for line in data["because"]} == grounds(one)
