"""The form of the case conference: what it asks, and how its state becomes a profile and back. No widget is made here."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.apps.widgets import form, spec
from pathways.content import Content, load_content
from pathways.intake import entries
from pathways.profile import Profile, ProfileError
from pathways.review.case import review
from tests.conftest import ROOT

DAY = date(2026, 11, 2)
CASES = sorted((ROOT / "sample_data/cases").glob("*.toml"))


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="module")
def asked(content: Content) -> dict[str, Any]:
    return spec.form_spec(content)


def state_of(**rows: Any) -> form.State:
    return {**form.blank(DAY), "rows": rows}


def through_json(state: form.State) -> form.State:
    return dict(json.loads(json.dumps(state)))


def to_profile(state: form.State, content: Content, as_of: date | None) -> Profile:
    """The profile that a form says. Raises ProfileError for what does not fit."""
    reading = form.read_form(state, content, as_of)
    if reading.problems:
        raise ProfileError([f"{where}: {problem}" for where, problem in reading.problems.items()], "form")
    return reading.profile


def facts(state: form.State, content: Content) -> dict[str, Any]:
    return dict(review(to_profile(state, content, DAY), content=content).facts.values)


# ---- what is asked --------------------------------------------------------------------------------------------


def test_every_row_that_the_content_puts_on_the_first_page_stands_in_its_question(
    content: Content, asked: dict[str, Any]
) -> None:
    printed = {key: question["n"] for question in asked["questions"] for key in question["rows"]}
    wanted = {a.id: a.first_page for a in content.answers.values() if a.first_page}
    wanted |= {f"conditions.{g.id}": g.first_page for g in content.condition_groups.values() if g.first_page}
    wanted |= {f"medicines.{c.id}": c.first_page for c in content.medicine_classes.values() if c.first_page}
    assert printed == wanted
    assert sorted(set(printed.values())) == [1, 2, 3, 4, 5, 6]


def test_every_other_answer_stands_in_exactly_one_further_group(content: Content, asked: dict[str, Any]) -> None:
    more = [key for group in asked["groups"] for key in group["rows"]]
    assert sorted(more) == sorted(a.id for a in content.answers.values() if not a.first_page)


def test_every_instrument_item_can_be_answered_with_every_value_it_may_take(
    content: Content, asked: dict[str, Any]
) -> None:
    for instrument in content.instruments.values():
        offered = {i["id"]: sorted(v for v, _ in i["choices"]) for i in asked["rows"][instrument.id]["items"]}
        assert offered == {item.id: sorted(item.values) for item in instrument.items}


def test_every_instrument_stands_in_one_list_and_only_what_is_asked_for_in_the_first(
    content: Content, asked: dict[str, Any]
) -> None:
    assert sorted(asked["instruments"] + asked["more_instruments"]) == sorted(content.instruments)
    assert set(asked["instruments"]) == {i.id for i in content.instruments.values() if i.asked}


def test_an_answer_and_an_instrument_never_share_a_row(content: Content) -> None:
    assert not content.answers.keys() & content.instruments.keys()


def test_each_vocabulary_name_in_the_form_means_one_thing(content: Content) -> None:
    for names in (entries.medicine_names(content), entries.condition_names(content)):
        assert len({name.casefold() for name in names.values()}) == len(names)
    assert all(entries.find_medicine(content, name) == id for id, name in entries.medicine_names(content).items())
    assert all(entries.find_condition(content, name) == id for id, name in entries.condition_names(content).items())


def test_everything_the_engine_may_ask_has_a_row_or_belongs_into_a_list(content: Content) -> None:
    case = review(Profile(as_of=DAY), content=content)
    asks = {ask for status in case.findings.recommendations for ask in status.asks}
    asks |= {ask for option in case.options for ask in option.asks}
    assert len(asks) > 20
    without = {ask for ask in asks if not spec.rows_for(content, ask)}
    assert without <= {f"medicines.{id}" for id in content.medicines}


def test_a_fact_is_answered_by_what_it_reads(content: Content) -> None:
    assert spec.rows_for(content, "age_years") == ("age_years",)
    assert spec.rows_for(content, "medicines.benzodiazepine") == ("medicines.benzodiazepine",)
    assert "observations.egfr" in spec.rows_for(content, "egfr")
    assert spec.rows_for(content, "nothing_of_the_kind") == ()


def test_a_record_dropped_into_the_content_appears_in_the_form(tmp_path: Path, content: Content) -> None:
    import shutil

    from pathways.content.loader import PACKAGED

    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = '[[answer]]\nid = "likes_tea"\nlabel = "Likes tea"\ngroup = "person"\ntype = "yes_no"\nfirst_page = 2\n'
    (folder / "answers/extra.toml").write_text(text, "utf-8")
    longer = spec.form_spec(load_content(folder))
    assert "likes_tea" in longer["questions"][1]["rows"]
    assert longer["rows"]["likes_tea"]["label"] == "Likes tea"


# ---- form to profile ------------------------------------------------------------------------------------------


def test_an_empty_form_knows_nothing_but_an_assumed_clinic(content: Content) -> None:
    profile = to_profile(form.blank(DAY), content, None)
    assert profile == Profile.from_dict(
        {"as_of": DAY, "answers": {"setting": "outpatient"}, "assumed": ["setting"]}, content
    )


def test_a_setting_that_was_chosen_is_not_assumed(content: Content) -> None:
    profile = to_profile(state_of(setting="inpatient"), content, DAY)
    assert (profile.answers["setting"], profile.assumed) == ("inpatient", ())


def test_the_day_of_the_form_goes_before_the_day_of_the_notebook(content: Content) -> None:
    assert to_profile(form.blank(DAY), content, date(2030, 1, 1)).as_of == DAY
    assert to_profile({**form.blank(DAY), "as_of": ""}, content, date(2030, 1, 1)).as_of == date(2030, 1, 1)


def test_yes_to_a_class_is_an_entry_no_is_asked_none_and_blank_is_neither(content: Content) -> None:
    yes = to_profile(state_of(**{"medicines.benzodiazepine": True}), content, DAY)
    assert [(e.medicine_class, e.state) for e in yes.medicines] == [("benzodiazepine", "current")]
    no = to_profile(state_of(**{"medicines.benzodiazepine": False}), content, DAY)
    assert (no.medicines, no.asked_none.medicines) == ((), ("benzodiazepine",))
    for state, expected in ((state_of(**{"medicines.benzodiazepine": True}), True), (form.blank(DAY), None)):
        assert facts(state, content)["takes_benzodiazepine"] is expected
    assert facts(state_of(**{"medicines.benzodiazepine": False}), content)["takes_benzodiazepine"] is False


def test_yes_to_a_group_is_an_entry_and_no_is_asked_none(content: Content) -> None:
    yes = to_profile(state_of(**{"conditions.ckd": True}), content, DAY)
    assert [entry.id for entry in yes.conditions] == ["ckd"]
    no = to_profile(state_of(**{"conditions.ckd": False}), content, DAY)
    assert (no.conditions, no.asked_none.conditions) == ((), ("ckd",))


def test_a_medicine_by_name_replaces_the_bare_yes_of_its_class(content: Content) -> None:
    state = state_of(**{"medicines.opioid_for_pain": True})
    part = {"what": "oxycodone", "dose": 40}
    state["medicines"] = [{"parts": [part], "times": "2", "state": "current", "purpose": "pain"}]
    profile = to_profile(state, content, DAY)
    assert [entry.ingredients for entry in profile.medicines] == [("oxycodone",)]
    state["medicines"][0]["state"] = "stopped"
    assert len(to_profile(state, content, DAY).medicines) == 2, "a stopped opioid says nothing about now"


def test_the_daily_dose_is_reckoned_from_the_form(content: Content) -> None:
    state = state_of(**{key: False for key in spec.first_page_rows(content, 4) if key.startswith("medicines.")})
    state["rows"]["medicines.opioid_for_pain"] = True
    part = {"what": "Oxycodone", "dose": 20}
    state["medicines"] = [{"parts": [part], "times": "1-3", "as_needed": True, "state": "current", "purpose": "pain"}]
    case = review(to_profile(state, content, DAY), content=content)
    assert (case.facts.mme.lo, case.facts.mme.hi) == (30, 90)


def test_asked_none_answers_only_what_is_printed_and_blank(content: Content) -> None:
    printed = spec.first_page_rows(content, 1)
    state = form.asked_none(state_of(fever=True, pinpoint_pupils=True), content, 1)
    assert {key for key, value in state["rows"].items() if value is False} == set(printed) - {"fever"}
    assert state["rows"]["fever"] is True
    assert "injects_drugs" not in state["rows"], "a sign that is not printed stays unknown"


def test_asked_none_leaves_numbers_and_choices_alone(content: Content) -> None:
    rows = form.asked_none(form.blank(DAY), content, 2)["rows"]
    assert "age_years" not in rows
    assert "setting" not in rows
    assert rows["conditions.ckd"] is False
    assert rows["pregnant"] is False


def test_an_instrument_is_an_observation_of_its_day(content: Content) -> None:
    row = {"items": {"pain": 7, "enjoyment": 6, "activity": 8}, "date": "2026-11-02"}
    profile = to_profile(state_of(peg=row), content, DAY)
    assert [(o.measure, dict(o.items), o.date) for o in profile.observations] == [("peg", row["items"], "2026-11-02")]
    assert facts(state_of(peg=row), content)["peg"].lo == 7


def test_an_event_is_dated_or_asked_and_none(content: Content) -> None:
    profile = to_profile(state_of(**{"observations.overdose": {"date": "2026-08"}}), content, DAY)
    assert [(o.measure, o.date) for o in profile.observations] == [("overdose", "2026-08")]
    profile = to_profile(state_of(**{"observations.overdose": False}), content, DAY)
    assert profile.asked_none.observations == ("overdose",)


def test_a_value_without_a_number_is_not_an_observation(content: Content) -> None:
    assert to_profile(state_of(**{"observations.egfr": {"date": "2026-11-01"}}), content, DAY).observations == ()


@pytest.mark.parametrize(
    ("rows", "key", "says"),
    [
        ({"age_years": 480}, "age_years", "0 to 120"),
        ({"age_years": "old"}, "age_years", "not a number"),
        ({"pregnant": "maybe"}, "pregnant", "neither true nor false"),
        ({"main_pain": "tooth"}, "main_pain", "none of"),
        ({"matters_most": ["sleep", "mood", "work"]}, "matters_most", "at most 2"),
        ({"observations.egfr": {"value": 900, "date": "2026-11-01"}}, "observations.egfr", "outside"),
        ({"observations.egfr": {"value": 60, "date": "soon"}}, "observations.egfr", "not a date"),
        ({"peg": {"items": {"pain": 70}, "date": "2026-11-01"}}, "peg", "not an answer"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays_not_known_and_the_rest_stays(
    content: Content, rows: dict[str, Any], key: str, says: str
) -> None:
    reading = form.read_form(state_of(fever=True, **rows), content, DAY)
    assert reading.problems.keys() == {key}
    assert says in reading.problems[key]
    assert reading.profile.answers.keys() == {"fever", "setting"}
    measured = [(f"observations.{o.measure}", o.measure) for o in reading.profile.observations]
    assert all(key in names for names in measured)
    assert bool(measured) == isinstance(rows[key], dict)
    assert all(o.value is None or o.date is None for o in reading.profile.observations)
    assert all(not o.items for o in reading.profile.observations)
    with pytest.raises(ProfileError, match="form: "):
        to_profile(state_of(**rows), content, DAY)


@pytest.mark.parametrize(
    ("line", "says", "stands"),
    [
        ({"parts": [{"what": "oxycodone", "dose": 40}], "times": "often"}, "not a number of times a day", {"dose": {"oxycodone": 40}}),
        ({"parts": [{"what": "oxycodone", "dose": 40}], "times": "3-1"}, "not a number of times a day", {"dose": {"oxycodone": 40}}),
        ({"parts": [{"what": "oxycodone", "dose": 40}], "times": "200"}, "Times a day", {"dose": {"oxycodone": 40}}),
        ({"parts": [{"what": "oxycodone", "dose": -1}], "times": "2"}, "dose", {"per_day_min": 2, "per_day_max": 2}),
        ({"parts": [{"what": "oxycodone", "dose": 40}], "times": "2", "start": "last spring"}, "Since: 'last spring' is not a date",
         {"dose": {"oxycodone": 40}, "per_day_min": 2, "per_day_max": 2}),
        ({"parts": [{"what": "oxycodone", "dose": 40}], "times": "2", "stop": "13/2026", "start": "2020"},
         "Stopped: '13/2026' is not a date",
         {"dose": {"oxycodone": 40}, "per_day_min": 2, "per_day_max": 2, "start": "2020"}),
    ],
)  # fmt: skip  # data, read across
def test_a_medicine_of_which_a_detail_cannot_be_read_stands_without_it(
    content: Content, line: Any, says: str, stands: Any
) -> None:
    good = {"parts": [{"what": "sertraline", "dose": 50}], "times": "1", "state": "current"}
    reading = form.read_form({**form.blank(DAY), "medicines": [good, line]}, content, DAY)
    assert reading.problems.keys() == {"medicines.1"}
    assert says in reading.problems["medicines.1"]
    assert [m.ingredients for m in reading.profile.medicines] == [("sertraline",), ("oxycodone",)]
    entry = reading.profile.medicines[1].model_dump(exclude_defaults=True)
    assert entry == {"ingredients": ("oxycodone",), "state": "current", **stands}


@pytest.mark.parametrize(
    ("part", "stands"),
    [
        ({"what": "herbal drops", "dose": 4}, {"name": "herbal drops"}),
        ({"what": "Benzodiazepine (which one not known)", "dose": 2}, {"medicine_class": "benzodiazepine"}),
        ({"what": "Percocet", "dose": 5}, {"name": "Percocet", "ingredients": ("oxycodone", "acetaminophen")}),
    ],
)
def test_a_dose_that_belongs_to_no_ingredient_is_not_known_and_its_medicine_stands(
    content: Content, part: Any, stands: Any
) -> None:
    reading = form.read_form({**form.blank(DAY), "medicines": [{"parts": [part]}]}, content, DAY)
    assert reading.problems.keys() == {"medicines.0"}
    [entry] = reading.profile.medicines
    assert entry.dose == {}
    assert {key: getattr(entry, key) for key in stands} == stands


def test_a_list_in_which_something_cannot_be_read_is_not_the_whole_one(content: Content) -> None:
    lines = [
        {"parts": [{"what": "oxycodone", "dose": 20}], "times": "2", "state": "current", "purpose": "pain"},
        {"parts": [{"what": "alprazolam", "dose": 1}], "times": "2", "state": "current"},
    ]
    whole = {"medicines": "yes", "conditions": "assumed", "observations": "yes"}
    state = {**form.blank(DAY), "medicines": lines, "complete": whole}
    told = review(form.read_form(state, content, DAY).profile, content=content).facts.values
    assert told["takes_opioid_for_pain"] is told["takes_benzodiazepine"] is True
    assert told["takes_gabapentinoid"] is False
    lines[0]["times"], lines[1]["start"] = "zorble", "last spring"
    reading = form.read_form(state, content, DAY)
    told = review(reading.profile, content=content).facts.values
    assert told["takes_opioid_for_pain"] is told["takes_benzodiazepine"] is True
    assert told["takes_gabapentinoid"] is None
    assert reading.profile.complete.model_dump() == {**whole, "medicines": "no"}


def test_a_condition_an_allergy_and_a_questionnaire_stand_without_a_date_that_is_none(content: Content) -> None:
    criteria = {item.id: 1 for item in content.instruments["oud_criteria"].items}
    state = state_of(
        oud_criteria={"items": criteria, "date": "11/31/2026"},
        cows={"value": 14, "date": "today"},
        **{"observations.last_opioid_dose": {"date": "in spring"}},
    )
    state["conditions"] = [{"what": "sleep_apnea", "since": "last spring"}]
    state["allergies"] = [{"what": "Methadone", "reaction": "serious", "date": "soon"}]
    state["complete"] = {"conditions": "yes", "observations": "yes"}
    reading = form.read_form(state, content, DAY)
    profile = reading.profile
    assert reading.problems.keys() == {
        "oud_criteria", "cows", "observations.last_opioid_dose", "conditions.0", "allergies.0",
    }  # fmt: skip  # data, read across
    assert [(c.id, c.since) for c in profile.conditions] == [("sleep_apnea", None)]
    assert [(a.ingredients, a.reaction, a.date) for a in profile.allergies] == [(("methadone",), "serious", None)]
    found = {o.measure: (o.value, dict(o.items), o.date) for o in profile.observations}
    assert found == {
        "oud_criteria": (None, criteria, None), "cows": (14, {}, None), "last_opioid_dose": (None, {}, None),
    }  # fmt: skip  # data, read across
    assert (profile.complete.conditions, profile.complete.observations) == ("no", "no")


def test_an_entry_of_which_nothing_can_be_read_may_be_anything(content: Content) -> None:
    """What no form makes, such as a state out of a file that was changed by hand."""
    state = {**form.blank(DAY), "complete": {"medicines": "yes", "conditions": "yes"}}
    state["medicines"] = [{"parts": [{"what": "x", "dose": None}], "state": "often", "name": "y" * 300}]
    state["conditions"] = [{"what": "z" * 300, "status": "perhaps"}]
    reading = form.read_form(state, content, DAY)
    assert reading.problems.keys() == {"medicines.0", "conditions.0"}
    told = review(reading.profile, content=content).facts.values
    assert told["takes_benzodiazepine"] is told["has_ckd"] is None


def test_a_day_that_is_none_is_told(content: Content) -> None:
    reading = form.read_form({**form.blank(DAY), "as_of": "yesterday"}, content, DAY)
    assert "not a day" in reading.problems["as_of"]
    assert reading.profile.as_of == DAY


def test_a_text_that_is_too_long_is_told_and_the_answers_stay(content: Content) -> None:
    reading = form.read_form({**state_of(fever=True), "notes": "x" * 5000}, content, DAY)
    assert "notes" in reading.problems["case"]
    assert reading.profile.answers["fever"] is True


def test_an_empty_line_of_a_list_says_nothing(content: Content) -> None:
    state = {**form.blank(DAY), "medicines": [{"parts": [{"what": " ", "dose": None}]}], "conditions": [{"what": ""}]}
    profile = to_profile(state, content, DAY)
    assert (profile.medicines, profile.conditions) == ((), ())


def test_an_unlisted_medicine_leaves_classes_open_until_it_is_looked_up(content: Content) -> None:
    line = {"parts": [{"what": "Herbal drops", "dose": None}], "state": "current"}
    state = {**form.blank(DAY), "complete": {"medicines": "yes"}, "medicines": [line]}
    assert facts(state, content)["takes_benzodiazepine"] is None
    line["none"] = True
    assert facts(state, content)["takes_benzodiazepine"] is False


# ---- and back -------------------------------------------------------------------------------------------------


def said(profile: Profile) -> dict[str, Any]:
    """A profile in a form that can be compared: the order of entries that say only a class does not matter."""
    data = profile.to_dict()
    data.setdefault("answers", {}).setdefault("setting", "outpatient")
    data["answers"] = dict(sorted(data["answers"].items()))
    for name in ("assumed", "medicines", "conditions", "observations"):
        data[name] = sorted(data.get(name, []), key=lambda one: json.dumps(one, sort_keys=True))
    data["asked_none"] = {k: sorted(v) for k, v in sorted(data.get("asked_none", {}).items())}
    return data


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_file_comes_back_whole(content: Content, path: Path) -> None:
    profile = Profile.load(path, content)
    back = to_profile(through_json(form.from_profile(profile, content)), content, None)
    expected = said(profile)
    if "setting" not in profile.answers:
        expected["assumed"] = sorted([*expected["assumed"], "setting"])
    assert said(back) == expected
    again = to_profile(form.from_profile(back, content), content, None)
    assert again == back


def test_hard_entries_come_back_whole(content: Content) -> None:
    profile = Profile.from_dict(
        {
            "as_of": "2026-11-02",
            "answers": {"age_years": [50, 60], "main_pain": ["back_axial", "neck"], "setting": "outpatient"},
            "assumed": ["setting"],
            "medicines": [
                {"class": "benzodiazepine", "state": "current"},
                {"class": "ssri", "state": "proposed"},
                {"class": "methadone", "state": "current", "purpose": "oud"},
                {"name": "co-codamol", "dose": {"codeine": 30, "acetaminophen": 500}, "per_day_min": 0, "per_day_max": 8,
                 "state": "current"},
                {"name": "Herbal drops", "state": "current", "none_of": ["opioid", "sedative"]},
                {"ingredients": ["morphine"], "dose": {"morphine": 15}, "per_day_max": 4, "as_needed": True,
                 "state": "stopped", "stop": "2025", "supply_days": 30, "setting": "community", "written": "2025-01"},
            ],
            "conditions": [
                {"id": "ckd"},
                {"id": "ckd_stage_3", "since": "2020", "certainty": "coded"},
                {"name": "Something rare", "none_of": ["*"]},
                {"id": "depression", "status": "remission", "until": "2024"},
            ],
            "observations": [
                {"measure": "peg", "items": {"pain": 5}, "date": "2026-01"},
                {"measure": "peg", "items": {"pain": 7, "enjoyment": 6}, "date": "2026-10-30", "note": "by phone"},
                {"measure": "peg", "value": 6.0},
                {"measure": "overdose"},
                {"measure": "egfr", "date": "2026-10-01"},
                {"measure": "unrecognized", "note": "a swab"},
            ],
            "complete": {"medicines": "assumed"},
            "asked_none": {"conditions": ["ckd"], "medicines": ["naltrexone", "benzodiazepine"], "observations": ["surgery", "phq9"]},
            "cannot_answer": ["phq9"],
            "notes": "line one\n\nline three",
        },
        content,
    )  # fmt: skip  # data, read across
    state = through_json(form.from_profile(profile, content))
    assert state["rows"]["peg"]["items"] == {"pain": 7, "enjoyment": 6}, "the newest is the one to edit"
    assert said(to_profile(state, content, None)) == said(profile)


def test_editing_one_field_of_an_entry_keeps_what_the_form_does_not_show(content: Content) -> None:
    data = {
        "ingredients": ["oxycodone"], "dose": {"oxycodone": 40}, "per_day_min": 2, "per_day_max": 2, "state": "current",
        "supply_days": 28, "setting": "community", "as_prescribed": True,
    }  # fmt: skip  # data, read across
    state = form.from_profile(Profile.from_dict({"medicines": [data]}, content), content)
    state["medicines"][0]["state"] = "stopped"
    [entry] = to_profile(state, content, DAY).medicines
    assert (entry.state, entry.supply_days, entry.setting, entry.as_prescribed) == ("stopped", 28, "community", True)
    assert (entry.per_day_min, entry.per_day_max, dict(entry.dose)) == (2, 2, {"oxycodone": 40})


def test_marks_travel_in_the_notes_and_come_back(content: Content) -> None:
    marks = {
        "long_term_opioid": {"opioid_taper": "against", "opioid_continue": "for"},
        "seat.relief": {"none": "unsure"},
    }
    profile = to_profile({**form.blank(DAY), "notes": "Synthetic.", "marks": marks}, content, DAY)
    assert "[mark] long_term_opioid / opioid_taper = against" in profile.notes
    state = form.from_profile(profile, content)
    assert (state["notes"], state["marks"]) == ("Synthetic.", marks)


times = st.one_of(st.none(), st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 2)))


@given(times, times)
def test_times_a_day_are_read_as_they_are_said(least: float | None, most: float | None) -> None:
    if least is not None and most is not None and least > most:
        least, most = most, least
    expected = {k: v for k, v in (("per_day_min", least), ("per_day_max", most)) if v is not None}
    assert entries.read_times(entries.say_times(least, most), as_needed=False, content=load_content()) == expected


@pytest.mark.parametrize(
    ("text", "as_needed", "expected"),
    [
        ("2", False, (2, 2)), ("2", True, (None, 2)), ("1-3", False, (1, 3)), ("1 to 3", True, (1, 3)), ("0,5", False, (0.5, 0.5)),
        ("at most 4", False, (None, 4)), ("", True, (None, None)), ("BID", False, (2, 2)), ("tid", True, (None, 3)), ("QID", False, (4, 4)),
        ("q6h", False, (4, 4)), ("q4-6h", False, (4, 6)), ("q6h prn", False, (0, 4)), ("q72h", False, (1 / 3, 1 / 3)),
        ("3x", False, (3, 3)),
        ("Twice", False, (2, 2)), ("once", False, (1, 1)), ("2-3 times a day", False, (2, 3)), ("at bedtime", False, (1, 1)),
    ],
)  # fmt: skip  # data, read across
def test_times_a_day_as_people_write_them(
    content: Content, text: str, as_needed: bool, expected: tuple[float | None, float | None]
) -> None:
    read = entries.read_times(text, as_needed, content)
    assert (read.get("per_day_min"), read.get("per_day_max")) == expected


@pytest.mark.parametrize(
    "text", ["zorble", "1-", "5-2", "5 mg", "30 days", "prn", "2 and a benzo at night", "at most 1-3"]
)
def test_what_is_no_number_of_times_a_day_is_refused(content: Content, text: str) -> None:
    with pytest.raises(ValueError, match="is not a number of times a day"):
        entries.read_times(text, as_needed=False, content=content)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 2000) | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "items", "date", "x"]), inner)
    ),
    max_leaves=4,
)
every_row = sorted(spec.form_spec(load_content())["rows"])


@given(st.dictionaries(st.sampled_from(every_row), anything, max_size=6))
def test_no_answer_whatever_stops_the_form(rows: dict[str, Any]) -> None:
    content = load_content()
    reading = form.read_form(state_of(fever=True, **{k: v for k, v in rows.items() if k != "fever"}), content, DAY)
    assert reading.profile.answers["fever"] is True
    assert reading.problems.keys() <= rows.keys()
    for id in reading.profile.answers.keys() - {"setting", "fever"}:
        assert rows[id] is not None


answers = st.dictionaries(st.sampled_from(sorted(load_content().answers)), st.sampled_from([True, False]))
said_classes = st.dictionaries(
    st.sampled_from([f"medicines.{id}" for id in load_content().medicine_classes]), st.sampled_from([True, False])
)
said_groups = st.dictionaries(
    st.sampled_from([f"conditions.{id}" for id in load_content().condition_groups]), st.sampled_from([True, False])
)


@given(answers, said_classes, said_groups)
def test_yes_and_no_come_back_from_the_profile(a: Any, c: Any, g: Any) -> None:
    content = load_content()
    a = {id: value for id, value in a.items() if content.answers[id].type == "yes_no"}
    profile = to_profile(state_of(**a, **c, **g), content, DAY)
    assert said(to_profile(form.from_profile(profile, content), content, None)) == said(profile)
    assert {id: profile.answers[id] for id in a} == a
    assert set(profile.asked_none.medicines) == {key.removeprefix("medicines.") for key, yes in c.items() if not yes}
    assert set(profile.asked_none.conditions) == {key.removeprefix("conditions.") for key, yes in g.items() if not yes}
    assert {f"medicines.{entry.medicine_class}" for entry in profile.medicines} == {
        key for key, yes in c.items() if yes
    }
    assert {f"conditions.{entry.id}" for entry in profile.conditions} == {key for key, yes in g.items() if yes}


# ---- level of care and coverage -------------------------------------------------------------------------------


def test_the_level_of_care_has_a_group_of_its_own(asked: dict[str, Any]) -> None:
    group = next(group for group in asked["groups"] if group["id"] == "level")
    assert {"loc_withdrawal", "loc_accepted", "loc_available", "loc_edition"} <= set(group["rows"])
    assert all(row.startswith("loc_") for row in group["rows"])


def test_coverage_goes_into_the_case_and_back(content: Content, asked: dict[str, Any]) -> None:
    listed = [{"service": "iop", "status": "covered", "copay": 20.0}, {"service": "otp"}]
    profile = to_profile(through_json({**form.blank(DAY), "coverage": [*listed, {}]}), content, DAY)
    assert [(c.service, c.status, c.copay) for c in profile.coverage] == [
        ("iop", "covered", 20.0),
        ("otp", "unknown", None),
    ]
    again = to_profile(form.from_profile(profile, content), content, DAY)
    assert again.coverage == profile.coverage
    offered = asked["entry_choices"]["coverage"]
    assert [id for id, _ in offered["service"]] == list(content.services)
    assert {value for value, _ in offered["status"]} == {"covered", "prior_authorization", "not_covered", "unknown"}


def test_coverage_that_cannot_be_read_is_told_beside_its_entry_and_not_taken_up(content: Content) -> None:
    listed = [
        {"service": "iop"}, {"service": "iop", "status": "covered"}, {"status": "covered"},
        {"service": "otp", "copay": -1}, {"service": "php", "note": "member 123456789"},
    ]  # fmt: skip  # data, read across
    reading = form.read_form({**form.blank(DAY), "coverage": listed}, content, DAY)
    assert [(c.service, c.copay, c.note) for c in reading.profile.coverage] == [
        ("iop", None, ""), ("otp", None, ""), ("php", None, ""),
    ]  # fmt: skip  # data, read across
    assert sorted(reading.problems) == ["coverage.1", "coverage.2", "coverage.3", "coverage.4"]
    assert "one entry for each" in reading.problems["coverage.1"]
    assert "name the service" in reading.problems["coverage.2"]
    assert "member numbers" in reading.problems["coverage.4"]


def test_a_form_holds_allergies(content: Content) -> None:
    typed = [
        {"what": "Methadone", "reaction": "serious", "note": "2019", "none": False},
        {"what": "some syrup", "none": False},
        {"what": "peanuts", "none": True},
        {"what": "", "none": False},
    ]
    profile = to_profile(through_json({**form.blank(DAY), "allergies": typed}), content, DAY)
    first, second, third = profile.allergies
    assert (first.ingredients, first.reaction, first.note) == (("methadone",), "serious", "2019")
    assert (second.name, second.none_of, third.none_of) == ("some syrup", (), ("*",))
    again = form.from_profile(profile, content)
    assert to_profile(through_json(again), content, DAY).allergies == profile.allergies
    again["allergies"][0]["reaction"] = "mild"
    changed = to_profile(through_json(again), content, DAY).allergies[0]
    assert (changed.ingredients, changed.reaction) == (("methadone",), "mild")
    wrong = form.read_form({**form.blank(DAY), "allergies": [{"what": "x", "date": "soon"}]}, content, DAY)
    assert "allergies.0" in wrong.problems
    offered = spec.form_spec(content)["entry_choices"]["allergies"]
    assert [value for value, _ in offered["reaction"]] == ["serious", "mild", "side_effect"]
