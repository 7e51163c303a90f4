"""One person at a time or a whole table: the same facts, and the same verdict of every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.cohort.rules import compile_table, verdicts
from pathways.cohort.table import columns_of, derive_table, tables_from_profiles
from pathways.content import Content, load_content
from pathways.content import models as m
from pathways.facts import derive
from pathways.language import Choice, FactType, Number, Range, Value, facts_of
from pathways.profile import Profile
from tests.profiles import RandomPick, _Maker

AS_OF = date(2026, 11, 2)
NEAR = ("2026-11-02", "2026-11-02", "2026-11-01", "2026-10-20", "2026-11-03", "2026-12-24", "2026-11", "2026")
PACKAGED = load_content()
# One more fact of every kind that the content may leave unused today: content changes without a word to Python.
MORE = (
    m.Fact(id="x_since", label="x", kind="days_since", type="number", lo=0, hi=36500, measure="naltrexone_injection"),
    m.Fact(id="x_until", label="x", kind="days_until", type="number", lo=0, hi=36500, measure="surgery"),
    m.Fact(id="x_dose", label="x", kind="dose", type="number", lo=0, hi=99999, decimals=4, ingredient="methadone"),
    m.Fact(id="x_any", label="x", kind="latest", type="number", lo=1, hi=10, decimals=1, measure="potassium"),
    m.Fact(id="x_urine", label="x", kind="latest", type="choice", choices=("negative", "expected", "unexpected"),
           measure="urine_opioid", valid_days=90),
    m.Fact(id="x_nsaid", label="x", kind="within", medicine="nsaid", days=28),
    m.Fact(id="x_classes", label="x", kind="count", type="number", lo=0, hi=9, medicine="sedative", distinct="class",
           of=("benzodiazepine", "opioid_for_pain", "gabapentinoid")),
    m.Fact(id="x_rescue", label="x", kind="count", type="number", lo=0, hi=9, medicine="naloxone_rescue",
           distinct="ingredient"),
)  # fmt: skip  # data, read across
# And the score of every instrument that no rule reads today.
READ = {f.instrument for f in PACKAGED.facts.values()}
SCORES = tuple(
    m.Fact(id=f"x_{i.id}", label="x", kind="score", type="number", lo=i.lo, hi=i.hi, decimals=2, instrument=i.id)
    for i in PACKAGED.instruments.values()
    if i.id not in READ
)
CONTENT = replace(
    PACKAGED, tables={**PACKAGED.tables, "fact": {**PACKAGED.facts, **{f.id: f for f in (*MORE, *SCORES)}}}
)
KINDS = ("latest", "score", "within", "days_since", "days_until", "count", "dose", "code", "definition", "on_record")
RULES = sorted({rule.text for rule in CONTENT.rules()})


def random_profiles(seed: int, count: int) -> dict[str, Profile]:
    """Random people of every shape, all reckoned from one day; some of their observations are from about that day."""
    found = {}
    for n in range(count):
        maker = _Maker(RandomPick(Random(f"{seed} {n}")), CONTENT)
        maker.as_of = AS_OF
        data = maker.profile()
        recent = [{**maker.observation(), "date": maker.one(NEAR)} for _ in range(maker.number(0, 6))]
        data["observations"] += recent
        found[f"p{n}"] = Profile.from_dict({**data, "as_of": AS_OF})
    return found


def table_of(profiles: Mapping[str, Profile], content: Content = CONTENT) -> pl.DataFrame:
    return derive_table(content, *tables_from_profiles(profiles, content), as_of=AS_OF, absent="unknown")


def in_table(kind: FactType, name: str, row: Mapping[str, Any]) -> Any:
    """A fact as the columns tell it: unknown is the whole declared range, or every option."""
    if isinstance(kind, Number):
        lo, hi = (row[column] for column in columns_of(name, kind))
        return kind.lo if lo is None else lo, kind.hi if hi is None else hi
    if isinstance(kind, Choice):
        may = row[f"{name}__may"]
        return frozenset(o for n, o in enumerate(kind.options) if may is None or may >> n & 1)
    return row[name]


def of_person(kind: FactType, value: Value) -> Any:
    if isinstance(kind, Number):
        return kind.span(value)
    return value or frozenset(kind.options) if isinstance(kind, Choice) else value


def differences(profiles: Mapping[str, Profile]) -> list[str]:
    """Every fact and every rule of every person on which the two ways differ."""
    table = table_of(profiles)
    assert table["person_id"].to_list() == list(profiles)
    lanes = {text: compile_table(CONTENT.node(text), CONTENT.schema) for text in RULES}
    decided = verdicts(table, lanes)
    found = []
    rows = zip(profiles.items(), table.iter_rows(named=True), decided.iter_rows(named=True), strict=True)
    for (id, profile), row, verdict in rows:
        values = derive(profile, content=CONTENT).values
        for name, kind in CONTENT.schema.items():
            person, people = of_person(kind, values[name]), in_table(kind, name, row)
            if person != people:
                found.append(f"{id}, {name}: {person} for a person, {people} in a table")
        found += [
            f"{id}, {text}: {CONTENT.test(text)(values)} for a person, {verdict[text]} in a table"
            for text in RULES
            if CONTENT.test(text)(values) is not verdict[text]
        ]
    return found


@given(st.integers(0, 10**9), st.integers(1, 12))
@settings(max_examples=8)
def test_person_and_table_agree_on_every_fact_and_every_rule(seed: int, count: int) -> None:
    assert not differences(random_profiles(seed, count))


@pytest.mark.slow
def test_they_agree_on_four_hundred_people_who_between_them_know_every_fact() -> None:
    # With the sample cases: facts of two dated events are rare in random people.
    profiles = {**random_profiles(2, 400), **sample_cases()}
    assert not differences(profiles)
    table = table_of(profiles)
    never = [
        name
        for name, kind in CONTENT.schema.items()
        if all(table[column].null_count() == table.height for column in columns_of(name, kind))
    ]
    assert set(never) == told_by_orders_alone(), "facts that no person knew prove nothing"
    assert any(derive(p).contradictions for p in profiles.values())


def told_by_orders_alone() -> set[str]:
    """The facts that no table can know: those of orders, and the definitions over nothing else."""
    found = {fact.id for fact in CONTENT.facts.values() if fact.kind == "order"}
    defined = ((id, CONTENT.facts[id].when) for id in CONTENT.definitions)
    return found | {id for id, when in defined if when and facts_of(CONTENT.node(when)) <= found}


def test_every_declared_kind_of_fact_is_compared() -> None:
    assert {fact.kind for fact in CONTENT.facts.values()} == {*KINDS, "order"}


def sample_cases() -> dict[str, Profile]:
    """The sample cases on the day of the random people."""
    from tests.conftest import ROOT

    paths = sorted((ROOT / "sample_data/cases").glob("*.toml"))
    return {path.stem: Profile.load(path).model_copy(update={"as_of": AS_OF}) for path in paths}


def test_the_sample_cases_agree() -> None:
    assert not differences(sample_cases())


# ---- what absence means -------------------------------------------------------------------------------------


def people(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({"person_id": ["a"], **columns})


EMPTY = pl.DataFrame(schema={"person_id": pl.String})


def derived(
    *frames: pl.DataFrame, absent: Any = "unknown", content: Content = CONTENT, as_of: date = AS_OF
) -> dict[str, Any]:
    given = [*frames, *[EMPTY] * (4 - len(frames))]
    return derive_table(content, *given, as_of=as_of, absent=absent).row(0, named=True)


def test_what_absence_means_must_be_said() -> None:
    with pytest.raises(TypeError, match="absent"):
        derive_table(CONTENT, people(), EMPTY, EMPTY, EMPTY, as_of=AS_OF)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="say 'no' or 'unknown', not 'maybe'"):
        derived(people(), absent="maybe")


def test_absent_no_makes_the_missing_a_no_and_absent_unknown_leaves_it_open() -> None:
    no, unknown = derived(people(), absent="no"), derived(people(), absent="unknown")
    for fact in ("takes_opioid", "proposed_nsaid", "has_ckd", "overdose_within_year", "opioid_recent_90_days"):
        assert no[fact] is False
        assert unknown[fact] is None
    assert (no["mme_per_day__lo"], no["mme_per_day__hi"]) == (0, 0)
    assert (unknown["mme_per_day__lo"], unknown["mme_per_day__hi"]) == (None, None)


def test_what_a_person_says_about_a_list_goes_before_absent() -> None:
    row = derived(people(complete_medicines=["no"], asked_none_medicines=[["benzodiazepine"]]), absent="no")
    assert row["takes_opioid"] is None
    assert row["takes_benzodiazepine"] is False
    assert row["has_ckd"] is False


# ---- tables as they come ------------------------------------------------------------------------------------


def test_a_plain_cohort_table_needs_no_nested_columns() -> None:
    medicines = pl.DataFrame({"person_id": ["a"], "name": ["Oxycodone 10 mg tablets"], "state": ["current"]})
    labs = pl.DataFrame(
        {
            "person_id": ["a"] * 2,
            "measure": ["egfr"] * 2,
            "value": [25, 80],
            "date": [date(2026, 10, 1), date(2026, 3, 1)],
        }
    )
    row = derived(people(age_years=[50], main_pain=["neck"], pregnant=[None]), EMPTY, medicines, labs)
    assert row["takes_opioid"] is True
    assert (row["age_years__lo"], row["age_years__hi"]) == (50, 50)
    assert row["neck_pain"] is True
    assert row["pregnant"] is None
    assert row["egfr_below_30"] is True


def test_people_keep_their_order_and_may_have_no_entries() -> None:
    three = pl.DataFrame({"person_id": [30, 10, 20], "oud_status": ["active", "none", "none"]})
    medicines = pl.DataFrame(
        {"person_id": [20], "ingredients": [["methadone"]], "purpose": ["oud"], "state": ["current"]}
    )
    out = derive_table(CONTENT, three, EMPTY.cast(pl.Int64), medicines, EMPTY.cast(pl.Int64), as_of=AS_OF, absent="no")
    assert out["person_id"].to_list() == [30, 10, 20]
    assert out["has_oud"].to_list() == [True, False, None]  # "none" with methadone for OUD is a contradiction


def test_a_yes_that_warns_stays_one_though_it_is_contradicted() -> None:
    three = pl.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "sex": ["female"] * 3,
            "age_years": [79, 79, 30],
            "pregnant": [True, False, False],
            "weeks_pregnant": [None, 20, 20],
        }
    )
    out = derive_table(CONTENT, three, EMPTY, EMPTY, EMPTY, as_of=AS_OF, absent="no")
    assert out["pregnant"].to_list() == [True, None, None]


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ([people(age_year=[5])], "people: nothing is called 'age_year'. Did you mean 'age_years'?"),
        ([people(age_years=[float("nan")])], "people, age_years: "),
        ([people(age_years=[130])], "is not a number from 0 to 120 that fits"),
        ([people(age_years=[40.5])], "is not a number from 0 to 120 that fits"),
        ([people(age_years__lo=[50], age_years__hi=[40])], "people, age_years: "),
        ([people(setting=["moon"])], "is none of outpatient, inpatient"),
        ([people(setting=[[]])], "people, setting: "),
        ([people(pregnant=["perhaps"])], "people: "),
        ([people(complete_medicines=["maybe"])], "is none of yes, no, assumed"),
        ([people(asked_none_medicines=[["opiod"]])], "nothing called 'opiod'. Did you mean 'opioid'?"),
        ([pl.DataFrame({"person_id": ["a", "a"]})], "every row needs a person_id of its own"),
        ([pl.DataFrame({"age_years": [4]})], "people: has no column 'person_id'"),
        ([people(), pl.DataFrame({"person_id": ["b"], "id": ["ckd"]})], "1 rows of people who are not in people, such as 'b'"),
        ([people(), pl.DataFrame({"person_id": ["a"], "id": ["ckdd"]})], "no condition 'ckdd'. Did you mean 'ckd'?"),
        ([people(), EMPTY, pl.DataFrame({"person_id": ["a"], "name": ["x"], "state": ["now"]})], "none of current, proposed"),
        ([people(), EMPTY, pl.DataFrame({"person_id": ["a"], "name": ["x"]})], "medicines, state: None is none of"),
        ([people(), EMPTY, EMPTY, pl.DataFrame({"person_id": ["a"], "measure": ["egfr"], "value": [float("inf")]})], "observations: "),
        ([people(), EMPTY, EMPTY, pl.DataFrame({"person_id": ["a"], "measure": ["egfr"], "value": [900.0]})], "outside 0 to 200"),
        ([people(), EMPTY, EMPTY, pl.DataFrame({"person_id": ["a"], "measure": ["overdose"], "date": ["13/1/26"]})], "is not a date"),
    ],
)  # fmt: skip  # data, read across
def test_a_table_that_no_profile_could_hold_is_refused(frames: list[pl.DataFrame], says: str) -> None:
    with pytest.raises(ValueError) as error:
        derived(*frames)
    assert says in str(error.value)


def test_arithmetic_that_tables_do_not_have_is_refused_by_name_and_never_guessed() -> None:
    known = m.Fact(id="kidney_stage", label="Stage", kind="code", type="number", lo=0, hi=5, function="days_between")
    fact = known.model_copy(update={"function": "stage_of"})
    content = replace(CONTENT, tables={**CONTENT.tables, "fact": {**CONTENT.facts, "kidney_stage": fact}})
    with pytest.raises(ValueError, match=r"cannot be derived in tables: kidney_stage \(function stage_of\)"):
        derived(people(), content=content)


def test_a_day_at_either_end_of_the_calendar_overflows_nothing() -> None:
    seen = pl.DataFrame(
        {
            "person_id": ["a"] * 3,
            "measure": ["naltrexone_injection", "surgery", "overdose"],
            "date": ["0001", "9999-12-31", "0001-01-01"],
        }
    )
    row = derived(people(), EMPTY, EMPTY, seen)
    profile = Profile.from_dict(
        {"as_of": AS_OF, "observations": [{"measure": r["measure"], "date": r["date"]} for r in seen.to_dicts()]}
    )
    for fact in ("days_to_surgery", "x_since", "naltrexone_injection_to_surgery_days"):
        kind = CONTENT.schema[fact]
        assert of_person(kind, derive(profile, content=CONTENT).values[fact]) == in_table(kind, fact, row)
    assert derive(profile, content=CONTENT).values["days_to_surgery"] == Range(36500, 36500)


# ---- words: names of medicines and problem texts --------------------------------------------------------------

NAMES = (
    "percocet",
    "Xanax",
    "Tylenol #3",
    "Norco 10/325",
    "suboxone film",
    "lyrica",
    "acarbose",
    "fentanyl patch",
    "zolpidem",
)
UNKNOWN = ("blorpazine", "flumpy", "zz9")
PROBLEMS = (
    "OUD",
    "opioid use disorder",
    "hypertension",
    "COPD",
    "ESRD",
    "sleep apnea",
    "pregnancy",
    "basal cell carcinoma",
)
SAID = ("", "no ", "r/o ", "history of ", "mother with ", "denies ", "possible ")
JOINED = (" + ", ", ", " and ", " ", " / ", " on ")


@st.composite
def words(draw: st.DrawFn) -> dict[str, Any]:
    """One person whose medicines and conditions are given in words alone, of known and unknown pieces."""
    names, joined = st.sampled_from((*NAMES, *UNKNOWN)), st.sampled_from(JOINED)
    problems = st.builds(lambda a, b: a + b, st.sampled_from(SAID), st.sampled_from((*PROBLEMS, *UNKNOWN)))

    def text(pieces: st.SearchStrategy[str]) -> str:
        found = draw(pieces)
        return found + draw(joined) + draw(pieces) if draw(st.booleans()) else found

    state = st.sampled_from(("current", "current", "proposed", "stopped"))
    data: dict[str, Any] = {"as_of": AS_OF.isoformat()}
    data["medicines"] = [{"name": text(names), "state": draw(state)} for _ in range(draw(st.integers(0, 3)))]
    status = st.sampled_from(("active", "active", "remission", "inactive"))
    data["conditions"] = [{"name": text(problems), "status": draw(status)} for _ in range(draw(st.integers(0, 3)))]
    data["complete"] = {name: draw(st.sampled_from(("yes", "no"))) for name in ("medicines", "conditions")}
    return data


@given(st.lists(words(), min_size=4, max_size=16))
@settings(max_examples=6)
def test_words_in_a_row_say_what_they_say_of_one_person(given: list[dict[str, Any]]) -> None:
    profiles = {f"p{n}": Profile.from_dict(data) for n, data in enumerate(given)}
    for profile in profiles.values():
        assert Profile.from_dict(profile.to_dict()) == profile, "what was read once is not read again as something else"
    frames = []
    for name in ("conditions", "medicines"):
        rows = [{"person_id": id, **one} for id, data in zip(profiles, given, strict=True) for one in data[name]]
        frames.append(pl.DataFrame(rows) if rows else EMPTY)
    whole = {f"complete_{name}": [data["complete"][name] for data in given] for name in ("medicines", "conditions")}
    table = derive_table(
        CONTENT, pl.DataFrame({"person_id": list(profiles), **whole}), *frames, EMPTY, as_of=AS_OF, absent="unknown"
    )
    for data, profile, row in zip(given, profiles.values(), table.iter_rows(named=True), strict=True):
        values = derive(profile, content=CONTENT).values
        told = {
            name: (of_person(kind, values[name]), in_table(kind, name, row)) for name, kind in CONTENT.schema.items()
        }
        assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}, data


def test_a_row_that_names_two_medicines_takes_both_and_one_known_in_part_keeps_the_rest_open() -> None:
    def row(name: str) -> dict[str, Any]:
        medicines = pl.DataFrame({"person_id": ["a"], "name": [name], "state": ["current"]})
        return derived(people(complete_medicines=["yes"]), EMPTY, medicines)

    both = row("Xanax + Norco")
    assert (both["takes_benzodiazepine"], both["takes_opioid"], both["takes_gabapentinoid"]) == (True, True, False)
    part = row("Percocet blorpazine")
    assert (part["takes_opioid"], part["takes_benzodiazepine"]) == (True, None)


def test_problem_words_in_a_row_are_read() -> None:
    def has(name: str, fact: str) -> Any:
        conditions = pl.DataFrame({"person_id": ["a"], "name": [name]})
        return derived(people(complete_conditions=["yes"]), conditions)[fact]

    assert has("hypertension", "has_hypertension") is True
    assert has("no hypertension", "has_hypertension") is False
    assert has("mother with hypertension", "has_hypertension") is False
    assert has("possible hypertension", "has_hypertension") is None
    assert has("blorpitis", "has_hypertension") is None
